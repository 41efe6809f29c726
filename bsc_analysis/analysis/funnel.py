"""Funnels: which practices of a peer set lie further from their peers than chance and the usual spread explain.

Source: Spiegelhalter 2005 and 2012 as in FunnelPlotR 0.6: z winsorised at 10 % a side, φ their mean square, τ² by
DerSimonian & Laird. Winsorising keeps outliers from widening their own limits; it also makes τ² small, so that of
practices that merely differ, with no outlier among them, 4–13 % lie beyond the 95 % limits and up to 2 % beyond the
99.8 % ones; of practices that are alike, at most 5 % and 0.4 % (analysis/peer_trials.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.analysis.direction import checked, word
from bsc_analysis.analysis.funnel_limits import LIMITS, limits
from bsc_analysis.analysis.given import sets_of
from bsc_analysis.analysis.peer_counts import LEAST_PRACTICES, Kind, PeerCounts, peer_counts

WINSORISED = 0.1  # of the z on either side
BEYOND = {"95": 0.05, "99.8": 0.002}  # of practices that only chance sets apart lie outside these limits, at most
CURVE = 80  # sizes that limits are drawn at
PLACES = ("below_998", "below_95", "inside", "above_95", "above_998")
ROWS = ["of", "value", "z", "winsorised", *LIMITS, "place", "word"]


@dataclass(frozen=True)
class Funnel:
    """One KPI of one period over the practices of a peer set.

    `practices`: one row each, columns ROWS: denominator, value (share, count per exposure or mean, not scaled to a
    unit), z on the scale of comparison before and after winsorising, the limits at its size, `place` (one of PLACES)
    and `word`: 'better' or 'worse' than peers, 'neutral' (outside, and neither way is better) or 'none' (inside).
    `centre`: Σ numerators / Σ denominators, or the target given; `phi`: the dispersion ratio, 1 where chance explains
    all; `tau2`: variance between practices on the scale of comparison, 0 where chance does. `curve`: `of` and LIMITS,
    to be drawn. `left_out`: practice → why (see PeerCounts). `reason`: why there is no funnel; `needed`: practices.
    """

    kind: Kind
    practices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ROWS))
    centre: float = np.nan
    phi: float = np.nan
    tau2: float = np.nan
    curve: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["of", *LIMITS]))
    left_out: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    needed: int = LEAST_PRACTICES

    @property
    def overdispersed(self) -> bool:
        """Whether practices differ by more than chance, so that the limits were widened."""
        return self.tau2 > 0

    @property
    def expected(self) -> dict[str, float]:
        """How many practices would lie outside '95' and '99.8' % limits by chance alone, at most."""
        return {name: share * len(self.practices) for name, share in BEYOND.items()}


def funnel(
    told: pd.DataFrame, kind: Kind, *, better: str, target: float | None = None, least: int = LEAST_PRACTICES
) -> Funnel:
    """The funnel of one peer set.

    `told`: by practice, the columns of peer_counts. `better`: 'up', 'down' or 'neutral'. `target`: a centre from
    elsewhere (a standard), else that of the peers. Raises ValueError as peer_counts does, and where `better` is none
    of these.
    """
    checked(better)
    peers = peer_counts(told, kind, least)
    if target is not None:
        peers = _about(peers, target)
    if peers.reason:
        return Funnel(kind, left_out=peers.left_out, reason=peers.reason, needed=least)
    rows = peers.rows
    of = rows["of"].to_numpy()
    errors = peers.errors(of)
    z = (peers.scaled(rows["value"].to_numpy()) - peers.scaled(peers.centre)) / errors
    winsorised = np.clip(z, *np.quantile(z, [WINSORISED, 1 - WINSORISED]))
    phi = float((winsorised**2).mean())
    tau2 = between(phi, errors)
    bounds = limits(peers, of, tau2).set_index(rows.index)
    place = _places(rows["value"], bounds)
    words = [_word(name, better) for name in place]
    practices = rows[["of", "value"]].assign(z=z, winsorised=winsorised).join(bounds).assign(place=place, word=words)
    sizes = np.geomspace(of.min(), of.max(), CURVE)
    sizes = np.unique(sizes if kind == "rate" else sizes.round())
    curve = limits(peers, sizes, tau2).assign(of=sizes)[["of", *LIMITS]]
    return Funnel(kind, practices, peers.centre, phi, tau2, curve, peers.left_out, needed=least)


def funnels(told: pd.DataFrame, kind: Kind, sets: Any, **asked: Any) -> dict[str, Funnel]:
    """A funnel for each peer set; `sets`: practice → its set, as a dict or Series. `asked`: as in `funnel`."""
    named = pd.Series(sets_of(sets, list(told.index)), told.index)
    return {str(name): funnel(told[named == name], kind, **asked) for name in sorted(set(named) - {""})}


def between(phi: float, errors: np.ndarray) -> float:
    """Variance between practices beyond chance, from the mean square of z: DerSimonian & Laird 1986, at least 0."""
    k, weight = len(errors), 1 / errors**2
    return float(max(0.0, (k * phi - (k - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())))


def _about(peers: PeerCounts, target: float) -> PeerCounts:
    """The same practices about another centre; refused where no practice could have it."""
    possible = {"proportion": 0 < target < 1, "rate": target > 0, "mean": True}[peers.kind] and np.isfinite(target)
    reason = peers.reason if peers.reason not in ("no_events", "all_events") else ""
    return PeerCounts(
        peers.kind,
        peers.rows,
        peers.left_out,
        target,
        peers.sd,
        peers.freedom,
        reason if possible else "no_such_target",
    )


def _places(value: pd.Series, bounds: pd.DataFrame) -> np.ndarray:
    """Strictly beyond a limit is outside; a hair's breadth of rounding is not."""
    hair = 1e-12 * value.abs()
    low, high = value + hair, value - hair
    tests = [low < bounds["lower998"], high > bounds["upper998"], low < bounds["lower95"], high > bounds["upper95"]]
    return np.select(tests, ["below_998", "above_998", "below_95", "above_95"], default="inside")


def _word(place: str, better: str) -> str:
    return "none" if place == "inside" else word(1 if place.startswith("above") else -1, better)
