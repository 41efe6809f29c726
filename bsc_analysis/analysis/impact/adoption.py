"""Practices that acted, each when it did, against those that had not yet or never did.

Each practice's values are taken from its own mean of the periods before a start; the difference to the mean of the
practices that have not acted by that period is the effect of that start in that period (Callaway & Sant'Anna 2021,
without covariates; with one period before, exactly theirs). A level of each practice and period, one slope on "has
acted" (two-way fixed effects) compares late starters with those that acted before them, whose effect may still grow:
where it does, the slope can be 0 or less beside a true effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BASE = 12  # periods before a start that say what was before
LEAST_SPREAD = 1e-12


@dataclass(frozen=True)
class Adoption:
    """`values`: periods × practices, NaN where missing; by practice, `starts`: the period of the start, the number of
    periods where there is none, and `leave`: how many periods before it say nothing; `spreads`: how far its values
    swing; `base`: at most so many periods say what was before."""

    values: np.ndarray
    starts: np.ndarray
    leave: np.ndarray
    spreads: np.ndarray
    base: int = BASE

    @property
    def acted(self) -> np.ndarray:
        return self.starts < len(self.values)


@dataclass(frozen=True)
class Comparison:
    """`effect`: the mean over all practices and periods after a start, and its `error`; `events`: the mean by periods
    since the start, those of `since`, NaN where nothing can be compared, and how many `practices` are in each; of
    each assignment (and by `since`). `cells` of the first: start, period, effect, practices, controls. `compared`,
    `wanted`: its values after a start, and those with controls."""

    effect: np.ndarray
    error: np.ndarray
    events: np.ndarray
    practices: np.ndarray
    since: np.ndarray
    cells: np.ndarray
    compared: int
    wanted: int


def compare(of: Adoption, orders: np.ndarray | None = None) -> Comparison:
    """The effects of all starts together; NaN where there is nothing to compare.

    `orders`: assignments × practices, whose start each practice is given; without, each its own.
    """
    length, n = of.values.shape
    kinds, which = np.unique(np.column_stack([of.starts, of.leave]), axis=0, return_inverse=True)
    given = which.ravel()[np.arange(n)[None] if orders is None else orders]
    groups = [(given == k).astype(float) for k in range(len(kinds))]
    total, compared, wanted = np.zeros((3, len(given)))
    weights, cells = np.zeros((len(given), n)), []
    events, practices = np.zeros((2, len(given), 2 * length))  # place: periods since the start + length
    for (start, leave), members in zip(kinds, groups, strict=True):
        if start >= length:
            continue
        first = max(0, start - leave - of.base)
        shifted = of.values[first:] - mean_of(of.values[first : start - leave])
        there = np.isfinite(shifted)
        known, seen, at = np.where(there, shifted, 0.0), there.astype(float), np.arange(first, length)
        free = (kinds[:, :1] - kinds[:, 1:]) > np.maximum(at, start)  # kinds × periods
        size = members @ seen.T
        others = sum((group @ seen.T) * free[k] for k, group in enumerate(groups))
        enough = (size > 0) & (others > 0)
        after = at >= start
        wanted += (size * after).sum(axis=1)
        size, share = size * enough, enough / np.maximum(others, 1)
        found = (members @ known.T) / np.maximum(size, 1) * enough
        found -= sum((group @ known.T) * free[k] for k, group in enumerate(groups)) * share
        events[:, at - start + length] += found * size
        practices[:, at - start + length] += size
        total, compared = total + (found * size * after).sum(axis=1), compared + (size * after).sum(axis=1)
        weights += members * ((enough * after) @ seen)
        for k, group in enumerate(groups):
            weights -= group * ((size * share * free[k] * after) @ seen)
        told = zip(at, found[0], size[0], others[0], enough[0], strict=True)
        cells += [(start, t, effect, acted, not_yet) for t, effect, acted, not_yet, e in told if e]
    kept, some = np.flatnonzero(practices.any(axis=0)), np.where(compared > 0, compared, np.nan)
    there_are = np.where(practices > 0, practices, np.nan)
    return Comparison(
        total / some,
        np.sqrt(((weights * of.spreads) ** 2).sum(axis=1)) / some,
        (events / there_are)[:, kept],
        practices[:, kept],
        kept - length,
        np.array(cells, dtype=float).reshape(-1, 5),
        int(compared[0]),
        int(wanted[0]),
    )


def spreads_of(values: np.ndarray, starts: np.ndarray, leave: np.ndarray) -> np.ndarray:
    """How far each practice's values swing about its mean before the first of all starts, each period's mean off.

    The same periods for all, or those that act would seem to swing less than others: they did in a trial, and one
    practice that acts then had an effect where there was none in 20 of 100 panels. Errors told by the spreads let noisy
    practices act: with threefold swings, practices permuted without them find effects where there is none in 23–35 of
    100 panels, with them in 5.
    """
    before = values[: (starts - leave)[starts < len(values)].min(initial=len(values))]
    apart = before - mean_of(before.T)[:, None]
    spread = np.sqrt(mean_of((apart - mean_of(apart)) ** 2))
    told = np.isfinite(spread) & (spread > LEAST_SPREAD)
    return np.where(told, spread, np.median(spread[told]) if told.any() else 1.0)


def mean_of(values: np.ndarray) -> np.ndarray:
    """The mean of each column's values that are there, NaN where none is."""
    there = np.isfinite(values)
    count = there.sum(axis=0)
    return np.where(count > 0, np.where(there, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
