"""How often the group's test finds what cannot be there, on the client's own data: other practices' leading KPI."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bsc_analysis.analysis.panel import p_forecasts
from bsc_analysis.analysis.panel_data import Breaks

MOST = 10  # false pairings of a link
ALPHA = 0.05


def placebos(
    leading: pd.DataFrame,
    lagging: pd.DataFrame,
    *,
    within: int,
    specialty: Mapping[str, str] | pd.Series | None = None,
    breaks: Breaks = (),
    draws: int = 199,
    seed: int = 0,
) -> tuple[float | None, int]:
    """Share of false pairings found at 5 %, and how many were tried; None where none can be.

    In the n-th pairing each practice gets the leading KPI of the n-th practice after it in its specialty. What moves
    all of them is taken off before, so nothing is left to find but by chance.
    """
    names = [name for name in leading.columns if name in lagging.columns]
    of = pd.Series(specialty).reindex(names).fillna("") if specialty is not None else pd.Series("", names)
    sets = [list(of.index[of == kind]) for kind in dict.fromkeys(of)]
    found = []
    for shift in range(1, min(MOST, max(map(len, sets), default=1) - 1) + 1):
        donor = {name: each[(i + shift) % len(each)] for each in sets for i, name in enumerate(each)}
        if all(donor[name] == name for name in names):
            continue
        moved = leading[[donor[name] for name in names]].set_axis(names, axis=1)
        own = [name for name in names if donor[name] == name]  # whom the shift brings back to itself
        steps = breaks
        if isinstance(breaks, Mapping):
            steps = {name: [*breaks.get(name, ()), *breaks.get(donor[name], ())] for name in names}
        p = p_forecasts(
            moved.drop(columns=own), lagging, within=within, specialty=specialty, breaks=steps, draws=draws, seed=seed
        )
        found += [p] if p is not None else []
    return (float(np.mean([p <= ALPHA for p in found])), len(found)) if found else (None, 0)
