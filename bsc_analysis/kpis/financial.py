"""Financial KPIs: what the practice earns and what that costs."""

import narwhals as nw

from bsc_analysis.kpis.kpi import Ratio, col
from bsc_analysis.tables import LEDGER, VISITS

REVENUE = ("patient_revenue", "other_revenue")
OPERATING_COST = ("staff_pay", "rent", "supplies", "training", "other_cost")  # provider pay stays out
COST = ("provider_pay", *OPERATING_COST)


def amount_of(*account_groups: str) -> nw.Expr:
    """The amount where the account belongs to one of these groups, else nothing."""
    return nw.when(col("account_group").is_in(account_groups)).then(col("amount"))


net_revenue_per_visit = Ratio(
    id="net_revenue_per_visit",
    title="Net revenue per visit",
    aliases=("revenue per visit", "net revenue", "revenue"),
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
    aliases=("operating cost", "overhead"),
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

operating_margin = Ratio(
    id="operating_margin",
    title="Operating margin",
    aliases=("margin", "profit margin"),
    perspective="financial",
    role="lagging",
    better="up",
    unit="%",
    scale=100,
    table=LEDGER,
    at="month",
    numerator=nw.when(col("account_group").is_in([*REVENUE, *COST])).then(
        nw.when(col("account_group").is_in(COST)).then(-col("amount")).otherwise(col("amount"))
    ),
    denominator=amount_of(*REVENUE),
    interval="none",
    n_is="rows",
    counts="money",
    plain="Of every hundred dollars earned, how many are left when everything is paid, providers too.",
    why="Without it there is nothing to put into the practice, and no cushion for a bad year.",
    formula="(all revenue − all cost, provider pay included) ÷ all revenue",
    source="F12, HFMA; variant: accrual ledger; what owners take as provider pay is a cost",
)

KPIS = (net_revenue_per_visit, operating_margin, operating_cost_ratio, cost_per_visit)
