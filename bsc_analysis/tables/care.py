"""What patients meet: visits, reminders, calls, automated agents, and what they and the staff answer when asked."""

from __future__ import annotations

from bsc_analysis.tables.register import role
from bsc_analysis.tables.table import Column, Table

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

CALLS = Table(
    name="calls",
    grain="one call that came in",
    columns=(
        Column("call_id", "id"),
        Column("caller_id", "person", blank=True),
        Column("queue", "text", blank=True),
        Column("started_at", "time"),
        Column("outcome", "category", allowed=("answered", "abandoned", "automated", "voicemail")),
        Column("wait_seconds", "amount", blank=True, least=0),  # in the queue, until answered or given up
        Column("in_hours", "flag", blank=True),  # from the opening calendar where the export does not say
    ),
    key=("call_id",),
    at="started_at",
    closing_days=4,
    person="caller_id",
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
        role("of staff who answer; blank for patients", blank=True),
    ),
    key=("survey", "respondent_id", "question", "answered_at"),
    at="answered_at",
    closing_days=15,
    person="respondent_id",
)

REMINDERS = Table(
    name="reminders",
    grain="the reminders that one service sent on one day through one channel, as it counts them",
    columns=(
        Column("sent_at", "date", means="the day on which they were sent"),
        Column("channel", "text", longest=60, means="such as text or call"),
        Column("sent", "integer", least=0, means="how many were sent"),
        Column("reached", "integer", least=0, means="how many of them were read, heard or answered"),
        Column("confirmed", "integer", blank=True, least=0, means="how many of them were answered with yes"),
    ),
    key=("sent_at", "channel"),
    at="sent_at",
    closing_days=4,
)

AGENT_CALLS = Table(
    name="agent_calls",
    grain="one call that an automated agent took, as its own log tells it",
    columns=(
        Column("call_id", "id"),
        Column("caller_id", "person", blank=True),
        Column("started_at", "time"),
        Column("reason", "text", blank=True, longest=60, means="what the caller wanted, such as refill"),
        Column("routine", "flag", blank=True, means="yes if the reason is on the list of routine ones"),
        Column("ended", "category", allowed=("completed", "transferred", "hung_up", "failed")),
        Column("handled_right", "flag", blank=True, means="of calls that somebody listened to: right answer or person"),
        Column("in_hours", "flag", blank=True),  # from the opening calendar where the export does not say
    ),
    key=("call_id",),
    at="started_at",
    closing_days=4,
    person="caller_id",
)
