"""A KPI's charts, from what its card knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.charts import Chart, control_chart, sparkline
from bsc_analysis.kpis.kpi import Quantile, Ratio
from bsc_analysis.words import month, period, say
from bsc_analysis.words.numbers import bare

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card

MOST_LABEL = 70  # characters; a longer one would leave the chart, and the sentence beside it says it anyway


def points(card: Card) -> pd.DataFrame:
    """The series to draw: the variation's points, with values that may still change (`open`) among them."""
    series = card.seen.series(card.id)
    still_open = series["state"] == "immature"
    drawn = card.variation.points
    value = drawn["value"].fillna(series["value"].where(still_open))
    limits = {side: drawn[side].clip(*_possible(card)) for side in ("lower", "upper")}
    return drawn.assign(value=value, open=still_open.to_numpy(), **limits)


def chart(card: Card) -> Chart:
    """The control chart; its alternative text is the card's finding."""
    target = card.seen.choice(card.id).target
    alt = say(
        "card.alt",
        title=card.told("title"),
        value=card.value,
        period=period(card.seen.period),
        word=card.verdict,
        sentence=card.sentences[0],
    )
    drawn = points(card)
    return control_chart(
        drawn,
        name=f"chart-{card.id}",
        alt=alt,
        label=lambda value: bare(value, card.kpi.unit, card.kpi.decimals),
        tick=period,
        target=(target.value, card.target) if target else None,
        breaks=_breaks(card),
        value=_last(card, drawn),
    )


def _possible(card: Card) -> tuple[float | None, float | None]:
    """The least and the greatest value that the KPI can have, so that no band is drawn beyond; None: no bound."""
    share = isinstance(card.kpi, Ratio) and card.kpi.interval == "proportion"
    counted = share or isinstance(card.kpi, Quantile) or (isinstance(card.kpi, Ratio) and card.kpi.interval == "count")
    return (0.0 if counted else None), (card.kpi.scale if share else None)


def spark(card: Card) -> Chart:
    """The series without words."""
    return sparkline(points(card), name=f"spark-{card.id}")


def _breaks(card: Card) -> list[tuple[pd.Period, str]]:
    """What the chart writes at a break: the reason where there is one break and room for it, else the period."""
    told = [(at, say("card.break", because=because, period=period(at))) for at, because in card.breaks]
    return [(at, text if len(told) == 1 and len(text) <= MOST_LABEL else period(at)) for at, text in told]


def _last(card: Card, drawn: pd.DataFrame) -> str:
    """The newest point's value, with its month where the card's big number is of a longer period."""
    seen = drawn["value"].dropna()
    if seen.empty:
        return ""
    value, when = card.written(seen.iloc[-1]), month(seen.index[-1])
    return say("card.last", month=when, value=value) if when else value
