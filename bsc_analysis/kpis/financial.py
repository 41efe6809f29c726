"""Financial KPIs: what the practice earns and what that costs."""

import narwhals as nw

from bsc_analysis.kpis.kpi import Ratio, Total, col
from bsc_analysis.tables import ACO_YEARS, LEDGER, VISITS

REVENUE = ("patient_revenue", "other_revenue")
OPERATING_COST = ("staff_pay", "rent", "supplies", "training", "other_cost")  # provider pay stays out


def amount_of(*account_groups: str) -> nw.Expr:
    """The amount where the account belongs to one of these groups, else nothing."""
    return nw.when(col("account_group").is_in(account_groups)).then(col("amount"))


net_revenue_per_visit = Ratio(
    id="net_revenue_per_visit",
    title="Net revenue per visit",
    perspective="financial",
    role="lagging",
    better="up",
    unit="$",
    decimals=0,
    table=LEDGER,
    at="month",
    numerator=amount_of("patient_revenue"),
    over=VISITS,
    over_at="appointment_at",
    denominator=col("status") == "kept",
    interval="none",
    counts="money",
    plain="What one kept visit brings in after contractual adjustments.",
    why="It pays for everything else, and moves when payers, coding or the mix of visits change.",
    formula="net patient revenue ÷ kept visits",
    source="F14, MGMA-style; variant: accrual ledger by month of service, over the visits of that month",
)

operating_cost_ratio = Ratio(
    id="operating_cost_ratio",
    title="Operating cost ratio",
    perspective="financial",
    role="lagging",
    better="down",
    unit="%",
    scale=100,
    table=LEDGER,
    at="month",
    numerator=amount_of(*OPERATING_COST),
    denominator=amount_of(*REVENUE),
    interval="none",
    n_is="rows",
    counts="money",
    plain="Of every hundred dollars earned, how many go into running the practice before its providers are paid.",
    why="What is left pays the providers and the future.",
    formula="(staff pay + rent + supplies + training + other cost) ÷ all revenue; provider pay left out",
    source="F13, MGMA: total operating cost excluding provider cost ÷ total medical revenue",
)

cost_per_visit = Ratio(
    id="cost_per_visit",
    title="Cost per visit",
    perspective="financial",
    role="lagging",
    better="down",
    unit="$",
    decimals=0,
    table=LEDGER,
    at="month",
    numerator=amount_of(*OPERATING_COST),
    over=VISITS,
    over_at="appointment_at",
    denominator=col("status") == "kept",
    interval="none",
    counts="money",
    plain="What it costs to run one kept visit, provider pay left out.",
    why="It rises when slots stay empty: rent and staff are paid all the same.",
    formula="operating cost without provider pay ÷ kept visits",
    source="F17; variant: without provider pay, accrual ledger over the visits of that month",
)

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

KPIS = (
    net_revenue_per_visit,
    operating_cost_ratio,
    cost_per_visit,
    savings_rate,
    earned_savings,
    cost_per_capita,
)
