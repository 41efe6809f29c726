"""What a reader has to know of how the data came: findings about feeds, the newest and most serious first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd

from bsc_analysis.analysis.finding import KINDS, Finding
from bsc_analysis.analysis.flow import BY_CHANCE, steps
from bsc_analysis.feeds.delivery import EXPECTED
from bsc_analysis.tables import TABLES, Table

GOING_ON = ("response", "falling", "rising", "opened", "begins")
REFUSED, TWICE = 0.01, 0.05  # of a file's rows, above which they are told apart from the table of files
APART = 2  # months between firsts from which something began later
LEAST_FILE = 100  # rows of a file below which small shares are not worth a sentence
MANY, LEAST_REFUSED = 0.2, 3  # share and rows refused from which a file of any size is told
PATIENTS, VISITS = ("survey_answers", "patient"), ("visits", "")


def findings(
    flow: pd.DataFrame,
    through: pd.DataFrame,
    period: pd.Period,
    *,
    everybody: pd.DataFrame,
    accounts: pd.DataFrame,
    quarantine: pd.DataFrame,
    orphans: pd.DataFrame,
    absent: tuple[str, ...] = (),
    ended: tuple[str, ...] = (),
    response: pd.Series | None = None,
) -> tuple[Finding, ...]:
    """Everything found of one practice, the newest and most serious first.

    `flow`: its levels; `absent`: tables whose feed was refused; `ended`: feeds that end on purpose; `response`: its
    survey response in %, by month, where the card has that KPI (else answers over visits stand for it); `everybody`:
    `through` of all practices. All other frames are those of the store.
    """
    found = [Finding("absent", table) for table in absent]
    found += _within(flow, response)
    found += _edges(through, period, everybody, ended)
    found += _files(accounts, quarantine)
    found += [
        Finding("orphans", o.table, n=o.n, of=o.of, early=int(o.early), people=int(o.people), to=o.to)
        for o in orphans.itertuples()
    ]
    aged = [replace(f, age=_age(f, period)) for f in found]
    return tuple(sorted(aged, key=lambda f: _rank(f, period)))


def reach(table: str, last: pd.Timestamp) -> pd.Timestamp:
    """The last day that rows whose newest is dated `last` stand for: a month's row stands for all of it."""
    dated = TABLES[table].dated if table in TABLES else "day"
    return last if dated == "day" else last.to_period(dated[0].upper()).end_time.normalize()


def _rank(finding: Finding, period: pd.Period) -> tuple[bool, bool, int, int, int]:
    """What is older than a year last; before it the grave, the new, the more serious kind, the newest."""
    newest = -_end(finding, period).toordinal()
    return finding.age > 1, not finding.grave, finding.age, KINDS.index(finding.kind), newest


def _age(finding: Finding, period: pd.Period) -> int:
    """What goes on is news for a year after it began, anything else as long as it lies within the period."""
    known = _end(finding, period)
    if finding.kind in GOING_ON and finding.first is not None:
        known = finding.first.end_time + pd.DateOffset(years=1)
    if known >= period.start_time:
        return 0
    return 1 if known + pd.DateOffset(years=1) >= period.start_time else 2


def _end(finding: Finding, period: pd.Period) -> pd.Timestamp:
    return finding.last.end_time if finding.last is not None else period.end_time


def _within(flow: pd.DataFrame, response: pd.Series | None) -> Iterator[Finding]:
    """Gaps, thin and flooded months, and lasting steps of each table."""
    series = {key: rows.set_index("period") for key, rows in flow.groupby(["table", "part"], sort=False)}
    told = _response(series, response)
    yield from told
    for (table, part), rows in series.items():
        found = [_stretch(level, table, part, stretch) for level, stretch in _stretches(rows)]
        yield from (f for f in found if f.kind != "sparse")
        if any(f.kind == "sparse" for f in found):
            empty = int((rows["level"] == "none").sum())
            yield Finding("sparse", table, part, rows.index[0], rows.index[-1], n=empty, of=len(rows))
        if not (told and (table, part) == PATIENTS):
            yield from _steps(table, part, rows)


