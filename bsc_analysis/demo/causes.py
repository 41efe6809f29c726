"""What leads levels that are drawn already: a series is drawn to their shocks so that it is one of their causes.

A level's shock is `effect` times the series `lag` months before, and a rest that is independent of it, as if the series
had come first. So a cause may be added and no level, and no export made of levels, changes.
"""

from __future__ import annotations

import numpy as np

from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.levels import ENGAGED, MISSED, Levels
from bsc_analysis.demo.planted import PlantedLink, link

LED, REACHED = (58.0, 76.0), (74.0, 84.0)  # %: of reviews that decide, and of reminders that reach, by practice
LED_SD, REACHED_SD = 18.0, 6.0
REMINDER_CALLS = ("harbor_heart", "2026-01", -47.0)  # ended; a month later 4 in a hundred more do not come


def cause_of(shocks: np.ndarray, shock_sd: float, planted: PlantedLink, sd: float, rng: np.random.Generator):
    """A series over MONTHS around 0 with this SD, of which the `shocks` are an effect as planted.

    Raises ValueError where the effect is more than all of the shocks.
    """
    share = planted.effect * sd / shock_sd  # its correlation with the shocks that follow from it
    if abs(share) >= 1:
        raise ValueError(f"{planted.leading} cannot explain more than all of {planted.lagging}")
    own = rng.normal(size=MONTHS.size)
    ahead = shocks[planted.lag :] / shock_sd
    explained = share * ahead + np.sqrt(1 - share**2) * own[: ahead.size]
    return sd * np.concatenate([explained, own[ahead.size :]])


def leadership(level: Levels, rng: np.random.Generator) -> np.ndarray:
    """% of reviews in each of MONTHS that are held and decide something."""
    planted = link("leadership_engagement", "engagement")
    sd = ENGAGED[1] * np.sqrt(1 - ENGAGED[0] ** 2)
    return np.clip(rng.uniform(*LED) + cause_of(level.engagement_shocks, sd, planted, LED_SD, rng), 0, 100)


def reach(clinic: Clinic, level: Levels, rng: np.random.Generator) -> np.ndarray:
    """% of reminders in each of MONTHS that reach."""
    planted = link("reminder_reach", "no_show_rate")
    sd = MISSED[1] * np.sqrt(1 - MISSED[0] ** 2)
    share = rng.uniform(*REACHED) + cause_of(level.no_show_shocks, sd, planted, REACHED_SD, rng)
    practice, since, step = REMINDER_CALLS
    if clinic.id == practice:
        share += step * (np.datetime64(since, "M") <= MONTHS)
    return np.clip(share, 5, 99)
