"""How the practices of a group are led, side by side: reviews, reports acknowledged, how far staff are behind it."""

from __future__ import annotations

from dataclasses import dataclass

from bsc_analysis.disclosure import DisclosedGroup, Led
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import beside, interval, number, period, say


@dataclass(frozen=True)
class Row:
    """One practice: its name, or its number, and a cell for each column."""

    name: str
    cells: tuple[str, ...]


def people(seen: DisclosedGroup) -> Part:
    """A line per practice of which anything is known; a sentence where nothing is."""
    known = [each for each in seen.led if each.known]
    rows = [_row(seen, each, i) for i, each in enumerate(known, start=1)]
    silent = len(seen.led) - len(known)
    if not rows:
        return part("portfolio_people", text=say("people.none"), rows=[], notes=[say("people.none")])
    notes = [*([say("led.silent", n=silent)] if silent else []), *([say("led.unnamed")] if seen.guarded else [])]
    text = "\n".join(f"{row.name}: {beside(row.cells)}" for row in rows)
    return part("portfolio_people", text=text, rows=rows, notes=[*notes, say("led.how")])


def _row(seen: DisclosedGroup, one: Led, place: int) -> Row:
    counts = [one.held, one.reviews, one.acknowledged]
    told = [say("people.of", count=c.count, of=c.of) if c and c.of else say("people.not_seen") for c in counts]
    return Row(one.practice or say("across.number", n=place), (*told, _buy_in(seen, one)))


def _buy_in(seen: DisclosedGroup, one: Led) -> str:
    """'3.4 (3.1–3.7), n 18, 2026 Q1'."""
    if not one.wave:
        return say("people.not_seen")
    score, wave = one.buy_in, period(seen.group.calendar.parse(one.wave))
    within = interval(score.lower, score.upper, "", 1)
    return say("led.buy_in", mean=number(score.value, 1), interval=within, n=int(score.n), wave=wave)
