"""How rare a change is in a KPI's own history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from bsc_analysis.analysis.given import start_of
from bsc_analysis.analysis.goals.history import History, Pooled, pool


@dataclass(frozen=True)
class Rarity:
    """`share` of the `windows` of `span` periods, from end to end, in which the KPI changed by at least as much.

    Windows overlap; `apart` of them would not. `reason`, where share is None: 'too_few_points' (the history holds no
    such window), 'cannot_be_pooled'. A season is part of the history: over half a year it may do much by itself.
    """

    share: float | None = None
    windows: int = 0
    apart: int = 0
    span: int = 0
    reason: str = ""


def rarity(history: History, change: float, span: int, parts: int, how: Pooled) -> Rarity:
    """How rare a change of at least `change`, in its direction, is over `span` periods of a checked history.

    Its ends are readings of `parts` periods each. Windows across a declared break are left out.
    """
    values = history.values.to_numpy()
    if span < 1 or len(values) < parts + span:
        return Rarity(span=max(span, 0), reason="too_few_points")
    over = None if history.denominators is None else sliding_window_view(history.denominators.to_numpy(), parts)
    pooled = pool(sliding_window_view(values, parts), over, how)
    if pooled is None:
        return Rarity(span=span, reason="cannot_be_pooled")
    changes = pooled[span:] - pooled[:-span]
    stretch = _stretch(history)
    changes = changes[stretch[: len(changes)] == stretch[span + parts - 1 :]]
    changes = changes[~np.isnan(changes)]
    if not len(changes):
        return Rarity(span=span, reason="too_few_points")
    as_much = changes >= change if change > 0 else changes <= change
    apart = max((len(values) - parts) // span, 1)
    return Rarity(float(as_much.mean()), len(changes), min(apart, len(changes)), span)


def _stretch(history: History) -> np.ndarray:
    """Which stretch between breaks each period lies in, from 0."""
    index = history.values.index
    return sum(
        (np.asarray(index >= start_of(each, index)).astype(int) for each in history.breaks),
        np.zeros(len(index), dtype=int),
    )
