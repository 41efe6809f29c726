"""What a strategy lacks: objectives that nothing measures, KPIs that serve none, lanes that only look back or ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.models import Link, Perspective
from bsc_analysis.params.strategy import Objective, Strategy

MOST_KPIS = 25  # of 29 healthcare scorecards 12 held too many; 15 to 25 can be steered by


@dataclass(frozen=True)
class Gap:
    """One thing that a strategy lacks: its `code`, what it is `of` (an id), and how many where that says more.

    Codes: 'no_kpi', 'no_owner', 'owner_left', 'no_link' (of an objective), 'no_objective' (of a KPI), 'no_aim',
    'nothing_leads', 'nothing_lags' (of a perspective), 'too_many' (KPIs).
    """

    code: str
    of: str = ""
    n: int = 0


def gaps(
    strategy: Strategy,
    perspectives: Sequence[Perspective],
    kpis: Mapping[str, KPI],
    links: Sequence[Link],
    has_left: Callable[[str | None], bool] = lambda owner: False,
) -> tuple[Gap, ...]:
    """What the strategy lacks, in the order of its perspectives; `kpis`: those of the card; `has_left`: of an owner."""
    aims = strategy.objectives
    if not aims:
        return ()
    found: list[Gap] = []
    for perspective in perspectives:
        inside = [aim for aim in aims if aim.perspective == perspective.id]
        if not inside:
            found.append(Gap("no_aim", perspective.id))
            continue
        found += [Gap("no_kpi", aim.id) for aim in inside if not any(id in kpis for id in aim.kpis)]
        found += [Gap("no_owner", aim.id) for aim in inside if not aim.owner]
        found += [Gap("owner_left", aim.id) for aim in inside if has_left(aim.owner)]
        found += _one_sided(perspective.id, [kpis[id] for aim in inside for id in aim.kpis if id in kpis])
    served = {id for aim in aims for id in aim.kpis}
    found += [Gap("no_objective", id) for id in kpis if id not in served]
    alone = [aim for aim in aims if any(id in kpis for id in aim.kpis) and not _joined(aim, aims, links)]
    found += [Gap("no_link", aim.id) for aim in alone if len(aims) > 1]
    return (*found, *([Gap("too_many", n=len(kpis))] if len(kpis) > MOST_KPIS else []))


def _one_sided(perspective: str, kpis: Iterable[KPI]) -> list[Gap]:
    roles = {kpi.role for kpi in kpis}
    if len(roles) != 1:
        return []
    return [Gap("nothing_leads" if "lagging" in roles else "nothing_lags", perspective)]


def _joined(aim: Objective, aims: Sequence[Objective], links: Sequence[Link]) -> bool:
    """Whether a link leads from one of its KPIs to one of another objective, or the other way."""
    own, others = set(aim.kpis), {id for other in aims if other is not aim for id in other.kpis}
    ends = [(link.leading, link.lagging) for link in links]
    return any((a in own and b in others) or (b in own and a in others) for a, b in ends)
