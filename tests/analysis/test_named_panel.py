"""Named tests of a whole group give the numbers that other programs give, and a reason where they give none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from bsc_analysis.analysis.named_panel import dumitrescu_hurlin, half_panel_jackknife
from bsc_analysis.analysis.panel_ols import panel_ols
from tests.analysis.panels import panel

EXACT = 1e-6


def case(shared: Path, name: str) -> tuple[dict[str, pd.DataFrame], dict]:
    """The case's columns, each year × firm, and what it expects."""
    folder = shared / "reference" / name
    data = pd.read_csv(folder / "data.csv").pivot(index="year", columns="firm")
    told = json.loads((folder / "expected.json").read_text())
    return {column: data[column] for column in data.columns.levels[0]}, told


@pytest.mark.shared
def test_investment_by_dumitrescu_and_hurlin(shared):
    data, told = case(shared, "dh_grunfeld_inv_value_order1")
    for lagging, leading in (("inv", "value"), ("value", "inv")):
        found, wanted = dumitrescu_hurlin(data[leading], data[lagging]), told[f"{lagging}~{leading},order1"]
        seen = (found.wbar, found.zbar, found.p_zbar, found.ztilde, found.p_ztilde)
        values = [wanted["Wbar"]["statistic"]]
        values += [wanted[z][k] for z in ("Zbar", "Ztilde") for k in ("statistic", "p.value")]
        assert seen == pytest.approx(values, rel=EXACT)
        assert list(found.walds) == pytest.approx([each["Chisq"] for each in wanted["individual_W"]], rel=EXACT)


@pytest.mark.shared
def test_investment_by_the_half_panel_jackknife(shared):
    data, told = case(shared, "jks_grunfeld")
    for name, lags, robust in (("p1", 1, False), ("p1 het", 1, True), ("p2", 2, False)):
        found, wanted = half_panel_jackknife(data["value"], data["inv"], lags, robust), told[f"value->inv {name}"]
        assert found.plain == pytest.approx(np.atleast_1d(wanted["beta_full"]), rel=EXACT)
        assert found.coefficients == pytest.approx(np.atleast_1d(wanted["beta_hpj"]), rel=EXACT)
        assert found.covariance == pytest.approx(np.array(wanted["V"]), rel=EXACT)
        assert (found.wald, found.p) == pytest.approx((wanted["W"], wanted["p"]), rel=EXACT)


@pytest.mark.shared
def test_investment_with_fixed_effects(shared):
    data, told = case(shared, "twfe_grunfeld")
    by = {name: data[name] for name in ("value", "capital")}
    two, one = panel_ols(data["inv"], by), panel_ols(data["inv"], by, period=False)
    for found, way in ((two, "twoway"), (one, "oneway")):
        assert found.coefficients.to_dict() == pytest.approx(told[f"{way}_coef"], rel=EXACT)
        assert list(found.errors["ordinary"]) == pytest.approx(told[f"{way}_se_default"], rel=EXACT)
        assert list(found.errors["arellano"]) == pytest.approx(told[f"{way}_se_arellano_HC0"], rel=EXACT)
    assert list(two.errors["practice"]) == pytest.approx(told["twoway_se_cluster_firm_HC1_lsdv"], rel=EXACT)
    assert list(one.errors["driscoll_kraay"]) == pytest.approx(told["oneway_se_driscoll_kraay_HC0"], rel=EXACT)
    for wanted in told["CR2_oneway"]:
        at = wanted["Coef"]
        seen = (one.errors.loc[at, "cr2"], one.freedom[at], one.p.loc[at, "cr2"])
        assert seen == pytest.approx([wanted[k] for k in ("SE", "df_Satt", "p_Satt")], rel=EXACT)


@pytest.mark.shared
def test_errors_clustered_one_and_two_ways_by_petersen(shared):
    data, told = case(shared, "cluster_petersen")
    found = panel_ols(data["y"], {"x": data["x"]}, practice=False, period=False)
    assert list(found.coefficients[["constant", "x"]]) == pytest.approx(told["coef"], rel=EXACT)
    kinds = {"ordinary": "iid", "white": "hc1", "practice": "cluster_firm", "period": "cluster_year"}
    for kind, name in (kinds | {"both": "cluster_both"}).items():
        assert list(found.errors.loc[["constant", "x"], kind]) == pytest.approx(told[f"se_{name}"], rel=EXACT)


def test_an_unbalanced_panel_is_that_of_every_dummy():
    x, y, m = panel(1, slope=0.5, months=12)
    x.iloc[3, 4], y.iloc[[0, 7], 2] = np.nan, np.inf
    found = panel_ols(y, {"x": x, "m": m})
    cells = pd.DataFrame({"y": y.T.stack(), "x": x.T.stack(), "m": m.T.stack()}).replace(np.inf, np.nan).dropna()
    dummies = pd.get_dummies(cells.index.to_frame(index=False).astype(str), dtype=float).set_axis(cells.index)
    slow = sm.OLS(cells["y"], cells[["x", "m"]].join(dummies.drop(columns=dummies.columns[-1]))).fit()
    assert list(found.coefficients) == pytest.approx(list(slow.params[["x", "m"]]))
    assert list(found.errors["ordinary"]) == pytest.approx(list(slow.bse[["x", "m"]]))
    assert found.points == 12 * 12 - 3


def test_practices_with_a_gap_are_left_out_of_balanced_tests():
    x, y, _ = panel(2, slope=0.8)
    gappy = y.where((y.index != y.index[5]).repeat(12).reshape(36, 12) | (y.columns != "p03"))
    without = x.drop(columns="p03"), y.drop(columns="p03")
    assert dumitrescu_hurlin(x, gappy).ztilde == dumitrescu_hurlin(*without).ztilde
    found = half_panel_jackknife(x, gappy)
    assert found.wald == half_panel_jackknife(*without).wald and found.practices == 11
    assert found.p < 1e-6 and found.coefficients[0] == pytest.approx(0.8, abs=0.2)


def test_what_cannot_be_tested_has_a_reason():
    x, y, _ = panel(3)
    tests = [dumitrescu_hurlin, half_panel_jackknife, lambda x, y: panel_ols(y, {"x": x})]

    def reasons(x, y):
        return [test(x, y).reason for test in tests]

    assert reasons(x[["p00"]], y[["p00"]]) == ["too_few_practices"] * 3
    assert reasons(x * np.nan, y) == ["too_few_practices"] * 3
    assert reasons(x, y * 0 + 0.1) == ["too_few_practices", "too_few_practices", "lagging_constant"]
    assert reasons(x * 0 + 0.1, y) == ["too_few_practices", "too_few_practices", "regressors_alike"]
    assert reasons(pd.concat([x, x]), y) == ["periods_twice"] * 3
    assert reasons(x.iloc[:3], y.iloc[:3])[:2] == ["too_few_points"] * 2
    assert reasons(y, y)[:2] == ["identical"] * 2
    assert dumitrescu_hurlin(x.drop(x.index[4]), y).reason == "gaps"
    assert panel_ols(y, {"x": x, "again": x * 2}).reason == "regressors_alike"
    assert panel_ols(y.iloc[:1], {"x": x}).reason == "too_few_points"
