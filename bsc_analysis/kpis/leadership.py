"""How the practice is led: reviews, actions and decisions kept, ideas and concerns answered, confidence won."""

from typing import Any

import narwhals as nw

from bsc_analysis.kpis.kpi import KPI, Ratio, col
from bsc_analysis.kpis.receivables import days_from
from bsc_analysis.tables import (
    ACTIONS,
    CONCERNS,
    DECISIONS,
    IDEAS,
    INITIATIVES,
    REVIEWS,
    SIGN_OFFS,
    TRAININGS,
    Table,
)

IN_TIME = 30  # days in which an idea is decided and a concern answered
IN_PRACTICE = 120  # days in which an idea is implemented
TO_READ = 14  # days in which a report is acknowledged


def share(table: Table, at: str, numerator: nw.Expr, denominator: nw.Expr | None = None, **told: Any) -> KPI:
    """The share of a register's rows, dated by `at`, that are in the numerator; of all rows with that date if nothing
    else is said. `told` are the KPI's words, and what differs from others."""
    facts = {"perspective": "people", "role": "leading", "better": "up", "counts": "events"} | told
    every = ~col(at).is_null() if denominator is None else denominator
    return Ratio(table=table, at=at, unit="%", scale=100, numerator=numerator, denominator=every, **facts)


def within(days: int, start: str, end: str) -> nw.Expr:
    """Whether `end` came at most so many days after `start`; no if it has not come."""
    return (days_from(start, end) <= days).fill_null(False)


by_due = (col("done_at") <= col("due_at")).fill_null(False)

KPIS = (
    share(
        REVIEWS,
        "scheduled_at",
        (col("status") == "held") & ((col("attended") >= col("quorum")) & (col("decisions") > 0)).fill_null(False),
        denominator=col("status").is_in(["held", "missed"]),
        id="leadership_engagement",
        title="Reviews that decided",
        short="leadership engagement",
        plain="Of every hundred reviews that were called, how many were held with quorum and wrote down a decision.",
        why="A scorecard that leaders do not look at changes nothing.",
        formula="reviews held with quorum and at least one decision ÷ reviews scheduled",
        source="L11, its first half; a review without numbers of those who came, or of decisions, does not count as "
        "one that decided",
    ),
    share(
        ACTIONS,
        "due_at",
        by_due,
        id="action_completion",
        title="Actions closed in time",
        plain="Of every hundred actions that were due, how many were done, or given up on purpose, by then.",
        why="What is decided and not done teaches everybody not to take part.",
        formula="actions closed by their due date ÷ actions due",
        source="L10; variant: by the month in which they are due; given up on purpose counts as closed",
    ),
    share(
        DECISIONS,
        "due_at",
        by_due,
        id="decision_completion",
        title="Decisions carried out in time",
        plain="Of every hundred decisions of reviews that were due, how many were carried out by then.",
        why="A review is worth what follows from it.",
        formula="decisions done by their due date ÷ decisions due",
        source="L10, of decisions",
    ),
    share(
        IDEAS,
        "received_at",
        within(IN_TIME, "received_at", "decided_at"),
        matures_days=IN_TIME,
        id="ideas_decided",
        title="Ideas decided within 30 days",
        plain="Of every hundred ideas of the staff, how many had a yes or no within thirty days.",
        why="Who hears nothing hands in no second idea.",
        formula="ideas decided within 30 days ÷ ideas received",
        source="L09, the time to a decision as a share",
    ),
    share(
        IDEAS,
        "received_at",
        within(IN_PRACTICE, "received_at", "implemented_at"),
        matures_days=IN_PRACTICE,
        role="lagging",
        id="ideas_implemented",
        title="Ideas put into practice",
        plain="Of every hundred ideas of the staff, how many were put into practice within four months.",
        why="Those who do the work know best where it hurts.",
        formula="ideas implemented within 120 days ÷ ideas received",
        source="L09; variant: by the month received, within 120 days, so that old and new months are alike",
    ),
    share(
        CONCERNS,
        "raised_at",
        within(IN_TIME, "raised_at", "answered_at"),
        matures_days=IN_TIME,
        id="concerns_answered",
        title="Concerns answered within 30 days",
        plain="Of every hundred concerns that staff raised, how many were answered within thirty days.",
        why="People speak up where somebody answers.",
        formula="concerns answered within 30 days ÷ concerns raised",
        source="ours, the canon's concerns raised → answered",
    ),
    share(
        SIGN_OFFS,
        "sent_at",
        within(TO_READ, "sent_at", "acknowledged_at"),
        matures_days=TO_READ,
        counts="staff",
        id="reports_acknowledged",
        title="Reports acknowledged",
        plain="Of every hundred reports sent to their readers, how many were signed within two weeks.",
        why="It is the least that shows that a report was read.",
        formula="reports acknowledged within 14 days ÷ reports sent",
        source="ours, after L11; by the day of sending",
    ),
    Ratio(
        id="initiative_spending",
        title="Spending of initiatives",
        perspective="financial",
        role="leading",
        better="neutral",
        unit="%",
        scale=100,
        table=INITIATIVES,
        at="ends_at",
        numerator=nw.when(~col("budget_planned").is_null()).then(col("budget_spent")),
        denominator=nw.when(~col("budget_spent").is_null()).then(col("budget_planned")),
        interval="none",
        n_is="rows",
        counts="money",
        plain="Of every hundred dollars planned for initiatives that have ended, how many were spent.",
        why="Too much breaks the budget; too little mostly means that little was done.",
        formula="dollars spent ÷ dollars planned, of initiatives that end in the period and have both",
        source="ours, the canon's initiative budget, planned and spent",
    ),
    Ratio(
        id="tool_confidence",
        title="Confidence won in trainings",
        perspective="people",
        role="leading",
        better="up",
        unit="points",
        table=TRAININGS,
        at="completed_at",
        numerator=col("confidence_after") - col("confidence_before"),
        denominator=~(col("confidence_after") - col("confidence_before")).is_null(),
        interval="none",
        counts="respondents",
        least_n=5,
        plain="By how many points people feel surer of a tool after its training than before.",
        why="Who does not trust a tool works around it.",
        formula="mean of (confidence after − before), of trainings with both",
        source="ours; self-ratings from 0 to 10, which rise after most trainings",
    ),
)
