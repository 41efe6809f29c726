"""What the trials found, as tables of docs/calibration.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bsc_analysis.calibrate.cells import Bar
from bsc_analysis.calibrate.tables import MISSED, OPEN, table
from bsc_analysis.calibrate.trials import GROUP, ONE, PEERS, Trial

Found = Sequence[tuple[Trial, dict[str, Any] | None]]
AGAINST = {"newey_west": "segmented, Newey–West", "before_after": "half a year before and after"}


def sections(found: Found, say: dict[str, str]) -> list[str]:
    """The parts of the page on actions and peers, in order."""
    of = {kind: [each for each in found if each[0].kind == kind] for kind in (ONE, GROUP, PEERS)}
    parts = ["## Effects of an action", say["one_action"], _by_size(of[ONE], "found")]
    parts += ["### The interval holds the truth, %", _by_size(of[ONE], "covered")]
    parts += ["### Usual ways on the same series: an effect where there is none, %", _against(of[ONE])]
    parts += ["### Beside practices that did not act, %", say["group_action"], _group(of[GROUP])]
    parts += ["## Practices compared, %", say["peers"], _peers(of[PEERS])]
    return parts


def missed(found: Found) -> list[str]:
    """A line for each rate that misses its bar."""
    lines = []
    for trial, rates in found:
        told = rates or {}
        lines += [
            f"- {trial.id}: {measure} **{_percent(told[measure])}** {MISSED}"
            for measure, bar in _bars(trial, rates)
            if bar.missed(told[measure], trial.repetitions)
        ]
    return lines


def _bars(trial: Trial, rates: dict[str, Any] | None) -> Iterable[tuple[str, Bar]]:
    return [] if rates is None else trial.bars


def _by_size(found: Found, measure: str) -> str:
    """The measure's rates, a row for each design and a column for each size."""
    names = list(dict.fromkeys(trial.name for trial, _ in found))
    columns = list(dict.fromkeys(trial.size for trial, _ in found))
    told = {(trial.name, trial.size): _shown(trial, rates, measure) for trial, rates in found}
    rows = [[name, *(told.get((name, size), "") for size in columns)] for name in names]
    return table(["", *columns], [row for row in rows if any(row[1:])])


def _shown(trial: Trial, rates: dict[str, Any] | None, measure: str) -> str:
    if rates is None:
        return OPEN
    if measure not in rates:
        return ""
    bar = dict(_bars(trial, rates)).get(measure)
    text = _percent(rates[measure])
    text = f"**{text}** {MISSED}" if bar and bar.missed(rates[measure], trial.repetitions) else text
    return f"{text}, {_percent(rates['untold'])} untold" if rates.get("untold") else text


def _against(found: Found) -> str:
    """The worst of each design's sizes, where there is no effect."""
    nulls = [(trial, rates) for trial, rates in found if trial.bars and rates is not None]
    rows = []
    for name in dict.fromkeys(trial.name for trial, _ in nulls):
        own = [rates for trial, rates in nulls if trial.name == name]
        rows.append([name, *(_percent(max(rates[way] for rates in own)) for way in ("found", *AGAINST))])
    return table(["the worst of all lengths", "ours", *AGAINST.values()], rows)


def _group(found: Found) -> str:
    rows = []
    for trial, rates in found:
        ours = [_shown(trial, rates, "found")]
        rest = [OPEN] * 2 if rates is None else [_percent(rates[name]) for name in ("covered", "two_way")]
        means = [OPEN] * 3 if rates is None else [f"{rates[n]:.2f}" for n in ("truth", "effect", "two_way_effect")]
        rows.append([trial.name, *ours, *rest, *means])
    return table(["", "ours finds", "interval holds", "two-way finds", "true effect", "ours", "two-way's"], rows)


def _peers(found: Found) -> str:
    titles = {"outside95": "beyond 95 %", "outside998": "beyond 99.8 %", "covered": "likely level holds",
              "ranked": "rank holds", "error": "squared error, of the plain values'"}  # fmt: skip
    rows = []
    for trial, rates in found:
        told = [OPEN if rates is None else _percent(rates[name]) if name in rates else "" for name in titles]
        rows.append([trial.name, trial.size, *told])
    return table(["", "", *titles.values()], rows)


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f}"
