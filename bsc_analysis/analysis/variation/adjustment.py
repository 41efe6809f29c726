"""What is taken out of a series before its limits, because the rules assume independent points: what its peers share,
or its season. A value then says how far a month lies from its peers, or from such a month, at the series' own level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from bsc_analysis.analysis.given import numbers
from bsc_analysis.analysis.terms import SEASONS, deterministic
from bsc_analysis.analysis.variation.given import whole
from bsc_analysis.analysis.variation.result import LEAST

LEAST_PEERS = 8  # of the same specialty, in each period with a value
LEAST_YEARS = 3  # times that each month or quarter of the year was seen
SURE = 0.05  # chance that an independent series is called autocorrelated, or one without season seasonal


@dataclass(frozen=True)
class Adjusted:
    """`values` as they go into the chart, and what was taken `out`: 'peers', 'season' or 'nothing'.

    `because`: 'autocorrelated', or why nothing was tried: 'independent', 'too_few_points'. `not_by`: what could not be
    taken out, and why: 'peers' → 'too_few_peers' or 'unlike_peers'; 'season' → 'too_few_years', 'no_season' or
    'yearly'; either → 'few_counts', fewer than an XmR chart needs. `before`, `after`: lag-1 autocorrelation about the
    level of each stretch between breaks.
    """

    values: pd.Series
    out: str
    because: str
    not_by: dict[str, str]
    before: float
    after: float


def adjusted(values: pd.Series, peers: pd.DataFrame | None = None, breaks: Iterable[pd.Period | str] = ()) -> Adjusted:
    """The series less what its peers share, else less its season; both only where it is autocorrelated.

    `values`: by month, quarter or year. `peers`: periods × practices, comparable ones and not itself. Autocorrelated is
    a series whose neighbours, or same months of neighbouring years, are alike by more than chance.
    Raises ValueError where the values carry no calendar of months, quarters or years.
    """
    breaks = tuple(breaks)
    given = whole({"value": values}, breaks)
    if isinstance(given, str):
        raise ValueError(f"values have no calendar ({given}); give each month, quarter or year once")
    value, segment = given["value"], given["segment"].to_numpy()
    before, season = autocorrelation(value, segment), SEASONS[value.index.freqstr[0]]
    if value.notna().sum() < LEAST:
        return Adjusted(value, "nothing", "too_few_points", {}, before, before)
    if not (is_sure(value, segment) or (season > 1 and is_sure(value, segment, season))):
        return Adjusted(value, "nothing", "independent", {}, before, before)
    not_by: dict[str, str] = {}
    for out, tried in (("peers", _less_peers(value, segment, peers)), ("season", _less_season(value, season, breaks))):
        if isinstance(tried, pd.Series):
            return Adjusted(tried, out, "autocorrelated", not_by, before, autocorrelation(tried, segment))
        not_by[out] = tried
    return Adjusted(value, "nothing", "autocorrelated", not_by, before, before)


def autocorrelation(values: pd.Series, segment: np.ndarray, lag: int = 1) -> float:
    """How alike values `lag` periods apart are, each about the level of its segment; 0 where that cannot be told."""
    return _alike(values, segment, lag)[0]


def is_sure(values: pd.Series, segment: np.ndarray, lag: int = 1) -> bool:
    """Whether values `lag` periods apart are alike by more than chance."""
    found, pairs = _alike(values, segment, lag)
    return pairs > 0 and found > stats.norm.isf(SURE) / np.sqrt(pairs)


def _alike(values: pd.Series, segment: np.ndarray, lag: int) -> tuple[float, int]:
    about = (values - values.groupby(segment).transform("mean")).to_numpy()
    products = about[lag:] * about[:-lag]
    pairs, spread = int(np.count_nonzero(~np.isnan(products))), np.nansum(about**2)
    if pairs == 0 or spread <= 1e-20 * np.nansum(values.to_numpy() ** 2):
        return 0.0, 0
    return float(np.nansum(products) / pairs / (spread / np.count_nonzero(~np.isnan(about)))), pairs


def _less_peers(value: pd.Series, segment: np.ndarray, peers: pd.DataFrame | None) -> pd.Series | str:
    """Peers count about their own levels: who comes or goes must not move their mean."""
    if peers is None:
        return "too_few_peers"
    told = numbers("peers", peers, pd.DataFrame)
    if not isinstance(told.index, pd.PeriodIndex) or told.index.freqstr != value.index.freqstr:
        return "too_few_peers"
    told = told[~told.index.duplicated()].reindex(value.index)
    if (told.notna().sum(axis=1)[value.notna()] < LEAST_PEERS).any():
        return "too_few_peers"
    less = value - told.sub(told.mean()).mean(axis=1)
    spread = [float((each - each.groupby(segment).transform("mean")).var()) for each in (value, less)]
    return less if spread[1] < spread[0] else "unlike_peers"


def _less_season(value: pd.Series, season: int, breaks: tuple[pd.Period | str, ...]) -> pd.Series | str:
    """The season is estimated beside the trend and the steps at breaks, so that neither passes for it."""
    if season == 1:
        return "yearly"
    seen = value.dropna()
    place = seen.index.month if season == 12 else seen.index.quarter
    if len(np.unique(place)) < season or np.unique(place, return_counts=True)[1].min() < LEAST_YEARS:
        return "too_few_years"
    terms = deterministic(seen.index, season, breaks)
    own = np.arange(terms.shape[1])[2 : season + 1]
    left = {name: _left(seen, np.delete(terms, out, axis=1)) for name, out in (("with", []), ("without", own))}
    freedom = len(seen) - np.linalg.matrix_rank(terms)
    if freedom < 1 or not left["with"][0] < left["without"][0]:
        return "no_season"
    ratio = (left["without"][0] - left["with"][0]) / (season - 1) / max(left["with"][0] / freedom, np.finfo(float).tiny)
    if stats.f.sf(ratio, season - 1, freedom) > SURE:
        return "no_season"
    waves = terms[:, own] @ left["with"][1][own]
    return (seen - (waves - waves.mean())).reindex(value.index)


def _left(values: pd.Series, terms: np.ndarray) -> tuple[float, np.ndarray]:
    """The sum of squares beside the terms, and their coefficients."""
    coefficients = np.linalg.lstsq(terms, values.to_numpy(), rcond=None)[0]
    return float(((values.to_numpy() - terms @ coefficients) ** 2).sum()), coefficients
