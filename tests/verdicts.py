"""Tested links written by hand: verdicts of round numbers, one for each answer that a report can give."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from bsc_analysis.disclosure import Attenuation, Departure, Moderated, Saturation, Tested, Verdict
from bsc_analysis.params.models import Link

SHAPES = (
    *("too_few_above", "too_few_below", "too_few_across", "no_difference_found", "moderator_constant"),
    *("regressors_alike", "unreliable", "no_reliability", "no_slope", "gaps", "too_few_practices", "too_few_points"),
    *("leading_constant", "lagging_constant"),
)
REASONS = (
    *("too_few_points", "too_few_practices", "window_too_short", "leading_constant", "lagging_constant", "identical"),
    *("other_calendars", "no_calendar", "periods_twice", "no_least", "too_wide", "season_too_short", "mechanical"),
)


def link(leading: str = "engagement", lagging: str = "wait_median", **more) -> Link:
    facts = {"within": 3, "expect": "negative", "least": 0.05, "declared": "2026-01-04"}
    because = "People who like where they work keep <rooms> & time."
    return Link(**facts | {"leading": leading, "lagging": lagging, "because": because} | more)


def profile(*rows: tuple[float, float, float]) -> pd.DataFrame:
    """Estimate, lower and upper after 1, 2 … periods."""
    return (
        pd.DataFrame(rows, columns=["estimate", "lower", "upper"])
        .rename_axis("lag")
        .reset_index()
        .assign(lag=lambda frame: frame["lag"] + 1)[["lag", "estimate", "lower", "upper"]]
    )


def verdict(answer: str, effect: float = -0.34, spread: float = 0.15, sd: float = 5.0, **more) -> Verdict:
    """A judged verdict whose effect is at lag 1, and nothing after 2 and 3; its interval is `effect` ± `spread`."""
    bounds = (effect - spread, effect + spread)
    facts = {
        "expect": "negative",
        "least": 0.05,
        "p_forecasts": 0.001,
        "p_leads": 0.004,
        "p_same_period": 0.2,
        "q_value": 0.012,
        "answer": answer,
        "effect": effect,
        "per_sd": effect * sd,
        "interval": bounds,
        "cumulative": effect * 1.2,
        "shrunken": effect * 0.8,
        "same_period": effect / 2,
        "lag": 1,
        "lags_tested": (1, 2, 3),
        "profile": profile((effect, *bounds), (effect / 4, -spread, spread), (0.0, -spread, spread)),
        "points": 408,
        "practices": 12,
        "smallest_effect": spread * 1.4,
        "feedback": 0.4,
        "placebo_rate": 0.04,
    }
    return Verdict(**facts | more)


def blank(reason: str, **more) -> Verdict:
    """A verdict on what could not be tested."""
    facts = {"expect": "negative", "least": 0.05, "answer": "cannot_tell", "reason": reason, "points": 11}
    return Verdict(**facts | {"practices": 5} | more)


def alone(answer: str = "cannot_tell", effect: float = -0.2, spread: float = 0.5, **more) -> Verdict:
    """The same of one practice."""
    return verdict(
        answer, effect, spread, **{"points": 34, "practices": 1, "reason": "too_wide", "q_value": 0.4} | more
    )


def judged(answer: str = "supported", leading: str = "engagement", lagging: str = "wait_median", **more) -> Tested:
    facts = {"link": link(leading, lagging), "group": verdict(answer), "own": alone()}
    return Tested(**facts | more)


def described() -> Tested:
    """A supported link whose effect fades above 80 %, is blurred by few answers and is weaker with more training."""
    return judged(
        link=link(by="training_hours"),
        saturation=Saturation(80, 1, "flattens", -0.5, (-0.7, -0.3), -0.1, (-0.3, 0.1), p=0.01, q_value=0.02),
        attenuation=Attenuation(-0.34, 0.68, -0.5, (-0.72, -0.28)),
        moderated=Moderated(1, "weaker", -0.34, 0.04, (0.01, 0.07), 0.06, p=0.01, q_value=0.01),
    )


def one_of_each() -> tuple[Tested, ...]:
    """A report's links, each with another answer."""
    group = verdict("supported", gain=0.06, gain_p=0.01)
    rest = verdict("supported", effect=-0.3)
    return (
        judged(
            group=replace(group, without_influential=rest),
            own=alone("supported", effect=-0.41, spread=0.3, reason=""),
            since=verdict("cannot_tell", spread=0.6, points=120),
            departure=Departure(-0.36, -0.5, -0.21, -0.41, apart=False),
            standing="confirmed",
        ),
        judged(
            "contradicted",
            "no_show_rate",
            "operating_cost_ratio",
            link=link("no_show_rate", "operating_cost_ratio", expect="positive", least=0.05),
            group=verdict("contradicted", -0.12, 0.07, sd=1.8, feedback=0.01, shares=("visits.status",)),
            standing="changed",
            before="supported",
        ),
        judged(
            "forecasts",
            "wait_median",
            "provider_rating",
            link=link("wait_median", "provider_rating", least=0.3),
            group=verdict("forecasts", -0.6, 0.45, sd=3.2, least=0.3, p_leads=0.3),
            own=alone(effect=-0.9, spread=2.5),
            standing="new",
            edits=1,
        ),
        judged(
            "moves_together",
            "burnout",
            "no_show_rate",
            link=link("burnout", "no_show_rate", expect="positive"),
            group=verdict("moves_together", 0.02, 0.06, sd=6.0, same_period=0.09, p_forecasts=0.4, p_leads=0.6),
            own=alone(effect=0.1, spread=0.3),
        ),
        judged(
            "not_supported",
            "provider_rating",
            "new_patient_share",
            link=link("provider_rating", "new_patient_share", expect="positive"),
            group=verdict("not_supported", 0.01, 0.03, sd=4.0, p_forecasts=0.6, p_leads=0.7),
            own=blank("too_few_points", practices=1),
        ),
        judged(
            "cannot_tell",
            "billing_accuracy",
            "net_collection_rate",
            link=link("billing_accuracy", "net_collection_rate", expect="positive"),
            group=verdict("cannot_tell", 0.11, 0.4, sd=0.4, reason="too_wide", p_forecasts=0.3, p_leads=0.5),
            own=alone(effect=0.1, spread=0.9),
        ),
        judged(
            "cannot_tell",
            "staff_turnover",
            "days_in_ar",
            link=link("staff_turnover", "days_in_ar", expect="positive", least=None),
            group=blank("too_few_practices", least=None),
            own=blank("too_few_points", practices=1, least=None),
        ),
    )
