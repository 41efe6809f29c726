"""Parts of readings: what the rows of each label come to, and that they add up to what is published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.kpis import KPIS, kpi
from bsc_analysis.periods import CALENDAR_YEARS
from bsc_analysis.readings import readings
from bsc_analysis.readings.labels import DIMENSIONS, NOT_SAID, dimensions
from bsc_analysis.readings.parts import CELLS, COLUMNS, SIDES, cells, parts
from tests.random_tables import OF_PRACTICES, made
from tests.stores import group_of, rows, store_of

VISITS = """
practice visit_id patient_id location payer    appointment_at status
a        1        P1         north    Medicare 2026-01-05     kept
a        2        P1         north    Medicare 2026-01-06     no_show
a        3        P2         north    .        2026-01-07     kept
a        4        P3         south    Medicaid 2026-01-08     no_show
a        5        P3         south    Medicaid 2026-02-01     kept
a        6        P4         .        Medicaid 2026-02-02     kept
a        7        P5         east     Medicaid 2026-02-28     cancelled
b        8        P9         north    Medicaid 2026-01-05     kept
"""


def told(frame: pd.DataFrame, **of: str) -> list[str]:
    for name, value in of.items():
        frame = frame[frame[name] == value]
    return [
        f"{r.practice} {r.period} {r.part or '?'} {r.numerator:g}/{r.denominator:g} {r.people:g}"
        for r in frame.itertuples()
    ]


def test_each_label_has_its_rows_and_rows_without_one_are_a_part_of_their_own(tmp_path):
    found = parts(group_of(["no_show_rate"], ["a", "b"]), store_of(tmp_path, visits=rows(VISITS, "visits")), "month")
    assert list(found) == COLUMNS
    assert told(found, dimension="location") == [
        "a 2026-01 north 1/3 2",
        "a 2026-01 south 1/1 1",
        "a 2026-02 ? 0/1 1",
        "a 2026-02 east 0/0 0",  # its only row is cancelled
        "a 2026-02 south 0/1 1",
        "b 2026-01 north 0/1 1",
    ]
    assert told(found, dimension="payer", practice="a", period="2026-01") == [
        "a 2026-01 ? 0/1 1",
        "a 2026-01 Medicaid 1/1 1",
        "a 2026-01 Medicare 1/2 1",
    ]
    assert told(found, dimension="visit_type", practice="a", period="2026-01") == ["a 2026-01 ? 2/4 3"]


def test_postings_bear_their_claims_labels_where_they_have_none(tmp_path):
    claims = rows(
        """
        practice claim_id patient_id location payer    service_at submitted_at charge
        a        C1       P1         north    Medicare 2026-01-05 2026-01-06   100
        b        C1       P2         west     Medicaid 2026-01-05 2026-01-06   100
        """,
        "claims",
    )
    postings = rows(
        """
        practice transaction_id claim_id payer service_at posted_at  kind    amount
        a        1              C1       .     2026-01-05 2026-01-06 charge  100
        a        2              C1       Aetna 2026-01-05 2026-01-16 payment 60
        a        3              C1       .     2026-01-05 2026-01-17 refund  10
        a        4              .        .     2026-01-09 2026-01-10 charge  50
        a        5              C9       .     2026-01-09 2026-01-10 charge  30
        """,
        "transactions",
    )
    store = store_of(tmp_path, claims=claims, transactions=postings)
    found = parts(group_of(["collected_per_service"], ["a", "b"]), store, "month")
    assert told(found, dimension="payer") == [
        "a 2026-01 ? 0/2 0",
        "a 2026-01 Aetna 60/0 0",
        "a 2026-01 Medicare -10/1 0",
    ]
    assert told(found, dimension="location") == ["a 2026-01 ? 0/2 0", "a 2026-01 north 50/1 0"]


def test_what_can_be_taken_apart_by_what():
    assert dimensions(kpi("no_show_rate")) == DIMENSIONS
    assert dimensions(kpi("denial_rate")) == ("location", "provider_group", "payer")
    assert dimensions(kpi("net_collection_rate")) == ("location", "provider_group", "payer")  # by their claims
    assert [dimensions(kpi(id)) for id in ("net_revenue_per_visit", "response_rate", "wait_median", "days_in_ar")] == [
        ()
    ] * 4


@pytest.fixture(scope="module")
def random(tmp_path_factory):
    """A year of random rows with five labels, some missing, some in half of the year only."""
    tables = made(7)
    rng = np.random.default_rng(7)
    for name, at in (("visits", "appointment_at"), ("claims", "service_at"), ("transactions", "service_at")):
        frame = tables[name]
        for column in set(DIMENSIONS) & set(frame):
            labels = pd.Series(rng.choice(["A", "B", "C", "D", "E"], len(frame)), index=frame.index, dtype="str")
            late = (labels == "E") & (frame[at] < "2025-07-01")
            frame[column] = labels.mask(late | (rng.random(len(frame)) < 0.1))
    tables["claims"]["claim_id"] = [f"C{i}" for i in range(len(tables["claims"]))]
    tables["transactions"]["claim_id"] = rng.choice([f"C{i}" for i in range(3000)], len(tables["transactions"]))
    group = group_of([id for id, k in OF_PRACTICES.items() if dimensions(k)], ["a", "b"])
    return group, store_of(tmp_path_factory.mktemp("s"), **tables)


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
def test_parts_add_up_to_the_published_reading(random, grain):
    group, store = random
    published = readings(group, store)
    published = published[(published["grain"] == grain) & published["state"].isin(["ok", "too_few"])]
    sums = parts(group, store, grain).groupby(["dimension", "practice", "kpi", "period"])[SIDES].sum()
    compared = 0
    for row in published[published["complete"]].itertuples():
        for dimension in dimensions(KPIS[row.kpi]):
            cell = sums.loc[dimension, row.practice, row.kpi, row.period]
            assert tuple(cell) == pytest.approx((row.numerator, row.denominator), rel=1e-12)
            compared += 1
    assert compared > 20


def test_quarters_are_sums_of_months_label_by_label(random):
    group, store = random
    months, quarters = (parts(group, store, grain) for grain in ("month", "quarter"))
    months["period"] = [CALENDAR_YEARS.within(text, "quarter") for text in months["period"]]
    by = ["practice", "kpi", "dimension", "period", "part"]
    pd.testing.assert_frame_equal(months.groupby(by)[SIDES].sum(), quarters.set_index(by)[SIDES], rtol=1e-12)
    assert (quarters["part"] == NOT_SAID).any() and (quarters["people"] > 0).any()


def test_a_group_without_labels_or_without_tables_has_no_parts(tmp_path):
    visits = rows(VISITS, "visits")
    assert parts(group_of(["wait_median"], ["a"]), store_of(tmp_path / "1", visits=visits), "month").empty
    assert parts(group_of(["denial_rate"], ["a"]), store_of(tmp_path / "2", visits=visits), "month").empty


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
def test_the_teams_of_a_department_add_up_to_its_part(random, grain):
    group, store = random
    departments = parts(group, store, grain).query("dimension == 'location'")
    teams = cells(group, store, grain, "location", "provider_group")
    by = ["practice", "kpi", "period"]
    sums = teams.groupby([*by, "department"])[[*SIDES, "rows"]].sum()
    expected = departments[departments["kpi"].isin(teams["kpi"].unique())].set_index([*by, "part"])
    pd.testing.assert_frame_equal(sums[SIDES], expected[SIDES], check_names=False, rtol=1e-12)
    assert teams["kpi"].nunique() > 3 and teams.groupby("department")["team"].nunique().min() > 4


def test_of_two_labels_each_row_bears_both(tmp_path):
    visits = rows(VISITS, "visits")
    found = cells(group_of(["no_show_rate"], ["a"]), store_of(tmp_path, visits=visits), "month", "location", "payer")
    assert list(found) == CELLS
    assert [f"{r.department or '?'} {r.team or '?'} {r.numerator:g}/{r.denominator:g}" for r in found.itertuples()][
        :3
    ] == [
        "north ? 0/1",
        "north Medicare 1/2",
        "south Medicaid 1/1",
    ]
