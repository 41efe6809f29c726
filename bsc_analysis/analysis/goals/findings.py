"""What is SMART about a goal and what is not: one finding a letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bsc_analysis.analysis.goals.standing import Standing
from bsc_analysis.params.goal_models import Goal


@dataclass(frozen=True)
class Finding:
    """One letter's: `answer` is 'pass', 'caution', 'fail' or 'open' (it hangs on what another letter lacks, or the
    history cannot tell); `code` names what was found, 'ok' where nothing is to be mended, and `facts` what its mend
    (words, goals.mend) tells of it: numbers in the KPI's unit, names as they are declared."""

    letter: str
    answer: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


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
