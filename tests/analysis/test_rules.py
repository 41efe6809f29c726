"""The rules against a slow way of saying them, on many series."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bsc_analysis.analysis.variation.individuals import lines
from bsc_analysis.analysis.variation.rules import first_of, marked


def slow(x: np.ndarray, screen: bool, run: int) -> list[str]:
    """Point by point and window by window; no missing values."""
    n, centre, ranges = len(x), float(np.mean(x)), [abs(b - a) for a, b in pairwise(x)]
    mean = sum(ranges) / len(ranges)
    kept = [r for r in ranges if r < 3.267 * mean] if screen else ranges
    reach = 2.66 * sum(kept) / len(kept)
    side = [0 if abs(v - centre) < 1e-9 else 1 if v > centre else -1 for v in x]
    outside = [abs(v - centre) > reach for v in x]
    near = [not out and abs(v - centre) > reach * 2 / 3 for v, out in zip(x, outside, strict=True)]

    def windows(i, width):
        return [range(s, s + width) for s in range(max(0, i - width + 1), min(i, n - width) + 1)]

    def trend(w):
        steps = [np.sign(x[j + 1] - x[j]) for j in w[:-1]]
        return steps[0] != 0 and len(set(steps)) == 1

    def one_side(w):
        return abs(sum(side[j] for j in w)) == len(w)

    found = []
    for i in range(n):
        if outside[i]:
            found.append("outside")
        elif any(trend(w) for w in windows(i, 7)):
            found.append("trend")
        elif near[i] and any(one_side(w) and sum(near[j] for j in w) >= 2 for w in windows(i, 3)):
            found.append("two_of_three")
        elif any(one_side(w) for w in windows(i, run)):
            found.append("run")
        else:
            found.append("")
    return found


@pytest.mark.parametrize(("screen", "run"), [(True, 7), (False, 7), (True, 8)])
def test_every_series_is_marked_as_the_slow_way_marks_it(screen, run):
    rng = np.random.default_rng(7)
    seen = set()
    for _ in range(150):
        x = rng.normal(size=rng.integers(12, 50))
        x = np.round(x + rng.choice([0, 0.5]) * np.cumsum(x), rng.choice([0, 1, 6]))
        if np.ptp(x) == 0:
            continue
        ours = first_of(marked(x, lines(x, screen), run))[0].tolist()
        assert ours == slow(x, screen, run)
        seen |= set(ours)
    assert seen == {"", "outside", "trend", "two_of_three", "run"}


def test_many_series_at_once_are_marked_as_each_alone():
    x = np.random.default_rng(1).normal(size=(20, 30)).cumsum(axis=1)
    together = first_of(marked(x, lines(x)))
    for i, row in enumerate(x):
        for ours, alone in zip(together, first_of(marked(row, lines(row))), strict=True):
            assert ours[i].tolist() == alone.tolist()


def test_turning_a_series_over_turns_the_sides_and_nothing_else():
    x = np.random.default_rng(2).normal(size=40).cumsum()
    (rules, sides), (turned, others) = (first_of(marked(v, lines(v))) for v in (x, -x))
    assert rules.tolist() == turned.tolist() and sides.tolist() == (-others).tolist()
    scaled = first_of(marked(1e6 + 1e3 * x, lines(1e6 + 1e3 * x)))
    assert scaled[0].tolist() == rules.tolist()
