"""A benchmark has provenance, and is compared only with what measures the same."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bsc_analysis.analysis.benchmark import Benchmark, compare
from bsc_analysis.analysis.interval import Interval, mean, share

PUBLISHED = Benchmark(62.0, "%", "top_box_share", "AHRQ CAHPS Database 2025, 50th percentile", date(2025, 12, 31))


def against(value: Interval, benchmark: Benchmark = PUBLISHED, **told):
    asked = {"measures": "top_box_share", "unit": "%", "better": "up", "at": date(2026, 9, 30), "scale": 100}
    return compare(value, benchmark, **(asked | told))


def test_a_benchmark_in_the_interval_is_no_difference():
    found = against(share(55, 100))  # 45–64 %
    assert (found.answer, found.age_days) == ("within", 273)
    assert found.difference == pytest.approx(-7)


@pytest.mark.parametrize(("better", "answer"), [("up", "worse"), ("down", "better"), ("neutral", "neutral")])
def test_beyond_the_interval_the_direction_gives_the_word(better, answer):
    assert against(share(550, 1000), better=better).answer == answer


def test_a_top_box_share_and_a_mean_never_cross():
    found = against(share(55, 100), Benchmark(90.2, "%", "mean_0_100", "one large group", date(2025, 1, 1)))
    assert (found.answer, found.reason, np.isnan(found.difference)) == ("cannot_tell", "measures_differ", True)
    assert against(share(55, 100), unit="points").reason == "units_differ"


def test_without_a_value_or_an_interval_nothing_is_said():
    assert against(share(0, 0)).reason == "no_value"
    assert against(Interval("wilson", value=0.55)).reason == "no_interval"
    assert against(mean(55, 55, 100, population=100)).answer == "worse"  # everybody: a difference is one


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"value": float("nan")}, "give a number"),
        ({"value": "62"}, "give a number"),
        ({"measures": "top box"}, "say one of share, top_box_share"),
        ({"source": " "}, "no source"),
        ({"at": "2025"}, "give the day"),
    ],
)
def test_a_number_without_provenance_is_no_benchmark(wrong, says):
    told = {"value": 62.0, "unit": "%", "measures": "share", "source": "AHRQ", "at": date(2025, 12, 31)}
    with pytest.raises(ValueError, match=says):
        Benchmark(**(told | wrong))
    with pytest.raises(ValueError, match="say 'up', 'down' or 'neutral'"):
        against(share(55, 100), better="high")
