"""Disclosure: what a named audience may see. Charts, words and report get results only through here.

Source of the person-count rule: CMS cell-size policy, counts of 1–10 neither shown nor derivable, zero allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from bsc_analysis.analysis.variation import Variation, xmr
from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.kpis import KPIS, kpi
from bsc_analysis.kpis.kpi import KPI, Quantile
from bsc_analysis.params import Group, Practice
from bsc_analysis.params.models import Break, KpiChoice, Perspective
from bsc_analysis.periods import GRAINS, grain_of, parse, within
from bsc_analysis.readings import PEOPLE, USABLE, newest_complete, readings
from bsc_analysis.store import Store, open_store

FEWEST = 11  # persons; 1 to 10 are withheld (CMS)
FEWEST_ANSWERS = 5  # respondents, for every audience: below, leaders would know who said it
UNANIMOUS_BELOW = 20  # respondents or staff: "all of them" or "none of them" gives each one away
GUARDED = ("staff", "board", "external", "portfolio")
QUANTILES = [id for id, k in KPIS.items() if isinstance(k, Quantile)]
PERSONS = ("patients", "staff", "respondents")
SHOWN = ["numerator", "denominator", "n", "value", "lower", "upper"]


def withhold(frame: pd.DataFrame, audience: str) -> pd.DataFrame:
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
        hidden |= _gives_away(frame, kinds)
        left_out = frame["kpi"].isin(QUANTILES) & frame["rest_people"].between(1, FEWEST - 1)
        shown.loc[left_out, ["denominator", "n"]] = np.nan
    hidden |= _contains_hidden(frame, hidden)
    shown.loc[hidden, SHOWN] = np.nan
    shown.loc[hidden, "state"] = "withheld"
    return shown


def withhold_differences(frame: pd.DataFrame, published: pd.DataFrame, audience: str) -> pd.DataFrame:
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
    hidden |= _contains_hidden(frame, hidden)
    shown = frame.copy()
    shown.loc[hidden, SHOWN] = np.nan
    shown.loc[hidden, "state"] = "withheld"
    return shown


def _gives_away(frame: pd.DataFrame, counts: pd.Series) -> pd.Series:
    persons = counts.isin(PERSONS)
    own = frame["numerator"].where(persons), (frame["denominator"] - frame["numerator"]).where(persons)
    alone = frame["n"].where(frame["numerator"].isna())  # a published value with its count
    whole = frame["denominator"].fillna(alone).where(persons)
    numerator = frame["numerator_people"].fillna(own[0])
    rest = frame["rest_people"].where(~frame["kpi"].isin(QUANTILES)).fillna(own[1])
    people = frame["people"].fillna(whole)
    few = pd.concat([numerator, rest, people], axis=1)
    hidden = ((few >= 1) & (few < FEWEST)).any(axis=1)
    unanimous = counts.isin(["staff", "respondents"]) & ((numerator == 0) | (rest == 0)) & (people < UNANIMOUS_BELOW)
    return hidden | (unanimous & (people > 0))


def _contains_hidden(frame: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Quarters and years in which a month or quarter of the same KPI and practice is hidden."""
    contains = pd.Series(False, index=frame.index)
    keys = pd.Series(
        list(zip(frame["practice"], frame["kpi"], frame["grain"], frame["period"], strict=True)), frame.index
    )
    for grain in ("quarter", "year"):
        finer = frame[hidden & (frame["grain"] != grain) & (frame["grain"] != "year")]
        if finer.empty:
            continue
        longer = [within(text, grain) for text in finer["period"]]
        contains |= keys.isin(set(zip(finer["practice"], finer["kpi"], [grain] * len(finer), longer, strict=True)))
    return contains


