"""The real networks: readings made from CMS's raw files equal the tidy panel, and the known sums hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from bsc_analysis.disclosure import disclose, with_named_practices
from bsc_analysis.params import load_group
from bsc_analysis.readings import newest_complete, readings
from bsc_analysis.readings.reconcile import reconciliation
from bsc_analysis.report.run import Run
from bsc_analysis.store import open_store

pytestmark = pytest.mark.shared
REPO = Path(__file__).parents[2]
PAIRS = {  # panel column: (KPI, panel unit → ours)
    "savings_rate": ("savings_rate", 100),
    "earned_savings_usd": ("earned_savings", 1e-6),
    "exp_per_capita_usd": ("cost_per_capita", 1),
    "cahps_access": ("cahps_access", 1),
    "cahps_communication": ("cahps_communication", 1),
    "cahps_provider_rating": ("cahps_provider_rating", 1),
    "cahps_specialist_access": ("cahps_specialist_access", 1),
    "cahps_z": ("cahps_z", 1),
    "ed_visits_per_1000": ("ed_visits", 1),
    "admissions_per_1000": ("admissions", 1),
    "readmission_rate_pct": ("readmission_rate", 1),
    "quality_score": ("quality_score", 100),
    "clinicians": ("clinicians", 1),
}


@pytest.fixture(scope="module")
def aco(shared, tmp_path_factory):
    workspace = tmp_path_factory.mktemp("aco")
    shutil.copytree(REPO / "params" / "cms_aco", workspace / "params" / "cms_aco")
    shutil.copytree(REPO / "notebooks", workspace / "notebooks")
    group = load_group("cms_aco", workspace, shared / "data")
    store = open_store(group)
    return group, store, readings(group, store)


def test_readings_equal_the_panel_in_every_column_both_hold(shared, aco):
    panel = pd.read_parquet(shared / "data/cms_aco/aco_panel_2014_2024.parquet")
    found = (
        aco[2]
        .assign(year=aco[2]["period"].astype(int))
        .pivot(index=["practice", "year"], columns="kpi", values="value")
    )
    found = found.reindex(pd.MultiIndex.from_frame(panel[["aco_id", "year"]]))
    for column, (kpi, times) in PAIRS.items():
        wanted = panel[column].to_numpy(dtype=float) * times
        pd.testing.assert_series_equal(
            found[kpi].reset_index(drop=True), pd.Series(wanted, name=kpi), rtol=1e-9, atol=1e-9
        )


def test_earned_savings_add_up_to_what_cms_paid(aco):
    savings = aco[2][aco[2]["kpi"] == "earned_savings"].groupby("period")["numerator"].sum() / 1e6
    known = [341.2, 645.5, 691.3, 780.8, 966.4, 1117.9, 2283.7, 1959.4, 2524.5, 3080.2, 4104.2]
    assert savings.round(1).tolist() == known


def test_every_row_of_every_file_is_accounted_for(aco):
    accounts = aco[1].accounts.set_index("file")
    assert accounts["physical"].to_dict() == {
        "raw/2022.csv": 482,
        "raw/2023.csv": 453,
        "raw/2024.csv": 476,
        "aco_panel_2014_2024.parquet": 5051,
    }
    assert accounts.loc["aco_panel_2014_2024.parquet", "quarantined"] == 482 + 453 + 476  # after 2021: raw wins
    assert (accounts["physical"] == accounts[["used", "quarantined", "deduplicated"]].sum(axis=1)).all()


def test_the_panel_equals_the_raw_files_in_every_year_both_tell_so_that_no_series_breaks(aco):
    group, store, found = aco
    reconciled = reconciliation(group, store)
    assert set(reconciled["kpi"]) == set(found["kpi"])
    assert (reconciled["equal"] == reconciled["compared"]).all()
    assert reconciled["compared"].between(1, 3).all()
    mixed = reconciled[reconciled["at"].notna()]
    assert set(mixed["source"]) == {"tables"}
    assert (mixed["until"] <= "2021").all() and (mixed["at"] >= "2022").all()  # some came back after years
    seen = disclose(group, "A2024", "2024", store)
    assert [b.at for b in seen.breaks("savings_rate")] == []
    assert [b.at for b in seen.breaks("cahps_access")] == ["2018", "2021"]  # those of the params


def test_the_practices_of_a_year_are_those_its_file_names(aco):
    group, store, _ = aco
    assert newest_complete(group, store) == "2024"
    seen = disclose(group, "A2024", "2024", store)
    assert len(seen.group.practices) == 476
    assert seen.practice.title == "Accountable Care Organization of Pennsylvania, LLC"
    assert disclose(group, "A2024", "2023", store).practice.title == "Delaware Valley ACO"
    assert seen.reading("savings_rate")["value"] == pytest.approx(6.4372, abs=1e-4)
    assert len(seen.series("savings_rate")) == 11


def test_satisfaction_claims_nothing_and_emergency_visits_move_with_savings_within_the_year(aco):
    group, store, _ = aco
    seen = disclose(group, "A2024", "2024", store)
    satisfaction, visits = seen.links
    assert satisfaction.group.answer in ("cannot_tell", "not_supported") and satisfaction.group.plain > 0.05
    assert (visits.group.answer, visits.group.shares) == ("moves_together", ("aco_years.ed_visits_per_1000",))
    usual = visits.group.per_sd / visits.group.effect  # a network's usual swing, in visits
    assert usual == pytest.approx(46, abs=5) and visits.group.same_period * usual == pytest.approx(-1.09, abs=0.17)
    assert visits.group.p_leads > 0.1  # whether they lead is open
    assert visits.group.plain == pytest.approx(0.006, abs=0.0005)  # an ordinary regression is sure of it
    html = Run(seen).links().html.replace("\N{NO-BREAK SPACE}", " ")
    assert "savings rate fell by" in html and "The spending behind savings rate includes emergency visits" in html
    assert "An ordinary regression on earlier years would have called this an effect (p 0.006, here 0." in html
    assert (visits.own.reason, visits.own.points) == ("too_few_points", 11)


def test_small_networks_do_not_show_their_clinicians(aco):
    group, _, found = aco
    from bsc_analysis.disclosure import withhold

    shown = withhold(found[found["kpi"] == "clinicians"], group.shared.audience)
    small = found.loc[shown.index[shown["state"] == "withheld"], "value"]
    assert len(small) == ((found["kpi"] == "clinicians") & found["value"].between(1, 10)).sum() > 0
    assert shown.loc[small.index, "value"].isna().all()


def test_every_year_has_the_networks_that_the_panel_has_under_their_names_of_that_year(shared, aco):
    panel = pd.read_parquet(shared / "data/cms_aco/aco_panel_2014_2024.parquet")
    group, store, _ = aco
    for year, rows in panel[panel["year"] < 2022].groupby("year"):
        named = with_named_practices(group, store, pd.Period(str(year), "Y")).practices
        assert {id: p.title for id, p in named.items()} == dict(zip(rows["aco_id"], rows["aco_name"], strict=True))
    for year in (2022, 2023, 2024):
        named = with_named_practices(group, store, pd.Period(str(year), "Y")).practices
        assert set(named) == set(panel.loc[panel["year"] == year, "aco_id"])
