"""The coding audits of a practice: a few dozen claims a month that somebody else looks at again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.appointments import open_days
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.texts import numbered, stamps

SINCE = np.datetime64("2024-10")


def audits(clinic: Clinic, rng: np.random.Generator) -> pd.DataFrame:
    """One row per claim looked at, in order of its day; 3–8 % have an error, each practice at its own level."""
    level = rng.uniform(0.03, 0.08)
    looked_at = rng.integers(30, 61, MONTHS.size) * (clinic.open & (MONTHS >= SINCE))
    day = np.concatenate([np.sort(rng.choice(open_days(m), n)) for m, n in zip(MONTHS, looked_at, strict=True)])
    return pd.DataFrame(
        {
            "AuditID": numbered("A", np.arange(1, day.size + 1), 5),
            "AuditedOn": stamps(day, 10),
            "Team": rng.choice(["Team Blue", "Team Green", "Team Amber"], day.size),
            "Error": np.where(rng.random(day.size) < level, "Y", "N"),
        }
    )
