"""Chain-ladder against Taylor and Ashe's triangle as Mack completes it; then planted run-out, found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.completion import complete, earlier, factors, half_width, ultimates
from bsc_analysis.kpis import KPIS
from bsc_analysis.readings.runout import runout
from tests.payments import COLLECTED, transactions
from tests.stores import group_of, store_of

TAYLOR_ASHE = """
357848 766940 610542 482940 527326 574398 146342 139950 227229 67948
352118 884021 933894 1183289 445745 320996 527804 266172 425046
290507 1001799 926219 1016654 750816 146923 495992 280405
310608 1108250 776189 1562400 272482 352053 206286
443160 693190 991983 769488 504851 470639
396132 937085 847498 805037 705960
440832 847631 1131398 1063269
359480 1061648 1443370
376686 986608
344014
"""


def triangle(text: str) -> np.ndarray:
    """Origins × ages, added up; missing where a line is short."""
    return (
        pd.DataFrame([pd.Series(map(float, line.split())) for line in text.split("\n") if line])
        .cumsum(axis=1)
        .to_numpy()
    )


def test_factors_and_reserve_are_those_published_for_taylor_and_ashe():
    paid = triangle(TAYLOR_ASHE)
    published = [3.490607, 1.747333, 1.457413, 1.173852, 1.103824, 1.086269, 1.053874, 1.076555, 1.017725]
    assert factors(paid) == pytest.approx(published, abs=5e-7)
    newest = np.nanmax(paid, axis=1)
    assert (ultimates(paid) - newest).sum() == pytest.approx(18_680_856, abs=0.5)


def test_what_is_never_known_stays_nothing_and_what_starts_from_nothing_has_no_factor():
    assert factors(np.array([[0.0, 0, 4], [0, 0, np.nan]])).tolist()[0] == 1
    assert np.isnan(factors(np.array([[0.0, 3.0], [0.0, np.nan]]))).tolist() == [True]


def test_a_copay_on_the_day_is_no_start_to_complete_from():
    months = [[25.0, 300, 300], *[[0.0, 300, 300]] * 20, [25.0, np.nan, np.nan]]
    assert np.isnan(factors(np.array(months))).tolist() == [True, False]
    assert factors(np.array([[6.0, 300], *[[6.0, 300]] * 20]))[0] == 50


def test_the_triangle_of_earlier_months_has_neither_their_future_nor_its_origins():
    now = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, np.nan], [9, np.nan, np.nan]])
    assert earlier(now, 1) == pytest.approx(np.array([[1, 2, 3], [4, 5, np.nan], [7, np.nan, np.nan]]), nan_ok=True)
    assert earlier(now, 2) == pytest.approx(np.array([[1, 2, np.nan], [4, np.nan, np.nan]]), nan_ok=True)


def runs_out(months: int, share: list[float], money: float = 100.0, slower: int | None = None) -> pd.DataFrame:
    """Increments of months that all run out alike; of 200 owed each, known at once, `money` comes in by `share`.

    From the month `slower` on, half of what would come at the end of a month comes a month later.
    """
    origins = pd.period_range("2024-01", periods=months, freq="M").astype(str)
    rows = []
    for i, origin in enumerate(origins):
        parts = list(share)
        if slower is not None and i >= slower:
            parts[0], parts[1] = share[0] / 2, share[1] + share[0] / 2
        for age, part in enumerate(parts):
            known = i + age < months
            rows.append((origin, age, money * part if known else np.nan, 200.0 * (age == 0) if known else np.nan))
    return pd.DataFrame(rows, columns=["origin", "age", "numerator", "denominator"])


SHARE = [0.2, 0.4, 0.3, 0.1]


def newest(months: int, length: int = 3) -> pd.PeriodIndex:
    return pd.period_range("2024-01", periods=months, freq="M")[-length:]


def test_months_that_run_out_alike_are_completed_exactly_and_each_from_its_own_age():
    found = complete(runs_out(24, SHARE), newest(24), scale=100)
    assert (found.answer, found.value, found.origins) == ("completed", pytest.approx(50), 21)
    assert (found.error, found.lower, found.upper) == pytest.approx((0, 50, 50))
    changed = runs_out(24, SHARE)
    changed.loc[changed["origin"] == "2025-12", "numerator"] *= 2  # the youngest: all of it counts double
    assert complete(changed, newest(24), scale=100).value == pytest.approx(100 * 400 / 600)


def test_a_total_is_summed_and_not_divided():
    total = runs_out(24, SHARE).assign(denominator=np.nan)
    assert complete(total, newest(24), scale=0.01).value == pytest.approx(3)


@pytest.mark.parametrize(("months", "answer"), [(8, "too_few"), (9, "completed")])
def test_six_mature_months_are_needed(months, answer):
    found = complete(runs_out(months, SHARE), newest(months))
    assert (found.answer, found.origins, found.needed) == (answer, months - 3, 6)
    assert np.isnan(found.value) == (answer == "too_few")


def test_months_that_never_got_old_enough_are_no_mature_ones():
    found = complete(runs_out(2, SHARE), newest(2))
    assert (found.answer, found.origins) == ("too_few", 0)
    assert complete(runs_out(24, SHARE).iloc[:0], newest(3)).answer == "too_few"


def test_a_period_whose_months_are_not_all_there_is_not_completed():
    assert complete(runs_out(24, SHARE), pd.period_range("2025-11", "2026-01", freq="M")).answer == "not_whole"


def test_where_the_youngest_age_never_tells_anything_there_is_nothing_to_start_from():
    assert complete(runs_out(24, [0.0, 0.6, 0.3, 0.1]), newest(24)).answer == "no_start"


@pytest.mark.parametrize(("months", "tests"), [(9, 0), (12, 1), (15, 4), (16, 5), (30, 19)])
def test_backtests_are_the_windows_mature_today_that_six_months_stood_behind_then(months, tests):
    """9 months give the first completion; the window must be 3 months older than the newest to be mature."""
    noisy = runs_out(months, SHARE)
    noisy["numerator"] *= np.random.default_rng(0).normal(1, 0.05, len(noisy))
    found = complete(noisy, newest(months), scale=100)
    assert found.tests == tests
    assert [np.isnan(n) for n in (found.lower, found.upper, found.covered)] == [tests < 5] * 3
    if tests:
        assert str(found.backtests.index[0]) == str(newest(months)[-1] - 3)


def test_a_backtest_knows_nothing_that_came_later():
    """What was completed at an earlier month's end equals what would have been printed then."""
    rng = np.random.default_rng(1)
    now = runs_out(30, SHARE)
    now[["numerator", "denominator"]] *= rng.normal(1, 0.1, (len(now), 2))
    found = complete(now, newest(30), scale=100)
    place = now["origin"].map({o: i for i, o in enumerate(sorted(now["origin"].unique()))})
    for back in (3, 4, 9):
        then = now[place < 30 - back].copy()
        then.loc[place + then["age"] >= 30 - back, ["numerator", "denominator"]] = np.nan
        printed = complete(then, newest(30 - back), scale=100)
        row = found.backtests.loc[newest(30 - back)[-1]]
        assert row["completed"] == pytest.approx(printed.value)
        window = now[now["origin"].isin(newest(30 - back).astype(str))]
        assert row["mature"] == pytest.approx(100 * window["numerator"].sum() / window["denominator"].sum())


