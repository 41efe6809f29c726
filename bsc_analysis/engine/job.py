"""One practice's job and how it ended: what a run's processes tell each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """What a worker is told: plain text, so that it can be sent to another process.

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
        """The practice's folder under reports/."""
        return Path(self.workspace) / "reports" / self.group / self.period / self.practice


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
