"""The KPIs of a perspective by how they vary and whether they meet their targets, and how many flags chance makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bsc_analysis.charts import icon
from bsc_analysis.disclosure import Disclosed
from bsc_analysis.report import judgement
from bsc_analysis.report.card import Card
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import listed, number, say

VARIES = ("concern", "improvement", "high", "low", "none", "untold")  # exceptions first
MEETS = ("missed", "hit_and_miss", "met", "open_target", "no_target")
FLAGS = ("concern", "improvement", "high", "low")
WITHOUT_LIMITS = ("too_few", "flat", "refused")
LEAST_TOLD = 0.05  # flags to expect; fewer would be written as 0.0


@dataclass(frozen=True)
class Row:
    """The KPIs that vary in one way: a list of cards for each column."""

    icon: Markup
    title: str
    css: str
    cells: list[list[Card]]


def matrix(seen: Disclosed, cards: Sequence[Card], *, first: bool) -> Part:
    """The matrix of these cards, without rows and columns that are empty; with `first`, how to read it."""
    meets = {card.id: judgement.assurance(card) for card in cards}
    varies = {card.id: judgement.variation(card) for card in cards}
    columns = [kind for kind in MEETS if kind in meets.values()]
    rows = []
    for kind in VARIES:
        inside = [card for card in cards if varies[card.id] == kind]
        if inside:
            cells = [[card for card in inside if meets[card.id] == column] for column in columns]
            rows.append(Row(icon(kind), say(f"varied.{kind}"), judgement.CLASSES.get(kind, "common"), cells))
    heads = [(icon(kind), say(f"assured.{kind}")) for kind in columns]
    text = "\n".join(
        say("matrix.cell", varies=row.title, meets=head, kpis=listed(card.told("title") for card in cell))
        for row in rows
        for (_, head), cell in zip(heads, row.cells, strict=True)
        if cell
    )
    chance = by_chance(seen) if first else ""
    return part("matrix", text=text, heads=heads, rows=rows, first=first, chance=chance)


def by_chance(seen: Disclosed) -> str:
    """How many KPIs of the report chance would flag if nothing had changed, and how many are; '' where none can be
    judged."""
    found = [v.latest for v in seen.variation.values() if v.latest not in WITHOUT_LIMITS]
    if not found:
        return ""
    expected = seen.false_flags.expected
    some = "some" if expected >= LEAST_TOLD else "hardly"
    flagged = sum(latest in FLAGS for latest in found)
    return say(f"matrix.chance.{some}", n=len(found), expected=number(expected, 1), flagged=flagged)
