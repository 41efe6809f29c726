"""Chains of declared links, staff → process → patient → money: which there are, and whether each link of one holds.

A chain holds only if every link of it is supported: it is refuted by its weakest, so no further test is spent on it
(joint significance: MacKinnon et al. 2002). Its effect is the product of its links' effects; a product of estimates is
skewed, so its interval comes from draws (MacKinnon, Lockwood & Williams 2004).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import numpy as np

from bsc_analysis.analysis.tested import Tested
from bsc_analysis.analysis.verdict import Verdict
from bsc_analysis.params.models import Link

Pair = tuple[str, str]  # leading and lagging KPI

DRAWS = 20_000
TAILS = (0.025, 0.975)
WIDTH = 1.959964  # standard errors that a link's interval is read as; being one for all lags, it is wider


@dataclass(frozen=True)
class ChainEffect:
    """What the first KPI of a chain comes to in the last, in the last one's unit per unit of the first.

    `holds`: every link is supported. Else `broken` is the first link that is not, `answer` what it says instead, and
    `reason` 'link_not_supported' or 'link_not_tested'; effect, interval (95 %) and lag (periods, all links' added) are
    given as far as all links were estimated. `shrunken`: the product of the links' shrunken effects. `q_value`: of the
    weakest link.
    """

    path: tuple[str, ...]
    holds: bool = False
    broken: Pair | None = None
    answer: str = ""
    effect: float = np.nan
    interval: tuple[float, float] = (np.nan, np.nan)
    shrunken: float = np.nan
    lag: int | None = None
    q_value: float | None = None
    reason: str = ""


def cycles(pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    """Circles among the links, each as (a, b, …, a) along its links; [] where there are none.

    One circle is told for each link that must go until none is left; a KPI linked to itself is (a, a).
    """
    left, found = list(dict.fromkeys(pairs)), []
    while circle := _circle(left):
        found.append(circle)
        left.remove((circle[-2], circle[-1]))
    return found


def chains(pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    """Every path of two links or more that cannot be made longer, in the order in which the links are declared.

    Links that close a circle are left out (params refuse circles).
    """
    after: dict[str, list[str]] = {}
    kept = list(dict.fromkeys(pairs))
    closing = {circle[-2:] for circle in cycles(kept)}
    for leading, lagging in kept:
        if (leading, lagging) not in closing:
            after.setdefault(leading, []).append(lagging)
    reached = {lagging for each in after.values() for lagging in each}
    paths: list[tuple[str, ...]] = [(start,) for start in after if start not in reached]
    whole = []
    while paths:
        path = paths.pop(0)
        if path[-1] not in after and len(path) > 2:
            whole.append(path)
        paths[:0] = [(*path, lagging) for lagging in after.get(path[-1], [])]
    return whole


def chain_effect(path: tuple[str, ...], verdicts: Mapping[Pair, Verdict], seed: int = 0) -> ChainEffect:
    """What the judged `verdicts`, by (leading, lagging), say of the chain `path`."""
    links = list(pairwise(path))
    told = [verdicts.get(link) for link in links]
    broken = next((at for at, v in enumerate(told) if v is None or v.answer != "supported"), None)
    if not links:
        return ChainEffect(path, reason="link_not_tested")
    facts: dict = {"path": path, "holds": broken is None}
    if broken is not None:
        weakest = told[broken]
        facts |= {"broken": links[broken], "answer": weakest.answer if weakest else ""}
        facts |= {"reason": "link_not_supported" if weakest else "link_not_tested"}
    known = [v for v in told if v is not None and v.lag is not None and np.isfinite([v.effect, *v.interval]).all()]
    if len(known) < len(links):
        return ChainEffect(**facts)
    q = [v.q_value for v in known if v.q_value is not None]
    return ChainEffect(
        **facts,
        effect=float(np.prod([v.effect for v in known])),
        interval=_product([v.effect for v in known], [v.interval for v in known], seed),
        shrunken=float(np.prod([v.shrunken for v in known])),
        lag=sum(v.lag or 0 for v in known),
        q_value=max(q) if len(q) == len(links) else None,
    )


def _product(effects: list[float], intervals: list[tuple[float, float]], seed: int) -> tuple[float, float]:
    """The interval of the product of normal estimates, each with an error of its interval's half width / 1.96."""
    errors = [(upper - lower) / 2 / WIDTH for lower, upper in intervals]
    noise = np.random.default_rng(seed).standard_normal((DRAWS, len(effects)))
    lower, upper = np.quantile((np.array(effects) + np.array(errors) * noise).prod(axis=1), TAILS)
    return float(lower), float(upper)


def chain_effects(declared: Iterable[Link], tested: Iterable[Tested]) -> tuple[ChainEffect, ...]:
    """What the group's verdicts come to along each chain of the declared links; none where none was tested."""
    verdicts = {(t.link.leading, t.link.lagging): t.group for t in tested}
    pairs = [(link.leading, link.lagging) for link in declared]
    return tuple(chain_effect(path, verdicts) for path in chains([*pairs, *verdicts]) if verdicts)


def _circle(pairs: list[Pair]) -> tuple[str, ...] | None:
    """One circle among the links, along them, from the one that is declared first."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for leading, lagging in pairs:
        sorter.add(lagging, leading)
    try:
        sorter.prepare()
    except CycleError as error:
        *found, _ = error.args[1]
        first = next(found.index(leading) for leading, _ in pairs if leading in found)
        return (*found[first:], *found[: first + 1])
    return None
