"""Patterns of work that a training can change: how often, by team and month, something went otherwise than wished.

Of each pattern only tables that name a team are used: the team of an audit, the provider group of a claim, the queue of
a call. Nobody is named in them, so a month stands for what belongs together. Calls passed on and notes left open are
in no table with a team.
"""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw
import pandas as pd

from bsc_analysis.kpis.claims import DENIED, RUN_OUT, SUBMITTED
from bsc_analysis.kpis.reasons import GROUP
from bsc_analysis.store import Store
from bsc_analysis.tables import CALLS, CLAIMS, CODING_AUDITS, STAFF_MONTHS, TRANSACTIONS, Table

LATE = 3  # days after the service on which a charge is entered late
AGAIN = pd.Timedelta(days=1)  # within which a call answered by the same queue is one about the same thing
ANSWERED = pd.Timedelta(days=RUN_OUT)  # before the last day, so that payers have answered the claims looked at
REASONS = 3  # of denials, the most frequent ones
COLUMNS = ["pattern", "team", "cluster", "count", "of"]
BETTER = "down"  # of every pattern


def work_patterns(store: Store, practice: str, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """COLUMNS: cases of each pattern among those looked at, by team and month, from day `first` to `last`.

    Patterns: 'billing_errors', 'denied:<reason>', 'late_charges', 'repeat_calls', as far as there are tables with
    teams; the rows without a team are left out.
    """
    found = [
        *_billing_errors(_rows(store, CODING_AUDITS, practice, first, last)),
        *_denials(_rows(store, CLAIMS, practice, first - ANSWERED, last - ANSWERED), last),
        *_late_charges(_rows(store, TRANSACTIONS, practice, first, last), _teams_of_claims(store, practice)),
        *_repeat_calls(_rows(store, CALLS, practice, first, last)),
    ]
    return pd.concat(found, ignore_index=True)[COLUMNS] if found else pd.DataFrame(columns=COLUMNS)


def staff_of(store: Store, practice: str, day: pd.Timestamp) -> dict[str, int]:
    """Team or role, in lower case → how many people have it in the newest month of the roster up to `day`."""
    path = store.table(STAFF_MONTHS.name)
    if path is None:
        return {}
    months = pd.read_parquet(path, filters=[("practice", "==", practice), ("month", "<=", day)])
    there = months[(months["month"] == months["month"].max()) & ~months["left"].astype(bool)]
    team, role = (there[name].str.strip().str.lower() for name in ("team", "role"))
    names = pd.concat([team, role.where(role != team)])
    return {str(name): int(n) for name, n in names.dropna().value_counts().items()}


def _rows(store: Store, table: Table, practice: str, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame | None:
    """A practice's rows of the days, None where no feed delivered the table."""
    path, end = store.table(table.name), last.normalize() + pd.Timedelta(days=1)
    if path is None:
        return None
    return pd.read_parquet(path, filters=[("practice", "==", practice), (table.at, ">=", first), (table.at, "<", end)])


def _counted(pattern: str, team: pd.Series, at: pd.Series, case: pd.Series) -> Iterator[pd.DataFrame]:
    """The pattern's rows by team and month; none where no row has a team."""
    told = pd.DataFrame({"team": team.astype("str"), "cluster": at.dt.strftime("%Y-%m"), "case": case.astype(bool)})
    told = told[team.notna()]
    if len(told):
        cells = told.groupby(["team", "cluster"])["case"].agg(count="sum", of="size").reset_index()
        yield cells.assign(pattern=pattern)


def _billing_errors(audits: pd.DataFrame | None) -> Iterator[pd.DataFrame]:
    if audits is not None:
        yield from _counted("billing_errors", audits["team"], audits["audited_at"], audits["error"])


def _denials(claims: pd.DataFrame | None, last: pd.Timestamp) -> Iterator[pd.DataFrame]:
    """Claims denied by `last` for each of the most frequent reasons, among those submitted."""
    if claims is None:
        return
    told = nw.from_native(claims).with_columns(submitted=SUBMITTED, denied=DENIED).to_native()
    denied = told["denied"].fillna(False) & (told["denied_at"] <= last)
    sent = told[told["submitted"].fillna(True).astype(bool)]
    reason = sent["denial_reason"].where(denied.reindex(sent.index))
    code = reason.str.replace(GROUP, "", regex=True).str.strip()  # CO-16, co 16 and 16 are one reason
    for each in _most_frequent(code[code != ""])[:REASONS]:
        case = (code == each).fillna(False)
        name = _most_frequent(reason[case])[0]
        yield from _counted(f"denied:{name}", sent["provider_group"], sent["submitted_at"], case)


def _most_frequent(values: pd.Series) -> list[str]:
    """The values, the most frequent first, whatever the order of the rows."""
    return list(values.value_counts().sort_index().sort_values(ascending=False, kind="stable").index)


def _teams_of_claims(store: Store, practice: str) -> pd.Series:
    """The provider group of each claim."""
    path = store.table(CLAIMS.name)
    if path is None:
        return pd.Series(dtype="str")
    columns = ["claim_id", "provider_group"]
    claims = pd.read_parquet(path, columns=columns, filters=[("practice", "==", practice)])
    return claims.drop_duplicates("claim_id").set_index("claim_id")["provider_group"]


def _late_charges(postings: pd.DataFrame | None, teams: pd.Series) -> Iterator[pd.DataFrame]:
    if postings is not None:
        charges = postings[(postings["kind"] == "charge") & (postings["posted_at"] >= postings["service_at"])]
        late = (charges["posted_at"] - charges["service_at"]).dt.days > LATE
        yield from _counted("late_charges", charges["claim_id"].map(teams), charges["posted_at"], late)


def _repeat_calls(calls: pd.DataFrame | None) -> Iterator[pd.DataFrame]:
    """Answered calls after which the same caller calls the same queue again within a day."""
    if calls is None:
        return
    known = calls[calls["caller_id"].notna() & calls["queue"].notna()].sort_values("started_at")
    next_one = known.groupby(["caller_id", "queue"])["started_at"].shift(-1)
    again = (next_one - known["started_at"]) <= AGAIN
    answered = known["outcome"] == "answered"
    yield from _counted("repeat_calls", known["queue"][answered], known["started_at"][answered], again[answered])
