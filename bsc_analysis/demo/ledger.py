"""The group's ledger: revenue and costs of each practice by account and month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.levels import Levels


def ledger(
    clinic: Clinic, level: Levels, kept: np.ndarray, receivables: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per account and month in which the practice was open; kept visits earn, no-shows cost nothing.

    `receivables` is the net balance at each month's end.
    What the operating cost ratio leaves after rent, supplies, training and the rest is staff pay.
    """
    full_month = clinic.visits * clinic.revenue * level.size
    patients = kept * level.revenue
    other = 0.03 * full_month * rng.lognormal(0, 0.15, kept.size)
    operating = level.cost_ratio / 100 * (patients + other)
    costs = {
        "rent": 0.07 * full_month,
        "supplies": 0.09 * patients * rng.lognormal(0, 0.05, kept.size),
        "training": 0.008 * full_month * rng.lognormal(0, 0.4, kept.size),
        "other_cost": 0.07 * full_month * rng.lognormal(0, 0.08, kept.size),
    }
    amounts = {
        ("1200", "receivables"): receivables,
        ("4000", "patient_revenue"): patients,
        ("4900", "other_revenue"): other,
        ("5000", "provider_pay"): 0.3 * full_month * rng.lognormal(0, 0.03, kept.size),
        ("5100", "staff_pay"): operating - sum(costs.values()),
        ("5200", "rent"): costs["rent"],
        ("5300", "supplies"): costs["supplies"],
        ("5400", "training"): costs["training"],
        ("5900", "other_cost"): costs["other_cost"],
    }
    account = list(amounts)
    rows = pd.DataFrame(
        {
            "Clinic": clinic.id,
            "Month": np.repeat(MONTHS.astype("datetime64[D]"), len(account)),
            "Account": np.tile([number for number, _ in account], kept.size),
            "AccountGroup": np.tile([group for _, group in account], kept.size),
            "Amount": np.round(np.column_stack(list(amounts.values())).ravel(), 2),
        }
    )
    return rows[np.repeat(clinic.open, len(account))]
