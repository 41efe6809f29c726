"""What the staff say: how far they are behind what changes, how sure they feel of a tool, and what they were answered.

A mean is shown of at least five people, to guarded audiences of at least eleven, and no difference of two means that
are shown is one of fewer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from bsc_analysis.analysis.interval import Interval, mean
from bsc_analysis.analysis.people_change import Change, score_change
from bsc_analysis.analysis.people_roles import RoleScore, role_differences
from bsc_analysis.analysis.people_scale import cronbach
from bsc_analysis.disclosure.deeds import YEAR, of_year
from bsc_analysis.disclosure.few import together
from bsc_analysis.disclosure.withhold import FEWEST, FEWEST_ANSWERS, GUARDED, UNANIMOUS_BELOW
from bsc_analysis.params import Group
from bsc_analysis.readings.labels import OTHERS
from bsc_analysis.readings.register_rows import register_rows
from bsc_analysis.store import Store
from bsc_analysis.tables import CONCERNS, SURVEY_ANSWERS, TRAININGS

QUESTIONS = "buy_in"  # how the questions about it begin
LATEST = 5  # concerns that are told with their answers


@dataclass(frozen=True)
class BuyIn:
    """The newest wave of the buy-in survey, of the period `wave`, against the one of `before` ('': there is none).

    `score`: mean over people of the mean of their answers; `items`: questions asked; `alpha`: Cronbach's, with its 95 %
    interval `lower`, `upper`, NaN where fewer than ten answered all; `against`: questions that run against the others.
    `roles`: those that may be shown (OTHERS: the rest together), none where only one may; `change`: since `before`.
    `state`: '', 'not_asked' or 'too_few' (people for this audience).
    """

    wave: str = ""
    before: str = ""
    score: Interval = field(default_factory=lambda: Interval("t", reason="missing"))
    items: int = 0
    alpha: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")
    against: tuple[str, ...] = ()
    roles: tuple[RoleScore, ...] = ()
    change: Change = field(default_factory=lambda: Change("unpaired", reason="too_few_answers"))
    state: str = "not_asked"


@dataclass(frozen=True)
class Confidence:
    """How sure people felt of a tool before its training and after it; `tool` OTHERS: those of few people together."""

    tool: str
    change: Change


@dataclass(frozen=True)
class Answered:
    """A concern with its answer, as may be shown to all staff; `topic` is '' where the reader gets the answer alone."""

    topic: str
    answer: str
    on: pd.Timestamp


def buy_in(group: Group, practice: str, period: pd.Period, store: Store) -> BuyIn:
    """What the staff say of it in the newest wave up to the end of `period`; a wave is what came in one such period."""
    rows = register_rows(store, SURVEY_ANSWERS, practice, period.end_time.normalize())
    rows = rows[(rows["survey"] == "staff") & rows["question"].astype("str").str.startswith(QUESTIONS)]
    if rows.empty:
        return BuyIn()
    least = _least(group)
    at = rows["answered_at"].dt.to_period(period.freqstr)
    waves = sorted(at.unique())
    answers = {wave: _answers(rows[at == wave]) for wave in waves[-2:]}
    newest, scores = waves[-1], {wave: items.mean(axis=1) for wave, items in answers.items()}
    now = scores[newest]
    if not _may_show(now, least):
        return BuyIn(wave=str(newest), state="too_few")
    scale = cronbach(answers[newest])
    before = waves[-2] if len(waves) > 1 and _may_show(scores[waves[-2]], least) else None
    return BuyIn(
        wave=str(newest),
        before="" if before is None else str(before),
        score=_mean(now),
        items=answers[newest].shape[1],
        alpha=scale.raw,
        lower=scale.lower,
        upper=scale.upper,
        against=scale.against,
        roles=_roles(now, _role_of(rows[at == newest]), least),
        change=BuyIn().change if before is None else _change(scores[before], now, least),
        state="",
    )


def confidence(group: Group, practice: str, through: pd.Timestamp, store: Store) -> tuple[Confidence, ...]:
    """Confidence before and after trainings of a tool in the last year; tools of too few people together, or none."""
    rows = of_year(store, TRAININGS, practice, through)
    rows = rows.dropna(subset=["tool", "confidence_before", "confidence_after"])
    rows = rows.drop_duplicates(["staff_id", "tool"], keep="last")
    least = _least(group)
    tools = rows["tool"].map(together(rows["tool"].value_counts().to_dict(), least))
    found = []
    for tool, own in rows.groupby(tools):
        once = own.drop_duplicates("staff_id", keep="last").set_index("staff_id")
        first, last = (once[f"confidence_{when}"].astype("float64") for when in ("before", "after"))
        if _may_show(first, least) and _may_show(last, least) and not _alike(last - first):
            found.append(Confidence(str(tool), score_change(first, last)))
    return tuple(found)


def answered(group: Group, practice: str, through: pd.Timestamp, store: Store) -> tuple[Answered, ...]:
    """The newest concerns of the last year that were answered. The table lets all staff see them, nobody further."""
    audience = group.shared.audience
    if audience not in ("leadership", "staff"):
        return ()
    rows = register_rows(store, CONCERNS, practice, through).dropna(subset=["answered_at", "answer"])
    rows = rows[rows["answered_at"] > through - YEAR].sort_values("answered_at", ascending=False, kind="stable")
    topic = rows["topic"].fillna("") if audience not in GUARDED else ""
    told = rows.assign(topic=topic).drop_duplicates(["topic", "answer"]).head(LATEST)
    return tuple(Answered(str(r.topic), str(r.answer), pd.Timestamp(r.answered_at)) for r in told.itertuples())


def _least(group: Group) -> int:
    return FEWEST if group.shared.audience in GUARDED else FEWEST_ANSWERS


def _answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Person × question, the last answer each."""
    last = rows.drop_duplicates(["respondent_id", "question"], keep="last")
    return last.pivot(index="respondent_id", columns="question", values="answer").astype("float64")


def _role_of(rows: pd.DataFrame) -> pd.Series:
    """Each person's role, OTHERS where it is not told."""
    return rows.groupby("respondent_id")["role"].last().fillna(OTHERS)


def _mean(scores: pd.Series) -> Interval:
    return mean(float(scores.sum()), float((scores**2).sum()), len(scores))


def _alike(scores: pd.Series) -> bool:
    """Whether all of a few say the same, which tells what each of them said."""
    return len(scores) < UNANIMOUS_BELOW and scores.round(9).nunique() == 1


def _may_show(scores: pd.Series, least: int) -> bool:
    return len(scores) >= least and not _alike(scores)


def _roles(scores: pd.Series, roles: pd.Series, least: int) -> tuple[RoleScore, ...]:
    """The roles compared, those of too few answers together; none where they are all in one, or one is all alike."""
    labels = roles.reindex(scores.index).map(together(roles.value_counts().to_dict(), least))
    if labels.nunique() < 2 or any(_alike(own) for _, own in scores.groupby(labels)):
        return ()
    return tuple(role_differences(scores, labels).roles.values())


def _change(before: pd.Series, now: pd.Series, least: int) -> Change:
    """Since the wave before; the same people are paired only where nobody is left over, or enough to hide in, and not
    where all of a few moved by as much."""
    both = before.index.intersection(now.index)
    left = [len(wave) - len(both) for wave in (before, now)]
    safe = len(both) >= least and all(n == 0 or n >= least for n in left) and not _alike((now - before)[both])
    return score_change(before, now, anonymous=not safe)
