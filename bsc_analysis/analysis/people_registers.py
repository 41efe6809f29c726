"""Evidence of leading from registers: counted shares with 95 % Wilson intervals, by what was due by a day.

What is not due yet is neither done nor missed; a row without the date that it needs is counted apart, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from bsc_analysis.analysis.interval import Interval, share

NOBODY = Interval("wilson", reason="no_denominator")


@dataclass(frozen=True)
class Counted:
    """`count` of `of` that were due; `share`: with its interval, 'no_denominator' where nothing was due. `pending`: not
    due yet; `undated`: rows that lack their date, or whose dates run backwards; `unknown`: rows of what stands in no
    register."""

    count: int = 0
    of: int = 0
    share: Interval = NOBODY
    pending: int = 0
    undated: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class Reviews:
    """Of reviews called: `held`; of those held: `quorate` (as many came as were needed), `decided` (one decision at
    least), `sound` (both). `decisions`: all of them."""

    held: Counted = field(default_factory=Counted)
    quorate: Counted = field(default_factory=Counted)
    decided: Counted = field(default_factory=Counted)
    sound: Counted = field(default_factory=Counted)
    decisions: int = 0


def in_time(register: pd.DataFrame, *, opened: str, closed: str, within_days: int, as_of: pd.Timestamp) -> Counted:
    """What was answered within so many days: ideas decided, concerns answered, complaints acknowledged.

    `register`: one row each; columns named by `opened` (the day it came) and `closed` (the day of the decision or
    answer, NaT while there is none). Days after `as_of` have not happened. One whose time is not over is `pending` even
    if it was answered: those still open beside it are not counted either. Raises ValueError where a column is missing.
    """
    _needs(register, opened, closed)
    came, done = register[opened], register[closed].where(register[closed] <= as_of)
    undated = came.isna() | (done < came)
    came, done = came[~undated & (came <= as_of)], done[~undated & (came <= as_of)]
    due = came + pd.Timedelta(days=within_days)
    settled = due < as_of
    return _counted((done <= due)[settled], pending=int((~settled).sum()), undated=int(undated.sum()))


def reviewed(definitions: pd.DataFrame, *, every_days: int, as_of: pd.Timestamp) -> Counted:
    """KPI definitions whose last review is no older than `every_days`; one never reviewed is overdue.

    `definitions`: one row per KPI; column `reviewed_at` (NaT: never).
    """
    _needs(definitions, "reviewed_at")
    at = definitions["reviewed_at"]
    return _counted(at.where(at <= as_of) + pd.Timedelta(days=every_days) >= as_of)


def reviews(register: pd.DataFrame, *, as_of: pd.Timestamp) -> Reviews:
    """The leaders' reviews called up to `as_of`, as the KPI leadership_engagement counts them.

    `register`: one row per review; columns `scheduled_at`, `status` ('held', 'missed' or 'planned'), `attended`,
    `quorum` and `decisions`; without the numbers of those who came, or of decisions, it is neither quorate nor decided.
    One whose day has passed and that is still called planned is `pending`: nobody said what became of it.
    """
    _needs(register, "scheduled_at", "status", "attended", "quorum", "decisions")
    undated = register["scheduled_at"].isna()
    called = register[~undated & (register["scheduled_at"] <= as_of)]
    due = called[called["status"].isin(["held", "missed"])]
    there = due[due["status"] == "held"]
    quorate = (there["attended"] >= there["quorum"]).fillna(False).astype(bool)
    decided = (there["decisions"] > 0).fillna(False).astype(bool)
    return Reviews(
        held=_counted(due["status"] == "held", pending=len(called) - len(due), undated=int(undated.sum())),
        quorate=_counted(quorate),
        decided=_counted(decided),
        sound=_counted(quorate & decided),
        decisions=int(there["decisions"].sum()),
    )


def involved_before(
    actions: pd.DataFrame, participation: pd.DataFrame, *, as_of: pd.Timestamp, roles: Iterable[str] = ()
) -> Mapping[str, Counted]:
    """By role (and '' for anybody): actions that went live by `as_of` and in which people of that role are known to
    have taken part before the day of going live.

    `actions`: columns `action_id`, `starts_at` (missing: counted as undated). `participation`: columns `action_id`,
    `role`, `took_part_at`; rows of other actions are `unknown`. A role is one of `roles`, or one that took part in
    anything at all.
    """
    _needs(actions, "action_id", "starts_at")
    _needs(participation, "action_id", "role", "took_part_at")
    undated = int(actions["starts_at"].isna().sum())
    live = actions[actions["starts_at"] <= as_of].set_index("action_id")["starts_at"]
    pending = len(actions) - undated - len(live)
    went_live = participation["action_id"].map(live.to_dict()).astype("datetime64[us]")
    early = participation[participation["took_part_at"].astype("datetime64[us]") < went_live]
    unknown = int((~participation["action_id"].isin(actions["action_id"])).sum())
    apart = {"pending": pending, "undated": undated}
    found = {"": _counted(live.index.to_series().isin(early["action_id"]), **apart, unknown=unknown)}
    for role in sorted({*roles, *participation["role"].dropna()}):
        own = early.loc[early["role"] == role, "action_id"]
        found[str(role)] = _counted(live.index.to_series().isin(own), **apart)
    return found


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


def _counted(done: pd.Series, **apart: int) -> Counted:
    return Counted(int(done.sum()), len(done), share(int(done.sum()), len(done)), **apart)


def _needs(frame: pd.DataFrame, *columns: str) -> None:
    absent = [name for name in columns if name not in frame]
    if absent:
        raise ValueError(f"the register has no {', '.join(absent)}; give {', '.join(columns)}")
