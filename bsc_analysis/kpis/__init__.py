"""The KPIs of the house: one list per perspective, found by id."""

from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.kpis import financial, patients, people, processes
from bsc_analysis.kpis.kpi import KPI

KPIS: dict[str, KPI] = {k.id: k for k in (*financial.KPIS, *patients.KPIS, *processes.KPIS, *people.KPIS)}


def kpi(id: str) -> KPI:
    """The KPI with this id.

    Raises UsageError, with the nearest id, where there is none.
    """
    if id not in KPIS:
        raise UsageError(f"{id!r} is not a KPI.{did_you_mean(id, KPIS)}  (bsc list kpis)")
    return KPIS[id]
