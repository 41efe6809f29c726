"""Practices' values drawn towards their peers as far as chance explains the distance, and what ranks they may have.

A rank without its interval is chance told as merit: nothing here puts practices in order without one.
Source: Goldstein & Spiegelhalter 1996, JRSS A 159, 385–443; models as in analysis/peer_draws.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsc_analysis.analysis.direction import checked
from bsc_analysis.analysis.peer_counts import LEAST_PRACTICES, Kind, peer_counts
from bsc_analysis.analysis.peer_draws import MODELS, draw

DRAWS, SEED = 10_000, 5
TAILS = (0.025, 0.975)
ROWS = ["of", "value", "shrunken", "lower", "upper", "own", "rank", "rank_lower", "rank_upper"]


@dataclass(frozen=True)
class Shrunken:
    """One KPI of one period over the practices of a peer set.

    `model`: 'beta_binomial', 'gamma_poisson' or 'normal_normal', with the doubt about the peers' mean and width in it.
    `practices`: one row each in the order given, columns ROWS: denominator, own value, shrunken value with its 95 %
    interval (in the value's own terms, not scaled to a unit), `own`: the weight of the own value in it (0–1), and the
    middle rank with its 95 % interval. Rank 1 is the best, or the highest where neither way is better.
    `centre`: Σ numerators / Σ denominators. `left_out`: practice → why (see PeerCounts). `reason`: why there is none;
    `needed`: practices.
    """

    kind: Kind
    model: str
    practices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ROWS))
    centre: float = np.nan
    left_out: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    needed: int = LEAST_PRACTICES


def shrunken(
    told: pd.DataFrame,
    kind: Kind,
    *,
    better: str,
    least: int = LEAST_PRACTICES,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Shrunken:
    """Shrunken values and rank intervals of one peer set; `told` and errors as in `funnel`."""
    checked(better)
    peers = peer_counts(told, kind, least)
    if peers.reason:
        return Shrunken(kind, MODELS[kind], left_out=peers.left_out, reason=peers.reason, needed=least)
    drawn = draw(peers, draws, seed)
    truth = drawn.truth
    lots = np.random.default_rng(seed).random(truth.shape)  # decide between draws that are 0 or 1 to the last digit
    ranks = np.lexsort((lots, truth if better == "down" else -truth)).argsort(axis=1) + 1
    lower, upper = np.quantile(truth, TAILS, axis=0)
    first, middle, last = np.quantile(ranks, [TAILS[0], 0.5, TAILS[1]], axis=0, method="inverted_cdf")
    practices = peers.rows[["of", "value"]].assign(
        shrunken=truth.mean(axis=0),
        lower=lower,
        upper=upper,
        own=drawn.own,
        rank=middle,
        rank_lower=first,
        rank_upper=last,
    )
    return Shrunken(kind, MODELS[kind], practices, peers.centre, peers.left_out, needed=least)
