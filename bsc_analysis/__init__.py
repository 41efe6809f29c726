"""Balanced Scorecard workbook for medical practices. Notebooks import from here only; nothing heavy until used.

`open_run` opens a practice's report, a `Run`; `open_portfolio` a group's page across its practices, a `Portfolio`;
`open_rows` the rows behind a report. `try_kpi` gives a KPI of your own, a
`Ratio`, `Total` or `Quantile` over the columns (`col`) of one of the `TABLES`, its readings and its control chart.
`xmr` sets any series against chance.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bsc_analysis.version import __version__

if TYPE_CHECKING:
    from bsc_analysis.analysis.variation import xmr
    from bsc_analysis.explore import open_rows, try_kpi
    from bsc_analysis.kpis.kpi import Quantile, Ratio, Stock, Total, col
    from bsc_analysis.report.portfolio import Portfolio, open_portfolio
    from bsc_analysis.report.run import Run, open_run
    from bsc_analysis.tables import TABLES

_ROOMS = {
    "open_run": "bsc_analysis.report.run",
    "Run": "bsc_analysis.report.run",
    "open_portfolio": "bsc_analysis.report.portfolio",
    "Portfolio": "bsc_analysis.report.portfolio",
    "open_rows": "bsc_analysis.explore",
    "try_kpi": "bsc_analysis.explore",
    "xmr": "bsc_analysis.analysis.variation",
    "TABLES": "bsc_analysis.tables",
    "Quantile": "bsc_analysis.kpis.kpi",
    "Ratio": "bsc_analysis.kpis.kpi",
    "Stock": "bsc_analysis.kpis.kpi",
    "Total": "bsc_analysis.kpis.kpi",
    "col": "bsc_analysis.kpis.kpi",
}
__all__ = [
    "TABLES",
    "Portfolio",
    "Quantile",
    "Ratio",
    "Run",
    "Stock",
    "Total",
    "__version__",
    "col",
    "open_portfolio",
    "open_rows",
    "open_run",
    "try_kpi",
    "xmr",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
