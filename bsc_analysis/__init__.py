"""Balanced Scorecard workbook for medical practices. Notebooks import from here only; nothing heavy until used.

`open_run` opens a practice's report, a `Run`; `open_portfolio` a group's page across its practices, a `Portfolio`;
`open_rows` the rows behind a report. `try_kpi` gives a KPI of your own, a
`Ratio`, `Total` or `Quantile` over the columns (`col`) of one of the `TABLES`, its readings and its control chart.
`xmr` sets any series against chance, `smart` says what a goal in words lacks.

`open_kpis` gives a KPI of all practices, `open_setting` what else a link test is told of them. `test_group_link` tests
a link over all practices, `test_link` in one; `judge` turns their p-values into answers, `told` says them as the report
would. `compare_tests` counts what each test finds among pairs in which nothing leads: `shuffled` or `made_up` ones.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bsc_analysis.version import __version__

if TYPE_CHECKING:
    from bsc_analysis.analysis.links import test_link
    from bsc_analysis.analysis.panel import test_group_link
    from bsc_analysis.analysis.variation import xmr
    from bsc_analysis.analysis.verdict import Verdict, judge
    from bsc_analysis.explore.goals import smart
    from bsc_analysis.explore.links import declared, open_kpis, open_setting, told
    from bsc_analysis.explore.rows import open_rows, try_kpi
    from bsc_analysis.explore.shuffles import compare_tests, in_short, made_up, shuffled
    from bsc_analysis.kpis.kpi import Quantile, Ratio, Stock, Total, col
    from bsc_analysis.kpis.shared_columns import shared_columns
    from bsc_analysis.report.portfolio import Portfolio, open_portfolio
    from bsc_analysis.report.run import Run, open_run
    from bsc_analysis.tables import TABLES

_ROOMS = {
    "open_run": "bsc_analysis.report.run",
    "Run": "bsc_analysis.report.run",
    "open_portfolio": "bsc_analysis.report.portfolio",
    "Portfolio": "bsc_analysis.report.portfolio",
    "open_rows": "bsc_analysis.explore.rows",
    "try_kpi": "bsc_analysis.explore.rows",
    "smart": "bsc_analysis.explore.goals",
    "open_kpis": "bsc_analysis.explore.links",
    "open_setting": "bsc_analysis.explore.links",
    "declared": "bsc_analysis.explore.links",
    "told": "bsc_analysis.explore.links",
    "compare_tests": "bsc_analysis.explore.shuffles",
    "in_short": "bsc_analysis.explore.shuffles",
    "made_up": "bsc_analysis.explore.shuffles",
    "shuffled": "bsc_analysis.explore.shuffles",
    "shared_columns": "bsc_analysis.kpis.shared_columns",
    "test_link": "bsc_analysis.analysis.links",
    "test_group_link": "bsc_analysis.analysis.panel",
    "judge": "bsc_analysis.analysis.verdict",
    "Verdict": "bsc_analysis.analysis.verdict",
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
    "Verdict",
    "__version__",
    "col",
    "compare_tests",
    "declared",
    "in_short",
    "judge",
    "made_up",
    "open_kpis",
    "open_portfolio",
    "open_rows",
    "open_run",
    "open_setting",
    "shared_columns",
    "shuffled",
    "smart",
    "test_group_link",
    "test_link",
    "told",
    "try_kpi",
    "xmr",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
