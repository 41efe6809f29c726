"""Groups whose truth is known: what only many practices have, beside the designs of one practice.

See `designs`: the same functions of a generator, a calendar and the number of practices.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.calibrate.designs import (
    NULLS,
    SWING,
    Design,
    Drawn,
    autoregressive,
    follow,
    place,
    plus,
    rise,
    shocks,
)


def own_trends(rng, index, practices) -> Drawn:
    """Each practice has a trend of its own, much the same in both KPIs."""
    of_x, other = rng.standard_normal((2, practices))
    drawn = autoregressive(rng, index, practices, 0.0)
    return Drawn(drawn.x + rise(index) * of_x, drawn.y + rise(index) * (0.7 * of_x + 0.71 * other))


def own_seasons(rng, index, practices) -> Drawn:
    """Each practice has a season of its own, the same in both KPIs."""
    at, count = place(index)
    return plus(autoregressive(rng, index, practices, 0.0), SWING * rng.standard_normal((count, practices))[at])


def two_specialties(rng, index, practices) -> Drawn:
    """Two specialties, each with its own season and its own movement, in both KPIs; the test is told them."""
    at, count = place(index)
    own = SWING * rng.standard_normal((count, 2))[at] + follow(shocks(rng, index, 2)[0], 0.6)
    of = np.arange(practices) % 2
    return plus(autoregressive(rng, index, practices), own[:, of], specialty=pd.Series(of).map({0: "a", 1: "b"}))


def common_factor(rng, index, practices) -> Drawn:
    """What moves every practice moves both KPIs."""
    return plus(autoregressive(rng, index, practices), 2 * follow(shocks(rng, index, 1)[0], 0.6))


def heterogeneous(rng, index, practices) -> Drawn:
    """Each practice has its own persistence, .1 to .9, and its own spread, .5 to 2, in each KPI."""
    persistence, spread = rng.uniform(0.1, 0.9, (2, practices)), rng.uniform(0.5, 2.0, (2, practices))
    both = zip(shocks(rng, index, practices), persistence, spread, strict=True)
    x, y = (follow(each * size, past) for each, past, size in both)
    return Drawn(x, y)


def regional_factor(rng, index, practices) -> Drawn:
    """What moves a region moves both KPIs of its practices; the test is told the regions."""
    regions = 2 if practices < 20 else 4
    of = np.arange(practices) % regions
    own = 2 * follow(shocks(rng, index, regions)[0], 0.6)
    return plus(autoregressive(rng, index, practices), own[:, of], region=pd.Series(of).map("region {}".format))


def missing(rng, index, practices, share: float = 0.2) -> Drawn:
    drawn = autoregressive(rng, index, practices)
    gone = rng.random((2, len(index), practices)) < share
    return Drawn(np.where(gone[0], np.nan, drawn.x), np.where(gone[1], np.nan, drawn.y))


def with_levels(rng: np.random.Generator, drawn: Drawn) -> Drawn:
    """Each practice at a level of its own in each KPI, correlated .7 across practices."""
    of_x, other = 2 * rng.standard_normal((2, drawn.x.shape[1]))
    return Drawn(drawn.x + of_x, drawn.y + 0.7 * of_x + 0.71 * other, drawn.told, drawn.effects)


GROUP_NULLS: dict[str, Design] = {
    **NULLS,
    "own trends": own_trends,
    "own seasons": own_seasons,
    "two specialties": two_specialties,
    "common factor": common_factor,
    "own persistence": heterogeneous,
    "regional factor": regional_factor,
    "a fifth missing": missing,
}
SEASONAL = {"shared season", "irregular season", "own seasons", "trend, season, shocks", "two specialties"}
