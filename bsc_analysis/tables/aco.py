"""Accountable care organisations, as CMS publishes their years."""

from __future__ import annotations

from bsc_analysis.tables.table import Column, Table

CARE = ("ed_visits_per_1000", "admissions_per_1000")  # each of them is paid for
CAHPS = ("cahps_access", "cahps_communication", "cahps_provider_rating", "cahps_specialist_access")

ACO_YEARS = Table(
    name="aco_years",
    grain="one accountable care organisation in one performance year",
    columns=(
        Column("name", "text"),
        Column("year", "date"),
        Column("beneficiaries", "amount"),
        Column("person_years", "amount"),
        Column("benchmark_usd", "amount"),
        Column("expenditure_usd", "amount", made_of=CARE),
        Column("earned_savings_usd", "amount", made_of=("benchmark_usd", "expenditure_usd", "quality_score")),
        Column("cost_per_capita_usd", "amount", made_of=("expenditure_usd",)),
        Column("cahps_access", "amount", blank=True),
        Column("cahps_communication", "amount", blank=True),
        Column("cahps_provider_rating", "amount", blank=True),
        Column("cahps_specialist_access", "amount", blank=True),
        Column("ed_visits_per_1000", "amount", blank=True),
        Column("admissions_per_1000", "amount", blank=True),
        Column("readmission_rate", "amount", blank=True),
        Column("quality_score", "amount", blank=True, made_of=(*CAHPS, "readmission_rate")),
        Column("pcps", "amount"),
        Column("specialists", "amount"),
        Column("nurse_practitioners", "amount"),
        Column("physician_assistants", "amount"),
    ),
    key=("year",),
    at="year",
    closing_days=366,  # a year's row is dated on its first day
    dated="year",
)
