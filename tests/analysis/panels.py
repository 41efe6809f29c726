"""Simulated panels: a leading KPI, a lagging one that follows it a month later, and a moderator."""

from __future__ import annotations

import numpy as np
import pandas as pd


def panel(
    seed: int,
    *,
    practices: int = 12,
    months: int = 36,
    slope: float = 0.0,
    above: float | None = None,
    moderated: float = 0.0,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Leading, lagging and moderator, month × practice. `above`: the slope where the leading KPI is above 0."""
    rng = np.random.default_rng(seed)
    x, y, m = np.zeros((3, months + 30, practices))
    level = rng.normal(0, 0.5, practices)
    for t in range(1, months + 30):
        x[t] = 0.6 * x[t - 1] + rng.standard_normal(practices)
        m[t] = 0.7 * m[t - 1] + rng.standard_normal(practices)
        bend = (slope if above is None else above) - slope
        y[t] = 0.5 * y[t - 1] + (slope + moderated * m[t - 1]) * x[t - 1] + bend * np.maximum(x[t - 1], 0)
        y[t] += level + rng.standard_normal(practices)
    index, names = pd.period_range("2022-01", periods=months, freq="M"), [f"p{i:02}" for i in range(practices)]
    leading, lagging, moderator = (pd.DataFrame(each[-months:], index, names) for each in (x, y, m))
    return leading, lagging, moderator
