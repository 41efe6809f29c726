"""p, u, g and t charts: limits as other programs give them, and what they make of numbers that cannot be."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.variation import days_between, g_chart, gaps, p_chart, t_chart, u_chart

LINES = ["lower", "centre", "upper"]


def months(values, start="2024-01") -> pd.Series:
    return pd.Series(list(values), index=pd.period_range(start, periods=len(values), freq="M"), dtype="float64")


@pytest.mark.shared
@pytest.mark.parametrize(("key", "prime"), [("p", False), ("p_prime", True)])
def test_accidents_in_the_nhs(shared, key, prime):
    folder = shared / "reference" / "spc_laney_nhs_accidents"
    told = pd.DataFrame(json.loads((folder / "expected.json").read_text())[key])
    data = pd.read_csv(folder / "data.csv")
    points = p_chart(months(data["r"]), months(data["n"]), better="up", prime=prime).points
    for ours, theirs in zip(["value", *LINES], ["y", "lcl", "cl", "ucl"], strict=True):
        assert points[ours].to_numpy() == pytest.approx(told[theirs].to_numpy(), rel=1e-6)
    assert (points["rule"] == "outside").tolist() == told["sigma.signal"].tolist()


R = [8.0, 12, 10, 9, 14, 7, 11, 13, 6, 10, 9, 11]
N = [100.0, 120, 90, 100, 110, 95, 105, 115, 85, 100, 100, 80]


def test_a_p_charts_limits_are_those_of_counting_by_each_months_cases():
    points = p_chart(months(R), months(N), better="down", scale=100).points
    centre = sum(R) / sum(N)  # 120 / 1200
    assert points["centre"].to_numpy() == pytest.approx(100 * centre)
    assert points["upper"].iloc[0] == pytest.approx(100 * (0.1 + 3 * np.sqrt(0.1 * 0.9 / 100)))
    assert points["upper"].iloc[1] == pytest.approx(100 * (0.1 + 3 * np.sqrt(0.1 * 0.9 / 120)))
    assert points["lower"].iloc[8] == pytest.approx(100 * (0.1 - 3 * np.sqrt(0.1 * 0.9 / 85)))


def test_a_u_charts_limits_are_those_of_poisson_counts():
    points = u_chart(months(R), months(N), better="down").points
    assert points["upper"].iloc[1] == pytest.approx(0.1 + 3 * np.sqrt(0.1 / 120))
    assert points["lower"].iloc[1] == pytest.approx(0.1 - 3 * np.sqrt(0.1 / 120))


def test_laneys_charts_widen_the_limits_by_how_much_more_neighbours_differ():
    plain, prime = (u_chart(months(R), months(N), better="down", prime=prime).points for prime in (False, True))
    z = [(r / n - 0.1) / np.sqrt(0.1 / n) for r, n in zip(R, N, strict=True)]
    sigma = np.mean(np.abs(np.diff(z))) / 1.128
    reach = (prime["upper"] - prime["centre"]) / (plain["upper"] - plain["centre"])
    assert reach.to_numpy() == pytest.approx(sigma)


def test_limits_end_where_no_share_and_no_rate_can_be():
    few = months([5.0] * 12)
    share = p_chart(months([4.0, 5] * 6), few, better="up").points
    assert share["upper"].max() == 1 and share["lower"].min() > 0
    assert u_chart(months([1.0, 0] * 6), few, better="up").points["lower"].max() == 0


def test_two_of_three_near_a_limit_that_was_cut_off_go_by_counting():
    cut = p_chart(months([*[1.0, 2] * 8, 0, 0, 0]), months([20.0] * 19), better="down").points
    assert cut["lower"].max() == 0 and not (cut["rule"] == "two_of_three").any()


def test_a_month_without_cases_is_no_point_and_one_with_more_events_than_cases_is_left_out():
    r, n = [*R, 0, 3, 50, -1, np.nan], [*N, 0, 0, 40, 90, 100]
    found = p_chart(months(r), months(n), better="down")
    assert found.count == 12 and found.left_out == 3 and str(found.as_of) == "2024-12"
    assert u_chart(months(r), months(n), better="down").left_out == 2  # a rate may be above one
    assert p_chart(months(R), months([0.0] * 12), better="down").latest == "too_few"


def test_nothing_ever_is_flat_and_so_is_laney_without_any_difference():
    assert p_chart(months([0.0] * 14), months(N + N[:2]), better="down").latest == "flat"
    assert u_chart(months([9.0] * 14), months([90.0] * 14), better="down", prime=True).latest == "flat"


def test_a_break_begins_limits_of_its_own_and_the_target_is_asked_of_the_last():
    r, n = months([*R, *(3 * v for v in R)]), months(N + N)
    found = p_chart(r, n, better="down", target=0.1, breaks=("2025-01",))
    assert found.points["centre"].round(3).unique().tolist() == [0.1, 0.3] and found.count == 12
    assert found.points["lower"].iloc[-1] > 0.1 and found.assurance == "missed"


GAPS = [12.0, 40, 3, 25, 60, 18, 7, 33, 50, 21, 9, 28]


def test_a_g_charts_limits_are_geometric_about_the_mean_and_its_centre_the_median():
    points = g_chart(pd.Series(GAPS)).points
    mean = np.mean(GAPS)
    assert points["centre"].iloc[0] == np.median(GAPS) and points["lower"].iloc[0] == 0
    assert points["upper"].iloc[0] == pytest.approx(mean + 3 * np.sqrt(mean * (mean + 1)))


def test_a_t_chart_is_an_xmr_chart_of_the_power():
    points = t_chart(pd.Series(GAPS)).points
    root = np.array(GAPS) ** (1 / 3.6)
    reach = 3 * np.mean(np.abs(np.diff(root))) / 1.128
    assert points["centre"].iloc[0] == pytest.approx(root.mean() ** 3.6)
    assert points["upper"].iloc[0] == pytest.approx((root.mean() + reach) ** 3.6)
    assert points["lower"].iloc[0] == pytest.approx(max(root.mean() - reach, 0) ** 3.6)


def test_long_between_events_is_good_unless_told_otherwise():
    long = pd.Series([*GAPS, 400.0])
    assert (g_chart(long).latest, t_chart(long).latest, g_chart(long, better="down").latest) == (
        "improvement",
        "improvement",
        "concern",
    )


def test_events_at_one_time_are_refused_by_t_and_taken_by_g():
    same = pd.Series([*GAPS, 0.0])
    assert (t_chart(same).latest, t_chart(same).reason) == ("refused", "zero_between")
    assert g_chart(same).count == 13
    assert g_chart(pd.Series([*GAPS, -4.0])).left_out == 1


def test_eleven_gaps_are_too_few_and_none_are_too():
    assert (g_chart(pd.Series(GAPS[:11])).latest, g_chart(pd.Series(dtype=float)).latest) == ("too_few", "too_few")
    assert t_chart(pd.Series([7.0] * 12)).latest == "flat"


def test_days_between_dates_are_by_the_day_of_the_later_event():
    days = days_between(["2026-01-10", "2026-01-03 23:00", None, "2026-02-01 06:00"])
    assert days.tolist() == [7, 22] and [str(day) for day in days.index] == ["2026-01-10", "2026-02-01"]
    found = t_chart(days_between(pd.date_range("2024-01-01", periods=15, freq="9D")), breaks=("2024-03",))
    assert found.points["segment"].tolist() == [0] * 6 + [1] * 8


def test_gaps_of_monthly_counts_are_the_cases_between_evenly_spread_events():
    between = gaps(months([1, 0, 2, 0, 1]), months([10, 20, 40, 10, 30]))
    #  events at 5; 40 and 60; 95 of the cases counted on end
    assert between.tolist() == [35, 20, 35] and [str(at) for at in between.index] == ["2024-03", "2024-03", "2024-05"]
    assert gaps(months([1, 0, 2, 0, 1]), months([10, 20, 40, 10, 30]), each=2).tolist() == [55]
    assert gaps(months([0, 0, 0]), months([10, 20, 40])).empty
    assert gaps(months([1, 3, 1]), months([10, 0, 10])).tolist() == [10]  # no cases, no place for events


def test_several_events_to_a_point_have_the_limits_of_their_sum():
    upper = g_chart(pd.Series(GAPS), each=4).points["upper"].iloc[0]
    single = np.mean(GAPS) / 4
    assert upper == pytest.approx(np.mean(GAPS) + 3 * np.sqrt(4 * single * (single + 1)))
