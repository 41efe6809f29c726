"""Phones' KPIs: whether who calls gets through. They are of the human queue; what automation completes never met it."""

import narwhals as nw

from bsc_analysis.kpis.kpi import Ratio, col
from bsc_analysis.tables import CALLS

SHORT = 10  # seconds; who gives up sooner has dialled wrongly (VHA, HFMA)
SOON = 20  # seconds; the 80/20 rule's

IN_QUEUE = (col("outcome") != "automated") & col("in_hours").fill_null(True)  # open, as far as is known
ANSWERED = IN_QUEUE & (col("outcome") == "answered")
TIMED = ~col("wait_seconds").is_null()
GAVE_UP = IN_QUEUE & (col("outcome") == "abandoned")
GAVE_UP_AT_ONCE = GAVE_UP & (col("wait_seconds") <= SHORT).fill_null(False)
OFFERED = IN_QUEUE & ~GAVE_UP_AT_ONCE
VARIANT = "variant: human queue in opening hours, where these are known"

call_abandonment = Ratio(
    id="call_abandonment",
    title="Abandoned calls",
    aliases=("call abandonment", "abandonment", "dropped calls", "lost calls"),
    perspective="processes",
    role="leading",
    better="down",
    unit="%",
    scale=100,
    table=CALLS,
    at="started_at",
    numerator=GAVE_UP & ~GAVE_UP_AT_ONCE,
    denominator=OFFERED,
    counts="events",
    least_n=20,
    plain="Of every hundred calls, how many callers gave up waiting.",
    why="Who gives up calls elsewhere, comes unannounced or goes without care.",
    formula="calls abandoned after 10 s ÷ (calls offered − calls abandoned within 10 s)",
    source=f"I07; {VARIANT}; voicemail counts as offered, an abandoned call of unknown length as after 10 s",
)

speed_of_answer = Ratio(
    id="speed_of_answer",
    title="Speed of answer",
    aliases=("average speed of answer", "answer time", "hold time"),
    perspective="processes",
    role="leading",
    better="down",
    unit="s",
    decimals=0,
    table=CALLS,
    at="started_at",
    numerator=nw.when(ANSWERED).then(col("wait_seconds")),
    denominator=ANSWERED & TIMED,
    interval="none",
    counts="events",
    least_n=20,
    plain="How long callers who got through had waited, on average.",
    why="Half a minute is forgotten; two minutes are told to others.",
    formula="seconds in the queue of answered calls ÷ answered calls",
    source=f"I08; {VARIANT}; answered calls of unknown wait left out",
)

service_level = Ratio(
    id="service_level",
    title="Calls answered within 20 seconds",
    aliases=("service level",),
    perspective="processes",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=CALLS,
    at="started_at",
    numerator=ANSWERED & (col("wait_seconds") <= SOON).fill_null(False),
    denominator=OFFERED & (TIMED | ~ANSWERED),
    counts="events",
    least_n=20,
    plain="Of every hundred calls, how many were answered within 20 seconds.",
    why="An average hides the callers who waited long; this counts them.",
    formula="calls answered within 20 s ÷ (calls offered − calls abandoned within 10 s)",
    source=f"I09, the 80/20 rule; {VARIANT}; answered calls of unknown wait left out",
)

after_hours_answered = Ratio(
    id="after_hours_answered",
    title="After-hours calls answered",
    aliases=("after-hours calls",),
    perspective="processes",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=CALLS,
    at="started_at",
    numerator=~col("in_hours") & col("outcome").is_in(["answered", "automated"]),
    denominator=~col("in_hours"),
    counts="events",
    least_n=20,
    plain="Of every hundred calls outside opening hours, how many were answered by a person or dealt with on the spot.",
    why="Illness keeps no hours, and a call that nobody takes ends in the emergency department.",
    formula="calls answered or completed in automation ÷ calls, outside opening hours",
    source="I10, simplified: whether the caller's need was met is not known; voicemail counts as not answered; calls "
    "of which the hours are not known left out",
)

KPIS = (call_abandonment, speed_of_answer, service_level, after_hours_answered)
