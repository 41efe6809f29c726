"""What is earned and spent: the ledger, claims, postings to accounts, and coding audits."""

from __future__ import annotations

from bsc_analysis.tables.table import Column, Table

ACCOUNT_GROUPS = (
    "patient_revenue",
    "other_revenue",
    "provider_pay",
    "staff_pay",
    "rent",
    "supplies",
    "training",
    "other_cost",
    "receivables",  # a balance at the month's end, net of allowances; all others are flows
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
    signed_by="account_group",
)

CLAIMS = Table(
    name="claims",
    grain="one claim as first submitted, with what became of that submission",
    columns=(
        Column("claim_id", "id"),
        Column("patient_id", "person"),
        Column("location", "text", blank=True),
        Column("provider_group", "text", blank=True),
        Column("payer", "text", blank=True),
        Column("service_at", "date"),
        Column("submitted_at", "date"),
        Column("clean", "flag", blank=True),  # passed every edit untouched; from the edit log, not from the 835
        Column("adjudicated_at", "date", blank=True),
        Column("denied_at", "date", blank=True),  # the first denial of the whole claim or a part of it
        Column("denial_reason", "text", blank=True),  # group and CARC, such as CO-16
        Column("charge", "amount", least=0),
    ),
    key=("claim_id",),
    at="submitted_at",
    closing_days=7,
    person="patient_id",
)

TRANSACTIONS = Table(
    name="transactions",
    grain="one posting to a patient's account; every amount positive, its kind says which way it goes",
    columns=(
        Column("transaction_id", "id"),
        Column("claim_id", "id", blank=True),
        Column("patient_id", "person", blank=True),
        Column("payer", "text", blank=True),
        Column("service_at", "date"),
        Column("posted_at", "date"),
        Column("kind", "category", allowed=("charge", "payment", "refund", "contractual", "write_off")),
        Column("reason", "text", blank=True),  # group and CARC, such as CO-45
        Column("amount", "amount"),
    ),
    key=("transaction_id",),
    at="posted_at",
    closing_days=7,
    person="patient_id",
    signed_by="kind",
)

CODING_AUDITS = Table(
    name="coding_audits",
    grain="one claim looked at by an auditor",
    columns=(
        Column("audit_id", "id"),
        Column("audited_at", "date"),
        Column("team", "text", blank=True),
        Column("error", "flag"),
    ),
    key=("audit_id",),
    at="audited_at",
    closing_days=15,
    sparse=True,
)
