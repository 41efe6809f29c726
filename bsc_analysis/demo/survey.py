"""The survey tool's export: patients after visits, staff in the monthly pulse."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.levels import Levels
from bsc_analysis.demo.texts import numbered

TEMPER = 0.93  # how much of a staff member's mood stays from month to month, as a correlation


def survey(clinic: Clinic, level: Levels, booked: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row per answer: patients after kept visits, staff in the pulse; ids are tokens, never reused."""
    answers = pd.concat([patient_answers(clinic, level, booked, rng), staff_answers(clinic, level, rng)])
    token = pd.factorize(pd.MultiIndex.from_frame(answers[["Survey", "Respondent"]]))[0]
    answers["Respondent"] = numbered("R", rng.permutation(900_000)[token] + 100_000, 6).to_numpy()
    return answers.sort_values(["AnsweredOn", "Survey", "Respondent", "Question"], kind="stable")


def patient_answers(clinic: Clinic, level: Levels, booked: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The rating 0–10 by some of those who came, given within five days and in the month of the visit."""
    asked = booked[booked["ApptStatus"] == "kept"]
    visits = asked[rng.random(len(asked)) < level.answering[asked["month"]]]
    month, size = visits["month"].to_numpy(), len(visits)
    day = visits["at"].to_numpy().astype("datetime64[D]") + rng.integers(0, 6, size)
    month_end = (MONTHS[month] + 1).astype("datetime64[D]") - 1
    top = rng.random(size) < level.provider_rating[month] / 100
    low = rng.choice([8, 7, 6, 5, 4, 3, 2, 1, 0], size, p=[0.46, 0.24, 0.11, 0.09, 0.04, 0.02, 0.02, 0.01, 0.01])
    return pd.DataFrame(
        {
            "Survey": "patient",
            "Respondent": np.arange(size),
            "Question": "provider_rating",
            "AnsweredOn": np.minimum(day, month_end),
            "Score": np.where(top, rng.choice([9, 10], size, p=[0.38, 0.62]), low),
        }
    )


def staff_answers(clinic: Clinic, level: Levels, rng: np.random.Generator) -> pd.DataFrame:
    """Engagement and burnout (1–5) of about 70 % of the staff each month.

    The same people work here all along: everybody's own temper stays, and only the rest is drawn anew.
    """
    shape = (MONTHS.size, clinic.staff)
    present = (rng.random(shape) < 0.7) & clinic.open[:, None]
    month = np.nonzero(present)[0]
    day = (MONTHS[month].astype("datetime64[D]") + 14) + rng.integers(0, 10, month.size)

    def share(percent: np.ndarray) -> np.ndarray:
        temper = rng.permutation(ndtri((np.arange(clinic.staff) + 0.5) / clinic.staff))
        mood = TEMPER * temper + np.sqrt(1 - TEMPER**2) * rng.normal(size=shape)
        return (mood < ndtri(percent / 100)[:, None])[present]

    high = share(level.engagement)
    engaged = np.where(high, rng.choice([4, 5], month.size, p=[0.6, 0.4]), rng.choice([1, 2, 3], month.size))
    high = share(level.burnout)
    burned = np.where(high, rng.choice([3, 4, 5], month.size, p=[0.6, 0.3, 0.1]), rng.choice([1, 2], month.size))
    both = {"engagement": engaged, "burnout": burned}
    rows = [
        pd.DataFrame(
            {
                "Survey": "staff",
                "Respondent": np.arange(month.size),
                "Question": question,
                "AnsweredOn": day,
                "Score": score,
            }
        )
        for question, score in both.items()
    ]
    return pd.concat(rows)
