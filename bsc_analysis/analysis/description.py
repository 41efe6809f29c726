"""What an effect that the group's test found is like: whether it fades above a knot, what few answers blur of it, and
on what it depends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd

from bsc_analysis.analysis.attenuation import Attenuation, attenuation, reliability
from bsc_analysis.analysis.shape import ALPHA, Moderated, Saturation, moderated, saturation
from bsc_analysis.analysis.verdict import Verdict, benjamini_hochberg

Shape = TypeVar("Shape", Saturation, Moderated)


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


def in_family(found: Sequence[Shape | None], alpha: float = ALPHA) -> list[Shape | None]:
    """All answers of one kind in a report, each in its place, with q-values (Benjamini–Hochberg over them): where q is
    above `alpha`, 'cannot_tell' with the reason 'no_difference_found'."""
    q = benjamini_hochberg([None if each is None else each.p for each in found])
    return [_judged(each, q, alpha) for each, q in zip(found, q, strict=True)]


def _judged(found: Shape | None, q: float | None, alpha: float) -> Shape | None:
    if found is None or q is None:
        return found
    if q > alpha:
        return replace(found, q_value=q, answer="cannot_tell", reason="no_difference_found")
    return replace(found, q_value=q)
