"""One page's job and how it ended: what a run's processes tell each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bsc_analysis.params import PORTFOLIO


@dataclass(frozen=True)
class Job:
    """What a worker is told: plain text, so that it can be sent to another process.

    `practice`: '' for the portfolio, the page across all of them.
    `on`: the day on which the report is made final, '' for a draft; `by`: who makes it so.
    """

    workspace: str
    data: str
    group: str
    practice: str
    period: str
    on: str = ""
    by: str = ""

    @property
    def reports(self) -> Path:
        """The page's folder under reports/."""
        return Path(self.workspace) / "reports" / self.group / self.period / (self.practice or PORTFOLIO)


@dataclass(frozen=True)
class Outcome:
    """How it ended: 'published', 'final', or 'failed' with section, cell and reason; `status` as an exit status."""

    practice: str
    title: str
    state: str
    reason: str = ""
    section: str = ""
    cell: str = ""
    status: int = 0

    @property
    def page(self) -> str:
        """Whose page: the practice's id, or 'portfolio'."""
        return self.practice or PORTFOLIO
