"""Those who work in a practice: the roster of its personnel system, and the trainings that they completed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.appointments import CLOSED
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.levels import Levels
from bsc_analysis.demo.texts import numbered, stamps

ROLES = {"Physician": 0.2, "Nurse": 0.35, "Front desk": 0.3, "Billing": 0.15}
LEAVING = {"Resigned": 0.72, "Dismissed": 0.1, "Retired": 0.1, "Moved within group": 0.08}
SERVED = 1_500  # days, on average, of those who were there at the start
COURSES = {
    "Privacy refresher": 1.0,
    "Fire safety": 1.5,
    "Phone courtesy": 2.0,
    "Difficult talks": 3.0,
    "Coding update": 4.0,
    "Basic life support": 4.0,
}
COURSES_A_DAY = 0.6 / 30.4  # of one person


def posts(clinic: Clinic, level: Levels, rng: np.random.Generator) -> pd.DataFrame:
    """One row per employment: `hired`, `left` (NaT where not), `closing` where it ended with the practice.

    A post that falls vacant is filled after one to three months; those of a site that joins begin with it.
    """
    start = max(MONTHS[0], np.datetime64(clinic.opened, "M")).astype("datetime64[D]")
    leave_a_day = rng.uniform(0.16, 0.34) / 365.25
    rows = []
    for post in range(round(clinic.staff * level.size[-1])):
        joined = MONTHS[np.argmax(level.size > 1)].astype("datetime64[D]")
        begun = start if post < clinic.staff else joined
        served = int(rng.exponential(SERVED)) if clinic.open[0] else int(rng.integers(0, 45))
        hired = max(begun - served * (post < clinic.staff), np.datetime64(clinic.opened, "D"))
        while hired <= clinic.last_day:
            left = max(begun, hired) + int(rng.exponential(1 / leave_a_day)) + 20
            rows.append((hired, left if left <= clinic.last_day else np.datetime64("NaT")))
            begun = hired = left + int(rng.integers(30, 95))
    frame = pd.DataFrame(rows, columns=["hired", "left"]).astype("datetime64[s]")
    frame["closing"] = frame["left"].isna() & bool(clinic.closed)
    frame["left"] = frame["left"].mask(frame["closing"], clinic.last_day)
    order = rng.permutation(len(frame))
    frame["StaffID"] = numbered("E", 1_000 + order, 5)
    return frame


def roster(posts: pd.DataFrame, clinic: Clinic, rng: np.random.Generator) -> pd.DataFrame:
    """The columns of the roster as the personnel system gave it on the practice's last day."""
    size = len(posts)
    reason = rng.choice(list(LEAVING), size, p=list(LEAVING.values()))
    reason = np.where(posts["closing"], "Dismissed", reason)
    return pd.DataFrame(
        {
            "StaffID": posts["StaffID"],
            "Role": rng.choice(list(ROLES), size, p=list(ROLES.values())),
            "Team": rng.choice(["Team Blue", "Team Green", "Team Amber"], size),
            "FTE": rng.choice([1.0, 0.8, 0.5], size, p=[0.7, 0.2, 0.1]),
            "HiredOn": stamps(posts["hired"].to_numpy(), 10),
            "LeftOn": stamps(posts["left"].to_numpy(), 10),
            "Leaving": np.where(posts["left"].notna(), reason, ""),
            "AsOf": str(clinic.last_day),
        }
    ).sort_values("StaffID")


def trainings(posts: pd.DataFrame, clinic: Clinic, rng: np.random.Generator) -> pd.DataFrame:
    """One row per training that somebody completed while employed, from the first of MONTHS on."""
    begun = posts["hired"].to_numpy().astype("datetime64[D]")
    begun = np.maximum(begun, MONTHS[0].astype("datetime64[D]"))
    days = (posts["left"].fillna(clinic.last_day).to_numpy().astype("datetime64[D]") - begun).astype(int)
    taken = rng.poisson(COURSES_A_DAY * days)
    who = np.repeat(np.arange(len(posts)), taken)
    day = begun[who] + (rng.random(who.size) * days[who]).astype(int)
    day = np.busday_offset(day, 0, roll="backward", holidays=CLOSED)
    course = rng.choice(list(COURSES), who.size)
    rows = pd.DataFrame(
        {
            "StaffID": posts["StaffID"].to_numpy()[who],
            "Course": course,
            "CompletedOn": stamps(day, 10),
            "Hours": [COURSES[name] for name in course],
        }
    )
    rows = rows[day >= begun[who]].drop_duplicates(["StaffID", "Course", "CompletedOn"])
    return rows.sort_values(["CompletedOn", "StaffID"], kind="stable")
