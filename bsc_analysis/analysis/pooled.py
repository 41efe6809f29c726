"""All practices' months in one regression, what belongs to the period or to a practice alone taken out before.

Out go each period's mean over the practices of a specialty, then for each practice its level, trend, season and
declared breaks and the lagging KPI of the period before, with a coefficient of its own. Errors allow any dependence
within a practice.

Sources: Frisch–Waugh–Lovell; MacKinnon, Nielsen & Webb 2023 for the clustered jackknife, whose intervals cover where
practices are few; Cameron, Gelbach & Miller 2008 for wild cluster draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy import stats

from bsc_analysis.analysis.panel_data import Breaks
from bsc_analysis.analysis.terms import deterministic, season_of

LEAST_PRACTICES = 8
LEAST_PERIODS = {12: 24, 4: 12, 1: 8}  # by periods in a year whose levels may differ
LEAST_FREEDOM = 2  # of one practice's rows beyond what is taken out of them
ALIKE = 1e-8  # share of a column that must be its own
ROUNDING = 1e-9

Specialty: TypeAlias = Mapping[str, str] | pd.Series | None


@dataclass(frozen=True)
class Pooled:
    """`y` (rows) and `by` (rows × regressors) with everything else taken out; `practice`: 0, 1, … of each row.

    `used`: the cells (period × practice) that the rows are, practice by practice.
    """

    y: np.ndarray
    by: np.ndarray
    practice: np.ndarray
    used: pd.DataFrame

    @property
    def practices(self) -> int:
        return int(self.practice.max()) + 1

    def fit(self) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients and their covariance by leaving out one practice at a time (CV3)."""
        square = np.stack([part.T @ part for part in self._parts()])
        told = self._sums(self.by * self.y[:, None])
        found = np.linalg.solve(square.sum(axis=0), told.sum(axis=0))
        without = np.linalg.pinv(square.sum(axis=0) - square) @ (told.sum(axis=0) - told)[:, :, None]
        moved = without[:, :, 0] - found
        return found, (self.practices - 1) / self.practices * moved.T @ moved

    def reach(self, level: float = 0.95) -> float:
        """How many standard errors an interval goes to either side: t with G − 1 degrees of freedom."""
        return float(stats.t.ppf((1 + level) / 2, self.practices - 1))

    def p_last(self, draws: int, seed: int) -> float:
        """p of the last regressor, under the null that its coefficient is 0: wild cluster draws.

        What the other regressors leave is given a sign by chance, one for all rows of a practice.
        """
        others, last = self.by[:, :-1], self.by[:, -1:]
        inverse = np.linalg.pinv(others.T @ others)
        left, own = (part - others @ (inverse @ (others.T @ part)) for part in (self.y[:, None], last))
        told, shared = self._sums(own * left)[:, 0], self._sums(others * left)
        across, size = self._sums(others * own), self._sums(own**2)[:, 0]
        signs = np.random.default_rng(seed).choice([-1.0, 1.0], (draws, self.practices))
        signs = np.vstack([np.ones(self.practices), signs])
        slope = signs @ told / size.sum()
        scores = signs * told - (signs @ shared @ inverse) @ across.T - slope[:, None] * size
        t = np.abs(slope) * size.sum() / np.sqrt((scores**2).sum(axis=1))
        return float((t >= t[0] * (1 - ROUNDING)).sum() / (draws + 1))

    def _parts(self) -> list[np.ndarray]:
        """The regressors of each practice."""
        return np.split(self.by, np.flatnonzero(np.diff(self.practice)) + 1)

    def _sums(self, values: np.ndarray) -> np.ndarray:
        """Sums by practice of rows × anything."""
        total = np.zeros((self.practices, values.shape[1]))
        np.add.at(total, self.practice, values)
        return total


