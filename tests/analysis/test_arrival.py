"""What is found of how the data came: one finding for each thing, the gravest of the last year first."""

from __future__ import annotations

import pandas as pd
import pytest

from bsc_analysis.analysis.arrival import findings
from bsc_analysis.analysis.levels import levels

QUARTER = pd.Period("2026Q3")
START = pd.Timestamp("2024-10-01")
EMPTY = pd.DataFrame(columns=["rule", "file"], dtype="str")
FILES = pd.DataFrame(columns=["file", "physical", "deduplicated"])
ORPHANS = pd.DataFrame(columns=["table", "to", "n", "of", "people", "early"])


def volumes(table: str, counts, first: str = "2024-10", part: str = "") -> pd.DataFrame:
    period = pd.period_range(first, periods=len(counts), freq="M").astype("str")
    return pd.DataFrame({"table": table, "part": part, "period": period, "rows": counts, "people": 0})


def through(**spans: str) -> pd.DataFrame:
    """table='2024-10-01 2026-09-30'."""
    rows = [{"table": t, "feed": t, **dict(zip(("first", "last"), s.split(), strict=True))} for t, s in spans.items()]
    return pd.DataFrame(rows).astype({"first": "datetime64[us]", "last": "datetime64[us]"})


def found(spans: pd.DataFrame, *parts: pd.DataFrame, first=START, accounts=FILES, quarantine=EMPTY, **more):
    flow = levels(pd.concat(parts), spans, QUARTER) if parts else pd.DataFrame(columns=["table", "part", "level"])
    everybody = pd.DataFrame({"table": ["given_readings", "visits"], "first": [first - pd.DateOffset(years=2), first]})
    files = {"accounts": accounts, "quarantine": quarantine, "orphans": ORPHANS} | more
    return findings(flow, spans, QUARTER, everybody=everybody, **files)


def kinds(told) -> list[str]:
    return [f"{f.kind} {f.table or f.file}".strip() for f in told]


WHOLE = through(calls="2024-10-01 2026-09-30")
STEADY = [500, 520, 480, 510, 495, 530] * 4


def test_a_whole_feed_raises_nothing():
    assert found(WHOLE, volumes("calls", STEADY)) == ()


def test_months_without_rows_are_one_gap_with_what_is_usual():
    (gap,) = found(WHOLE, volumes("calls", [*STEADY[:18], 0, 0, *STEADY[20:]]))
    assert (gap.kind, str(gap.first), str(gap.last), gap.grave) == ("gap", "2026-04", "2026-05", True)
    assert gap.before == pytest.approx(505, abs=10)


def test_empty_months_of_a_rare_event_may_be_chance_and_are_one_quiet_finding():
    spans = through(trainings="2024-10-01 2026-09-30")
    (told,) = found(spans, volumes("trainings", [2, 0, 3, 1, 0, 2, 1, 1, 2, 3, 1, 0] * 2))
    assert (told.kind, told.grave, told.n, told.of) == ("sparse", False, 6, 24)


def test_a_thin_month_says_how_little_came():
    (thin,) = found(WHOLE, volumes("calls", [*STEADY[:22], 31, STEADY[23]]))
    assert (thin.kind, thin.now, str(thin.first), thin.age) == ("thin", 31, "2026-08", 0)


def test_a_month_that_the_feed_does_not_reach_the_end_of_is_late_and_not_thin():
    told = found(through(calls="2024-10-01 2026-09-05"), volumes("calls", [*STEADY[:23], 40]))
    assert kinds(told) == ["stale calls"] and told[0].days == 25


def test_closing_days_are_allowed_and_a_month_stands_for_all_its_days():
    spans = through(calls="2024-10-01 2026-09-27", ledger="2024-10-01 2026-09-01")
    assert found(spans, volumes("calls", STEADY), volumes("ledger", [8] * 24)) == ()
    assert kinds(found(through(calls="2024-10-01 2026-09-30", ledger="2024-10-01 2026-08-01"))) == ["stale ledger"]


def test_a_practice_whose_feeds_all_end_together_has_ended_and_no_feed_is_called_late():
    (told,) = found(through(calls="2024-10-01 2026-06-28", ledger="2024-10-01 2026-06-01"))
    assert (told.kind, str(told.day.date())) == ("ended", "2026-06-30")


def test_a_practice_that_opened_later_is_told_once_and_a_single_late_feed_by_itself():
    opened = found(through(calls="2025-01-02 2026-09-30", visits="2025-01-03 2026-09-30"))
    assert kinds(opened) == ["opened"]
    late = found(through(calls="2025-03-02 2026-09-30", visits="2024-10-02 2026-09-30"))
    assert kinds(late) == ["begins"] and (late[0].tables, late[0].days) == (("calls",), 5)


def test_feeds_that_begin_later_together_are_one_finding_and_a_roster_is_none():
    late = dict.fromkeys(("calls", "claims"), "2025-03-02 2026-09-30")
    roster = {"staff": "2026-09-30 2026-09-30"}
    (told,) = found(through(visits="2024-10-02 2026-09-30", **late, **roster))
    assert (told.kind, told.tables, str(told.first)) == ("begins", ("calls", "claims"), "2025-03")


