"""Run-out: what was known of a month how many months later, counted on the day that the data reach."""

from __future__ import annotations

import pandas as pd
import pytest

from bsc_analysis.kpis import KPIS
from bsc_analysis.readings import readings
from bsc_analysis.readings.runout import runout
from tests.payments import COLLECTED, DENIED, PAID, transactions
from tests.stores import group_of, rows, store_of

POSTINGS = """
    practice service_at  posted_at   kind         amount
    a        2026-01-05  2026-01-06  charge       100
    a        2026-01-05  2026-02-10  contractual  40
    a        2026-01-05  2026-02-11  payment      30
    a        2026-01-20  2026-03-10  payment      20
    a        2026-01-20  2026-03-11  refund       5
    a        2026-02-03  2026-02-04  charge       200
    a        2026-02-03  2026-03-30  payment      80
    a        2026-03-09  2026-03-09  charge       300
    a        2026-03-09  2026-04-{day}  payment      90
"""


@pytest.fixture(autouse=True)
def defined(monkeypatch):
    for kpi in (COLLECTED, DENIED, PAID):
        monkeypatch.setitem(KPIS, kpi.id, kpi)


def triangle(tmp_path, kpi: str, side: str, **tables: pd.DataFrame) -> dict[str, list[float]]:
    """Origin → what was added at each age, as far as it is reached; the first number is the youngest age."""
    found = runout(group_of([kpi], ["a"]), store_of(tmp_path, **tables))
    assert found["kpi"].unique().tolist() == [kpi] and found["practice"].unique().tolist() == ["a"]
    return {
        origin: [int(own["age"].min()), *own[side].dropna().tolist()]
        for origin, own in found.groupby("origin", sort=True)
    }


def test_a_month_that_the_data_reach_the_end_of_is_counted_at_its_own_end(tmp_path):
    postings = rows(POSTINGS.format(day=28), "transactions")  # within closing_days of the 30th
    assert triangle(tmp_path, "collected", "numerator", transactions=postings) == {
        "2026-01": [0, 0, 30, 15, 0],
        "2026-02": [0, 0, 80, 0],
        "2026-03": [0, 0, 90],
        "2026-04": [0, 0],
    }


def test_both_sides_of_what_is_posted_run_out(tmp_path):
    postings = rows(POSTINGS.format(day=28), "transactions")
    assert triangle(tmp_path, "collected", "denominator", transactions=postings) == {
        "2026-01": [0, 100, -40, 0, 0],
        "2026-02": [0, 200, 0, 0],
        "2026-03": [0, 300, 0],
        "2026-04": [0, 0],
    }


def test_half_a_month_is_no_step_every_month_is_counted_on_the_same_day(tmp_path):
    """Data to the 10th: steps end on the 10th; what came on the 11th is of the next, and April is not over."""
    postings = rows(POSTINGS.format(day=10), "transactions")
    assert triangle(tmp_path, "collected", "numerator", transactions=postings) == {
        "2026-01": [1, 0, 30 + 20, -5],
        "2026-02": [1, 0, 80],
        "2026-03": [1, 90],
    }
    assert triangle(tmp_path / "d", "collected", "denominator", transactions=postings)["2026-01"] == [1, 60, 0, 0]


def test_a_total_has_one_side(tmp_path):
    postings = rows(POSTINGS.format(day=28), "transactions")
    assert triangle(tmp_path, "paid", "numerator", transactions=postings)["2026-01"] == [0, 0, 30, 20, 0]
    assert set(triangle(tmp_path / "d", "paid", "denominator", transactions=postings)["2026-01"]) == {0}


CLAIMS = """
    practice claim_id submitted_at denied_at   charge
    a        1        2026-01-07   .           10
    a        2        2026-01-08   2026-01-30  10
    a        3        2026-01-31   2026-03-02  10
    a        4        2026-02-10   2026-03-31  10
    a        5        2026-02-20   .           10
    a        6        2026-03-28   .           10
"""


def test_claims_are_known_when_submitted_and_their_denials_when_denied(tmp_path):
    claims = rows(CLAIMS, "claims")
    assert triangle(tmp_path, "denied", "denominator", claims=claims) == {
        "2026-01": [0, 3, 0, 0],
        "2026-02": [0, 2, 0],
        "2026-03": [0, 1],
    }
    assert triangle(tmp_path / "d", "denied", "numerator", claims=claims) == {
        "2026-01": [0, 1, 0, 1],
        "2026-02": [0, 0, 1],
        "2026-03": [0, 0],
    }


def test_ages_end_where_a_month_is_mature(tmp_path):
    months = pd.date_range("2025-01-15", "2026-03-15", freq="MS") + pd.Timedelta(days=20)
    lines = [f"a {m:%Y-%m-%d} {m:%Y-%m-%d} charge 100" for m in months] + ["a 2026-03-02 2026-03-31 charge 1"]
    postings = rows("practice service_at posted_at kind amount\n" + "\n".join(lines), "transactions")
    found = runout(group_of(["collected"], ["a"]), store_of(tmp_path, transactions=postings))
    assert (found["age"].min(), found["age"].max()) == (0, 4)  # 120 days
    assert found["numerator"].notna().groupby(found["origin"]).sum().tolist()[-5:] == [5, 4, 3, 2, 1]


def test_a_month_that_the_data_begin_within_has_lost_its_first_payments_and_is_left_out(tmp_path):
    earlier = "a 2025-12-10 2026-01-06 payment 70\n a 2025-12-28 2026-02-06 payment 70"
    postings = rows(f"{POSTINGS.format(day=28).rstrip()}\n{earlier}\n", "transactions")
    assert min(triangle(tmp_path, "collected", "numerator", transactions=postings)) == "2026-01"


def test_mistyped_dates_far_off_move_nothing(tmp_path):
    plain = rows(POSTINGS.format(day=28), "transactions")
    slips = "a 2026-02-05 2062-02-06 payment 70\n a 2026-02-10 2006-02-06 charge 70"
    both = rows(f"{POSTINGS.format(day=28).rstrip()}\n{slips}\n", "transactions")
    expected = triangle(tmp_path, "collected", "numerator", transactions=plain)
    assert triangle(tmp_path / "d", "collected", "numerator", transactions=both) == expected


def test_kpis_whose_rows_do_not_say_when_they_became_known_have_no_run_out(tmp_path):
    postings = rows(POSTINGS.format(day=28), "transactions")
    found = runout(group_of(["cost_per_visit"], ["a"]), store_of(tmp_path, transactions=postings))
    assert found.empty and list(found) == ["practice", "kpi", "origin", "age", "numerator", "denominator"]


def test_one_mistyped_date_far_ahead_matures_nothing(tmp_path):
    planted, _ = transactions(1, "2026-01-01", "2026-10-14")
    slip = planted.tail(1).assign(posted_at=pd.Timestamp("2062-10-01").as_unit("us"), transaction_id="slip")
    store = store_of(tmp_path, transactions=pd.concat([planted, slip]))
    found = readings(group_of(["collected"], ["a"]), store)
    months = found[(found["grain"] == "month") & found["period"].between("2026-01", "2026-10")]
    assert months["state"].tolist() == ["ok"] * 5 + ["immature"] * 5
