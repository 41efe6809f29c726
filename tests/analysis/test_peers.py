"""Peer sets from readings: who is compared with whom, in which period, and by what counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bsc_analysis.analysis.funnel import funnel
from bsc_analysis.analysis.peers import Peers, kind_of, peer_sets, peers
from bsc_analysis.kpis import kpi
from bsc_analysis.packed import packed, record_of
from bsc_analysis.readings import readings
from tests.peers import PERIOD, kept, peers_group, told

SIX = """
a 40 400
b 80 800
c 22 200
d 58 600
e 31 300
z 90 400
"""


def compared(folder, *frames, period=PERIOD, **shared) -> dict[tuple[str, str], Peers]:
    """(KPI, specialty) → its peers."""
    group = peers_group(pd.concat(frames), **shared)
    found = readings(group, kept(folder, *frames))
    return {(each.kpi, each.of): each for each in peers(group, [kpi(id) for id in group.shared.kpis], found, period)}


def test_values_centre_and_limits_are_in_the_unit_of_the_kpi(tmp_path):
    found = compared(tmp_path, told(SIX))["no_show_rate", "family medicine"]
    assert found.period == "2026Q1" and found.practices["value"].to_dict() == pytest.approx(
        {"a": 10, "b": 10, "c": 11, "d": 100 * 58 / 600, "e": 100 * 31 / 300, "z": 22.5}
    )
    assert found.centre == pytest.approx(100 * 321 / 2700)
    counts = pd.DataFrame({"count": [40, 80, 22, 58, 31, 90], "of": [400, 800, 200, 600, 300, 400]}, list("abcdez"))
    plain = funnel(counts, "proportion", better="down")
    assert found.practices["upper998"].tolist() == pytest.approx((100 * plain.practices["upper998"]).tolist())
    assert found.curve["lower95"].tolist() == pytest.approx((100 * plain.curve["lower95"]).tolist())
    assert found.practices.loc["z", ["place", "word"]].tolist() == [plain.practices.loc["z", "place"], "worse"]
    assert (found.practices["lower"] < found.practices["shrunken"]).all()
    assert found.practices.loc["z", "rank_lower"] == found.practices.loc["z", "rank_upper"] == 6
    assert found.widened == plain.overdispersed
    table = np.array([counts["count"], counts["of"] - counts["count"]])
    assert found.p_differ == pytest.approx(stats.chi2_contingency(table).pvalue)


def test_sets_are_specialties_and_who_names_none_among_those_who_do_has_no_peers(tmp_path):
    named = dict.fromkeys("abcde", "cardiology")
    group = peers_group(told(SIX), specialties=named)
    assert peer_sets(group) == {"cardiology": list("abcde")}
    assert peer_sets(peers_group(told(SIX), specialties={})) == {"": list("abcdez")}
    found = compared(tmp_path, told(SIX), specialties=named)
    assert list(found) == [("no_show_rate", "cardiology")]
    assert list(found["no_show_rate", "cardiology"].practices.index) == list("abcde")


def test_fewer_than_five_are_never_compared(tmp_path):
    four = "\n".join(SIX.strip().splitlines()[:4])
    (found,) = compared(tmp_path / "1", told(four)).values()
    assert (found.reason, len(found.practices), found.period) == ("too_few_practices", 0, "")
    (found,) = compared(tmp_path / "2", told(f"{four}\ne . .")).values()
    assert found.reason == "too_few_practices"


def test_the_newest_period_that_enough_have_is_taken_if_it_is_of_the_last_year(tmp_path):
    few = told("a 41 400\nb 81 800", period="2026Q2")
    (found,) = compared(tmp_path / "1", told(SIX), few, period=pd.Period("2026Q2")).values()
    assert found.period == "2026Q1" and found.practices.loc["a", "value"] == 10
    (found,) = compared(tmp_path / "2", told(SIX), few, period=pd.Period("2025Q4")).values()
    assert found.reason == "too_few_practices"  # what comes after the report is not known
    (late,) = compared(tmp_path / "3", told(SIX), few, period=pd.Period("2026Q4")).values()
    (old,) = compared(tmp_path / "4", told(SIX), few, period=pd.Period("2027Q1")).values()
    assert (late.period, old.reason) == ("2026Q1", "too_few_practices")


def test_who_has_no_value_or_impossible_counts_is_left_out_with_the_reason(tmp_path):
    (found,) = compared(tmp_path / "1", told(SIX + "y . .\nx 10.5 100")).values()
    assert dict(found.left_out) == {"y": "missing", "x": "not_whole"} and len(found.practices) == 6
    halves = "\n".join(f"{name} 10.5 100" for name in "abcdef")
    (found,) = compared(tmp_path / "2", told(halves)).values()
    assert found.reason == "not_whole"
    (found,) = compared(tmp_path / "3", told("\n".join(f"{name} 0 100" for name in "abcdef"))).values()
    assert found.reason == "no_events"


def test_values_that_are_whole_by_accident_among_many_that_are_not_are_no_counts(tmp_path):
    """Emergency visits per 1,000 times person-years: 500 × 8.2 is whole, 533 × 73.4 is not."""
    rates = "\n".join(f"{name} {8200 * 500 / 1000} 8200" for name in "abcde")
    other = "\n".join(f"{name} {7340 * 533 / 1000} 7340" for name in "fghijk")
    (found,) = compared(tmp_path / "1", told(f"{rates}\n{other}", "ed_visits")).values()
    assert (found.reason, len(found.practices)) == ("not_whole", 0)
    (found,) = compared(tmp_path / "2", told(f"{rates}\nf {7340 * 533 / 1000} 7340", "ed_visits")).values()
    assert (found.reason, dict(found.left_out)) == ("", {"f": "not_whole"})


def test_persons_who_answer_every_month_count_once_so_a_month_is_compared_and_no_quarter(tmp_path):
    frames = [told("\n".join(f"{p} 12 20" for p in "abcde"), "engagement", f"2026-0{month}") for month in (1, 2, 3)]
    (found,) = compared(tmp_path, *frames, grain="month").values()
    assert found.period == "2026-03" and (found.practices["of"] == 20).all()


@pytest.mark.parametrize(
    ("id", "kind"),
    [
        ("no_show_rate", "proportion"),
        ("staff_turnover", "rate"),
        ("net_revenue_per_visit", None),
        ("wait_median", None),
        ("days_in_ar", None),
        ("cahps_access", None),
    ],
)
def test_only_what_counts_something_has_a_chance_to_compare_by(id, kind):
    assert kind_of(kpi(id)) == kind


def test_practices_whose_card_lacks_the_kpi_are_no_peers(tmp_path):
    group = peers_group(told(SIX))
    group.practices["z"] = replace(group.practices["z"], kpis={})
    (found,) = peers(group, [kpi("no_show_rate")], readings(group, kept(tmp_path, told(SIX))), PERIOD)
    assert "z" not in found.practices.index and found.centre == pytest.approx(100 * 231 / 2300)


def test_it_is_kept_as_json_and_comes_back(tmp_path):
    (found,) = compared(tmp_path, told(SIX)).values()
    back = record_of(Peers, packed(found))
    pd.testing.assert_frame_equal(back.practices, found.practices)
    pd.testing.assert_frame_equal(back.curve, found.curve)
    assert (back.centre, back.reason, dict(back.left_out)) == (found.centre, "", {})
