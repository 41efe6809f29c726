"""People's KPIs: those who do the work."""

from bsc_analysis.kpis.kpi import KPI, Better, Ratio, Total, col
from bsc_analysis.tables import ACO_YEARS, SURVEY_ANSWERS


def staff_share(
    id: str, title: str, better: Better, plain: str, why: str, formula: str, source: str, least: int
) -> KPI:
    """The share of staff answers to question `id` that reach `least`."""
    asked = (col("survey") == "staff") & (col("question") == id)
    return Ratio(
        id=id,
        title=title,
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
        plain=plain,
        why=why,
        formula=formula,
        source=source,
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
        "Engaged staff",
        "up",
        "Of every hundred staff who answered, how many would recommend the practice as a place to work.",
        "People who like where they work stay, and patients notice.",
        "answers of 4 or 5 ÷ all answers to the 1–5 engagement item of the staff pulse",
        "L07, top two boxes of a single item",
        4,
    ),
    staff_share(
        "burnout",
        "Burned-out staff",
        "down",
        "Of every hundred staff who answered, how many feel definitely burned out.",
        "Burnout comes before leaving, and before mistakes.",
        "answers of 3 or more ÷ all answers to the mini-Z burnout item (1–5)",
        "L08, mini-Z single item, 3 (definitely) and above",
        3,
    ),
    clinicians,
)
