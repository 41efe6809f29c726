"""docs/calibration.md from finished cells: the same cells give the same bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bsc_analysis.calibrate import demo_section, fan_cells, trial_tables
from bsc_analysis.calibrate.cells import GROUP_SIZE, MEAN_SIZE, SINGLE_SIZE, Cell
from bsc_analysis.calibrate.designs import NULLS, SAME_PERIOD, TOGETHER
from bsc_analysis.calibrate.group_designs import GROUP_NULLS
from bsc_analysis.calibrate.tables import MISSED, OPEN, Result, beside, false_findings, grid

PROSE = Path(__file__).with_name("prose.md")


def page(found: list[tuple[Cell, dict[str, Any] | None]], tried: trial_tables.Found = ()) -> str:
    """The page in Markdown; cells and trials without counts show as open."""
    results, say = [Result(*each) for each in found], _prose()
    demo = [r for r in results if r.cell.asks == "demo"]
    fans = [r for r in results if r.cell.asks == "fan"]
    drawn = [r for r in results if r.cell.asks not in ("demo", "fan")]
    single, group = [[r for r in drawn if (r.cell.size.practices > 1) == many] for many in (False, True)]
    beyond = [*demo_section.missed(demo), *trial_tables.missed(tried)]
    parts = [say["head"], _standing(results, beyond, tried), say["how"], _repeated([*drawn, *fans])]
    parts += ["## One practice", say["one"], *_tables(single, list(NULLS), SINGLE_SIZE, say)]
    parts += ["## A group of practices", say["group"], *_tables(group, list(GROUP_NULLS), GROUP_SIZE, say)]
    if fans:
        parts += ["## Goals' forecasts", say["fans"], *fan_cells.tables(fans)]
    if demo:
        planted, unplanted = demo_section.tables(demo)
        parts += [f"## The demo group, {len(demo)} seeds", say["demo"], planted, say["unplanted"], unplanted]
    parts += [say["designs"], *(trial_tables.sections(tried, say) if tried else [])]
    return "\n\n".join(parts) + "\n"


def _tables(results: list[Result], nulls: list[str], highest: float, say: dict[str, str]) -> list[str]:
    by = {asks: [r for r in results if r.cell.asks == asks] for asks in ("test", "naive", "coverage", "twice")}
    every = [*nulls, *SAME_PERIOD]
    bar = f"Bar: at most {100 * highest:.0f} % in each cell."
    parts = ["### Where nothing helps to forecast: found all the same, %", bar]
    parts += [grid(by["test"], nulls, "p_forecasts", means=True)]
    parts += ["### Where nothing leads: found all the same, %", bar, grid(by["test"], every, "p_leads", means=True)]
    apart = [name for name in every if name not in TOGETHER]
    parts += ["### Where nothing moves together: found all the same, %", say["together"]]
    parts += [grid(by["test"], apart, "p_same_period", means=True)]
    parts += ["### Effects that are there: found, %", say["power"]]
    parts += [grid(by["test"], _others(by["test"], every), "p_forecasts", with_bar=True)]
    for asks, measure, title in (
        ("coverage", "all_lags", "Intervals of all lags hold the truth, %"),
        ("coverage", "chosen_lag", "The interval of the lag that is shown holds the truth, %"),
        ("twice", "found", "Effects of twice the smallest: found with the right sign, %"),
        ("twice", "right_lag", "Effects of twice the smallest: found with the right lag, %"),
    ):
        parts += [f"### {title}", say[measure], grid(by[asks], _others(by[asks], ()), measure)]
    parts += ["### The naive tests on the same data, %", say["naive"], beside(by["test"], by["naive"], nulls)]
    return [
        *parts,
        "### On a scorecard of links that are none",
        say["none"],
        false_findings(by["test"], by["naive"], nulls),
    ]


def _others(results: list[Result], known: list[str] | tuple) -> list[str]:
    return list(dict.fromkeys(r.cell.name for r in results if r.cell.name not in known))


def _standing(results: list[Result], beyond: list[str], tried: trial_tables.Found) -> str:
    """How many cells are finished; how many of those with a bar miss it, and which; `beyond`: what the demo and the
    trials miss."""
    unfinished = sum(r.counts is None for r in results) + sum(rates is None for _, rates in tried)
    barred = [(r, measure) for r in results if r.counts is not None for measure, _ in r.cell.bars]
    missed = [f"- {r.cell.id}: {measure} {r.shown(measure)}" for r, measure in barred if r.misses(measure)]
    missed += [*_means_missed(results), *beyond]
    more = f" and {len(tried)} trials of other methods" if tried else ""
    text = f"**{len(results)} cells{more}; {unfinished} of them are not finished** (shown as {OPEN}). "
    text += f"{len(barred)} finished rates have a bar; **{len(missed)} miss it** (marked {MISSED})"
    return text + (":\n\n" + "\n".join(missed) if missed else ".")


def _means_missed(results: list[Result]) -> list[str]:
    """The means of false findings beyond theirs, which leaves no room for chance."""
    lines = []
    for many, title in ((False, "one practice"), (True, "groups")):
        for measure in ("p_forecasts", "p_leads"):
            of = [r for r in results if r.counts is not None and (r.cell.size.practices > 1) == many]
            rates = [r.rate(measure) for r in of if (bar := r.bar(measure)) and bar.highest < 1]
            if rates and (mean := sum(rates) / len(rates)) > MEAN_SIZE:
                lines.append(f"- mean of {title}: {measure} **{100 * mean:.1f}** {MISSED}")
    return lines


def _repeated(results: list[Result]) -> str:
    """Repetitions and draws, by what is asked of how many practices."""
    told = sorted({(r.cell.size.practices, r.cell.asks, r.cell.repetitions, r.cell.draws) for r in results})
    lines = ["| practices | asked | repetitions | draws |", "| --: | --- | --: | --: |"]
    return "\n".join([*lines, *(f"| {n} | {asks} | {times} | {draws or ''} |" for n, asks, times, draws in told)])


def _prose() -> dict[str, str]:
    """The page's words, by the name in the comment above them in prose.md."""
    _, *parts = re.split(r"<!-- (\w+) -->", PROSE.read_text(encoding="utf-8"))
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}
