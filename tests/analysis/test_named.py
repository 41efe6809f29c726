"""Named tests of one pair give the numbers that other programs give, and a reason where they give none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.named import granger, prewhitened, toda_yamamoto
from bsc_analysis.analysis.verdict import benjamini_hochberg

EXACT = 1e-6


def case(shared: Path, name: str) -> tuple[pd.DataFrame, dict]:
    folder = shared / "reference" / name
    return pd.read_csv(folder / "data.csv"), json.loads((folder / "expected.json").read_text())


@pytest.mark.shared
def test_chickens_and_eggs(shared):
    data, told = case(shared, "granger_chickegg")
    for lagging, leading in (("chicken", "egg"), ("egg", "chicken")):
        for lags in (1, 2, 3, 4):
            found, wanted = granger(data[leading], data[lagging], lags), told[f"{lagging}~{leading},order{lags}"]
            assert (found.statistic, found.p) == pytest.approx((wanted["F"], wanted["p"]), rel=EXACT)
            assert found.freedom == (wanted["df1"], wanted["df2"])


@pytest.mark.shared
def test_chickens_and_eggs_in_levels(shared):
    data, told = case(shared, "ty_chickegg")
    for name, wanted in told.items():
        if name != "_meta":
            leading, lagging = name.split()[0].split("->")
            found = toda_yamamoto(data[leading], data[lagging], wanted["p"], wanted["dmax"], wanted["trend"])
            assert (found.statistic, found.p, found.f, found.p_f) == pytest.approx(
                [wanted[k] for k in ("W_chisq", "p_chisq", "F", "p_F")], rel=EXACT
            )
            assert (found.points, found.freedom[1]) == (wanted["n_used"], wanted["df2"])


@pytest.mark.shared
def test_sales_follow_their_leading_indicator_by_three(shared):
    data, told = case(shared, "lead_bjsales")
    change = data[["sales", "lead"]].diff().iloc[1:]
    found = prewhitened(change["lead"], change["sales"], order=3)
    assert found.filter == pytest.approx(told["prewhiten_ar3_coefs"], rel=EXACT)
    theirs = dict(zip(told["ccf_lag"], told["ccf"], strict=True))  # R's lag is that of the leading series
    assert found.correlations.to_dict() == pytest.approx({-lag: value for lag, value in theirs.items()}, rel=EXACT)
    assert found.peak == told["lead_months_expected"]
    for name, wanted in told["granger"].items():
        lagging, leading = (each.removeprefix("d") for each in name.split(",")[0].split("~"))
        ours = granger(change[leading], change[lagging], int(name[-1]))
        assert (ours.statistic, ours.p) == pytest.approx((wanted["F"], wanted["p"]), rel=EXACT)


@pytest.mark.shared
def test_fifteen_p_values_of_benjamini_and_hochberg(shared):
    data, told = case(shared, "fdr_bh1995")
    found = benjamini_hochberg(list(data["p"]))
    assert found == pytest.approx(told["bh"], rel=EXACT)
    assert sum(q <= 0.05 for q in found) == told["n_reject_bh_05"]


def series(seed: int = 1, n: int = 40) -> tuple[pd.Series, pd.Series]:
    values = np.random.default_rng(seed).standard_normal((2, n))
    return tuple(pd.Series(v, pd.period_range("2022-01", periods=n, freq="M")) for v in values)


def test_a_missing_month_is_no_lag():
    x, y = series()
    assert granger(x.drop(x.index[7]), y, 1) == granger(x.where(x.index != x.index[7]), y, 1)
    assert granger(x.drop(x.index[7]), y, 1).points == 38


def test_each_says_its_null_in_words():
    x, y = series()
    told = [granger(x, y, 2), toda_yamamoto(x, y, 2), prewhitened(x, y, 1)]
    assert [each.null[:12] for each in told] == ["lags 1 to 2 ", "lags 1 to 2 ", "the two seri"]
    assert [told[0].distribution, told[1].distribution] == ["F(2, 33)", "χ²(2)"]


@pytest.mark.parametrize("test", [granger, toda_yamamoto, prewhitened])
def test_what_cannot_be_tested_has_a_reason(test):
    x, y = series()
    quarters = y.set_axis(pd.period_range("2022Q1", periods=40, freq="Q"))
    bad = {
        "leading_constant": (x * 0 + 0.1, y),
        "lagging_constant": (x, y * 0),
        "too_few_points": (x[:4], y[:4]),
        "periods_twice": (pd.concat([x, x]), y),
        "other_calendars": (x, quarters),
    }
    for why, (leading, lagging) in bad.items():
        assert test(leading, lagging, 2).reason == why
    assert test(x * np.nan, y, 2).reason == test(x[:0], y[:0], 2).reason == "too_few_points"
    assert granger(x, x, 2).reason == "identical"
    assert prewhitened(x.replace(x.iloc[4], np.inf), y, 2).reason == "gaps"
