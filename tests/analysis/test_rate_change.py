"""Whether rates of parts changed by more than chance: against other programs, by simulation, and for all parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from bsc_analysis.analysis.rate_change import Dispersion, dispersion, rate_changes


def told(*parts: tuple[float, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(parts, columns=["n0", "d0", "n1", "d1"], dtype="float64")


def test_one_part_has_newcombes_interval():
    found = rate_changes(told((48, 80, 56, 70)), "proportion").iloc[0]
    assert (found["lower"], found["upper"]) == pytest.approx((0.0524, 0.3339), abs=5e-4)  # his table II, contrast (a)
    theirs = confint_proportions_2indep(56, 70, 48, 80, method="newcomb")
    assert (found["lower"], found["upper"]) == pytest.approx(theirs, rel=1e-9)
    assert found["apart"]


def test_more_parts_widen_all_intervals():
    alone = rate_changes(told((48, 80, 56, 70)), "proportion").iloc[0]
    among = rate_changes(told(*[(48, 80, 56, 70)] * 8), "proportion").iloc[0]
    assert among["lower"] < alone["lower"] and among["upper"] > alone["upper"] and not among["apart"]


def test_counts_per_exposure_and_edges():
    found = rate_changes(told((5, 1000, 30, 1000), (0, 10, 0, 10), (0, 0, 5, 10), (10, 10, 10, 10)), "count")
    assert found["apart"].tolist()[:2] == [True, False] and pd.isna(found["apart"].iloc[2])
    assert found.loc[1, "lower"] < 0 < found.loc[1, "upper"]
    shares = rate_changes(told((0, 10, 10, 10), (0, 10, 0, 10)), "proportion")
    assert (shares["lower"] >= -1).all() and (shares["upper"] <= 1).all() and shares["apart"].tolist() == [True, False]


def test_of_money_no_chance_is_known():
    found = rate_changes(told((5, 1000, 30, 1000)), "none")
    assert found["apart"].isna().all() and found[["lower", "upper"]].isna().all(axis=None)


def months(numerators: list[float], denominator: float, name: str) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([[name], ["2026Q1"] * len(numerators)])
    return pd.DataFrame({"numerator": numerators, "denominator": denominator}, index=index, dtype="float64")


def test_dispersion_by_hand():
    """Rates 10 %, months of 8, 10, 12 in 100 and of 9, 10, 11: χ² is (4 + 4)/9 and (1 + 1)/9 on two degrees each."""
    cells = pd.concat([months([8, 10, 12], 100, "a"), months([9, 10, 11], 100, "b")])
    assert dispersion(cells, "proportion") == Dispersion(pytest.approx(10 / 9 / 4), 4)
    assert dispersion(cells, "count").factor == pytest.approx(1 / 4)
    assert dispersion(cells, "none") == dispersion(cells.iloc[:3], "proportion") == Dispersion()
    assert dispersion(pd.concat([cells, months([0, 0, 0], 100, "c")]), "proportion").freedom == 4


@pytest.mark.parametrize("spread", [0.0, 0.03])
def test_families_without_a_change_seldom_have_a_part_that_is_apart(spread):
    """Four parts, two quarters of three months; each month's rate is 10 % give or take `spread` of its own."""
    false, rng = [], np.random.default_rng(5)
    for _ in range(300):
        d = rng.integers(100, 300, (4, 2, 3)).astype(float)
        n = rng.binomial(d.astype(int), np.clip(0.1 + spread * rng.standard_normal(d.shape), 0.01, 1)).astype(float)
        index = pd.MultiIndex.from_product([range(4), range(2), range(3)]).droplevel(2)
        cells = pd.DataFrame({"numerator": n.ravel(), "denominator": d.ravel()}, index=index)
        sides = pd.DataFrame({"n0": n[:, 0].sum(1), "d0": d[:, 0].sum(1), "n1": n[:, 1].sum(1), "d1": d[:, 1].sum(1)})
        false.append(rate_changes(sides, "proportion", dispersion(cells, "proportion"))["apart"].any())
    assert np.mean(false) < 0.07
