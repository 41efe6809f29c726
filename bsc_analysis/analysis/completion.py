"""Completion: what a period that is still running out will come to, by chain-ladder, and how well that has worked.

Source: Mack 1993, Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN 23/2:
volume-weighted factors from one age to the next, over all months seen at both. Each side of a ratio is completed by
itself, month by month, then summed and divided once. Beyond the age at which a month is mature nothing is added.

The interval rests on what completion has got wrong before, not on Mack's formula, which holds no change of habits and
knows no ratio. Assumed is that new months run out as old ones did: the back-test shows how far they have.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

LEAST_ORIGINS = 6  # mature months behind each completion: with fewer, one odd month makes the last factors
LEAST_TESTS = 5  # back-tests for an interval: with fewer, it would be wider than what the KPI can be
LEAST_START = 0.02  # share of what is known today, below which a start is chance: one copay would be multiplied by 50
CONFIDENCE = 0.95
BACKTESTS = ["completed", "mature"]


@dataclass(frozen=True)
class Completion:
    """A period that is still running out, as it will be; numbers in the KPI's unit, NaN where there is none.

    `answer`: 'completed'; or why not: 'too_few' (fewer than `needed` mature months), 'not_whole' (months of the period
    are not over, or the data begin within it), 'no_start' (nothing known yet that could be completed).
    `value`; `lower` and `upper`: its 95 % interval, from LEAST_TESTS back-tests up.
    `origins`: mature months of the practice. `backtests`: one row per earlier month in which a period of as many
    months, as old as this one's are, was completed from what was known then: `completed` and, of today, `mature`,
    indexed by the period's last month. Neighbours share all months but one.
    `tests`: how many; `error`: their mean absolute difference. `covered`: the share of them within an interval made of
    the others' errors.
    """

    answer: str
    value: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    origins: int = 0
    needed: int = LEAST_ORIGINS
    backtests: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=BACKTESTS, dtype="float64"))
    tests: int = 0
    error: float = np.nan
    covered: float = np.nan


def complete(
    increments: pd.DataFrame,
    months: pd.PeriodIndex,
    *,
    scale: float = 1.0,
    possible: tuple[float, float] = (-np.inf, np.inf),
) -> Completion:
    """The completion of the period with these months.

    `increments`: of one practice and KPI, columns origin ('2026-09', consecutive), age, numerator, denominator, up to
    the age at which a month is mature and missing where it is younger, as readings.runout gives them (denominator
    missing throughout: a total). `possible`: the least and the greatest value.
    """
    if increments.empty:
        return Completion("too_few")
    sides = [cumulative(increments, side) for side in ("numerator", "denominator")]
    if increments["denominator"].isna().all():
        sides = sides[:1]
    rows = sides[0].index.get_indexer(months.astype(str))
    triangles = [side.to_numpy() for side in sides]
    origins = mature(triangles[0])
    if origins < LEAST_ORIGINS:
        return Completion("too_few", origins=origins)
    if (rows < 0).any():
        return Completion("not_whole", origins=origins)
    value = _completed(triangles, rows) * scale
    if np.isnan(value):
        return Completion("no_start", origins=origins)
    tests = _backtests(triangles, rows) * scale
    tests.index = pd.PeriodIndex(sides[0].index[rows[-1] - tests.index], freq="M")
    errors = (tests["completed"] - tests["mature"]).to_numpy()
    error = float(np.abs(errors).mean()) if len(errors) else np.nan
    value = float(np.clip(value, *possible))
    if len(errors) < LEAST_TESTS:
        return Completion("completed", value, origins=origins, backtests=tests, tests=len(tests), error=error)
    half = half_width(errors, len(rows))
    lower, upper = (float(np.clip(bound, *possible)) for bound in (value - half, value + half))
    held = [abs(e) <= half_width(np.delete(errors, i), len(rows)) for i, e in enumerate(errors)]
    return Completion(
        "completed",
        value,
        lower,
        upper,
        origins=origins,
        backtests=tests,
        tests=len(tests),
        error=error,
        covered=float(np.mean(held)),
    )


def cumulative(increments: pd.DataFrame, side: str) -> pd.DataFrame:
    """Origins (rows) × ages (columns): what was known of `side` by then; missing where the age is not reached."""
    return increments.pivot(index="origin", columns="age", values=side).cumsum(axis=1, skipna=True)


def factors(triangle: np.ndarray) -> np.ndarray:
    """What to multiply by from each age to the next: Σ later / Σ earlier over the origins that have both.

    1 where nothing was ever known at either; NaN where what there is to start from is not positive, or next to nothing
    beside what those origins have come to since.
    """
    both = ~np.isnan(triangle[:, 1:])
    since = np.repeat(_newest(triangle)[:, None], both.shape[1], axis=1)
    later, earlier, now = (np.where(both, side, 0).sum(axis=0) for side in (triangle[:, 1:], triangle[:, :-1], since))
    enough = (earlier > 0) & (earlier >= LEAST_START * now)
    found = np.divide(later, earlier, out=np.full(len(later), np.nan), where=enough)
    return np.where((later == 0) & (earlier == 0), 1.0, found)


def ultimates(triangle: np.ndarray) -> np.ndarray:
    """Each origin's newest value, brought to the last age; an origin without any stays missing."""
    to_go = np.append(np.cumprod(factors(triangle)[::-1])[::-1], 1.0)
    age = np.count_nonzero(~np.isnan(triangle), axis=1) - 1
    return np.where(age >= 0, _newest(triangle) * to_go[age], np.nan)


