"""Does a leading KPI move before a lagging one, over all practices of a group? A test that holds on short panels.

Null hypothesis: the lagging KPI of every practice moves by its own past, its own trend and season, and what moves all
practices of its specialty at once; the leading one may answer it, and both may move together in the same period. The
p-value is that of the slope furthest from what such panels give, over all leads tested: one test per link.
docs/calibration.md says how often it errs.

Sources: Nickell 1981 on the bias of short panels; Arellano 1987 on clustered errors; Davidson & MacKinnon 2004 on
simulated nulls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.analysis.lagged_panel import LaggedPanel
from bsc_analysis.analysis.panel_data import LEAST_PRACTICES, Breaks, Panel, degenerate, panel_of, without
from bsc_analysis.analysis.panel_model import PanelModel, by_each, fit_panel
from bsc_analysis.analysis.verdict import LEVEL, POWER, PROFILE, Verdict, asked, leading_p

SHORT, MIDDLE = 10, 24  # periods below which one lead can be told, and up to which two; else four
BESIDE, WITHOUT = 199, 499  # draws for what is shown beside the verdict: the other direction; without the influential
LEAST_FREEDOM = 3  # of a practice's own slope
INFLUENTIAL = 0.05  # share of the practices, one at least, that the verdict is shown without


def test_group_link(
    leading: pd.DataFrame,
    lagging: pd.DataFrame,
    *,
    within: int,
    expect: str | None = None,
    least: float | None = None,
    season: str | None = "auto",
    specialty: Mapping[str, str] | pd.Series | None = None,
    region: Mapping[str, str] | pd.Series | None = None,
    breaks: Breaks = (),
    draws: int = 999,
    seed: int = 0,
    beside: bool = True,
) -> Verdict:
    """The verdict on `leading` → `lagging` (each a frame period × practice on a PeriodIndex, NaN where missing).

    `within`: the longest lead, in periods; 1 is tested below 10 periods, at most 2 up to 24, else at most 4.
    `specialty`, `region`: of each practice; what moves all practices of one in a period is taken off. `breaks`: periods
    at which all series began anew, or such periods by practice. `expect`, `least`, `season`, `draws`, `beside`: as
    in `links.test_link`. What cannot be tested has p-values None and a `reason`.
    """
    blank = replace(asked(expect, least, within, draws), practices=0)
    if blank.reason:
        return blank
    panel = _panel(leading, lagging, season, specialty, region, breaks)
    if isinstance(panel, str):
        return replace(blank, reason=panel)
    leads = _leads(panel, within)
    if why := degenerate(panel, leads):
        return replace(blank, reason=why)
    rng = np.random.default_rng(seed)
    found = _tested(panel, leads, draws, rng, blank)
    if not beside:
        return found
    rest = without(panel, _influential(panel, found))
    return replace(
        found,
        feedback=_forecasts(panel.turned(), leads, min(draws, BESIDE), rng)[0].p,
        without_influential=_tested(rest, leads, min(draws, WITHOUT), rng, blank),
    )


def p_forecasts(
    leading: pd.DataFrame, lagging: pd.DataFrame, *, within: int, draws: int = 199, seed: int = 0, **told: Any
) -> float | None:
    """Only p that the leading KPI's past helps to forecast, None where it cannot be tested; `told`: season, specialty,
    region and breaks as in test_group_link."""
    panel = _panel(leading, lagging, **told)
    if isinstance(panel, str):
        return None
    return _forecasts(panel, _leads(panel, within), draws, np.random.default_rng(seed))[0].p


def practice_slopes(leading: pd.DataFrame, lagging: pd.DataFrame, *, lag: int, **told: Any) -> pd.DataFrame:
    """Each practice's own slope of the lagging KPI on the leading one `lag` periods before: practice, slope, error and
    freedom, in the KPIs' units; `told` as in p_forecasts. Practices with fewer than LEAST_FREEDOM are left out."""
    columns = ["practice", "slope", "error", "freedom"]
    panel = _panel(leading, lagging, **told)
    if isinstance(panel, str):
        return pd.DataFrame(columns=columns)
    model, unit = _model(panel, ("x", lag)), panel.units[0] / panel.units[1]
    products = model.products(panel.y, panel.x, square=True)[:, 0]
    slopes = products[:, 0, 1] / products[:, 1, 1].clip(1e-12)
    free = model.freedom - 1
    left = products[:, 0, 0] - slopes * products[:, 0, 1]
    errors = np.sqrt(left.clip(0) / free.clip(1) / products[:, 1, 1].clip(1e-12))
    found = pd.DataFrame(dict(zip(columns, (panel.practices, slopes * unit, errors * unit, free), strict=True)))
    return found[(free >= LEAST_FREEDOM) & (products[:, 1, 1] > 1e-9)].reset_index(drop=True)


