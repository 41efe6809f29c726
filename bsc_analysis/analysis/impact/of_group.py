"""The effect of an action over a group, by the way that who acted when allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from bsc_analysis.analysis.given import numbers
from bsc_analysis.analysis.impact.compared import compared
from bsc_analysis.analysis.impact.effect import Effect
from bsc_analysis.analysis.impact.interrupted import interrupted
from bsc_analysis.analysis.impact.windows import Action

ALL_AT_ONCE = "all_at_once"


def group_effect(
    frame: pd.DataFrame,
    acts: Mapping[str, Action],
    others: Mapping[str, Sequence[Action]] | None = None,
    **told: Any,
) -> Effect:
    """The mean effect of `acts` (practice → action) on a KPI (period × practice): against practices that had not acted,
    and where all acted in one period by the interrupted series of their mean, which `note` says.

    `told`: see compared.
    """
    found = compared(frame, acts, others, **told)
    if found.reason != ALL_AT_ONCE:
        return found
    frame = numbers("frame", frame, pd.DataFrame)
    levels = frame.mean()  # each about its own: who is missing now and then must not move the mean
    mean = (frame - levels).mean(axis=1) + levels.mean()
    practice = next(p for p in frame.columns if p in acts)
    asked = {name: told[name] for name in ("draws", "seed") if name in told}
    one = interrupted(mean, acts[practice], [a for each in (others or {}).values() for a in each], **asked)
    return replace(one, note=ALL_AT_ONCE, treated=frame.shape[1])
