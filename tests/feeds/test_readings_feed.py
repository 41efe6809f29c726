"""Ready-made readings: long and wide, three forms of a number, brought to the KPI's unit, each reading once."""

import pytest

from bsc_analysis.errors import FeedError
from tests.builders import counts, readings, refusals, rows, text

LONG = """
    clinic,period,kpi,numerator,denominator,value,n
    a,2026-01,no_show_rate,7,100,,
    a,2026-01,wait_median,,,18.5,240
    b,2026Q1,provider_rating,,,82,
    b,2026,engagement,,,,
    """
WIDE = """
    clinic,period,missed,booked,wait,waited
    a,2026-01,7,100,0.31,240
    a,2026-02,,,0.29,
    b,2026-01,3,50,,
    """
KPIS = {
    "no_show_rate": {"numerator": "missed", "denominator": "booked"},
    "wait_median": {"value": "wait", "n": "waited", "times": 60.0},
    "wait_p90": {"value": "wait"},
}
ALL = "practice period kpi numerator denominator value n"


def test_long_rows_keep_their_three_forms(tmp_path):
    delivery = readings(tmp_path, LONG)
    assert counts(delivery) == "4 = 4 + 0 + 0"
    assert rows(delivery.rows, ALL) == [
        "a 2026-01 no_show_rate 7 100 ~ ~",
        "a 2026-01 wait_median ~ ~ 18.5 240",
        "b 2026Q1 provider_rating ~ ~ 82 ~",
    ]


def test_wide_rows_become_one_reading_per_kpi_in_its_unit(tmp_path):
    delivery = readings(tmp_path, WIDE, KPIS)
    assert counts(delivery) == "3 = 3 + 0 + 0"
    assert sorted(rows(delivery.rows, ALL)) == [
        "a 2026-01 no_show_rate 7 100 ~ ~",
        "a 2026-01 wait_median ~ ~ 18.6 240",
        "a 2026-01 wait_p90 ~ ~ 0.31 ~",
        "a 2026-02 wait_median ~ ~ 17.4 ~",
        "a 2026-02 wait_p90 ~ ~ 0.29 ~",
        "b 2026-01 no_show_rate 3 50 ~ ~",
    ]


def test_rows_after_until_are_left_to_the_other_feed_and_counted(tmp_path):
    content = "clinic,period,wait\na,2025-12,0.1\na,2026-01,0.2\na,2026Q1,0.3\na,2025,0.4\nb,2026,0.5\n"
    delivery = readings(tmp_path, content, {"wait_median": {"value": "wait"}}, until="2025")
    assert counts(delivery) == "5 = 2 + 3 + 0"
    assert rows(delivery.rows, "practice period value") == ["a 2025-12 0.1", "a 2025 0.4"]
    assert refusals(delivery)[0] == "in.csv:3 period: after 2025, the last period taken from this feed"
    assert rows(delivery.overlap, "practice kpi period value") == [  # set aside, and kept to be compared
        "a wait_median 2026-01 0.2",
        "a wait_median 2026Q1 0.3",
        "b wait_median 2026 0.5",
    ]
    assert readings(tmp_path, content, {"wait_median": {"value": "wait"}}).overlap is None


def test_all_rows_after_until_leave_an_empty_table(tmp_path):
    delivery = readings(tmp_path, WIDE, KPIS, until="2020")
    assert counts(delivery) == "3 = 0 + 3 + 0"
    assert delivery.rows.empty


def test_a_reading_twice_counts_once_within_a_file_and_across_two(tmp_path):
    delivery = readings(tmp_path, {"1.csv": text(WIDE) + "b,2026-01,3,50,,\n", "2.csv": WIDE}, KPIS)
    assert counts(delivery) == "7 = 3 + 0 + 4"
    assert len(delivery.rows) == 6
    long = readings(tmp_path / "long", {"1.csv": LONG, "2.csv": LONG})
    assert counts(long) == "8 = 4 + 0 + 4"


def test_two_values_for_one_reading_are_quarantined_both(tmp_path):
    again = "clinic,period,missed,booked,wait,waited\na,2026-01,8,100,0.31,240\n"
    for name, files in {
        "within a file": {"1.csv": text(WIDE) + "a,2026-01,8,100,0.31,240\n"},
        "across files": {"1.csv": WIDE, "2.csv": again},
    }.items():
        delivery = readings(tmp_path / name, files, KPIS)
        assert counts(delivery) == "4 = 2 + 2 + 0", name
        assert set(delivery.refused["rule"]) == {"the same key with other values"}
        assert set(delivery.refused["practice"]) == {"a"}
        assert "a 2026-01" not in set(rows(delivery.rows, "practice period"))