def _panel(
    leading: pd.DataFrame,
    lagging: pd.DataFrame,
    season: str | None = "auto",
    specialty: Mapping[str, str] | pd.Series | None = None,
    region: Mapping[str, str] | pd.Series | None = None,
    breaks: Breaks = (),
) -> Panel | str:
    return panel_of(leading, lagging, season, (specialty, region), breaks, LEAST_PRACTICES)


def _leads(panel: Panel, within: int) -> tuple[int, ...]:
    periods = panel.y.shape[2]
    return tuple(range(1, min(within, 1 if periods < SHORT else 2 if periods <= MIDDLE else 4) + 1))


@dataclass(frozen=True)
class _Asked:
    """One question put to a panel and to panels of its null: p, and for each regression its estimate and error, and
    where |t| of the null lies (`mean`, `spread`); `reach`: how many spreads off 95 % of nulls stay, over all."""

    p: float
    estimate: np.ndarray
    error: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    reach: float

    @property
    def distance(self) -> np.ndarray:
        """How many spreads |t| lies from the middle of the null, by regression."""
        return (self.estimate / self.error - self.mean) / self.spread

    @property
    def clearest(self) -> float:
        """The distance where it is furthest."""
        return float(self.distance[np.abs(self.distance).argmax()])


def _asked(
    models: Sequence[LaggedPanel], panel: Panel, null: PanelModel, draws: int, rng, apart: bool = False
) -> _Asked:
    estimate, error = np.array([model.last(panel.y, panel.x) for model in models])[:, :, 0].T
    error = np.maximum(error, 1e-12)
    drawn = [
        np.stack([np.divide(*model.last(y, x)) for model in models], axis=1) for y, x in null.draw(rng, draws, apart)
    ]
    t = np.concatenate(drawn)
    mean, spread = t.mean(axis=0), t.std(axis=0).clip(1e-12)
    furthest = np.abs((t - mean) / spread).max(axis=1)
    seen = np.nan_to_num(np.abs((estimate / error - mean) / spread).max(), nan=0.0)
    p = float((1 + (furthest >= seen).sum()) / (draws + 1))
    return _Asked(p, estimate, error, mean, spread, float(np.quantile(furthest, LEVEL)))


def _forecasts(panel: Panel, leads: Sequence[int], draws: int, rng) -> tuple[_Asked, PanelModel]:
    null = fit_panel(rng, panel.y, panel.x, panel.terms, panel.means, ())
    return _asked([_model(panel, ("x", k)) for k in leads], panel, null, draws, rng), null


def _profile(told: _Asked, bias: np.ndarray, doubt: np.ndarray, at: int) -> pd.DataFrame:
    """Slopes less their bias, with intervals that hold for all leads at once and say of 0 what the test says: all hold
    it unless the test passes, and then the clearest lead's does not."""
    centre, half = told.estimate - bias, told.reach * np.hypot(told.spread * told.error, doubt)
    if told.p <= 1 - LEVEL and centre[at] * told.clearest < 0:  # the bias as estimated would turn what was found round
        centre[at] = told.distance[at] * told.spread[at] * told.error[at]
    lower, upper = centre - half, centre + half
    if told.p > 1 - LEVEL:
        lower, upper = np.minimum(lower, 0.0), np.maximum(upper, 0.0)
    elif told.clearest > 0:
        lower[at] = max(lower[at], 0.0)
    else:
        upper[at] = min(upper[at], 0.0)
    return pd.DataFrame({"estimate": centre, "lower": lower, "upper": upper})


