"""Chains of links: every longest path, circles, and a chain that is as strong as its weakest link."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bsc_analysis.analysis.chains import chain_effect, chains, cycles
from bsc_analysis.analysis.verdict import Verdict


def pairs(text: str) -> list[tuple[str, str]]:
    return [tuple(link.split(">")) for link in text.split()]


def paths(text: str) -> list[str]:
    return [">".join(path) for path in chains(pairs(text))]


@pytest.mark.parametrize(
    ("links", "told"),
    [
        ("staff>calls calls>patients patients>money", ["staff>calls>patients>money"]),
        ("staff>calls staff>waits calls>money waits>money", ["staff>calls>money", "staff>waits>money"]),
        ("a>b c>d d>e x>d", ["c>d>e", "x>d>e"]),  # a>b is a link, no chain
        ("a>b b>c a>c", ["a>b>c"]),
        ("a>b b>c a>b", ["a>b>c"]),
        ("a>b", []),
        ("", []),
        ("a>a a>b b>c", ["a>b>c"]),
    ],
)
def test_chains_are_the_longest_paths_in_the_order_of_the_links(links, told):
    assert paths(links) == told


@pytest.mark.parametrize(
    ("links", "count"),
    [("a>b b>c a>c", 0), ("a>a", 1), ("a>b b>a", 1), ("a>b b>c c>a", 1), ("a>b b>a c>d d>e e>c x>a", 2), ("", 0)],
)
def test_each_circle_is_told_along_its_links(links, count):
    found = cycles(pairs(links))
    assert len(found) == count
    for circle in found:
        assert circle[0] == circle[-1] and set(pairwise(circle)) <= set(pairs(links))


def test_links_that_close_a_circle_leave_chains_that_end():
    for path in chains(pairs("a>b b>c c>a c>d d>e")):
        assert len(set(path)) == len(path)


def verdict(effect: float, error: float, answer: str = "supported", lag: int = 1, **more) -> Verdict:
    interval = (effect - 1.959964 * error, effect + 1.959964 * error)
    return Verdict(effect=effect, interval=interval, answer=answer, lag=lag, shrunken=effect / 2, q_value=0.01, **more)


def test_a_chain_multiplies_effects_and_adds_lags():
    told = {("staff", "calls"): verdict(-2.0, 0.1, lag=2), ("calls", "money"): verdict(30.0, 1.5, lag=3)}
    found = chain_effect(("staff", "calls", "money"), told)
    assert found.holds and found.broken is None and found.reason == ""
    assert (found.effect, found.lag, found.shrunken, found.q_value) == (-60.0, 5, -15.0, 0.01)
    spread = np.sqrt((30 * 0.1) ** 2 + (2 * 1.5) ** 2)  # by the delta method, good where errors are small
    assert found.interval == pytest.approx((-60 - 1.96 * spread, -60 + 1.96 * spread), abs=0.5)


def test_the_product_of_two_normal_estimates_has_its_own_spread():
    found = chain_effect(("a", "b", "c"), {("a", "b"): verdict(0.0, 1.0), ("b", "c"): verdict(0.0, 1.0)})
    assert found.interval == pytest.approx((-2.18, 2.18), abs=0.1)  # of two independent standard normals


def test_a_chain_breaks_at_the_first_link_that_is_not_supported():
    told = {
        ("a", "b"): verdict(1.0, 0.1),
        ("b", "c"): verdict(1.0, 0.9, "cannot_tell"),
        ("c", "d"): verdict(1, 1, "forecasts"),
    }
    found = chain_effect(("a", "b", "c", "d"), told)
    assert (found.holds, found.broken, found.answer) == (False, ("b", "c"), "cannot_tell")
    assert found.reason == "link_not_supported" and found.effect == 1.0


def test_a_link_that_was_not_tested_breaks_a_chain_without_numbers():
    found = chain_effect(("a", "b", "c"), {("a", "b"): verdict(1.0, 0.1)})
    assert (found.holds, found.broken, found.reason, found.lag) == (False, ("b", "c"), "link_not_tested", None)
    blank = chain_effect(("a", "b", "c"), {("a", "b"): verdict(1.0, 0.1), ("b", "c"): Verdict(answer="cannot_tell")})
    assert blank.answer == "cannot_tell" and np.isnan(blank.effect) and np.isnan(blank.interval[0])
    assert not chain_effect(("a",), {}).holds
