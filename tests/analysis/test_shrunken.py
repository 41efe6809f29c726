"""Shrunken values and ranks: drawn towards peers as far as chance goes, and no rank without an interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bsc_analysis.analysis.peer_counts import peer_counts
from bsc_analysis.analysis.peer_draws import draw
from bsc_analysis.analysis.peer_trials import trial
from bsc_analysis.analysis.shrunken import ROWS, shrunken

SHARES = pd.DataFrame(
    {"count": [2, 60, 30, 28, 31, 90], "of": [4, 200, 100, 100, 100, 300]}, index=["tiny", "b", "c", "d", "e", "f"]
)
APART = pd.DataFrame({"count": [100, 500, 900, 200, 800], "of": [1000.0] * 5}, index=list("abcde"))


def test_a_small_practice_borrows_from_its_peers_and_a_large_one_hardly():
    found = shrunken(SHARES, "proportion", better="down").practices
    assert found.loc["tiny", "value"] == 0.5 and found.loc["tiny", "shrunken"] < 0.35
    assert found["own"].idxmin() == "tiny" and found["own"].idxmax() == "f"
    assert ((found["lower"] < found["shrunken"]) & (found["shrunken"] < found["upper"])).all()


def test_practices_far_apart_keep_their_values_and_have_their_ranks():
    found = shrunken(APART, "proportion", better="up").practices
    assert found["shrunken"].to_list() == pytest.approx([0.1, 0.5, 0.9, 0.2, 0.8], abs=0.005)
    assert found[["rank", "rank_lower", "rank_upper"]].to_numpy().tolist() == [[r] * 3 for r in (5, 3, 1, 4, 2)]
    down = shrunken(APART, "proportion", better="down").practices
    assert down["rank"].to_list() == [1, 3, 5, 2, 4]
    assert shrunken(APART, "proportion", better="neutral").practices["rank"].to_list() == [5, 3, 1, 4, 2]


def test_practices_that_are_alike_may_have_any_rank():
    alike = pd.DataFrame({"count": [20.0] * 8, "of": [100.0] * 8}, index=list("abcdefgh"))
    found = shrunken(alike, "rate", better="up").practices
    assert (found["rank_lower"] == 1).all() and (found["rank_upper"] == 8).all()
    assert found["shrunken"].to_list() == pytest.approx([0.2] * 8, rel=0.02)


def test_who_has_all_of_its_cases_like_others_has_their_rank_wherever_it_stands_in_the_table():
    all_or_none = pd.DataFrame({"count": [0, 0, 0, 100, 100, 100], "of": [100.0] * 6}, index=list("abcdef"))
    found = shrunken(all_or_none, "proportion", better="up").practices
    assert found[["rank", "rank_lower", "rank_upper"]].to_numpy().tolist() == [[5, 4, 6]] * 3 + [[2, 1, 3]] * 3


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("cases", [1, 100, 10_000, 10_000_000])
@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_all_or_nothing_is_drawn_at_any_size(kind, cases):
    """Clinics with a phone agent, which takes every call, beside those without one."""
    told = pd.DataFrame({"count": [0, 0, cases, cases, cases, cases], "of": [float(cases)] * 6}, index=list("abcdef"))
    found = shrunken(told, kind, better="up").practices
    assert np.isfinite(found.to_numpy()).all() and found["shrunken"].between(0, 2).all()
    assert found["rank_lower"].tolist()[2:] == [1] * 4 and (cases < 100 or found["rank_upper"].tolist()[2:] == [4] * 4)


@pytest.mark.parametrize(
    ("kind", "peers", "exact"),
    [
        ("proportion", lambda rng: rng.binomial(10_000, rng.beta(20, 80, 150)), stats.beta(20 + 9, 80 + 1)),
        ("rate", lambda rng: rng.poisson(10_000 * rng.gamma(20, 1 / 100, 150)), stats.gamma(20 + 9, scale=1 / 110)),
    ],
)
def test_draws_of_given_peers_are_the_conjugate_ones(kind, peers, exact):
    """150 practices of 10,000 cases pin the peers' distribution down; 9 of 10 cases of a tiny one update it."""
    many = pd.DataFrame({"count": peers(np.random.default_rng(3)), "of": 10_000.0})
    told = pd.concat([many, pd.DataFrame({"count": [9], "of": [10.0]}, index=["tiny"])])
    truth = draw(peer_counts(told, kind), 5_000, 1).truth[:, -1]
    assert (truth.mean(), truth.std()) == (pytest.approx(exact.mean(), abs=0.01), pytest.approx(exact.std(), rel=0.12))


def test_the_same_seed_gives_the_same_and_another_nearly_the_same():
    first, again = (shrunken(SHARES, "proportion", better="up").practices for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    other = shrunken(SHARES, "proportion", better="up", seed=6).practices
    assert other["upper"].to_list() == pytest.approx(first["upper"].to_list(), abs=0.02)


def test_each_kind_says_its_model():
    means = pd.DataFrame(
        {"total": [40.0, 41, 39, 80, 42], "squares": [170.0, 178, 163, 340, 186], "of": [10, 10, 10, 20, 10]}
    )
    found = shrunken(means, "mean", better="up")
    assert (found.model, list(found.practices)) == ("normal_normal", ROWS)
    assert found.centre == pytest.approx(242 / 60)
    assert shrunken(SHARES, "proportion", better="up").model == "beta_binomial"
    assert shrunken(SHARES, "rate", better="up").model == "gamma_poisson"


def test_practices_of_one_case_each_tell_nothing_of_their_ranks():
    ones = pd.DataFrame({"count": [1, 0, 1, 0, 1, 0], "of": [1.0] * 6})
    for kind in ("proportion", "rate"):
        found = shrunken(ones, kind, better="up").practices
        assert (found["rank_lower"] == 1).all() and (found["rank_upper"] == 6).all()
        assert (found["upper"] - found["lower"] > 0.5).all()


def test_too_few_practices_have_no_ranks_and_the_number_needed():
    found = shrunken(SHARES.iloc[:4], "proportion", better="up")
    assert (found.reason, found.needed, len(found.practices)) == ("too_few_practices", 5, 0)
    assert shrunken(SHARES.assign(count=0), "rate", better="up").reason == "no_events"
    assert shrunken(SHARES.assign(of=0), "rate", better="up").left_out["b"] == "no_denominator"


@pytest.mark.parametrize(
    ("kind", "centre", "spread"), [("proportion", 0.15, 0.04), ("rate", 0.1, 0.03), ("mean", 4, 0.2)]
)
def test_intervals_hold_the_planted_truth_and_are_nearer_to_it(kind, centre, spread):
    found = trial(kind, practices=12, centre=centre, spread=spread, repetitions=20, draws=400)
    assert 0.9 <= found.covered <= 0.99 and found.ranked >= 0.95 and found.error < 0.85
