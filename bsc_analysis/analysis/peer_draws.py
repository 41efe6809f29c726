"""Draws of what practices are like behind their values, when peers tell what to expect of each.

Model: practices' true shares follow a beta distribution (rates a gamma, means a normal one) whose mean and width are
not fixed but drawn too, given all practices' counts; counts are binomial (Poisson, normal) about the truth. Before the
counts are seen, any standard deviation between practices is as likely as any other. Of 5 or 8 practices that truly
differ, intervals held 93–97 of 100 truths in simulations (analysis/peer_trials.py); with a prior uniform in the
shrinkage itself (Christiansen & Morris 1997) they held 92–97.
Sources: Gelman 2006, Bayesian Analysis 1, 515–534; Christiansen & Morris 1997, JASA 92, 618–632.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from bsc_analysis.analysis.peer_counts import PeerCounts

MODELS = {"proportion": "beta_binomial", "rate": "gamma_poisson", "mean": "normal_normal"}
REACH, MEANS = 6.0, 41  # standard errors of the peers' mean that its grid goes to either side; its cells
WIDTHS = np.arange(-14, 7, 0.25)  # log of what peers weigh in middle-sized practices: differing wholly … all alike


@dataclass(frozen=True)
class Draws:
    """`truth`: draws × practices, in the order of the rows; `own`: by practice, the mean weight of its own value, the
    rest being its peers'."""

    truth: np.ndarray
    own: np.ndarray


def draw(peers: PeerCounts, draws: int, seed: int) -> Draws:
    """`draws` of all practices' true values together; the same seed gives the same draws."""
    rng = np.random.default_rng(seed)
    of = peers.rows["of"].to_numpy()
    if peers.kind == "mean":
        return _normal(peers.rows["value"].to_numpy(), peers.errors(of) ** 2, draws, rng)
    count = peers.rows["count"].to_numpy()
    draw_one = _binomial if peers.kind == "proportion" else _poisson
    return draw_one(count, of, draws, rng)


def _binomial(count: np.ndarray, of: np.ndarray, draws: int, rng: np.random.Generator) -> Draws:
    total, cases = count.sum() + 0.5, of.sum() + 1
    differ = np.var(special.logit((count + 0.5) / (of + 1))) / len(of)
    error = np.sqrt(1 / total + 1 / (cases - total) + differ)
    at, widths = _grid(special.logit(total / cases), error)
    mean, rest, without = special.expit(at), special.expit(-at), of - count  # no 1 − mean, which may round to 0
    peers = np.median(of) * np.exp(widths)  # how many cases the peers weigh
    first, second = peers * mean, peers * rest
    told = (special.betaln(first + count, second + without) - special.betaln(first, second)).sum(axis=-1)
    told += (np.log(mean * rest) + _any_width(peers))[..., 0]  # a mean may be any share
    at, widths = _chosen(told, at, widths, draws, rng)
    peers = np.median(of) * np.exp(widths)
    truth = rng.beta(peers * special.expit(at) + count, peers * special.expit(-at) + without)
    return Draws(truth, (of / (of + peers)).mean(axis=0))


def _poisson(count: np.ndarray, of: np.ndarray, draws: int, rng: np.random.Generator) -> Draws:
    differ = np.var(np.log((count + 0.5) / of)) / len(of)
    at, widths = _grid(np.log((count.sum() + 0.5) / of.sum()), np.sqrt(1 / (count.sum() + 0.5) + differ))
    exposure = np.median(of) * np.exp(widths)  # what the peers weigh
    events = exposure * np.exp(at)
    told = special.gammaln(events + count) - special.gammaln(events) - events * np.log1p(of / exposure)
    told = (told - count * np.log(exposure + of)).sum(axis=-1)
    told += (at + _any_width(events))[..., 0]  # a mean may be any rate
    at, widths = _chosen(told, at, widths, draws, rng)
    exposure = np.median(of) * np.exp(widths)
    truth = rng.gamma(exposure * np.exp(at) + count) / (exposure + of)
    return Draws(truth, (of / (of + exposure)).mean(axis=0))


def _normal(value: np.ndarray, within: np.ndarray, draws: int, rng: np.random.Generator) -> Draws:
    """Means with known errors: their centre is integrated out, only the width is weighed on the grid."""
    precision = 1 / (within + np.median(within) * np.exp(-WIDTHS)[:, None])
    centre = (precision @ value) / precision.sum(axis=1)
    misfit = (precision * (value - centre[:, None]) ** 2).sum(axis=1)
    told = 0.5 * (np.log(precision).sum(axis=1) - np.log(precision.sum(axis=1)) - misfit - WIDTHS)  # any spread
    _, widths = _chosen(told[:, None], np.zeros((1, 1, 1)), WIDTHS[:, None, None], draws, rng)
    spread = np.median(within) * np.exp(-widths)
    precision = 1 / (within + spread)
    total = precision.sum(axis=1, keepdims=True)
    mean = rng.normal((precision @ value)[:, None] / total, 1 / np.sqrt(total))
    own = spread * precision
    return Draws(rng.normal(own * value + (1 - own) * mean, np.sqrt(own * within)), own.mean(axis=0))


def _grid(centre: float, error: float) -> tuple[np.ndarray, np.ndarray]:
    """Means (1 × MEANS × 1) and widths (WIDTHS × 1 × 1), beside an axis of practices."""
    return (centre + error * np.linspace(-REACH, REACH, MEANS))[None, :, None], WIDTHS[:, None, None]


def _any_width(weight: np.ndarray) -> np.ndarray:
    """Log prior of the log of what peers weigh: uniform in the standard deviation between practices, which goes by
    1 / √(weight + 1) and so cannot be endless."""
    return np.log(weight) - 1.5 * np.log1p(weight)


def _chosen(
    told: np.ndarray, at: np.ndarray, widths: np.ndarray, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Means and widths (draws × 1) by the log weight of each cell, each anywhere in its cell."""
    weight = np.exp(told - told.max()).ravel()
    row, column = np.divmod(rng.choice(weight.size, draws, p=weight / weight.sum()), told.shape[1])
    at, widths = at.ravel(), widths.ravel()
    step = at[1] - at[0] if len(at) > 1 else 0.0
    near = rng.uniform(-0.5, 0.5, (2, draws))
    return (at[column] + near[0] * step)[:, None], (widths[row] + near[1] * (widths[1] - widths[0]))[:, None]
