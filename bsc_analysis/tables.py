"""The few canonical tables that every export becomes. A KPI sees only these columns, never an export's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "person", "text", "category", "flag", "integer", "amount", "date", "time"]


@dataclass(frozen=True)
class Column:
    """One column of a table: its kind, whether a row may lack it, and what it may hold."""

    name: str
    kind: Kind
    blank: bool = False
    allowed: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Table:
    """A canonical table.

    `grain` says what a row is; `key` names a row uniquely within a practice; `at` is the column that tells how
    far a delivery reaches (rows whose `at_status` is not among `at_done` lie in the future and do not count);
    `person` is the column that names a person, for distinct counts.
    `dated`: what a row's date stands for, a day or the whole month or year that it names.
    `closing_days`: a period is complete when the data reach to within so many days of its end: no visits are
    booked on a long weekend, and the last survey answer of a month comes before its last day.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    at: str
    closing_days: int
    person: str | None = None
    at_status: str | None = None
    at_done: tuple[str, ...] = ()
    dated: Literal["day", "month", "year"] = "day"


VISITS = Table(
    name="visits",
    grain="one booking of one patient",
    columns=(
        Column("visit_id", "id"),
        Column("patient_id", "person"),
        Column("location", "text", blank=True),
        Column("provider_group", "text", blank=True),
        Column("payer", "text", blank=True),
        Column("visit_type", "text", blank=True),
        Column("new_patient", "flag", blank=True),
        Column("booked_at", "date", blank=True),
        Column("appointment_at", "time"),
        Column("arrived_at", "time", blank=True),
        Column("roomed_at", "time", blank=True),
        Column("status", "category", allowed=("kept", "no_show", "late_cancel", "cancelled", "booked")),
    ),
    key=("visit_id",),
    at="appointment_at",
    at_status="status",
    at_done=("kept", "no_show", "late_cancel"),
    closing_days=4,
    person="patient_id",
)

SURVEY_ANSWERS = Table(
    name="survey_answers",
    grain="one answer of one respondent to one question",
    columns=(
        Column("survey", "category", allowed=("patient", "staff")),
        Column("respondent_id", "person"),
        Column("question", "text"),
        Column("answered_at", "date"),
        Column("answer", "integer", least=0, most=10),
    ),
    key=("survey", "respondent_id", "question", "answered_at"),
    at="answered_at",
    closing_days=15,
    person="respondent_id",
)

ACCOUNT_GROUPS = (
    "patient_revenue",
    "other_revenue",
    "provider_pay",
    "staff_pay",
    "rent",
    "supplies",
    "training",
    "other_cost",
)

LEDGER = Table(
    name="ledger",
    grain="one account in one month, accrual basis: money in the month of the service; costs positive",
    columns=(
        Column("month", "date"),
        Column("account", "id"),
        Column("account_group", "category", allowed=ACCOUNT_GROUPS),
        Column("amount", "amount"),
    ),
    key=("month", "account"),
    at="month",
    closing_days=31,  # a month's row is dated on its first day
    dated="month",
)

ACO_YEARS = Table(
    name="aco_years",
    grain="one accountable care organisation in one performance year",
    columns=(
        Column("name", "text"),
        Column("year", "date"),
        Column("beneficiaries", "amount"),
        Column("person_years", "amount"),
        Column("benchmark_usd", "amount"),
        Column("expenditure_usd", "amount"),
        Column("earned_savings_usd", "amount"),
        Column("cost_per_capita_usd", "amount"),
        Column("cahps_access", "amount", blank=True),
        Column("cahps_communication", "amount", blank=True),
        Column("cahps_provider_rating", "amount", blank=True),
        Column("cahps_specialist_access", "amount", blank=True),
        Column("ed_visits_per_1000", "amount", blank=True),
        Column("admissions_per_1000", "amount", blank=True),
        Column("readmission_rate", "amount", blank=True),
        Column("quality_score", "amount", blank=True),
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

TABLES = {t.name: t for t in (VISITS, SURVEY_ANSWERS, LEDGER, ACO_YEARS)}
