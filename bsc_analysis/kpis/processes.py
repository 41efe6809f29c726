"""Processes' KPIs: how the day runs."""

import narwhals as nw

from bsc_analysis.kpis.kpi import KPI, Published, Quantile, Ratio, col
from bsc_analysis.tables import ACO_YEARS, VISITS

LONGEST_WAIT = 240  # minutes; longer is a stamp forgotten and set later, not a wait (canon I01)


def minutes_waited() -> nw.Expr:
    """max(0, roomed − max(arrival, appointment)) in minutes; null without all stamps or beyond LONGEST_WAIT."""
    since = nw.max_horizontal("arrived_at", "appointment_at")
    waited = (col("roomed_at") - since).dt.total_seconds().cast(nw.Float64) / 60
    usable = ~col("arrived_at").is_null() & (waited <= LONGEST_WAIT)
    return nw.when(usable).then(nw.max_horizontal(waited, nw.lit(0.0)))


def wait(id: str, title: str, q: float, formula: str, plain: str) -> KPI:
    """The quantile `q` of the wait from arrival (or appointment, if later) to the room."""
    return Quantile(
        id=id,
        title=title,
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


def per_1000(id: str, title: str, column: str, plain: str, why: str, field: str) -> KPI:
    """A published yearly rate per 1,000 person-years, with its person-years so that it can be pooled."""
    return Ratio(
        id=id,
        title=title,
        perspective="processes",
        role="leading",
        better="down",
        unit="per 1,000",
        decimals=0,
        scale=1000,
        table=ACO_YEARS,
        at="year",
        numerator=col(column) * col("person_years") / 1000,
        denominator=col("person_years"),
        interval="count",
        counts="events",
        plain=plain,
        why=why,
        formula="events per 1,000 assigned person-years, as published",
        source=f"CMS, Shared Savings Program results: {field}, weighted by N_AB_Year_PY",
    )


readmission_rate = Published(
    id="readmission_rate",
    title="Readmissions within 30 days",
    perspective="processes",
    role="lagging",
    better="down",
    unit="%",
    decimals=2,
    table=ACO_YEARS,
    at="year",
    value=col("readmission_rate"),
    counts="patients",
    plain="After how many of a hundred hospital stays the patient was back within 30 days.",
    why="Coming back soon is hard on patients and costs Medicare a second stay.",
    formula="the risk-standardised rate that CMS publishes",
    source="CMS, all-cause unplanned readmissions of ACOs (ACO-8, then measure 479); risk-standardised",
)

quality_score = Published(
    id="quality_score",
    title="Quality score",
    perspective="processes",
    role="lagging",
    better="up",
    unit="%",
    table=ACO_YEARS,
    at="year",
    value=col("quality_score"),
    counts="events",
    plain="Medicare's quality score of the network, of 100.",
    why="Below a threshold the network keeps a smaller share of its savings.",
    formula="the score that CMS publishes",
    source="CMS, Shared Savings Program results: QualScore; the set of measures changes from year to year",
)

KPIS = (
    wait(
        "wait_median", "Wait to be roomed", 0.5, "median", "Half of the patients wait less than this, half wait longer."
    ),
    wait(
        "wait_p90",
        "Longest waits",
        0.9,
        "90th percentile",
        "Nine of ten patients wait less than this; one waits longer.",
    ),
    no_show_rate,
    per_1000(
        "ed_visits",
        "Emergency visits",
        "ed_visits_per_1000",
        "How often people of the network went to an emergency department, per 1,000 people and year.",
        "Many such visits could have been an appointment; they are also part of what Medicare spends.",
        "P_EDV_Vis",
    ),
    per_1000(
        "admissions",
        "Hospital admissions",
        "admissions_per_1000",
        "How often people of the network were admitted to hospital, per 1,000 people and year.",
        "The largest part of what Medicare spends, and the part that good care before it can spare.",
        "ADM",
    ),
    readmission_rate,
    quality_score,
)
