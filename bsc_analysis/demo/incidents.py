"""The registers of one practice about its patients: complaints, safety events, transfers of records."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.appointments import open_days
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.levels import Levels
from bsc_analysis.demo.planted import link
from bsc_analysis.demo.texts import numbered

SINCE = np.datetime64("2024-10")  # the month in which the group began to keep its registers
COMPLAINTS, EVENTS = 2.5, 3.0  # per 1,000 kept visits
LEAVING, MOVED = 12.0, 3.0  # by choice, where ratings are as usual; and those who moved or died
NOTHING_HAPPENED = "lakeside"  # keeps a register of safety events, and has none to report
TOPICS = ["waiting", "billing", "phone", "staff manner", "result not told"]
SAFETY = ["medication", "identity", "test result", "fall", "vaccine"]


def days_of(counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """So many open days of each of MONTHS, in order."""
    some = [np.sort(rng.choice(open_days(m), n)) for m, n in zip(MONTHS, counts, strict=True)]
    return np.concatenate(some).astype("datetime64[D]")


def later(days: np.ndarray, mean: float, share: float, last: np.datetime64, rng: np.random.Generator) -> np.ndarray:
    """For a `share` of the days one some days later, as text; blank for the others and for what lies after `last`."""
    then = days + np.ceil(rng.exponential(mean, days.size)).astype(int)
    return np.where((rng.random(days.size) < share) & (then <= last), then.astype(str), "")


def patients(clinic: Clinic, size: int, rng: np.random.Generator) -> pd.Series:
    """As many of the practice's patients."""
    return numbered("M", rng.integers(0, 3 * clinic.visits, size), 6)


def complaints(clinic: Clinic, kept: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """One row per complaint; most are acknowledged within the week."""
    day = days_of(rng.poisson(COMPLAINTS * kept / 1000 * (MONTHS >= SINCE)), rng)
    return pd.DataFrame(
        {
            "complaint_id": numbered("C", np.arange(1, day.size + 1), 4),
            "patient_id": patients(clinic, day.size, rng).where(rng.random(day.size) < 0.9, ""),
            "received_at": day,
            "acknowledged_at": later(day, 3.0, 0.95, clinic.last_day, rng),
            "closed_at": later(day, 25.0, 0.9, clinic.last_day, rng),
            "topic": rng.choice(TOPICS, day.size),
        }
    )


def safety_events(clinic: Clinic, kept: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """One row per event or near miss."""
    rate = 0 if clinic.id == NOTHING_HAPPENED else EVENTS
    day = days_of(rng.poisson(rate * kept / 1000 * (MONTHS >= SINCE)), rng)
    near = rng.random(day.size) < 0.7
    return pd.DataFrame(
        {
            "event_id": numbered("S", np.arange(1, day.size + 1), 4),
            "occurred_at": day,
            "kind": np.where(near, "near_miss", "event"),
            "reached_patient": np.where(near | (rng.random(day.size) < 0.4), "no", "yes"),
            "topic": rng.choice(SAFETY, day.size),
        }
    )


def transfers_out(clinic: Clinic, level: Levels, kept: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """One row per patient whose records go elsewhere: the better the ratings two months ago, the fewer by choice."""
    planted = link("provider_rating", "voluntary_leaving")
    rating = np.concatenate([np.zeros(planted.lag), (level.provider_rating - clinic.provider_rating)[: -planted.lag]])
    chosen = rng.poisson(np.maximum(LEAVING + planted.effect * rating, 0.5) * kept / 1000)
    day = days_of(chosen, rng)
    away = days_of(rng.poisson(MOVED * kept / 1000), rng)
    reason = [
        *rng.choice(["dissatisfied", "insurance", "other", ""], day.size),
        *rng.choice(["moved", "died"], away.size),
    ]
    rows = pd.DataFrame({"requested_at": [*day, *away], "reason": reason})
    rows = rows.sort_values("requested_at", kind="stable", ignore_index=True)
    rows.insert(0, "transfer_id", numbered("T", np.arange(1, len(rows) + 1), 4))
    rows.insert(1, "patient_id", patients(clinic, len(rows), rng))
    return rows
