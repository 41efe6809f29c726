"""One function per chart: a disclosed frame in, a picture with its finding out; no statistics here."""

from bsc_analysis.charts.before_after import before_after
from bsc_analysis.charts.control import control_chart, sparkline
from bsc_analysis.charts.forest import forest
from bsc_analysis.charts.lags import lags
from bsc_analysis.charts.practices import practices
from bsc_analysis.charts.strategy_map import strategy_map
from bsc_analysis.charts.strip import strip
from bsc_analysis.charts.svg import Chart

__all__ = [
    "Chart",
    "before_after",
    "control_chart",
    "forest",
    "lags",
    "practices",
    "sparkline",
    "strategy_map",
    "strip",
]
