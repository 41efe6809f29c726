"""Training needs found in work patterns: where one team's share differs from all other teams' by more than chance.

A pattern is a share of a team's work: claims denied for a reason, calls passed on, calls that came again, charges
entered late, notes left open. All teams × patterns are one family of tests (Benjamini–Hochberg). Work clusters by
person and by day, so counts swing more than independent ones would; that is measured between the clusters within teams
and widens every test and interval. Where no cluster is told, each case counts as if it stood alone (`clusters` is 0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from bsc_analysis.analysis.direction import checked, word
from bsc_analysis.analysis.given import numbers
from bsc_analysis.analysis.interval import share
from bsc_analysis.analysis.verdict import POWER, benjamini_hochberg
from bsc_analysis.readings.intervals import ALPHA

LEAST = 30  # cases of a team, and of the others
LEAST_FREEDOM = 3  # clusters beyond the teams, to measure how they swing; with fewer nobody knows what chance does
COLUMNS = ["pattern", "team", "count", "of"]


@dataclass(frozen=True)
class Need:
    """One team and one pattern against all other teams.

    `share`, `others`: the team's and theirs; `difference` with the 95 % interval `lower`, `upper` (Newcombe 1998, of
    this one comparison); `n`, `n_others`: cases; `clusters`: of all teams in this pattern, 0 where none were told;
    `phi`: by how much they swing beyond chance. `p`, `q_value`: over all teams × patterns of the report.
    `smallest_visible`: the difference found in 80 of 100 such comparisons at the family's strictest step.
    `answer`: 'worse' (a training need), 'better' (somebody to learn from), 'none_distinguishable' or 'cannot_tell',
    with a `reason`: 'too_few_cases', 'no_other_team', 'one_person', 'no_events', 'too_few_clusters' or
    'impossible_counts'.
    """

    pattern: str
    team: str
    share: float = np.nan
    others: float = np.nan
    difference: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    n: int = 0
    n_others: int = 0
    clusters: int = 0
    phi: float = 1.0
    p: float | None = None
    q_value: float | None = None
    smallest_visible: float = np.nan
    answer: str = "cannot_tell"
    reason: str = ""


@dataclass(frozen=True)
class TrainingNeeds:
    """`all`: every team × pattern, in the order given; `tested`: how many could be. `answer`: 'found',
    'none_distinguishable' (from chance) or 'cannot_tell' (nothing could be tested)."""

    all: tuple[Need, ...]
    tested: int
    answer: str

    @property
    def needs(self) -> list[Need]:
        """Where a team does worse, the clearest first."""
        return sorted((each for each in self.all if each.answer == "worse"), key=lambda each: each.p or 0.0)


def training_needs(work: pd.DataFrame, better: Mapping[str, str]) -> TrainingNeeds:
    """The needs of all teams in all patterns.

    `work`: one row per pattern, team and cluster; columns COLUMNS (`count` cases of the pattern among `of`), optional
    `cluster` (a person or, where nobody may be named, a month) and `people` (how many work in the team). `better`:
    pattern → 'up' or 'down'. A team of one is not compared: it would be a judgement of a person. Raises ValueError
    where a column or a direction is missing, or a count is no number.
    """
    absent = [name for name in COLUMNS if name not in work]
    if absent:
        raise ValueError(f"work patterns have no {', '.join(absent)}; give {', '.join(COLUMNS)}")
    unsaid = sorted({str(name) for name in work["pattern"].dropna()} - set(better))
    if unsaid or "neutral" in map(checked, better.values()):
        raise ValueError(f"say 'up' or 'down' for each pattern; open: {', '.join(unsaid) or 'neutral ones'}")
    told = work.assign(**numbers("work patterns", work[["count", "of"]], pd.DataFrame)).dropna(
        subset=["pattern", "team"]
    )
    found = [each for _, rows in told.groupby("pattern", sort=False) for each in _of_pattern(rows)]
    tested = sum(each.p is not None for each in found)
    q = benjamini_hochberg([each.p for each in found])
    judged = tuple(_judged(each, value, tested, better[each.pattern]) for each, value in zip(found, q, strict=True))
    worse = any(each.answer == "worse" for each in judged)
    return TrainingNeeds(judged, tested, "found" if worse else "none_distinguishable" if tested else "cannot_tell")


def _of_pattern(rows: pd.DataFrame) -> list[Need]:
    pattern = str(rows["pattern"].iloc[0])
    teams = rows.groupby("team", sort=False)[["count", "of"]].sum()
    people = rows.groupby("team")["people"].max() if "people" in rows else pd.Series(dtype=float)
    wrong = (rows["count"] < 0) | (rows["count"] > rows["of"]) | rows[["count", "of"]].isna().any(axis=1)
    phi, clusters, freedom = _swing(rows[~wrong], teams)
    blank = [Need(pattern, str(team), clusters=clusters, phi=phi) for team in teams.index]
    if wrong.any():
        return [replace(each, reason="impossible_counts") for each in blank]
    return [
        _against(each, teams, team, people.get(team), freedom) for each, team in zip(blank, teams.index, strict=True)
    ]


def _against(blank: Need, teams: pd.DataFrame, team: str, people: float | None, freedom: float) -> Need:
    own, others = teams.loc[team], teams.drop(index=team).sum()
    blank = replace(blank, n=int(own["of"]), n_others=int(others["of"]))
    total = own + others
    if people is not None and people < 2:
        return replace(blank, reason="one_person")
    if others["of"] == 0:
        return replace(blank, reason="no_other_team")
    if min(own["of"], others["of"]) < LEAST:
        return replace(blank, reason="too_few_cases")
    if total["count"] in (0, total["of"]):
        return replace(blank, reason="no_events")
    if not freedom:
        return replace(blank, reason="too_few_clusters")
    mine, theirs = (share(side["count"], side["of"], phi=blank.phi) for side in (own, others))
    difference = mine.value - theirs.value
    pooled = total["count"] / total["of"]
    error = float(np.sqrt(blank.phi * pooled * (1 - pooled) * (1 / own["of"] + 1 / others["of"])))
    return replace(
        blank,
        share=mine.value,
        others=theirs.value,
        difference=difference,
        lower=difference - float(np.hypot(mine.value - mine.lower, theirs.upper - theirs.value)),
        upper=difference + float(np.hypot(mine.upper - mine.value, theirs.value - theirs.lower)),
        p=float(2 * stats.t.sf(abs(difference) / error, freedom)),
        smallest_visible=error,
    )


def _swing(rows: pd.DataFrame, teams: pd.DataFrame) -> tuple[float, int, float]:
    """φ of the clusters about their own team's share (Pearson's χ² over its freedom, at least 1), how many there are,
    and its degrees of freedom; 1, 0 and infinite where no cluster is told, none of freedom where they are too few."""
    if "cluster" not in rows:
        return 1.0, 0, np.inf
    cells = rows.groupby(["team", "cluster"])[["count", "of"]].sum()
    cells = cells[cells["of"] > 0]
    expected = (teams["count"] / teams["of"]).reindex(cells.index.get_level_values("team")).to_numpy()
    varies = (expected > 0) & (expected < 1)
    of, expected = cells["of"].to_numpy()[varies], expected[varies]
    freedom = len(of) - len(set(cells.index.get_level_values("team")[varies]))
    if freedom < LEAST_FREEDOM:
        return 1.0, len(of), 0.0
    squares = (cells["count"].to_numpy()[varies] - of * expected) ** 2 / (of * expected * (1 - expected))
    return max(1.0, float(squares.sum() / freedom)), len(of), float(freedom)


def _judged(found: Need, q: float | None, tested: int, better: str) -> Need:
    if q is None:
        return found
    visible = float(stats.norm.ppf(1 - ALPHA / 2 / tested) + POWER) * found.smallest_visible
    answer = word(found.difference, better) if q <= ALPHA else "none_distinguishable"
    return replace(found, q_value=q, smallest_visible=visible, answer=answer)
