"""What a KPI or a perspective says of itself, in the language of the report.

Definitions in Python hold the house's English. A language file may hold `kpi.<id>.<field>` and
`perspective.<id>.title`, which are then taken instead. What a client calls a perspective is the client's own text.
"""

from __future__ import annotations

from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.models import PERSPECTIVES, Perspective
from bsc_analysis.words import language

FIELDS = ("title", "short", "plain", "why", "formula", "source")


def of(told: KPI | Perspective, field: str = "title") -> str:
    """One of a KPI's FIELDS, or a perspective's title; `short` is the title as it stands within a sentence."""
    if isinstance(told, Perspective):
        return _written(f"perspective.{told.id}.title", told.title) if told in PERSPECTIVES else told.title
    if field == "short":
        return _written(f"kpi.{told.id}.short", _written(f"kpi.{told.id}.title", told.in_sentence))
    return _written(f"kpi.{told.id}.{field}", getattr(told, field))


def is_foreign(perspective: Perspective) -> bool:
    """Whether the client's params, not the house, gave the perspective its title."""
    return perspective not in PERSPECTIVES


def definitions() -> dict[str, str]:
    """The texts of the house's definitions by the keys under which a language file would hold them."""
    kpis = {
        f"kpi.{kpi.id}.{field}": kpi.in_sentence if field == "short" else getattr(kpi, field)
        for kpi in KPIS.values()
        for field in FIELDS
    }
    return kpis | {f"perspective.{p.id}.title": p.title for p in PERSPECTIVES}


def _written(key: str, english: str) -> str:
    return language.catalogue().get(key, english)
