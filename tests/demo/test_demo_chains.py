"""The chains that leaders believe in: what acts in them is found by a report's own test, and what does not is not."""

from dataclasses import replace
from itertools import pairwise

import pytest

from bsc_analysis.analysis.verdict import judge
from bsc_analysis.analysis.whole import verdict_on
from bsc_analysis.demo.planted import CHAIN_LINKS, CHAINS, LINKS, NOT_PLANTED, ONLY_BELIEVED
from bsc_analysis.params import load_group
from bsc_analysis.readings import newest_complete, readings
from bsc_analysis.readings.board import Board
from bsc_analysis.store import open_store

FEEDS = ("appointments", "survey", "ledger", "phones", "audits", "roster", "trainings", "workshops", "reminders")
BY_HAND = ("reviews", "transfers", "registers", "safety")
ACTING = {(link.leading, link.lagging): link for link in (*LINKS, *CHAIN_LINKS)}
BELIEVED = [pair for chain in CHAINS for pair in pairwise(chain)]


def test_each_link_of_a_chain_acts_or_is_only_believed_and_all_are_declared():
    assert set(BELIEVED) == {(link.leading, link.lagging) for link in CHAIN_LINKS} | set(ONLY_BELIEVED)
    declared = {(link.leading, link.lagging): link for link in load_group("demo").shared.links}
    assert set(declared) == set(BELIEVED) | {(link.leading, link.lagging) for link in LINKS} | set(NOT_PLANTED)
    for pair in set(declared) & set(ACTING):
        assert (declared[pair].expect == "positive") == (ACTING[pair].effect > 0)
        assert ACTING[pair].lag <= declared[pair].within


@pytest.fixture(scope="module")
def board(exports, tmp_path_factory):
    """The KPIs of the chains, read as for a report."""
    loaded = load_group("demo")
    kpis = list(dict.fromkeys([*(id for chain in CHAINS for id in chain), "safety_events"]))

    def of(chosen, names):
        return {name: chosen[name] for name in names if name in chosen}

    feeds = of(loaded.shared.feeds, [*FEEDS, *BY_HAND])
    shared = loaded.shared.model_copy(update={"kpis": of(loaded.shared.kpis, kpis), "feeds": feeds})
    own = {id: replace(p, kpis=of(p.kpis, kpis), feeds=of(p.feeds, FEEDS)) for id, p in loaded.practices.items()}
    group = replace(
        loaded, shared=shared, practices=own, workspace=tmp_path_factory.mktemp("chains"), data=exports.parent
    )
    store = open_store(group)
    return Board(group, group.calendar.parse(newest_complete(group, store)), store)


@pytest.fixture(scope="module")
def told(board):
    links = [link for link in board.group.shared.links if (link.leading, link.lagging) in BELIEVED]
    return {(k.leading, k.lagging): v for k, v in zip(links, judge([verdict_on(board, k) for k in links]), strict=True)}


@pytest.mark.parametrize("link", CHAIN_LINKS, ids=lambda link: link.leading)
def test_links_that_act_are_found_with_their_lag_and_sign(link, told):
    verdict = told[link.leading, link.lagging]
    assert verdict.answer in ("supported", "forecasts") and verdict.lag == link.lag
    lower, upper = verdict.interval
    assert lower < verdict.effect < upper and lower * upper > 0 and lower * link.effect > 0


@pytest.mark.parametrize("pair", ONLY_BELIEVED, ids=lambda pair: pair[0])
def test_links_that_are_only_believed_are_not(pair, told):
    assert told[pair].answer not in ("supported", "forecasts", "contradicted")


def test_a_register_in_which_nothing_happened_reads_0_and_not_missing(board):
    found = readings(board.group, board.store)
    own = found[(found["practice"] == "lakeside") & (found["kpi"] == "safety_events") & (found["grain"] == "month")]
    kept = own[own["period"].between("2024-10", "2026-09")]
    assert (kept["state"] == "ok").all() and (kept["value"] == 0).all() and len(kept) == 24
    assert (own[own["period"] < "2024-10"]["state"] == "no_feed").all()
