"""Whether practices differ at all: by χ² where cases are many, exact where they are few."""

from __future__ import annotations

from itertools import product
from math import comb, factorial, prod

import numpy as np
import pytest
from scipy import stats

from bsc_analysis.analysis.peer_alike import p_alike


@pytest.mark.parametrize(("kind", "share"), [("proportion", 0.02), ("proportion", 0.98), ("rate", 0.02)])
def test_of_practices_that_are_alike_with_an_event_or_two_each_one_in_twenty_sets_differs(kind, share):
    rng, of = np.random.default_rng(11), np.array([30, 40, 50, 80, 120] * 6)
    counts = rng.binomial(of, share, (200, 30)) if kind == "proportion" else rng.poisson(of * share, (200, 30))
    assert np.mean([p_alike(count, of, kind) <= 0.05 for count in counts]) <= 0.09


def test_the_chance_of_few_cases_is_that_of_all_ways_in_which_they_could_fall():
    count, of = np.array([3, 0, 1, 0]), np.array([5, 10, 20, 5])
    expected = of * (4 / 40)
    chances = {"proportion": 0.0, "rate": 0.0}
    for way in (w for w in product(range(5), repeat=4) if sum(w) == 4):
        if ((np.array(way) - expected) ** 2 / expected).sum() >= ((count - expected) ** 2 / expected).sum() - 1e-9:
            chances["proportion"] += prod(comb(int(n), k) for n, k in zip(of, way, strict=True)) / comb(40, 4)
            chances["rate"] += factorial(4) * prod((n / 40) ** k / factorial(k) for n, k in zip(of, way, strict=True))
    for kind, chance in chances.items():
        assert p_alike(count, of, kind) == pytest.approx(chance, abs=0.006)


def test_of_many_cases_it_is_the_chi_squared_of_a_table():
    count, of = np.array([40, 90, 30, 66]), np.array([400, 500, 300, 600])
    assert p_alike(count, of, "proportion") == pytest.approx(stats.chi2_contingency([count, of - count]).pvalue)
    assert p_alike(count, of, "rate") == pytest.approx(stats.chisquare(count, of * count.sum() / of.sum()).pvalue)


def test_practices_apart_differ_however_few_cases_or_many():
    assert p_alike(np.array([9, 0, 0, 0, 0]), np.array([10] * 5), "proportion") <= 0.001
    assert p_alike(np.array([9e8, 1, 0, 0, 0]), np.array([1e9] * 5), "proportion") <= 0.001
    assert p_alike(np.array([9, 0, 0, 0, 0]), np.array([0.1] * 5), "rate") <= 0.002


def test_means_are_no_counts():
    with pytest.raises(ValueError, match="proportion"):
        p_alike(np.ones(5), np.ones(5), "mean")
