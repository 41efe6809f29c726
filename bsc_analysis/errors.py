"""What can go wrong, in words for the person who can mend it, and the exit status each kind has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Fault:
    """One fault: the file, the place in it, and what is wrong together with its mend."""

    file: str
    place: str
    message: str


class UserError(Exception):
    """A fault that its reader can mend: printed without a traceback, with `exit_status`."""

    exit_status = 2


class ParamsError(UserError):
    """Every fault found in the params, at once."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(dict.fromkeys(faults), key=lambda f: f.file)  # as found within a file
        super().__init__(as_text(self.faults))


class FeedError(UserError):
    """A file that cannot be read as its feed declares; `faults` name file, column, found and expected."""

    def __init__(self, *faults: Fault):
        self.faults = list(faults)
        super().__init__(as_text(self.faults))


class UsageError(UserError):
    """A command or call that asks for something that is not there."""


class LockHeld(UserError):
    """Another run writes the same reports."""

    exit_status = 4


class CannotWrite(UserError):
    """The reports' folder or disk refuses."""

    exit_status = 5


class PracticeFailed(UserError):
    """One practice's report could not be made: `section`, `cell` and the reason."""

    exit_status = 3

    def __init__(self, reason: str, section: str = "", cell: str = ""):
        self.reason, self.section, self.cell = reason, section, cell
        super().__init__(reason, section, cell)


def as_text(faults: Iterable[Fault]) -> str:
    """Faults grouped by file, one a line, the places aligned."""
    blocks = []
    for file, group in groupby(faults, key=lambda f: f.file):
        listed = list(group)
        width = max(len(f.place) for f in listed)
        count = f"{len(listed)} problem{'s' if len(listed) > 1 else ''}"
        lines = [f"  {f.place:<{width}}  {f.message}".rstrip() for f in listed]
        blocks.append("\n".join([f"{file}: {count}", *lines]))
    return "\n".join(blocks)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """' Did you mean X?' for a near miss, else ''."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""
