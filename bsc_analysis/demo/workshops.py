"""Workshops for a whole practice, as its training platform lists them: coding, and the phone agent as a tool."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.acts import agent_of
from bsc_analysis.demo.appointments import open_days
from bsc_analysis.demo.clinics import MONTHS, Clinic

SINCE = np.datetime64("2024-08")
HELD = 0.4  # of the months
HOURS = (2.0, 4.0)
CODING, TOOL, TOOL_HOURS = "Coding workshop", "Phone agent", 1.5
TOOL_GAIN = 2.0  # points of confidence that the tool's training brings, on average
COLUMNS = ["staff_id", "course", "completed_at", "hours", "tool", "confidence_before", "confidence_after"]


def workshops(posts: pd.DataFrame, clinic: Clinic, rng: np.random.Generator) -> pd.DataFrame:
    """One row per person and workshop, by day; four of five of those employed that day come."""
    rows = []
    for month in MONTHS[clinic.open & (MONTHS >= SINCE)]:
        day = rng.choice(open_days(month))
        hours = rng.choice(HOURS)
        if rng.random() < HELD:
            rows.append(attended(posts, day, CODING, hours, rng))
    agent = agent_of(clinic.id)
    if agent is not None:
        day = open_days(np.datetime64(agent.since, "M") - 1)[-5]
        rows.append(with_confidence(attended(posts, day, f"{TOOL} training", TOOL_HOURS, rng).assign(tool=TOOL), rng))
    whole = pd.concat(rows).reindex(columns=COLUMNS).sort_values(["completed_at", "staff_id"], kind="stable")
    return whole.astype({"confidence_before": "Int64", "confidence_after": "Int64"})  # whole numbers, or blank


def attended(posts: pd.DataFrame, day: np.datetime64, course: str, hours: float, rng: np.random.Generator):
    """Those who were there: the platform's columns."""
    there = employed(posts, day) & (rng.random(len(posts)) < 0.8)
    ids = posts["StaffID"].to_numpy()[there]
    return pd.DataFrame({"staff_id": ids, "course": course, "completed_at": str(day), "hours": hours})


def with_confidence(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Confidence in the tool before and after, from 0 to 10."""
    before = np.clip(np.round(rng.normal(4.5, 1.8, len(rows))), 0, 10)
    after = np.clip(np.round(before + rng.normal(TOOL_GAIN, 1.2, len(rows))), 0, 10)
    return rows.assign(confidence_before=before.astype(int), confidence_after=after.astype(int))


def employed(posts: pd.DataFrame, day: np.datetime64) -> np.ndarray:
    """Whether each employment holds on this day."""
    hired, left = posts["hired"].to_numpy(), posts["left"].to_numpy()
    return (hired <= day) & ~(left < day)


def hours_per_fte(workshops: pd.DataFrame, posts: pd.DataFrame, roster: pd.DataFrame) -> np.ndarray:
    """Hours of coding workshops in each of MONTHS over the full-time equivalents employed in its middle."""
    fte = roster.set_index("StaffID")["FTE"].reindex(posts["StaffID"]).to_numpy()
    middle = MONTHS.astype("datetime64[D]") + 14
    there = np.array([fte[employed(posts, day)].sum() for day in middle])
    coding = workshops[workshops["course"] == CODING]
    month = (coding["completed_at"].to_numpy().astype("datetime64[M]") - MONTHS[0]).astype(int)
    hours = np.bincount(month, coding["hours"], MONTHS.size)
    return np.where(there > 0, hours / np.maximum(there, 1), 0.0)
