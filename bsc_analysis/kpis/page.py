"""The KPIs as people look them up: a list for the terminal and the page docs/kpis.md, both from the definitions."""

from __future__ import annotations

from itertools import groupby

from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import KPI, Published, Quantile, Ratio, Stock, TableKPI
from bsc_analysis.params.models import GroupFile
from bsc_analysis.tables import ACO_YEARS

BETTER = {"up": "higher is better", "down": "lower is better", "neutral": "neither is better"}
INTERVALS = {"proportion": "Wilson interval", "count": "exact Poisson interval", "none": "no interval"}
HEAD = """# KPIs

Made from the definitions in `bsc_analysis/kpis/` by `make docs`; not to be edited by hand. F01, P07 and so on number
the KPIs of the canon that the definitions follow; what is named *variant* is the choice taken among definitions in use.

- A longer period is Σ numerators ÷ Σ denominators of its parts; rates are never averaged. Medians and percentiles are
  taken from the rows of the longer period, a balance from its last month.
- No denominator gives *not calculable*, no rows give *no data*; neither is ever 0. Only of
  {sparse} is a month without rows, between two with rows that lie at most a year apart, one in which
  nothing happened; of registers ({registers})
  so is every month of the days that `registers` says they cover.
- *final after n days*: until then rows of the period still change, and the reading is *not complete*.
"""


def as_rows() -> list[tuple[str, ...]]:
    """id, perspective, role, unit, better, tables and title of every KPI."""
    return [(k.id, k.perspective, k.role, k.unit, k.better, _tables(k), k.title) for k in KPIS.values()]


def as_markdown() -> str:
    """docs/kpis.md: every KPI with what it says, why, formula, variant and how it is counted."""
    tables = {t for k in KPIS.values() if isinstance(k, TableKPI) for t in (k.table, getattr(k, "over", None)) if t}
    once = sorted(f"`{t.name}`" for t in tables if t.sparse and not t.register)
    kept = sorted(f"`{t.name}`" for t in tables if t.register)
    parts = [HEAD.format(sparse=" and ".join([*once, "registers"]), registers=", ".join(kept))]
    for networks, kpis in groupby(sorted(KPIS.values(), key=_of_network), key=_of_network):
        parts.append("## Of networks, as CMS publishes them\n" if networks else "## Of practices\n")
        for perspective, own in groupby(sorted(kpis, key=_place), key=lambda k: k.perspective):
            parts += [f"### {perspective.capitalize()}\n", *(_entry(k) for k in own)]
    return "\n".join(parts)


def _entry(kpi: KPI) -> str:
    facts = [kpi.role, kpi.unit, BETTER[kpi.better], f"from {_tables(kpi)}", _kind(kpi), f"counts {kpi.counts}"]
    facts += [f"at least {kpi.least_n}"] if kpi.least_n else []
    facts += [f"final after {kpi.matures_days} days"] if kpi.matures_days else []
    facts += [f"asked whether its effects fade above {kpi.flat_above:g}"] if kpi.flat_above is not None else []
    lines = [
        f"#### {kpi.title} · `{kpi.id}`",
        f"{kpi.plain} {kpi.why}",
        f"- **Formula** {kpi.formula}",
        f"- **Definition** {kpi.source}",
        f"- {' · '.join(facts)}",
    ]
    return "\n".join([*lines[:2], "", *lines[2:], ""])


def _kind(kpi: KPI) -> str:
    match kpi:
        case Ratio():
            return INTERVALS[kpi.interval]
        case Quantile():
            return "interval by order statistics"
        case Stock():
            return f"balance over {kpi.months} months, no interval"
        case Published():
            return "as published, no interval"
        case _:
            return "no interval"


def _tables(kpi: KPI) -> str:
    tables = [kpi.table, getattr(kpi, "over", None)] if isinstance(kpi, TableKPI) else []
    return "/".join(table.name for table in tables if table) or "readings"


def _of_network(kpi: KPI) -> bool:
    return not isinstance(kpi, TableKPI) or kpi.table is ACO_YEARS


def _place(kpi: KPI) -> int:
    """The perspectives in the order that groups have by default."""
    return [p.id for p in GroupFile.model_fields["perspectives"].default].index(kpi.perspective)
