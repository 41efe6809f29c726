"""A KPI against a benchmark from elsewhere, in a sentence: its provenance, the answer, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.words import day, period, quantity, say

if TYPE_CHECKING:
    from bsc_analysis.disclosure import Compared
    from bsc_analysis.report.card import Card

OLD = 730  # days after which a benchmark's age is told
YEAR = 365.25


def line(card: Card) -> str:
    """'Benchmark 5.0 %, family medicine (MGMA 2025, 1 Jun 2025): worse.'; '' where none is named."""
    told = card.seen.benchmarks.get(card.id)
    if told is None:
        return ""
    mark = told.benchmark
    value = quantity(mark.value, mark.unit, card.kpi.decimals)
    facts = {"value": value, "source": mark.source, "day": day(pd.Timestamp(mark.at)), "answer": _answer(card, told)}
    text = say("benchmark.of", of=mark.of, **facts) if mark.of else say("benchmark.line", **facts)
    return f"{text} {say('benchmark.old', n=round(told.age_days / YEAR))}" if told.age_days > OLD else text


def _answer(card: Card, told: Compared) -> str:
    """The answer, of which period where that is not the report's; or why there is none."""
    ours, theirs = card.kpi.measures, told.benchmark.measures
    if told.reason == "measures_differ":
        facts = {"ours": say(f"benchmark.measures.{ours}"), "theirs": say(f"benchmark.measures.{theirs}")}
        return say("benchmark.measures_differ", **facts)
    if told.reason:
        return say(f"benchmark.why.{told.reason}", unit=told.benchmark.unit)
    answer, at = say(f"benchmark.answer.{told.answer}"), card.seen.mature(card.id)
    return answer if at in (None, card.seen.period) else say("benchmark.at", answer=answer, period=period(at))
