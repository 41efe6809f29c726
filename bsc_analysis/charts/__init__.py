"""One function per chart: a disclosed frame in, a picture with its finding out; no statistics here."""

from bsc_analysis.charts.before_after import before_after
from bsc_analysis.charts.bullet import bullet
from bsc_analysis.charts.control import control_chart, sparkline
from bsc_analysis.charts.dots import dots
from bsc_analysis.charts.fan import fan
from bsc_analysis.charts.forest import forest
from bsc_analysis.charts.funnel import funnel
from bsc_analysis.charts.icons import icon
from bsc_analysis.charts.lags import lags
from bsc_analysis.charts.practices import practices
from bsc_analysis.charts.strategy_map import strategy_map
from bsc_analysis.charts.strip import strip
from bsc_analysis.charts.svg import Chart

__all__ = [
    "Chart",
    "before_after",
    "bullet",
    "control_chart",
    "dots",
    "fan",
    "forest",
    "funnel",
    "icon",
    "lags",
    "practices",
    "sparkline",
    "strategy_map",
    "strip",
]
