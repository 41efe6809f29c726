"""A KPI's charts, from what its card knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bsc_analysis.charts import Chart, control_chart, sparkline
from bsc_analysis.report import charted
from bsc_analysis.words import month, period, say
from bsc_analysis.words.numbers import bare

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card

MOST_LABEL = {False: 70, True: 40}  # characters beside a wide or a small chart; a longer one would leave it
LIMITS = ["lower", "centre", "upper"]
PLAIN = {"segment": 0, "lower": np.nan, "centre": np.nan, "upper": np.nan, "rule": "", "side": 0, "word": "none"}


def points(card: Card) -> pd.DataFrame:
    """What to draw: the variation's points and whether each may still change (`open`).

    Of rare events a row for each stretch between them, with the period `at` which it ended. Else a row for each period
    from the first value on, as it was counted: what was taken out moves the limits instead, by as much.
    """
    drawn = card.variation.points
    if card.varied.between and not drawn.empty:
        return drawn.assign(open=False)
    values = by_period(card)
    if card.varied.between or drawn.empty:
        return values
    limits = drawn[LIMITS]
    less = card.varied.adjusted
    if less is not None and less.out != "nothing":
        limits = limits.add(values["value"] - drawn["value"], axis=0)
    limits = limits.assign(**{side: limits[side].clip(*card.kpi.possible) for side in ("lower", "upper")})
    rest = drawn.drop(columns=["value", *LIMITS]).join(limits).reindex(values.index)
    return values[["value", "open"]].join(rest)


def by_period(card: Card) -> pd.DataFrame:
    """The series without limits, from its first value on: what can be built on, and what may still change (`open`)."""
    series = card.seen.series(card.id)
    still_open = series["state"] == "immature"
    value = series["value"].where(card.seen.usable(card.id) | still_open)
    frame = pd.DataFrame({"value": value, "open": still_open}).assign(**PLAIN)
    return frame.loc[value.first_valid_index() :]


def chart(card: Card) -> Chart:
    """The control chart; its alternative text is the card's finding."""
    alt = say(
        "card.alt",
        title=card.told("title"),
        value=card.bare_value if card.has_value else card.value,
        period=period(card.at),
        word=card.verdict,
        sentence=card.sentences[0],
    )
    drawn = points(card)
    labelled = _labelled(card, drawn)
    unit, decimals = ("", 0) if "at" in drawn else (card.kpi.unit, card.kpi.decimals)
    return control_chart(
        drawn,
        name=f"chart-{card.id}",
        alt=alt,
        label=lambda value: bare(value, unit, decimals),
        tick=period,
        target=charted.target(card),
        breaks=_breaks(card, drawn),
        value=_last(card, drawn, labelled),
        value_at=labelled,
        small=card.calm,
    )


def spark(card: Card) -> Chart:
    """The series without words; of what runs out only what is mature, where anything is."""
    drawn = points(card)
    if "at" in drawn:  # beside a rate, the stretches between events would go the other way
        drawn = by_period(card)
    firm = drawn[~drawn["open"]] if card.runs_out and not drawn["open"].all() else drawn
    return sparkline(firm, name=f"spark-{card.id}")


def _breaks(card: Card, drawn: pd.DataFrame) -> list[tuple[object, str]]:
    """Before which point each break lies, and what the chart writes there: the reason where there is one break and room
    for it, else the period."""
    when = pd.PeriodIndex(drawn["at"]) if "at" in drawn else drawn.index
    told = [(at, say("card.break", because=because, period=period(at))) for at, because in card.breaks]
    short = [(at, text if len(told) == 1 and len(text) <= MOST_LABEL[card.calm] else period(at)) for at, text in told]
    return [(drawn.index[when >= at][0], text) for at, text in short if (when < at).any() and (when >= at).any()]


def _labelled(card: Card, drawn: pd.DataFrame) -> object | None:
    """The point whose value stands beside the chart: the newest; of what runs out, the newest that is mature."""
    seen = drawn.loc[~(drawn["open"] & card.runs_out), "value"].dropna()
    return None if seen.empty else seen.index[-1]


def _last(card: Card, drawn: pd.DataFrame, at) -> str:
    """That point's value, with its month where the card's big number is of a longer period."""
    if at is None:
        return ""
    if "at" in drawn:
        return charted.amount(card, drawn["value"][at])
    value, when = card.written(drawn["value"][at]), month(at)
    return say("card.last", month=when, value=value) if when else value
