"""The few canonical tables that every export becomes. A KPI sees only these columns, never an export's own."""

from bsc_analysis.tables.aco import ACO_YEARS
from bsc_analysis.tables.care import AGENT_CALLS, CALLS, REMINDERS, SURVEY_ANSWERS, VISITS
from bsc_analysis.tables.money import ACCOUNT_GROUPS, CLAIMS, CODING_AUDITS, LEDGER, TRANSACTIONS
from bsc_analysis.tables.registers import (
    ACTIONS,
    DECISIONS,
    INITIATIVES,
    KEPT,
    PARTICIPATION,
    REGISTERS,
    REVIEWS,
    SIGN_OFFS,
)
from bsc_analysis.tables.reported import COMPLAINTS, CONCERNS, IDEAS, SAFETY_EVENTS, TRANSFERS_OUT
from bsc_analysis.tables.staff import STAFF, STAFF_MONTHS, TRAININGS
from bsc_analysis.tables.table import Column, Table

SYSTEMS = (VISITS, CALLS, SURVEY_ANSWERS, LEDGER, CLAIMS, TRANSACTIONS, CODING_AUDITS, STAFF, TRAININGS, ACO_YEARS)
EXPORTED = (*SYSTEMS, REMINDERS, AGENT_CALLS, *KEPT, REGISTERS)
TABLES = {t.name: t for t in (*EXPORTED, STAFF_MONTHS)}

__all__ = [
    "ACCOUNT_GROUPS",
    "ACO_YEARS",
    "ACTIONS",
    "AGENT_CALLS",
    "CALLS",
    "CLAIMS",
    "CODING_AUDITS",
    "COMPLAINTS",
    "CONCERNS",
    "DECISIONS",
    "EXPORTED",
    "IDEAS",
    "INITIATIVES",
    "KEPT",
    "LEDGER",
    "PARTICIPATION",
    "REGISTERS",
    "REMINDERS",
    "REVIEWS",
    "SAFETY_EVENTS",
    "SIGN_OFFS",
    "STAFF",
    "STAFF_MONTHS",
    "SURVEY_ANSWERS",
    "TABLES",
    "TRAININGS",
    "TRANSACTIONS",
    "TRANSFERS_OUT",
    "VISITS",
    "Column",
    "Table",
]
