"""How good earlier forecasts were: what was published as a probability, against what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsc_analysis.readings.intervals import wilson

EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Record:
    """`brier`: mean square of probability − outcome, 0 best and .25 for who always says one half; `base`: that of who
    always says the share of goals that were met.

    `bands`: one row per band of probability (above lower_edge to upper_edge; the first from 0): forecasts, goals (one
    forecast each quarter is told of the same goal), said (mean probability), hits (share met, weighing goals alike),
    lower and upper (Wilson, 95 %, by goals), and held (whether the interval holds what was said); NaN in empty bands.
    `waiting`: forecasts whose outcome is not known. `reason`: 'no_outcomes' where there is nothing to score.
    """

    brier: float | None = None
    base: float | None = None
    forecasts: int = 0
    goals: int = 0
    waiting: int = 0
    bands: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)
    reason: str = ""


def record_of(published: pd.DataFrame) -> Record:
    """The record of forecasts: goal (any name of it), probability, met (True, False, or missing while it is open).

    Raises ValueError where a probability is none.
    """
    told = published[["goal", "probability", "met"]]
    chance = pd.to_numeric(told["probability"], errors="coerce").to_numpy(dtype=float)
    if not ((chance >= 0) & (chance <= 1)).all():
        raise ValueError("probabilities of forecasts lie between 0 and 1; one of them does not, or is missing")
    known = told["met"].notna().to_numpy()
    if not known.any():
        return Record(waiting=len(told), reason="no_outcomes")
    came = told.loc[known, "met"].astype(bool).astype(float).to_numpy()
    frame = pd.DataFrame({"goal": told.loc[known, "goal"].to_numpy(), "said": chance[known], "hits": came})
    return Record(
        brier=float(((frame["said"] - came) ** 2).mean()),
        base=float(((came.mean() - came) ** 2).mean()),
        forecasts=len(frame),
        goals=int(frame["goal"].nunique()),
        waiting=int((~known).sum()),
        bands=_bands(frame),
    )


def _bands(frame: pd.DataFrame) -> pd.DataFrame:
    which = np.clip(np.searchsorted(EDGES, frame["said"], side="left") - 1, 0, len(EDGES) - 2)
    by_goal = frame.assign(band=which).groupby(["band", "goal"]).agg(
        forecasts=("said", "size"), said=("said", "mean"), hits=("hits", "mean")
    )  # fmt: skip
    bands = by_goal.groupby("band").agg(
        forecasts=("forecasts", "sum"), goals=("said", "size"), said=("said", "mean"), hits=("hits", "mean")
    )
    bands = bands.reindex(range(len(EDGES) - 1))
    bands[["forecasts", "goals"]] = bands[["forecasts", "goals"]].fillna(0).astype(int)
    there = bands["goals"].where(bands["goals"] > 0).to_numpy(dtype=float)
    bands["lower"], bands["upper"] = wilson(bands["hits"].to_numpy() * there, there)
    bands["held"] = (bands["lower"] <= bands["said"]) & (bands["said"] <= bands["upper"])
    bands.insert(0, "lower_edge", EDGES[:-1])
    bands.insert(1, "upper_edge", EDGES[1:])
    return bands.rename_axis("band")
