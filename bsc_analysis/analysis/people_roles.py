"""Where roles answer a staff survey differently: each role's mean, and its distance from that of all others.

Two questions, two answers. The intervals ask what those who did not answer would change (finite-population correction:
where all of a role answered, nothing). The p-values ask whether dealing the same answers out to the roles at random
would set one as far apart: by permutation, since a role is often five people on a scale of five.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import stats

from bsc_analysis.analysis.given import numbers
from bsc_analysis.analysis.interval import Interval, mean
from bsc_analysis.analysis.verdict import benjamini_hochberg
from bsc_analysis.readings.intervals import ALPHA

LEAST = 5  # answers of a role, as disclosure asks
SHUFFLES, SEED = 9_999, 5


@dataclass(frozen=True)
class RoleScore:
    """One role's score. `people`: how many have the role, None if unknown.

    `own`: its mean and interval. `difference`: its mean less that of all others; `lower`, `upper`: simultaneous over
    the roles compared (Bonferroni, 95 %, Welch). `p`, `q_value` (Benjamini–Hochberg over the roles): of no difference.
    `answer`: 'higher', 'lower', 'none_distinguishable' or 'cannot_tell', with a `reason`: 'too_few_answers',
    'no_other_role', 'all_alike' or 'more_answers_than_people'.
    """

    role: str
    own: Interval
    people: int | None = None
    difference: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    p: float | None = None
    q_value: float | None = None
    answer: str = "cannot_tell"
    reason: str = ""


@dataclass(frozen=True)
class RoleDifferences:
    """All roles of a wave in the order of their names; `compared`: how many; `unknown`: answers without a role."""

    roles: Mapping[str, RoleScore] = field(default_factory=dict)
    compared: int = 0
    unknown: int = 0


def role_differences(
    scores: pd.Series, roles: pd.Series, people: Mapping[str, int] | None = None, *, seed: int = SEED
) -> RoleDifferences:
    """Differences by role; `scores`, `roles`: by respondent, one row each; `people`: role → how many have it.

    Roles of fewer than LEAST answers count among the others and are not compared. Raises ValueError where a respondent
    stands twice, the two series name other respondents, or a score is no number.
    """
    if scores.index.has_duplicates or not scores.index.equals(roles.index):
        raise ValueError("scores and roles do not name the same respondents once each; give one row per respondent")
    told = pd.DataFrame({"score": numbers("scores", scores, pd.Series), "role": roles}).dropna(subset="score")
    known = told.dropna(subset="role")
    staff = people or {}
    chance = _dealt_out(known, seed)
    found = [_compared(role, known, staff, distances) for role, distances in chance.items()]
    compared = sum(each.p is not None for each in found)
    q = benjamini_hochberg([each.p for each in found])
    judged = [_judged(each, value, compared, known, staff) for each, value in zip(found, q, strict=True)]
    return RoleDifferences({each.role: each for each in judged}, compared, len(told) - len(known))


def _dealt_out(told: pd.DataFrame, seed: int) -> dict[str, np.ndarray]:
    """By role: how far it would lie from all others in SHUFFLES random deals of the same answers."""
    scores, sizes = told["score"].to_numpy(), told.groupby("role").size()
    deals = np.random.default_rng(seed).permuted(np.tile(scores, (SHUFFLES, 1)), axis=1)
    ends = sizes.cumsum()
    found = {}
    for role, end in ends.items():
        own = deals[:, end - sizes[role] : end].sum(axis=1)
        rest = len(scores) - sizes[role]
        found[str(role)] = own / sizes[role] - (scores.sum() - own) / rest if rest else np.zeros(SHUFFLES)
    return found


def _compared(role: str, told: pd.DataFrame, people: Mapping[str, int], chance: np.ndarray) -> RoleScore:
    """A role's mean, its difference and p; q and the interval come when all roles are known."""
    own, others = _sides(told, role)
    score = mean(own.sum(), (own**2).sum(), len(own), population=people.get(role))
    blank = RoleScore(role, score, people.get(role), reason=score.reason)
    if len(own) < LEAST or score.reason:
        return replace(blank, reason=score.reason or "too_few_answers")
    if len(others) < LEAST:
        return replace(blank, reason="too_few_answers" if len(others) else "no_other_role")
    if np.ptp(told["score"]) == 0:
        return replace(blank, difference=0.0, reason="all_alike")
    difference = float(own.mean() - others.mean())
    as_far = np.abs(chance) >= abs(difference) - 1e-9  # answers are few, and sums of the same ones differ by rounding
    return replace(blank, difference=difference, p=float((1 + as_far.sum()) / (SHUFFLES + 1)))


def _judged(
    found: RoleScore, q: float | None, compared: int, told: pd.DataFrame, people: Mapping[str, int]
) -> RoleScore:
    if q is None:
        return found
    own, others = _sides(told, found.role)
    everybody = set(told["role"]) <= set(people)  # else nobody knows how many the others are
    doubts = [(_doubt(own, found.people), len(own) - 1)]
    doubts += [(_doubt(others, sum(people.values()) - people[found.role] if everybody else None), len(others) - 1)]
    total = sum(doubt for doubt, _ in doubts)
    freedom = total**2 / sum(doubt**2 / free for doubt, free in doubts) if total else 1.0
    width = float(stats.t.ppf(1 - ALPHA / 2 / compared, freedom) * np.sqrt(total))
    answer = "none_distinguishable" if q > ALPHA else "higher" if found.difference > 0 else "lower"
    low, high = found.difference - width, found.difference + width
    return replace(found, lower=low, upper=high, q_value=q, answer=answer)


def _sides(told: pd.DataFrame, role: str) -> tuple[np.ndarray, np.ndarray]:
    """The scores of a role and those of all others."""
    own = told["role"] == role
    return told.loc[own, "score"].to_numpy(), told.loc[~own, "score"].to_numpy()


def _doubt(scores: np.ndarray, people: int | None) -> float:
    """The variance of a mean of so many answers out of so many people."""
    unknown = 1.0 if people is None else max(0.0, 1 - len(scores) / people)
    return float(unknown * scores.var(ddof=1) / len(scores))
