"""Planted run-out: charges of every month, paid 10 to 120 days later, and what is paid in the end."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from bsc_analysis.kpis.kpi import Ratio, Total, col
from bsc_analysis.tables import CLAIMS, TRANSACTIONS

TOLD: dict[str, Any] = {"perspective": "financial", "role": "lagging", "plain": "P.", "why": "W.", "formula": "f"}


def of(*kinds: str):
    """The amount of these kinds of postings, 0 for others."""
    return nw.when(col("kind").is_in(kinds)).then(col("amount")).otherwise(nw.lit(0.0))


COLLECTED = Ratio(
    id="collected",
    title="Collected",
    better="up",
    unit="%",
    scale=100,
    table=TRANSACTIONS,
    at="service_at",
    known_at="posted_at",
    matures_days=120,
    numerator=of("payment") - of("refund"),
    denominator=of("charge") - of("contractual"),
    interval="none",
    n_is="rows",
    counts="money",
    source="test",
    **TOLD,
)
DENIED = Ratio(
    id="denied",
    title="Denied",
    better="down",
    unit="%",
    scale=100,
    table=CLAIMS,
    at="submitted_at",
    known_at="denied_at",
    matures_days=60,
    numerator=~col("denied_at").is_null(),
    denominator=~col("claim_id").is_null(),
    counts="events",
    source="test",
    **TOLD,
)
PAID = Total(
    id="paid",
    title="Paid",
    better="up",
    unit="$",
    table=TRANSACTIONS,
    at="service_at",
    known_at="posted_at",
    matures_days=120,
    amount=of("payment"),
    counts="money",
    source="test",
    **TOLD,
)


def transactions(
    seed: int, first: str, last: str, practice: str = "a", a_month: int = 150, slow_from: str = "2999-01-01"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(postings known by `last`; what each month of service comes to in the end: owed, paid).

    Every service is charged within days; when it is paid, 10 to 120 days later, the contract's part comes off too.
    From `slow_from` on, whatever is posted comes a month later than before.
    """
    rng = np.random.default_rng(seed)
    days = pd.date_range(first, last)
    n = a_month * len(days) // 30
    service = pd.Series(rng.choice(days, n))
    charge = rng.gamma(2, 100, n)
    paid = rng.random(n) < 0.93
    waits = pd.to_timedelta(np.minimum(10 + rng.gamma(2, 14, n), 118).round(), "D")
    settled = service + waits
    settled = settled.where(settled < slow_from, settled + pd.Timedelta(days=30))
    part = rng.normal(0.45, 0.02, n)
    parts = [
        _posted("charge", service, service + pd.to_timedelta(rng.integers(0, 5, n), "D"), charge),
        _posted("contractual", service[paid], settled[paid], (charge * part)[paid]),
        _posted("payment", service[paid], settled[paid], (charge * (1 - part))[paid]),
    ]
    rows = pd.concat(parts, ignore_index=True)
    in_the_end = pd.DataFrame({"owed": np.where(paid, charge * (1 - part), charge)})
    in_the_end["paid"] = np.where(paid, in_the_end["owed"], 0.0)
    truth = in_the_end.groupby(service.dt.strftime("%Y-%m")).sum()
    rows = rows[rows["posted_at"] <= last].assign(practice=practice)
    rows["transaction_id"] = rows["patient_id"] = np.arange(len(rows)).astype(str)
    for name in ("claim_id", "payer", "reason"):
        rows[name] = pd.Series(pd.NA, index=rows.index, dtype="str")
    for name in ("service_at", "posted_at"):
        rows[name] = rows[name].astype("datetime64[us]")
    return rows, truth


def _posted(kind: str, service: pd.Series, posted: pd.Series, amount: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "service_at": service, "posted_at": posted, "amount": amount})
