"""How far single practices lie from the group's effect, drawn towards it as far as chance explains the distance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Departure:
    """One practice's effect against the group's, in the lagging KPI's unit per unit of the leading one.

    `effect`: its empirical-Bayes estimate, `lower` and `upper` its 95 % interval; `raw`: its own slope. `apart`: the
    interval excludes the group's effect.
    """

    effect: float
    lower: float
    upper: float
    raw: float
    apart: bool