def _bias(panel: Panel, whole: PanelModel, leads: tuple[int, ...], rng) -> tuple[np.ndarray, np.ndarray]:
    """How far off short panels of the model as estimated, link and all, put each lead's slope on average; and the error
    of saying so, for the model is an estimate: each panel drawn has coefficients as far off as it may be."""
    models = [_model(panel, ("x", k)) for k in leads]
    scattered = whole.scattered(rng, BESIDE)
    panels = whole.draw(rng, BESIDE, moved=scattered)
    drawn = np.concatenate([np.stack([m.last(y, x)[0] for m in models], axis=1) for y, x in panels])
    middle, *slopes = by_each(scattered - whole.coefficients, drawn)
    turn = np.array(slopes) - whole.turned(leads)
    return middle - whole.slopes(leads), np.sqrt(np.einsum("ik,ij,jk->k", turn, whole.doubt, turn))


def _model(panel: Panel, *by: tuple[str, int]) -> LaggedPanel:
    return LaggedPanel("y", panel.terms, panel.means.there, by, (1,))


def _tested(panel: Panel, leads: tuple[int, ...], draws: int, rng, blank: Verdict) -> Verdict:
    """The verdict of a panel that can be tested."""
    told, null = _forecasts(panel, leads, draws, rng)
    whole = fit_panel(rng, panel.y, panel.x, panel.terms, panel.means, (0, *leads), doubted=True)
    beyond = _asked([_model(panel, ("x", 0), ("x", k)) for k in leads], panel, whole.null, draws, rng)
    same = _asked([_model(panel, ("x", 0))], panel, null, draws, rng, apart=True)
    unit = panel.units[0] / panel.units[1]
    bias, doubt = _bias(panel, whole, leads, rng)
    at = int(np.abs(told.distance).argmax())
    profile = (_profile(told, bias, doubt, at) * unit).assign(lag=leads)[PROFILE]
    centre = profile["estimate"].to_numpy()
    joint = _model(panel, *(("x", k) for k in leads)).fit(panel.y, panel.x)[0][0]
    of_x = LaggedPanel("x", panel.terms, panel.means.there, ())
    movement = np.sqrt(np.nansum(of_x.remainder(panel.y, panel.x, np.zeros(0)) ** 2) / of_x.freedom.clip(0).sum())
    return replace(
        blank,
        p_forecasts=told.p,
        p_leads=leading_p(told.p, beyond.p, beyond.clearest * told.clearest > 0),
        p_same_period=same.p,
        effect=float(centre[at]),
        per_sd=float(centre[at] * movement * panel.units[1]),
        interval=(float(profile["lower"][at]), float(profile["upper"][at])),
        cumulative=float((joint - bias).sum() * unit),
        shrunken=float(centre[at] * max(0.0, 1 - 1 / told.distance[at] ** 2)),
        same_period=float((same.estimate - same.mean * same.error)[0] * unit),
        lag=leads[at],
        lags_tested=leads,
        profile=profile,
        points=panel.points,
        practices=len(panel.practices),
        smallest_effect=float((told.reach + POWER) * told.spread[at] * told.error[at] * unit),
    )


def _influential(panel: Panel, found: Verdict) -> list[str]:
    """The practices on which the slope hangs most, whichever way they pull: to leave out only those that pull its way
    would turn any slope round."""
    products = _model(panel, ("x", found.lag or 1)).products(panel.y, panel.x)[:, 0]
    whole = products[:, 1, 1].sum()
    slope = products[:, 0, 1].sum() / whole
    parts = np.abs(products[:, 0, 1] - slope * products[:, 1, 1])
    n = max(1, round(INFLUENTIAL * len(parts)))
    return [panel.practices[i] for i in np.argsort(parts)[-n:]]
