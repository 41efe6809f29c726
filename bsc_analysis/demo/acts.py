"""What the demo's leaders did, and what truly came of it: `actions` and `calls` draw from here, truth.json tells it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bsc_analysis.demo.clinics import MONTHS


@dataclass(frozen=True)
class Act:
    """An action that goes live at one practice in the month `since` and moves one KPI by `effect`, in its unit.

    `trigger`: after which numbers it was decided, where a rule asked for it. `outcome`: what leaders made of it.
    """

    practice: str
    kpi: str
    since: str
    effect: float
    title: str
    outcome: str
    learnt: str
    trigger: str = ""


@dataclass(frozen=True)
class PhoneAgent(Act):
    """An automated agent for calls. `automated`: the share of calls in opening hours that end in it, before 0.10.

    `involved`: whether those who answer the phones took part before it went live. `on_closed_days`: whether it takes
    calls on days on which the practice is closed, as its vendor says.
    """

    automated: float = 0.45
    involved: bool = True
    on_closed_days: bool = True


def _agent(practice: str, since: str, **facts) -> PhoneAgent:
    title, learnt = "Phone agent for routine calls", "It takes the easy calls; those left are longer."
    return PhoneAgent(practice, "abandonment_all", since, -3.0, title, "adopt", learnt, **facts)


AGENTS = (
    _agent("maple_street", "2025-03"),
    _agent("harbor_heart", "2025-07"),
    _agent("north_clinic", "2025-11", involved=False),
    _agent("riverside_heart", "2026-02", involved=False, on_closed_days=False),
)
COACHES = tuple(
    Act(practice, "billing_accuracy", since, 4.0, "Coding coach in the billing office", "adopt", "Errors stay away.")
    for practice, since in (("east_clinic", "2025-04"), ("summit_heart", "2025-08"), ("cedar_heart", "2025-12"))
)
OTHERS = (
    Act("north_clinic", "wait_median", "2025-07", -6.0, "Second front desk", "adopt", "Space was the bottleneck."),
    Act("harbor_heart", "no_show_rate", "2026-02", 4.0, "Reminder calls ended to save", "adapt", "Cheap was dear."),
    Act(
        "riverside_heart", "abandonment_all", "2026-04", 0.0, "Two more phone lines", "abandon", "Lines do not answer."
    ),
    Act("old_mill", "new_patient_share", "2023-03", 0.0, "Open on Saturdays", "abandon", "Nobody new came."),
)
ACTS = (*AGENTS, *COACHES, *OTHERS)

# Decided after the worst quarter of a practice's KPI, as leaders do; without any effect, and better all the same.
WORST_QUARTER = "the worst quarter of the last year and a half"
TASK_FORCES = {
    "wait_median": "Task force on waits",
    "no_show_rate": "Task force on missed visits",
    "provider_rating": "Task force on ratings",
}
AFTER_BAD_QUARTERS = (
    ("lakeside", "wait_median", "up"),
    ("meadow_park", "wait_median", "up"),
    ("bayview_heart", "wait_median", "up"),
    ("east_clinic", "no_show_rate", "up"),
    ("summit_heart", "no_show_rate", "up"),
    ("maple_street", "provider_rating", "down"),
)


def after_bad_quarter(practice: str, kpi: str, bad: str, level: np.ndarray) -> Act:
    """The act decided after the worst quarter of 2024Q4–2026Q1 of the KPI's `level` over MONTHS; live a month later."""
    first = int(np.flatnonzero(np.datetime64("2024-10") == MONTHS)[0])
    quarters = level[first : first + 18].reshape(6, 3).mean(axis=1)
    worst = int(np.argmax(quarters if bad == "up" else -quarters))
    since = str(MONTHS[first + 3 * worst] + 4)
    learnt = "It got better at once." if worst < 5 else ""
    return Act(practice, kpi, since, 0.0, TASK_FORCES[kpi], "adopt", learnt, WORST_QUARTER)


def agent_of(practice: str) -> PhoneAgent | None:
    """The practice's phone agent, if it has one."""
    return next((agent for agent in AGENTS if agent.practice == practice), None)


def live(act: Act) -> np.ndarray:
    """For each of MONTHS, whether the act had gone live."""
    return np.datetime64(act.since, "M") <= MONTHS
