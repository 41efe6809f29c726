"""What the staff say: ideas, concerns, and how far they are behind a phone agent before and after it goes live."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.acts import agent_of
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.incidents import SINCE, days_of, later
from bsc_analysis.demo.texts import numbered

ROLES = {"provider": 0.2, "nurse": 0.3, "admin": 0.35, "billing": 0.1, "IT": 0.05}
IDEAS, CONCERNS = 0.05, 0.03  # of one member of the staff in a month
THOUGHTS = ["a checklist for rooming", "labels on the drawers", "one form instead of three", "a list of who knows what"]
ANSWERS = {  # what was said, and what was done
    "nobody answers the phone at noon": "A second line is staffed from twelve to one.",
    "the rota comes too late to plan by": "It hangs out four weeks ahead from now on.",
    "supplies run out by Thursday": "They are ordered twice a week.",
    "the new software logs us out": "The time was set to thirty minutes.",
    "the break room is a store room": "Not this year; the space is let from next spring.",
}
ITEMS = ("buy_in_clear", "buy_in_useful", "buy_in_able", "buy_in_heard", "buy_in")  # the last sums up
WAVES = (-1, 3)  # months from the go-live
FEELING = {"provider": 3.5, "nurse": 3.3, "admin": 2.9, "billing": 3.2, "IT": 3.9}  # of 1–5, a month before it
SHIFT = {True: 0.7, False: -0.5}  # until three months after it: those who took part before, and those who did not
ANSWER = ["survey", "respondent_id", "question", "answered_at", "answer", "role"]
PERSON, ITEM = 0.8, 0.6  # SD between persons, and of one person's items


def roles(size: int, rng: np.random.Generator) -> np.ndarray:
    """As many roles."""
    return rng.choice(list(ROLES), size, p=list(ROLES.values()))


def quotas(size: int) -> np.ndarray:
    """As many roles, each as often as its share."""
    return np.array(list(ROLES))[np.searchsorted(np.cumsum(list(ROLES.values())), (np.arange(size) + 0.5) / size)]


def ideas(clinic: Clinic, rng: np.random.Generator) -> pd.DataFrame:
    """One row per idea."""
    day = days_of(rng.poisson(IDEAS * clinic.staff * (clinic.open & (MONTHS >= SINCE))), rng)
    decided = later(day, 18.0, 0.9, clinic.last_day, rng)
    decision = np.where(
        decided == "", "", rng.choice(["adopted", "declined", "postponed"], day.size, p=[0.5, 0.3, 0.2])
    )
    since = np.where(decision == "adopted", decided, "NaT").astype("datetime64[D]")
    done = since + rng.integers(5, 120, day.size)
    return pd.DataFrame(
        {
            "idea_id": numbered("I", np.arange(1, day.size + 1), 4),
            "received_at": day,
            "by_role": np.where(rng.random(day.size) < 0.85, roles(day.size, rng), ""),
            "topic": rng.choice(THOUGHTS, day.size),
            "decided_at": decided,
            "decision": decision,
            "implemented_at": np.where(~np.isnat(done) & (done <= clinic.last_day), done.astype(str), ""),
        }
    )


def concerns(clinic: Clinic, rng: np.random.Generator) -> pd.DataFrame:
    """One row per concern, with the answer where there is one."""
    day = days_of(rng.poisson(CONCERNS * clinic.staff * (clinic.open & (MONTHS >= SINCE))), rng)
    said, answered = rng.choice(list(ANSWERS), day.size), later(day, 15.0, 0.85, clinic.last_day, rng)
    return pd.DataFrame(
        {
            "concern_id": numbered("N", np.arange(1, day.size + 1), 4),
            "raised_at": day,
            "by_role": np.where(rng.random(day.size) < 0.7, roles(day.size, rng), ""),
            "topic": said,
            "answered_at": answered,
            "answer": ["" if when == "" else ANSWERS[what] for what, when in zip(said, answered, strict=True)],
        }
    )


def buy_in(clinic: Clinic, pulse: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row per answer to ITEMS: a month before and three after the phone agent goes live, those who answer that
    month's `pulse` (the survey's export) are asked about it too. No rows where there is none."""
    agent, parts = agent_of(clinic.id), []
    if agent is None:
        return pd.DataFrame(columns=ANSWER)
    asked = pulse[(pulse["Survey"] == "staff") & (pulse["Question"] == "engagement")]
    for wave in WAVES:
        month = str(np.datetime64(agent.since, "M") + wave)
        there = asked[asked["AnsweredOn"].astype(str).str[:7] == month]
        role = rng.permutation(quotas(len(there)))
        level = np.array([FEELING[r] for r in role]) + (SHIFT[agent.involved] if wave > 0 else 0)
        feels = level + PERSON * rng.normal(size=len(there))
        for item in ITEMS:
            answer = np.clip(np.round(feels + ITEM * rng.normal(size=len(there))), 1, 5).astype(int)
            parts.append(
                pd.DataFrame(
                    {
                        "survey": "staff",
                        "respondent_id": there["Respondent"].to_numpy(),
                        "question": item,
                        "answered_at": there["AnsweredOn"].to_numpy(),
                        "answer": answer,
                        "role": role,
                    }
                )
            )
    return pd.concat(parts)[ANSWER]
