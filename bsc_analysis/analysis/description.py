"""What an effect that the group's test found is like: whether it fades above a knot, what few answers blur of it, and
on what it depends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from bsc_analysis.analysis.attenuation import Attenuation, attenuation, reliability
from bsc_analysis.analysis.shape import Moderated, Saturation, moderated, saturation
from bsc_analysis.analysis.verdict import Verdict


@dataclass(frozen=True)
class Description:
    """An effect beyond its size; None where that was not asked."""

    saturation: Saturation | None = None
    attenuation: Attenuation | None = None
    moderated: Moderated | None = None


def describe(
    verdict: Verdict,
    leading: pd.DataFrame,
    lagging: pd.DataFrame,
    *,
    knot: float | None = None,
    errors: pd.DataFrame | None = None,
    same_people: bool = False,
    moderator: pd.DataFrame | None = None,
    **told: Any,
) -> Description:
    """What the effect of a verdict that found one is like, at its lag.

    `leading`, `lagging`, `errors` (the leading readings' own standard errors) and `moderator`: period × practice, NaN
    where missing. Only what is given is asked: `knot` for saturation, `errors` for attenuation, `moderator`. Of
    `same_people` who answer period after period, such errors are too large by far: that is refused. `told`: breaks and
    specialty as in test_group_link.
    """
    lag, blur = verdict.lag or 1, None
    if errors is not None and errors.notna().any(axis=None):
        reliable = None if same_people else reliability(leading, errors, **told)
        blur = attenuation(verdict.effect, reliable, verdict.interval)
    return Description(
        saturation(leading, lagging, lag=lag, knot=knot, **told) if knot is not None else None,
        blur,
        moderated(leading, lagging, moderator, lag=lag, **told) if moderator is not None else None,
    )
