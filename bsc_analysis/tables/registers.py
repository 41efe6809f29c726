"""Registers of what leaders undertake, and what a practice says of all that it keeps.

A row is written when something happens, so an empty register is no missing one. REGISTERS says which are kept, and
which days each covers; within those days a month without a row is a month in which nothing happened.
"""

from __future__ import annotations

from bsc_analysis.tables.register import LINE, LONG, NUMBER, SAYS, SHORT, WHO, dollars, register, role, topic
from bsc_analysis.tables.reported import COMPLAINTS, CONCERNS, IDEAS, SAFETY_EVENTS, TRANSFERS_OUT
from bsc_analysis.tables.table import Column, Table

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
    Column("done_at", "date", blank=True, not_before="decided_at",
           means="the day on which it was done or given up; blank until then"),
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
    Column("title", "text", longest=LINE, means="what is undertaken, " + SAYS),
    Column("objective", "text", longest=SHORT, means="the objective that it serves, as the params' strategy calls it"),
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
    Column("done_at", "date", blank=True, not_before="decided_at", means="the day it was done; blank until then"),
    at="decided_at",
)

SIGN_OFFS = register(
    "sign_offs",
    "one report that was sent to one reader, by role",
    Column("sign_off_id", "id", means=NUMBER),
    Column("period", "text", longest=10, means="the period of the report, such as 2026Q3"),
    role("the reader's"),
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
    role("of those who took part"),
    Column("kind", "category", allowed=("meeting", "training", "trial"), means="trial: they tried it out"),
    Column("took_part_at", "date", means="the day; it counts as before or after the action's go-live"),
    Column("persons", "integer", blank=True, least=1, means="how many of this role took part"),
    at="took_part_at",
)

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
