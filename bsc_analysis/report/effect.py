"""An effect in the units of its two KPIs: what the lagging one did after a step of the leading one that can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, isfinite, log10, nan

from bsc_analysis.disclosure import Verdict
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.words import interval, number, quantity, say
from bsc_analysis.words.numbers import bare

STEPS = (1, 5, 10)
NEAR = 3  # a round step more than so many times the usual swing, or less than that part of it, would say little
MOST_DECIMALS = 4
LEAST_P = 0.001  # the smallest that 999 simulated pairs can tell


@dataclass(frozen=True)
class Step:
    """So much more of the leading KPI: `size` in its unit; `usual`: one standard deviation within a practice.

    Effects come as verdicts hold them, of one unit of the leading KPI, and are told of the step, with two digits.
    """

    leading: KPI
    lagging: KPI
    size: float
    usual: bool

    @property
    def text(self) -> str:
        """'5 points', '10 min' or 'one usual swing (0.4 days)'."""
        if self.usual:
            return say("effect.swing", swing=_quantity(self.size, self.leading, digits(self.size)))
        if self.leading.unit == "%":
            return say("effect.points", n=int(self.size), value=number(self.size))
        return quantity(self.size, self.leading.unit, 0)

    def amount(self, effect: float) -> str:
        """'−3.4 min', '0.34 points'."""
        return _quantity(effect * self.size, self.lagging, digits(effect * self.size))

    def axis(self, largest: float) -> Callable[[float], str]:
        """What writes the numbers of an axis, already of the whole step, that reaches to `largest`."""
        return lambda value: _quantity(value, self.lagging, digits(largest)) if value else number(0)

    def whole(self, effect: float, bounds: tuple[float, float]) -> str:
        """'−3.4 min (−4.8 to −1.9)'."""
        decimals, (low, high) = self._told(effect, bounds)
        told = _quantity(effect * self.size, self.lagging, decimals)
        return say("effect.with_interval", effect=told, interval=interval(low, high, self._unit, decimals))

    def turned(self, effect: float, bounds: tuple[float, float]) -> dict[str, str]:
        """An effect as a rise or a fall: its size, and its `interval` in that direction."""
        decimals, (low, high) = self._told(effect, (-bounds[1], -bounds[0]) if effect < 0 else bounds)
        told = _quantity(abs(effect) * self.size, self.lagging, decimals)
        return {"effect": told, "interval": interval(low, high, self._unit, decimals)}

    def ends(self, bounds: tuple[float, float]) -> dict[str, str]:
        """Both ends of an interval: `low`, and `high` with the unit."""
        decimals, (low, high) = self._told(max(bounds, key=abs), bounds)
        return {"low": bare(low, self._unit, decimals), "high": _quantity(high, self.lagging, decimals)}

    def _told(self, effect: float, bounds: tuple[float, float]) -> tuple[int, tuple[float, float]]:
        """The decimals that an effect and its interval are told with, and the interval of the whole step."""
        low, high = (bound * self.size for bound in bounds)
        return digits(max(abs(effect) * self.size, (high - low) / 2)), (low, high)

    @property
    def _unit(self) -> str:
        return "" if self.lagging.unit == "%" else self.lagging.unit


def step_of(leading: KPI, lagging: KPI, verdict: Verdict) -> Step:
    """The step for a verdict that has an effect: the round number nearest to the usual swing, else that swing."""
    swing = abs(verdict.per_sd / verdict.effect) if verdict.effect else nan
    if not isfinite(swing) or not swing:
        return Step(leading, lagging, 1.0, usual=False)
    near = [s for s in STEPS if swing / NEAR <= s <= swing * NEAR]
    size = float(min(near, key=lambda s: abs(log10(s / swing)))) if near else swing
    return Step(leading, lagging, size, usual=not near)


def digits(value: float) -> int:
    """Decimals that show a value with two digits."""
    return min(max(1 - floor(log10(abs(value))), 0), MOST_DECIMALS) if isfinite(value) and value else 0


def chance(p: float | None) -> str:
    """A p- or q-value: '0.012', 'below 0.001', '–' where there is none."""
    if p is None:
        return say("value.none")
    return say("effect.p_below", p=number(LEAST_P, 3)) if p < LEAST_P else number(p, 3)


def _quantity(value: float, kpi: KPI, decimals: int) -> str:
    if kpi.unit == "%":
        return say("source.points", value=number(value, decimals))
    return quantity(value, kpi.unit, decimals)
