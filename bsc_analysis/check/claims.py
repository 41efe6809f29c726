"""Claims as they may be declared: tables, columns and KPIs that something answers to, days that a calendar has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bsc_analysis.check.named import is_day, unchosen
from bsc_analysis.errors import Fault, did_you_mean
from bsc_analysis.params.claims import Claim, MeansClaim, ShareClaim, Wanted
from bsc_analysis.tables import TABLES

HOLDS = {"flag": "true or false", "category": "one of what it may hold", "text": "text"}


def claim_faults(file: str, claims: Sequence[Claim], kpis: Iterable[str], opens: bool) -> Iterable[Fault]:
    """Every fault of the claims that `file` declares; `opens`: whether an opening calendar is known."""
    for i, claim in enumerate(claims):
        place = f"claims[{i}]"
        days = {"declared": claim.declared}
        if isinstance(claim, ShareClaim):
            days["since"] = claim.since or claim.declared
            yield from _share(file, place, claim)
            if claim.closed_days and not opens:
                yield Fault(file, f"{place}.closed_days", "need to know when the practice is closed; give opening")
        elif claim.kpi is not None:
            yield from unchosen(file, f"{place}.kpi", [claim.kpi], kpis)
        if isinstance(claim, MeansClaim):
            days["entered"] = claim.entered or claim.declared
        for name, day in days.items():
            if not is_day(day):
                yield Fault(file, f"{place}.{name}", f"is {day!r}, which no calendar has")


def _share(file: str, place: str, claim: ShareClaim) -> Iterable[Fault]:
    if claim.table not in TABLES:
        yield Fault(
            file, f"{place}.table", f"is {claim.table!r}, which is no table.{did_you_mean(claim.table, TABLES)}"
        )
        return
    if not claim.counted:
        yield Fault(file, f"{place}.counted", "names nothing; write what counts, such as {ended: completed}")
    for name, wanted in (("counted", claim.counted), ("among", claim.among)):
        yield from _columns(file, f"{place}.{name}", claim.table, wanted)


def _columns(file: str, place: str, table: str, wanted: Wanted) -> Iterable[Fault]:
    columns = {c.name: c for c in TABLES[table].columns if c.kind in HOLDS}
    for name, value in wanted.items():
        column = columns.get(name)
        if column is None:
            told = f"  Columns: {', '.join(columns)}"
            yield Fault(file, f"{place}.{name}", f"cannot be counted in {table}.{did_you_mean(name, columns)}{told}")
        elif isinstance(value, bool) != (column.kind == "flag"):
            yield Fault(file, f"{place}.{name}", f"is {value!r}; write {HOLDS[column.kind]}")
        elif column.allowed and value not in column.allowed:
            yield Fault(file, f"{place}.{name}", f"is {value!r}; write {' or '.join(column.allowed)}")
