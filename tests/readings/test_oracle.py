"""Readings against a slow, independent count in plain Python, and what must hold for any rows."""

from __future__ import annotations

import statistics
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bsc_analysis.periods import CALENDAR_YEARS, parts_in
from bsc_analysis.readings import readings
from tests.stores import group_of, store_of

KPIS = ["no_show_rate", "wait_median", "wait_p90", "new_patient_share"]


def visits(seed: int, n: int = 4000) -> pd.DataFrame:
    """Random visits of three practices over nine months, stamps missing here and there."""
    rng = np.random.default_rng(seed)
    at = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 272 * 24 * 60, n), "min")
    arrived = at + pd.to_timedelta(rng.integers(-30, 20, n), "min")
    frame = pd.DataFrame(
        {
            "practice": rng.choice(["a", "b", "c"], n),
            "visit_id": np.arange(n).astype(str),
            "patient_id": rng.integers(0, 300, n).astype(str),
            "appointment_at": at,
            "arrived_at": pd.Series(arrived).where(rng.random(n) > 0.1),
            "roomed_at": pd.Series(at + pd.to_timedelta(rng.integers(-10, 300, n), "min")).where(rng.random(n) > 0.1),
            "status": rng.choice(
                ["kept", "no_show", "late_cancel", "cancelled", "booked"], n, p=[0.7, 0.1, 0.1, 0.05, 0.05]
            ),
            "new_patient": pd.array(rng.random(n) < 0.2, dtype="boolean"),
        }
    )
    for name in ("appointment_at", "arrived_at", "roomed_at"):
        frame[name] = frame[name].astype("datetime64[us]")
    return frame


def by_hand(frame: pd.DataFrame, freq: str) -> dict:
    """(practice, period) → no-show counts, distinct people and sorted waits, one row after the other."""
    found = defaultdict(lambda: {"no_show": 0, "seen": 0, "people": set(), "waits": []})
    for row in frame.itertuples():
        cell = found[row.practice, str(row.appointment_at.to_period(freq))]
        if row.status in ("no_show", "kept"):
            cell["seen"] += 1
            cell["people"].add(row.patient_id)
        cell["no_show"] += row.status == "no_show"
        if row.status == "kept" and not pd.isna(row.arrived_at) and not pd.isna(row.roomed_at):
            wait = (row.roomed_at - max(row.arrived_at, row.appointment_at)).total_seconds() / 60
            if wait <= 240:
                cell["waits"].append(max(wait, 0.0))
    return found


@pytest.mark.parametrize(("grain", "freq"), [("month", "M"), ("quarter", "Q"), ("year", "Y")])
def test_readings_equal_a_slow_count(tmp_path, grain, freq):
    frame = visits(1)
    found = readings(group_of(KPIS, ["a", "b", "c"]), store_of(tmp_path, visits=frame))
    found = found[found["grain"] == grain].set_index(["practice", "period", "kpi"])
    for (practice, period), cell in by_hand(frame, freq).items():
        rate = found.loc[practice, period, "no_show_rate"]
        assert (rate["numerator"], rate["denominator"], rate["people"]) == (
            cell["no_show"],
            cell["seen"],
            len(cell["people"]),
        )
        wait = found.loc[practice, period, "wait_median"]
        assert wait["n"] == len(cell["waits"])
        if wait["state"] == "ok":
            assert wait["value"] == pytest.approx(statistics.median(cell["waits"]))
            p90 = found.loc[practice, period, "wait_p90"]["value"]
            assert p90 == pytest.approx(np.quantile(cell["waits"], 0.9))


def test_the_interval_of_a_median_is_two_of_its_own_order_statistics(tmp_path):
    frame = visits(2)
    found = readings(group_of(["wait_median"], ["a", "b", "c"]), store_of(tmp_path, visits=frame))
    quarters = found[(found["grain"] == "quarter") & (found["state"] == "ok")]
    waits = by_hand(frame, "Q")
    assert len(quarters) > 5
    for row in quarters.itertuples():
        ordered = sorted(waits[row.practice, row.period]["waits"])
        n = len(ordered)
        # by the binomial: ranks 0.5 n ± 1.96 √n / 2, within one
        for bound, sign in ((row.lower, -1), (row.upper, 1)):
            rank = 0.5 * n + sign * 1.96 * n**0.5 / 2
            around = ordered[max(0, int(rank) - 2) : int(rank) + 3]
            assert min(around) <= bound <= max(around)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), n=st.integers(1, 400))
def test_what_holds_for_any_rows(tmp_path_factory, seed, n):
    """Months add up to quarters and years, practices to the total, rates stay within 0–100, order changes nothing."""
    frame = visits(seed, n)
    if not frame["status"].isin(["kept", "no_show", "late_cancel"]).any():
        return
    group = group_of(KPIS, ["a", "b", "c"])
    found = readings(group, store_of(tmp_path_factory.mktemp("s"), visits=frame))
    rate = found[found["kpi"] == "no_show_rate"]
    months = rate[rate["grain"] == "month"]
    assert months["numerator"].sum() == (frame["status"] == "no_show").sum()
    finished = months[months["complete"]]
    for longer in rate[rate["grain"] != "month"].itertuples():
        mine = finished[finished["practice"] == longer.practice]
        parts = mine[
            mine["period"].map(lambda p, it=longer: CALENDAR_YEARS.within(p, it.grain) == it.period).astype(bool)
        ]
        assert parts["numerator"].sum() == np.nan_to_num(longer.numerator)
        assert longer.complete == (len(parts) == parts_in("month", longer.grain))
    shares = found[found["kpi"].isin(["no_show_rate", "new_patient_share"])]
    ok = shares[shares["state"] == "ok"]
    assert ((ok["lower"] <= ok["value"] + 1e-9) & (ok["value"] <= ok["upper"] + 1e-9)).all()
    assert ok["value"].between(0, 100).all()
    assert (shares["numerator"].fillna(0) <= shares["denominator"].fillna(0)).all()
    shuffled = frame.sample(frac=1, random_state=seed)
    again = readings(group, store_of(tmp_path_factory.mktemp("t"), visits=shuffled))
    pd.testing.assert_frame_equal(found, again)
