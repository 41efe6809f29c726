"""Effects of actions that other programs give: a smoking ban, a planted campaign, a minimum wage."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.impact.claims import share_claimed
from bsc_analysis.analysis.impact.compared import compared
from bsc_analysis.analysis.impact.interrupted import interrupted
from bsc_analysis.analysis.impact.segmented import added, ahead, segmented
from bsc_analysis.analysis.impact.windows import Action
from bsc_analysis.analysis.panel_ols import panel_ols

EXACT = 1e-6


def case(shared: Path, name: str) -> tuple[pd.DataFrame, dict]:
    folder = shared / "reference" / name
    return pd.read_csv(folder / "data.csv"), json.loads((folder / "expected.json").read_text())


@pytest.fixture
def sicily(shared) -> tuple[pd.Series, pd.Series, dict]:
    data, told = case(shared, "its_sicily")
    index = pd.period_range("2002-01", periods=len(data), freq="M")
    return pd.Series(data["aces"].to_numpy(), index), pd.Series(data["stdpop"].to_numpy(), index), told


@pytest.mark.shared
def test_heart_attacks_after_the_smoking_ban_by_segmented_regression(sicily):
    counts, people, told = sicily
    asked = {
        "model1_poisson": {},
        "model2_quasi": {"dispersed": True},
        "model3_harmonic": {"dispersed": True, "waves": 2},
        "model4_step": {"dispersed": True, "waves": 2, "slope": True},
    }
    fits = {name: segmented(counts, "2005-01", exposure=people, counts=True, **how) for name, how in asked.items()}
    for name, fit in fits.items():
        level, wanted = fit.coefficients.loc["level"], told[name]
        assert list(level[["effect", "error"]]) == pytest.approx([wanted["beta"], wanted["se"]], rel=EXACT)
        seen = np.exp(level[["effect", "lower", "upper"]].to_numpy())
        assert list(seen) == pytest.approx([wanted[k] for k in ("RR", "lo", "hi")], rel=EXACT)
    assert fits["model2_quasi"].dispersion == pytest.approx(told["model2_dispersion"], rel=EXACT)
    assert fits["model3_harmonic"].dispersion == pytest.approx(told["model3_dispersion"], rel=EXACT)
    trend = fits["model3_harmonic"].coefficients.loc["trend"]
    assert list(trend[["effect", "error"]]) == pytest.approx(
        [told["model3_time"][k] for k in ("beta", "se")], rel=EXACT
    )
    f = added(fits["model3_harmonic"], fits["model4_step"])
    assert f == pytest.approx([told["anova_F_3v4"][k] for k in ("F", "p")], rel=EXACT)


@pytest.mark.shared
def test_heart_attacks_by_least_squares_with_errors_of_neighbours(sicily):
    counts, people, told = sicily
    for neighbours, name in ((None, "se"), (4, "nw4_se")):
        found = segmented(np.log(counts / people), "2005-01", waves=2, neighbours=neighbours).coefficients.loc["level"]
        wanted = [told["loglinear_ols"][k] for k in ("b", name)]
        assert list(found[["effect", "error"]]) == pytest.approx(wanted, rel=EXACT)


@pytest.mark.shared
def test_heart_attacks_fell_about_as_much_as_published(sicily):
    """11 % published with waves for a season; ours has a level of each month and errors that know of the one before."""
    counts, people, _ = sicily
    found = interrupted(counts, Action("ban", "2005-01"), counts=True, exposure=people)
    assert found.effect == pytest.approx(0.89, abs=0.02) and found.lower < 0.85 and found.upper < 0.95
    assert found.p < 0.01 and (found.before, found.after) == (36, 23)


@pytest.mark.shared
def test_what_a_campaign_added_to_what_was_expected_before_it(shared):
    data, told = case(shared, "causalimpact_vignette")
    data = data.set_index("t")
    found = ahead(data["y"], data[["x1"]], told["post"][0])
    wanted = [told[k] for k in ("actual_mean", "ols_counterfactual_mean", "ols_effect")]
    assert [found.actual, found.counterfactual, found.effect] == pytest.approx(wanted, rel=EXACT)
    months = data.set_axis(pd.period_range("2010-01", periods=100, freq="M"))
    ours = interrupted(months["y"], Action("ad", months.index[70]), beside=months[["x1"]], season=None)
    assert ours.lower < told["true_effect"] < ours.upper and ours.effect == pytest.approx(10, abs=1)


@pytest.mark.shared
def test_jobs_after_a_minimum_wage_rose(shared):
    data, told = case(shared, "did_cardkrueger")
    wide = data.groupby(["d", "id"])["fte"].first().unstack()
    acted = data.groupby("id")["nj"].first()
    after = pd.DataFrame(np.outer(wide.index, np.ones(wide.shape[1])), wide.index, wide.columns)
    group = pd.DataFrame(np.outer(np.ones(2), acted), wide.index, wide.columns)
    by = {"nj": group, "d": after, "did": group * after}
    found = panel_ols(wide, by, practice=False, period=False)
    seen = [found.coefficients["did"], *found.errors.loc["did", ["ordinary", "practice"]], found.points]
    assert seen == pytest.approx([told[k] for k in ("did", "se_iid", "se_cluster_id_HC1", "n")], rel=EXACT)

    both = wide.dropna(axis=1)
    balanced = panel_ols(both, {k: v[both.columns] for k, v in by.items()}, practice=False, period=False)
    seen = [balanced.coefficients["did"], balanced.errors.loc["did", "practice"], balanced.points]
    assert seen == pytest.approx([told["balanced"][k] for k in ("did", "se_cluster", "n")], rel=EXACT)
    years = both.set_axis(pd.period_range("1992", periods=2, freq="Y"))
    acts = {i: Action("wage", "1993") for i in years.columns if acted[i]}
    ours = compared(years, acts, base=1, draws=99)
    assert ours.effect == pytest.approx(told["balanced"]["did"], rel=EXACT)
    assert (ours.treated + ours.controls) * 2 == told["balanced"]["n"]


@pytest.mark.shared
def test_shares_claimed_have_wilsons_interval(shared):
    data, told = case(shared, "wilson_newcombe")
    for (count, n), wanted in zip(data.to_numpy(), told["wilson"], strict=True):
        found = share_claimed(count, n, 0.5)
        lower = found.lower if count == 1 else wanted["lo"]  # Hmisc takes another lower end where one was counted
        seen = [found.value, found.lower, found.upper]
        assert seen == pytest.approx([wanted["p"], lower, wanted["hi"]], rel=EXACT, abs=1e-12)
    for (count, n), wanted in zip(data.to_numpy(), told["published_wilson"], strict=False):
        found = share_claimed(count, n, 0.5)
        assert [round(found.lower, 4), round(found.upper, 4)] == wanted
