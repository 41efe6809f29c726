"""One function per chart: a disclosed frame in, a picture with its finding out; no statistics here."""

from bsc_analysis.charts.control import control_chart, sparkline
from bsc_analysis.charts.dots import dots
from bsc_analysis.charts.forest import forest
from bsc_analysis.charts.lags import lags
from bsc_analysis.charts.practices import practices
from bsc_analysis.charts.strategy_map import strategy_map
from bsc_analysis.charts.strip import strip
from bsc_analysis.charts.svg import Chart

__all__ = ["Chart", "control_chart", "dots", "forest", "lags", "practices", "sparkline", "strategy_map", "strip"]
