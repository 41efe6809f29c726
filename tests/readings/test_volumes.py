"""How much came, month by month, and which rows point to nothing."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.readings.volumes import orphans, volumes
from tests.stores import rows, store_of

VISITS = """
practice visit_id patient_id appointment_at status
a        1        P1         2026-01-05     kept
a        2        P1         2026-01-06     no_show
a        3        P2         2026-03-05     kept
a        4        P3         2026-03-06     cancelled
a        5        P3         2026-05-01     booked
b        1        P9         2026-02-01     kept
"""
ANSWERS = """
practice survey  respondent_id question        answered_at answer
a        patient R1            provider_rating 2026-01-02  9
a        patient R1            staff_rating    2026-01-02  9
a        patient R2            provider_rating 2026-01-20  4
a        staff   S1            engagement      2026-01-20  4
a        staff   S1            engagement      2026-03-20  4
"""


def told(frame: pd.DataFrame) -> list[str]:
    return [" ".join(map(str, row)) for row in frame.itertuples(index=False)]


def test_rows_that_took_place_are_counted_in_their_month_and_an_empty_month_is_0(tmp_path):
    assert told(volumes(store_of(tmp_path, visits=rows(VISITS, "visits")))) == [
        "a visits  2026-01 2 1",
        "a visits  2026-02 0 0",
        "a visits  2026-03 1 1",
        "b visits  2026-02 1 1",
    ]


def test_surveys_count_respondents_and_one_that_fell_silent_is_seen_beside_the_other(tmp_path):
    assert told(volumes(store_of(tmp_path, survey_answers=rows(ANSWERS, "survey_answers")))) == [
        "a survey_answers patient 2026-01 2 2",
        "a survey_answers patient 2026-02 0 0",
        "a survey_answers patient 2026-03 0 0",
        "a survey_answers staff 2026-01 1 1",
        "a survey_answers staff 2026-02 0 0",
        "a survey_answers staff 2026-03 1 1",
    ]


def test_yearly_rows_are_counted_by_year_and_rosters_are_not_counted(tmp_path):
    roster = rows(
        """
        practice staff_id hired_at   as_of
        a        E1       2020-01-01 2026-09-30
        """,
        "staff",
    )
    years = pd.DataFrame({"practice": "a", "year": pd.to_datetime(["2022-01-01", "2024-01-01"])})
    found = volumes(store_of(tmp_path, staff=roster, aco_years=years))
    assert told(found) == ["a aco_years  2022 1 0", "a aco_years  2023 0 0", "a aco_years  2024 1 0"]


def test_rows_that_point_to_nothing_are_counted_and_age_explains_some(tmp_path):
    claims = rows(
        """
        practice claim_id patient_id service_at submitted_at charge
        a        C1       P1         2026-01-05 2026-01-06   100
        b        C2       P2         2026-01-05 2026-01-06   100
        """,
        "claims",
    )
    postings = rows(
        """
        practice transaction_id claim_id patient_id service_at posted_at  kind    amount
        a        1              C1       P1         2026-01-05 2026-01-06 charge  100
        a        2              C2       P3         2026-01-09 2026-01-16 payment 100
        a        3              C0       P4         2025-12-09 2026-01-16 payment 100
        a        4              .        P4         2026-01-09 2026-01-16 payment 100
        b        5              C2       P2         2026-01-05 2026-01-16 payment 100
        """,
        "transactions",
    )
    store = store_of(tmp_path, claims=claims, transactions=postings)
    assert told(orphans(store)) == ["a transactions claims 2 3 2 1"]  # another practice's claim is none of its own


def test_answers_before_the_first_visit_and_trainings_of_strangers_are_orphans(tmp_path):
    trainings = rows(
        """
        practice staff_id course completed_at hours
        a        E1       cpr    2026-01-05   4
        a        E7       cpr    2026-01-05   4
        b        E8       cpr    2026-01-05   4
        """,
        "trainings",
    )
    roster = rows(
        """
        practice staff_id hired_at   as_of
        a        E1       2020-01-01 2026-09-30
        """,
        "staff",
    )
    tables = {"visits": rows(VISITS, "visits"), "survey_answers": rows(ANSWERS, "survey_answers")}
    found = orphans(store_of(tmp_path, **tables, trainings=trainings, staff=roster))
    assert told(found) == ["a survey_answers visits 2 3 1 0", "a trainings staff 1 2 1 0"]  # b has no roster


def test_no_table_no_volumes_and_no_orphans(tmp_path):
    told_months = pd.DataFrame({"practice": ["a"], "kpi": "no_show_rate", "period": "2026-01", "value": 7.0})
    store = store_of(tmp_path, given_readings=told_months)
    assert volumes(store).empty and orphans(store).empty
