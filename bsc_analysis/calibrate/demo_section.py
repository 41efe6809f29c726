"""The page's section on the demo group: what was planted and found, and what was not planted and claimed after all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.analysis.whole import PASSED
from bsc_analysis.calibrate.cells import DEMO_SEED, Bar
from bsc_analysis.calibrate.tables import MISSED, OPEN, Result, table
from bsc_analysis.demo.planted import LINKS, PlantedLink, unplanted
from bsc_analysis.kpis import kpi

ALPHA = 0.05
STATED = Bar(highest=ALPHA)
OF_PLANTED = [
    "planted",
    "effect",
    "after months",
    "found",
    "right lag",
    "effect found, mean (of seeds)",
    "smallest visible, median",
    "large enough to be seen",
    "intervals that hold the mean",
]
OF_UNPLANTED = ["not planted", "tests", *(f"{name} at 5 %" for name in ("forecasts", "leads", "same month")), "claimed"]
QUESTIONS = ("p_forecasts", "p_leads", "p_same_period")


def tables(results: list[Result]) -> tuple[str, str]:
    """Of the planted links, and of the pairs that none joins: counts of the finished seeds."""
    found = verdicts(results)
    if found.empty:
        return OPEN, OPEN
    return table(OF_PLANTED, [_planted(link, found) for link in LINKS]), table(OF_UNPLANTED, _unplanted(found))


def missed(results: list[Result]) -> list[str]:
    """Planted links that are large enough to be seen and were not found with their lag, by seed; rates of the others
    beyond those stated."""
    found = verdicts(results)
    if found.empty:
        return []
    lines = []
    for link in LINKS:
        own = _of(found, link)
        lost = own[own["visible"] & ~(own["found"] & own["right_lag"])]
        lines += [f"- demo: {_name(link.leading, link.lagging)}, seed {seed} {MISSED}" for seed in lost["seed"]]
    none = _none(found)
    return lines + [
        f"- demo: pairs that nothing joins: {name} {_rate(none[name] <= ALPHA)}"
        for name in QUESTIONS
        if _beyond(none[name] <= ALPHA)
    ]


def verdicts(results: list[Result]) -> pd.DataFrame:
    """Every verdict of the finished seeds: `seed` and what demo_group.measured tells."""
    rows = [
        {"seed": int(r.cell.name.removeprefix(DEMO_SEED)), **verdict}
        for r in results
        if r.counts is not None
        for verdict in r.counts["verdicts"]
    ]
    return pd.DataFrame(rows)


def _of(found: pd.DataFrame, link: PlantedLink) -> pd.DataFrame:
    """The link's verdicts: whether each has `found` it, with its `right_lag`; whether it is `visible`, as what readings
    hold of it (the mean of all seeds) is at least the smallest effect of the verdict; whether the interval `holds` it.
    """
    own = found[(found["leading"] == link.leading) & (found["lagging"] == link.lagging)]
    lower, upper = np.array(own["interval"].tolist(), dtype=float).reshape(-1, 2).T
    mean = own["effect"].mean()
    return own.assign(
        found=own["answer"].isin(PASSED) & (own["effect"] * link.effect > 0),
        right_lag=own["lag"] == link.lag,
        visible=abs(mean) >= own["smallest_effect"],
        holds=(lower <= mean) & (mean <= upper),
    )


def _planted(link: PlantedLink, found: pd.DataFrame) -> list[str]:
    own = _of(found, link)
    effects, lost = own["effect"], (own["visible"] & ~(own["found"] & own["right_lag"])).any()
    return [
        _name(link.leading, link.lagging),
        _number(link.effect),
        str(link.lag),
        _count(own["found"]) + (f" {MISSED}" if lost else ""),
        _count(own["right_lag"]),
        f"{_number(effects.mean())} ({_number(effects.min())} to {_number(effects.max())})",
        _number(own["smallest_effect"].median()),
        _count(own["visible"]),
        _count(own["holds"]),
    ]


def _unplanted(found: pd.DataFrame) -> list[list[str]]:
    none = _none(found)
    declared = none[none["declared"]]
    parts = {_name(*pair): own for pair, own in declared.groupby(["leading", "lagging"], sort=False)}
    pairs = len(unplanted()) - len(parts)
    rows = {**parts, f"{pairs} other pairs": none[~none["declared"]], "*all*": none}
    return [
        [
            name,
            str(len(own)),
            *(_rate(own[p] <= ALPHA, mark=name == "*all*") for p in QUESTIONS),
            _rate(own["answer"].isin(PASSED)),
        ]
        for name, own in rows.items()
    ]


def _none(found: pd.DataFrame) -> pd.DataFrame:
    pairs = pd.Series(list(zip(found["leading"], found["lagging"], strict=True)), found.index)
    return found[pairs.isin(unplanted())]


def _name(leading: str, lagging: str) -> str:
    return f"{kpi(leading).title} → {kpi(lagging).title}"


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _count(true: pd.Series) -> str:
    return f"{true.sum()} of {len(true)}"


def _beyond(true: pd.Series) -> bool:
    return STATED.missed(float(true.mean()), len(true))


def _rate(true: pd.Series, mark: bool = True) -> str:
    text = f"{100 * true.mean():.1f} %"
    return f"**{text}** {MISSED}" if mark and _beyond(true) else text
