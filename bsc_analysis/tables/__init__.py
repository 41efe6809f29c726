"""The few canonical tables that every export becomes. A KPI sees only these columns, never an export's own."""

from bsc_analysis.tables.aco import ACO_YEARS
from bsc_analysis.tables.care import CALLS, SURVEY_ANSWERS, VISITS
from bsc_analysis.tables.money import ACCOUNT_GROUPS, CLAIMS, CODING_AUDITS, LEDGER, TRANSACTIONS
from bsc_analysis.tables.staff import STAFF, STAFF_MONTHS, TRAININGS
from bsc_analysis.tables.table import Column, Table

EXPORTED = (VISITS, CALLS, SURVEY_ANSWERS, LEDGER, CLAIMS, TRANSACTIONS, CODING_AUDITS, STAFF, TRAININGS, ACO_YEARS)
TABLES = {t.name: t for t in (*EXPORTED, STAFF_MONTHS)}

__all__ = [
    "ACCOUNT_GROUPS",
    "ACO_YEARS",
    "CALLS",
    "CLAIMS",
    "CODING_AUDITS",
    "EXPORTED",
    "LEDGER",
    "STAFF",
    "STAFF_MONTHS",
    "SURVEY_ANSWERS",
    "TABLES",
    "TRAININGS",
    "TRANSACTIONS",
    "VISITS",
    "Column",
    "Table",
]
