"""The phone system's list of the calls that came in, drawn around the practice's visits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.acts import agent_of, live
from bsc_analysis.demo.appointments import CLOSED, open_days
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.levels import EARLIER, autoregressive
from bsc_analysis.demo.planted import SILENCES
from bsc_analysis.demo.texts import numbered, stamps

SINCE = np.datetime64("2024-10")  # the month in which the group bought its phone system
CALLS_PER_VISIT = 0.5
AFTER_HOURS = 0.09  # share of the calls
OPENS, SHUTS = 8 * 3600, 17 * 3600  # seconds of an open day
OUTCOMES = np.array(["ANS", "ABN", "IVR", "VM"])  # as the system writes them
AUTOMATED, TO_VOICEMAIL = 0.10, 0.03  # of the calls in opening hours
ANSWERED_LATE, GIVEN_UP_LATE = 0.55, 0.08  # of the others, which the answering service takes
LEAST_GONE = 0.004  # however good an agent is
AGENT_LATE = 0.3  # share of after-hours calls that an agent takes off the answering service
PATIENCE = 70  # seconds after which half of those who give up have done so


def calls(clinic: Clinic, kept: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """One row per call in order of its `at`, in local time; `kept` are the kept visits of each month."""
    abandoning = np.clip(rng.uniform(4.5, 8.5) + autoregressive(rng, 0.5, 0.8), 1, 30)[EARLIER:] / 100
    waiting = rng.uniform(24, 42) * np.exp(autoregressive(rng, 0.5, 0.12))[EARLIER:]
    volume = rng.poisson(CALLS_PER_VISIT * kept * (MONTHS >= SINCE))
    month = np.repeat(np.arange(MONTHS.size), volume)
    late = rng.random(month.size) < AFTER_HOURS
    at = np.where(late, after_hours(month, rng), in_hours(month, rng))

    chance = rng.random(month.size)
    taken, spared, taken_late = by_agent(clinic, month, at)
    gone = np.where(late, GIVEN_UP_LATE, np.maximum(abandoning[month] * (1 - AUTOMATED) - spared, LEAST_GONE))
    robot = gone + np.where(late, taken_late, taken)
    message = robot + np.where(late, 1 - ANSWERED_LATE - GIVEN_UP_LATE, TO_VOICEMAIL)
    outcome = np.select([chance < gone, chance < robot, chance < message], [1, 2, 3], 0)
    answered, given_up = rng.exponential(waiting[month]), PATIENCE * rng.lognormal(0, 1, month.size)
    wait = np.minimum(np.where(outcome == 0, answered, given_up), 900).astype(int)
    rows = pd.DataFrame(
        {
            "Caller": numbered("T", rng.integers(0, 3 * clinic.visits, month.size), 5),
            "Queue": rng.choice(["Appointments", "Nurse line", "Billing"], month.size, p=[0.6, 0.25, 0.15]),
            "Result": OUTCOMES[outcome],
            "WaitSec": pd.Series(wait).astype("str").where(outcome < 2, ""),
            "at": at,
        }
    )
    rows = rows[heard(clinic, at)].sort_values("at", kind="stable", ignore_index=True)
    return rows.assign(CallID=numbered("", np.arange(4_000, 4_000 + len(rows)), 7))


def by_agent(clinic: Clinic, month: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each call the chance that a machine takes it in opening hours, how much rarer callers give up, and the chance
    that it takes it after hours; before an agent's go-live it is the menu's AUTOMATED, 0 and 0."""
    agent = agent_of(clinic.id)
    if agent is None:
        return np.full(month.size, AUTOMATED), np.zeros(month.size), np.zeros(month.size)
    on = live(agent)[month]
    closed = ~np.is_busday(at.astype("datetime64[D]"), holidays=CLOSED)
    late = on & (agent.on_closed_days | ~closed)
    return np.where(on, agent.automated, AUTOMATED), on * -agent.effect / 100, late * AGENT_LATE


def export(calls: pd.DataFrame, zone: str) -> pd.DataFrame:
    """The columns of the export, its times told in `zone`."""
    local = calls["at"].dt.tz_localize("America/New_York")
    start = stamps(local.dt.tz_convert(zone).dt.tz_localize(None).to_numpy(), 19)
    return calls.assign(Start=start)[["CallID", "Caller", "Queue", "Start", "Result", "WaitSec"]]


def in_hours(month: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Times on open days between OPENS and SHUTS, most of them in the morning."""
    calendar = [open_days(m) for m in MONTHS]
    length = np.array([len(days) for days in calendar])
    first = np.cumsum(length) - length
    day = np.concatenate(calendar)[first[month] + (rng.random(month.size) * length[month]).astype(int)]
    return day.astype("datetime64[s]") + rng.triangular(OPENS, OPENS + 3600, SHUTS, month.size).astype(int)


def after_hours(month: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Times of any day outside opening hours: 6–8 and 17–22, on closed days also the hours between."""
    start, end = MONTHS.astype("datetime64[D]"), (MONTHS + 1).astype("datetime64[D]")
    day = start[month] + (rng.random(month.size) * (end - start)[month].astype(int)).astype(int)
    evening, part = rng.random(month.size) < 0.7, rng.random(month.size)
    second = np.where(evening, SHUTS + part * 5 * 3600, OPENS - 2 * 3600 * (1 - part))
    midday = ~np.is_busday(day, holidays=CLOSED) & (rng.random(month.size) < 0.6)
    second = np.where(midday, OPENS + part * (SHUTS - OPENS), second)
    return day.astype("datetime64[s]") + second.astype(int)


def heard(clinic: Clinic, at: np.ndarray) -> np.ndarray:
    """Whether the phone system was there to record a call at these times."""
    kept = np.ones(at.size, bool)
    for silence in SILENCES:
        if (silence.practice, silence.export) == (clinic.id, "phones.csv"):
            kept &= (at < np.datetime64(silence.since)) | (at >= np.datetime64(silence.until) + 1)
    return kept
