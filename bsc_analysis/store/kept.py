"""What each file of the exports held, kept beside the store: an unchanged file is not read again.

A kept file is found by a hash over all that decides its rows: the export's path, size and time, the feed's params and
the other facts of its Context, the code that reads, and the client's key. Nothing else finds it, so it is never stale.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel

from bsc_analysis.feeds import Context, FileRows, ReadFile

PACKAGE = Path(__file__).parents[1]
READING = ("errors.py", "periods.py", "params", "tables", "feeds", "store/kept.py")  # the code that decides the rows
ELSEWHERE = ("pseudonym", "folder")  # of a Context: the client's key stands for one, the file's path for the other
FACTS = "facts.json"


@dataclass(frozen=True)
class KeptFiles:
    """A folder of kept files under the client's `key`: a folder for each, with a Parquet file per frame and FACTS."""

    folder: Path
    key: bytes

    def once(self, read: ReadFile) -> ReadFile:
        """`read`, but for a file that is kept and whole; what had to be read is kept."""

        def kept(context: Context, path: Path) -> FileRows:
            place = self.folder / self._address(context, path)
            found = _load(place)
            if found is None:
                found = read(context, path)
                _save(place, found)
            return found

        return kept

    def _address(self, context: Context, path: Path) -> str:
        """A hash over all that decides the rows of the file at `path`."""
        stat = path.stat()
        facts = {f.name: getattr(context, f.name) for f in dataclasses.fields(context) if f.name not in ELSEWHERE}
        whole = [context.shown(path), stat.st_size, stat.st_mtime_ns, facts, _code()]
        digest = hashlib.sha256(self.key)
        digest.update(json.dumps(whole, sort_keys=True, default=_written).encode())
        return digest.hexdigest()[:32]


@cache
def _code() -> str:
    """A hash over the code that reads, and pandas, whose parsing it rests on."""
    digest = hashlib.sha256(pd.__version__.encode())
    for room in READING:
        place = PACKAGE / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _written(fact: Any) -> Any:
    """A fact of a Context as JSON has it."""
    if isinstance(fact, BaseModel):
        return fact.model_dump(mode="json")
    if isinstance(fact, (set, frozenset)):
        return sorted(fact)
    if dataclasses.is_dataclass(fact) and not isinstance(fact, type):
        return dataclasses.asdict(fact)
    return repr(fact)


def _save(place: Path, read: FileRows) -> None:
    """Written beside and renamed, so that nobody meets half a kept file; another process's is as good as ours."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=place.parent))  # 0700
    try:
        facts = {f.name: getattr(read, f.name) for f in dataclasses.fields(read)}
        frames = {name: fact for name, fact in facts.items() if isinstance(fact, pd.DataFrame)}
        plain = {name: fact for name, fact in facts.items() if name not in frames}
        data = {}
        for name, frame in frames.items():
            frame.to_parquet(part / f"{name}.parquet")
            data[name] = (part / f"{name}.parquet").read_bytes()
        dtypes = {name: [str(t) for t in frame.dtypes] for name, frame in frames.items()}
        text = json.dumps({"plain": plain, "dtypes": dtypes})
        (part / FACTS).write_text(json.dumps({"facts": text, "sum": _sum(text, data)}), encoding="utf-8")
        for path in part.iterdir():
            path.chmod(0o600)
        shutil.rmtree(place, ignore_errors=True)  # a damaged one
        part.rename(place)
    except OSError:
        if not place.exists():  # else another process was first
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _load(place: Path) -> FileRows | None:
    """The kept file; None where it is missing or was damaged. Being used keeps it from being swept."""
    try:
        kept = json.loads((place / FACTS).read_text(encoding="utf-8"))
        facts = json.loads(kept["facts"])
        data = {name: (place / f"{name}.parquet").read_bytes() for name in facts["dtypes"]}
        if kept["sum"] != _sum(kept["facts"], data):
            return None
        frames = {name: pd.read_parquet(BytesIO(parquet)) for name, parquet in data.items()}
        os.utime(place)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    for name, dtypes in facts["dtypes"].items():
        frames[name] = frames[name].astype(dict(zip(frames[name].columns, dtypes, strict=True)))
    return FileRows(**facts["plain"], **frames)


def _sum(facts: str, data: dict[str, bytes]) -> str:
    digest = hashlib.sha256(facts.encode())
    for name in sorted(data):
        digest.update(hashlib.sha256(data[name]).digest())
    return digest.hexdigest()
