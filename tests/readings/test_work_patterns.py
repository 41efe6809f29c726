"""Patterns of work by team and month: what counts as a case, among what, and what is left out."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.readings.work_patterns import staff_of, work_patterns
from tests.stores import rows, store_of

FIRST, LAST = pd.Timestamp("2025-10-01"), pd.Timestamp("2026-09-30")
CLAIMS = """
practice claim_id patient_id provider_group service_at submitted_at adjudicated_at denied_at  denial_reason charge
a        C1       p1         Blue           2026-03-01 2026-03-05   2026-04-01     2026-03-20 CO-16         10
a        C2       p1         Blue           2026-03-01 2026-03-05   .              2026-03-20 16            10
a        C3       p1         Red            2026-03-01 2026-03-05   .              2026-03-20 CO-016        10
a        C4       p1         Red            2026-03-01 2026-03-05   .              .          .             10
a        C5       p1         Red            2026-03-01 2026-03-05   .              2026-03-20 PR-1          10
a        C6       p1         Red            2026-03-01 2026-03-05   .              2026-03-20 CO-18         10
a        C7       p1         .              2026-03-01 2026-03-05   .              2026-03-20 CO-16         10
a        C8       p1         Red            2026-03-01 2026-03-05   .              2026-10-02 CO-16         10
a        C9       p1         Red            2026-03-01 2026-03-05   .              2026-03-20 .             10
a        E1       p1         Red            2026-07-01 2026-07-05   .              2026-07-20 CO-16         10
a        E2       p1         Red            2025-06-01 2025-07-03   .              2025-07-20 CO-16         10
b        B1       p1         Blue           2026-03-01 2026-03-05   .              2026-03-20 CO-16         10
"""
POSTINGS = """
practice transaction_id claim_id service_at posted_at  kind    amount
a        T1             C1       2026-03-01 2026-03-04 charge  10
a        T2             C2       2026-03-01 2026-03-05 charge  10
a        T3             C3       2026-03-01 2026-03-20 charge  10
a        T4             C3       2026-03-01 2026-03-20 payment 10
a        T5             C4       2026-03-09 2026-03-05 charge  10
a        T6             .        2026-03-01 2026-03-20 charge  10
a        T7             C7       2026-03-01 2026-03-20 charge  10
"""
CALLS = """
practice call_id caller_id queue started_at          outcome
a        K1      x         Desk  2026-03-02T09:00:00 answered
a        K2      x         Desk  2026-03-03T09:00:00 answered
a        K3      x         Desk  2026-03-04T09:00:01 answered
a        K4      y         Desk  2026-03-02T09:00:00 abandoned
a        K5      y         Desk  2026-03-02T09:05:00 answered
a        K6      y         Bills 2026-03-02T10:00:00 answered
a        K7      .         Desk  2026-03-02T09:00:00 answered
a        K8      z         .     2026-03-02T09:00:00 answered
"""
AUDITS = """
practice audit_id audited_at team error
a        A1       2026-03-02 Blue y
a        A2       2026-03-03 Blue n
a        A3       2026-04-03 Blue n
a        A4       2026-03-03 .    y
a        A5       2026-10-03 Blue y
"""


def cells(folder, **tables: str) -> dict[str, tuple[int, int]]:
    """'pattern team month' → (count, of), of practice a."""
    found = work_patterns(
        store_of(folder, **{name: rows(text, name) for name, text in tables.items()}), "a", FIRST, LAST
    )
    return {f"{r.pattern} {r.team} {r.cluster}": (int(r.count), int(r.of)) for r in found.itertuples(index=False)}


def test_denials_are_counted_by_reason_among_claims_that_payers_had_time_to_answer(tmp_path):
    """CO-16 in any spelling; neither the patient's share, the duplicate, what came later, nor claims of 90 days."""
    assert cells(tmp_path, claims=CLAIMS) == {
        "denied:CO-16 Blue 2026-03": (2, 2),
        "denied:CO-16 Red 2026-03": (1, 5),
        "denied:CO-16 Red 2025-07": (1, 1),
    }


def test_charges_are_late_after_three_days_and_belong_to_the_team_of_their_claim(tmp_path):
    found = cells(tmp_path, claims=CLAIMS, transactions=POSTINGS)
    assert {name: cell for name, cell in found.items() if "late" in name} == {
        "late_charges Blue 2026-03": (1, 2),
        "late_charges Red 2026-03": (1, 1),
    }
    assert cells(tmp_path / "no_claims", transactions=POSTINGS) == {}


def test_a_call_comes_again_when_its_caller_calls_the_same_queue_within_a_day(tmp_path):
    assert cells(tmp_path, calls=CALLS) == {"repeat_calls Desk 2026-03": (1, 4), "repeat_calls Bills 2026-03": (0, 1)}


def test_audits_without_a_team_and_after_the_last_day_are_left_out(tmp_path):
    assert cells(tmp_path, coding_audits=AUDITS) == {
        "billing_errors Blue 2026-03": (1, 2),
        "billing_errors Blue 2026-04": (0, 1),
    }


def test_a_team_called_like_a_role_is_counted_once(tmp_path):
    roster = """
    practice staff_id role    team    hired_at   left_at    as_of
    a        s1       Billing billing 2020-01-01 .          2026-09-30
    a        s2       Billing Red     2020-01-01 .          2026-09-30
    a        s3       Nurse   Red     2020-01-01 2026-09-10 2026-09-30
    b        s4       Nurse   Red     2020-01-01 .          2026-09-30
    """
    assert staff_of(store_of(tmp_path, staff=rows(roster, "staff")), "a", LAST) == {"billing": 2, "red": 1}
