"""The group's registers of what is undertaken: actions, who took part in them, and the initiatives that they serve."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.acts import ACTS, AFTER_BAD_QUARTERS, Act, PhoneAgent, after_bad_quarter
from bsc_analysis.demo.appointments import open_days
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.incidents import SINCE
from bsc_analysis.demo.levels import Levels
from bsc_analysis.demo.reviews import OWNERS
from bsc_analysis.demo.texts import numbered
from bsc_analysis.kpis import kpi as kpi_named

LEVELS = {"wait_median": "wait", "no_show_rate": "no_show", "provider_rating": "provider_rating"}
SMALL = 5  # small actions of each practice, none of which moves anything
SMALL_TITLES = {  # one for each KPI
    "wait_median": "Rooms made ready the evening before",
    "new_patient_share": "Leaflets at the pharmacy",
    "response_rate": "Survey link in the visit summary",
    "staff_turnover": "Talks after a year of work",
    "denial_rate": "Payer rules on one page",
    "charge_lag": "Charges entered the same day",
    "no_show_rate": "A waiting list for freed slots",
    "engagement": "A quarter of an hour together each Monday",
}
INITIATIVES = {  # by the objective of the params' strategy that they serve
    "reached": "Phones that are answered",
    "clean": "Coding taught and audited",
    "liked": "Rotas that people can plan with",
}
TOOK_PART = {"meeting": 3, "training": 2, "trial": 1}  # occasions before the go-live, where the staff were involved


def acts_of(clinic: Clinic, level: Levels) -> list[Act]:
    """What the practice's leaders did that has an effect, or looks as if it had."""
    bad = [
        after_bad_quarter(clinic.id, kpi, way, getattr(level, LEVELS[kpi]))
        for practice, kpi, way in AFTER_BAD_QUARTERS
        if practice == clinic.id
    ]
    return [*(act for act in ACTS if act.practice == clinic.id), *bad]


def actions(clinic: Clinic, acts: list[Act], rng: np.random.Generator) -> pd.DataFrame:
    """One row per action, in order of the decision: the `acts`, and small ones without effect."""
    free = [kpi for kpi in SMALL_TITLES if kpi not in {act.kpi for act in acts}]  # so that each effect stands alone
    rows = [_row(act, clinic, rng) for act in acts]
    rows += [_small(kpi, clinic, rng) for kpi in rng.choice(free, SMALL, replace=False)]
    rows = sorted((row for row in rows if row["decided_at"] <= clinic.last_day), key=lambda row: row["decided_at"])
    frame = pd.DataFrame([{k: str(v) if isinstance(v, np.datetime64) else v for k, v in row.items()} for row in rows])
    frame.insert(0, "action_id", numbered("A", np.arange(1, len(frame) + 1), 3))
    return frame


def _row(act: Act, clinic: Clinic, rng: np.random.Generator) -> dict:
    starts = open_days(np.datetime64(act.since, "M"))[0]
    planned = int(rng.integers(4, 60)) * 1_000
    return {
        "title": act.title,
        "kpi": act.kpi,
        "owner": rng.choice(OWNERS),
        "decided_at": starts - int(rng.integers(20, 45)),
        "trigger": act.trigger,
        "starts_at": starts,
        "due_at": starts + 10,
        "done_at": starts + int(rng.integers(0, 15)),
        "expected": round(hoped_of(act, rng), 1),
        "expected_in": "units",
        "budget_planned": planned,
        "budget_spent": int(planned * rng.lognormal(0.1, 0.25)),
        "outcome": act.outcome,
        "learnt": act.learnt,
    }


def hoped_of(act: Act, rng: np.random.Generator) -> float:
    """The change that leaders promise, in the KPI's unit: more than will come, and 0 where they do harm unawares."""
    better = 1 if kpi_named(act.kpi).better == "up" else -1
    if not act.effect:
        return better * float(rng.choice([2, 3]))
    return max(0.0, act.effect * better * rng.uniform(1.0, 1.8)) * better


def _small(kpi: str, clinic: Clinic, rng: np.random.Generator) -> dict:
    """An action that moves nothing; some are late, some never done."""
    there = MONTHS[clinic.open & (MONTHS >= SINCE)]
    decided = rng.choice(open_days(rng.choice(there)))
    starts, due = decided + int(rng.integers(7, 30)), decided + int(rng.integers(30, 90))
    done = due + int(rng.normal(0, 15))
    over = bool(rng.random() < 0.8) and decided < done <= clinic.last_day
    return {
        "title": SMALL_TITLES[kpi],
        "kpi": kpi,
        "owner": rng.choice(OWNERS),
        "decided_at": decided,
        "trigger": "",
        "starts_at": starts,
        "due_at": due,
        "done_at": done if over else "",
        "expected": "",
        "expected_in": "",
        "budget_planned": int(rng.integers(1, 9)) * 500,
        "budget_spent": int(rng.integers(1, 9)) * 450,
        "outcome": rng.choice(["adopt", "adapt", "abandon"]) if over else "",
        "learnt": "",
    }


def participation(actions: pd.DataFrame, acts: list[Act], rng: np.random.Generator) -> pd.DataFrame:
    """One row per occasion on which people of a role took part in a phone agent's coming; most of them before it went
    live where the staff were involved, and after it where they were not."""
    rows = []
    for agent in (act for act in acts if isinstance(act, PhoneAgent)):
        action = actions[(actions["title"] == agent.title)].iloc[0]
        for role in ("provider", "admin", "IT"):
            heard = agent.involved or role == "IT"
            for kind, often in TOOK_PART.items():
                for _ in range(often):
                    day = np.datetime64(action["starts_at"]) + (-1 if heard else 1) * int(rng.integers(2, 60))
                    persons = int(rng.integers(1, 5))
                    rows.append((action["action_id"], role, kind, str(day), persons))
    frame = pd.DataFrame(rows, columns=["action_id", "role", "kind", "took_part_at", "persons"])
    return frame.assign(participation_id=numbered("P", np.arange(1, len(frame) + 1), 3).to_numpy())


def initiatives(clinic: Clinic, rng: np.random.Generator) -> pd.DataFrame:
    """One row per initiative that the practice has put money and hours into."""
    size = len(INITIATIVES)
    starts = np.array([open_days(m)[0] for m in rng.choice(MONTHS[12:30], size)], "datetime64[D]")
    ends = starts + rng.integers(150, 500, size)
    over = ends <= clinic.last_day
    part = np.where(over, 1.0, (clinic.last_day - starts).astype(int) / (ends - starts).astype(int))
    money, hours = rng.integers(5, 80, size) * 1_000, rng.integers(40, 400, size)
    status = np.where(over, np.where(rng.random(size) < 0.75, "done", "stopped"), "running")
    return pd.DataFrame(
        {
            "initiative_id": numbered("V", np.arange(1, size + 1), 2),
            "title": list(INITIATIVES.values()),
            "objective": list(INITIATIVES),
            "owner": rng.choice(OWNERS, size),
            "starts_at": starts,
            "ends_at": ends,
            "status": status,
            "budget_planned": money,
            "budget_spent": (money * part * rng.lognormal(0.05, 0.2, size)).astype(int),
            "hours_planned": hours,
            "hours_spent": (hours * part * rng.lognormal(0.2, 0.3, size)).astype(int),
        }
    )[starts <= clinic.last_day]
