"""The latent monthly levels of one practice: what its KPIs would read if there were no chance in counting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.planted import DRIFTS, MERGERS, STORIES, TOGETHER, link

EARLIER = 8  # months simulated before the first one kept, so that every lag has a past
SPAN = np.arange(MONTHS[0] - EARLIER, MONTHS[-1] + 1)
SHARED_SD = {"visits": 0.02, "wait": 0.4, "no_show": 0.25}  # of shocks that hit the whole group in one month
ENGAGED, MISSED = (0.5, 7.0), (0.5, 0.7)  # memory and SD of engagement and no-shows around their base
# Per specialty: the month (1–12) of the year's peak and the swing to either side of the mean.
SEASON = {
    "family medicine": {"visits": (1, 0.06), "wait": (1, 0.8), "no_show": (7, 0.5), "new_patients": (9, 0.5)},
    "cardiology": {"visits": (3, 0.05), "wait": (4, 0.6), "no_show": (2, 0.4), "new_patients": (11, 0.4)},
}


@dataclass(frozen=True)
class Levels:
    """One value per month of MONTHS: kept visits, minutes, dollars per kept visit, else %.

    `size` is 1 and more after a merger; `answering` is the share of kept visits after which the survey is answered.
    `engagement_shocks`, `no_show_shocks`: what each month adds to what the months before left (causes.py).
    """

    size: np.ndarray
    visits: np.ndarray
    wait: np.ndarray
    no_show: np.ndarray
    provider_rating: np.ndarray
    new_patients: np.ndarray
    revenue: np.ndarray
    cost_ratio: np.ndarray
    engagement: np.ndarray
    burnout: np.ndarray
    answering: np.ndarray
    engagement_shocks: np.ndarray
    no_show_shocks: np.ndarray


def shared_shocks(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """One small shock per month of SPAN for each of SHARED_SD, the same for all practices."""
    return {name: rng.normal(0, sd, SPAN.size) for name, sd in SHARED_SD.items()}


def autoregressive(rng: np.random.Generator, memory: float, sd: float) -> np.ndarray:
    """A stationary AR(1) series over SPAN with this memory and standard deviation, around 0."""
    shocks = rng.normal(0, sd * np.sqrt(1 - memory**2), SPAN.size)
    shocks[0] /= np.sqrt(1 - memory**2)
    ages = np.subtract.outer(np.arange(SPAN.size), np.arange(SPAN.size))
    return np.where(ages >= 0, memory ** np.abs(ages), 0) @ shocks


def shocks(series: np.ndarray, memory: float) -> np.ndarray:
    """What each of MONTHS adds to `memory` times the month before, of a series over SPAN."""
    return (series[1:] - memory * series[:-1])[EARLIER - 1 :]


def season(clinic: Clinic, series: str) -> np.ndarray:
    """The specialty's yearly swing of a series over SPAN."""
    peak, swing = SEASON[clinic.specialty][series]
    month = SPAN.astype(int) % 12 + 1
    return swing * np.cos(2 * np.pi * (month - peak) / 12)


def story(clinic: Clinic, kpi: str) -> np.ndarray:
    """The steps that STORIES tell of this practice's KPI, over SPAN."""
    told = np.zeros(SPAN.size)
    for step in STORIES:
        if (step.practice, step.kpi) == (clinic.id, kpi):
            told += step.step * (np.datetime64(step.since, "M") <= SPAN)
    return told


def size(clinic: Clinic) -> np.ndarray:
    """How many times as large as at first the practice is, over SPAN: what MERGERS tell of it."""
    grown = np.ones(SPAN.size)
    for merger in MERGERS:
        if merger.practice == clinic.id:
            grown[np.datetime64(merger.at, "M") <= SPAN] *= merger.growth
    return grown


def answering(clinic: Clinic) -> np.ndarray:
    """The share of kept visits after which the survey is answered, over SPAN: steady but for DRIFTS."""
    share = np.full(SPAN.size, clinic.answering)
    for drift in DRIFTS:
        if (drift.practice, drift.kpi) == (clinic.id, "response_rate"):
            ends = np.array([drift.since, drift.until], "datetime64[M]").astype(int)
            share = np.interp(SPAN.astype(int), ends, np.array([drift.begins, drift.ends]) / 100)
    return share


def passed_on(leading: str, lagging: str, deviation: np.ndarray) -> np.ndarray:
    """What a planted link makes of the leading KPI's deviation from its base, over SPAN."""
    planted = link(leading, lagging)
    return planted.effect * np.concatenate([np.zeros(planted.lag), deviation[: -planted.lag]])


def levels(clinic: Clinic, shared: dict[str, np.ndarray], rng: np.random.Generator) -> Levels:
    """The practice's levels over MONTHS, with its season, its stories and the planted links in them."""

    def around(base: float, deviation: np.ndarray, least: float, most: float) -> np.ndarray:
        return np.clip(base + deviation, least, most)[EARLIER:]

    mood = autoregressive(rng, *ENGAGED)
    engagement = mood + story(clinic, "engagement")
    burnout = TOGETHER.effect * engagement + autoregressive(rng, 0.5, 4.5)
    burnout += story(clinic, "burnout") - TOGETHER.effect * story(clinic, "engagement")  # the story counts once
    wait = autoregressive(rng, 0.5, 1.8) + season(clinic, "wait") + shared["wait"]
    wait += story(clinic, "wait_median") + passed_on("engagement", "wait_median", engagement)
    rating = autoregressive(rng, 0.4, 2.8) + passed_on("wait_median", "provider_rating", wait)
    rating += story(clinic, "provider_rating")
    new = autoregressive(rng, 0.4, 0.7) + season(clinic, "new_patients")
    new += passed_on("provider_rating", "new_patient_share", rating)
    missed = autoregressive(rng, *MISSED)
    no_show = missed + season(clinic, "no_show") + shared["no_show"]
    busy = autoregressive(rng, 0.6, 0.04) + season(clinic, "visits") + shared["visits"]
    revenue = clinic.revenue * autoregressive(rng, 0.5, 0.025)
    filling_up = np.clip((SPAN - np.datetime64(clinic.opened, "M")).astype(int) / 12 + 0.5, 0.5, 1)
    return Levels(
        visits=around(0, clinic.visits * np.exp(busy) * filling_up * size(clinic), 0, np.inf),
        wait=around(clinic.wait, wait, 6, 60),
        no_show=around(clinic.no_show, no_show + story(clinic, "no_show_rate"), 1, 40),
        provider_rating=around(clinic.provider_rating, rating, 40, 97),
        new_patients=around(clinic.new_patients, new, 2, 40),
        revenue=around(clinic.revenue, revenue + story(clinic, "net_revenue_per_visit"), 50, np.inf),
        cost_ratio=around(clinic.cost_ratio, autoregressive(rng, 0.5, 1.3), 35, 85),
        engagement=around(clinic.engagement, engagement, 10, 95),
        burnout=around(clinic.burnout, burnout, 3, 85),
        size=size(clinic)[EARLIER:],
        answering=answering(clinic)[EARLIER:],
        engagement_shocks=shocks(mood, ENGAGED[0]),
        no_show_shocks=shocks(missed, MISSED[0]),
    )
