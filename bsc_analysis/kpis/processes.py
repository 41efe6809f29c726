"""Processes' KPIs: how the day runs."""

import narwhals as nw

from bsc_analysis.kpis.kpi import KPI, Quantile, Ratio, col
from bsc_analysis.tables import REMINDERS, VISITS

LONGEST_WAIT = 240  # minutes; longer is a stamp forgotten and set later, not a wait (canon I01)


def minutes_waited() -> nw.Expr:
    """max(0, roomed − max(arrival, appointment)) in minutes; null without all stamps or beyond LONGEST_WAIT."""
    since = nw.max_horizontal("arrived_at", "appointment_at")
    waited = (col("roomed_at") - since).dt.total_seconds().cast(nw.Float64) / 60
    usable = ~col("arrived_at").is_null() & (waited <= LONGEST_WAIT)
    return nw.when(usable).then(nw.max_horizontal(waited, nw.lit(0.0)))


def wait(id: str, title: str, q: float, formula: str, plain: str, aliases: tuple[str, ...]) -> KPI:
    """The quantile `q` of the wait from arrival (or appointment, if later) to the room."""
    return Quantile(
        id=id,
        title=title,
        aliases=aliases,
        perspective="processes",
        role="leading",
        better="down",
        unit="min",
        decimals=0,
        table=VISITS,
        at="appointment_at",
        value=minutes_waited(),
        eligible=col("status") == "kept",
        q=q,
        counts="events",
        least_n=20,
        plain=plain,
        why="Waiting is what patients complain of first, and what they remember when they are asked.",
        formula=f"{formula} of (roomed − the later of arrival and appointment), never below 0",
        source="I01; arriving early does not count as waiting; visits lacking a stamp or over 4 h left out",
    )


no_show_rate = Ratio(
    id="no_show_rate",
    title="No-show rate",
    aliases=("no-shows", "noshows", "missed appointments", "missed visits"),
    perspective="processes",
    role="leading",
    better="down",
    unit="%",
    scale=100,
    table=VISITS,
    at="appointment_at",
    numerator=col("status") == "no_show",
    denominator=col("status").is_in(["no_show", "kept"]),
    counts="events",
    least_n=20,
    plain="Of every hundred booked visits, how many patients did not come.",
    why="An empty slot is revenue lost this month and a diagnosis missed next quarter.",
    formula="no-shows ÷ (no-shows + kept visits)",
    source="I04, MGMA-style; variant: kept + no-show, late cancellations not counted",
)


late_cancel_rate = Ratio(
    id="late_cancel_rate",
    title="Late cancellations",
    aliases=("late cancels",),
    perspective="processes",
    role="leading",
    better="down",
    unit="%",
    scale=100,
    table=VISITS,
    at="appointment_at",
    numerator=col("status") == "late_cancel",
    denominator=col("status").is_in(["kept", "no_show", "late_cancel"]),
    counts="events",
    least_n=20,
    plain="Of every hundred visits that were due, how many patients called off too late to fill the slot.",
    why="A slot given back on the day mostly stays empty.",
    formula="late cancellations ÷ (kept visits + no-shows + late cancellations)",
    source="I05, its first half; variant: share of all bookings that were due, what late means as the practice sets "
    "it; cancelled in time, or past and still booked, left out",
)

reminder_reach = Ratio(
    id="reminder_reach",
    title="Reminders that reach",
    perspective="processes",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=REMINDERS,
    at="sent_at",
    numerator=col("reached"),
    denominator=col("sent"),
    counts="events",
    least_n=20,
    plain="Of every hundred reminders sent, how many were read, heard or answered.",
    why="Who is reminded comes, or calls off in time for somebody else.",
    formula="reminders that reached ÷ reminders sent",
    source="ours, the canon's reminder reach, which leads I04; variant: by the day of sending, as the service counts",
)

KPIS = (
    wait(
        "wait_median",
        "Wait to be roomed",
        0.5,
        "median",
        "Half of the patients wait less than this, half wait longer.",
        ("waits", "wait times", "waiting times", "lobby wait", "median wait"),
    ),
    wait(
        "wait_p90",
        "Longest waits",
        0.9,
        "90th percentile",
        "Nine of ten patients wait less than this; one waits longer.",
        ("90th percentile wait",),
    ),
    no_show_rate,
    late_cancel_rate,
    reminder_reach,
)
