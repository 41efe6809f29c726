"""Making a group's period final, and opening it again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from bsc_analysis.engine.freeze import held_since, note
from bsc_analysis.engine.job import Outcome
from bsc_analysis.engine.lock import locked
from bsc_analysis.engine.run import Summary, run
from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.ledger.entry import Entry, final_of, period_of, practices_with_finals
from bsc_analysis.params import Group, load_group
from bsc_analysis.periods import grain_of
from bsc_analysis.readings import newest_complete, readings
from bsc_analysis.store import Store


def final(
    group_id: str,
    workspace: Path,
    data: Path | None = None,
    period: str | None = None,
    practices: Sequence[str] = (),
    jobs: int = 1,
    report: Callable[[Outcome, int, int], None] = lambda *_: None,
    *,
    by: str = "",
    on: date | None = None,
) -> Summary:
    """Make the reports of a period final and keep them in the ledger; practices that are final already stay so.

    Raises what `run` raises, and UsageError where the period is not complete, or where all of the practices, or one
    of those named, are final already.
    """

    def admit(group: Group, store: Store, wanted: str, chosen: list[str]) -> None:
        _refuse_incomplete(group, store, wanted)
        held = [entry for p in chosen if (entry := final_of(group, p, wanted))]
        if held and (practices or len(held) == len(chosen)):
            raise UsageError("\n".join(f"{entry.practice}: {held_since(group.id, entry)}" for entry in held))

    day = (on or date.today()).isoformat()
    return run(group_id, workspace, data, period, practices, jobs, report, on=day, by=by or who(), admit=admit)


def reopen(
    group_id: str, workspace: Path, period: str, practices: Sequence[str] = (), *, because: str, by: str = ""
) -> list[Entry]:
    """The finals that no longer hold, so that drafts can be made again; what they published stays in the ledger.

    Raises UsageError without a reason, or where a practice (without any: every one) is not final in the period.
    """
    if not because.strip():
        raise UsageError("a reason is needed: --because 'the lab sent its claims late'")
    group = load_group(group_id, workspace)
    period = str(period_of(group, period))
    known = practices_with_finals(group, period)
    if unknown := sorted(set(practices) - set(known)):
        hints = [f"{group_id} {period} is not final for {p!r}.{did_you_mean(p, known)}" for p in unknown]
        raise UsageError("\n".join(hints))
    with locked(workspace / "reports" / group_id):
        found = [final_of(group, p, period) for p in sorted(set(practices)) or known]
        held = [entry for entry in found if entry]
        if not held or (practices and len(held) < len(found)):
            raise UsageError(f"{group_id} {period} is not final; there is nothing to reopen")
        for entry in held:
            note(workspace, group_id, "reopen", entry, by=by or who(), because=because.strip())
    return held


def who() -> str:
    """Who is at the keyboard: git's user name, else the login's, else 'unknown'."""
    try:
        named = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, check=False, timeout=10)
        told = named.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        told = ""
    return told or os.environ.get("USER") or "unknown"


def _refuse_incomplete(group: Group, store: Store, period: str) -> None:
    wanted = period_of(group, period)
    newest = newest_complete(group, store, grain_of(wanted))
    found = readings(group, store)
    if wanted > period_of(group, newest) or not found.loc[found["period"] == period, "complete"].any():
        raise UsageError(f"{period} is not complete, so it cannot be made final; the newest complete one is {newest}")
