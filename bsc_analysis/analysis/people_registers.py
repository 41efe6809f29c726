"""Evidence of leading from registers: counted shares with 95 % Wilson intervals, by what was due by a day.

What is not due yet is neither done nor missed; a row without the date that it needs is counted apart, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from bsc_analysis.analysis.interval import Interval, share

NOBODY = Interval("wilson", reason="no_denominator")


@dataclass(frozen=True)
class Counted:
    """`count` of `of` that were due; `share`: with its interval, 'no_denominator' where nothing was due. `pending`: not
    due yet; `undated`: rows that lack their date, or whose dates run backwards; `unknown`: deeds of people who are not
    on the roster."""

    count: int = 0
    of: int = 0
    share: Interval = NOBODY
    pending: int = 0
    undated: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class Reviews:
    """Of reviews planned: `held`; of those held: `quorate` (enough of the invited came), `decided` (one decision at
    least), `sound` (both). `decisions`: all of them."""

    held: Counted = field(default_factory=Counted)
    quorate: Counted = field(default_factory=Counted)
    decided: Counted = field(default_factory=Counted)
    sound: Counted = field(default_factory=Counted)
    decisions: int = 0


def in_time(register: pd.DataFrame, *, opened: str, closed: str, within_days: int, as_of: pd.Timestamp) -> Counted:
    """What was answered within so many days: ideas decided, concerns answered, complaints acknowledged.

    `register`: one row each; columns named by `opened` (the day it came) and `closed` (the day of the decision or
    answer, NaT while there is none). Days after `as_of` have not happened. Raises ValueError where a column is missing.
    """
    _needs(register, opened, closed)
    came, done = register[opened], register[closed].where(register[closed] <= as_of)
    undated = came.isna() | (done < came)
    came, done = came[~undated & (came <= as_of)], done[~undated & (came <= as_of)]
    due = came + pd.Timedelta(days=within_days)
    settled = done.notna() | (due < as_of)
    return _counted((done <= due)[settled], pending=int((~settled).sum()), undated=int(undated.sum()))


def reviewed(definitions: pd.DataFrame, *, every_days: int, as_of: pd.Timestamp) -> Counted:
    """KPI definitions whose last review is no older than `every_days`; one never reviewed is overdue.

    `definitions`: one row per KPI; column `reviewed_at` (NaT: never).
    """
    _needs(definitions, "reviewed_at")
    at = definitions["reviewed_at"]
    return _counted(at.where(at <= as_of) + pd.Timedelta(days=every_days) >= as_of)


def reviews(register: pd.DataFrame, *, quorum: float, as_of: pd.Timestamp) -> Reviews:
    """The leaders' reviews planned up to `as_of`.

    `register`: one row per review; columns `planned_at`, `held_at` (NaT: not held), `invited`, `attended`, `decisions`
    (numbers; missing counts as none). `quorum`: the share of the invited who must come, above 0 and at most 1.
    """
    _needs(register, "planned_at", "held_at", "invited", "attended", "decisions")
    if not 0 < quorum <= 1:
        raise ValueError(f"quorum is {quorum!r}; give the share of the invited who must come, such as 0.5")
    undated = register["planned_at"].isna()
    due = register[~undated & (register["planned_at"] <= as_of)]
    held = due["held_at"] <= as_of
    there = due[held].fillna({"invited": 0, "attended": 0, "decisions": 0})
    quorate = (there["invited"] > 0) & (there["attended"] >= quorum * there["invited"])
    decided = there["decisions"] > 0
    pending = int((~undated).sum() - len(due))
    return Reviews(
        held=_counted(held, pending=pending, undated=int(undated.sum())),
        quorate=_counted(quorate),
        decided=_counted(decided),
        sound=_counted(quorate & decided),
        decisions=int(there["decisions"].sum()),
    )


def owners_who_commented(asked: pd.DataFrame, *, by: pd.Timestamp) -> tuple[Counted, tuple[str, ...]]:
    """Owners who commented on each of the KPIs they were asked about by the day `by`, and the names of the others.

    `asked`: one row per KPI of concern; columns `owner` (missing: nobody owns it, which is counted as `undated` is:
    apart) and `commented_at` (NaT: not at all).
    """
    _needs(asked, "owner", "commented_at")
    owned = asked[asked["owner"].notna()]
    all_of = (owned["commented_at"] <= by).groupby(owned["owner"]).all()
    silent = tuple(str(owner) for owner, done in all_of.items() if not done)
    return _counted(all_of, undated=len(asked) - len(owned)), silent


def done_by_role(roster: pd.DataFrame, deeds: pd.DataFrame, *, by: pd.Timestamp) -> Mapping[str, Counted]:
    """By role (and '' for all together): people who did it at least once by the end of the day `by`.

    Workshops before go-live, acknowledgements of a report, sign-offs. `roster`: one row per person; columns `person`,
    `role` (missing: counted in '' alone). `deeds`: one row each; columns `person`, `at` (missing: counted as undated).
    Raises ValueError where a person stands twice on the roster.
    """
    _needs(roster, "person", "role")
    _needs(deeds, "person", "at")
    if roster["person"].duplicated().any():
        raise ValueError("the roster names a person twice; give each person one row")
    did = set(deeds.loc[deeds["at"] < by.normalize() + pd.Timedelta(days=1), "person"])
    done = roster["person"].isin(did)
    unknown, undated = len(did - set(roster["person"])), int(deeds["at"].isna().sum())
    found = {"": _counted(done, undated=undated, unknown=unknown)}
    return found | {str(role): _counted(part) for role, part in done.groupby(roster["role"])}


def _counted(done: pd.Series, **apart: int) -> Counted:
    return Counted(int(done.sum()), len(done), share(int(done.sum()), len(done)), **apart)


def _needs(frame: pd.DataFrame, *columns: str) -> None:
    absent = [name for name in columns if name not in frame]
    if absent:
        raise ValueError(f"the register has no {', '.join(absent)}; give {', '.join(columns)}")
