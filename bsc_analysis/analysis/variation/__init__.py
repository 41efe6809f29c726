"""Variation: which points of a KPI's series are more than chance, and whether chance alone can meet its target."""

from bsc_analysis.analysis.variation.between import days_between, g_chart, gaps, t_chart
from bsc_analysis.analysis.variation.counts import p_chart, u_chart
from bsc_analysis.analysis.variation.individuals import limits, xmr
from bsc_analysis.analysis.variation.result import LEAST, TRIAL, Variation

__all__ = ["LEAST", "TRIAL", "Variation", "days_between", "g_chart", "gaps", "limits", "p_chart", "t_chart", "u_chart", "xmr"]
