"""What goes wrong with patients, and what they do about it: complaints, safety events, leaving."""

from typing import Any

import narwhals as nw

from bsc_analysis.kpis.kpi import KPI, Ratio, col
from bsc_analysis.kpis.receivables import days_from
from bsc_analysis.tables import COMPLAINTS, SAFETY_EVENTS, TRANSFERS_OUT, VISITS, Table

WEEK = 7  # days: five business days, reckoned from any day, end within them


def per_1000_visits(table: Table, at: str, numerator: nw.Expr, **told: Any) -> KPI:
    """How many rows of a register, dated by `at`, are in the numerator for every 1,000 kept visits of that period."""
    return Ratio(
        unit="per 1,000",
        scale=1000,
        table=table,
        at=at,
        numerator=numerator,
        over=VISITS,
        over_at="appointment_at",
        denominator=col("status") == "kept",
        interval="count",
        counts="patients",
        **told,
    )


complaint_rate = per_1000_visits(
    COMPLAINTS,
    "received_at",
    ~col("received_at").is_null(),
    id="complaint_rate",
    title="Complaints",
    perspective="patients",
    role="lagging",
    better="down",
    plain="For every thousand kept visits, how many complaints came in.",
    why="One who complains stands for many who leave in silence.",
    formula="complaints received ÷ kept visits",
    source="P13, Cleveland Clinic method; variant: over kept visits, all complaints in the register",
)

complaint_acknowledgement = Ratio(
    id="complaint_acknowledgement",
    title="Complaints answered within a week",
    perspective="patients",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=COMPLAINTS,
    at="received_at",
    numerator=(days_from("received_at", "acknowledged_at") <= WEEK).fill_null(False),
    denominator=~col("received_at").is_null(),
    matures_days=WEEK,
    counts="patients",
    plain="Of every hundred complaints, how many had a first answer within seven days.",
    why="Silence turns a complaint into a review, or a claim.",
    formula="complaints acknowledged within 7 days ÷ complaints received",
    source="P14, HQO; variant: 7 calendar days, which is what 5 business days come to without holidays",
)

voluntary_leaving = per_1000_visits(
    TRANSFERS_OUT,
    "requested_at",
    ~col("reason").is_in(["moved", "died"]).fill_null(False),
    id="voluntary_leaving",
    title="Patients who left",
    perspective="patients",
    role="lagging",
    better="down",
    plain="For every thousand kept visits, how many patients had their records sent to another practice by choice.",
    why="It costs far more to win a patient than to keep one.",
    formula="transfers of records out, but for those who moved or died ÷ kept visits",
    source="P11, Safran, GPPS; variant: over kept visits, as the panel is not known; a reason not known counts",
)

safety_events = per_1000_visits(
    SAFETY_EVENTS,
    "occurred_at",
    ~col("kind").is_null(),
    id="safety_events",
    title="Safety events reported",
    perspective="processes",
    role="leading",
    better="neutral",
    plain="For every thousand kept visits, how many safety events and near misses were reported.",
    why="More of them may mean more harm or more openness; each one teaches something.",
    formula="safety events and near misses reported ÷ kept visits",
    source="ours, the canon's safety events per 1,000 visits; neutral, because reporting is a culture",
)

KPIS = (complaint_rate, complaint_acknowledgement, voluntary_leaving, safety_events)
