"""What happened to a group's finals: one JSON line each, only ever added to."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAME = "log.jsonl"


def records(workspace: Path, group: str) -> list[dict[str, Any]]:
    """Every record in order: what ('final' or 'reopen'), period, practice, n, by, when, because.

    A last line cut short by a full disk is no record.
    """
    path = workspace / "ledger" / group / NAME
    found = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def append(workspace: Path, group: str, record: Mapping[str, Any]) -> None:
    """Add one record, on disk when this returns. Raises OSError where the disk refuses."""
    path = workspace / "ledger" / group / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(dict(record), sort_keys=True, ensure_ascii=False) + "\n"
    torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        os.write(handle, (("\n" if torn else "") + line).encode())  # one write: a kill leaves all of it or nothing
        os.fsync(handle)
    finally:
        os.close(handle)


def reopened(workspace: Path, group: str) -> set[tuple[str, str, int]]:
    """(period, practice, n) of the finals that were reopened."""
    return {(r["period"], r["practice"], r["n"]) for r in records(workspace, group) if r["what"] == "reopen"}
