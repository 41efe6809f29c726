"""Claims' KPIs on claims that can be counted by eye, with the traps of denial reasons."""

from __future__ import annotations

import math

import pytest

from bsc_analysis.readings import readings
from tests.stores import group_of, lookup, of_january, rows, store_of

CLAIMS = """
practice claim_id patient_id service_at submitted_at clean denied_at  denial_reason charge
a        1        p1         2026-01-02 2026-01-05   y     .          .             100
a        2        p2         2026-01-02 2026-01-05   y     .          .             200
a        3        p3         2026-01-02 2026-01-05   n     2026-02-01 CO-16         300
a        4        p4         2025-12-30 2026-01-05   .     2026-02-01 .             50
a        5        p5         2026-01-02 2026-01-05   y     2026-02-01 PR-1          400
a        6        p6         2026-01-02 2026-01-05   y     2026-02-01 CO-45         500
a        7        p7         2026-01-02 2026-01-30   n     2026-02-01 CO-18         900
a        8        p8         2026-01-02 2026-01-30   y     2026-02-01 co_29         150
"""
# denied: 3, 4 (reason untold) and 8; 5 (deductible) and 6 (contract) are not; 7 is a duplicate and no claim at all
KPIS = ["denial_rate", "denied_dollars", "clean_claims"]
AUDITS = """
practice audit_id audited_at team error
a        1        2026-01-10 .    n
a        2        2026-01-10 .    n
a        3        2026-01-20 .    n
a        4        2026-01-20 .    y
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return of_january(tmp_path_factory.mktemp("s"), [*KPIS, "billing_accuracy"], claims=CLAIMS, coding_audits=AUDITS)


@pytest.mark.parametrize(
    ("kpi", "numerator", "denominator"),
    [
        ("denial_rate", 3, 7),
        ("denied_dollars", 500, 1700),
        ("clean_claims", 5, 7),  # of 4 it is not known
        ("billing_accuracy", 3, 4),
    ],
)
def test_both_sides(found, kpi, numerator, denominator):
    assert (found[kpi].numerator, found[kpi].denominator) == (numerator, denominator)


@pytest.mark.parametrize(
    ("reason", "denied"),
    [
        *((owed, 0) for owed in ("PR-1", "PR-2", "pr3", "CO-45", "CO45", "45", "PR-45")),
        *((denial, 1) for denial in ("CO-16", "PI-197", "CO-B7", "CO-11", "CO-145", ".")),
    ],
)
def test_what_a_patient_or_a_contract_owes_is_no_denial(tmp_path, reason, denied):
    text = f"{CLAIMS.splitlines()[1]}\na 1 p1 2026-01-02 2026-01-30 y 2026-02-01 {reason} 100"
    got = of_january(tmp_path, KPIS, claims=text)
    assert (got["denial_rate"].numerator, got["denial_rate"].denominator) == (denied, 1)
    assert (got["denied_dollars"].numerator, got["denied_dollars"].denominator) == (100 * denied, 100)


def test_a_duplicate_is_on_neither_side(tmp_path):
    text = f"{CLAIMS.splitlines()[1]}\na 1 p1 2026-01-02 2026-01-30 y 2026-02-01 CO-18 100"
    got = of_january(tmp_path, KPIS, claims=text)
    assert (got["denial_rate"].numerator, got["denial_rate"].denominator) == (0, 0)
    assert got["denial_rate"].state == "immature"


def test_nobody_knows_how_clean_claims_are_that_came_without_their_edits(tmp_path):
    text = f"{CLAIMS.splitlines()[1]}\na 1 p1 2026-01-02 2026-01-30 . . . 100"
    got = of_january(tmp_path, KPIS, claims=text)["clean_claims"]
    assert (got.state, got.denominator) == ("not_calculable", 0)


@pytest.mark.parametrize(("newest", "state"), [("2026-04-30", "immature"), ("2026-05-01", "ok")])
def test_denials_of_a_month_are_final_ninety_days_after_its_end(tmp_path, newest, state):
    """January ends on the 31st; 90 days later is 1 May."""
    january = [f"a {i} p{i} 2026-01-02 2026-01-30 y . . 100" for i in range(25)]
    later = [f"a f{m} p1 2026-01-02 2026-{m}-28 y . . 100" for m in ("02", "03", "04")] + [
        f"a l p1 2026-01-02 {newest} y . . 1"
    ]
    store = store_of(tmp_path, claims=rows("\n".join([CLAIMS.splitlines()[1], *january, *later]), "claims"))
    got = lookup(readings(group_of(KPIS, ["a"]), store), "a", "denial_rate", "2026-01")
    assert (got.state, got.value) == (state, 0)


def test_months_without_an_audit_between_two_audits_hold_none_and_do_not_open_the_quarter(tmp_path):
    audits = [f"a {i} 2026-01-20 . n" for i in range(12)] + ["a x 2026-04-20 . y"]
    store = store_of(tmp_path, coding_audits=rows("\n".join([AUDITS.splitlines()[1], *audits]), "coding_audits"))
    found = readings(group_of(["billing_accuracy"], ["a"]), store)
    february = lookup(found, "a", "billing_accuracy", "2026-02")
    assert (february.state, february.denominator, math.isnan(february.value)) == ("not_calculable", 0, True)
    quarter = lookup(found, "a", "billing_accuracy", "2026Q1")
    assert (quarter.state, quarter.value, quarter.n) == ("ok", 100, 12)