def test_a_feed_that_runs_in_is_not_called_thin():
    spans = through(transactions="2024-10-01 2026-09-30")
    assert found(spans, volumes("transactions", [20, 90, *STEADY[2:]])) == ()
    (thin,) = found(spans, volumes("transactions", [20, 500, 90, *STEADY[3:]]))
    assert (thin.kind, str(thin.first)) == ("thin", "2024-12")


def test_history_that_ends_on_purpose_is_not_late_and_makes_no_practice_young():
    spans = through(given_readings="2024-10-01 2025-12-31", calls="2026-01-02 2026-09-30")
    assert found(spans, ended=("given_readings",)) == ()
    assert kinds(found(spans)) == ["stale given_readings"]


def test_fewer_answers_to_as_many_visits_are_one_finding_with_both_sides():
    spans = through(visits="2024-10-01 2026-09-30", survey_answers="2024-10-01 2026-09-30")
    answers = volumes("survey_answers", [55, 52, 58, 50, 54, 57] * 3 + [20, 22, 18, 21, 19, 20], part="patient")
    (told,) = found(spans, volumes("visits", [1000] * 24), answers)
    assert (told.kind, str(told.first), told.before, told.now) == ("response", "2026-04", 54.5, 20)
    assert (told.share_before, told.share_now) == (5.45, 2.0)


def test_the_response_that_the_card_shows_is_taken_where_there_is_one():
    share = pd.Series([30.0, 31, 29] * 6 + [10.0, 11, 9, 10, 10, 11], pd.period_range("2024-10", periods=24, freq="M"))
    spans = through(survey_answers="2024-10-01 2026-09-30")
    answers = volumes("survey_answers", [55, 52, 58] * 6 + [20, 22, 18, 21, 19, 20], part="patient")
    (told,) = found(spans, answers, response=share)
    assert (told.kind, told.share_before, told.share_now) == ("response", 30.0, 10.0)


def test_fewer_answers_to_fewer_visits_are_two_falls_and_no_lower_response():
    spans = through(visits="2024-10-01 2026-09-30", survey_answers="2024-10-01 2026-09-30")
    visits = [1000, 990, 1010] * 6 + [400] * 6
    answers = [v * 0.06 for v in visits]
    told = found(spans, volumes("visits", visits), volumes("survey_answers", answers, part="patient"))
    assert kinds(told) == ["falling visits", "falling survey_answers"]


def test_the_grave_of_the_year_come_first_and_what_is_older_last():
    counts = [*STEADY[:2], 0, *STEADY[3:18], 0, *STEADY[19:]]
    refused = pd.DataFrame({"file": ["a.csv"] * 3, "rule": ["unknown practice", "not a number", "not a number"]})
    accounts = pd.DataFrame({"file": ["a.csv"], "physical": [150], "deduplicated": [0]})
    told = found(WHOLE, volumes("calls", counts), accounts=accounts, quarantine=refused)
    assert [(f.kind, f.age) for f in told] == [("gap", 1), ("refused", 0), ("unknown", 0), ("gap", 2)]


def test_shares_of_refused_and_repeated_rows_are_told_beyond_a_measure():
    accounts = pd.DataFrame({"file": ["a", "b", "c"], "physical": [1000, 1000, 50], "deduplicated": [50, 51, 40]})
    quarantine = pd.DataFrame({"file": ["a"] * 10 + ["b"] * 11 + ["c"] * 9, "rule": "blank"})
    told = found(WHOLE, accounts=accounts, quarantine=quarantine)
    assert kinds(told) == ["refused b", "twice b"]


def test_a_small_file_is_told_where_much_of_it_was_refused():
    accounts = pd.DataFrame({"file": ["a", "b", "c"], "physical": [14, 15, 2], "deduplicated": [0, 0, 0]})
    quarantine = pd.DataFrame({"file": ["a"] * 14 + ["b"] * 2 + ["c"] * 2, "rule": "not a date"})
    (told,) = found(WHOLE, accounts=accounts, quarantine=quarantine)
    assert (told.kind, told.file, told.n, told.of) == ("refused", "a", 14, 14)


def test_rows_of_other_practices_or_set_aside_on_purpose_are_no_finding():
    accounts = pd.DataFrame({"file": ["a"], "physical": [100], "deduplicated": [0]})
    quarantine = pd.DataFrame({"file": "a", "rule": [None] * 20 + ["after 2021, the last period taken from this feed"]})
    assert found(WHOLE, accounts=accounts, quarantine=quarantine) == ()


def test_a_feed_that_was_refused_is_the_gravest():
    assert kinds(found(WHOLE, absent=("visits",))) == ["absent visits"]


def test_what_lies_after_the_period_is_not_looked_at():
    spans = through(calls="2024-10-01 2027-03-31")
    assert found(spans, volumes("calls", [*STEADY, 500, 0, 0, 0, 0, 500])) == ()
