"""Monthly no-show rates that two practices kept by hand before their bookings could be exported."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.planted import HISTORIES

BEFORE = np.arange(MONTHS[0] - 12, MONTHS[0])
OVERLAP = MONTHS[:6]  # told by the history and by the bookings


def history(clinic: Clinic, used: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The year before MONTHS and the OVERLAP with it; there each value is that of the bookings `used`, times `told`."""
    told = next(history.told for history in HISTORIES if history.practice == clinic.id)
    month = used["ApptTime"].str[:7]
    missed, kept = (month[used["ApptStatus"] == status].value_counts() for status in ("no_show", "kept"))
    overlap = [str(m) for m in OVERLAP]
    booked = (missed + kept)[overlap].to_numpy()
    earlier = rng.poisson(clinic.visits * 1.05, BEFORE.size)
    gone = rng.binomial(earlier, clinic.no_show / 100)
    rate = 100 * np.r_[told * gone / earlier, told * missed[overlap].to_numpy() / booked]
    return pd.DataFrame(
        {
            "Clinic": clinic.id,
            "Month": [*(str(m) for m in BEFORE), *overlap],
            "NoShowPct": np.round(rate, 6),
            "Booked": np.r_[earlier, booked],
        }
    )
