"""One cell's answer: how often each of its measures came true over the repetitions."""

from __future__ import annotations

from collections import Counter
from functools import partial

import numpy as np
import pandas as pd

from bsc_analysis.analysis.links import test_link
from bsc_analysis.analysis.verdict import Verdict
from bsc_analysis.calibrate import naive
from bsc_analysis.calibrate.cells import Cell
from bsc_analysis.calibrate.designs import Design, Drawn, autoregressive
from bsc_analysis.calibrate.group_designs import with_levels

ALPHA = 0.05
PILOTS = 60  # repetitions without an effect, which tell the smallest effect that can be found
ROUNDING = 1e-9


def measured(cell: Cell) -> dict[str, int]:
    """How many of the cell's repetitions each measure was true in; 'untold': those in which nothing could be told.

    'test': p_forecasts, p_leads, p_same_period at most 5 %. 'naive': each naive test's p at most 5 %. 'coverage':
    whether the intervals of all lags hold what was planted ('all_lags'), and that of the lag chosen ('chosen_lag').
    'twice': with an effect twice the smallest, whether it is 'found' with the right sign, and with the 'right_lag'.
    """
    counts: Counter[str] = Counter()
    design: Design = partial(cell.design, slope=_twice_the_smallest(cell)) if cell.asks == "twice" else cell.design
    for repetition in range(cell.repetitions):
        counts.update(_answers(cell, *_drawn(cell, design, repetition)))
    return dict(counts)


def _drawn(cell: Cell, design: Design, repetition: int, start: int = 0) -> tuple[Drawn, int]:
    """The repetition's data and the seed of its test."""
    rng = np.random.default_rng([cell.seed, repetition + start])
    drawn = design(rng, cell.size.index, cell.size.practices)
    return (with_levels(rng, drawn) if cell.size.practices > 1 else drawn), int(rng.integers(2**32))


def _answers(cell: Cell, drawn: Drawn, seed: int) -> dict[str, bool]:
    if cell.asks == "naive":
        one = cell.size.practices == 1
        told = naive.single(drawn.x[:, 0], drawn.y[:, 0]) if one else naive.group(drawn.x, drawn.y)
        return {name: p <= ALPHA for name, p in told.items()}
    verdict = verdict_on(cell, drawn, seed)
    if verdict.p_forecasts is None or verdict.p_leads is None or verdict.p_same_period is None:
        return {"untold": True}
    if cell.asks == "test":
        return {name: getattr(verdict, name) <= ALPHA for name in ("p_forecasts", "p_leads", "p_same_period")}
    if cell.asks == "coverage":
        return _covered(verdict, drawn.effects)
    (lag,), found = drawn.effects, verdict.p_forecasts <= ALPHA and verdict.effect > 0
    return {"found": found, "right_lag": found and verdict.lag == lag}


def _covered(verdict: Verdict, effects: dict[int, float]) -> dict[str, bool]:
    """A lag at which nothing was planted has no effect: the designs' x says nothing of its own past or y's."""
    profile = verdict.profile.set_index("lag")
    truth = pd.Series({lag: effects.get(lag, 0.0) for lag in profile.index})
    held = (profile["lower"] <= truth) & (truth <= profile["upper"])
    return {"all_lags": bool(held.all()), "chosen_lag": bool(held[verdict.lag])}


def _twice_the_smallest(cell: Cell) -> float:
    """Twice the middle smallest effect of verdicts on data like the cell's without an effect."""
    tried = (_drawn(cell, autoregressive, i, start=cell.repetitions) for i in range(PILOTS))
    return 2 * float(np.median([verdict_on(cell, *each).smallest_effect for each in tried]))


def verdict_on(cell: Cell, drawn: Drawn, seed: int) -> Verdict:
    """The verdict of the test of one link, or of a group's, on the drawn data."""
    index, ask = (
        cell.size.index,
        {"within": cell.within, "draws": cell.draws, "seed": seed, "beside": False, **drawn.told},
    )
    if cell.size.practices == 1:
        return test_link(pd.Series(drawn.x[:, 0], index), pd.Series(drawn.y[:, 0], index), **ask)
    from bsc_analysis.analysis.panel import test_group_link

    return test_group_link(pd.DataFrame(drawn.x, index), pd.DataFrame(drawn.y, index), **ask)
