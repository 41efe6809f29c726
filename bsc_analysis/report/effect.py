"""An effect in the units of its two KPIs: what the lagging one did after a step of the leading one that can be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, isfinite, log10

from bsc_analysis.disclosure import Verdict
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.words import interval, number, quantity, say
from bsc_analysis.words.numbers import bare

STEPS = (1, 5, 10)
NEAR = 3  # a round step more than so many times the usual swing, or less than that part of it, would say little
MOST_DECIMALS = 4


@dataclass(frozen=True)
class Step:
    """So much more of the leading KPI (`size`, in its unit; `usual`: one standard deviation within a practice), and
    how exactly the lagging one's answer is told (`decimals`)."""

    leading: KPI
    lagging: KPI
    size: float
    usual: bool
    decimals: int

    @property
    def text(self) -> str:
        """'5 points', '10 min' or 'one usual swing (0.4 days)'."""
        if self.usual:
            swing = _amount(self.size, self.leading, digits([self.size]))
            return say("effect.swing", swing=swing)
        if self.leading.unit == "%":
            return say("effect.points", n=int(self.size), value=number(self.size))
        return quantity(self.size, self.leading.unit, 0)

    def amount(self, effect: float) -> str:
        """What comes of the step, by its effect per unit: '−3.4 min', '0.3 points'."""
        return _amount(effect * self.size, self.lagging, self.decimals)

    def between(self, lower: float, upper: float) -> str:
        """'−4.8 to −1.9', the unit being known."""
        return interval(lower * self.size, upper * self.size, self._unit, self.decimals)

    def whole(self, effect: float, bounds: tuple[float, float]) -> str:
        """'−3.4 min (−4.8 to −1.9)'."""
        return say("effect.with_interval", effect=self.amount(effect), interval=self.between(*bounds))

    def ends(self, lower: float, upper: float) -> dict[str, str]:
        """Both ends of an interval: `low`, and `high` with the unit."""
        return {"low": bare(lower * self.size, self._unit, self.decimals), "high": self.amount(upper)}

    def turned(self, effect: float, bounds: tuple[float, float]) -> dict[str, str]:
        """An effect as a rise or a fall: its size, and its `interval` in that direction."""
        low, high = (-bounds[1], -bounds[0]) if effect < 0 else bounds
        return {"effect": self.amount(abs(effect)), "interval": self.between(low, high)}

    def tick(self, value: float) -> str:
        """A number for an axis, already of the whole step."""
        return _amount(value, self.lagging, self.decimals) if value else number(0)

    @property
    def _unit(self) -> str:
        return "" if self.lagging.unit == "%" else self.lagging.unit


def step_of(leading: KPI, lagging: KPI, verdict: Verdict) -> Step:
    """The step for a verdict that has an effect: the round number nearest to the usual swing, else that swing."""
    swing = abs(verdict.per_sd / verdict.effect) if verdict.effect else float("nan")
    near = [s for s in STEPS if isfinite(swing) and swing / NEAR <= s <= swing * NEAR]
    size = float(min(near, key=lambda s: abs(log10(s / swing)))) if near else swing if isfinite(swing) else 1.0
    low, high = verdict.interval
    told = [verdict.effect * size, (high - low) / 2 * size]
    return Step(leading, lagging, size, usual=isfinite(swing) and not near, decimals=digits(told))


def digits(values: Iterable[float]) -> int:
    """Decimals that show the largest of the values with two digits."""
    largest = max((abs(v) for v in values if isfinite(v)), default=0.0)
    return min(max(1 - floor(log10(largest)), 0), MOST_DECIMALS) if largest else 0


def chance(p: float | None) -> str:
    """A p- or q-value: '0.012', 'below 0.001', '–' where there is none."""
    if p is None:
        return say("value.none")
    return say("effect.p_below", p=number(0.001, 3)) if p < 0.001 else number(p, 3)


def _amount(value: float, kpi: KPI, decimals: int) -> str:
    if kpi.unit == "%":
        return say("source.points", value=number(value, decimals))
    return quantity(value, kpi.unit, decimals)
