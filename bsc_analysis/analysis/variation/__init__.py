"""Variation: which points of a KPI's series are more than chance, and whether chance alone can meet its target."""

from bsc_analysis.analysis.variation.adjustment import Adjusted, adjusted
from bsc_analysis.analysis.variation.between import days_between, g_chart, gaps, t_chart
from bsc_analysis.analysis.variation.choice import Choice, choose, kind_of
from bsc_analysis.analysis.variation.counts import p_chart, u_chart
from bsc_analysis.analysis.variation.false_flags import FalseFlags, expected_false_flags, false_flag_rate
from bsc_analysis.analysis.variation.individuals import limits, xmr
from bsc_analysis.analysis.variation.result import LEAST, TRIAL, Variation
from bsc_analysis.analysis.variation.vary import Varied, vary

__all__ = [
    "LEAST",
    "TRIAL",
    "Adjusted",
    "Choice",
    "FalseFlags",
    "Variation",
    "Varied",
    "adjusted",
    "choose",
    "days_between",
    "expected_false_flags",
    "false_flag_rate",
    "g_chart",
    "gaps",
    "kind_of",
    "limits",
    "p_chart",
    "t_chart",
    "u_chart",
    "vary",
    "xmr",
]
