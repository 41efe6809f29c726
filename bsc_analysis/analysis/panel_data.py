"""Two KPIs of many practices on one calendar, less what all share in a period; or why they cannot be tested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import numbers, sets_of
from bsc_analysis.analysis.lagged_panel import LaggedPanel
from bsc_analysis.analysis.panel_model import Means
from bsc_analysis.analysis.terms import ALIKE, deterministic, no_calendar, season_of

LEAST_PRACTICES, LEAST_PERIODS = 8, 8
LEAST_APART = 4  # practices less what their sets share in a period: with one left, all nulls looked like links
WHOLE_SEASONS = {1: 1, 4: 12, 12: 24}  # periods in a year → periods below which a practice's own season cannot be told

Sets = Sequence[Mapping[str, str] | pd.Series | None]
Breaks = Iterable[pd.Period | str] | Mapping[str, Iterable[pd.Period | str]]


@dataclass(frozen=True)
class Panel:
    """y and x, practices × 1 × periods, of unit spread, less their period means, 0 where missing; `terms`, practices ×
    periods × terms; `units`: what a unit of y and of x was."""

    practices: tuple[str, ...]
    y: np.ndarray
    x: np.ndarray
    terms: np.ndarray
    means: Means
    units: tuple[float, float]

    @property
    def points(self) -> int:
        """Periods of all practices in which both KPIs are there."""
        return int((self.means.there["y"] & self.means.there["x"]).sum())

    def turned(self) -> Panel:
        """The panel with the lagging KPI as the leading one."""
        bases, there = ({"y": part["x"], "x": part["y"]} for part in (self.means.bases, self.means.there))
        return replace(self, y=self.x, x=self.y, means=Means(bases, there), units=self.units[::-1])


def panel_of(
    leading: pd.DataFrame, lagging: pd.DataFrame, season: str | None, sets: Sets, breaks: Breaks, least: int
) -> Panel | str:
    """The panel of at least `least` practices, or why there is none.

    `sets`: for each way of grouping practices (None: no such way), practice → its set. Practices with too few periods
    of both KPIs to tell anything of are left out, as are those of which a KPI never moves, or that are alone in a set.
    """
    pair = _aligned(leading, lagging)
    if isinstance(pair, str):
        return pair
    index, names, x, y = pair
    seasons = season_of(index, season)
    if len(index) < max(LEAST_PERIODS, WHOLE_SEASONS[seasons]):
        return "too_few_points" if len(index) < LEAST_PERIODS else "season_too_short"
    terms, there = _terms(index, seasons, breaks, names), {"y": np.isfinite(y), "x": np.isfinite(x)}
    kinds = [np.array(sets_of(each, names)) for each in sets if each is not None]
    long = LaggedPanel("y", terms, there, (("x", 1),), (1,)).freedom > 0
    moving = {"leading": _moves(x, terms, there["x"]), "lagging": _moves(y, terms, there["y"])}
    kept = long & moving["lagging"] & moving["leading"]
    for _ in range(2):  # who is alone once the others went goes too
        kept &= ~_alone(kinds, kept)
    if kept.sum() < least:
        still = [f"{name}_constant" for name, moves in moving.items() if long.sum() >= least > (long & moves).sum()]
        return still[0] if still else "too_few_practices" if long.any() or len(names) < least else "too_few_points"
    there = {name: each[kept] for name, each in there.items()}
    means = Means({name: _bases([k[kept] for k in kinds], each) for name, each in there.items()}, there)
    if (there["y"].sum(axis=0) - means.ranks("y")).max() < LEAST_APART:
        return "too_few_practices"
    (y, scale_y), (x, scale_x) = (_freed(means, name, v[kept]) for name, v in (("y", y), ("x", x)))
    for scale, why in ((scale_x, "leading_constant"), (scale_y, "lagging_constant")):
        if not scale:
            return why
    found = Panel(_those(names, kept), y, x, terms[kept], means, (scale_y, scale_x))
    return "identical" if _identical(found) else found


def degenerate(panel: Panel, leads: tuple[int, ...]) -> str:
    """Why nothing can be tested; '' where it can."""
    for of, by in [("y", ("x", lead)) for lead in (0, *leads)] + [("x", ("y", 1))]:
        model = LaggedPanel(of, panel.terms, panel.means.there, ((of, 0), (of, 1), by))
        least = ALIKE * model.rows.sum()
        _, *own, other = np.diagonal(model.products(panel.y, panel.x)[:, 0].sum(axis=0)) > least
        constant = {of: not all(own), by[0]: not other}
        if constant["y"] or constant["x"]:
            return "lagging_constant" if constant["y"] else "leading_constant"
    return ""


def _those(names: Sequence, kept: np.ndarray) -> tuple:
    return tuple(name for name, keep in zip(names, kept, strict=True) if keep)


def without(panel: Panel, left_out: Iterable[str]) -> Panel:
    """The panel of the other practices, less their own period means."""
    kept = np.array([name not in set(left_out) for name in panel.practices])
    there = {name: each[kept] for name, each in panel.means.there.items()}
    left = {name: np.linalg.svd(each[:, kept], full_matrices=False) for name, each in panel.means.bases.items()}
    means = Means({name: each[0] * (each[1] > 1e-8)[:, None, :] for name, each in left.items()}, there)
    y, x = (
        means.off(name, v[kept].transpose(2, 0, 1)).transpose(1, 2, 0) for name, v in (("y", panel.y), ("x", panel.x))
    )
    return replace(panel, practices=_those(panel.practices, kept), y=y, x=x, terms=panel.terms[kept], means=means)


def _aligned(leading: pd.DataFrame, lagging: pd.DataFrame) -> tuple[pd.PeriodIndex, list, np.ndarray, np.ndarray] | str:
    """Both on one calendar without gaps: periods, practices, x and y (practices × periods, NaN where missing)."""
    leading, lagging = numbers("leading", leading, pd.DataFrame), numbers("lagging", lagging, pd.DataFrame)
    if why := no_calendar([leading.index, lagging.index]):
        return why
    if leading.columns.has_duplicates or lagging.columns.has_duplicates:
        return "periods_twice"
    names = [name for name in leading.columns if name in lagging.columns]
    both = [frame[names].dropna(how="all") for frame in (leading, lagging)]
    if not names:
        return "too_few_practices"
    if not all(len(frame) for frame in both):
        return "too_few_points"
    first, last = max(frame.index.min() for frame in both), min(frame.index.max() for frame in both)
    if first > last:
        return "too_few_points"
    index = pd.period_range(first, last, freq=leading.index.freq)
    x, y = (frame.reindex(index).to_numpy().T for frame in both)
    return index, names, x, y


def _terms(index: pd.PeriodIndex, seasons: int, breaks: Breaks, names: list) -> np.ndarray:
    """Practices × periods × terms; a practice's own breaks make columns that are 0 for the others."""
    if not isinstance(breaks, Mapping):
        return np.repeat(deterministic(index, seasons, breaks)[None], len(names), axis=0)
    each = [deterministic(index, seasons, breaks.get(name, ())) for name in names]
    terms = np.zeros((len(names), len(index), max(part.shape[1] for part in each)))
    for i, part in enumerate(each):
        terms[i, :, : part.shape[1]] = part
    return terms


