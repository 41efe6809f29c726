"""Registers of what people report: ideas and concerns of the staff, safety events, complaints, patients who leave."""

from __future__ import annotations

from bsc_analysis.tables.register import LONG, NUMBER, SAYS, register, role, topic
from bsc_analysis.tables.table import Column

WHOSE = "of whoever it comes from; blank where nobody is to be known"

IDEAS = register(
    "ideas",
    "one idea that somebody of the staff handed in",
    Column("idea_id", "id", means=NUMBER),
    Column("received_at", "date", means="the day it came in"),
    role(WHOSE, "by_role", blank=True),
    topic(),
    Column("decided_at", "date", blank=True, not_before="received_at", means="the day of the decision"),
    Column("decision", "category", blank=True, allowed=("adopted", "declined", "postponed"), means="what was decided"),
    Column("implemented_at", "date", blank=True, not_before="received_at", means="the day from which it is done so"),
    at="received_at",
)

CONCERNS = register(
    "concerns",
    "one concern that somebody of the staff raised",
    Column("concern_id", "id", means=NUMBER),
    Column("raised_at", "date", means="the day it was raised"),
    role(WHOSE, "by_role", blank=True),
    topic("what you said: may be shown to all staff, " + SAYS),
    Column(
        "answered_at", "date", blank=True, not_before="raised_at", means="the day it was answered; blank until then"
    ),
    Column("answer", "text", blank=True, longest=LONG, means="what we did: may be shown to all staff, " + SAYS),
    at="raised_at",
)

SAFETY_EVENTS = register(
    "safety_events",
    "one safety event or near miss that was reported",
    Column("event_id", "id", means=NUMBER),
    Column("occurred_at", "date", means="the day it happened"),
    Column("kind", "category", allowed=("near_miss", "event"), means="near_miss: it was caught in time"),
    Column("reached_patient", "flag", blank=True, means="yes if it reached a patient"),
    topic("such as medication or identity, " + SAYS),
    at="occurred_at",
)

COMPLAINTS = register(
    "complaints",
    "one complaint of a patient or on behalf of one",
    Column("complaint_id", "id", means=NUMBER),
    Column("patient_id", "person", blank=True, means="as in the appointments; replaced by a code when it is read"),
    Column("received_at", "date", means="the day it came in"),
    Column("acknowledged_at", "date", blank=True, not_before="received_at", means="the day of the first answer"),
    Column("closed_at", "date", blank=True, not_before="received_at", means="the day it was settled"),
    topic("such as waiting or billing, " + SAYS),
    at="received_at",
    person="patient_id",
)

TRANSFERS_OUT = register(
    "transfers_out",
    "one patient who asked that the records go to another practice",
    Column("transfer_id", "id", means=NUMBER),
    Column("patient_id", "person", blank=True, means="as in the appointments; replaced by a code when it is read"),
    Column("requested_at", "date", means="the day of the request"),
    Column("reason", "category", blank=True, allowed=("moved", "died", "insurance", "dissatisfied", "other"),
           means="the first that applies; blank where it is not known"),
    at="requested_at",
    person="patient_id",
)  # fmt: skip
