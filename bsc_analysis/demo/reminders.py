"""The reminder service's statement: what it sent on each day through each channel, and how many it reached."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.appointments import open_days
from bsc_analysis.demo.clinics import MONTHS, Clinic

CHANNELS = {"text": 0.7, "call": 0.3}
PER_VISIT, CONFIRMED = 1.08, 0.6


def reminders(clinic: Clinic, kept: np.ndarray, reached: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """One row per open day and channel; `kept` visits and the % `reached` are of each of MONTHS."""
    rows = []
    for month, visits, share in zip(MONTHS[clinic.open], kept[clinic.open], reached[clinic.open], strict=True):
        days = np.repeat(open_days(month), len(CHANNELS))
        channel = np.tile(list(CHANNELS), days.size // len(CHANNELS))
        part = np.tile(list(CHANNELS.values()), days.size // len(CHANNELS))
        sent = rng.poisson(PER_VISIT * visits * part * len(CHANNELS) / days.size)
        found = rng.binomial(sent, share / 100)
        confirmed = rng.binomial(found, CONFIRMED)
        rows.append(
            pd.DataFrame({"sent_at": days, "channel": channel, "sent": sent, "reached": found, "confirmed": confirmed})
        )
    return pd.concat(rows)
