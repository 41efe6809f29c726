"""Receivables' KPIs: how much of what was earned is collected, and how soon."""

import narwhals as nw

from bsc_analysis.kpis.financial import amount_of
from bsc_analysis.kpis.kpi import Quantile, Ratio, Stock, col
from bsc_analysis.kpis.reasons import AVOIDABLE, reason_in
from bsc_analysis.tables import LEDGER, TRANSACTIONS


def posted(*kinds: str, of: nw.Expr | None = None) -> nw.Expr:
    """The amount of postings of these kinds (and `of` which this holds), 0 for the others."""
    mine = col("kind").is_in(kinds)
    return nw.when(mine if of is None else mine & of).then(col("amount")).otherwise(nw.lit(0.0))


def days_from(start: str, end: str) -> nw.Expr:
    """Whole days from the day of `start` to the day of `end`; null where either lacks, or the end comes first."""
    days = (col(end).dt.truncate("1d") - col(start).dt.truncate("1d")).dt.total_seconds().cast(nw.Float64) / 86_400
    return nw.when(days >= 0).then(days)


net_collection_rate = Ratio(
    id="net_collection_rate",
    title="Net collection rate",
    aliases=("net collections", "collection rate"),
    perspective="financial",
    role="lagging",
    better="up",
    unit="%",
    scale=100,
    table=TRANSACTIONS,
    at="service_at",
    known_at="posted_at",
    matures_days=120,
    numerator=posted("payment") - posted("refund"),
    denominator=posted("charge") - posted("contractual", of=~reason_in("reason", AVOIDABLE)),
    interval="none",
    n_is="rows",
    counts="money",
    plain="Of every hundred dollars that payers and patients owe by contract, how many arrive.",
    why="What does not arrive was earned and lost: denied, never claimed again, or never asked for.",
    formula="(payments − refunds) ÷ (charges − contractual adjustments)",
    source="F01, AAFP; variant: by date of service, matured 120 days; write-offs and bad debt stay owed, and so do "
    "adjustments for CO-29, CO-16, CO-50 and CO-197, whatever they are posted as; sequestration (CO-253) is "
    "contractual",
)

collected_per_service = Ratio(
    id="collected_per_service",
    title="Collected per service",
    perspective="financial",
    role="lagging",
    better="up",
    unit="$",
    decimals=0,
    table=TRANSACTIONS,
    at="service_at",
    known_at="posted_at",
    matures_days=120,
    numerator=posted("payment") - posted("refund"),
    denominator=col("kind") == "charge",
    interval="none",
    counts="money",
    plain="What one billed service brings in, from payers and patients together.",
    why="It moves when payers pay less for the same work, and when the mix of payers or places changes.",
    formula="(payments − refunds) ÷ charges posted",
    source="F14; variant: cash per charge posted, by date of service, matured 120 days",
)

days_in_ar = Stock(
    id="days_in_ar",
    title="Days in A/R",
    short="days in A/R",
    aliases=("A/R days", "days in accounts receivable"),
    perspective="financial",
    role="lagging",
    better="down",
    unit="days",
    table=LEDGER,
    at="month",
    balance=amount_of("receivables"),
    flow=amount_of("patient_revenue"),
    months=3,
    counts="money",
    plain="How many days of revenue the practice is still waiting for.",
    why="Money not yet paid cannot pay salaries, and the older it is the less of it comes.",
    formula="net receivables at the end of the month ÷ net patient revenue per day of the three months to it",
    source="F03, HFMA MAP, net ÷ net; variant: three-month window, balance of the ledger net of allowances; a longer "
    "period is its last month",
)

charge_lag = Quantile(
    id="charge_lag",
    title="Charge lag",
    perspective="processes",
    role="leading",
    better="down",
    unit="days",
    table=TRANSACTIONS,
    at="posted_at",
    value=days_from("service_at", "posted_at"),
    eligible=col("kind") == "charge",
    q=0.5,
    counts="events",
    least_n=20,
    plain="Half of the charges are entered within so many days of the visit, half later.",
    why="A charge not entered is not claimed, and payers refuse what comes too late.",
    formula="median of (day of entry − day of service) over charges",
    source="I14; variant: by entry date; charges dated before their service left out",
)

KPIS = (net_collection_rate, collected_per_service, days_in_ar, charge_lag)
