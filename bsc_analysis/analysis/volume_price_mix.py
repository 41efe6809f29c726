"""Why a sum of money moved: how much by volume, how much by price, how much by the mix of what was paid for.

Money is volume × price. Its change is the volume effect (change of volume × mean price) and mean volume × change of
price, exactly; the price falls into rate and mix of its parts as in mix.py.

Source: Bennet 1920, J. Royal Statistical Society 83, 455–462, for volume and price.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsc_analysis.analysis.mix import Mix


def _no_parts() -> pd.DataFrame:
    return pd.DataFrame(columns=["price_effect", "mix_effect"], dtype="float64")


@dataclass(frozen=True)
class Amount:
    """What the change of a sum of money is made of: `volume` + `price` + `mix` is `after` − `before`, in dollars.

    `volume`, `price` and `mix` are the effects. `parts`: price_effect and mix_effect of each, as in Mix; empty, and
    `mix` 0, where the sum could not be taken apart. `reason` says why there is nothing.
    """

    before: float = np.nan
    after: float = np.nan
    volume_before: float = np.nan
    volume_after: float = np.nan
    volume: float = np.nan
    price: float = np.nan
    mix: float = np.nan
    parts: pd.DataFrame = field(default_factory=_no_parts)
    reason: str = ""


def volume_price_mix(before: tuple[float, float], after: tuple[float, float], mix: Mix | None = None) -> Amount:
    """What the change of a sum of money is made of.

    `before`, `after`: the sum and the volume that earned it (dollars and visits); `mix`: why its price, the one over
    the other, moved (in dollars, scale 1); where it is None or has a reason, the price is told as a whole. Reasons for
    nothing: no_denominator, not_finite.
    """
    (n0, d0), (n1, d1) = before, after
    if not np.isfinite([n0, d0, n1, d1]).all():
        return Amount(reason="not_finite")
    if min(d0, d1) <= 0:
        return Amount(reason="no_denominator")
    volume, between = (d1 - d0) * (n0 / d0 + n1 / d1) / 2, (d0 + d1) / 2
    if mix is None or mix.reason:
        return Amount(n0, n1, d0, d1, volume, between * (n1 / d1 - n0 / d0), 0.0)
    parts = mix.parts[["rate_effect", "mix_effect"]].rename(columns={"rate_effect": "price_effect"}) * between
    return Amount(n0, n1, d0, d1, volume, between * mix.rate_effect, between * mix.mix_effect, parts)
