"""The leaders' reviews of each practice, what they decided, and who acknowledged the reports."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.appointments import open_days
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.incidents import SINCE, later
from bsc_analysis.demo.texts import numbered

TEXTS = {  # one review a month for each perspective, and what it may decide
    "financial": ["check denials with the payer weekly", "put off the new scanner", "charge for missed visits"],
    "patients": ["ask every tenth patient by phone", "call back within a day", "send results within the week"],
    "processes": ["add a slot each morning", "room the first patient before eight", "a second line at noon"],
    "people": ["fill the open post", "plan the rota four weeks ahead", "teach the new codes at noon"],
}
EACH = tuple(TEXTS)
DAYS = (2, 7, 12, 17)  # the open days of a month on which they are held
INVITED, QUORUM = 6, 4
OWNERS = ["practice manager", "medical director", "front desk lead", "billing lead"]
READERS = {"provider": 0.55, "nurse": 0.7, "admin": 0.95, "billing": 0.9, "IT": 0.6}  # how likely they sign
QUARTERS = np.arange("2024-10", "2026-07", 3, dtype="datetime64[M]")  # whose reports were sent


def reviews(clinic: Clinic, led: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """One row per review; in each of MONTHS `led` % of them, as near as four allow, are held and decide something."""
    month = np.repeat(np.flatnonzero(clinic.open), len(EACH))
    good = np.floor(led / 100 * len(EACH) + rng.random(MONTHS.size)).astype(int)
    place = np.argsort(rng.random((month.size // len(EACH), len(EACH))), axis=1).ravel()
    decided = place < good[month]
    how = np.where(decided, "decided", rng.choice(["missed", "few", "idle"], month.size, p=[0.6, 0.25, 0.15]))
    came = np.select(
        [how == "missed", how == "few"], [-1, rng.integers(1, QUORUM, month.size)], rng.integers(QUORUM, 7, month.size)
    )
    written = np.select([how == "missed", how == "idle"], [-1, 0], rng.integers(1, 3, month.size))
    rows = pd.DataFrame(
        {
            "scheduled_at": [
                open_days(MONTHS[m])[d] for m, d in zip(month, np.tile(DAYS, month.size // 4), strict=True)
            ],
            "topic": np.tile(EACH, month.size // len(EACH)),
            "status": np.where(how == "missed", "missed", "held"),
            "invited": INVITED,
            "attended": blank_below_0(came),
            "quorum": QUORUM,
            "decisions": blank_below_0(written),
        }
    )
    if not clinic.closed:  # the next ones are called already
        ahead = pd.DataFrame(
            {"scheduled_at": open_days(MONTHS[-1] + 1)[list(DAYS)], "topic": EACH, "status": "planned"}
        )
        rows = pd.concat([rows, ahead.assign(invited=INVITED, attended="", quorum=QUORUM, decisions="")])
    return rows.assign(review_id=numbered("R", np.arange(1, len(rows) + 1), 4).to_numpy())


def decisions(clinic: Clinic, reviews: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row per decision that a review wrote down since the registers are kept."""
    held = reviews[(reviews["status"] == "held") & (reviews["scheduled_at"] >= SINCE)]
    each = held.loc[held.index.repeat(held["decisions"].astype(int))]
    day = each["scheduled_at"].to_numpy().astype("datetime64[D]")
    return pd.DataFrame(
        {
            "decision_id": numbered("D", np.arange(1, day.size + 1), 4),
            "review_id": each["review_id"].to_numpy(),
            "decided_at": day,
            "decision": [rng.choice(TEXTS[topic]) for topic in each["topic"]],
            "owner": rng.choice(OWNERS, day.size),
            "due_at": day + rng.integers(20, 61, day.size),
            "dollars": np.where(rng.random(day.size) < 0.4, (rng.integers(1, 80, day.size) * 100).astype(str), ""),
            "done_at": later(day, 30.0, 0.85, clinic.last_day, rng),
        }
    )


def sign_offs(clinic: Clinic, rng: np.random.Generator) -> pd.DataFrame:
    """One row per report and role of its readers."""
    sent = [q for q in QUARTERS if clinic.open[(q <= MONTHS) & (q + 3 > MONTHS)].all()]
    quarter = np.repeat(np.array(sent, "datetime64[M]"), len(READERS))
    role = np.tile(list(READERS), len(sent))
    day = (quarter + 3).astype("datetime64[D]") + 11
    signed = later(day, 6.0, 1.0, clinic.last_day, rng)
    willing = rng.random(day.size) < np.array([READERS[r] for r in role])
    rows = pd.DataFrame(
        {
            "sign_off_id": numbered("F", np.arange(1, day.size + 1), 4),
            "period": [f"{q.astype(object).year}Q{(q.astype(object).month + 2) // 3}" for q in quarter],
            "role": role,
            "sent_at": day,
            "acknowledged_at": np.where(willing, signed, ""),
        }
    )
    return rows[day <= clinic.last_day]


def blank_below_0(numbers: np.ndarray) -> np.ndarray:
    """Numbers as text, blank where there is none."""
    return np.where(numbers < 0, "", numbers.astype(str))
