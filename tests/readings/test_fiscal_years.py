"""Fiscal years: which months a quarter and a year have, and what they are called."""

from __future__ import annotations

import pandas as pd
import pytest

from bsc_analysis.disclosure import withhold
from bsc_analysis.periods import Calendar
from bsc_analysis.readings import newest_complete, readings
from bsc_analysis.words import period, span
from tests.stores import group_of, lookup, store_of

JULY = Calendar(7)


@pytest.mark.parametrize(
    ("first_month", "text", "first", "last"),
    [
        (1, "2026Q3", "2026-07-01", "2026-09-30"),
        (7, "2026Q3", "2026-01-01", "2026-03-31"),
        (7, "2026Q1", "2025-07-01", "2025-09-30"),
        (7, "2026", "2025-07-01", "2026-06-30"),
        (10, "2026", "2025-10-01", "2026-09-30"),
        (2, "2026Q4", "2025-11-01", "2026-01-31"),
        (2, "2026", "2025-02-01", "2026-01-31"),
        (7, "2026-03", "2026-03-01", "2026-03-31"),
    ],
)
def test_a_fiscal_period_has_its_own_months(first_month, text, first, last):
    found = Calendar(first_month).parse(text)
    assert (str(found.start_time.date()), str(found.end_time.date())) == (first, last)
    assert str(found) == text


@pytest.mark.parametrize("first_month", range(1, 13))
def test_dates_moved_ahead_bear_the_numbers_of_their_fiscal_periods(first_month):
    years = Calendar(first_month)
    days = pd.Series(pd.date_range("2024-01-01", "2026-12-31"))
    ahead = days + pd.DateOffset(months=years.months_ahead)
    for grain in ("quarter", "year"):
        assert (
            days.dt.to_period(years.freq(grain)).astype(str) == ahead.dt.to_period(grain[0].upper()).astype(str)
        ).all()


def test_a_quarter_and_its_year_are_called_fiscal_and_tell_their_months():
    third, year = JULY.parse("2026Q3"), JULY.parse("2026")
    assert (period(third), span(third)) == ("FY2026 Q3", "Jan–Mar 2026")
    assert (period(year), span(year)) == ("FY2026", "Jul 2025–Jun 2026")
    assert span(JULY.parse("2026Q2")) == "Oct–Dec 2025"
    assert period(Calendar(1).parse("2026Q3")) == "2026 Q3"


def visits(first: str, last: str) -> pd.DataFrame:
    """A kept visit every weekday, each of another patient; one more on the last day of each month, missed."""
    days = pd.bdate_range(first, last)
    ends = pd.date_range(first, last, freq="BME")
    at = [*(days + pd.Timedelta(hours=9)), *(ends + pd.Timedelta(hours=16))]
    status = ["kept"] * len(days) + ["no_show"] * len(ends)
    frame = pd.DataFrame({"practice": "a", "visit_id": range(len(at)), "patient_id": range(len(at))}).astype(str)
    frame["appointment_at"] = pd.Series(at).astype("datetime64[us]")
    roomed = frame["appointment_at"] + pd.Timedelta(minutes=10)
    frame["arrived_at"], frame["roomed_at"] = frame["appointment_at"], roomed
    return frame.assign(status=status, new_patient=pd.array([False] * len(at), dtype="boolean"))


@pytest.mark.parametrize("first_month", [2, 7, 10])
def test_fiscal_readings_are_those_of_their_months(tmp_path, first_month):
    group = group_of(["no_show_rate", "wait_median"], ["a"], fiscal_year_start=first_month)
    store = store_of(tmp_path, visits=visits("2025-01-01", "2026-12-31"))
    found = readings(group, store)
    quarter = group.calendar.parse("2026Q2")
    months = [str(m) for m in pd.period_range(quarter.start_time, quarter.end_time, freq="M")]
    parts = [lookup(found, "a", "no_show_rate", m) for m in months]
    whole = lookup(found, "a", "no_show_rate", "2026Q2")
    assert whole.complete
    assert (whole.numerator, whole.denominator) == (sum(p.numerator for p in parts), sum(p.denominator for p in parts))
    waits = lookup(found, "a", "wait_median", "2026Q2")
    assert waits.n == sum(lookup(found, "a", "wait_median", m).n for m in months)
    assert waits.lower == waits.upper == waits.value == 10


def test_the_newest_fiscal_quarter_is_one_that_is_over(tmp_path):
    group = group_of(["no_show_rate"], ["a"], fiscal_year_start=2)
    store = store_of(tmp_path, visits=visits("2025-01-01", "2026-03-31"))
    assert newest_complete(group, store) == "2026Q4"  # November to January


def test_a_hidden_month_takes_its_fiscal_quarter_with_it(tmp_path):
    kpi = "provider_rating"
    columns = ["practice", "kpi", "grain", "period", "numerator", "denominator", "n", "value", "lower", "upper"]
    rows = [
        ("a", kpi, "month", "2026-01", 3, 4, 4, 75.0, 50.0, 90.0),
        ("a", kpi, "quarter", "2026Q3", 40, 60, 60, 66.0, 50.0, 70.0),
    ]
    frame = pd.DataFrame(rows, columns=columns).assign(
        numerator_people=float("nan"), people=float("nan"), rest_people=float("nan"), state="ok", complete=True
    )
    assert withhold(frame, "leadership", JULY)["state"].tolist() == ["withheld", "withheld"]
    assert withhold(frame, "leadership")["state"].tolist() == ["withheld", "ok"]
