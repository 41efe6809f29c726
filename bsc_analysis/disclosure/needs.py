"""Training needs found in work patterns, by team, as far as a named audience may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bsc_analysis.analysis.people_needs import Need, training_needs
from bsc_analysis.disclosure.deeds import YEAR
from bsc_analysis.disclosure.few import together
from bsc_analysis.disclosure.withhold import FEWEST_ANSWERS, GUARDED
from bsc_analysis.params import Group
from bsc_analysis.readings.labels import OTHERS
from bsc_analysis.readings.work_patterns import BETTER, work_patterns
from bsc_analysis.store import Store


@dataclass(frozen=True)
class Needs:
    """Where a team's work differs from that of all others by more than chance.

    `tested`: teams × patterns compared; `patterns`: those compared; `apart`: comparisons that came out, worse first, of
    teams of five people or more (OTHERS: the smaller ones together); none for guarded audiences, who get `worse`, how
    many needs were found. `unsized`: whether work was left out because the roster does not tell how many are in a team.
    `answer`: 'found', 'none_distinguishable', 'cannot_tell' or 'no_table' (none tells work by team).
    """

    answer: str = "no_table"
    tested: int = 0
    worse: int = 0
    patterns: tuple[str, ...] = ()
    apart: tuple[Need, ...] = ()
    unsized: bool = False


def needs(group: Group, practice: str, through: pd.Timestamp, store: Store, sizes: Mapping[str, int]) -> Needs:
    """The needs of the year up to the day `through`.

    `sizes`: team or role in lower case → how many have it. Teams that are not on the roster, or of fewer than five, are
    put together with the smallest others, so that no team's work is a person's.
    """
    work = work_patterns(store, practice, through - YEAR + pd.Timedelta(days=1), through)
    if work.empty:
        return Needs()
    safe = [_teams_together(rows, sizes) for _, rows in work.groupby("pattern", sort=False)]
    told = pd.concat(safe, ignore_index=True)
    found = training_needs(told, dict.fromkeys(told["pattern"].unique(), BETTER))
    unsized = any(str(team).strip().lower() not in sizes for team in work["team"].unique())
    tested = tuple(dict.fromkeys(need.pattern for need in found.all if need.p is not None))
    apart = (*found.needs, *(each for each in found.all if each.answer == "better"))
    answer, shown = "found" if apart else found.answer, () if group.shared.audience in GUARDED else apart
    return Needs(answer, found.tested, len(found.needs), tested, shown, unsized)


def _teams_together(rows: pd.DataFrame, sizes: Mapping[str, int]) -> pd.DataFrame:
    """One pattern's rows with teams of too few people, or of nobody knows how many, under one label."""
    rows = rows.assign(team=_written_alike(rows["team"]))
    people = {team: sizes.get(team.strip().lower(), 0) for team in rows["team"].unique()}
    label = together(people, FEWEST_ANSWERS)
    sums = pd.Series(people).groupby(label).sum()
    if sums.get(OTHERS, FEWEST_ANSWERS) < FEWEST_ANSWERS:
        return rows.iloc[:0]
    named = rows.assign(team=rows["team"].map(label))
    added = named.groupby(["pattern", "team", "cluster"], as_index=False, sort=False)[["count", "of"]].sum()
    return added.assign(people=added["team"].map(sums))


def _written_alike(teams: pd.Series) -> pd.Series:
    """Teams that differ in capitals or blanks as the first of them is written: they are the same people."""
    return teams.groupby(teams.str.strip().str.lower()).transform("first")
