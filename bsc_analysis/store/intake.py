"""Every feed of a group into tables: what was used, what was refused and why, and how far the data reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd

from bsc_analysis.errors import Fault, FeedError, as_text
from bsc_analysis.feeds import Context, Delivery, ReadFile, deliver
from bsc_analysis.feeds.delivery import EXPECTED, REFUSED, Account
from bsc_analysis.params import Group
from bsc_analysis.params.models import Premises
from bsc_analysis.periods import Calendar
from bsc_analysis.store.derived import derived
from bsc_analysis.store.kept_days import kept_days, with_kept_days
from bsc_analysis.store.strays import strays
from bsc_analysis.tables import REGISTERS, TABLES

OVERLAP = "given_overlap"  # ready-made readings that are set aside and serve to compare
THROUGH = ["practice", "feed", "table", "first", "last"]
NOTES = ["practice", "feed", "table", "required", "message"]


def collect(group: Group, folder: Path, pseudonym: Callable[[str], str], keep: Callable[[ReadFile], ReadFile]) -> None:
    """Read every feed of the group and write its tables, accounts, quarantine and troubles into `folder`.

    `keep` wraps the reading of a file, so that one that is known already need not be read.
    Raises FeedError where a file that covers the whole group is faulty.
    """
    deliveries: list[tuple[str, str, Delivery]] = []
    troubles: list[dict] = []
    kpis = frozenset({*group.shared.kpis, *(id for p in group.practices.values() for id in p.kpis)})
    for name, practice, spec in _errands(group):
        known = None if group.shared.practices else frozenset([practice] if practice else group.practices)
        premises = _premises(group, known or ())
        context = Context(name, spec, group.data / group.id, practice, known, pseudonym, kpis, group.calendar, premises)
        try:
            delivery = deliver(context, keep)
            _refuse_twice(name, practice, delivery, deliveries)
        except FeedError as error:
            if not practice:
                raise
            troubles.append(_trouble(practice, name, spec, str(error)))
            continue
        deliveries.append((name, practice, delivery))
        troubles += [_trouble(practice, name, spec, w, warning=True) for w in delivery.warnings]
        troubles += [_trouble(p, name, spec, told, warning=True) for p, told in _strays(delivery)]
        if message := _nothing_used(name, practice, delivery):
            troubles.append(_trouble(practice, name, spec, message))
    _write(folder, deliveries, troubles, group.calendar)


def _premises(group: Group, practices: Iterable[str]) -> dict[str, Premises]:
    """Where the practices of a feed are, and under '' what the group says of all; no more, or all is read anew."""
    shared = Premises(time_zone=group.shared.time_zone, opening=group.shared.opening)
    return {"": shared} | {id: group.practices[id].premises for id in practices}


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


def _strays(delivery: Delivery) -> list[tuple[str, str]]:
    """Practice and message for each practice with rows far from all others."""
    if delivery.table not in TABLES:
        return []
    table = TABLES[delivery.table]
    far = delivery.rows[strays(delivery.rows, table)]
    found = []
    for practice, rows in far.groupby("practice"):
        months = ", ".join(sorted(rows[table.at].dt.strftime("%Y-%m").unique()))
        message = f"rows of {months} lie more than a year from all others; see that their dates are right"
        found.append((str(practice), as_text([Fault(delivery.accounts[0].file, table.at, message)])))
    return found


def _nothing_used(feed: str, practice: str, delivery: Delivery) -> str:
    """Why a feed that could be read is as good as missing: none of its rows is used; '' where some are.

    Rows set aside on purpose, as another feed tells of them, are no fault. Of a file of the whole group no count by
    rule is told, for every practice reads it.
    """
    rules = delivery.refused["rule"].fillna("")
    if len(delivery.rows) or (len(rules) and rules.str.startswith(EXPECTED).all()):
        return ""
    file = delivery.accounts[0].file if delivery.accounts else feed
    count = sum(a.physical - a.layout for a in delivery.accounts)
    if not count and delivery.table in TABLES and TABLES[delivery.table].sparse:
        return ""  # nobody was trained, and the export says so
    if not count or delivery.refused.empty:
        mend = "write in it up to which day each is kept" if delivery.table == REGISTERS.name else "export it again"
        return as_text([Fault(file, f"feeds.{feed}", f"the file holds no rows; {mend}")])
    (column, rule), k = next(iter(delivery.refused[["column", "rule"]].fillna("").value_counts().items()))
    why = f"{column}: {rule}" if column else rule
    why += f" ({k:,} rows)" if practice else ""
    message = f"no row of {count:,} could be used; mostly {why}; mend the export, or the feed in the params"
    return as_text([Fault(file, f"feeds.{feed}", message)])


def _write(folder: Path, deliveries: list[tuple[str, str, Delivery]], troubles: list[dict], years: Calendar) -> None:
    tables: dict[str, list[pd.DataFrame]] = {}
    through, refused, accounts, titles, read = [], [], [], [], []
    for feed, practice, delivery in deliveries:
        tables.setdefault(delivery.table, []).append(delivery.rows)
        if delivery.overlap is not None:
            tables.setdefault(OVERLAP, []).append(delivery.overlap)
        refused.append(delivery.refused.assign(feed=feed))
        accounts += [asdict(a) for a in delivery.accounts]
        through.append(_through(feed, delivery, years))
        read.append((practice, feed, delivery.table))
        if delivery.titles is not None:
            titles.append(delivery.titles)
    whole = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    for name, rows in (whole | derived(whole)).items():
        rows.to_parquet(folder / f"{name}.parquet")
    _frame(refused, ["feed", *REFUSED]).to_parquet(folder / "quarantine.parquet")
    reached, files = _frame(through, THROUGH), pd.DataFrame(read, columns=THROUGH[:3], dtype="str")
    kept = kept_days(whole.get(REGISTERS.name), reached, files)
    kept.to_parquet(folder / "kept.parquet")
    with_kept_days(reached, kept, files).to_parquet(folder / "through.parquet")
    _frame(titles, ["practice", "at", "title"]).to_parquet(folder / "titles.parquet")
    pd.DataFrame(accounts, columns=[f.name for f in fields(Account)]).to_parquet(folder / "accounts.parquet")
    pd.DataFrame(troubles, columns=NOTES).to_parquet(folder / "troubles.parquet")
    for path in folder.iterdir():
        path.chmod(0o600)


def _frame(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns, dtype="str")


def _through(feed: str, delivery: Delivery, years: Calendar) -> pd.DataFrame:
    """First and last day that the feed covers, per practice; bookings that lie ahead and strays do not count."""
    rows = delivery.rows
    if delivery.table in TABLES:
        table = TABLES[delivery.table]
        if table.at_status:
            rows = rows[rows[table.at_status].isin(table.at_done)]
        rows = rows[~strays(rows, table)]
        spans = pd.DataFrame({"practice": rows["practice"], "first": rows[table.at], "last": rows[table.at]})
    else:
        periods = {text: years.parse(text) for text in rows["period"].unique()}
        starts = rows["period"].map({text: p.start_time for text, p in periods.items()})
        ends = rows["period"].map({text: p.end_time.floor("D") for text, p in periods.items()})
        spans = pd.DataFrame({"practice": rows["practice"], "first": starts, "last": ends})
    spans[["first", "last"]] = spans[["first", "last"]].astype("datetime64[us]")
    days = spans.groupby("practice").agg({"first": "min", "last": "max"}).reset_index()
    return days.assign(feed=feed, table=delivery.table)
