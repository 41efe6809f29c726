"""Registers that a practice keeps by hand: who undertook what, who said what, what went wrong, who took part.

A row is written when something happens, so an empty register is no missing one. REGISTERS says which are kept, and
which days each covers; within those days a month without a row is a month in which nothing happened.
"""

from __future__ import annotations

from bsc_analysis.tables.table import Column, Table

SHORT, LINE, LONG = 60, 120, 300  # characters
WHO = "a role or a member of staff; never a patient"
SAYS = "in a few words; never a patient's name, number or birth date"
NUMBER = "any number or text that is used once"


def role(
    name: str = "by_role", means: str = "provider, nurse, admin, IT …; blank where nobody was to be known"
) -> Column:
    """The column that names a role."""
    return Column(name, "text", blank=True, longest=SHORT, means=means)


def topic(means: str = "what it is about, " + SAYS) -> Column:
    """The column that says in a few words what a row is about."""
    return Column("topic", "text", blank=True, longest=SHORT, means=means)


def dollars(name: str, means: str) -> Column:
    """A column of money."""
    return Column(name, "amount", blank=True, means=means)


def register(name: str, grain: str, *columns: Column, at: str, **more) -> Table:
    """A register whose rows have their number first and happen on the day `at`."""
    key = (columns[0].name,)
    return Table(name, grain, columns, key, at, closing_days=4, sparse=True, register=True, **more)


ACTIONS = register(
    "actions",
    "one action that leaders decided on to move one KPI",
    Column("action_id", "id", means=NUMBER),
    Column("title", "text", longest=LINE, means="what is done, " + SAYS),
    Column("kpi", "text", longest=SHORT, means="the KPI that it is to move, as bsc list kpis calls it"),
    Column("owner", "text", longest=SHORT, means=WHO),
    Column("decided_at", "date", means="the day of the decision"),
    Column("trigger", "text", blank=True, longest=LINE, means="the rule that called for it: after which numbers"),
    Column("starts_at", "date", blank=True, means="the day it goes live; blank as long as it is not known"),
    Column("due_at", "date", blank=True, means="the day by which it is to be done"),
    Column("done_at", "date", blank=True, means="the day on which it was done or given up; blank until then"),
    Column("expected", "amount", blank=True, means="the change promised, with its sign, such as -3"),
    Column("expected_in", "category", blank=True, allowed=("units", "percent"),
           means="units: the KPI's own, points where that is %; percent: of the value before"),
    dollars("budget_planned", "dollars planned"),
    dollars("budget_spent", "dollars spent so far"),
    Column("outcome", "category", blank=True, allowed=("adopt", "adapt", "abandon"), means="what was made of it"),
    Column("learnt", "text", blank=True, longest=LONG, means="what was learnt, " + SAYS),
    at="decided_at",
)  # fmt: skip

INITIATIVES = register(
    "initiatives",
    "one initiative that serves an objective, as it stands",
    Column("initiative_id", "id", means=NUMBER),
    Column("objective", "text", longest=LINE, means="the objective that it serves"),
    Column("owner", "text", longest=SHORT, means=WHO),
    Column("starts_at", "date", means="its first day"),
    Column("ends_at", "date", blank=True, not_before="starts_at", means="its last day, planned or actual"),
    Column("status", "category", allowed=("planned", "running", "done", "stopped"), means="how it stands"),
    dollars("budget_planned", "dollars planned"),
    dollars("budget_spent", "dollars spent so far"),
    Column("hours_planned", "amount", blank=True, least=0, means="hours of work planned"),
    Column("hours_spent", "amount", blank=True, least=0, means="hours of work spent so far"),
    at="starts_at",
    at_status="status",
    at_done=("running", "done", "stopped"),
)

IDEAS = register(
    "ideas",
    "one idea that somebody of the staff handed in",
    Column("idea_id", "id", means=NUMBER),
    Column("received_at", "date", means="the day it came in"),
    role(),
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
    role(),
    topic("what you said: may be shown to all staff, " + SAYS),
    Column(
        "answered_at", "date", blank=True, not_before="raised_at", means="the day it was answered; blank until then"
    ),
    Column("answer", "text", blank=True, longest=LONG, means="what we did: may be shown to all staff, " + SAYS),
    at="raised_at",
)

REVIEWS = register(
    "reviews",
    "one review of the scorecard by the leaders",
    Column("review_id", "id", means=NUMBER),
    Column("scheduled_at", "date", means="the day for which it was called"),
    topic("what is reviewed, such as a perspective"),
    Column("status", "category", allowed=("planned", "held", "missed"), means="missed: the day passed without it"),
    Column("invited", "integer", blank=True, least=0, means="how many were invited"),
    Column("attended", "integer", blank=True, least=0, means="how many of them came"),
    Column("quorum", "integer", blank=True, least=0, means="how many have to come so that it can decide"),
    Column("decisions", "integer", blank=True, least=0, means="how many decisions were written down"),
    at="scheduled_at",
    at_status="status",
    at_done=("held", "missed"),
)

DECISIONS = register(
    "decisions",
    "one decision of a review",
    Column("decision_id", "id", means=NUMBER),
    Column("review_id", "id", blank=True, means="the review that took it"),
    Column("decided_at", "date", means="the day it was taken"),
    Column("decision", "text", longest=LONG, means="what was decided, " + SAYS),
    Column("owner", "text", longest=SHORT, means=WHO),
    Column("due_at", "date", blank=True, means="the day by which it is to be done"),
    dollars("dollars", "what it costs, or brings where it is negative"),
    Column("done_at", "date", blank=True, means="the day it was done; blank until then"),
    at="decided_at",
)

SIGN_OFFS = register(
    "sign_offs",
    "one report that was sent to one reader, by role",
    Column("sign_off_id", "id", means=NUMBER),
    Column("period", "text", longest=10, means="the period of the report, such as 2026Q3"),
    Column("role", "text", longest=SHORT, means="of the reader: provider, admin, IT …"),
    Column("sent_at", "date", means="the day it was sent"),
    Column(
        "acknowledged_at", "date", blank=True, not_before="sent_at", means="the day it was signed; blank until then"
    ),
    at="sent_at",
)

PARTICIPATION = register(
    "participation",
    "one occasion on which people of one role took part in an action",
    Column("participation_id", "id", means=NUMBER),
    Column("action_id", "id", means="the action, as in the register of actions"),
    Column("role", "text", longest=SHORT, means="provider, nurse, admin, IT …"),
    Column("kind", "category", allowed=("meeting", "training", "trial"), means="trial: they tried it out"),
    Column("took_part_at", "date", means="the day; it counts as before or after the action's go-live"),
    Column("persons", "integer", blank=True, least=1, means="how many of this role took part"),
    at="took_part_at",
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

KEPT = (
    ACTIONS,
    INITIATIVES,
    IDEAS,
    CONCERNS,
    REVIEWS,
    DECISIONS,
    SIGN_OFFS,
    PARTICIPATION,
    SAFETY_EVENTS,
    COMPLAINTS,
    TRANSFERS_OUT,
)

REGISTERS = Table(
    name="registers",
    grain="one register that is kept, and the days it covers: what is not in it did not happen on them",
    columns=(
        Column("register", "category", allowed=tuple(t.name for t in KEPT), means="which one"),
        Column("since", "date", means="the first day from which all that happened is in it"),
        Column("through", "date", not_before="since", means="the last day up to which all that happened is in it"),
    ),
    key=("register", "since", "through"),
    at="through",
    closing_days=4,
    snapshot=True,
)
