"""Each story that the demo tells can be seen in its rows at its planted size."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from tests.demo.raw import answers, calls, claims, journal, ledger, read, visits

PARAMS = Path(__file__).parents[2] / "params" / "demo"


@pytest.mark.parametrize(
    "practice, kpi, since, least, most",
    [
        ("north_clinic", "wait_median", "2025-07", -8, -4),
        ("harbor_heart", "no_show_rate", "2026-02", 2.5, 5.5),
        ("east_clinic", "engagement", "2025-12", -26, -10),
        ("east_clinic", "burnout", "2025-12", 8, 24),
        ("cedar_heart", "provider_rating", "2026-01", -14, -3),
    ],
)
def test_stories_can_be_seen(readings, practice, kpi, since, least, most):
    series = readings.loc[practice, kpi].astype(float)
    step = series[series.index >= since].mean() - series[series.index < since].mean()
    assert least < step < most


def test_one_practice_opened_later_and_the_smallest_is_sometimes_too_few(readings, exports):
    assert readings.loc["orchard_hill"].index.min() == pd.Period("2025-01")
    assert (readings.drop(index=["orchard_hill", "old_mill"]).groupby("practice").size() == 36).all()
    given = answers(exports)
    given = given[(given["p"] == "lakeside") & (given["Survey"] == "patient")]
    per_month = given.groupby(given["AnsweredOn"].dt.to_period("M")).size()
    assert 2 <= (per_month < 10).sum() <= 18


def test_a_practice_closed_and_no_export_of_it_reaches_further(readings, exports, truth):
    assert truth["closed"] == {"old_mill": "2026-06-30"}
    assert readings.loc["old_mill"].index.max() == pd.Period("2026-06")
    assert visits(exports).query("p == 'old_mill'")["ApptTime"].max() < pd.Timestamp("2026-07-01")
    assert calls(exports).query("p == 'old_mill'")["Start"].max() < pd.Timestamp("2026-07-01")
    assert journal(exports).query("p == 'old_mill'")["Posted"].max() <= pd.Timestamp("2026-06-30")
    assert ledger(exports).loc["old_mill"].index.max() == pd.Period("2026-06")
    staff = read(exports, exports / "old_mill" / "roster.csv")
    assert set(staff["AsOf"]) == {"2026-06-30"} and staff["LeftOn"].notna().all()


def test_fewer_and_fewer_answer_the_survey_and_those_who_do_are_as_content(readings):
    series = readings.loc["riverside_heart"]
    before, last = series[:"2025-12"], series["2026-07":]
    assert 5 < before["response_rate"].mean() < 7
    assert 2 < last["response_rate"].mean() < 4
    assert series["response_rate"].loc["2026-09"] < 3.5
    year = series.loc["2026-01":, "provider_rating"]
    assert abs(year.mean() - before["provider_rating"].mean()) < 6


def test_the_phone_system_failed_for_a_month_at_one_practice(exports):
    rang = calls(exports)
    days = rang[rang["Start"].dt.to_period("M") == "2026-05"].groupby("p")["Start"].agg(["size", "max"])
    assert days["size"].idxmin() == "bayview_heart"
    assert 5 <= days.loc["bayview_heart", "size"] < 30 and days.loc["bayview_heart", "max"] < pd.Timestamp("2026-05-02")
    assert (days.drop("bayview_heart")["max"] > pd.Timestamp("2026-05-29")).all()
    per_month = (
        rang.groupby(["p", rang["Start"].dt.to_period("M")]).size().drop(("bayview_heart", pd.Period("2026-05")))
    )
    assert per_month.min() > 70  # everywhere else every month is whole


def test_a_merger_brings_visits_a_site_and_another_revenue_per_visit(readings, exports):
    kept = readings.loc["cedar_heart", "kept"]
    earned = ledger(exports).loc["cedar_heart", "patient_revenue"] / kept
    assert 1.45 < kept["2026-01":].mean() / kept["2025-01":"2025-12"].mean() < 1.75
    assert 22 < earned["2026-01":].mean() - earned["2025-01":"2025-12"].mean() < 38
    booked = visits(exports).query("p == 'cedar_heart'")
    joined = booked["ApptTime"] >= "2026-01-01"
    assert set(booked.loc[~joined & booked["ApptTime"].notna(), "Site"]) == {"Cedar Grove"}
    assert 0.3 < (booked.loc[joined, "Site"] == "Juniper Lane").mean() < 0.45
    assert merger_breaks() == ["2026-01"]


def merger_breaks():
    params = yaml.safe_load((PARAMS / "cedar_heart.yaml").read_text())
    touched = {"provider_rating", "net_revenue_per_visit"}
    return [entry["at"] for entry in params["breaks"] if touched <= set(entry["kpis"])]


def test_denials_rise_at_one_practice_for_missing_authorisations(exports):
    sent = claims(exports)
    sent = sent[sent["Submitted"].between("2025-01-01", "2026-05-31")]
    late = sent["Submitted"] >= "2026-03-01"
    rate = 100 * sent["Denied"].notna().groupby([sent["p"], late]).mean().unstack()
    asked = 100 * (sent["Reason"] == "CO-197").groupby([sent["p"], late]).mean().unstack()
    step, of_it = rate[True] - rate[False], asked[True] - asked[False]
    assert 6 < step["meadow_park"] < 11 and of_it["meadow_park"] > 0.8 * step["meadow_park"]
    assert step.drop("meadow_park").abs().max() < 3


@pytest.mark.parametrize("practice, told", [("north_clinic", 1.0), ("summit_heart", 1.08)])
def test_two_histories_overlap_the_rows_and_one_of_them_differs(readings, exports, practice, told):
    history = pd.read_csv(exports / practice / "history.csv").set_index("Month")["NoShowPct"]
    assert (history.index[0], history.index[-1], len(history)) == ("2022-10", "2024-03", 18)
    rows = readings.loc[practice, "no_show_rate"]
    overlap = history["2023-10":] / rows[:"2024-03"].to_numpy()
    assert np.allclose(overlap, told, rtol=0.005)
