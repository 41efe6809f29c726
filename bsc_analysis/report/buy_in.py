"""How far the staff are behind what changes, and how sure of a tool: what their means say, and what they do not."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.charts import Chart, dots
from bsc_analysis.disclosure import OTHERS, BuyIn, Confidence, Disclosed
from bsc_analysis.report.meaning import ALPHA
from bsc_analysis.words import interval, listed, number, period, say

RELIABLE = 0.7  # of Cronbach's alpha: what a scale for groups should reach
APART = ("lower", "higher")
ROLES = ("provider", "nurse", "admin", "billing", "IT", "other")  # those that have a word of their own


def role_named(role: str) -> str:
    """A role in words, as it was typed where there are none; or the small ones together."""
    if role == OTHERS:
        return say("people.other_roles")
    return say(f"people.role_name.{role}") if role in ROLES else role


def sentences(seen: Disclosed, told: BuyIn) -> list[str]:
    """What the newest wave says, the change since the one before, the roles that differ, and how far to trust it."""
    if told.state:
        few = told.state == "too_few"
        return [say("people.buy_in_few", wave=_wave(seen, told.wave)) if few else say("people.buy_in_none")]
    score = told.score
    facts = {"wave": _wave(seen, told.wave), "n": int(score.n), "mean": number(score.value, 1)}
    return [
        say("people.buy_in", interval=_within(score.lower, score.upper), **facts),
        *_since(seen, told),
        *_differences(told),
        _scale(told),
        *([say("people.against", items=listed(told.against))] if told.against else []),
    ]


def picture(seen: Disclosed, told: BuyIn) -> Chart | None:
    """A dot with its interval per role, the lowest first; None where no roles are shown."""
    if not told.roles:
        return None
    drawn = sorted(told.roles, key=lambda role: role.own.value)
    rows = pd.DataFrame(
        [(role_named(r.role), r.own.value, r.own.lower, r.own.upper, int(r.own.n), r.answer in APART) for r in drawn],
        columns=["group", "value", "lower", "upper", "n", "apart"],
    )
    each = listed(
        say("people.dots.row", role=r.group, mean=number(r.value, 1), interval=_within(r.lower, r.upper), n=r.n)
        for r in rows.itertuples()
    )
    finding, mean = " ".join(_differences(told)), number(told.score.value, 1)
    return dots(
        rows.assign(group=[say("people.dots.group", role=r.group, n=r.n) for r in rows.itertuples()]),
        mean=told.score.value,
        name="buy-in",
        alt=say("people.dots.alt", wave=_wave(seen, told.wave), mean=mean, finding=finding, told=each),
        words={key: say(f"people.dots.{key}") for key in ("mean", "dark")},
        label=lambda value: number(value, 1),
    )


def confidence(told: Confidence) -> str:
    """'Phone agent: from 4.5 to 6.4 of 10 in 28 people, a change of +1.9 (1.5–2.3) …'."""
    change = told.change
    facts = {
        "tool": say("people.other_tools") if told.tool == OTHERS else told.tool,
        "before": number(change.before, 1),
        "after": number(change.after, 1),
        "n": change.n_after,
    }
    if change.reason:
        return say("people.confidence_alike", **facts)
    within = _within(change.lower, change.upper)
    return say("people.confidence", change=_signed(change.change), interval=within, **facts)


def _since(seen: Disclosed, told: BuyIn) -> list[str]:
    """How it changed since the wave before; nothing without one."""
    change = told.change
    if not told.before or change.reason not in ("", "all_alike"):
        return []
    facts = {"before": _wave(seen, told.before), "change": number(abs(change.change), 1)}
    if change.reason:
        return [say("people.since.alike", **facts)]
    real = change.p is not None and change.p <= ALPHA
    way = ("up" if change.change > 0 else "down") if real else "same"
    return [say(f"people.since.{way}", interval=_within(change.lower, change.upper, turned=way == "down"), **facts)]


def _differences(told: BuyIn) -> list[str]:
    """The roles that differ from all others, the lower ones first; or that none does, or may be shown."""
    if not told.roles:
        return [say("people.no_roles")]
    apart = sorted((r for r in told.roles if r.answer in APART), key=lambda role: role.difference)
    return [
        say(
            f"people.role.{r.answer}",
            role=role_named(r.role),
            difference=number(abs(r.difference), 1),
            interval=_within(r.lower, r.upper, turned=r.answer == "lower"),
        )
        for r in apart
    ] or [say("people.alike")]


def _scale(told: BuyIn) -> str:
    """Whether the questions hang together, so that their mean is one thing."""
    if pd.isna(told.alpha):
        return say("people.alpha.few")
    word = "together" if told.lower >= RELIABLE else "apart" if told.upper < RELIABLE else "unsure"
    within = interval(told.lower, told.upper, "", 2)
    return say(f"people.alpha.{word}", n=told.items, alpha=number(told.alpha, 2), interval=within)


def _within(lower: float, upper: float, *, turned: bool = False) -> str:
    """An interval; `turned`: of the amount by which it is less."""
    return interval(-upper, -lower, "", 1) if turned else interval(lower, upper, "", 1)


def _signed(change: float) -> str:
    return ("+" if round(change, 1) > 0 else "") + number(change, 1)


def _wave(seen: Disclosed, text: str) -> str:
    return period(seen.group.calendar.parse(text))
