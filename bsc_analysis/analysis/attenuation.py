"""What sampling error in the leading KPI takes off a slope: few answers to a survey blur it and draw the slope to 0.

Source: Spearman 1904; Fuller 1987, Measurement Error Models, section 1.1. The correction assumes that the error of a
reading has nothing to do with those of other readings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsc_analysis.analysis.panel_data import Breaks
from bsc_analysis.analysis.pooled import Specialty, sets_of, terms_of

LEAST = 0.3  # reliability below which a corrected slope is mostly the correction
LEAST_PERIODS = 8


@dataclass(frozen=True)
class Reliability:
    """`value`: share of a KPI's movement within practices that is no sampling error, 0 to 1; None with a `reason`.

    `true`, `total`: variances, in the KPI's unit squared; `points`: readings with an error of their own.
    """

    value: float | None = None
    true: float = np.nan
    total: float = np.nan
    points: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Attenuation:
    """A slope as found and as it would be without sampling error in the leading KPI; None with a `reason`.

    The interval is the slope's own, corrected too: doubt about the reliability is not in it.
    """

    slope: float
    reliability: float | None
    corrected: float | None = None
    interval: tuple[float, float] = (np.nan, np.nan)
    reason: str = ""


def reliability(
    readings: pd.DataFrame,
    errors: pd.DataFrame,
    *,
    season: str | None = "auto",
    breaks: Breaks = (),
    specialty: Specialty = None,
) -> Reliability:
    """How much of the readings' movement is real: (total variance − mean squared standard error) / total variance.

    `readings`, `errors` (standard errors): period × practice, NaN where missing; readings without an error are left
    out. Movement is what a slope is estimated from: within a practice, its level, trend, season and declared breaks
    taken out, and the period's mean over the practices of its specialty where there are several.
    """
    if not isinstance(readings.index, pd.PeriodIndex) or readings.index.has_duplicates:
        return Reliability(reason="no_calendar")
    errors = errors.reindex(index=readings.index, columns=readings.columns).astype(float)
    values = readings.astype(float)
    there = np.isfinite(values) & np.isfinite(errors) & (errors >= 0)
    terms = dict(zip(there, terms_of(readings.index, there.columns, season, breaks), strict=True))
    there &= there.sum() > np.array([max(own.shape[1], LEAST_PERIODS - 1) for own in terms.values()])
    sets = [there.columns[alike & there.any().to_numpy()] for alike in sets_of(there.columns, specialty)]
    if sum(map(len, sets)) > 1:
        sets = [names for names in sets if len(names) > 1]  # of one alone in its specialty its mean leaves nothing
    names = [name for alike in sets for name in alike]
    practices = len(names)
    if practices == 0:
        return Reliability(reason="too_few_points")
    there, values, errors = there[names], values[names].where(there[names]), errors[names].where(there[names])
    if practices > 1:
        values = pd.concat([values[alike].sub(values[alike].mean(axis=1), axis=0) for alike in sets], axis=1)
    squares, freedom = 0.0, 0.0
    for name in names:
        of = there[name].to_numpy()
        own, by = values.loc[of, name].to_numpy(), terms[name][of]
        found, _, rank, _ = np.linalg.lstsq(by, own, rcond=None)
        squares += float(((own - by @ found) ** 2).sum())
        freedom += float(of.sum() - rank)
    freedom *= 1 - len(sets) / practices if practices > 1 else 1.0  # spent on the periods' means
    points, noise = int(there.sum().sum()), float((errors**2).mean(axis=None))
    if freedom < 1 or squares <= 1e-12 * float((readings[names].where(there) ** 2).sum().sum()):
        return Reliability(points=points, reason="leading_constant")
    total = squares / freedom
    true = max(0.0, total - noise)
    return Reliability(true / total, true, total, points)


def attenuation(
    slope: float, reliable: Reliability | float | None, interval: tuple[float, float] = (np.nan, np.nan)
) -> Attenuation:
    """The slope and its interval divided by the leading KPI's reliability; refused below .3."""
    share = reliable.value if isinstance(reliable, Reliability) else reliable
    if share is None or not np.isfinite(share):
        why = reliable.reason if isinstance(reliable, Reliability) else "no_reliability"
        return Attenuation(slope, None, reason=why)
    if not np.isfinite(slope):
        return Attenuation(slope, share, reason="no_slope")
    if not LEAST <= share <= 1:
        return Attenuation(slope, share, reason="unreliable")
    return Attenuation(slope, share, slope / share, (interval[0] / share, interval[1] / share))
