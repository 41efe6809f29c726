"""Least squares over a group's months with the errors that the literature knows by name, for comparison.

No verdict rests on it: fixed effects find links that are not there in up to 100 of 100 groups (docs/calibration.md).

Sources: Arellano 1987; Driscoll & Kraay 1998; Petersen 2009 and Cameron, Gelbach & Miller 2011 for two ways of
clustering; Bell & McCaffrey 2002 and Pustejovsky & Tipton 2018 for CR2 and its degrees of freedom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

ALIKE = 1e-12


@dataclass(frozen=True)
class PanelOls:
    """Coefficients by regressor, and errors and p-values, regressor × kind, under `null`; empty with a `reason`.

    Kinds: `ordinary`, `white` (HC1), `practice` and `period` (clustered, HC1), `both` (clustered both ways), `arellano`
    (by practice, without small-sample factor), `driscoll_kraay` (periods depend on their neighbours, all practices
    together), `cr2` (by practice, bias-reduced; its p-value with Satterthwaite's degrees of freedom, `freedom`; only
    without period effects).
    """

    null: str = "the regressor's coefficient is 0"
    coefficients: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    errors: pd.DataFrame = field(default_factory=pd.DataFrame)
    p: pd.DataFrame = field(default_factory=pd.DataFrame)
    freedom: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    points: int = 0
    practices: int = 0
    reason: str = ""


def panel_ols(
    lagging: pd.DataFrame, by: Mapping[str, pd.DataFrame], *, practice: bool = True, period: bool = True
) -> PanelOls:
    """`lagging` on the frames of `by` (all period × practice, lagged already), cells with anything missing left out.

    `practice`, `period`: with a level of each (fixed effects). Without both there is a `constant`.
    """
    frames = {"": lagging, **by}
    if any(f.index.has_duplicates or f.columns.has_duplicates for f in frames.values()):
        return PanelOls(reason="periods_twice")
    cells = pd.DataFrame({name: frame.astype(float).T.stack() for name, frame in frames.items()})
    cells = cells[np.isfinite(cells).all(axis=1)]
    of, at = (pd.factorize(cells.index.get_level_values(level), sort=True)[0] for level in (0, 1))
    n, groups, times = len(cells), len(np.unique(of)), len(np.unique(at))
    if groups < 2 or times < 2:
        return PanelOls(points=n, practices=groups, reason="too_few_practices" if groups < 2 else "too_few_points")
    values = cells.to_numpy()
    if not (practice or period):
        values = np.column_stack([values, np.ones(n)])
    names = [*by, *([] if practice or period else ["constant"])]
    dummies = np.eye(times)[at][:, practice:] if period else np.zeros((n, 0))
    if practice:
        values, dummies = (part - _means(part, of, groups) for part in (values, dummies))
    if period:
        values = values - dummies @ np.linalg.lstsq(dummies, values, rcond=None)[0]
    y, x = values[:, 0], values[:, 1:]
    fitted = x.shape[1] + (groups if practice else 0) + (int(np.linalg.matrix_rank(dummies)) if period else 0)
    spread = np.sqrt((x**2).mean(axis=0))
    raw = np.abs(cells.to_numpy()).max(axis=0)
    if n <= fitted:
        return PanelOls(points=n, practices=groups, reason="too_few_points")
    if (y**2).mean() <= (ALIKE * raw[0]) ** 2:
        return PanelOls(points=n, practices=groups, reason="lagging_constant")
    if (spread[: len(by)] <= ALIKE * raw[1:]).any() or np.linalg.matrix_rank(x / spread) < x.shape[1]:
        return PanelOls(points=n, practices=groups, reason="regressors_alike")
    found = np.linalg.solve(x.T @ x, x.T @ y)
    variances, freedom = _variances(x, y - x @ found, of, at, n - fitted)
    index, satterthwaite = pd.Index(names), pd.Series(dtype=float)
    if not period:
        variances["cr2"], few = _cr2(x, y - x @ found, of)
        freedom["cr2"] = satterthwaite = pd.Series(few, index)
    errors = pd.DataFrame({kind: np.sqrt(np.where(v > 0, v, np.nan)) for kind, v in variances.items()}, index)
    t = errors.rdiv(found, axis=0).abs()
    p = pd.DataFrame({kind: 2 * stats.t.sf(t[kind], freedom[kind]) for kind in t}, index)
    return PanelOls(PanelOls.null, pd.Series(found, index), errors, p, satterthwaite, n, groups)


def _variances(x: np.ndarray, left: np.ndarray, of: np.ndarray, at: np.ndarray, freedom: int) -> tuple[dict, dict]:
    """Variances of the coefficients and t's degrees of freedom, by kind; `of`, `at`: each row's practice, period."""
    n, groups, times = len(x), int(of.max()) + 1, int(at.max()) + 1
    inverse, scores = np.linalg.inv(x.T @ x), x * left[:, None]
    one, two = _sums(scores, of, groups), _sums(scores, at, times)
    factor = (n - 1) / freedom
    meat = {
        "ordinary": x.T @ x * (left @ left) / freedom,
        "white": scores.T @ scores * n / freedom,
        "practice": one.T @ one * factor * groups / (groups - 1),
        "period": two.T @ two * factor * times / (times - 1),
        "arellano": one.T @ one,
        "driscoll_kraay": _neighbours(two, int(times**0.25)),
    }
    meat["both"] = meat["practice"] + meat["period"] - meat["white"]
    spent = {"ordinary": freedom, "white": freedom, "practice": groups - 1, "arellano": groups - 1}
    spent |= {"period": times - 1, "driscoll_kraay": times - 1, "both": min(groups, times) - 1}
    return {kind: np.diag(inverse @ each @ inverse) for kind, each in meat.items()}, spent


def _sums(values: np.ndarray, of: np.ndarray, groups: int) -> np.ndarray:
    total = np.zeros((groups, values.shape[1]))
    np.add.at(total, of, values)
    return total


def _means(values: np.ndarray, of: np.ndarray, groups: int) -> np.ndarray:
    return (_sums(values, of, groups) / np.bincount(of, minlength=groups)[:, None])[of]


def _neighbours(scores: np.ndarray, most: int) -> np.ndarray:
    """Products of the periods' scores with those up to `most` before, weighted down (Newey & West 1987)."""
    total = scores.T @ scores
    for lag in range(1, most + 1):
        across = scores[lag:].T @ scores[:-lag]
        total = total + (1 - lag / (most + 1)) * (across + across.T)
    return total


def _cr2(x: np.ndarray, left: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Variances of the coefficients, each practice's residuals blown up by what it takes of the fit, and their df."""
    inverse = np.linalg.inv(x.T @ x)
    scores, sizes, across = [], [], []
    for g in range(int(of.max()) + 1):
        own = x[of == g]
        values, vectors = np.linalg.eigh(np.eye(len(own)) - own @ inverse @ own.T)
        root = np.where(values > ALIKE, np.maximum(values, ALIKE) ** -0.5, 0.0)
        grown = vectors @ (root[:, None] * (vectors.T @ own))
        scores.append(grown.T @ left[of == g])
        sizes.append(((grown @ inverse) ** 2).sum(axis=0))
        across.append(own.T @ grown @ inverse)
    told = np.array(scores)
    freedom = []
    for j in range(x.shape[1]):
        each = np.array(across)[:, :, j]
        inner = np.diag(np.array(sizes)[:, j]) - each @ inverse @ each.T
        freedom.append(np.trace(inner) ** 2 / (inner**2).sum())
    return np.diag(inverse @ told.T @ told @ inverse), np.array(freedom)
