"""The six steps by which a practice takes up a scorecard, each with what shows it and what is missing.

Steps: vision and strategy, categories (perspectives), SMART objectives, KPIs, acceptance by those who work with it,
tracking and communication. A step is never scored: what shows it is counted, and one thing missing keeps it open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bsc_analysis.analysis.people_registers import Counted
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.models import KpiChoice, Perspective
from bsc_analysis.params.strategy import Strategy

ACCEPTED = ("involved", "acknowledged")  # registers that show acceptance, and those that show tracking
TRACKED = ("reviews", "concerns", "ideas")


@dataclass(frozen=True)
class Evidence:
    """One thing that shows a step: `count` of `of`.

    `days`: within which it had to be done, 0 where that says nothing.
    `state`: '' (counted), 'none_declared' (params hold none: it is missing), 'nothing_due' (neither there nor missing),
    'no_register' (nobody can tell) or 'withheld'.
    """

    code: str
    count: int = 0
    of: int = 0
    state: str = ""
    days: int = 0

    @property
    def whole(self) -> bool:
        return not self.state and self.count == self.of

    @property
    def missing(self) -> bool:
        """Whether something is known to be missing."""
        return self.state == "none_declared" or (not self.state and self.count < self.of)


@dataclass(frozen=True)
class Step:
    """One of the six steps: `id` is 'vision', 'categories', 'objectives', 'kpis', 'acceptance' or 'tracking'."""

    id: str
    evidence: tuple[Evidence, ...]

    @property
    def answer(self) -> str:
        """'done' (all that shows it is there), 'partly', 'open' (nothing is) or 'cannot_tell'."""
        told = [each for each in self.evidence if each.whole or each.missing]
        if not told:
            return "cannot_tell"
        if not any(each.count for each in told):
            return "open"
        unknown = any(each.state == "no_register" for each in self.evidence)
        return "partly" if unknown or any(each.missing for each in told) else "done"


def adoption_steps(
    strategy: Strategy,
    perspectives: Sequence[Perspective],
    kpis: Mapping[str, KPI],
    choices: Mapping[str, KpiChoice],
    goals: Collection[str],
    registers: Mapping[str, Evidence],
) -> tuple[Step, ...]:
    """The six steps in order.

    `kpis`, `choices`: those of the card; `goals`: the KPIs that have a SMART goal; `registers`: by code, what registers
    and surveys show ('definitions', 'buy_in', ACCEPTED and TRACKED).
    """
    aims = strategy.objectives
    placed = {choices[id].perspective or kpi.perspective for id, kpi in kpis.items()}
    aimed = {aim.perspective for aim in aims}
    directed = [id for id, kpi in kpis.items() if kpi.better != "neutral"]
    return (
        Step(
            "vision",
            (
                Evidence("vision", int(bool(strategy.vision)), 1),
                _of_all("objectives_owned", (bool(aim.owner) for aim in aims)),
            ),
        ),
        Step(
            "categories",
            (
                _of_all("perspectives_measured", (p.id in placed for p in perspectives)),
                _of_all("perspectives_aimed", (p.id in aimed for p in perspectives)),
            ),
        ),
        Step(
            "objectives",
            (
                _of_all("objectives_measured", (any(id in kpis for id in aim.kpis) for aim in aims)),
                _of_all("objectives_goal", (any(id in goals for id in aim.kpis) for aim in aims)),
            ),
        ),
        Step(
            "kpis",
            (
                _of_all("kpis_owned", (bool(choices[id].owner) for id in kpis)),
                _of_all("kpis_target", (choices[id].target is not None for id in directed)),
                registers["definitions"],
            ),
        ),
        Step("acceptance", (*(registers[code] for code in ACCEPTED), registers["buy_in"])),
        Step("tracking", tuple(registers[code] for code in TRACKED)),
    )


def shown(code: str, counted: Counted, days: int = 0) -> Evidence:
    """What a register shows, of what had to be done within so many days."""
    return Evidence(code, counted.count, counted.of, "" if counted.of else "nothing_due", days)


def _of_all(code: str, there: Iterable[bool]) -> Evidence:
    told = list(there)
    return Evidence(code, sum(told), len(told), "" if told else "none_declared")
