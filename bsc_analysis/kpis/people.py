"""People's KPIs: those who do the work."""

from typing import Any

from bsc_analysis.kpis.kpi import KPI, TOP_BOX_FLAT, Better, Ratio, col
from bsc_analysis.tables import STAFF_MONTHS, SURVEY_ANSWERS, TRAININGS


def staff_share(id: str, *, least: int, better: Better, **told: Any) -> KPI:
    """The share of staff answers to question `id` that reach `least`; `told` are the KPI's words."""
    asked = (col("survey") == "staff") & (col("question") == id)
    return Ratio(
        id=id,
        perspective="people",
        role="leading",
        better=better,
        unit="%",
        scale=100,
        table=SURVEY_ANSWERS,
        at="answered_at",
        numerator=asked & (col("answer") >= least),
        denominator=asked,
        counts="respondents",
        least_n=5,
        same_people=True,
        **told,
    )


staff_turnover = Ratio(
    id="staff_turnover",
    title="Staff turnover",
    aliases=("turnover", "employee turnover", "attrition"),
    perspective="people",
    role="lagging",
    better="down",
    unit="%",
    scale=1200,  # a month's share times twelve, in %
    table=STAFF_MONTHS,
    at="month",
    numerator=col("left") & (col("leaving") != "transferred").fill_null(True),
    denominator=col("headcount"),
    interval="count",
    counts="staff",
    plain="Of every hundred people who work here, how many would leave in a year at this pace.",
    why="Each leaving costs months of search and training, and patients lose a face they know.",
    formula="separations ÷ person-months × 12",
    source="L01, leavers ÷ average employees; variant: heads (not FTE), all reasons but internal transfer, annualised "
    "from person-months; needs a roster that still lists those who left",
)

training_hours = Ratio(
    id="training_hours",
    title="Training hours",
    perspective="people",
    role="leading",
    better="up",
    unit="h",
    table=TRAININGS,
    at="completed_at",
    numerator=col("hours"),
    over=STAFF_MONTHS,
    over_at="month",
    denominator=col("fte"),
    interval="none",
    counts="staff",
    plain="How many hours of training one full-time person completed in a month.",
    why="Skills show up in the work months later, and people stay where they learn.",
    formula="hours of training completed ÷ full-time equivalents of the month",
    source="L04; variant: per FTE and month; a month without a training between two with one counts as 0 hours, before "
    "the first and after the last as no data",
)

KPIS = (
    staff_share(
        "engagement",
        title="Engaged staff",
        short="staff engagement",
        aliases=("engagement", "employee engagement"),
        least=4,
        better="up",
        plain="Of every hundred staff who answered, how many would recommend the practice as a place to work.",
        why="People who like where they work stay, and patients notice.",
        formula="answers of 4 or 5 ÷ all answers to the 1–5 engagement item of the staff pulse",
        source="L07, top two boxes of a single item",
        flat_above=TOP_BOX_FLAT,
        top_box=True,
    ),
    staff_share(
        "burnout",
        title="Burned-out staff",
        short="staff burnout",
        aliases=("burnout", "burn-out"),
        least=3,
        better="down",
        plain="Of every hundred staff who answered, how many feel definitely burned out.",
        why="Burnout comes before leaving, and before mistakes.",
        formula="answers of 3 or more ÷ all answers to the mini-Z burnout item (1–5)",
        source="L08, mini-Z single item, 3 (definitely) and above",
    ),
    staff_turnover,
    training_hours,
    staff_share(
        "buy_in",
        title="Staff behind the changes",
        short="staff buy-in",
        top_box=True,
        least=4,
        better="up",
        plain="Of every hundred staff who answered, how many are behind the change that they were asked about.",
        why="A change that its people are not behind is undone when nobody looks.",
        formula="answers of 4 or 5 ÷ all answers to the 1–5 item buy_in of the staff survey",
        source="ours, after L07; variant: top two boxes of the item that sums up; those before it (buy_in_…) make the "
        "survey's reliability",
    ),
)
