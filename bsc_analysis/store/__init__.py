"""The store: every feed of a group read once into Parquet tables, beside the account of what was read.

It lies in `<workspace>/data/<group>/store/<fingerprint>/`; the fingerprint covers the inputs, the params and the
code, so an unchanged group is not read again and a changed one never meets a stale table. Of a changed group only
the changed files are read again (kept.py). It holds dates of service and is protected health information: 0700,
outside git.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from bsc_analysis.errors import CannotWrite
from bsc_analysis.feeds.columns import pseudonymiser
from bsc_analysis.params import Group
from bsc_analysis.store.intake import collect
from bsc_analysis.store.kept import PACKAGE, KeptFiles

FILES = "files"  # beside the stores: what each file of the exports held
NEWEST = 2  # stores that stay whatever their age: someone may be reading the one before
REASONS = 4  # troubles told where nothing could be read: enough to see what is wrong with all
IDLE = 3600  # seconds without use after which the others go: no store takes so long to make


@dataclass(frozen=True)
class Store:
    """A finished store, read lazily."""

    folder: Path

    def table(self, name: str) -> Path | None:
        """The table's Parquet file, or None where no feed delivered it."""
        path = self.folder / f"{name}.parquet"
        return path if path.exists() else None

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """One row per file: feed, practice, file, sha256, physical, used, quarantined, deduplicated."""
        return pd.read_parquet(self.folder / "accounts.parquet")

    @cached_property
    def quarantine(self) -> pd.DataFrame:
        """One row per refused row: feed, practice, file, line, column, rule. Never a value."""
        return pd.read_parquet(self.folder / "quarantine.parquet")

    @cached_property
    def through(self) -> pd.DataFrame:
        """practice, feed, table, first, last: the days that each feed covers."""
        return pd.read_parquet(self.folder / "through.parquet")

    @cached_property
    def kept(self) -> pd.DataFrame:
        """practice, table, since, through: the days that registers cover, be there a row or none."""
        return pd.read_parquet(self.folder / "kept.parquet")

    @cached_property
    def troubles(self) -> pd.DataFrame:
        """practice ('' for the group), feed, table, required, message: feeds that were refused, and warnings."""
        return pd.read_parquet(self.folder / "troubles.parquet")

    def reasons(self) -> str:
        """The first troubles, each once, as lines to follow the message that nothing was read; '' without any."""
        told = list(dict.fromkeys(self.troubles["message"]))
        more = [f"and {len(told) - REASONS} more of the kind"] if len(told) > REASONS else []
        return "".join(f"\n{message}" for message in [*told[:REASONS], *more])

    @cached_property
    def titles(self) -> pd.DataFrame:
        """practice, at, title: who a feed names and when; empty where params list the practices."""
        return pd.read_parquet(self.folder / "titles.parquet")

    def keep(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The frame kept under `name`, made and kept if it is not there yet."""
        return pd.read_parquet(self._kept(f"{name}.parquet", lambda part: make().to_parquet(part)))

    def keep_facts(self, name: str, make: Callable[[], Any]) -> Any:
        """What JSON can hold, kept under `name`, made and kept if it is not there yet."""
        path = self._kept(f"{name}.json", lambda part: part.write_text(json.dumps(make()), encoding="utf-8"))
        return json.loads(path.read_text(encoding="utf-8"))

    def _kept(self, name: str, write: Callable[[Path], object]) -> Path:
        path = self.folder / name
        if not path.exists():
            part = path.with_suffix(f".{os.getpid()}.part")
            write(part)
            part.chmod(0o600)
            part.replace(path)
        return path


def open_store(group: Group) -> Store:
    """The group's store, made of its exports where it is missing or out of date.

    Raises FeedError where a file that covers the whole group is faulty; one practice's faulty file is a trouble
    of that practice and stops nobody else. Raises CannotWrite where the store's folder or disk refuses.
    """
    try:
        return _open(group)
    except OSError as error:
        raise CannotWrite(f"{_root(group)}: {error.strerror or type(error).__name__}") from None


def _open(group: Group) -> Store:
    root, key = _root(group), _key(group)
    folder = root / fingerprint(group)
    if folder.exists():
        os.utime(folder)  # in use
        return Store(folder)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=root))
    try:
        collect(group, part, pseudonymiser(key), KeptFiles(root / FILES, key).once)
        part.rename(folder)
    except OSError:
        if not folder.exists():  # else another process made the same store first
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _sweep(root)
    return Store(folder)


def _sweep(root: Path) -> None:
    """Old stores, kept files that no store needs and what a killed process left, once nobody used them for an hour."""
    used = {}
    for place in [*root.iterdir(), *(root / FILES).glob("*")]:
        with contextlib.suppress(FileNotFoundError):  # another process swept it first
            if place.is_dir() and place.name != FILES:
                used[place] = place.stat().st_mtime
    stores = [place for place in used if place.parent == root and not place.name.startswith(".part-")]
    stay = sorted(stores, key=used.__getitem__)[-NEWEST:]
    for place, when in used.items():
        if place not in stay and time.time() - when > IDLE:
            shutil.rmtree(place, ignore_errors=True)


def _root(group: Group) -> Path:
    return (group.workspace / "data" / group.id / "store").resolve()


def fingerprint(group: Group) -> str:
    """A hash over the names, sizes and times of the inputs, the params, the package's code and the client's key."""
    digest = hashlib.sha256(_key(group))
    found = sorted((group.data / group.id).resolve().rglob("*"))
    inputs = [p for p in found if p.is_file() and not p.is_relative_to(_root(group))]
    for path in inputs:
        stat = path.stat()
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    texts = [*sorted((group.workspace / "params" / group.id).glob("*.y*ml")), *sorted(PACKAGE.rglob("*.py"))]
    for path in texts:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def _key(group: Group) -> bytes:
    """The client's key for pseudonyms: BSC_KEY_<GROUP> from the environment, else a 0600 file beside the store."""
    root = _root(group)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    root.chmod(0o700)
    named = os.environ.get(f"BSC_KEY_{group.id.upper().replace('-', '_')}")
    if named:
        return named.encode()
    path = root / "pseudonym.key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=root, prefix=".part-") as part:  # 0600
            part.write(secrets.token_hex(32))
            part.flush()
            with contextlib.suppress(FileExistsError):  # another process was first: its key holds
                os.link(part.name, path)
    return path.read_bytes()
