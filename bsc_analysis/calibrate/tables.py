"""Tables of rates in Markdown: designs × sizes, in per cent, those that miss their bar marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bsc_analysis.calibrate import naive
from bsc_analysis.calibrate.cells import MEAN_SIZE, Bar, Cell

OPEN, MISSED = "–", "✗"
LINKS = 10  # of an imagined scorecard


@dataclass(frozen=True)
class Result:
    """A cell and what it found (see measure.measured, demo_group.measured); None while it is not finished."""

    cell: Cell
    counts: dict[str, Any] | None

    def rate(self, measure: str) -> float:
        return (self.counts or {}).get(measure, 0) / self.cell.repetitions

    def bar(self, measure: str) -> Bar | None:
        return dict(self.cell.bars).get(measure)

    def misses(self, measure: str) -> bool:
        bar = self.bar(measure)
        return bool(self.counts and bar and bar.missed(self.rate(measure), self.cell.repetitions))

    def shown(self, measure: str, with_bar: bool = False) -> str:
        if self.counts is None:
            return OPEN
        untold, bar = self.rate("untold"), self.bar(measure)
        text = _percent(self.rate(measure), self.misses(measure))
        text += f" (≥ {100 * bar.lowest:.0f})" if with_bar and bar else ""
        return text + (f", {100 * untold:.0f} untold" if untold else "")


def grid(results: list[Result], names: Iterable[str], measure: str, means: bool = False, with_bar: bool = False) -> str:
    """The measure's rates, a row for each name, a column for each size; blank where a design has no such size.

    `means`: their rows below, of each size and of all; the latter against its bar, where the cells have one.
    """
    names = [name for name in names if any(name == r.cell.name for r in results)]
    if not names:
        return OPEN
    columns = sizes(r for r in results if r.cell.name in names)
    rows = []
    for name in names:
        own = {heading(r.cell): r.shown(measure, with_bar) for r in results if r.cell.name == name}
        rows.append([name, *(own.get(column, "") for column in columns)])
    if means:
        among = [r for r in results if r.cell.name in names and r.counts is not None]
        rows.append(["*mean*", *(_mean([r for r in among if heading(r.cell) == c], measure) for c in columns)])
        barred = any(r.bar(measure) for r in results)
        title, highest = (f", at most {100 * MEAN_SIZE:.0f}", MEAN_SIZE) if barred else ("", 1.0)
        rows.append([f"*mean of all{title}*", _mean(among, measure, highest), *[""] * (len(columns) - 1)])
    return table(["", *columns], rows)


def beside(tests: list[Result], untested: list[Result], names: Iterable[str]) -> str:
    """Our rate and those of the naive tests, a row for each name: the mean over its sizes, and the worst of them."""
    methods = naive.SINGLE if tests and tests[0].cell.size.practices == 1 else naive.GROUP
    rows = []
    for name in names:
        ours, theirs = ([r for r in of if r.cell.name == name and r.counts is not None] for of in (tests, untested))
        rates = [_and_worst(ours, "p_forecasts"), _and_worst(ours, "p_leads")]
        rows.append([name, *rates, *(_and_worst(theirs, method) for method in methods)])
    return table(["", "ours, forecasts", "ours, leads", *methods], rows)


def false_findings(tests: list[Result], untested: list[Result], names: Iterable[str]) -> str:
    """What LINKS links, none of them real, would bring at 5 % each: how many findings, and how often any at all."""
    methods = naive.SINGLE if tests and tests[0].cell.size.practices == 1 else naive.GROUP
    asked = [("ours, forecasts", tests, "p_forecasts"), ("ours, leads", tests, "p_leads")]
    rows = []
    for title, of, measure in [*asked, *((method, untested, method) for method in methods)]:
        rates = [r.rate(measure) for r in of if r.cell.name in set(names) and r.counts is not None]
        rate = sum(rates) / len(rates) if rates else None
        told = [OPEN, OPEN] if rate is None else [f"{LINKS * rate:.1f}", f"{100 * (1 - (1 - rate) ** LINKS):.0f}"]
        rows.append([title, *told])
    return table(["", f"false findings among {LINKS} links", "scorecards with at least one, %"], rows)


def heading(cell: Cell) -> str:
    """Of the cell's column: the length of a single practice's series; practices × periods of a group."""
    size = cell.size
    return str(size) if size.practices == 1 else f"{size.practices} × {size.periods}"


def sizes(results: Iterable[Result]) -> list[str]:
    ordered = sorted(results, key=lambda r: (r.cell.size.practices, r.cell.size.periods))
    return list(dict.fromkeys(heading(r.cell) for r in ordered))


def _mean(results: list[Result], measure: str, highest: float = 1.0) -> str:
    if not results:
        return OPEN
    rate = sum(r.rate(measure) for r in results) / len(results)
    return _percent(rate, rate > highest)


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _percent(rate: float, missed: bool) -> str:
    return f"**{100 * rate:.1f}** {MISSED}" if missed else f"{100 * rate:.1f}"


def _and_worst(results: list[Result], measure: str) -> str:
    if not results:
        return OPEN
    rates = [r.rate(measure) for r in results]
    return f"{100 * sum(rates) / len(rates):.1f} ({100 * max(rates):.1f})"
