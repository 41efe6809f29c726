"""The appointment list of a practice's EHR, drawn from the practice's monthly levels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.clinics import LAST_DAY, MONTHS, Clinic
from bsc_analysis.demo.levels import Levels
from bsc_analysis.demo.planted import MERGERS
from bsc_analysis.demo.texts import numbered, stamps

CLOSED = [f"{year}-{day}" for year in range(2023, 2027) for day in ("01-01", "07-04", "12-25")]
SLOTS = np.r_[8 * 60 : 12 * 60 : 10, 13 * 60 : 17 * 60 : 10]  # minutes of the day at which visits are booked
WAIT_SPREAD = 0.5  # SD of the log of one visit's wait: nine of ten then wait less than 1.9 medians
STAMP_LOST = 0.03  # share of kept visits that lack the check-in or the rooming
BOOKED_AHEAD = {"family medicine": 11, "cardiology": 24}  # days, on average
PATIENTS_PER_VISIT = 3.0  # known patients for each visit of a full month
TYPES = {
    "family medicine": ["Office visit", "Follow-up", "Physical", "Vaccination"],
    "cardiology": ["Office visit", "Follow-up", "Echo", "Stress test"],
}
PAYERS = ["Commercial", "Medicare", "Medicaid", "Self-pay"]
PAYER_SHARES = {"family medicine": [0.52, 0.25, 0.17, 0.06], "cardiology": [0.36, 0.52, 0.09, 0.03]}


def open_days(month: np.datetime64) -> np.ndarray:
    """The days of a month on which practices are open: Monday to Friday, three holidays left out."""
    days = np.arange(month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]"))
    return days[np.is_busday(days, holidays=CLOSED)]


def bookings(clinic: Clinic, level: Levels, rng: np.random.Generator) -> pd.DataFrame:
    """One row per booking in order of its time: `month` (index into MONTHS, one beyond), `at`, `ApptStatus`.

    No-shows come on top of the visits kept, never out of them: the practices overbook.
    """
    kept = np.round(level.visits).astype(int)
    kept[~clinic.open] = 0
    missed = rng.poisson(kept * level.no_show / (100 - level.no_show))
    cancelled, late = rng.poisson(kept * 0.06), rng.poisson(kept * 0.025)
    ahead = np.r_[np.zeros(MONTHS.size, int), rng.integers(20, 41) * clinic.open[-1]]  # in the month after the last
    counts = {"kept": kept, "no_show": missed, "late_cancel": late, "cancelled": cancelled, "booked": ahead}
    month = np.concatenate([np.repeat(np.arange(n.size), n) for n in counts.values()])
    status = np.repeat(list(counts), [n.sum() for n in counts.values()])

    calendar = [open_days(m) for m in np.append(MONTHS, MONTHS[-1] + 1)]
    first = np.cumsum([0, *map(len, calendar)])[:-1]
    length = np.array([len(days) for days in calendar])
    day = np.concatenate(calendar)[first[month] + (rng.random(month.size) * length[month]).astype(int)]
    at = day.astype("datetime64[s]") + 60 * rng.choice(SLOTS, month.size)
    rows = pd.DataFrame({"month": month, "at": at, "ApptStatus": status})
    return rows.sort_values("at", kind="stable", ignore_index=True)


def waits(at: np.ndarray, median: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Check-in and rooming of visits at these times; the wait begins with the later of check-in and `at`."""
    early = np.clip(np.round(rng.normal(7, 8, at.size)), -25, 45)
    checked_in = at - 60 * early.astype(int)
    wait = np.clip(median * np.exp(rng.normal(0, WAIT_SPREAD, at.size)), 1, 180)
    roomed = np.maximum(at, checked_in) + 60 * np.round(wait).astype(int)
    lost = np.where(rng.random(at.size) < STAMP_LOST, rng.integers(1, 3, at.size), 0)
    never = np.datetime64("NaT")
    return np.where(lost == 1, never, checked_in), np.where(lost == 2, never, roomed)


def sites(clinic: Clinic, grown: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where each booking is; `grown` is the practice's size at its time, 1 before a merger."""
    own = rng.choice(clinic.sites, grown.size)
    joined = [merger.site for merger in MERGERS if merger.practice == clinic.id]
    return np.where(rng.random(grown.size) < 1 - 1 / grown, joined[0], own) if joined else own


def appointments(clinic: Clinic, level: Levels, rng: np.random.Generator) -> pd.DataFrame:
    """The columns of the export, and `at` and `month` (index into MONTHS) for those who build on them."""
    booked = bookings(clinic, level, rng)
    month, at = booked["month"].to_numpy(), booked["at"].to_numpy()
    kept, size = booked["ApptStatus"].to_numpy() == "kept", len(booked)

    ahead = rng.exponential(BOOKED_AHEAD[clinic.specialty], size).astype(int)
    booked_on = np.minimum(at.astype("datetime64[D]") - ahead, LAST_DAY)
    visit = np.empty(size, int)
    visit[np.argsort(booked_on, kind="stable")] = np.arange(12_000, 12_000 + size)  # in the order of booking
    last = MONTHS.size - 1  # the levels of the last month go on
    checked_in, roomed = waits(at, level.wait[np.minimum(month, last)], rng)
    new = rng.random(size) < level.new_patients[np.minimum(month, last)] / 100
    known = np.round(PATIENTS_PER_VISIT * clinic.visits * level.size[np.minimum(month, last)]).astype(int)
    known += np.cumsum(new)  # a new patient gets the next number
    patient = np.where(new, known, (rng.random(size) * known).astype(int))
    kind = rng.choice(TYPES[clinic.specialty], size, p=[0.5, 0.3, 0.15, 0.05])
    export = {
        "ApptID": numbered("", visit, 8),
        "PatientMRN": numbered("M", patient, 6),
        "Site": sites(clinic, level.size[np.minimum(month, last)], rng),
        "Team": rng.choice(["Team Blue", "Team Green", "Team Amber"], size),
        "Payer": rng.choice(PAYERS, size, p=PAYER_SHARES[clinic.specialty]),
        "Type": np.where(new, "New patient", kind),
        "NewPt": np.where(new, "Y", "N"),
        "BookedOn": booked_on,
        "ApptTime": stamps(at),
        "CheckInTime": stamps(np.where(kept, checked_in, np.datetime64("NaT"))),
        "RoomedTime": stamps(np.where(kept, roomed, np.datetime64("NaT"))),
    }
    return pd.DataFrame(export).join(booked[["ApptStatus", "at", "month"]])
