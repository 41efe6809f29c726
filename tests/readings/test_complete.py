"""Which periods are complete: a longer one only if every part is, in every table that the KPI needs."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from bsc_analysis.readings import newest_complete, readings
from tests.stores import group_of, lookup, rows, store_of

KPIS = ["net_revenue_per_visit", "no_show_rate", "wait_median"]


def visits(first: str, last: str, status: str = "kept") -> pd.DataFrame:
    """Two visits every weekday."""
    days = pd.bdate_range(first, last).repeat(2)
    frame = pd.DataFrame({"practice": "a", "visit_id": range(len(days)), "patient_id": range(len(days))}).astype(str)
    for name in ("appointment_at", "arrived_at", "roomed_at"):
        frame[name] = (days + pd.Timedelta(hours=9)).astype("datetime64[us]")
    return frame.assign(status=status, new_patient=pd.array([False] * len(days), dtype="boolean"))


def ledger(*months: str) -> pd.DataFrame:
    """10,000 of patient revenue in each month."""
    lines = "\n".join(f"a {m} 4000 patient_revenue 10000" for m in months)
    return rows(f"practice month account account_group amount\n{lines}", "ledger")


def found(tmp_path, **tables):
    return readings(group_of(KPIS, ["a"]), store_of(tmp_path, **tables))


SUMMER = ("2026-07-01", "2026-08-01", "2026-09-01")


def test_a_quarter_is_never_money_of_two_months_over_visits_of_three(tmp_path):
    got = found(tmp_path, visits=visits("2026-07-01", "2026-09-30"), ledger=ledger(*SUMMER[:2]))
    revenue = lookup(got, "a", "net_revenue_per_visit", "2026Q3")
    two_months = len(pd.bdate_range("2026-07-01", "2026-08-31")) * 2
    assert (revenue.state, revenue.complete) == ("immature", False)
    assert revenue.value == pytest.approx(20000 / two_months)  # of the months that have both
    assert lookup(got, "a", "no_show_rate", "2026Q3").state == "ok"


def test_a_gap_within_a_quarter_leaves_it_incomplete(tmp_path):
    gap = pd.concat([visits("2026-07-01", "2026-07-31"), visits("2026-09-01", "2026-09-30")], ignore_index=True)
    got = found(tmp_path, visits=gap, ledger=ledger(*SUMMER))
    for kpi in KPIS:
        assert lookup(got, "a", kpi, "2026Q3").state == "immature"
    assert lookup(got, "a", "no_show_rate", "2026-08").state == "no_feed"


@pytest.mark.parametrize("day", ["2026-08-31", "2026-08-01"])
def test_a_ledger_row_counts_for_its_own_month_whatever_its_day(tmp_path, day):
    got = found(tmp_path, visits=visits("2026-07-01", "2026-09-30"), ledger=ledger("2026-07-31", day))
    assert lookup(got, "a", "net_revenue_per_visit", "2026-09").state == "no_feed"
    assert lookup(got, "a", "net_revenue_per_visit", "2026Q3").state == "immature"


def test_one_mistyped_date_far_ahead_completes_nothing(tmp_path):
    some = visits("2026-07-01", "2026-09-10")
    far = visits("2030-01-02", "2030-01-02").assign(visit_id=["x", "y"])
    got = found(tmp_path, visits=pd.concat([some, far], ignore_index=True), ledger=ledger(*SUMMER))
    assert not lookup(got, "a", "no_show_rate", "2026-09").complete
    assert lookup(got, "a", "no_show_rate", "2026Q3").state == "immature"


def test_a_month_whose_last_days_were_closed_is_complete_once_the_next_has_rows(tmp_path):
    closed = pd.concat([visits("2026-07-01", "2026-08-14"), visits("2026-09-01", "2026-09-30")], ignore_index=True)
    assert lookup(found(tmp_path, visits=closed), "a", "no_show_rate", "2026-08").state == "ok"


def test_too_few_answers_stay_hidden_while_their_month_is_open(tmp_path):
    text = "practice survey respondent_id question answered_at answer\n"
    text += "\n".join(f"a staff s{i} burnout 2026-09-0{i} 3" for i in (1, 2, 3))
    store = store_of(tmp_path, survey_answers=rows(text, "survey_answers"))
    got = lookup(readings(group_of(["burnout"], ["a"]), store), "a", "burnout", "2026-09")
    assert got.state == "too_few" and math.isnan(got.value) and not got.complete


def test_a_closed_practice_and_a_late_one_do_not_hold_back_the_group(tmp_path):
    def of(name, last):
        return visits("2026-01-01", last).assign(practice=name)

    store = store_of(tmp_path, visits=pd.concat([of("a", "2026-09-30"), of("b", "2026-09-30"), of("c", "2026-03-31")]))
    group = group_of(["no_show_rate"], ["a", "b", "c"])
    assert newest_complete(group, store) == "2026Q3"


def test_history_and_rows_of_one_quarter_are_added_up(tmp_path):
    given = pd.DataFrame(
        [("a", "no_show_rate", f"2026-0{m}", 20.0, 200.0, None, None) for m in (7, 8)],
        columns=["practice", "kpi", "period", "numerator", "denominator", "value", "n"],
    )
    september = visits("2026-09-01", "2026-09-30")
    got = lookup(found(tmp_path, visits=september, given_readings=given), "a", "no_show_rate", "2026Q3")
    assert (got.numerator, got.denominator, got.state) == (40, 400 + len(september), "ok")


def test_impossible_ready_made_readings_are_not_calculable(tmp_path):
    sides = {"2026-07": (300.0, 200.0), "2026-08": (-5.0, 200.0), "2026-09": (5.0, 0.0)}
    given = pd.DataFrame(
        [("a", "no_show_rate", period, *both, None, None) for period, both in sides.items()],
        columns=["practice", "kpi", "period", "numerator", "denominator", "value", "n"],
    )
    got = found(tmp_path, given_readings=given)
    months = got[(got["kpi"] == "no_show_rate") & (got["grain"] == "month")]
    assert months["state"].tolist() == ["not_calculable"] * 3 and months["value"].isna().all()
