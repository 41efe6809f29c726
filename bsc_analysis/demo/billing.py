"""What becomes of each kept visit in the billing office: charge, claim, denial, and what is paid in the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsc_analysis.demo.appointments import CLOSED, PAYER_SHARES, PAYERS
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.levels import EARLIER, Levels, autoregressive, story
from bsc_analysis.demo.texts import numbered, stamps

SINCE = np.datetime64("2025-01-01")  # the first day of service in the group's billing system
ALLOWED = np.array([0.68, 0.48, 0.38, 1.0])  # of a charge, by payer in the order of PAYERS
PRICE = np.array([1.15, 0.95, 0.70, 0.85])  # allowed for a visit, against the average payer
ANSWERS_IN = np.array([20, 14, 28, 0])  # days from submission to remittance, the median
REASONS = ["CO-16", "CO-197", "CO-29", "CO-50", "CO-97"]  # of denials: incomplete, not authorised, too late, …
REASON_SHARES = [0.38, 0.20, 0.08, 0.20, 0.14]
AUTHORISATION = "CO-197"


@dataclass(frozen=True)
class Office:
    """The habits of one practice's billing office: days to the charge, pace (1: days as below), % clean claims."""

    charge_lag: float
    pace: float
    clean: float
    denied: np.ndarray  # % of the claims submitted in each of MONTHS
    more_denied: np.ndarray  # of them, for the authorisations that a payer began to ask for


def office(clinic: Clinic, rng: np.random.Generator) -> Office:
    """Drawn once for each practice."""
    lag, pace, clean, denied = rng.uniform((1.0, 0.9, 90.0, 5.5), (3.2, 1.7, 96.5, 9.0))
    told = story(clinic, "denial_rate")[EARLIER:]
    return Office(lag, pace, clean, np.clip(denied + autoregressive(rng, 0.5, 0.6)[EARLIER:] + told, 1, 60), told)


def bills(
    clinic: Clinic, level: Levels, booked: pd.DataFrame, habits: Office, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per kept visit, in order of its day: days of service, charge, claim and answer, and what is allowed.

    `denied` tells whether the first answer is no; `adjudicated` is its day. The self-pay have no claim.
    """
    visits = booked[booked["ApptStatus"] == "kept"]
    size, month = len(visits), visits["month"].to_numpy()
    payer = pd.Index(PAYERS).get_indexer(visits["Payer"])
    price = PRICE / (PRICE @ PAYER_SHARES[clinic.specialty])
    allowed = np.round(level.revenue[month] * price[payer] * rng.lognormal(-0.03, 0.25, size), 2)
    service = visits["at"].to_numpy().astype("datetime64[D]")
    charged = working(service + rng.poisson(habits.charge_lag, size))
    submitted = working(charged + rng.integers(1, 5, size))
    answer = np.round(ANSWERS_IN[payer] * habits.pace * rng.lognormal(0, 0.3, size)).astype(int)
    sent = np.minimum((submitted.astype("datetime64[M]") - MONTHS[0]).astype(int), MONTHS.size - 1)
    clean = rng.random(size) < habits.clean / 100
    chance = habits.denied[sent] / 100
    denied = (rng.random(size) < chance * np.where(clean, 0.9, 2.3)) & (payer < PAYERS.index("Self-pay"))
    reason = rng.choice(REASONS, size, p=REASON_SHARES)
    reason = np.where(rng.random(size) < habits.more_denied[sent] / 100 / chance, AUTHORISATION, reason)
    rows = visits[["PatientMRN", "Site", "Payer"]].reset_index(drop=True)
    return rows.assign(
        claim=claim_numbers(submitted, payer),
        payer=payer,
        service=service,
        charged=charged,
        submitted=submitted,
        clean=clean,
        adjudicated=working(submitted + answer),
        denied=denied,
        reason=np.where(denied, reason, ""),
        charge=np.round(allowed / ALLOWED[payer], 2),
        allowed=allowed,
    )


def claim_numbers(submitted: np.ndarray, payer: np.ndarray) -> pd.Series:
    """Numbers in the order of submission; blank for the self-pay."""
    number = np.empty(submitted.size, int)
    number[np.argsort(submitted, kind="stable")] = np.arange(5_000, 5_000 + submitted.size)
    return numbered("C", number, 6).where(payer < PAYERS.index("Self-pay"), "")


def claims(bills: pd.DataFrame, as_of: np.datetime64) -> pd.DataFrame:
    """The columns of the claims export as it was on the day `as_of`: later answers are not yet known."""
    sent = bills[(bills["claim"] != "") & (bills["service"] >= SINCE) & (bills["submitted"] <= as_of)]
    sent = sent.sort_values("claim", ignore_index=True)
    answered = np.where(sent["adjudicated"] <= as_of, sent["adjudicated"].to_numpy(), np.datetime64("NaT"))
    denied = sent["denied"].to_numpy() & ~np.isnat(answered)
    return pd.DataFrame(
        {
            "ClaimNo": sent["claim"],
            "PatientMRN": sent["PatientMRN"],
            "Site": sent["Site"],
            "Payer": sent["Payer"],
            "DOS": stamps(sent["service"].to_numpy(), 10),
            "Submitted": stamps(sent["submitted"].to_numpy(), 10),
            "Clean": np.where(sent["clean"], "Y", "N"),
            "Adjudicated": stamps(answered, 10),
            "Denied": stamps(np.where(denied, answered, np.datetime64("NaT")), 10),
            "Reason": sent["reason"].where(denied, ""),
            "Charge": sent["charge"],
        }
    )


def working(days: np.ndarray) -> np.ndarray:
    """Each day, or the next on which the office is open."""
    return np.busday_offset(days.astype("datetime64[D]"), 0, roll="forward", holidays=CLOSED)
