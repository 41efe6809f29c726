"""KPIs of networks but for their patients': accountable care organisations, as CMS publishes their years."""

from bsc_analysis.kpis.kpi import KPI, Published, Ratio, Total, col
from bsc_analysis.tables import ACO_YEARS

savings_rate = Ratio(
    id="savings_rate",
    title="Savings rate",
    perspective="financial",
    role="lagging",
    better="up",
    unit="%",
    scale=100,
    table=ACO_YEARS,
    at="year",
    numerator=col("benchmark_usd") - col("expenditure_usd"),
    denominator=col("benchmark_usd"),
    interval="none",
    n_is="rows",
    counts="money",
    plain="How far spending stayed below what Medicare expected, as a share of what it expected.",
    why="It decides whether the network shares in savings.",
    formula="(benchmark − expenditure) ÷ benchmark",
    source="CMS, Shared Savings Program results: ABtotBnchmk, ABtotExp",
)

earned_savings = Total(
    id="earned_savings",
    title="Earned savings",
    aliases=("shared savings",),
    perspective="financial",
    role="lagging",
    better="up",
    unit="$M",
    scale=1e-6,
    table=ACO_YEARS,
    at="year",
    amount=col("earned_savings_usd"),
    counts="money",
    plain="What Medicare paid to the network out of the savings; losses shared are negative.",
    why="The money that pays for care managers and better access.",
    formula="earned savings less shared losses",
    source="CMS, Shared Savings Program results: EarnSaveLoss",
)

cost_per_capita = Ratio(
    id="cost_per_capita",
    title="Medicare cost per person",
    short="Medicare cost per person",
    aliases=("cost per capita", "cost per person", "Medicare spending"),
    perspective="financial",
    role="lagging",
    better="down",
    unit="$",
    decimals=0,
    table=ACO_YEARS,
    at="year",
    numerator=col("cost_per_capita_usd") * col("person_years"),
    denominator=col("person_years"),
    interval="none",
    counts="money",
    plain="What Medicare spent in the year on one person looked after by the network.",
    why="It is what the benchmark is compared with; not adjusted for how ill people are.",
    formula="expenditure per assigned person-year, as published",
    source="CMS, Shared Savings Program results: Per_Capita_Exp_TOTAL_PY, weighted by N_AB_Year_PY",
)


def per_1000(id: str, title: str, column: str, plain: str, why: str, field: str, aliases: tuple[str, ...]) -> KPI:
    """A published yearly rate per 1,000 person-years, with its person-years so that it can be pooled."""
    return Ratio(
        id=id,
        title=title,
        aliases=aliases,
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
    aliases=("readmissions", "readmission rate"),
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
    savings_rate,
    earned_savings,
    cost_per_capita,
    per_1000(
        "ed_visits",
        "Emergency visits",
        "ed_visits_per_1000",
        "How often people of the network went to an emergency department, per 1,000 people and year.",
        "Many such visits could have been an appointment; they are also part of what Medicare spends.",
        "P_EDV_Vis",
        ("ED visits", "ER visits", "emergency department visits"),
    ),
    per_1000(
        "admissions",
        "Hospital admissions",
        "admissions_per_1000",
        "How often people of the network were admitted to hospital, per 1,000 people and year.",
        "The largest part of what Medicare spends, and the part that good care before it can spare.",
        "ADM",
        ("admissions", "hospitalizations"),
    ),
    readmission_rate,
    quality_score,
    clinicians,
)
