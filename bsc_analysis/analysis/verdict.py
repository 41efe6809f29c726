"""What a link test found, and the one place that turns p-values into answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import integer, size

SAID = ("mechanical", "no_least", "too_wide")  # reasons that judging gives
LEVEL, POWER = 0.95, 0.8416  # of intervals; the normal quantile of a power of 80 %
PROFILE = ["lag", "estimate", "lower", "upper"]


@dataclass(frozen=True)
class Verdict:
    """One link's test.

    `p_forecasts`: does the leading KPI's past help to forecast the lagging one? `p_leads`: beyond what both do in the
    same period? `p_same_period`: do they move together? None each where nothing can be told, and `reason` says why.
    `effect`: of one unit of the leading KPI on the lagging one, in its unit, `lag` periods later, where it is clearest;
    `per_sd`: of one standard deviation of the leading KPI within the practice, its terms taken out; `interval` and
    `profile` (lag, estimate, lower, upper; one row per lag tested) hold for all lags at once, at 95 %.
    `cumulative`: over all lags tested; `shrunken`: the effect less what choosing the clearest adds on average.
    `smallest_effect`: found in 80 of 100 practices that have it. `feedback`: p of the reverse direction, forecasts.
    `points`: periods in the test, of all practices; `practices`: 1, or how many were pooled.
    `gain`: share of the squared error of one-step forecasts from the lagging KPI's own past that the leading one saves,
    out of sample, from 36 points up; `gain_p` by Clark & West 2007. `placebo_rate`: share of `placebos` false partners
    (other practices' leading KPI) found at 5 %. `without_influential`: the verdict without the practices that carry
    most of it. `shares`: columns that both KPIs are made of. `plain`: p of an ordinary lagged regression, to compare.
    `answer`: 'pending' until `judge` has seen all links of a report; it gives `q_value` too.
    """

    expect: str | None = None
    least: float | None = None
    p_forecasts: float | None = None
    p_leads: float | None = None
    p_same_period: float | None = None
    q_value: float | None = None
    answer: str = "pending"
    effect: float = np.nan
    per_sd: float = np.nan
    interval: tuple[float, float] = (np.nan, np.nan)
    cumulative: float = np.nan
    shrunken: float = np.nan
    same_period: float = np.nan
    lag: int | None = None
    lags_tested: tuple[int, ...] = ()
    profile: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PROFILE))
    points: int = 0
    practices: int = 1
    smallest_effect: float = np.nan
    feedback: float | None = None
    gain: float | None = None
    gain_p: float | None = None
    placebo_rate: float | None = None
    placebos: int = 0
    plain: float | None = None
    without_influential: Verdict | None = None
    shares: tuple[str, ...] = ()
    reason: str = ""

    @property
    def tested(self) -> bool:
        """Whether there is anything to judge."""
        return self.p_forecasts is not None


def asked(expect: str | None, least: float | None, within: int, draws: int) -> Verdict:
    """A verdict of which nothing is known but what was asked; with a `reason` where that cannot be answered.

    Raises ValueError where `expect` is no sign, `least` not above 0, `within` no whole number, or `draws` none above 0.
    """
    if expect not in (None, "positive", "negative"):
        raise ValueError(f"expect is {expect!r}; say 'positive', 'negative' or None")
    if integer("draws", draws) < 1:
        raise ValueError(f"draws is {draws}; give 1 at least, or leave it out")
    reason = "window_too_short" if integer("within", within) < 1 else ""
    return Verdict(expect=expect, least=size("least", least), reason=reason)


def judge(verdicts: Sequence[Verdict], alpha: float = 0.05) -> list[Verdict]:
    """The verdicts with q-values (Benjamini–Hochberg over all of them) and answers:

    'supported' (leads, as expected), 'forecasts' (as expected, but it may be movement of the same period),
    'contradicted' (either, the other way), 'moves_together', 'not_supported' (the interval excludes every effect as
    large as `least`) or 'cannot_tell'. Without `expect` either sign is as expected. `q_value` is that of the answer.
    Where both KPIs share columns, 'forecasts' is none of the answers: only what holds x of the same period fast is more
    than arithmetic.
    """
    told = _judged(verdicts, alpha)
    for i, v in enumerate(verdicts):
        if v.without_influential is not None:
            others = [*verdicts[:i], v.without_influential, *verdicts[i + 1 :]]
            told[i] = replace(told[i], without_influential=_judged(others, alpha)[i])
    return told


def _judged(verdicts: Sequence[Verdict], alpha: float) -> list[Verdict]:
    leads = benjamini_hochberg([v.p_leads for v in verdicts])
    forecasts = benjamini_hochberg([v.p_forecasts for v in verdicts])
    same = benjamini_hochberg([v.p_same_period for v in verdicts])
    return [_answered(v, leads[i], forecasts[i], same[i], alpha) for i, v in enumerate(verdicts)]


def leading_p(forecasts: float, beyond: float, same_way: bool) -> float:
    """p that x's past leads, from p that it helps to forecast and p that it does beyond x of the same period.

    Where both KPIs answer one cause in the same period, x of that period held fast lends x's past a part, and 13–31 %
    of such pairs would lead: what does not help to forecast, or says the opposite, does not lead.
    """
    return max(forecasts, beyond) if same_way else 1.0


def benjamini_hochberg(p: Sequence[float | None]) -> list[float | None]:
    """q-values of the p-values that are there (Benjamini & Hochberg 1995), each in its place."""
    there = [i for i, value in enumerate(p) if value is not None]
    order = sorted(there, key=lambda i: p[i] or 0.0)
    found: list[float | None] = [None] * len(p)
    least = 1.0
    for rank, i in reversed(list(enumerate(order, start=1))):
        least = min(least, (p[i] or 0.0) * len(order) / rank)
        found[i] = least
    return found


def _answered(v: Verdict, leads: float | None, forecasts: float | None, same: float | None, alpha: float) -> Verdict:
    if leads is None or forecasts is None:
        return replace(v, answer="cannot_tell")
    v = v if v.reason not in SAID else replace(v, reason="")  # said when it was judged before
    expected = v.expect is None or (v.effect > 0) == (v.expect == "positive")
    if leads <= alpha:
        return replace(v, q_value=leads, answer="supported" if expected else "contradicted")
    together = same is not None and same <= alpha
    if forecasts <= alpha and not v.shares:
        return replace(v, q_value=forecasts, answer="forecasts" if expected else "contradicted")
    if together:
        return replace(v, q_value=same, answer="moves_together")
    if forecasts <= alpha:
        return replace(v, q_value=forecasts, answer="cannot_tell", reason="mechanical")
    if v.least is not None and v.lags_tested and _excludes(v, v.least):
        return replace(v, q_value=forecasts, answer="not_supported")
    why = "no_least" if v.least is None else "too_wide"
    return replace(v, q_value=forecasts, answer="cannot_tell", reason=v.reason or why)


def _excludes(v: Verdict, least: float) -> bool:
    """Whether no lag leaves room for an effect as large as `least`, in the direction expected or in either."""
    up, down = (v.profile["upper"] < least).all(), (v.profile["lower"] > -least).all()
    return bool({"positive": up, "negative": down, None: up and down}[v.expect])
