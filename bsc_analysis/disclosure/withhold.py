"""Which readings a named audience may see.

Source of the person-count rule: CMS cell-size policy, counts of 1–10 neither shown nor derivable, zero allowed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import Quantile
from bsc_analysis.periods import CALENDAR_YEARS, Calendar
from bsc_analysis.readings import PEOPLE

FEWEST = 11  # persons; 1 to 10 are withheld (CMS)
FEWEST_ANSWERS = 5  # respondents, for every audience: below, leaders would know who said it
UNANIMOUS_BELOW = 20  # respondents or staff: "all of them" or "none of them" gives each one away
GUARDED = ("staff", "board", "external", "portfolio")
PERSONS = ("patients", "staff", "respondents")
SHOWN = ["numerator", "denominator", "n", "value", "lower", "upper"]


def withhold(frame: pd.DataFrame, audience: str, years: Calendar = CALENDAR_YEARS) -> pd.DataFrame:
    """The readings that `audience` may see: state `withheld` and no number where 1–10 persons stand behind one.

    A count, its complement and its rate go together, and a longer period goes with a withheld shorter one in it,
    or a difference would give it back. Fewer than five respondents are withheld from everybody. Where 1–10 persons
    were left out of a median, a guarded audience sees it without its counts. The counts of distinct persons
    themselves never leave.
    """
    kinds = frame["kpi"].map({id: k.counts for id, k in KPIS.items()})
    answers = frame["n"].where(kinds == "respondents")
    hidden = (answers > 0) & (answers < FEWEST_ANSWERS)
    shown = frame.drop(columns=PEOPLE)
    if audience in GUARDED:
        hidden |= gives_away(frame, kinds)
        left_out = _is_quantile(frame["kpi"]) & frame["rest_people"].between(1, FEWEST - 1)
        shown.loc[left_out, ["denominator", "n"]] = np.nan
    hidden |= _contains_hidden(frame, hidden, years)
    shown.loc[hidden, SHOWN] = np.nan
    shown.loc[hidden, "state"] = "withheld"
    return shown


def _is_quantile(kpis: pd.Series) -> pd.Series:
    return kpis.isin([id for id, k in KPIS.items() if isinstance(k, Quantile)])


def withhold_differences(
    frame: pd.DataFrame, published: pd.DataFrame, audience: str, years: Calendar = CALENDAR_YEARS
) -> pd.DataFrame:
    """The withheld readings `frame` without those that would tell of 1–10 persons beside what was `published` before.

    A guarded reader holds both releases: the difference of two shown counts is a count too.
    """
    if audience not in GUARDED:
        return frame
    key = ["practice", "kpi", "grain", "period"]
    counts = ["numerator", "denominator", "n"]
    before = frame[key].merge(published[[*key, *counts]], how="left", on=key).set_index(frame.index)
    change = frame[counts] - before[counts]
    change = change.assign(rest=change["denominator"] - change["numerator"]).abs().round()
    hidden = ((change >= 1) & (change < FEWEST)).any(axis=1)
    hidden |= _contains_hidden(frame, hidden, years)
    shown = frame.copy()
    shown.loc[hidden, SHOWN] = np.nan
    shown.loc[hidden, "state"] = "withheld"
    return shown


def gives_away(frame: pd.DataFrame, counts: pd.Series) -> pd.Series:
    """Whether 1–10 persons stand behind a row or its complement, or all of a few say the same.

    `frame`: kpi, numerator, denominator, n and PEOPLE; `counts`: what the KPI of each row counts.
    """
    persons = counts.isin(PERSONS)
    own = frame["numerator"].where(persons), (frame["denominator"] - frame["numerator"]).where(persons)
    alone = frame["n"].where(frame["numerator"].isna())  # a published value with its count
    whole = frame["denominator"].fillna(alone).where(persons)
    named = frame["numerator_people"]
    numerator = named.where(named > 0).fillna(own[0]).fillna(named)  # rows that name nobody are of one person each
    rest = frame["rest_people"].where(~_is_quantile(frame["kpi"])).fillna(own[1])
    people = frame["people"].fillna(whole)
    few = pd.concat([numerator, rest, people], axis=1)
    hidden = ((few >= 1) & (few < FEWEST)).any(axis=1)
    unanimous = counts.isin(["staff", "respondents"]) & ((numerator == 0) | (rest == 0)) & (people < UNANIMOUS_BELOW)
    return hidden | (unanimous & (people > 0))


def _contains_hidden(frame: pd.DataFrame, hidden: pd.Series, years: Calendar) -> pd.Series:
    """Quarters and years in which a month or quarter of the same KPI and practice is hidden."""
    contains = pd.Series(False, index=frame.index)
    keys = pd.Series(
        list(zip(frame["practice"], frame["kpi"], frame["grain"], frame["period"], strict=True)), frame.index
    )
    for grain in ("quarter", "year"):
        finer = frame[hidden & (frame["grain"] != grain) & (frame["grain"] != "year")]
        if finer.empty:
            continue
        longer = [years.within(text, grain) for text in finer["period"]]
        contains |= keys.isin(set(zip(finer["practice"], finer["kpi"], [grain] * len(finer), longer, strict=True)))
    return contains