def _stretches(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Periods on end of one level other than full."""
    at = 0
    for level, run in groupby(rows["level"]):
        length = len(list(run))
        if level in ("none", "thin", "flood"):
            yield level, rows.iloc[at : at + length]
        at += length


def _stretch(level: str, table: str, part: str, rows: pd.DataFrame) -> Finding:
    kind = level
    if level == "none":
        kind = "gap" if rows["usual"].sum() >= BY_CHANCE or TABLES[table].dated != "day" else "sparse"
    people = rows["people"][rows["people"] > 0]
    return Finding(
        kind,
        table,
        part,
        first=rows.index[0],
        last=rows.index[-1],
        before=rows["usual"].median(),
        now=rows["rows"].mean(),
        people=int(people.min()) if len(people) else 0,
    )


def _steps(table: str, part: str, rows: pd.DataFrame) -> Iterator[Finding]:
    """The last lasting step of a table: what came a month before and since."""
    last = rows["stretch"].max()
    if not last:
        return
    before, since = (rows.loc[(rows["stretch"] == s) & (rows["rows"] > 0), "rows"].median() for s in (last - 1, last))
    first = rows.index[rows["stretch"] == last][0]
    yield Finding("falling" if since < before else "rising", table, part, first, rows.index[-1], before, since)


def _response(series: dict, told: pd.Series | None) -> list[Finding]:
    """The last lasting fall of the share of patients who answer."""
    if PATIENTS not in series:
        return []
    answers = series[PATIENTS]["rows"].where(series[PATIENTS]["level"] != "open")
    if told is None and VISITS in series:
        told = 100 * answers / series[VISITS]["rows"].reindex(answers.index).replace(0, np.nan)
    share = (told if told is not None else answers[:0]).reindex(answers.index).astype("float64").dropna()
    # as answers to as many visits each month, so that chance is that of counts
    found = steps(share * (answers.median() / share.median())) if len(share) and share.median() > 0 else []
    if not found:
        return []
    at, earlier = found[-1], found[-2] if len(found) > 1 else share.index[0]
    before, now = share[earlier : at - 1].median(), share[at:].median()
    if now > before:
        return []
    had, has = answers[earlier : at - 1].median(), answers[at:].median()
    return [Finding("response", *PATIENTS, at, answers.index[-1], had, has, before, now)]


def _edges(
    through: pd.DataFrame, period: pd.Period, everybody: pd.DataFrame, ended: tuple[str, ...]
) -> Iterator[Finding]:
    """Where the practice's data begin and end, told once where all of its feeds do."""
    first = pd.to_datetime(through.groupby("table", sort=False)["first"].min())
    last = pd.to_datetime(through[~through["feed"].isin(ended)].groupby("table", sort=False)["last"].max())
    exported = everybody["table"].isin(list(TABLES))  # ready-made history reaches back at no practice alike
    group_first = pd.to_datetime(everybody[exported if exported.any() else ~exported]["first"]).min()
    if len(first) and _months(group_first, first.min()) >= APART:
        yield Finding("opened", first=first.min().to_period("M"), day=group_first)
    rows = first[[t for t in first.index if t in TABLES and _begins(TABLES[t])]]
    for month, late in rows.groupby(rows.dt.to_period("M")):
        months = _months(rows.min(), month.start_time)
        if months >= APART:
            yield Finding("begins", tables=tuple(late.index), first=month, days=months)
    end = period.end_time.normalize()
    reached = {str(table): reach(str(table), day) for table, day in last.items()}
    short = {t: day for t, day in reached.items() if day + pd.Timedelta(days=_allowed(t)) < end}
    if len(short) == len(reached) > 1 and _months(min(short.values()), max(short.values())) < APART:
        yield Finding("ended", day=max(short.values()), days=(end - max(short.values())).days)
    else:
        yield from (Finding("stale", table, day=day, days=(end - day).days) for table, day in short.items())


def _begins(table: Table) -> bool:
    """Whether it tells something that a table's rows begin later than others."""
    return table.dated != "year" and not (table.snapshot or table.register)


def _allowed(table: str) -> int:
    """Days that a feed may end before the period does; where a row stands for a whole month, none."""
    return TABLES[table].closing_days if table in TABLES and TABLES[table].dated == "day" else 0


def _months(earlier: pd.Timestamp, later: pd.Timestamp) -> int:
    return 12 * (later.year - earlier.year) + later.month - earlier.month


def _files(accounts: pd.DataFrame, quarantine: pd.DataFrame) -> Iterator[Finding]:
    """Files of which much was refused or came twice, and rows of practices that the group does not have."""
    own = quarantine[quarantine["rule"].notna()]
    own = own[~own["rule"].str.startswith(EXPECTED)]
    unknown = own[own["rule"] == "unknown practice"]
    refused = own.drop(unknown.index)["file"].value_counts()
    for file, n in unknown["file"].value_counts().items():
        yield Finding("unknown", file=str(file), n=n)
    for a in accounts.itertuples():
        n = int(refused.get(a.file, 0))
        large = a.physical >= LEAST_FILE
        if n > REFUSED * a.physical if large else n >= max(LEAST_REFUSED, MANY * a.physical):
            yield Finding("refused", file=a.file, n=n, of=a.physical)
        if large and a.deduplicated > TWICE * a.physical:
            yield Finding("twice", file=a.file, n=a.deduplicated, of=a.physical)
