"""One final in the ledger, and which one of a practice counts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bsc_analysis.errors import UsageError
from bsc_analysis.ledger.log import reopened
from bsc_analysis.ledger.whole import is_whole
from bsc_analysis.params import Group
from bsc_analysis.params.shapes import ID_FORM
from bsc_analysis.periods import FORMS

TEXTS = {"practice": "str", "kpi": "str", "grain": "str", "period": "str", "state": "str", "complete": "bool"}


@dataclass(frozen=True)
class Entry:
    """A final as it was frozen: `folder` holds its files. `n` tells the first from those after a reopening."""

    folder: Path
    period: str
    practice: str
    n: int

    @property
    def name(self) -> str:
        """Where it lies below `ledger/<group>/`."""
        return f"{self.period}/{self.practice}/{self.n}"

    def text(self, file: str) -> str:
        """A file's text."""
        return (self.folder / file).read_text(encoding="utf-8")

    def facts(self, file: str) -> Any:
        """What a JSON file of it holds."""
        return json.loads(self.text(file))

    @property
    def on(self) -> str:
        """The day on which it was made final, as '2026-07-06'."""
        return self.facts("final.json")["on"]

    @property
    def readings(self) -> pd.DataFrame:
        """Every number that was published, after withholding: the frame of `Disclosed.readings`, to the last digit."""
        path = self.folder / "readings.csv"
        names = pd.read_csv(path, nrows=0).columns
        numbers = {name: [""] for name in names if name not in TEXTS}
        return pd.read_csv(path, dtype=TEXTS, keep_default_na=False, na_values=numbers).astype(
            dict.fromkeys(numbers, "float64")
        )

    def checked(self) -> Entry:
        """The entry itself.

        Raises UsageError where a file of it is not what was frozen.
        """
        if not is_whole(self.folder):
            shown = f"ledger/{self.folder.relative_to(self.folder.parents[3]).as_posix()}"
            raise UsageError(f"{shown} does not match its manifest; bring it back from the backup of the ledger")
        return self


def period_of(group: Group, text: str) -> pd.Period:
    """The period that `text` names in this group."""
    return group.calendar.parse(text)


def entries(group: Group, practice: str = "*") -> list[Entry]:
    """Every final of a practice, or of all, by period as written and number."""
    found = []
    for path in sorted((group.workspace / "ledger" / group.id).glob(f"*/{practice}/*")):
        period, number = path.parent.parent.name, path.name
        if number.isdecimal() and path.is_dir() and any(re.fullmatch(form, period) for form in FORMS.values()):
            found.append(Entry(path, period, path.parent.name, int(number)))
    return sorted(found, key=lambda e: (e.period, e.n))


def newest(group: Group, practice: str = "*") -> Entry | None:
    """The final of a practice, or of all, made last of those of its latest period; a damaged one is passed over."""
    found = [(period_of(group, e.period).end_time, e) for e in entries(group, practice)]
    for end in sorted({end for end, _ in found}, reverse=True):
        for entry in sorted((e for at, e in found if at == end), key=_made, reverse=True):
            if is_whole(entry.folder):
                return entry
    return None


def _made(entry: Entry) -> tuple[str, int]:
    """When it was made, as far as its file can be read, and its number."""
    try:
        return entry.on, entry.n
    except (OSError, ValueError, KeyError):
        return "", entry.n


def latest(group: Group, practice: str, period: str) -> Entry | None:
    """The newest final of a practice's period, whether it was reopened since or not."""
    own = [e for e in entries(group, practice) if e.period == period]
    return own[-1] if own else None


def final_of(group: Group, practice: str, period: str) -> Entry | None:
    """The final that holds: the newest, unless it was reopened.

    Raises UsageError where it is not what was frozen.
    """
    entry = latest(group, practice, period)
    if entry is None or (entry.period, practice, entry.n) in reopened(group.workspace, group.id):
        return None
    return entry.checked()


def earlier(group: Group, practice: str, period: pd.Period, *, again: bool = True) -> Entry | None:
    """The newest final to compare a draft with: of the latest period before `period`, or `again` of `period` itself,
    if reopened.

    Raises UsageError where it is not what was frozen.
    """
    spans = [(period_of(group, e.period), e) for e in entries(group, practice)]
    over = [(p, e) for p, e in spans if p.end_time < period.end_time or (again and p.end_time == period.end_time)]
    past = [(p.end_time, p.freqstr == period.freqstr, e.n, e) for p, e in over]
    return max(past, key=lambda each: each[:3])[3].checked() if past else None


def practices_with_finals(group: Group, period: str) -> list[str]:
    """The practices that have a final of a period, reopened or not."""
    folders = (group.workspace / "ledger" / group.id / period).glob("*/")
    return sorted(p.name for p in folders if re.fullmatch(ID_FORM, p.name) and latest(group, p.name, period))
