"""A phone agent's own log, drawn around the calls that the phone system recorded, and what its vendor says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.demo.acts import PhoneAgent
from bsc_analysis.demo.calls import OPENS, SHUTS
from bsc_analysis.demo.texts import stamps

ROUTINE = ["appointment", "refill", "directions", "opening hours"]
OTHER = ["symptoms", "results", "bill", "referral"]
ROUTINE_OF_TAKEN, ROUTINE_OF_OTHERS = 0.95, 0.31
ENDS = {"completed": 0.8, "hung_up": 0.15, "failed": 0.05}  # of calls that ended in it, as the phone system tells
AUDITED, RIGHT = 0.05, 0.93  # calls that somebody listened to, and those of them that were handled rightly
CLAIMS = {  # what the vendor says, and what is true; the last of them by practice, in AGENTS
    "handles 70 % of routine calls": "57 % of routine calls in opening hours are completed",
    "routes flawlessly": "93 % of audited calls are handled rightly",
    "switches over during closures": "not where on_closed_days is false",
}


def agent_calls(calls: pd.DataFrame, agent: PhoneAgent, rng: np.random.Generator) -> pd.DataFrame:
    """One row per call since its go-live that it took: all in opening hours, and those after hours that it ended."""
    second = (calls["at"] - calls["at"].dt.normalize()).dt.total_seconds()
    in_hours = second.between(OPENS, SHUTS, inclusive="left") & (calls["at"].dt.day_of_week < 5)
    taken = calls["Result"] == "IVR"
    since = calls["at"] >= np.datetime64(agent.since)
    rows, ended_here = calls[since & (taken | in_hours)], taken[since & (taken | in_hours)].to_numpy()
    size = len(rows)
    routine = rng.random(size) < np.where(ended_here, ROUTINE_OF_TAKEN, ROUTINE_OF_OTHERS)
    ended = np.where(ended_here, rng.choice(list(ENDS), size, p=list(ENDS.values())), "transferred")
    heard, right = rng.random(size) < AUDITED, rng.random(size) < RIGHT
    return pd.DataFrame(
        {
            "call_id": rows["CallID"].to_numpy(),
            "caller_id": rows["Caller"].to_numpy(),
            "started_at": stamps(rows["at"].to_numpy(), 19),
            "reason": np.where(routine, rng.choice(ROUTINE, size), rng.choice(OTHER, size)),
            "routine": np.where(routine, "yes", "no"),
            "ended": ended,
            "handled_right": np.where(heard, np.where(right, "yes", "no"), ""),
        }
    )
