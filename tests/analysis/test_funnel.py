"""Funnels equal FunnelPlotR's, mark what is planted, and leave chance alone."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bsc_analysis.analysis.funnel import funnel, funnels
from bsc_analysis.analysis.funnel_limits import LIMITS, adjusted_limits, exact_limits, limits
from bsc_analysis.analysis.peer_counts import peer_counts
from bsc_analysis.analysis.peer_trials import trial


def counts(text: str, columns: str = "count of") -> pd.DataFrame:
    """Practices a line: their name and their numbers."""
    lines = [line.split() for line in text.strip().splitlines()]
    told = pd.DataFrame([line[1:] for line in lines], [line[0] for line in lines], columns.split())
    return told.astype(float)


ALIKE = "a 20 100\nb 40 200\nc 10 50\nd 21 100\ne 39 200\nf 81 400\n"


@pytest.mark.shared
def test_overdispersion_and_limits_equal_funnelplotr(shared):
    folder = shared / "reference/funnel_proportion"
    told = json.loads((folder / "expected.json").read_text())
    data = pd.read_csv(folder / "data.csv").set_index("unit").set_axis(["of", "count"], axis=1)
    found = funnel(data, "proportion", better="down")
    assert (found.centre, found.phi, found.tau2) == pytest.approx(
        [told[k] for k in ("target", "phi", "tau2")], rel=1e-6
    )
    assert found.practices["z"].to_list() == pytest.approx(told["zscore"], rel=1e-6)
    assert found.practices["winsorised"].to_list() == pytest.approx(told["winsorised"], rel=1e-6)
    for key, prefix, tau2 in (("limits", "", 0.0), ("limits_od", "od", found.tau2)):
        wanted = pd.DataFrame(told[key])
        ours = adjusted_limits(peer_counts(data, "proportion"), wanted["number_seq"], tau2)
        for name in LIMITS:
            theirs = wanted[prefix + name.replace("lower", "ll").replace("upper", "ul")]
            assert ours[name].to_list() == pytest.approx(theirs.to_list(), rel=1e-6)
    assert {str(at): place for at, place in found.practices["place"].items() if place != "inside"} == {
        "P13": "above_95",
        "P27": "below_95",
    }


def test_a_rate_is_a_standardised_ratio_by_its_square_root():
    """z as Spiegelhalter's for observed over expected: 2 (√O − √E)."""
    found = funnel(
        counts("a 90 100\nb 120 100\nc 40 50\nd 60 50\ne 100 100\nf 210 200"), "rate", better="down", target=1
    )
    expected = [
        2 * (np.sqrt(o) - np.sqrt(e)) for o, e in ((90, 100), (120, 100), (40, 50), (60, 50), (100, 100), (210, 200))
    ]
    assert found.practices["z"].to_list() == pytest.approx(expected)


def test_exact_limits_leave_at_most_their_tails_outside():
    peers = peer_counts(counts("odd 15 150\n" + ALIKE), "proportion")
    sizes = np.arange(1, 300)
    bounds = exact_limits(peers, sizes)
    above = stats.binom.sf(np.round(bounds["upper95"] * sizes), sizes, peers.centre)
    below = stats.binom.cdf(np.round(bounds["lower998"] * sizes) - 1, sizes, peers.centre)
    assert above.max() <= 0.025 and below.max() <= 0.001
    one_less = stats.binom.sf(np.round(bounds["upper95"] * sizes) - 1, sizes, peers.centre)
    assert (one_less > 0.025).all()  # and are no wider than that


@pytest.mark.parametrize(("better", "word"), [("up", "better"), ("down", "worse"), ("neutral", "neutral")])
def test_a_planted_practice_stands_out_and_direction_gives_the_word(better, word):
    found = funnel(counts(ALIKE + "odd 60 150\nodder 8 200"), "proportion", better=better)
    assert found.practices["place"].to_dict() == dict.fromkeys("abcdef", "inside") | {
        "odd": "above_998",
        "odder": "below_998",
    }
    assert found.practices.loc["odd", "word"] == word and found.practices.loc["a", "word"] == "none"


def test_practices_that_chance_explains_have_exact_limits_only():
    found = funnel(counts(ALIKE), "proportion", better="up")
    assert (found.overdispersed, found.tau2, set(found.practices["place"])) == (False, 0, {"inside"})
    exact = exact_limits(peer_counts(counts(ALIKE), "proportion"), np.array([100.0]))
    assert found.practices.loc["a", "upper95"] == exact["upper95"].item()
    assert found.expected == pytest.approx({"95": 0.3, "99.8": 0.012})


