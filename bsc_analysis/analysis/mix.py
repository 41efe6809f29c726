"""Why a ratio moved: how much of it because its parts' rates changed, how much because their weights did.

A ratio is Σ weight × rate over its parts, a part's weight being its share of the denominator. Its change is the sum of
  rate effects   mean weight × change of rate,
  mix effects    change of weight × (mean rate − the mean of the whole's two rates),
exactly and without a remainder. The whole's rate taken off changes no sum, because the weights' changes add up to 0; it
makes a part that grows count for what sets it apart from the others. A part that is there in one period only has one
rate, which stands for both: all of its effect is mix. A part whose rate cannot be formed (no or a negative
denominator beside a numerator; in counts a negative numerator, in shares one above the denominator) is folded into
OTHERS, in both periods.

Sources: Kitagawa 1955, JASA 50, 1168–1194, symmetric form; Das Gupta 1993, Standardization and decomposition of rates,
US Bureau of the Census.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import LARGEST
from bsc_analysis.analysis.rate_change import Dispersion, Interval, rate_changes
from bsc_analysis.readings.labels import NOT_SAID, OTHERS

MOST_PARTS = 12  # the smaller ones are folded: with each more, less can be told from chance
ALIKE = 1e-12  # relative: below it, a change is the floating point's
SIDES = ["n0", "d0", "n1", "d1"]
PARTS = ["weight_before", "weight_after", "rate_before", "rate_after", "rate_effect", "mix_effect", "effect", "share",
         "lower", "upper", "apart"]  # fmt: skip


def _no_parts() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="boolean" if name == "apart" else "float64") for name in PARTS})


@dataclass(frozen=True)
class Mix:
    """What the change of a ratio from one period to another is made of; `reason` says why there is nothing.

    `before`, `after`: the ratio, in the KPI's unit like all rates and effects; `rate_effect` + `mix_effect` is the
    change. `parts`: PARTS, indexed by label (also NOT_SAID and OTHERS), the largest effect in size first. `effect` is
    rate plus mix effect; `share` its share of the change, beyond 1 or below 0 where parts pull against each other,
    missing where nothing changed; `lower` and `upper` bound the part's change of rate, for all parts at once, and
    `apart` tells whether that is more than chance (see rate_change.py). `dispersion`: what chance was taken to be.
    """

    before: float = np.nan
    after: float = np.nan
    rate_effect: float = np.nan
    mix_effect: float = np.nan
    parts: pd.DataFrame = field(default_factory=_no_parts)
    dispersion: Dispersion = field(default_factory=Dispersion)
    reason: str = ""

    @property
    def change(self) -> float:
        return self.after - self.before

    def largest(self, most: int = 3) -> pd.DataFrame:
        """The parts that contribute most, in size, whichever way; none whose effect is the floating point's."""
        size = max(abs(self.before), abs(self.after), 1e-300)
        return self.parts[self.parts["effect"].abs() > ALIKE * size].head(most)


def kitagawa(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    scale: float = 1.0,
    interval: Interval = "none",
    chance: Dispersion | None = None,
) -> Mix:
    """What the change of Σ numerator / Σ denominator × `scale` is made of.

    `before`, `after`: numerator and denominator, a row per part, indexed by its label; a part that one of them lacks
    has 0 there. `interval`: what the numerator is of the denominator, as in kpis.Ratio. Reasons for nothing:
    no_denominator (a period's sum is not above 0, or that of OTHERS), not_finite, not_said (no row bears a label),
    one_part.

    Raises ValueError where a frame lacks a column, names a part twice, or holds what is no number.
    """
    told = _beside(before, after)
    if isinstance(told, str):
        return Mix(reason=told)
    told, reason = _with_rates(told, interval)
    if reason:
        return Mix(reason=reason)
    d0, d1 = told["d0"].sum(), told["d1"].sum()
    whole0, whole1 = told["n0"].sum() / d0 * scale, told["n1"].sum() / d1 * scale
    w0, w1 = told["d0"] / d0, told["d1"] / d1
    r0, r1 = told["n0"] / told["d0"].where(w0 > 0) * scale, told["n1"] / told["d1"].where(w1 > 0) * scale
    r0, r1 = r0.fillna(r1), r1.fillna(r0)
    of_rate = (w0 + w1) / 2 * (r1 - r0)
    of_mix = (w1 - w0) * ((r0 + r1) / 2 - (whole0 + whole1) / 2)
    effect, change = of_rate + of_mix, whole1 - whole0
    changed = abs(change) > ALIKE * max(abs(whole0), abs(whole1))
    bounds = rate_changes(told, interval, chance)
    parts = pd.DataFrame(
        {
            "weight_before": w0,
            "weight_after": w1,
            "rate_before": r0.where(w0 > 0),
            "rate_after": r1.where(w1 > 0),
            "rate_effect": of_rate,
            "mix_effect": of_mix,
            "effect": effect,
            "share": effect / change if changed else np.nan,
            "lower": bounds["lower"] * scale,
            "upper": bounds["upper"] * scale,
            "apart": bounds["apart"],
        }
    )
    if not np.isfinite(parts[["effect", "rate_effect"]]).all(axis=None):  # next to nothing under a numerator
        return Mix(reason="not_finite")
    order = parts["effect"].abs().sort_values(ascending=False, kind="stable").index
    sums = float(of_rate.sum()), float(of_mix.sum())
    return Mix(float(whole0), float(whole1), *sums, parts.loc[order], chance or Dispersion())


