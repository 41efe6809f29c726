"""Who does the work: the roster, the months of employment made of it, and trainings."""

from __future__ import annotations

from bsc_analysis.tables.table import Column, Table

STAFF = Table(
    name="staff",
    grain="one employment of one person, as the roster of the day `as_of` tells it",
    columns=(
        Column("staff_id", "person"),
        Column("role", "text", blank=True),
        Column("team", "text", blank=True),
        Column("fte", "amount", blank=True, least=0, most=2),
        Column("hired_at", "date", long_ago=True),
        Column("left_at", "date", blank=True, not_before="hired_at"),
        Column("leaving", "category", blank=True, allowed=("voluntary", "involuntary", "retired", "transferred")),
        Column("as_of", "date"),
    ),
    key=("staff_id", "hired_at", "as_of"),
    at="as_of",
    closing_days=4,
    person="staff_id",
    snapshot=True,
)

STAFF_MONTHS = Table(
    name="staff_months",
    grain="one person in one month of employment, made of the roster; no export delivers it",
    columns=(
        Column("staff_id", "person"),
        Column("role", "text", blank=True),
        Column("team", "text", blank=True),
        Column("month", "date"),  # its last day, or the last one that the roster tells of
        Column("headcount", "amount"),  # mean of employed on the first and the last day
        Column("fte", "amount"),  # the same times the contracted share; 1 where the roster gives none
        Column("left", "flag"),
        Column("leaving", "category", blank=True, allowed=("voluntary", "involuntary", "retired", "transferred")),
    ),
    key=("staff_id", "month"),
    at="month",
    closing_days=0,  # a roster drawn before a month's last day leaves it incomplete
    person="staff_id",
    dated="month",
    snapshot=True,
)

TRAININGS = Table(
    name="trainings",
    grain="one training completed by one person",
    columns=(
        Column("staff_id", "person"),
        Column("course", "text"),
        Column("completed_at", "date"),
        Column("hours", "amount", least=0, most=200),
        Column("tool", "text", blank=True, longest=60, means="the tool that it teaches, such as a phone agent"),
        Column(
            "confidence_before", "integer", blank=True, least=0, most=10, means="in using the tool, as told before it"
        ),
        Column("confidence_after", "integer", blank=True, least=0, most=10, means="the same, as told after it"),
    ),
    key=("staff_id", "course", "completed_at"),
    at="completed_at",
    closing_days=15,
    person="staff_id",
    sparse=True,
)
