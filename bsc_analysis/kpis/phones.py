"""Phones' KPIs: whether who calls gets through. Most are of the human queue, which what automation completes never met;
those of all calls stay the same measure when a machine takes the easy ones."""

import narwhals as nw

from bsc_analysis.kpis.kpi import Ratio, col
from bsc_analysis.tables import AGENT_CALLS, CALLS

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

INBOUND = col("in_hours").fill_null(True) & ~GAVE_UP_AT_ONCE
ALL = "variant: all inbound, automated calls too, in opening hours, where these are known"

abandonment_all = Ratio(
    id="abandonment_all",
    title="Abandoned calls of all",
    perspective="processes",
    role="leading",
    better="down",
    unit="%",
    scale=100,
    table=CALLS,
    at="started_at",
    numerator=GAVE_UP & ~GAVE_UP_AT_ONCE,
    denominator=INBOUND,
    counts="events",
    least_n=20,
    plain="Of every hundred calls that came in, how many callers gave up waiting for a person.",
    why="It stays the same measure when a machine takes the easy calls out of the queue.",
    formula="calls abandoned after 10 s ÷ (all calls in − calls abandoned within 10 s)",
    source=f"I07; {ALL}; who hangs up inside the automation is not known here",
)

automated_share = Ratio(
    id="automated_share",
    title="Calls completed in automation",
    perspective="processes",
    role="leading",
    better="neutral",
    unit="%",
    scale=100,
    table=CALLS,
    at="started_at",
    numerator=INBOUND & (col("outcome") == "automated"),
    denominator=INBOUND,
    counts="events",
    least_n=20,
    plain="Of every hundred calls that came in, how many ended without a person.",
    why="It says how much a machine takes off the front desk; whether well, other measures have to tell.",
    formula="calls completed in automation ÷ (all calls in − calls abandoned within 10 s)",
    source=f"I11, its numerator over all calls; {ALL}; repeated calls not looked at",
)

containment = Ratio(
    id="containment",
    title="Calls that the agent completed",
    perspective="processes",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=AGENT_CALLS,
    at="started_at",
    numerator=col("ended") == "completed",
    denominator=~col("ended").is_null(),
    counts="events",
    least_n=20,
    plain="Of every hundred calls that the phone agent took, how many it completed alone.",
    why="What it hands over, or loses, is work for people, and a second wait for the caller.",
    formula="calls completed ÷ calls that entered the agent",
    source="I11, simplified: hanging up inside and failures are not completed; repeated calls not looked at",
)

routed_right = Ratio(
    id="routed_right",
    title="Calls handled rightly by the agent",
    perspective="processes",
    role="leading",
    better="up",
    unit="%",
    scale=100,
    table=AGENT_CALLS,
    at="started_at",
    numerator=col("handled_right"),
    denominator=~col("handled_right").is_null(),
    counts="events",
    least_n=20,
    plain="Of every hundred of the agent's calls that somebody listened to, how many got the right answer or person.",
    why="A wrong answer to an urgent call is a danger, and a vendor's log does not know of it.",
    formula="audited calls handled rightly ÷ audited calls",
    source="ours, the canon's misrouted or wrong automated answers, audited; whoever listens draws calls at random",
)

KPIS = (
    call_abandonment,
    speed_of_answer,
    service_level,
    after_hours_answered,
    abandonment_all,
    automated_share,
    containment,
    routed_right,
)