@dataclass(frozen=True)
class Disclosed:
    """All that one reader of one practice's report may see.

    `readings`: rows of this practice up to `period` (kpi, grain, period, SHOWN, state); `accounts`, `quarantine`,
    `troubles`, `through`: what was read for it; the rest comes from params.
    """

    group: Group
    practice: Practice
    period: pd.Period
    audience: str
    readings: pd.DataFrame
    accounts: pd.DataFrame
    quarantine: pd.DataFrame
    troubles: pd.DataFrame
    through: pd.DataFrame

    @property
    def guarded(self) -> bool:
        """Whether person counts of 1–10 are withheld from this audience."""
        return self.audience in GUARDED

    @cached_property
    def kpis(self) -> dict[str, KPI]:
        """The KPIs of the practice's card, in its order."""
        return {id: kpi(id) for id in self.practice.kpis}

    def choice(self, id: str) -> KpiChoice:
        """What the params say of a KPI: target, owner."""
        return self.practice.kpis[id]

    def perspective_of(self, id: str) -> str:
        """The perspective that a KPI stands in: the params' choice, else the KPI's own."""
        return self.choice(id).perspective or self.kpis[id].perspective

    @property
    def perspectives(self) -> list[Perspective]:
        """The group's perspectives that hold a KPI of this practice, in the params' order."""
        used = {self.perspective_of(id) for id in self.kpis}
        return [p for p in self.group.shared.perspectives if p.id in used]

    def reading(self, id: str, period: pd.Period | None = None) -> pd.Series:
        """One reading of a KPI, of the report's period unless told otherwise; state `no_feed` where there is none."""
        period = self.period if period is None else period
        rows = self.readings
        rows = rows[(rows["kpi"] == id) & (rows["grain"] == grain_of(period)) & (rows["period"] == str(period))]
        if rows.empty:
            return pd.Series({"kpi": id, "period": str(period), "state": "no_feed"}).reindex(self.readings.columns)
        return rows.iloc[0]

    def series(self, id: str) -> pd.DataFrame:
        """A KPI's readings at the group's grain, indexed by period."""
        grain = self.group.shared.grain
        rows = self.readings[(self.readings["kpi"] == id) & (self.readings["grain"] == grain)]
        return rows.set_index(pd.PeriodIndex(rows["period"], freq=GRAINS[grain]))

    def breaks(self, id: str) -> list[Break]:
        """Documented changes in a KPI's series, up to the report's period."""
        own = [b for b in self.practice.breaks if id in b.kpis]
        return [b for b in own if parse(b.at).start_time <= self.period.end_time]

    @cached_property
    def variation(self) -> dict[str, Variation]:
        """Each KPI's series against chance, from usable readings that this reader may see."""
        return {id: self._vary(id) for id in self.kpis}

    def _vary(self, id: str) -> Variation:
        series = self.series(id)
        target = self.choice(id).target
        return xmr(
            series["value"].where(series["state"].isin(USABLE)),
            better=self.kpis[id].better,
            target=target.value if target else None,
            breaks=tuple(b.at for b in self.breaks(id)),
        )


def disclose(group: Group, practice: str, period: str | None = None, store: Store | None = None) -> Disclosed:
    """What the group's audience may see of one practice and period (default: the newest complete one).

    Raises UsageError for an unknown practice or a period without data, FeedError where the store cannot be made.
    """
    store = store or open_store(group)
    wanted = parse(period) if period is not None else parse(newest_complete(group, store))
    group = with_named_practices(group, store, wanted)
    if practice not in group.practices:
        hint = did_you_mean(practice, group.practices)
        raise UsageError(f"{practice!r} is not a practice of {group.id} in {wanted}.{hint}  (bsc list practices)")
    everything = readings(group, store)
    own = everything[everything["practice"] == practice]
    ends = own["period"].map({text: parse(text).end_time for text in own["period"].unique()})
    own = own[ends <= wanted.end_time]
    if not (own["period"] == str(wanted)).any():
        raise UsageError(f"{practice} has no readings for {wanted}: {_reach(everything, practice, grain_of(wanted))}")
    audience = group.shared.audience

    def mine(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["practice"].isin([practice, ""])].reset_index(drop=True)

    accounts = mine(store.accounts)

    return Disclosed(
        group=group,
        practice=group.practices[practice],
        period=wanted,
        audience=audience,
        readings=withhold(own, audience).reset_index(drop=True),
        accounts=accounts,
        quarantine=_of_others_without_lines(store.quarantine, accounts["file"], practice),
        troubles=mine(store.troubles),
        through=mine(store.through),
    )


def _of_others_without_lines(quarantine: pd.DataFrame, files: pd.Series, practice: str) -> pd.DataFrame:
    """The refused rows of the files behind a report; of other practices' rows in them only that there are some."""
    rows = quarantine[quarantine["file"].isin(files)].reset_index(drop=True)
    others = ~rows["practice"].isin([practice, ""])
    return rows.assign(
        line=rows["line"].mask(others), column=rows["column"].mask(others), rule=rows["rule"].mask(others)
    )


def _reach(everything: pd.DataFrame, practice: str, grain: str) -> str:
    """From when to when a practice has readings, for a message."""
    periods = everything.loc[(everything["practice"] == practice) & (everything["grain"] == grain), "period"]
    if periods.empty:
        return f"the group has no periods of grain {grain}"
    return f"its data run from {periods.min()} to {periods.max()}"


def with_named_practices(group: Group, store: Store, period: pd.Period) -> Group:
    """The group with the practices that its feed names in `period`, under their names of that period."""
    if group.shared.practices is None:
        return group
    titles = store.titles
    at = pd.to_datetime(titles["at"]).dt.to_period(GRAINS[grain_of(period)])
    named = titles[at == period]
    return group.with_practices(dict(zip(named["practice"], named["title"], strict=True)))
