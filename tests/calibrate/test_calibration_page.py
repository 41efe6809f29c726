"""The page from hand-made cells: rates, bars, means, what is open, and what ten links would bring."""

from __future__ import annotations

from dataclasses import replace

from bsc_analysis.calibrate.cells import Bar, Cell, Size
from bsc_analysis.calibrate.designs import autoregressive
from bsc_analysis.calibrate.page import page

MONTHS, MORE = Size(24, "M"), Size(36, "M")
BARS = (("p_forecasts", Bar(highest=0.07)), ("p_leads", Bar(highest=0.07)))
WHITE = Cell("test", "white noise", autoregressive, MONTHS, 1000, 499, bars=BARS)
POWER = Cell("test", "slope 0.2, within 2", autoregressive, MONTHS, 1000, 499, bars=(("p_forecasts", Bar(lowest=0.3)),))
NAIVE = Cell("naive", "white noise", autoregressive, MONTHS, 1000)
GROUP = replace(WHITE, size=Size(12, "Y", 20))


def rows(text: str, name: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(f"| {name} |")]


def test_rates_stand_under_their_size_and_those_beyond_their_bar_are_marked():
    told = page([(WHITE, {"p_forecasts": 50, "p_leads": 101}), (replace(WHITE, size=MORE), {"p_forecasts": 92})])
    assert "|  | 24 months | 36 months |" in told
    forecasts, leads, same, *_ = rows(told, "white noise")
    assert forecasts == "| white noise | 5.0 | **9.2** ✗ |" and leads == "| white noise | **10.1** ✗ | 0.0 |"
    assert same == "| white noise | 0.0 | 0.0 |"
    assert "**3 miss it**" in told and "- mean of one practice: p_forecasts **7.1** ✗" in told
    assert rows(told, "*mean of all*") == ["| *mean of all* | 0.0 |  |"]
    assert "- test / white noise / 36 months: p_forecasts **9.2** ✗" in told
    assert rows(told, "*mean*")[0] == "| *mean* | 5.0 | 9.2 |"
    assert rows(told, "*mean of all, at most 6*")[0] == "| *mean of all, at most 6* | **7.1** ✗ |  |"


def test_what_lies_beyond_its_bar_by_chance_alone_is_not_marked():
    told = page([(WHITE, {"p_forecasts": 86, "p_leads": 70}), (replace(WHITE, size=MORE), {"p_forecasts": 30})])
    assert rows(told, "white noise")[0] == "| white noise | 8.6 | 3.0 |" and "**0 miss it**" in told


def test_open_cells_show_a_dash_and_are_counted():
    told = page([(WHITE, None), (replace(WHITE, size=MORE), {"p_forecasts": 40}), (GROUP, None)])
    assert rows(told, "white noise")[0] == "| white noise | – | 4.0 |"
    assert "**3 cells; 2 of them are not finished** (shown as –)" in told
    assert "|  | 20 × 12 |" in told and rows(told, "*mean*")[0] == "| *mean* | – | 4.0 |"


def test_planted_effects_stand_with_their_bar_and_what_could_not_be_told():
    told = page([(POWER, {"p_forecasts": 412}), (replace(POWER, size=MORE), {"p_forecasts": 200, "untold": 500})])
    assert rows(told, POWER.name) == ["| slope 0.2, within 2 | 41.2 (≥ 30) | **20.0** ✗ (≥ 30), 50 untold |"]


def test_naive_tests_stand_beside_ours_and_ten_links_add_up():
    found = {"correlation, best lag": 200, "Granger, best lag": 130, "least squares": 50}
    told = page([(WHITE, {"p_forecasts": 40, "p_leads": 30}), (NAIVE, found)])
    beside = "| white noise | 4.0 (4.0) | 3.0 (3.0) | 20.0 (20.0) | 13.0 (13.0) | 5.0 (5.0) |"
    assert beside in told
    assert rows(told, "correlation, best lag") == ["| correlation, best lag | 2.0 | 89 |"]
    assert rows(told, "ours, forecasts") == ["| ours, forecasts | 0.4 | 34 |", "| ours, forecasts | – | – |"]


def test_the_same_cells_give_the_same_page_in_any_order_of_counts():
    one, two = {"p_forecasts": 40, "p_leads": 30}, {"p_leads": 30, "p_forecasts": 40}
    assert page([(WHITE, one)]) == page([(WHITE, two)])
