"""Whether the items of a survey measure one thing: Cronbach's alpha, as psych::alpha in R gives it.

Sources: Cronbach 1951, Psychometrika 16, 297–334; its interval by Feldt 1965, Psychometrika 30, 357–370.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from bsc_analysis.analysis.given import numbers
from bsc_analysis.readings.intervals import ALPHA

LEAST_ANSWERS, LEAST_ITEMS = 10, 2
ITEMS = ["alpha_without", "item_rest"]


@dataclass(frozen=True)
class Reliability:
    """How well a survey's items hang together; NaN with a `reason`: 'too_few_answers', 'too_few_items' or 'all_alike'.

    `raw`: of the sum of the items, with its 95 % interval `lower`, `upper`; `standardised`: of items of equal variance;
    `average_r`: mean correlation of two items. `items`: by item, columns ITEMS: alpha of the others (NaN of two items)
    and the correlation with the sum of the others. `against`: items that run against most others by the first
    principal component (asked the other way round, or misread); none is turned silently. `constant`: items that all
    answered alike, left out.
    `answers`: people who answered every item; `incomplete`: people left out because they did not.
    """

    raw: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    standardised: float = np.nan
    average_r: float = np.nan
    items: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ITEMS, dtype=float))
    against: tuple[str, ...] = ()
    constant: tuple[str, ...] = ()
    answers: int = 0
    incomplete: int = 0
    reason: str = ""


def cronbach(answers: pd.DataFrame) -> Reliability:
    """The reliability of a scale; `answers`: person × item, numbers, NaN where not answered.

    Raises ValueError where an item holds what is no number.
    """
    told = numbers("answers", answers, pd.DataFrame)
    told = told.drop(columns=[name for name in told if told[name].isna().all()])
    whole = told.dropna()
    people, incomplete = len(whole), int(told.notna().any(axis=1).sum() - len(whole))
    if people < LEAST_ANSWERS:
        return Reliability(answers=people, incomplete=incomplete, reason="too_few_answers")
    constant = tuple(str(name) for name in whole if whole[name].nunique() == 1)
    whole = whole.loc[:, whole.nunique() > 1]
    k = whole.shape[1]
    if k < LEAST_ITEMS:
        why = "all_alike" if constant else "too_few_items"
        return Reliability(constant=constant, answers=people, incomplete=incomplete, reason=why)
    rest = whole.apply(lambda item: whole.sum(axis=1) - item)
    item_rest = pd.Series({name: _correlation(whole[name], rest[name]) for name in whole})
    without = pd.Series({name: _alpha(whole.drop(columns=name)) for name in whole})
    correlations = np.corrcoef(whole.to_numpy(), rowvar=False)
    average = float((correlations.sum() - k) / (k * (k - 1)))
    loadings = np.linalg.eigh(correlations)[1][:, -1]
    loadings = loadings * (1 if loadings.sum() >= 0 else -1)
    raw = _alpha(whole)
    reach = stats.f.ppf([1 - ALPHA / 2, ALPHA / 2], people - 1, (people - 1) * (k - 1))
    lower, upper = (float(1 - (1 - raw) * f) for f in reach)
    return Reliability(
        raw,
        lower,
        upper,
        standardised=k * average / (1 + (k - 1) * average) if (k - 1) * average > -1 else np.nan,
        average_r=average,
        items=pd.DataFrame({"alpha_without": without, "item_rest": item_rest}),
        against=tuple(str(name) for name, weight in zip(whole, loadings, strict=True) if weight < 0),
        constant=constant,
        answers=people,
        incomplete=incomplete,
    )


def _alpha(items: pd.DataFrame) -> float:
    """Alpha of the sum of the items; NaN of a single one, and of a sum that is always the same."""
    k, total = items.shape[1], items.sum(axis=1).var()
    if k < LEAST_ITEMS or total <= 1e-12 * items.var().sum():
        return np.nan
    return float(k / (k - 1) * (1 - items.var().sum() / total))


def _correlation(one: pd.Series, other: pd.Series) -> float:
    return float(one.corr(other)) if other.nunique() > 1 else np.nan
