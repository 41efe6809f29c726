"""Receivables' KPIs by hand: what counts as collected, what stays owed, and a balance that is never summed."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from bsc_analysis.readings import readings
from tests.stores import group_of, lookup, of_january, rows, store_of

POSTINGS = "practice transaction_id patient_id service_at posted_at kind reason amount"
SOLD = """
a 1 p1 2026-01-10 2026-01-12 charge      .     1000
a 2 p1 2026-01-10 2026-02-12 payment     .     400
a 3 p1 2026-01-10 2026-02-12 contractual CO-45 500
"""


def ncr(tmp_path, *more: str):
    lines = [f"a m{i} p1 2026-01-10 2026-03-01 {line}" for i, line in enumerate(more)]
    store = store_of(tmp_path, transactions=rows("\n".join([POSTINGS, SOLD.strip(), *lines]), "transactions"))
    return lookup(readings(group_of(["net_collection_rate"], ["a"]), store), "a", "net_collection_rate", "2026-01")


def test_what_is_collected_of_what_is_owed_by_contract(tmp_path):
    got = ncr(tmp_path, "refund . 20", "payment . 50")
    assert (got.numerator, got.denominator, got.value) == (430, 500, 86)


@pytest.mark.parametrize("reason", ["CO-29", "CO-16", "CO-50", "CO-197", "co29", "PI-197", "29"])
def test_writing_off_a_denial_as_contractual_never_raises_the_rate(tmp_path, reason):
    before = ncr(tmp_path / "before")
    after = ncr(tmp_path / "after", f"contractual {reason} 100")
    assert (before.value, after.value) == (80, 80)


def test_golden_a_late_claim_written_off_lowers_the_rate_against_the_same_money_adjusted_by_contract(tmp_path):
    by_contract = ncr(tmp_path / "contract", "contractual CO-45 100")
    late = ncr(tmp_path / "late", "contractual CO-29 100")
    paid = ncr(tmp_path / "paid", "payment . 100")
    assert late.value == 80 and by_contract.value == pytest.approx(100) and paid.value == pytest.approx(100)


@pytest.mark.parametrize("line", ["write_off CO-29 100", "write_off . 100", "write_off PR-3 100"])
def test_a_write_off_stays_owed(tmp_path, line):
    assert ncr(tmp_path, line).value == 80


@pytest.mark.parametrize("line", ["contractual . 100", "contractual CO-253 100", "contractual CO-45 100"])
def test_a_contractual_adjustment_is_not_owed_any_more(tmp_path, line):
    assert ncr(tmp_path, line).value == pytest.approx(100)


def test_money_counts_for_the_month_of_the_service_whenever_it_was_posted(tmp_path):
    text = f"{POSTINGS}\n{SOLD}a 9 p1 2026-02-10 2026-02-12 charge . 70\n"
    store = store_of(tmp_path, transactions=rows(text, "transactions"))
    found = readings(group_of(["net_collection_rate"], ["a"]), store)
    assert lookup(found, "a", "net_collection_rate", "2026-01").numerator == 400
    february = lookup(found, "a", "net_collection_rate", "2026-02")
    assert (february.numerator, february.denominator) == (0, 70)


@pytest.mark.parametrize(("newest", "state"), [("2026-05-30", "immature"), ("2026-05-31", "ok")])
def test_collections_of_a_month_are_final_after_120_days(tmp_path, newest, state):
    later = "a 8 p1 2026-03-10 2026-03-30 charge . 1\na 7 p1 2026-03-10 2026-04-10 charge . 1\n"
    text = f"{POSTINGS}\n{SOLD}{later}a 9 p1 2026-02-10 {newest} charge . 70\n"
    store = store_of(tmp_path, transactions=rows(text, "transactions"))
    got = lookup(readings(group_of(["net_collection_rate"], ["a"]), store), "a", "net_collection_rate", "2026-01")
    assert (got.state, got.value) == (state, 80)


def test_services_before_the_first_posting_are_never_complete(tmp_path):
    """Payments for a service of before the feed began come without their charges."""
    text = f"{POSTINGS}\na 0 p1 2025-12-10 2026-01-12 payment . 90\n{SOLD}a 9 p1 2026-02-10 2026-06-30 charge . 7\n"
    visit = "practice visit_id patient_id appointment_at status\na 1 p1 2025-12-30T09:00 kept"
    store = store_of(tmp_path, transactions=rows(text, "transactions"), visits=rows(visit, "visits"))
    found = readings(group_of(["net_collection_rate"], ["a"]), store)
    assert not lookup(found, "a", "net_collection_rate", "2025-12").complete


def test_the_lag_of_charges_is_the_median_over_charges_by_day_of_entry(tmp_path):
    lines = [f"a {i} p{i} 2026-01-10 2026-01-{10 + i % 3} charge . 100" for i in range(30)]
    lines += ["a x p1 2026-01-20 2026-01-10 charge . 100"]  # before the service: left out
    lines += [f"a y{i} p1 2025-12-01 2026-01-30 payment . 100" for i in range(50)]
    lag = of_january(tmp_path, ["charge_lag"], transactions="\n".join([POSTINGS, *lines]))["charge_lag"]
    assert (lag.value, lag.n, lag.denominator, lag.state) == (1, 30, 31, "ok")
    assert lag.lower <= 1 <= lag.upper


LEDGER = """
practice month      account account_group   amount
a        2026-01-01 4000    patient_revenue 3100
a        2026-02-01 4000    patient_revenue 2800
a        2026-03-01 4000    patient_revenue 3100
a        2026-04-01 4000    patient_revenue 3000
a        2026-01-01 4900    other_revenue   9999
a        2026-02-01 1200    receivables     4000
a        2026-03-01 1200    receivables     3000
a        2026-03-01 1210    receivables     600
a        2026-04-01 1200    receivables     8900
"""
# 9,000 in the 90 days of January to March: 100 a day; 8,900 in the 89 of February to April: 100 a day


def days(tmp_path, ledger: str = LEDGER, grain: str = "month", **tables: pd.DataFrame):
    group = group_of(["days_in_ar"], ["a"], grain=grain)
    return readings(group, store_of(tmp_path, ledger=rows(ledger, "ledger"), **tables))


def test_days_in_receivables_are_a_balance_over_three_months_revenue(tmp_path):
    found = days(tmp_path)
    march, april = (lookup(found, "a", "days_in_ar", f"2026-0{m}") for m in (3, 4))
    assert (march.numerator, march.denominator, march.value, march.state) == (3600, 100, 36, "ok")
    assert (april.value, april.state) == (89, "ok")
    assert lookup(found, "a", "days_in_ar", "2026-02").state == "not_calculable"  # two months of revenue only


def test_a_quarter_is_its_last_month_and_never_a_sum_or_mean(tmp_path):
    found = days(tmp_path)
    quarter = lookup(found, "a", "days_in_ar", "2026Q1")
    assert (quarter.numerator, quarter.denominator, quarter.value) == (3600, 100, 36)
    assert (quarter.state, quarter.complete) == ("ok", True)
    assert lookup(found, "a", "days_in_ar", "2026Q2").state == "immature"  # April is not June
    assert math.isnan(lookup(found, "a", "days_in_ar", "2026Q2").value)
    assert lookup(found, "a", "days_in_ar", "2026").state == "immature"


def test_a_group_by_quarters_reads_the_same_balance(tmp_path):
    by_quarter = lookup(days(tmp_path, grain="quarter"), "a", "days_in_ar", "2026Q1")
    assert (by_quarter.value, by_quarter.state) == (36, "ok")


def test_no_balance_is_never_zero_days(tmp_path):
    lines = [line for line in LEDGER.splitlines() if "2026-03-01 12" not in line]
    march = lookup(days(tmp_path, "\n".join(lines)), "a", "days_in_ar", "2026-03")
    assert march.state == "not_calculable" and math.isnan(march.value)


def test_a_month_without_revenue_in_the_window_gives_no_days(tmp_path):
    lines = [line for line in LEDGER.splitlines() if "2026-02-01 4000" not in line]
    found = days(tmp_path, "\n".join(lines))
    assert lookup(found, "a", "days_in_ar", "2026-04").state == "not_calculable"


def test_ready_made_days_are_not_added_up_to_a_quarter(tmp_path):
    given = pd.DataFrame(
        [("a", "days_in_ar", f"2025-{m}", 4000.0 + int(m), 100.0, None, None) for m in (10, 11, 12)],
        columns=["practice", "kpi", "period", "numerator", "denominator", "value", "n"],
    )
    quarter = lookup(days(tmp_path, given_readings=given), "a", "days_in_ar", "2025Q4")
    assert (quarter.numerator, quarter.denominator, quarter.value, quarter.state) == (4012, 100, 40.12, "ok")
