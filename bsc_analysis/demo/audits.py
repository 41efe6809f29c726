"""The coding audits of a practice: a few dozen claims a month that somebody else looks at again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.acts import ACTS, live
from bsc_analysis.demo.appointments import open_days
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.planted import NEEDS, STRENGTHENED, link
from bsc_analysis.demo.texts import numbered, stamps

SINCE = np.datetime64("2024-10")
UNTRAINED, LEAST_WRONG = 0.05, 0.004  # share of claims with an error: more without trainings, and the fewest ever


def accuracy(clinic: Clinic, hours: np.ndarray, led: np.ndarray) -> np.ndarray:
    """By how many points trainings and acts move the accuracy of each of MONTHS.

    `hours`: of training per full-time equivalent; `led`: leadership engagement, which strengthens what they bring.
    """
    planted = link("training_hours", "billing_accuracy")
    usual = led[clinic.open].mean()
    brought = hours * (planted.effect + STRENGTHENED.change * (led - usual))
    gained = np.concatenate([np.zeros(planted.lag), brought[: -planted.lag]])
    for act in ACTS:
        if (act.practice, act.kpi) == (clinic.id, planted.lagging):
            gained += act.effect * live(act)
    return gained


def audits(clinic: Clinic, gained: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """One row per claim looked at, in order of its day; 8–13 % have an error where nobody is trained, each practice at
    its own level, and `gained` points fewer in each of MONTHS. A team with a training need has more than its part."""
    level = UNTRAINED + rng.uniform(0.03, 0.08) - gained / 100
    looked_at = rng.integers(30, 61, MONTHS.size) * (clinic.open & (MONTHS >= SINCE))
    day = np.concatenate([np.sort(rng.choice(open_days(m), n)) for m, n in zip(MONTHS, looked_at, strict=True)])
    month = (day.astype("datetime64[M]") - MONTHS[0]).astype(int)
    team = rng.choice(["Team Blue", "Team Green", "Team Amber"], day.size)
    wrong = rng.random(day.size) < np.maximum(level, LEAST_WRONG)[month]
    for need in NEEDS:
        if (need.practice, need.pattern) == (clinic.id, "billing_errors"):
            team = np.where(wrong & (rng.random(day.size) < need.share), need.team, team)
    return pd.DataFrame(
        {
            "AuditID": numbered("A", np.arange(1, day.size + 1), 5),
            "AuditedOn": stamps(day, 10),
            "Team": team,
            "Error": np.where(wrong, "Y", "N"),
        }
    )
