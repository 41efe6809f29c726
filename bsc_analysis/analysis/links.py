"""Does one practice's leading KPI move before its lagging one? A test that holds on short, persistent, seasonal series.

Null hypothesis: the lagging KPI moves by its own past, its season, its trend and its declared breaks; the leading one
may answer it, and both may move together in the same period. The p-value is that of the largest |t| over all leads
tested, among pairs simulated under that null: one test per link. docs/calibration.md says how often it errs.

Sources: Toda & Yamamoto 1995 on why levels with pre-tests err; Davidson & MacKinnon 2004 on simulated nulls;
Kendall 1954 and Shaman & Stine 1988 on the bias of persistence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.gain import gain
from bsc_analysis.analysis.lagged import Lagged
from bsc_analysis.analysis.null import Null, fit_null
from bsc_analysis.analysis.pair import SHORT, Pair, degenerate, pair_of
from bsc_analysis.analysis.verdict import LEVEL, POWER, PROFILE, Verdict, asked, judge, leading_p

BESIDE = 199  # draws for what is shown beside the verdict: the other direction

__all__ = ["judge", "test_link"]


def test_link(
    leading: pd.Series,
    lagging: pd.Series,
    *,
    within: int,
    expect: str | None = None,
    least: float | None = None,
    season: str | None = "auto",
    breaks: Iterable[pd.Period | str] = (),
    peers: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    draws: int = 999,
    seed: int = 0,
    beside: bool = True,
) -> Verdict:
    """The verdict on `leading` → `lagging` (each a Series on a PeriodIndex of one frequency; missing stays missing).

    `within`: the longest lead, in periods; at most 2 are tested up to 24 periods, else 4. `expect`: 'positive' or
    'negative'. `least`: the smallest effect that matters, in the lagging KPI's unit per unit of the leading one.
    `season`: 'auto' by frequency, or None. `breaks`: periods at which either series began anew. `peers`: other
    practices' leading and lagging KPI (periods × practices), whose mean of each period is taken off. `draws`: simulated
    pairs. `beside`: also tell the other direction and the gain. What cannot be tested has p-values None and a `reason`.
    """
    blank = asked(expect, least, within, draws)
    if blank.reason:
        return blank
    pair = pair_of(leading, lagging, season, breaks, peers)
    if isinstance(pair, str):
        return replace(blank, reason=pair)
    blank = replace(blank, points=pair.points)
    leads = tuple(range(1, min(within, 2 if pair.points <= SHORT else 4) + 1))
    if why := degenerate(pair, leads):
        return replace(blank, reason=why)
    rng = np.random.default_rng(seed)
    found = _tested(blank, rng, pair, leads, draws)
    if not beside:
        return found
    turned, _ = _forecasts(rng, pair.turned(), leads, min(draws, BESIDE))
    saved = gain(pair.missing("y"), pair.missing("x"), pair.terms, _lags(_order("y", pair)), found.lag or 1)
    return replace(found, feedback=turned.p, gain=saved.share, gain_p=saved.p)


@dataclass(frozen=True)
class _Asked:
    """One question put to a pair and to pairs of its null: p, of each regression its estimate and error, and how many
    errors off 95 % of nulls stay, over all."""

    p: float
    estimate: np.ndarray
    error: np.ndarray
    reach: float

    @property
    def clearest(self) -> float:
        """t where it is furthest from 0."""
        t = self.estimate / self.error
        return float(t[np.abs(t).argmax()])


def _asked(models: Sequence[Lagged], pair: Pair, drawn: tuple[np.ndarray, np.ndarray]) -> _Asked:
    estimate, error = np.array([model.last(pair.y, pair.x) for model in models])[:, :, 0].T
    largest = np.max([np.abs(np.divide(*model.last(*drawn))) for model in models], axis=0)
    seen = np.nan_to_num(np.abs(estimate / error).max(), nan=0.0)
    p = (1 + (largest >= seen).sum()) / (len(largest) + 1)
    return _Asked(float(p), estimate, error, float(np.quantile(largest, LEVEL)))


def _forecasts(rng: np.random.Generator, pair: Pair, leads: tuple[int, ...], draws: int) -> tuple[_Asked, Null]:
    """Whether x's past helps to forecast y, and the null that says so."""
    orders = _orders(pair)
    null = fit_null(rng, pair.y, pair.x, pair.terms, pair.there, orders)
    models = [Lagged("y", pair.terms, pair.there, _lags(orders[0]), (k,)) for k in leads]
    return _asked(models, pair, null.draw(rng, draws)), null


def _tested(blank: Verdict, rng: np.random.Generator, pair: Pair, leads: tuple[int, ...], draws: int) -> Verdict:
    """The verdict of a pair that can be tested."""
    told, null = _forecasts(rng, pair, leads, draws)
    orders = (len(null.own), len(null.leading))
    own, terms, there = _lags(orders[0]), pair.terms, pair.there
    moved = fit_null(rng, pair.y, pair.x, terms, there, orders, (0, *leads))
    models = [Lagged("y", terms, there, own, (0, k)) for k in leads]
    beyond = _asked(models, pair, moved.draw(rng, draws))
    same = _asked([Lagged("y", terms, there, own, (0,))], pair, null.draw(rng, draws, apart=True))
    unit, at = pair.units[0] / pair.units[1], int(np.abs(told.estimate / told.error).argmax())
    estimate, half = told.estimate * unit, told.reach * told.error * unit
    profile = pd.DataFrame({"lag": leads, "estimate": estimate, "lower": estimate - half, "upper": estimate + half})
    joint = Lagged("y", terms, there, own, leads).fit(pair.y, pair.x)[0][0, len(own) :]
    of_x = Lagged("x", terms, there)
    movement = np.sqrt(np.nansum(of_x.remainder(pair.y, pair.x, np.zeros(0)) ** 2) / max(of_x.freedom, 1))
    return replace(
        blank,
        p_forecasts=told.p,
        p_leads=leading_p(told.p, beyond.p, beyond.clearest * told.clearest > 0),
        p_same_period=same.p,
        effect=float(estimate[at]),
        per_sd=float(estimate[at] * movement * pair.units[1]),
        interval=(float(estimate[at] - half[at]), float(estimate[at] + half[at])),
        cumulative=float(joint.sum() * unit),
        shrunken=float(estimate[at] * max(0.0, 1 - (told.error[at] / told.estimate[at]) ** 2)),
        same_period=float(same.estimate[0] * unit),
        lag=leads[at],
        lags_tested=leads,
        profile=profile[PROFILE],
        smallest_effect=float((told.reach + POWER) * told.error[at] * unit),
    )


def _lags(order: int) -> tuple[int, ...]:
    return tuple(range(1, order + 1))


def _orders(pair: Pair) -> tuple[int, int]:
    """Own lags of y and of x, by BIC under the null: 1 on few points, else up to 2."""
    return _order("y", pair), _order("x", pair)


def _order(of: str, pair: Pair) -> int:
    """The better of the orders, all judged on the rows of the longest."""
    models = []
    for order in range(1, 2 if pair.points <= SHORT else 3):
        lags = (_lags(order), ()) if of == "y" else ((1,), _lags(order))
        models.append(Lagged(of, pair.terms, pair.there, *lags))
    rows = models[-1].rows
    left = [m.remainder(pair.y, pair.x, m.fit(pair.y, pair.x)[0][0])[rows] for m in models]
    bic = [len(rows) * np.log((e**2).mean()) + order * np.log(len(rows)) for order, e in enumerate(left, start=1)]
    return int(np.argmin(bic)) + 1
