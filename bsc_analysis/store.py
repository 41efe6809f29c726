"""The store: every feed of a group read once into Parquet tables, beside the account of what was read.

It lies in `<workspace>/data/<group>/store/<fingerprint>/`; the fingerprint covers the inputs, the params and the
code, so an unchanged group is not read again and a changed one never meets a stale table. It holds dates of
service and is protected health information: 0700, outside git.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path

import pandas as pd

from bsc_analysis.errors import CannotWrite, Fault, FeedError
from bsc_analysis.feeds import Context, Delivery, deliver
from bsc_analysis.feeds.columns import pseudonymiser
from bsc_analysis.feeds.delivery import REFUSED, Account
from bsc_analysis.params import Group
from bsc_analysis.periods import parse
from bsc_analysis.tables import TABLES

PACKAGE = Path(__file__).parent
NOTES = ["practice", "feed", "table", "required", "message"]


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
    def troubles(self) -> pd.DataFrame:
        """practice ('' for the group), feed, table, required, message: feeds that were refused, and warnings."""
        return pd.read_parquet(self.folder / "troubles.parquet")

    @cached_property
    def titles(self) -> pd.DataFrame:
        """practice, at, title: who a feed names and when; empty where params list the practices."""
        return pd.read_parquet(self.folder / "titles.parquet")

    def keep(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The frame kept under `name`, made and kept if it is not there yet."""
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            part = path.with_suffix(f".{os.getpid()}.part")
            make().to_parquet(part)
            part.chmod(0o600)
            part.replace(path)
        return pd.read_parquet(path)


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
    root = _root(group)
    folder = root / fingerprint(group)
    if not folder.exists():
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=root))
        try:
            _collect(group, part)
            part.rename(folder)
        except OSError:
            if not folder.exists():  # else another process made the same store first
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
        for old in root.iterdir():
            if old.is_dir() and old != folder and _abandoned(old):
                shutil.rmtree(old, ignore_errors=True)
    return Store(folder)


def _abandoned(folder: Path) -> bool:
    """An older store, or one that a killed process left unfinished: none takes an hour to make."""
    return not folder.name.startswith(".part-") or time.time() - folder.stat().st_mtime > 3600


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


def _collect(group: Group, folder: Path) -> None:
    deliveries: list[tuple[str, str, Delivery]] = []
    troubles: list[dict] = []
    pseudonym = pseudonymiser(_key(group))
    kpis = frozenset({*group.shared.kpis, *(id for p in group.practices.values() for id in p.kpis)})
    for name, practice, spec in _errands(group):
        known = None if group.shared.practices else frozenset([practice] if practice else group.practices)
        context = Context(name, spec, group.data / group.id, practice, known, pseudonym, kpis)
        try:
            delivery = deliver(context)
            _refuse_twice(name, practice, delivery, deliveries)
        except FeedError as error:
            if not practice:
                raise
            troubles.append(_trouble(practice, name, spec, str(error)))
            continue
        deliveries.append((name, practice, delivery))
        troubles += [_trouble(practice, name, spec, w, warning=True) for w in delivery.warnings]
    _write(folder, deliveries, troubles)


def _refuse_twice(feed: str, practice: str, delivery: Delivery, earlier: list[tuple[str, str, Delivery]]) -> None:
    """Raises FeedError where another feed has delivered some of the same rows: a practice would count them twice."""
    key = ["practice", *(TABLES[delivery.table].key if delivery.table in TABLES else ("kpi", "period"))]
    for other, owner, before in earlier:
        if before.table == delivery.table and (practice == owner or "" in (practice, owner)):
            twice = len(delivery.rows[key].merge(before.rows[key]))
            if twice:
                message = f"gives {twice:,} rows of {delivery.table} that feed {other} gives too; leave them out of one"
                raise FeedError(Fault(delivery.accounts[0].file, f"feeds.{feed}", message))


def _errands(group: Group):
    """(feed, practice, spec) for every file or set of files to read; practice is '' for the whole group."""
    for name, spec in group.shared.feeds.items():
        if "{practice}" not in spec.path:
            yield name, "", spec
    for practice in group.practices.values():
        own = {n: s for n, s in group.shared.feeds.items() if "{practice}" in s.path} | practice.feeds
        for name, spec in own.items():
            yield name, practice.id, spec


def _trouble(practice: str, feed: str, spec, message: str, warning: bool = False) -> dict:
    table = getattr(spec, "table", "given_readings")
    return dict(zip(NOTES, (practice, feed, table, spec.required and not warning, message), strict=True))


def _write(folder: Path, deliveries: list[tuple[str, str, Delivery]], troubles: list[dict]) -> None:
    tables: dict[str, list[pd.DataFrame]] = {}
    through, refused, accounts, titles = [], [], [], []
    for feed, _, delivery in deliveries:
        tables.setdefault(delivery.table, []).append(delivery.rows)
        refused.append(delivery.refused.assign(feed=feed))
        accounts += [asdict(a) for a in delivery.accounts]
        through.append(_through(feed, delivery))
        if delivery.titles is not None:
            titles.append(delivery.titles)
    for name, parts in tables.items():
        pd.concat(parts, ignore_index=True).to_parquet(folder / f"{name}.parquet")
    _frame(refused, ["feed", *REFUSED]).to_parquet(folder / "quarantine.parquet")
    _frame(through, ["practice", "feed", "table", "first", "last"]).to_parquet(folder / "through.parquet")
    _frame(titles, ["practice", "at", "title"]).to_parquet(folder / "titles.parquet")
    pd.DataFrame(accounts, columns=[f.name for f in fields(Account)]).to_parquet(folder / "accounts.parquet")
    pd.DataFrame(troubles, columns=NOTES).to_parquet(folder / "troubles.parquet")
    for path in folder.iterdir():
        path.chmod(0o600)


def _frame(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns, dtype="str")


def _through(feed: str, delivery: Delivery) -> pd.DataFrame:
    """First and last day that the feed covers, per practice; bookings that lie ahead do not count."""
    rows = delivery.rows
    if delivery.table in TABLES:
        table = TABLES[delivery.table]
        if table.at_status:
            rows = rows[rows[table.at_status].isin(table.at_done)]
        spans = pd.DataFrame({"practice": rows["practice"], "first": rows[table.at], "last": rows[table.at]})
    else:
        periods = {text: parse(text) for text in rows["period"].unique()}
        starts = rows["period"].map({text: p.start_time for text, p in periods.items()})
        ends = rows["period"].map({text: p.end_time.floor("D") for text, p in periods.items()})
        spans = pd.DataFrame({"practice": rows["practice"], "first": starts, "last": ends})
    spans[["first", "last"]] = spans[["first", "last"]].astype("datetime64[us]")
    days = spans.groupby("practice").agg({"first": "min", "last": "max"}).reset_index()
    return days.assign(feed=feed, table=delivery.table)


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