def test_the_interval_is_students_t_on_the_errors_and_overlap_costs_degrees_of_freedom():
    errors = np.array([1.0, -1, 1, -1, 1, -1, 1, -1, 1, -1])
    assert half_width(errors, 1) == pytest.approx(2.2281, abs=1e-4)  # t(0.975, 10)
    freedom = 100 / (
        10 + 2 * (9 * 4 / 9 + 8 / 9)
    )  # a window shares two thirds with the next, a third with the one after
    assert 2.2281 < half_width(errors, 3) < 2.7764  # t at 10 and at 4
    assert 4 < freedom < 6


def test_the_interval_stays_within_what_the_kpi_can_be():
    noisy = runs_out(30, SHARE, money=198)
    noisy["numerator"] *= np.random.default_rng(2).normal(1, 0.2, len(noisy))
    free = complete(noisy, newest(30), scale=100)
    bound = complete(noisy, newest(30), scale=100, possible=(0, 100))
    assert free.upper > 100 and bound.upper == 100 and bound.lower == pytest.approx(free.lower)


def test_a_change_in_the_speed_of_run_out_shows_in_the_backtests():
    steady, slower = complete(runs_out(30, SHARE), newest(30)), complete(runs_out(30, SHARE, slower=15), newest(30))
    assert steady.error == pytest.approx(0, abs=1e-9)
    assert slower.error > 0.02 and slower.upper - slower.lower > 0.1


def test_planted_run_out_is_found_and_the_interval_holds_the_truth(tmp_path, monkeypatch):
    """Thirty practices whose payments come 10 to 120 days late, seen in the middle of October."""
    monkeypatch.setitem(KPIS, "collected", COLLECTED)
    quarter = pd.period_range("2026-07", "2026-09", freq="M")
    planted = {f"p{seed}": transactions(seed, "2024-01-01", "2026-10-14", f"p{seed}") for seed in range(30)}
    store = store_of(tmp_path, transactions=pd.concat([rows for rows, _ in planted.values()]))
    increments = runout(group_of(["collected"], list(planted)), store)
    found = {p: complete(own, quarter, scale=100) for p, own in increments.groupby("practice")}
    ends = pd.DataFrame({p: truth.loc["2026-07":"2026-09"].sum() for p, (_, truth) in planted.items()}).T
    truth = 100 * ends["paid"] / ends["owed"]
    frame = pd.DataFrame([vars(c) for c in found.values()], index=list(found)).reindex(planted)
    assert (frame["answer"] == "completed").all() and (frame["backtests"].map(len) >= 14).all()
    off = (frame["value"] - truth).abs()
    raw = (
        100
        * increments[increments["origin"].isin(quarter.astype(str))]
        .groupby("practice")[["numerator", "denominator"]]
        .sum()
    )
    assert off.mean() < (raw["numerator"] / raw["denominator"] - truth).abs().mean() / 5
    assert off.mean() == pytest.approx(frame["error"].mean(), rel=0.4)  # the back-test tells how far off it is
    assert ((frame["lower"] <= truth) & (truth <= frame["upper"])).mean() >= 0.85
    assert frame["covered"].mean() == pytest.approx(0.95, abs=0.06)
