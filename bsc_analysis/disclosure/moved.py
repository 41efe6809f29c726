"""Why a practice's KPIs moved between two periods, as far as a named audience may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsc_analysis.analysis.mix import Mix, kitagawa
from bsc_analysis.analysis.rate_change import Dispersion, dispersion
from bsc_analysis.analysis.volume_price_mix import Amount, volume_price_mix
from bsc_analysis.analysis.worth import Worth
from bsc_analysis.disclosure.fold import fold, persons_known
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.kpis import kpi
from bsc_analysis.kpis.kpi import KPI, Ratio, Total
from bsc_analysis.params import Group
from bsc_analysis.periods import grain_in, grains_from
from bsc_analysis.readings import USABLE
from bsc_analysis.readings.labels import DIMENSIONS, OTHERS, dimensions
from bsc_analysis.readings.parts import SIDES, parts
from bsc_analysis.store import Store

EQUAL = 1e-9  # relative: parts and reading are one number, added up in another order
RECENT = 12  # periods of the group's grain: enough to tell how much chance there is, and of today's practice


@dataclass(frozen=True)
class Moved:
    """Why one KPI moved from `first` to `last`, by one dimension.

    `mix`: rate and mix effects of its parts, or the reason why there are none; `amount`: of a KPI in dollars per
    something, why the dollars moved, None for other KPIs. Reasons beside those of analysis.mix:
    not_a_sum (median, stock, published value, score), no_rate (a total), no_such_column, other_grain (a guarded
    audience sees parts at the grain that the group reports only, or else quarters less months would be hidden months),
    ready_made (the reading is not what the rows give), same_thing (the label only repeats what is counted),
    persons_unknown, withheld, or the state of a reading without a value: no_feed, too_few, immature, not_calculable.
    """

    kpi: str
    dimension: str
    first: str
    last: str
    mix: Mix = field(default_factory=Mix)
    amount: Amount | None = None


def moved(
    group: Group, practice: str, shown: pd.DataFrame, store: Store, first: str, last: str, kpis: Iterable[str]
) -> tuple[Moved, ...]:
    """Why each of the KPIs moved from period `first` to `last`, one Moved per KPI and dimension.

    `shown`: the practice's readings as the group's audience may see them (disclosure.withhold). The periods are of one
    grain, `first` before `last`; anything between them does not enter.
    """
    grain, finest = grain_in(last), group.shared.grain
    own, shorter = (_own(parts(group, store, g), practice) for g in (grain, finest))
    found = []
    for dimension in DIMENSIONS:
        mine = own[(own["dimension"] == dimension) & (own["period"] <= last)]
        seen = fold(mine, group.shared.audience)
        finer = shorter[shorter["dimension"] == dimension]
        for id in kpis:
            why = left_out(group, kpi(id), shown, mine, seen, dimension, (first, last))
            mix = Mix(reason=why) if why else _taken_apart(group, id, seen, finer, first, last)
            found.append(Moved(id, dimension, first, last, mix, _amount(kpi(id), shown, mix, first, last)))
    return tuple(found)


def still_explained(
    told: tuple[Moved, ...], worths: tuple[Worth, ...], shown: pd.DataFrame
) -> tuple[tuple[Moved, ...], tuple[Worth, ...]]:
    """Both without what is made of readings that `shown` withholds by now."""
    rows = shown[shown["state"] == "withheld"]
    hidden = set(zip(rows["kpi"], rows["period"], strict=True))
    return (
        tuple(m for m in told if not hidden & {(m.kpi, m.first), (m.kpi, m.last)}),
        tuple(w for w in worths if not hidden & {(w.kpi, w.period), w.price_of}),
    )


def _own(frame: pd.DataFrame, practice: str) -> pd.DataFrame:
    return frame[frame["practice"] == practice]


def left_out(
    group: Group, one: KPI, shown: pd.DataFrame, mine: pd.DataFrame, seen: pd.DataFrame, dimension: str,
    pair: tuple[str, str],
) -> str:  # fmt: skip
    """Why the KPI is not taken apart by the dimension in the two periods, '' where it can be: Moved's reasons.

    `shown`: the practice's readings; `mine`: its parts by the dimension, `seen`: these folded (disclosure.fold).
    """
    if not isinstance(one, Ratio):
        return "no_rate" if isinstance(one, Total) else "not_a_sum"
    if dimension not in dimensions(one):
        return "no_such_column"
    told = [_reading(shown, one.id, period) for period in pair]
    for reading in told:
        if reading["state"] not in USABLE:
            return str(reading["state"])
    guarded = group.shared.audience in GUARDED
    if guarded and grain_in(pair[1]) != group.report_grain:
        return "other_grain"
    rows = mine[mine["kpi"] == one.id]
    for period, reading in zip(pair, told, strict=True):
        if not np.allclose(rows.loc[rows["period"] == period, SIDES].sum(), reading[SIDES].astype(float), rtol=EQUAL):
            return "ready_made"
    if guarded and not persons_known(mine, one.id):
        return "persons_unknown"
    both = rows["period"].isin(pair)
    if _says_the_same(rows[both], one):
        return "same_thing"
    shows = seen[(seen["kpi"] == one.id) & seen["period"].isin(pair)]
    return "withheld" if set(shows["part"]) == {OTHERS} and rows.loc[both, "part"].nunique() > 1 else ""


def _says_the_same(rows: pd.DataFrame, one: KPI) -> bool:
    """Whether a label only repeats what a share counts: each part has all of it, or nothing."""
    all_or_nothing = (rows["numerator"] == 0) | (rows["numerator"] == rows["denominator"])
    return one.unit == "%" and rows["part"].nunique() > 1 and bool(all_or_nothing.all() and rows["numerator"].any())


def _reading(shown: pd.DataFrame, id: str, period: str) -> pd.Series:
    found = shown[(shown["kpi"] == id) & (shown["period"] == period)]
    return found.iloc[0] if len(found) else pd.Series({"state": "no_feed"})


def _taken_apart(group: Group, id: str, seen: pd.DataFrame, finer: pd.DataFrame, first: str, last: str) -> Mix:
    one = kpi(id)
    assert isinstance(one, Ratio)
    before, after = (
        seen[(seen["kpi"] == id) & (seen["period"] == period)].set_index("part") for period in (first, last)
    )
    chance = _chance(group, finer[finer["kpi"] == id], one, last)
    return kitagawa(before[SIDES], after[SIDES], scale=one.scale, interval=one.interval, chance=chance)


def _chance(group: Group, finer: pd.DataFrame, one: Ratio, last: str) -> Dispersion:
    """What chance does to the parts' rates: how the group's periods vary within the next longer ones, up to `last`."""
    parse, longer = group.calendar.parse, grains_from(group.shared.grain)[1:2]
    past = sorted(text for text in finer["period"].unique() if parse(text).end_time <= parse(last).end_time)
    if not longer:
        return Dispersion()
    stretch = {text: group.calendar.within(text, longer[0]) for text in past[-RECENT:]}
    recent = finer[finer["period"].isin(list(stretch))]
    return dispersion(
        recent.assign(period=recent["period"].map(stretch)).set_index(["part", "period"])[SIDES], one.interval
    )


def _amount(one: KPI, shown: pd.DataFrame, mix: Mix, first: str, last: str) -> Amount | None:
    if not isinstance(one, Ratio) or one.unit != "$":
        return None
    told = [_reading(shown, one.id, period) for period in (first, last)]
    for reading in told:
        if reading["state"] not in USABLE:
            return Amount(reason=str(reading["state"]))
    before, after = ((float(reading["numerator"]), float(reading["denominator"])) for reading in told)
    return volume_price_mix(before, after, mix)
