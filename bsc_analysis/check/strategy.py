"""Strategies as they may be declared: ids told once, names that something answers to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bsc_analysis.check.named import unchosen
from bsc_analysis.errors import Fault, did_you_mean
from bsc_analysis.params.strategy import Strategy


def strategy_faults(
    file: str, strategy: Strategy | None, kpis: Iterable[str], perspectives: Sequence[str]
) -> Iterable[Fault]:
    """Every fault of the strategy that `file` declares. What it lacks is no fault: the report says that, with its mend.

    `kpis`, `perspectives`: those of the card.
    """
    if strategy is None:
        return
    chosen = list(kpis)
    for name in ("themes", "objectives"):
        yield from _twice(file, f"strategy.{name}", [each.id for each in getattr(strategy, name)])
    yield from _twice(file, "strategy.cascade", strategy.cascade)
    themes = [theme.id for theme in strategy.themes]
    for i, aim in enumerate(strategy.objectives):
        place = f"strategy.objectives[{i}]"
        yield from _unknown(file, f"{place}.perspective", aim.perspective, perspectives, "perspectives")
        if aim.theme is not None:
            yield from _unknown(file, f"{place}.theme", aim.theme, themes, "themes")
        yield from unchosen(file, f"{place}.kpis", aim.kpis, chosen)
        yield from _twice(file, f"{place}.kpis", aim.kpis)


def _twice(file: str, place: str, ids: Sequence[str]) -> Iterable[Fault]:
    for id in dict.fromkeys(id for id in ids if ids.count(id) > 1):
        yield Fault(file, place, f"names {id} {ids.count(id)} times; keep one of them")


def _unknown(file: str, place: str, name: str, known: Sequence[str], what: str) -> Iterable[Fault]:
    if name not in known:
        allowed = f"  They are: {', '.join(known)}" if known else f"  There are no {what}"
        yield Fault(file, place, f"is {name}, which is not among the {what}.{did_you_mean(name, known)}{allowed}")