def on_one_calendar(*frames: pd.DataFrame) -> list[pd.DataFrame] | str:
    """The practices that all frames hold, on every period from the first to the last; or why there is no such frame."""
    for frame in frames:
        if not isinstance(frame.index, pd.PeriodIndex):
            return "no_calendar"
        if frame.index.has_duplicates or frame.columns.has_duplicates:
            return "periods_twice"
        if frame.index.freqstr != frames[0].index.freqstr:
            return "other_calendars"
    practices = [name for name in frames[0].columns if all(name in frame.columns for frame in frames)]
    if len(practices) < LEAST_PRACTICES:
        return "too_few_practices"
    if any(frame.empty for frame in frames):
        return "too_few_points"
    first, last = min(f.index.min() for f in frames), max(f.index.max() for f in frames)
    index = pd.period_range(first, last, freq=frames[0].index.freq)
    numbers = (frame[practices].reindex(index).astype(float) for frame in frames)
    return [frame.where(np.isfinite(frame)) for frame in numbers]


def terms_of(index: pd.PeriodIndex, names: Sequence[str], season: str | None, breaks: Breaks) -> list[np.ndarray]:
    """Each practice's terms (periods × terms), with its own breaks where they are told by practice."""
    if isinstance(breaks, Mapping):
        return [deterministic(index, season_of(index, season), breaks.get(name, ())) for name in names]
    return [deterministic(index, season_of(index, season), breaks)] * len(names)


def sets_of(names: Sequence[str], specialty: Specialty) -> list[np.ndarray]:
    """Which practices move together: one mask over `names` for each specialty, one of all where none is told."""
    of = pd.Series(dict(specialty) if specialty is not None else {}, dtype="object").reindex(names).fillna("")
    return [(of == kind).to_numpy() for kind in of.unique()]


def pooled(
    lagging: pd.DataFrame,
    by: Sequence[pd.DataFrame],
    season: str | None,
    breaks: Breaks,
    specialty: Specialty = None,
) -> Pooled | str:
    """`lagging` on `by`, all on one calendar and lagged already; or why it cannot be estimated."""
    columns = [lagging, lagging.shift(1), *by]
    there = np.logical_and.reduce([column.notna().to_numpy() for column in columns])
    terms = terms_of(lagging.index, lagging.columns, season, breaks)
    enough = there.sum(axis=0) >= np.array([own.shape[1] for own in terms]) + 1 + len(by) + LEAST_FREEDOM
    for alike in sets_of(lagging.columns, specialty):  # of one alone in its specialty its mean leaves nothing
        enough &= ~alike | ((enough & alike).sum() > 1)
    if there.any(axis=1).sum() < LEAST_PERIODS[season_of(lagging.index, season)] - 1:  # the first has none before it
        return "too_few_points"
    if enough.sum() < LEAST_PRACTICES:
        return "too_few_practices"
    there &= enough
    values = np.stack([column.to_numpy() for column in columns])
    cells = np.where(there, values, 0.0)
    apart = cells.copy()
    for alike in sets_of(lagging.columns, specialty):
        apart[:, :, alike] -= (cells[:, :, alike].sum(axis=2) / there[:, alike].sum(axis=1).clip(1))[:, :, None]
    rows, codes = [], []
    for code, at in enumerate(np.flatnonzero(enough)):
        of = there[:, at]
        taken = np.column_stack([terms[at][of], _unit(apart[1, of, at])])
        kept = apart[[0, *range(2, len(columns))]][:, of, at].T
        rows.append(kept - taken @ np.linalg.lstsq(taken, kept, rcond=None)[0])
        codes += [code] * int(of.sum())
    whole = np.vstack(rows)
    seen = np.stack([values[i][there] for i in (0, *range(2, len(columns)))])
    own = (whole**2).mean(axis=0) > ALIKE * (seen.var(axis=1) + ALIKE * (seen**2).mean(axis=1))
    if not own.all():
        return "leading_constant" if own[0] else "lagging_constant"
    correlations = whole[:, 1:] / np.sqrt((whole[:, 1:] ** 2).sum(axis=0))
    if np.linalg.eigvalsh(correlations.T @ correlations)[0] < ALIKE:
        return "regressors_alike"
    used = pd.DataFrame(there, lagging.index, lagging.columns)
    return Pooled(whole[:, 0], whole[:, 1:], np.array(codes), used)


def _unit(values: np.ndarray) -> np.ndarray:
    return values / (np.abs(values).max() or 1.0)
