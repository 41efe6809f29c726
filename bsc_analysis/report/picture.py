"""A KPI's charts, from what its card knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.charts import Chart, control_chart, sparkline
from bsc_analysis.words import month, period, say
from bsc_analysis.words.numbers import bare

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card

MOST_LABEL = 70  # characters; a longer one would leave the chart, and the sentence beside it says it anyway


def points(card: Card) -> pd.DataFrame:
    """The series to draw, from its first value on: the variation's, and among them what may still change (`open`)."""
    series = card.seen.series(card.id)
    still_open = series["state"] == "immature"
    drawn = card.variation.points
    value = drawn["value"].fillna(series["value"].where(still_open))
    limits = {side: drawn[side].clip(*card.kpi.possible) for side in ("lower", "upper")}
    return drawn.assign(value=value, open=still_open.to_numpy(), **limits).loc[value.first_valid_index() :]


def chart(card: Card) -> Chart:
    """The control chart; its alternative text is the card's finding."""
    target = card.seen.choice(card.id).target
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
    return control_chart(
        drawn,
        name=f"chart-{card.id}",
        alt=alt,
        label=lambda value: bare(value, card.kpi.unit, card.kpi.decimals),
        tick=period,
        target=(target.value, card.target) if target else None,
        breaks=[(at, text) for at, text in _breaks(card) if at > drawn.index[0]],
        value=_last(card, drawn, labelled),
        value_at=labelled,
    )


def spark(card: Card) -> Chart:
    """The series without words; of what runs out only what is mature, where anything is."""
    drawn = points(card)
    firm = drawn[~drawn["open"]] if card.runs_out and not drawn["open"].all() else drawn
    return sparkline(firm, name=f"spark-{card.id}")


def _breaks(card: Card) -> list[tuple[pd.Period, str]]:
    """What the chart writes at a break: the reason where there is one break and room for it, else the period."""
    told = [(at, say("card.break", because=because, period=period(at))) for at, because in card.breaks]
    return [(at, text if len(told) == 1 and len(text) <= MOST_LABEL else period(at)) for at, text in told]


def _labelled(card: Card, drawn: pd.DataFrame) -> pd.Period | None:
    """The point whose value stands beside the chart: the newest; of what runs out, the newest that is mature."""
    seen = drawn.loc[~(drawn["open"] & card.runs_out), "value"].dropna()
    return None if seen.empty else seen.index[-1]


def _last(card: Card, drawn: pd.DataFrame, at: pd.Period | None) -> str:
    """That point's value, with its month where the card's big number is of a longer period."""
    if at is None:
        return ""
    value, when = card.written(drawn["value"][at]), month(at)
    return say("card.last", month=when, value=value) if when else value
