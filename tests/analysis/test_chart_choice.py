"""The chart that suits a KPI: by its kind, how many events it counts, and whether its points are independent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.variation import adjusted, choose, kind_of, vary, xmr
from bsc_analysis.kpis import KPIS

SHARE = 0.1


def months(values, start="2023-01") -> pd.Series:
    return pd.Series(list(values), index=pd.period_range(start, periods=len(values), freq="M"), dtype="float64")


def counted(r, n=None, scale=1.0) -> pd.DataFrame:
    r = months(r)
    n = months(n if np.ndim(n) else [n] * len(r)) if n is not None else pd.Series(np.nan, index=r.index)
    return pd.DataFrame({"numerator": r, "denominator": n, "value": r / n * scale})


def binomial(n, periods=36, share=SHARE, seed=1):
    return counted(np.random.default_rng(seed).binomial(n, share, periods), n)


@pytest.mark.parametrize(
    ("kind", "readings", "chart", "because"),
    [
        ("money", counted(range(40), 7), "xmr", "not_counts"),
        ("mean", counted(range(40), 7), "xmr", "not_counts"),
        ("quantile", counted(range(40), 7), "xmr", "not_counts"),
        ("share", binomial(300), "p", "counts"),
        ("rate", binomial(300), "u", "counts"),
        ("share", binomial(30_000), "p_prime", "large_n"),
        ("rate", binomial(30_000), "u_prime", "large_n"),
        ("share", counted([20, 60] * 18, 300), "p_prime", "overdispersed"),
        ("rate", counted([20, 60] * 18, 300), "u_prime", "overdispersed"),
        ("share", counted([4, 5] * 18, 300), "p", "counts"),
        ("rate", counted([4, 5] * 18, 300), "u", "counts"),
        ("share", counted([2, 3] * 18, 300), "g", "rare_events"),
        ("share", counted([298, 297] * 18, 300), "g", "rare_others"),
        ("rate", counted([2, 3] * 18, 300), "t", "rare_events"),
        ("rare", counted([4, 5] * 12), "t", "rare_events"),
        ("rare", counted([0, 1, 0] * 12, 300), "g", "rare_events"),
        ("rare", counted([0, 1, 0] * 12), "t", "rare_events"),
        ("rare", binomial(300), "u", "counts"),
        ("rare", counted([30, 31] * 12), "xmr", "no_denominator"),
        ("rate", counted([30, 31] * 12), "xmr", "no_denominator"),
        ("share", counted([np.nan] * 24, np.nan), "xmr", "no_counts"),
        ("share", binomial(300).assign(numerator=[np.nan] * 12 + [30.0] * 24), "xmr", "no_counts"),
    ],
)
def test_a_kpi_gets_the_chart_of_its_counts(kind, readings, chart, because):
    found = choose(kind, readings)
    assert (found.chart, found.because) == (chart, because)


def test_xmr_is_refused_to_every_count_below_five_a_month():
    for r in ([4, 5] * 12, [0] * 24, [0, 1] * 12):
        for kind in ("share", "rate", "rare"):
            assert choose(kind, counted(r, 300)).chart != "xmr" != choose(kind, counted(r)).chart
    season = np.random.default_rng(4).poisson(np.tile(4 + 3.5 * np.sin(np.arange(12) / 12 * 2 * np.pi), 5))
    found = vary("rate", counted(season, 300), better="down")
    assert (found.variation.chart[0], found.adjusted.out, found.adjusted.not_by["season"]) == (
        "u",
        "nothing",
        "few_counts",
    )
    values_only = counted([0, 2, 1] * 8).assign(value=months([0, 2, 1] * 8)).drop(columns=["numerator", "denominator"])
    assert choose("rare", values_only).chart == "t" and vary("rare", values_only, better="down").variation.count > 0


def test_counting_alone_is_seldom_called_overdispersed():
    found = [choose("share", binomial(400, seed=s)).because for s in range(200)]
    assert found.count("overdispersed") <= 20  # 5 % meant


def test_every_kpi_has_a_kind_and_an_unknown_kind_is_told():
    kinds = {id: kind_of(k) for id, k in KPIS.items()}
    assert set(kinds.values()) <= {"share", "rate", "mean", "money", "quantile"} and kinds["no_show_rate"] == "share"
    with pytest.raises(ValueError, match="share, rate, rare"):
        choose("ratio", counted([1], 1))


def test_a_share_is_drawn_in_its_unit_with_its_target():
    readings = binomial(300).assign(value=lambda f: 100 * f["value"])
    found = vary("share", readings, better="down", target=30.0, scale=100)
    assert (found.choice.chart, found.variation.chart, found.variation.assurance) == ("p", "p", "met")
    assert found.variation.points["centre"].iloc[0] == pytest.approx(10, abs=1)


def test_rare_events_turn_direction_and_target_over():
    r = np.random.default_rng(5).poisson(0.5, 48)
    found = vary("rare", counted(r, 200), better="down", target=1e-5)
    assert found.variation.chart == "g" and found.variation.assurance == "missed"  # 100,000 cases between, wanted
    assert (found.target, found.between) == (pytest.approx(100_000 * found.choice.each), "cases")
    assert vary("rare", counted(r, 200), better="down", target=1 / 400).variation.assurance == "hit_and_miss"
    assert vary("rare", counted(r, 200), better="down", target=0.0).variation.assurance == "none"  # no gap is endless
    r[-14:] = 0
    r[-1] = 1
    assert vary("rare", counted(r, 200), better="down").variation.latest == "improvement"
    assert vary("rare", counted(r, 200), better="up").variation.latest == "concern"
    assert vary("rare", counted(r, 200), better="neutral").variation.latest == "high"


def test_dates_of_rare_events_are_a_point_each_and_count_in_whole_days_where_two_share_one():
    dates = pd.Timestamp("2023-01-05") + pd.to_timedelta(
        np.cumsum([9, 20, 4, 33, 15, 8, 26, 11, 40, 6, 19, 13, 22]), "D"
    )
    r = counted([1] * 13)
    dated = vary("rare", r, better="down", dates=dates)
    assert (dated.variation.chart, dated.between) == ("t", "days")
    twice = vary("rare", r, better="down", dates=[*dates, dates[-1]])
    assert (twice.variation.chart, twice.choice.chart, twice.variation.count) == ("g", "g", 13)


def test_others_than_events_are_charted_where_nearly_all_are():
    kept = counted([300 - k for k in np.random.default_rng(3).poisson(0.5, 48)], 300, 100)
    found = vary("share", kept, better="up", target=99.999, scale=100).variation
    assert (found.chart, found.assurance) == ("g", "missed")
    worse = kept.assign(numerator=[*kept["numerator"][:-1], 270.0])
    assert vary("share", worse, better="up").variation.latest == "concern"


@pytest.mark.parametrize("kind", ["share", "rate", "rare", "mean", "money", "quantile"])
@pytest.mark.parametrize(
    "readings",
    [
        counted([], 1),
        counted([np.nan] * 20, np.nan),
        counted([0] * 20, 0),
        counted([-5] * 20, -5),
        counted([np.inf] * 20, 10),
        counted([7] * 20, 7),
        counted([7] * 3, 70),
        counted([9, 10] * 10, 4),
        pd.DataFrame(index=pd.period_range("2024-01", periods=20, freq="M")),
        pd.DataFrame({"numerator": [1.0] * 20, "denominator": 9.0, "value": 0.1}, index=range(20)),
        counted([40, 50] * 10, 400).astype(object),
    ],
)
def test_bad_numbers_come_to_a_state(kind, readings):
    found = vary(kind, readings, better="down", target=np.nan, peers=pd.DataFrame(index=readings.index))
    assert found.variation.latest in ("too_few", "flat", "refused", "none", "improvement", "concern")
    assert found.variation.assurance == "none"


def ar(n, coefficient, rng):
    x = rng.normal(size=n)
    for t in range(1, n):
        x[t] += coefficient * x[t - 1]
    return x


def peers_of(common, rng, practices=9) -> pd.DataFrame:
    return pd.DataFrame(
        {k: common + 5 * k + rng.normal(size=len(common)) for k in range(practices)}, index=common.index
    )


def test_an_independent_series_is_left_as_it_is():
    values = months(np.random.default_rng(4).normal(size=36))
    found = adjusted(values)
    assert (found.out, found.because) == ("nothing", "independent") and found.values.equals(values)


def test_what_peers_share_is_taken_out_at_the_series_own_level():
    rng = np.random.default_rng(1)
    common = months(3 * ar(36, 0.8, rng))
    values = 50 + common + rng.normal(size=36)
    found = adjusted(values, peers_of(common, rng))
    assert (found.out, found.because) == ("peers", "autocorrelated") and found.before > 0.5 > 0.3 > found.after
    assert found.values.mean() == pytest.approx(values.mean())
    few = adjusted(values, peers_of(common, rng, 7))
    assert few.not_by == {"peers": "too_few_peers", "season": "no_season"} and few.out == "nothing"
    strangers = adjusted(values, peers_of(months(9 * rng.normal(size=36)), rng))
    assert strangers.not_by["peers"] == "unlike_peers"


def test_a_season_is_taken_out_where_each_month_was_seen_three_times():
    rng = np.random.default_rng(2)
    wave = np.tile(4 * np.sin(np.arange(12) / 12 * 2 * np.pi), 3)
    values = months(20 + wave + rng.normal(size=36))
    found = adjusted(values)
    assert found.out == "season" and found.not_by == {"peers": "too_few_peers"} and found.after < 0.3 < found.before
    assert found.values.mean() == pytest.approx(values.mean())
    assert adjusted(values.iloc[:30]).not_by["season"] == "too_few_years"
    yearly = pd.Series(np.arange(14.0), index=pd.period_range("2010", periods=14, freq="Y"))
    assert adjusted(yearly).not_by["season"] == "yearly"


def test_a_step_of_the_series_stays_when_its_season_goes():
    rng = np.random.default_rng(6)
    wave = np.tile([6.0, 2, -3, -5], 6)
    step = np.where(np.arange(24) >= 14, 9.0, 0)
    values = pd.Series(wave + step + rng.normal(size=24), index=pd.period_range("2019Q1", periods=24, freq="Q-DEC"))
    found = adjusted(values, breaks=("2022Q3",))
    assert found.out == "season"
    assert found.values.iloc[14:].mean() - found.values.iloc[:14].mean() == pytest.approx(9, abs=1.2)


def test_an_adjusted_share_goes_on_an_xmr_chart_and_its_target_is_asked_of_the_months_as_they_were():
    rng = np.random.default_rng(8)
    share = 0.3 + np.tile(0.15 * np.sin(np.arange(12) / 12 * 2 * np.pi), 4)
    readings = counted(rng.binomial(400, share), 400)
    found = vary("share", readings, better="down", target=0.42)
    assert (found.adjusted.out, found.choice.because, found.variation.chart) == ("season", "adjusted", "xmr")
    assert found.variation.points["upper"].iloc[0] < 0.42
    assert found.variation.assurance == xmr(readings["value"], better="down", target=0.42).assurance


def test_a_season_marks_half_of_the_points_and_its_adjustment_few():
    rng = np.random.default_rng(9)
    wave = np.tile(3 * np.cos(np.arange(12) / 12 * 2 * np.pi), 4)
    flagged = {"raw": 0, "adjusted": 0}
    for _ in range(60):
        values = months(wave + rng.normal(size=48))
        found = vary("mean", pd.DataFrame({"value": values}), better="up")
        flagged["adjusted"] += int((found.variation.points["rule"] != "").sum())
        flagged["raw"] += int((xmr(values, better="up").points["rule"] != "").sum())
    assert flagged["adjusted"] < 0.1 * 60 * 48 and flagged["raw"] > 0.3 * 60 * 48
