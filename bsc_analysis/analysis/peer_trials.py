"""How often funnels and shrunken values err on invented practices whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsc_analysis.analysis.funnel import funnel
from bsc_analysis.analysis.peer_counts import Kind
from bsc_analysis.analysis.shrunken import shrunken

SMALLEST, LARGEST = 40, 800  # cases, exposures or answers of a practice
SD = 2.0  # within practices, of means


@dataclass(frozen=True)
class Trial:
    """Shares of practices, over all repetitions.

    `outside95`, `outside998`: beyond the funnel's limits; `covered`: whose truth the shrunken interval holds; `ranked`:
    whose true rank the rank interval holds, NaN where all are alike. `error`: the squared error of the shrunken values
    over that of the practices' own.
    """

    outside95: float
    outside998: float
    covered: float
    ranked: float
    error: float


def trial(
    kind: Kind, *, practices: int, centre: float, spread: float, repetitions: int, seed: int = 0, draws: int = 2000
) -> Trial:
    """Funnels and shrunken values of practices whose true values lie about `centre` with the SD `spread` (0: alike)."""
    rng = np.random.default_rng(seed)
    told = []
    for _ in range(repetitions):
        truth = _truths(rng, kind, practices, centre, spread)
        counts = _counts(rng, kind, truth)
        around, drawn = funnel(counts, kind, better="up"), shrunken(counts, kind, better="down", draws=draws)
        if around.reason:
            continue
        place, rows = around.practices["place"], drawn.practices
        rank = truth.argsort().argsort() + 1
        told.append(
            {
                "outside95": (place != "inside").mean(),
                "outside998": place.str.endswith("998").mean(),
                "covered": ((rows["lower"] <= truth) & (truth <= rows["upper"])).mean(),
                "ranked": ((rows["rank_lower"] <= rank) & (rank <= rows["rank_upper"])).mean() if spread else np.nan,
                "shrunken": ((rows["shrunken"] - truth) ** 2).sum(),
                "own": ((rows["value"] - truth) ** 2).sum(),
            }
        )
    found = pd.DataFrame(told)
    error = float(found["shrunken"].sum() / found["own"].sum())
    return Trial(**found.drop(columns=["shrunken", "own"]).mean().to_dict(), error=error)


def _truths(rng: np.random.Generator, kind: Kind, practices: int, centre: float, spread: float) -> np.ndarray:
    """Normal true values; of shares and rates such as can be."""
    values = centre + spread * rng.standard_normal(practices)
    return (
        values if kind == "mean" else np.clip(values, centre / 10, (1 + centre) / 2 if kind == "proportion" else None)
    )


def _counts(rng: np.random.Generator, kind: Kind, truth: np.ndarray) -> pd.DataFrame:
    """What practices of random size tell of their truths."""
    of = np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST), len(truth))).round()
    if kind == "proportion":
        return pd.DataFrame({"count": rng.binomial(of.astype(int), truth), "of": of})
    if kind == "rate":
        return pd.DataFrame({"count": rng.poisson(of * truth), "of": of})
    answers = [rng.normal(value, SD, int(n)) for value, n in zip(truth, of, strict=True)]
    return pd.DataFrame({"total": [a.sum() for a in answers], "squares": [(a**2).sum() for a in answers], "of": of})