def _newest(triangle: np.ndarray) -> np.ndarray:
    """What is known of each origin now; missing where nothing is."""
    age = np.count_nonzero(~np.isnan(triangle), axis=1) - 1
    return np.where(age >= 0, triangle[np.arange(len(triangle)), age], np.nan)


def mature(triangle: np.ndarray) -> int:
    """How many origins have reached the last age."""
    return int(np.count_nonzero(~np.isnan(triangle[:, -1])))


def earlier(triangle: np.ndarray, back: int) -> np.ndarray:
    """The triangle as it was `back` months ago: without the newest diagonals, and the origins that began since."""
    origin, age = np.indices(triangle.shape)
    return np.where(origin + age < len(triangle) - back, triangle, np.nan)[: len(triangle) - back]


def half_width(errors: np.ndarray, months: int) -> float:
    """How far a completion may be off at 95 %: Student's t × the root mean square of earlier errors, from zero.

    A steady bias widens it too. Windows of `months` that move by one month overlap, so that their errors count for
    fewer: degrees of freedom by Satterthwaite, errors h months apart correlated by the share of months in common.
    """
    from scipy.special import stdtrit  # where it is used: most reports need not wait for it

    n = len(errors)
    apart = np.arange(1, min(months, n))
    freedom = n**2 / (n + 2 * ((n - apart) * (1 - apart / months) ** 2).sum())
    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2) * np.sqrt(np.mean(errors**2)))


def _completed(triangles: list[np.ndarray], rows: np.ndarray) -> float:
    """Σ completed numerators / Σ completed denominators of these origins; without denominators the sum."""
    return _ratio([ultimates(triangle)[rows].sum() for triangle in triangles])


def _ratio(sums: list[float]) -> float:
    if len(sums) == 1:
        return sums[0]
    return sums[0] / sums[1] if sums[1] > 0 else np.nan


def _backtests(triangles: list[np.ndarray], rows: np.ndarray) -> pd.DataFrame:
    """BACKTESTS by how many months ago; only what was known then makes the factors."""
    found = {}
    for back in range(1, rows[0] + 1):
        then, window = [earlier(triangle, back) for triangle in triangles], rows - back
        if mature(then[0]) < LEAST_ORIGINS:
            break
        truth = _ratio([triangle[window, -1].sum() for triangle in triangles])
        guess = _completed(then, window)
        if not np.isnan(truth) and not np.isnan(guess):
            found[back] = (guess, truth)
    return pd.DataFrame.from_dict(found, orient="index", columns=BACKTESTS, dtype="float64")
