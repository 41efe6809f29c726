"""The numbers behind a tested link, side by side: all practices, this one, and what came since it was declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from bsc_analysis.report import described
from bsc_analysis.report.effect import Step, chance
from bsc_analysis.words import commas, count, say

if TYPE_CHECKING:
    from bsc_analysis.disclosure import Verdict
    from bsc_analysis.report.linked import Linked


@dataclass(frozen=True)
class Numbers:
    """A table: its `columns`, and rows of a label and one text per column, or one across them all."""

    columns: list[str]
    rows: list[tuple[str, list[str]]]


def numbers(linked: Linked) -> Numbers | None:
    """The table of one link, without rows that have nothing to tell; None where nothing was tested."""
    t, step = linked.tested, linked.step
    if step is None:
        return None
    told = {"group": t.group, "own": t.own, "since": t.since}
    shown = {name: v for name, v in told.items() if v is not None and v.tested}
    none = say("value.none")
    rows = []
    for key, tell in _tellers(step).items():
        texts = [tell(v) or none for v in shown.values()]
        if any(text != none for text in texts):
            rows.append((say(f"numbers.{key}", step=step.text, **linked.facts), texts))
    rows += [] if linked.alone else [(label, [text]) for label, text in described.rows(linked)]
    return Numbers([say(f"numbers.{name}") for name in shown], rows)


def _tellers(step: Step) -> dict[str, Callable[[Verdict], str]]:
    """What each row says of a verdict; '' where it has nothing to say."""

    def effect(value: float) -> str:
        return step.amount(value) if isfinite(value) else ""

    def share(value: float | None) -> str:
        return "" if value is None or not isfinite(value) else say("numbers.percent", value=count(100 * value))

    return {
        "answer": lambda v: say(f"answer.{v.answer}"),
        "effect": lambda v: step.whole(v.effect, v.interval),
        "lag": lambda v: str(v.lag),
        "lags": lambda v: commas(str(lag) for lag in v.lags_tested),
        "cumulative": lambda v: effect(v.cumulative),
        "shrunken": lambda v: effect(v.shrunken),
        "same_period": lambda v: effect(v.same_period),
        "smallest": lambda v: effect(abs(v.smallest_effect)),
        "q": lambda v: chance(v.q_value),
        "leads": lambda v: chance(v.p_leads),
        "forecasts": lambda v: chance(v.p_forecasts),
        "same": lambda v: chance(v.p_same_period),
        "feedback": lambda v: chance(v.feedback),
        "plain": lambda v: chance(v.plain),
        "gain": lambda v: share(v.gain),
        "placebo": lambda v: share(v.placebo_rate),
        "practices": lambda v: count(v.practices),
        "points": lambda v: count(v.points),
    }