def test_overdispersion_only_widens():
    told = counts("a 5 100\nb 60 200\nc 4 50\nd 40 100\ne 20 200\nf 120 400\ng 10 100")
    found = funnel(told, "proportion", better="up")
    exact = exact_limits(peer_counts(told, "proportion"), told["of"]).set_axis(told.index)
    assert found.overdispersed
    assert (found.practices["upper95"] >= exact["upper95"]).all() and (
        found.practices["lower95"] <= exact["lower95"]
    ).all()
    rare = peer_counts(counts("a 1 60\nb 5 60\nc 0 60\nd 2 60\ne 2 60"), "proportion")
    exact, wide = exact_limits(rare, [60]), adjusted_limits(rare, [60], 1e-6)
    assert wide["lower95"].item() > 0 == exact["lower95"].item()  # 0 of 60, where 2 are usual, happens to one in eight
    assert limits(rare, [60], 1e-6)["lower95"].item() == 0
    assert (found.curve["upper998"] <= 1).all() and (found.curve["lower998"] >= 0).all()
    assert (found.curve["of"].min(), found.curve["of"].max()) == (50, 400)


def test_means_are_judged_by_the_spread_within_practices():
    rows = "\n".join(f"{name} {40 + i % 3} {170 + 8 * (i % 3)} 10" for i, name in enumerate("abcdefghi"))
    rows += "\nlow 90 300 30"
    found = funnel(counts(rows, "total squares of"), "mean", better="up")
    assert found.practices.loc["low", ["place", "word"]].to_list() == ["below_998", "worse"]
    assert found.practices.drop(index="low")["place"].isin(["inside", "above_95", "above_998"]).all()


def test_order_and_names_change_nothing():
    told = counts(ALIKE + "odd 60 150")
    turned = funnel(told.iloc[::-1], "proportion", better="up")
    pd.testing.assert_frame_equal(turned.practices.iloc[::-1], funnel(told, "proportion", better="up").practices)


def test_each_peer_set_has_a_funnel_of_its_own():
    told = pd.concat([counts(ALIKE), counts(ALIKE).rename(index=str.upper), counts("lone 1 9")])
    sets = {name: "small" if name.islower() else "large" for name in told.index if name != "lone"}
    found = funnels(told, "proportion", sets, better="up")
    assert {name: list(each.practices.index) for name, each in found.items()} == {
        "large": list("ABCDEF"),
        "small": list("abcdef"),
    }


def test_what_cannot_be_compared_is_left_out_with_a_reason():
    odd = "none 0 0\nminus -1 20\nhalf 1.5 20\nmore 30 20\nblank nan 20\nendless 3 inf\n"
    found = funnel(counts(ALIKE + odd), "proportion", better="up")
    assert found.left_out == {
        "none": "no_denominator",
        "minus": "negative",
        "half": "not_whole",
        "more": "more_than_all",
        "blank": "missing",
        "endless": "missing",
    }
    assert list(found.practices.index) == list("abcdef")
    assert peer_counts(counts(ALIKE + "half 3 2.5\nmore 30 20"), "rate").left_out == {}


def test_without_a_funnel_there_is_a_reason():
    four, none, all_ = counts(ALIKE).iloc[:4], counts(ALIKE).assign(count=0), counts(ALIKE)
    told = {
        "too_few_practices": funnel(four, "proportion", better="up"),
        "no_events": funnel(none, "proportion", better="up"),
        "all_events": funnel(all_.assign(count=all_["of"]), "proportion", better="up"),
        "no_such_target": funnel(all_, "proportion", better="up", target=20.0),
        "all_alike": funnel(
            counts("\n".join(f"{n} 20 40 10" for n in "abcde"), "total squares of"), "mean", better="up"
        ),
    }
    assert {why: each.reason for why, each in told.items()} == {why: why for why in told}
    assert told["too_few_practices"].needed == 5
    assert funnel(none, "proportion", better="up", target=0.2).reason == ""  # about a standard there is one


def test_what_is_asked_wrongly_is_refused_in_words():
    told = counts(ALIKE)
    with pytest.raises(ValueError, match="say one of proportion, rate, mean"):
        funnel(told, "share", better="up")
    with pytest.raises(ValueError, match="have no total, squares"):
        funnel(told, "mean", better="up")
    with pytest.raises(ValueError, match="name a practice twice"):
        funnel(pd.concat([told, told]), "proportion", better="up")
    with pytest.raises(ValueError, match="say 'up', 'down' or 'neutral'"):
        funnel(told, "proportion", better="higher")


@pytest.mark.parametrize("kind", ["proportion", "rate", "mean"])
def test_of_practices_that_are_alike_few_lie_outside(kind):
    found = trial(kind, practices=12, centre=0.1, spread=0, repetitions=25, draws=200)
    assert found.outside95 < 0.08 and found.outside998 < 0.02
