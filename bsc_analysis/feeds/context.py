"""What a feed may know: its name and params, the folder of the group's exports, the practices, the client's key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from bsc_analysis.errors import Fault, FeedError
from bsc_analysis.params.models import Premises
from bsc_analysis.params.shapes import ID_FORM
from bsc_analysis.periods import CALENDAR_YEARS, Calendar


@dataclass(frozen=True)
class Context:
    """One feed for one practice, or for the whole group (`practice` is '')."""

    feed: str
    spec: Any
    folder: Path
    practice: str
    practices: frozenset[str] | None  # None: the feed may name any
    pseudonym: Callable[[str], str]
    kpis: frozenset[str] | None = None  # those of the group's card; None: any
    years: Calendar = CALENDAR_YEARS  # the group's: which months a quarter or year of ready-made readings has
    premises: Mapping[str, Premises] = field(default_factory=dict)  # by practice; '' for those that it does not name

    def files(self) -> list[Path]:
        """The feed's files, sorted.

        Raises FeedError where there is none, or where a path leaves the group's folder.
        """
        pattern = self.spec.path.replace("{practice}", self.practice)
        root = self.folder.resolve()
        found = _matches(root, pattern) if _stays(pattern) else []
        if not _stays(pattern) or any(not p.resolve().is_relative_to(root) for p in found):
            raise FeedError(Fault(pattern, f"feeds.{self.feed}.path", "leaves the group's data folder"))
        if not found:
            raise FeedError(Fault(pattern, f"feeds.{self.feed}", "no such file in the group's data folder"))
        return found

    def named(self, practices: pd.Series) -> pd.Series:
        """True where a practice that the feed may name is named; if it may name any, where it is an id at all."""
        if self.practices is not None:
            return practices.isin(self.practices)
        return practices.str.fullmatch(ID_FORM).fillna(False).astype(bool)

    def premises_of(self, practice: str) -> Premises:
        """The clock and the doors of a practice; both unknown where params do not tell."""
        return self.premises.get(practice) or self.premises.get("") or Premises()

    @property
    def unnamed(self) -> str:
        """The rule that the other rows break."""
        return "not an id" if self.practices is None else "unknown practice"

    def shown(self, path: Path) -> str:
        """The file as messages name it: its path below the group's folder."""
        return path.relative_to(self.folder.resolve()).as_posix()


def _matches(root: Path, pattern: str) -> list[Path]:
    try:
        return sorted(p for p in root.glob(pattern) if p.is_file())
    except (ValueError, IndexError):  # '**x' and '.' are no patterns
        return []


def _stays(pattern: str) -> bool:
    return not pattern.startswith(("/", "~")) and ".." not in pattern.split("/")
