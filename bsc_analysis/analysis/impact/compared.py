"""The effect of what some practices did, by those that did not, or not yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import numbers, start_of
from bsc_analysis.analysis.impact.adoption import BASE, Adoption, Comparison, compare, mean_of, spreads_of
from bsc_analysis.analysis.impact.effect import ALPHA, COHORTS, COMPARED, EVENTS, PERMUTED, Effect
from bsc_analysis.analysis.impact.itself import going_back
from bsc_analysis.analysis.impact.permuted import permuted
from bsc_analysis.analysis.impact.windows import Action, joined
from bsc_analysis.analysis.terms import ALIKE, no_calendar

FEW_TREATED, LEAST_CONTROLS = 5, 19  # with fewer that acted, so many must not have: else p is never 1/20
LEAST_BASE = 3  # periods with a value before a start
DRAWS = 999


@dataclass(frozen=True)
class Placed:
    """Practices on a calendar without gaps: `values` (periods × practices) blank where another action is at work,
    `starts`, `leave` (see Adoption) and the first of the `actions` of those that acted."""

    index: pd.PeriodIndex
    values: np.ndarray
    starts: np.ndarray
    leave: np.ndarray
    actions: tuple[Action | None, ...]
    names: tuple[str, ...]


def compared(
    frame: pd.DataFrame,
    acts: Mapping[str, Action],
    others: Mapping[str, Sequence[Action]] | None = None,
    *,
    base: int = BASE,
    draws: int = DRAWS,
    seed: int = 0,
) -> Effect:
    """The mean effect over the practices that acted and the periods since, in the KPI's unit.

    `frame`: period × practice, NaN where missing; `acts`: practice → its action, for those that acted; `others`:
    practice → other actions on the KPI there; those within six months are part of one joint estimate, from another on
    a practice is not compared. `base`: how many periods before a start say what was before, 1 as by Callaway and
    Sant'Anna. A practice that acted before the data begin is left out, one that will after their end has not acted.

    Raises TypeError or ValueError where what is given is no frame of numbers.
    """
    frame = numbers("frame", frame, pd.DataFrame)
    if frame.columns.has_duplicates:
        return Effect(COMPARED, reason="practices_twice")
    if why := no_calendar([frame.index]):
        return Effect(COMPARED, reason=why)
    if not frame.notna().any(axis=None):
        return Effect(COMPARED, reason="no_data")
    placed = _placed(frame, acts, others or {})
    kept = _enough(placed, base)
    if isinstance(kept, str):
        return Effect(COMPARED, reason=kept, names=placed.names)
    values = placed.values[:, kept]
    starts, leave = placed.starts[kept], placed.leave[kept]
    spreads = spreads_of(values, starts, leave)
    acted = starts < len(values)
    blank = Effect(COMPARED, names=placed.names, treated=int(acted.sum()), controls=int((~acted).sum()))
    if np.nanmax(np.abs(values - mean_of(values)), initial=0.0) <= ALIKE * np.nanmax(np.abs(values)):
        return replace(blank, reason="all_equal")
    of = Adoption(values - np.nanmean(values), starts, leave, spreads, base)
    seen = compare(of)
    if not seen.compared:
        return replace(blank, reason="no_controls")
    actions = [action for action, keep in zip(placed.actions, kept, strict=True) if keep]
    itself = going_back(replace(of, values=values), actions, seed)
    moved = seen if itself is None else compare(replace(of, values=itself.paths))
    bias = 0.0 if itself is None else float(moved.effect[0])
    chance = permuted(of, bias, draws, seed)
    few = blank.treated < FEW_TREATED and blank.controls < LEAST_CONTROLS
    bounded = np.isfinite(chance.upper)
    return replace(
        blank,
        effect=float(seen.effect[0]) - bias,
        lower=chance.lower if bounded else np.nan,
        upper=chance.upper if bounded else np.nan,
        p=chance.p,
        reason="too_few_controls" if few or chance.least_p > ALPHA else "",
        inference=PERMUTED,
        drift=np.nan if itself is None else itself.drift,
        least_p=chance.least_p,
        before=int(np.isfinite(values[:, acted][np.arange(len(values))[:, None] < starts[acted]]).sum()),
        after=seen.compared,
        compared=seen.compared / seen.wanted,
        p_before=chance.p_before,
        events=_events(seen, moved.events[0] if itself is not None else 0.0, chance.bounds),
        cohorts=_cohorts(seen, placed.index),
    )


def _placed(frame: pd.DataFrame, acts: Mapping[str, Action], others: Mapping[str, Sequence[Action]]) -> Placed:
    index = pd.period_range(frame.index.min(), frame.index.max(), freq=frame.index.freq)
    values, length = frame.reindex(index).to_numpy(copy=True), len(index)
    starts, leave = np.full(frame.shape[1], length), np.zeros(frame.shape[1], dtype=int)
    names: dict[str, None] = {}
    first_of: list[Action | None] = []

    def at(period: pd.Period | str) -> int:
        return int((start_of(period, index) - index[0]).n)

    for i, practice in enumerate(frame.columns):
        action = acts.get(practice)
        groups = joined([*([action] if action else []), *others.get(practice, ())], index)
        mine = next((g for g in groups if action in g), None)
        for group in groups:
            if group is mine:
                values[max(at(group[0].start), 0) : max(at(group[-1].start), 0), i] = np.nan
            elif mine is not None and at(group[0].start) < at(mine[0].start):
                values[: max(at(group[-1].start), 0), i] = np.nan
            else:
                values[max(at(group[0].start), 0) :, i] = np.nan
        first_of.append(mine[0] if mine else None)
        if mine is not None and at(mine[0].start) < length:
            first, decided = mine[0], mine[0].decided or mine[0].start
            starts[i] = at(first.start)
            leave[i] = max(0, starts[i] - at(decided)) + (first.trigger.periods if first.trigger else 0)
            names |= dict.fromkeys(each.name for each in mine)
    return Placed(index, values, starts, leave, tuple(first_of), tuple(names))


def _enough(placed: Placed, base: int) -> np.ndarray | str:
    """Which practices can be compared; or why there is nothing to compare."""
    acted = placed.starts < len(placed.values)
    if not acted.any():
        return "after_data" if any(placed.actions) else "nobody_acted"
    if (placed.starts[acted] <= 0).all():
        return "before_data"
    there, at = np.isfinite(placed.values), np.arange(len(placed.values))[:, None]
    before = (there & (at < placed.starts - placed.leave)).sum(axis=0)
    after = (there & (at >= placed.starts)).any(axis=0)
    kept = np.where(acted, (before >= min(base, LEAST_BASE)) & after, there.any(axis=0))
    if not (kept & acted).any():
        return "too_few_before" if (after & acted).any() else "too_few_after"
    same = len(np.unique(placed.starts[acted & kept])) == 1
    return kept if (kept & ~acted).any() or not same else "all_at_once"


def _events(seen: Comparison, drift: np.ndarray | float, bounds: np.ndarray) -> pd.DataFrame:
    reach = np.where(np.isfinite(bounds), bounds, np.nan)
    told = seen.events[0] - drift
    columns = dict(zip(EVENTS, [told, told - reach, told + reach, seen.practices[0]], strict=True))
    return pd.DataFrame(columns, index=pd.Index(seen.since, name="since"))


def _cohorts(seen: Comparison, index: pd.PeriodIndex) -> pd.DataFrame:
    frame = pd.DataFrame(seen.cells, columns=COHORTS)
    return frame.assign(**{name: index[frame[name].astype(int)] for name in ("start", "period")})
