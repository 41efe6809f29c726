"""What a card says of its KPI in a word: whether it varies by more than chance, whether chance alone can meet its
target, or why there is no value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from bsc_analysis.charts import icon
from bsc_analysis.periods import grain_of, parts_in
from bsc_analysis.report import completed
from bsc_analysis.words import say

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card

# Exceptions first.
ORDER = (
    *("concern", "improvement", "high", "low", "none"),
    *("flat", "running", "too_few", "refused", "open", "no_value"),
)
JUDGED = ("improvement", "concern", "high", "low", "none")
CLASSES = {"improvement": "better", "concern": "worse", "high": "other", "low": "other"}
ASSURED = {"met": "better", "missed": "worse"}


@dataclass(frozen=True)
class Sign:
    """An icon, its word, and the class of the style sheet that colours both."""

    icon: Markup
    word: str
    css: str


def word(card: Card) -> str:
    """The key of the word that judges the KPI, one of ORDER."""
    if not card.has_value:
        return "no_value"
    if card.runs_out:
        return "running"
    return "open" if card.reading["state"] == "immature" else card.variation.latest


def state(card: Card) -> str:
    """Why there is no value of the report's period, or none to build on, in words."""
    if card.runs_out:
        return completed.state(card)
    reading = card.reading
    n = int(reading["n"]) if pd.notna(reading["n"]) else 0
    there, parts = _parts(card)
    alone = "_one" if reading["state"] == "immature" and parts == 1 else ""
    facts = {"n": n, "least": card.kpi.least_n, "there": there, "parts": parts, "unit": card.period_unit}
    return say(f"state.{reading['state']}{alone}", **facts)


def judged(card: Card) -> bool:
    """Whether its newest point says something of the report's period."""
    v = card.variation
    return card.word in JUDGED and v.as_of is not None and v.as_of.end_time >= card.seen.period.start_time


def calm(card: Card) -> bool:
    """Whether nothing asks for attention: no change beyond chance, and no target that chance alone never meets."""
    return card.word not in CLASSES and assurance(card) != "missed"


def in_words(card: Card) -> str:
    """The word, as it stands beside its icon."""
    if card.word == "running":
        return completed.verdict(card)
    v = card.variation
    return say(f"word.{card.word}", n=v.count, needed=v.needed, unit=card.unit)


def verdict(card: Card) -> str:
    """The word, after an arrow that shows where the number went."""
    if card.word not in JUDGED:
        return in_words(card)
    arrow = {1: "up", -1: "down"}.get(way(card), "flat")
    return f"{say(f'arrow.{arrow}')} {in_words(card)}"


def way(card: Card) -> int:
    """Where the KPI's number went: 1 up, −1 down; on a chart of rare events it falls while these come more seldom."""
    return -card.variation.side if card.varied.choice.because == "rare_events" else card.variation.side


def variation(card: Card) -> str:
    """How it varies, as its icon and the matrix tell it: one of JUDGED, or 'untold'."""
    return card.word if card.word in JUDGED else "untold"


def assurance(card: Card) -> str:
    """'missed', 'hit_and_miss', 'met'; 'no_target'; 'open_target' where there is one, but nothing to tell of it."""
    if card.seen.choice(card.id).target is None:
        return "no_target"
    return card.variation.assurance if card.variation.assurance != "none" else "open_target"


def signs(card: Card) -> list[Sign]:
    """How it varies, and whether it meets its target."""
    varies, meets = variation(card), assurance(card)
    return [
        Sign(icon(varies, way(card)), in_words(card), card.css),
        Sign(icon(meets), say(f"assured.{meets}"), ASSURED.get(meets, "common")),
    ]


def _parts(card: Card) -> tuple[int, int]:
    """How many periods of the group's grain are complete within the report's, and how many it has."""
    series, period = card.seen.series(card.id), card.seen.period
    inside = series[(series.index.start_time >= period.start_time) & (series.index.end_time <= period.end_time)]
    return int(inside["complete"].sum()), parts_in(card.seen.group.shared.grain, grain_of(period))