def _moves(values: np.ndarray, terms: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Whether each practice's series is more than its terms."""
    centred = _centred(values, there)
    left = LaggedPanel("y", terms, {"y": there, "x": there}, ()).remainder(
        centred[:, None], centred[:, None], np.zeros(0)
    )
    return np.nansum(left**2, axis=1) > ALIKE * (centred**2).sum(axis=1).clip(1e-300)


def _alone(kinds: list[np.ndarray], kept: np.ndarray) -> np.ndarray:
    """Practices without another one of their set: nothing of them is left once its mean is off."""
    alone = np.zeros(len(kept), dtype=bool)
    for kind in kinds:
        sizes = pd.Series(kind[kept]).value_counts()
        alone |= kept & (pd.Series(kind).map(sizes).to_numpy() == 1)
    return alone


def _bases(kinds: list[np.ndarray], there: np.ndarray) -> np.ndarray:
    """Periods × practices × groups: orthonormal columns that span what sets of practices share in each period."""
    shared = [np.ones(len(there))[:, None], *(pd.get_dummies(kind).to_numpy(dtype=float) for kind in kinds)]
    dummies = np.concatenate(shared, axis=1)
    left, sizes, _ = np.linalg.svd(dummies[None] * there.T[:, :, None], full_matrices=False)
    return left * (sizes > 1e-8)[:, None, :]


def _freed(means: Means, name: str, values: np.ndarray) -> tuple[np.ndarray, float]:
    """A KPI less its period means, as practices × 1 × periods of unit spread, and what its unit was; 0 where it has no
    movement of its own."""
    there = means.there[name]
    centred = _centred(values, there)
    size = float(np.abs(centred).max()) or 1.0
    raw = centred / size
    whole = means.off(name, raw.T[:, :, None])[:, :, 0].T
    if (whole**2).sum() <= ALIKE * (raw**2).sum():  # nothing but rounding is left beside what all share
        return raw[:, None], 0.0
    spread = float(np.sqrt((whole**2).sum() / there.sum()))
    return (whole / spread)[:, None], spread * size


def _centred(values: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Values less each practice's mean; 0 where missing."""
    told = np.where(there, values, 0.0)
    return np.where(there, told - told.sum(axis=1, keepdims=True) / there.sum(axis=1, keepdims=True).clip(1), 0.0)


def _identical(panel: Panel) -> bool:
    """Whether one KPI is the other in other units."""
    model = LaggedPanel("y", panel.terms, panel.means.there, (("x", 0),))
    left = model.remainder(panel.y, panel.x, model.fit(panel.y, panel.x)[0][0])
    whole = model.remainder(panel.y, panel.x, np.zeros(1))
    return bool(np.nansum(left**2) <= ALIKE * np.nansum(whole**2))