def test_long_readings_of_other_kpis_do_not_contradict(tmp_path):
    clash = text(LONG) + "a,2026-01,no_show_rate,8,100,,\na,2026-01,wait_p90,,,40,240\n"
    delivery = readings(tmp_path, clash)
    assert counts(delivery) == "6 = 4 + 2 + 0"
    assert refusals(delivery) == [
        "in.csv:2 kpi, period: the same key with other values",
        "in.csv:6 kpi, period: the same key with other values",
    ]


def test_bad_rows_are_quarantined_once_without_their_value(tmp_path):
    delivery = readings(
        tmp_path,
        """
        clinic,period,missed,booked,wait,waited
        a,2026-13,7,100,0.31,240
        a,2026-1,7,100,0.31,240
        a,Q1 2026,7,100,0.31,240
        a,2026-01-01,7,100,0.31,240
        a,,7,100,0.31,240
        z,2026-01,7,100,0.31,240
        a,2026-02,seven,100,0.31,240
        a,2026-03,7,100,NaN,240
        a,2026-04,7,"1,00",nought,240
        a,2026-05,7,100,0.31
        a,2026-06,7,100,0.31,240
        """,
        KPIS,
    )
    assert counts(delivery) == "11 = 1 + 10 + 0"
    period = "period: not a period such as 2026Q3, 2026-09 or 2026"
    assert refusals(delivery) == [
        f"in.csv:2 {period}",
        f"in.csv:3 {period}",
        f"in.csv:4 {period}",
        f"in.csv:5 {period}",
        f"in.csv:6 {period}",
        "in.csv:7 practice: unknown practice",
        "in.csv:8 missed: not a number",
        "in.csv:9 wait: not a number",
        "in.csv:10 booked: not a number",
        "in.csv:11 : has 5 of 6 fields",
    ]
    assert set(rows(delivery.rows, "practice period")) == {"a 2026-06"}


@pytest.mark.parametrize("until", [None, "2026"])
def test_a_file_without_a_good_row_balances(tmp_path, until):
    for content in ("clinic,period,wait\n", "clinic,period,wait\na,never,1\n", "clinic,period,wait\na,2026\n"):
        delivery = readings(tmp_path, content, {"wait_median": {"value": "wait"}}, until=until)
        assert counts(delivery) in ("0 = 0 + 0 + 0", "1 = 0 + 1 + 0")
        assert delivery.rows.empty


def test_any_practice_must_still_be_an_id(tmp_path):
    content = "clinic,period,wait\nA1001,2026,1\n../../evil,2026,1\n,2026,1\n"
    delivery = readings(tmp_path, content, {"wait_median": {"value": "wait"}}, practices=None)
    assert rows(delivery.rows, "practice") == ["A1001"]
    assert refusals(delivery) == ["in.csv:3 practice: not an id", "in.csv:4 practice: not an id"]


def test_a_missing_column_is_told_with_its_place_in_the_params(tmp_path):
    with pytest.raises(FeedError) as error:
        readings(tmp_path, WIDE.replace("period,missed", "Period,mised"), KPIS)
    found = "found clinic, Period, mised, booked, wait, waited. Correct the export"
    assert str(error.value) == (
        "in.csv: 2 problems\n"
        "  column period  is not in the file. Did you mean Period? Expected for period; "
        f"{found} or feeds.feed.period\n"
        "  column missed  is not in the file. Did you mean mised? Expected for no_show_rate.numerator; "
        f"{found} or feeds.feed.kpis.no_show_rate.numerator"
    )
    with pytest.raises(FeedError) as error:
        readings(tmp_path, LONG.replace(",n\n", "\n").replace(",\n", "\n"))
    assert str(error.value).endswith("found clinic, period, kpi, numerator, denominator, value. Correct the export")


def test_a_column_may_say_what_a_practice_is_called_in_each_period(tmp_path):
    content = "clinic,period,wait,called\na,2025,0.1,Old name\na,2026Q1,0.2,New name\nb,2025,0.3,\n"
    delivery = readings(tmp_path, content, {"wait_median": {"value": "wait"}}, title="called")
    assert rows(delivery.titles, "practice at title") == [
        "a 2025-01-01 Old name",
        "a 2026-01-01 New name",
        "b 2025-01-01 b",
    ]
    assert rows(delivery.rows, "practice period value")[0] == "a 2025 0.1"
