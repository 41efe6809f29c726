"""The KPIs of the house, found by id: those of a practice, then those of a network."""

from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.kpis import (
    aco,
    aco_patients,
    claims,
    financial,
    incidents,
    leadership,
    patients,
    people,
    phones,
    processes,
    receivables,
)
from bsc_analysis.kpis.kpi import KPI

PRACTICES = (financial, receivables, claims, patients, incidents, phones, processes, people, leadership)
FILES = (*PRACTICES, aco, aco_patients)
KPIS: dict[str, KPI] = {k.id: k for file in FILES for k in file.KPIS}


def kpi(id: str) -> KPI:
    """The KPI with this id.

    Raises UsageError, with the nearest id, where there is none.
    """
    if id not in KPIS:
        raise UsageError(f"{id!r} is not a KPI.{did_you_mean(id, KPIS)}  (bsc list kpis)")
    return KPIS[id]
