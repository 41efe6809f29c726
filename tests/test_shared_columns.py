"""Which columns two KPIs share: found from what their expressions need and which rows they count."""

from dataclasses import replace

import pytest

from bsc_analysis.errors import UsageError
from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import TableKPI, col
from bsc_analysis.kpis.shared_columns import bearer, shared_columns
from bsc_analysis.params import load_group
from bsc_analysis.tables import TABLES
from bsc_analysis.words.language import has
from tests.workspaces import ROOT


@pytest.mark.parametrize(
    "leading, lagging, shared",
    [
        # the demo's links, planted or not
        ("engagement", "wait_median", ""),
        ("wait_median", "provider_rating", ""),
        ("provider_rating", "new_patient_share", ""),
        ("burnout", "no_show_rate", ""),
        ("no_show_rate", "operating_cost_ratio", ""),
        # a table of their own, or the other side's
        ("no_show_rate", "net_revenue_per_visit", "visits.status"),
        ("wait_median", "no_show_rate", "visits.status"),
        ("new_patient_wait", "new_patient_share", "visits.new_patient visits.status"),
        ("denial_rate", "denied_dollars", "claims.denied_at claims.denial_reason"),
        ("operating_cost_ratio", "days_in_ar", "ledger.account_group ledger.amount"),
        ("charge_lag", "net_collection_rate", "transactions.kind"),
        ("denial_rate", "net_collection_rate", ""),
        ("training_hours", "staff_turnover", ""),
        # one table, other rows
        ("engagement", "provider_rating", ""),
        ("engagement", "burnout", ""),
        ("response_rate", "provider_rating", "survey_answers.survey survey_answers.question"),
        ("call_abandonment", "after_hours_answered", ""),
        ("cost_per_visit", "net_revenue_per_visit", "visits.status"),
        # what is published is made of other columns
        ("cahps_z", "savings_rate", ""),
        ("ed_visits", "savings_rate", "aco_years.ed_visits_per_1000"),
        ("ed_visits", "earned_savings", "aco_years.ed_visits_per_1000"),
        ("savings_rate", "earned_savings", "aco_years.benchmark_usd aco_years.expenditure_usd"),
        ("cahps_access", "cahps_z", "aco_years.cahps_access"),
        ("cahps_access", "quality_score", "aco_years.cahps_access"),
        ("cahps_access", "cahps_communication", ""),
        ("ed_visits", "readmission_rate", ""),
    ],
)
def test_what_two_kpis_share(leading, lagging, shared):
    assert " ".join(shared_columns(leading, lagging)) == shared
    assert sorted(shared_columns(lagging, leading)) == sorted(shared.split())


def test_two_that_only_count_the_same_rows_share_the_rows():
    assert shared_columns("clean_claims", "denial_rate") == ("claims rows",)


def test_one_that_adds_up_amounts_does_more_than_count_rows(monkeypatch):
    monkeypatch.setitem(KPIS, "clean_claims", replace(KPIS["clean_claims"], denominator=col("charge")))
    assert shared_columns("clean_claims", "denial_rate") == ()


def test_the_date_of_the_other_table_is_left_out_too(monkeypatch):
    booked = replace(KPIS["net_revenue_per_visit"], denominator=~col("appointment_at").is_null())
    monkeypatch.setitem(KPIS, "net_revenue_per_visit", booked)
    assert shared_columns(booked.id, booked.id) == ("ledger.account_group", "ledger.amount", "visits rows")


@pytest.mark.parametrize("id", [k.id for k in KPIS.values() if isinstance(k, TableKPI)])
def test_a_kpi_shares_with_itself_all_but_its_dates(id):
    one, shared = KPIS[id], shared_columns(id, id)
    assert shared and not {f"{one.table.name}.{one.at}", f"{one.table.name}.practice"} & {*shared}


def test_a_kpi_of_which_no_row_tried_counts_may_share_any(monkeypatch):
    asked = col("question") == "a client's own"
    own = replace(KPIS["engagement"], numerator=asked & (col("answer") >= 4), denominator=asked)
    monkeypatch.setitem(KPIS, "engagement", own)
    assert shared_columns("engagement", "burnout") == ("survey_answers.question", "survey_answers.answer")


def test_an_unknown_kpi_is_named():
    with pytest.raises(UsageError, match=r"'wait_medan' is not a KPI\. Did you mean wait_median\?"):
        shared_columns("wait_medan", "burnout")


def test_what_columns_are_made_of_are_columns_of_their_table():
    for table in TABLES.values():
        assert {part for c in table.columns for part in c.made_of} <= {c.name for c in table.columns}


@pytest.mark.parametrize("name", ["demo", "cms_aco"])
def test_the_links_that_we_ship_share_nothing_but_what_their_reason_says(name):
    links = load_group(name, ROOT).shared.links
    shared = {(k.leading, k.lagging): shared_columns(k.leading, k.lagging) for k in links}
    told = {
        "demo": {("no_show_rate", "net_revenue_per_visit"): ("visits.status",)},  # an empty slot is no kept visit
        "cms_aco": {("ed_visits", "savings_rate"): ("aco_years.ed_visits_per_1000",)},
    }
    assert {pair: columns for pair, columns in shared.items() if columns} == told[name]


@pytest.mark.parametrize(
    ("column", "id", "through"),
    [
        ("aco_years.ed_visits_per_1000", "savings_rate", "aco_years.expenditure_usd"),
        ("aco_years.ed_visits_per_1000", "cost_per_capita", "aco_years.expenditure_usd"),
        ("aco_years.cahps_access", "earned_savings", "aco_years.quality_score"),
        ("aco_years.ed_visits_per_1000", "ed_visits", ""),  # it takes the column itself
        ("visits.status", "operating_cost_ratio", ""),
        ("claims rows", "denial_rate", ""),
    ],
)
def test_through_which_column_a_shared_part_enters_a_kpi(column, id, through):
    assert bearer(column, id) == through


def test_every_column_that_is_part_of_another_has_a_name():
    parts = {f"{table.name}.{part}" for table in TABLES.values() for c in table.columns for part in c.made_of}
    assert parts and {column for column in parts if not has(f"column.{column}")} == set()
