"""The journal of patients' accounts: each charge, what the contracts take off it, what is paid, refunded, given up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.billing import SINCE, Office, working
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.texts import numbered

WON_BACK = 0.6  # of the denied claims, by appeal
OWED_BY_PATIENT = np.array([0.30, 0.08, 0.02, 1.0])  # how many bills leave a part to the patient, by payer
NEVER_PAID = 0.12  # of what patients owe
GIVEN_UP_AFTER = 90  # days since the payer's answer
OVERPAID = 0.008  # of the payments, and refunded later
KINDS = {"charge": "CHG", "payment": "PMT", "contractual": "ADJ", "refund": "REF", "write_off": "WO"}
SETTLING = 6  # months at the start of which the bills of before are not simulated


def postings(bills: pd.DataFrame, habits: Office, rng: np.random.Generator) -> pd.DataFrame:
    """One row per posting, whenever it comes: `bill` (index into bills), `kind`, `reason`, `posted`, `amount`."""
    size = len(bills)
    denied, payer = bills["denied"].to_numpy(), bills["payer"].to_numpy()
    allowed = bills["allowed"].to_numpy()
    lost = denied & (rng.random(size) >= WON_BACK)
    late = np.where(denied, np.round(rng.uniform(30, 80, size) * habits.pace).astype(int), rng.integers(1, 7, size))
    settled = working(bills["adjudicated"].to_numpy() + late)

    owed = ~denied & (rng.random(size) < OWED_BY_PATIENT[payer])
    part = np.where(payer == OWED_BY_PATIENT.size - 1, 1.0, rng.uniform(0.2, 0.5, size))
    of_patient = np.round(np.where(owed, part * allowed, 0), 2)
    of_payer = np.where(lost, 0, np.round(allowed - of_patient, 2))
    unpaid = owed & (rng.random(size) < NEVER_PAID)
    slow = np.clip(30 * habits.pace * rng.lognormal(0, 0.5, size), 5, 115).astype(int)
    overpaid = (of_payer > 0) & (rng.random(size) < OVERPAID)
    back = np.round(np.where(overpaid, of_payer * rng.uniform(0.2, 0.6, size), 0), 2)

    def rows(which: np.ndarray, kind: str, reason, posted: np.ndarray, amount: np.ndarray) -> pd.DataFrame:
        at = np.flatnonzero(which)
        told = np.broadcast_to(reason, size)[at]
        return pd.DataFrame({"bill": at, "kind": kind, "reason": told, "posted": posted[at], "amount": amount[at]})

    every = np.ones(size, bool)
    contracted = np.round(bills["charge"].to_numpy() - allowed, 2)
    journal = [
        rows(every, "charge", "", bills["charged"].to_numpy(), bills["charge"].to_numpy()),
        rows(contracted > 0, "contractual", "CO-45", settled, contracted),
        rows(of_payer > 0, "payment", "", settled, np.round(of_payer + back, 2)),
        rows(lost, "write_off", bills["reason"].to_numpy(), settled, allowed),
        rows(owed & ~unpaid, "payment", "", working(settled + slow), of_patient),
        rows(unpaid, "write_off", "PR-1", working(settled + GIVEN_UP_AFTER), of_patient),
        rows(overpaid, "refund", "", working(settled + 20 + slow), back),
    ]
    return pd.concat(journal).sort_values(["posted", "bill"], kind="stable", ignore_index=True)


def transactions(bills: pd.DataFrame, postings: pd.DataFrame, as_of: np.datetime64) -> pd.DataFrame:
    """The columns of the journal's export on the day `as_of`, for days of service in the group's billing system."""
    service = bills["service"].to_numpy()[postings["bill"]]
    known = postings[(service >= SINCE) & (postings["posted"] <= as_of)]
    bill = known["bill"].to_numpy()
    return pd.DataFrame(
        {
            "TxnID": numbered("", np.arange(70_000, 70_000 + len(known)), 7),
            "ClaimNo": bills["claim"].to_numpy()[bill],
            "DOS": us_dates(bills["service"].to_numpy()[bill]),
            "Posted": us_dates(known["posted"].to_numpy()),
            "Type": known["kind"].map(KINDS).to_numpy(),
            "Reason": known["reason"].to_numpy(),
            "Amount": known["amount"].to_numpy(),
        }
    )


def receivables(clinic: Clinic, bills: pd.DataFrame, postings: pd.DataFrame) -> np.ndarray:
    """What is still to come of the charges posted, net of what contracts take off, at the end of each of MONTHS.

    In the first SETTLING months of those who had patients before them it stands as it does later, against the
    month's bills.
    """

    def by_month(days: pd.Series, amount: pd.Series) -> np.ndarray:
        month = (days.to_numpy().astype("datetime64[M]") - MONTHS[0]).astype(int)
        return np.bincount(month, amount, MONTHS.size)[: MONTHS.size]

    sign = postings["kind"].map({"payment": -1.0, "write_off": -1.0, "refund": 1.0}).fillna(0)
    balance = np.cumsum(
        by_month(bills["charged"], bills["allowed"]) + by_month(postings["posted"], sign * postings["amount"])
    )
    if clinic.open[0]:
        billed = by_month(bills["service"], bills["allowed"])
        later = slice(SETTLING, SETTLING + 12)
        balance[:SETTLING] = billed[:SETTLING] * balance[later].sum() / billed[later].sum()
    return balance


def us_dates(days: np.ndarray) -> pd.Series:
    """Days as '09/30/2026'."""
    distinct, codes = np.unique(days, return_inverse=True)
    return pd.Series(pd.DatetimeIndex(distinct).strftime("%m/%d/%Y").to_numpy()[codes], dtype="str")
