"""What is SMART about a goal and what is not: one finding a letter, with its mend."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bsc_analysis.analysis.goals.standing import Standing
from bsc_analysis.params.goal_models import Goal

MENDS = {  # by the code of what was found; braces hold the finding's facts
    # S
    "no_kpi": "name the KPI that is to change, such as no-show rate; bsc list kpis shows them{near}",
    "several_kpis": "make a goal of each: {kpis}",
    "no_practice": "name the practice: one of {practices}",
    "several_practices": "make a goal for each: {practices}",
    # M
    "no_amount": "say how far: from 9 % to 7 %, by 2 points, or by 15 % (relative)",
    "range": "say one figure, the one that is to be reached",
    "other_start": "set out from {start:.4g}, which the readings give for {baseline}, not from {told:g}",
    "no_direction": "say whether it is to rise or to fall: neither is better by itself",
    "unqualified": "say which {size:g} % is meant: {size:g} % (relative), of the baseline, or {size:g} points",
    "no_unit": "say {size:g} of what: {size:g} points, or {size:g} % (relative)",
    "other_unit": "give the change in {unit}, in which {kpi} is measured",
    "no_readings": "bring a feed for {kpi}, or choose a KPI that has readings",
    "lost_in_noise": "aim for a change of {smallest:.3g} {unit} or more, or judge it over a longer period",
    # A
    "target_on_wrong_side": "set a target {side} {start:.4g}: this one is reached, or lies the other way",
    "target_impossible": "set a target that {kpi} can have",
    "unlikely": "plan an action for it, or allow more time: so large a change came in {share:.0%} of past spans",
    "unprecedented": "plan an action for it, or allow more time: so large a change never came in so long a span",
    # R
    "no_objective": "tie {kpi} to an objective, which says what the goal serves",
    "objective_unknown": "name an objective that is declared: {objectives}",
    # T
    "no_deadline": "say by when: in 12 months, by 2027Q2, or by June 2027",
    "deadline_passed": "set a deadline after {as_of}",
    "finer_than_readings": "set a deadline of a whole {grain}: {kpi} has no readings within one",
}


@dataclass(frozen=True)
class Finding:
    """One letter's: `answer` is 'pass', 'caution', 'fail' or 'open' (it hangs on what another letter lacks, or the
    history cannot tell); `code` names what was found, 'ok' where nothing is to be mended."""

    letter: str
    answer: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def mend(self) -> str:
        """What to do about it; '' where nothing is, or what helps another letter helps this one."""
        return MENDS[self.code].format(**self.facts) if self.code in MENDS else ""


@dataclass(frozen=True)
class Smart:
    """The five findings in the order of the letters; `goal` as it was understood, and where it stands, if that far."""

    findings: tuple[Finding, ...]
    goal: Goal | None = None
    standing: Standing | None = None

    @property
    def failed(self) -> str:
        """The letters that fail, such as 'SMT'."""
        return "".join(each.letter for each in self.findings if each.answer == "fail")

    @property
    def passes(self) -> bool:
        return not self.failed


def hangs(letter: str, on: str) -> Finding:
    """A letter that cannot be judged until another one is mended."""
    return Finding(letter, "open", f"hangs_on_{on}")
