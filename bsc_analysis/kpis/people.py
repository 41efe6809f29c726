"""People's KPIs: those who do the work."""

from typing import Any

from bsc_analysis.kpis.kpi import KPI, Better, Ratio, Total, col
from bsc_analysis.tables import ACO_YEARS, SURVEY_ANSWERS


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
        **told,
    )


clinicians = Total(
    id="clinicians",
    title="Clinicians",
    perspective="people",
    role="leading",
    better="neutral",
    unit="people",
    decimals=0,
    table=ACO_YEARS,
    at="year",
    amount=col("pcps") + col("specialists") + col("nurse_practitioners") + col("physician_assistants"),
    counts="staff",
    plain="How many physicians, nurse practitioners and physician assistants belong to the network.",
    why="A network that doubles is another network: read its other numbers beside this one.",
    formula="primary-care physicians + specialists + nurse practitioners + physician assistants",
    source="CMS, Shared Savings Program results: N_PCP, N_Spec, N_NP, N_PA; counting changed in 2017",
)

KPIS = (
    staff_share(
        "engagement",
        title="Engaged staff",
        short="staff engagement",
        least=4,
        better="up",
        plain="Of every hundred staff who answered, how many would recommend the practice as a place to work.",
        why="People who like where they work stay, and patients notice.",
        formula="answers of 4 or 5 ÷ all answers to the 1–5 engagement item of the staff pulse",
        source="L07, top two boxes of a single item",
    ),
    staff_share(
        "burnout",
        title="Burned-out staff",
        short="staff burnout",
        least=3,
        better="down",
        plain="Of every hundred staff who answered, how many feel definitely burned out.",
        why="Burnout comes before leaving, and before mistakes.",
        formula="answers of 3 or more ÷ all answers to the mini-Z burnout item (1–5)",
        source="L08, mini-Z single item, 3 (definitely) and above",
    ),
    clinicians,
)