def _beside(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame | str:
    """n0, d0, n1, d1 by label, or why there is nothing to compare."""
    for name, frame in (("before", before), ("after", after)):
        if not {"numerator", "denominator"} <= set(frame):
            raise ValueError(f"{name} lacks numerator or denominator; it has {', '.join(map(str, frame)) or 'none'}")
        if frame.index.has_duplicates:
            raise ValueError(f"{name} names a part twice; add its rows up first")
        if any(frame[side].dtype.kind not in "biuf" for side in ("numerator", "denominator")):
            raise ValueError(f"{name} holds what is no number; give numbers in numerator and denominator")
    told = pd.concat([before["numerator"], before["denominator"], after["numerator"], after["denominator"]], axis=1)
    told.columns = pd.Index(SIDES)
    there = [before.index, after.index]
    for sides, index in zip((["n0", "d0"], ["n1", "d1"]), there, strict=True):
        told.loc[~told.index.isin(index), sides] = 0.0
    told = told.astype("float64").sort_index()
    return told if (told.abs() < LARGEST).all(axis=None) else "not_finite"


def _with_rates(told: pd.DataFrame, interval: Interval) -> tuple[pd.DataFrame, str]:
    """The parts, folded so that each has a rate where it has a weight, and no more than MOST_PARTS; or why not."""
    told = told[(told != 0).any(axis=1)]
    if told.empty or min(told["d0"].sum(), told["d1"].sum()) <= 0:
        return told, "no_denominator"
    if len(told) == 1:
        return told, "not_said" if told.index[0] == NOT_SAID else "one_part"
    weight = (told["d0"] / told["d0"].sum() + told["d1"] / told["d1"].sum()).drop(OTHERS, errors="ignore")
    largest = list(weight.sort_values(ascending=False, kind="stable").index)
    fold = set(told.index[_without_rate(told, interval)])
    if len(_folded(told, fold)) > MOST_PARTS:
        fold |= set([part for part in largest if part not in fold][MOST_PARTS - 1 :])
    folded = _folded(told, fold)
    while len(folded) > 1 and _without_rate(folded, interval).any():  # it is OTHERS that has none
        fold.add(next(part for part in reversed(largest) if part not in fold))
        folded = _folded(told, fold)
    return folded, "no_denominator" if len(folded) == 1 else ""


def _without_rate(told: pd.DataFrame, interval: Interval) -> pd.Series:
    """Whether a part has, in one of the periods, no rate that its numerator and denominator could have."""
    found = pd.Series(False, index=told.index)
    for n, d in ((told["n0"], told["d0"]), (told["n1"], told["d1"])):
        found |= (d < 0) | ((d == 0) & (n != 0))
        if interval != "none":
            found |= n < 0
        if interval == "proportion":
            found |= n > d * (1 + 1e-9)
    return found


def _folded(told: pd.DataFrame, labels: set) -> pd.DataFrame:
    """The parts with those of `labels` added up as OTHERS."""
    if not labels:
        return told
    return told.groupby([OTHERS if part in labels else part for part in told.index]).sum()
