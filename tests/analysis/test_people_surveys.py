"""Surveys of staff: whether items belong together, whether roles differ, what a training changed."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from bsc_analysis.analysis.people_change import score_change, share_change
from bsc_analysis.analysis.people_roles import role_differences
from bsc_analysis.analysis.people_scale import cronbach


@pytest.mark.shared
def test_alpha_of_chatterjee_and_prices_attitudes_is_psychs(shared):
    folder = shared / "reference/cronbach_attitude"
    told = json.loads((folder / "expected.json").read_text())
    found = cronbach(pd.read_csv(folder / "data.csv"))
    wanted = [told[name] for name in ("raw_alpha", "std_alpha", "average_r")]
    assert (found.raw, found.standardised, found.average_r) == pytest.approx(wanted, rel=1e-6)
    assert found.items["alpha_without"].to_dict() == pytest.approx(told["alpha_if_dropped"], rel=1e-6)
    assert found.items["item_rest"].to_dict() == pytest.approx(told["r_drop"], rel=1e-6)
    assert (found.answers, found.against) == (30, ())
    assert found.lower < found.raw < found.upper


def items(text: str) -> pd.DataFrame:
    rows = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame(rows[1:], columns=rows[0]).replace("~", np.nan).astype(float)


TWELVE = "a b c\n" + "\n".join(f"{i % 5} {(i + i % 2) % 5} {i % 5 + i % 3}" for i in range(12))


def test_the_same_item_twice_is_all_reliable():
    one = pd.Series([1.0, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    found = cronbach(pd.DataFrame({"a": one, "b": one, "c": one}))
    assert (found.raw, found.standardised, found.lower) == pytest.approx((1, 1, 1))


def test_an_item_asked_the_other_way_round_is_told_and_not_turned():
    told = items(TWELVE)
    assert cronbach(told).against == ()
    assert cronbach(told.assign(c=5 - told["c"])).against == ("c",)


def test_who_did_not_answer_every_item_and_items_that_nobody_answers_differently_are_left_out():
    told = items(TWELVE)
    more = pd.concat([told, pd.DataFrame({"a": [3.0, np.nan], "b": [np.nan, np.nan]})], ignore_index=True)
    found = cronbach(more.assign(same=4, empty=np.nan))
    assert (found.answers, found.incomplete, found.constant) == (12, 2, ("same",))
    assert found.raw == cronbach(told).raw


def test_two_items_have_no_alpha_without_one():
    found = cronbach(items(TWELVE)[["a", "b"]])
    assert found.items["alpha_without"].isna().all() and found.items["item_rest"].notna().all()


def test_a_scale_that_cannot_be_judged_says_why():
    told = items(TWELVE)
    assert cronbach(told.iloc[:9]).reason == "too_few_answers"
    assert cronbach(told[["a"]]).reason == "too_few_items"
    assert cronbach(told * 0).reason == "all_alike"
    assert cronbach(told.assign(b=-told["a"])[["a", "b"]]).reason == "" and np.isnan(
        cronbach(told.assign(b=-told["a"])[["a", "b"]]).raw
    )
    with pytest.raises(ValueError, match="holds what is no number"):
        cronbach(told.assign(a="often"))


def wave(**roles: str) -> tuple[pd.Series, pd.Series]:
    """Scores and roles of respondents, from a string of answers per role."""
    told = [(role, float(answer)) for role, answers in roles.items() for answer in answers]
    return pd.Series([score for _, score in told]), pd.Series([role for role, _ in told])


PLAIN = {"admin": "43443", "nurse": "4344334", "provider": "112112"}


def test_a_role_far_below_the_others_is_found_and_the_others_are_not():
    found = role_differences(*wave(**PLAIN))
    assert {name: each.answer for name, each in found.roles.items()}["provider"] == "lower"
    provider = found.roles["provider"]
    assert provider.difference == pytest.approx(8 / 6 - (18 + 25) / 12)
    assert provider.upper < 0 and provider.p < 0.001 and found.compared == 3
    scores, roles = wave(**PLAIN)
    welch = stats.ttest_ind(scores[roles == "provider"], scores[roles != "provider"], equal_var=False)
    assert provider.lower == pytest.approx(welch.confidence_interval(1 - 0.05 / 3).low)  # of three roles at once
    assert provider.own.value == pytest.approx(8 / 6)


def test_p_is_the_share_of_all_ways_to_deal_the_answers_out():
    scores, roles = wave(admin="55555", nurse="11111")
    found = role_differences(scores, roles)
    assert found.roles["admin"].p == pytest.approx(2 / 252, abs=0.003)  # of all ways, the two extreme ones
    again = role_differences(scores, roles)
    assert again == found


def test_where_all_answered_the_interval_is_the_difference_and_p_stays():
    alone = role_differences(*wave(**PLAIN)).roles["provider"]
    half = role_differences(*wave(**PLAIN), {"admin": 10, "nurse": 14, "provider": 12}).roles["provider"]
    whole = role_differences(*wave(**PLAIN), {"admin": 5, "nurse": 7, "provider": 6}).roles["provider"]
    assert whole.lower == whole.upper == whole.difference
    assert (half.upper - half.lower) == pytest.approx((alone.upper - alone.lower) * np.sqrt(0.5))
    assert whole.p == half.p == alone.p


def test_roles_with_few_answers_count_among_the_others_and_are_not_compared():
    found = role_differences(*wave(admin="43443", nurse="4344334", it="15"))
    assert (found.roles["it"].reason, found.compared) == ("too_few_answers", 2)
    assert found.roles["admin"].difference == pytest.approx(18 / 5 - (25 + 6) / 9)


def test_roles_that_cannot_be_compared_say_why():
    assert role_differences(*wave(admin="43443")).roles["admin"].reason == "no_other_role"
    assert role_differences(*wave(admin="44444", nurse="44444")).roles["admin"].reason == "all_alike"
    more = role_differences(*wave(**PLAIN), {"admin": 4, "nurse": 14, "provider": 12})
    assert more.roles["admin"].reason == "more_answers_than_people"
    scores, roles = wave(**PLAIN)
    assert role_differences(scores, roles.where(roles != "nurse")).unknown == 7
    assert role_differences(scores * np.nan, roles).roles == {}
    with pytest.raises(ValueError, match="one row per respondent"):
        role_differences(scores, roles[:3])


def test_of_roles_that_answer_alike_few_differ():
    rng = np.random.default_rng(2)
    roles = pd.Series(["admin"] * 6 + ["nurse"] * 12 + ["provider"] * 5)
    false = 0
    for _ in range(25):
        scores = pd.Series(rng.choice([1, 2, 3, 4, 5], len(roles), p=[0.05, 0.1, 0.2, 0.4, 0.25]))
        false += any(each.answer in ("higher", "lower") for each in role_differences(scores, roles).roles.values())
    assert false <= 5


def people(text: str, first: str = "p") -> pd.Series:
    return pd.Series([float(score) for score in text], [f"{first}{i}" for i in range(len(text))])


def test_the_same_people_are_paired():
    before, after = people("2233241"), people("3344352")
    found = score_change(before, after)
    assert (found.method, found.pairs, found.reason, found.change) == ("paired", 7, "all_alike", 1)
    after = people("3344342")
    found, wanted = score_change(before, after), stats.ttest_rel(after, before)
    assert (found.p, found.change) == pytest.approx((wanted.pvalue, 6 / 7))
    assert found.lower == pytest.approx(wanted.confidence_interval(0.95).low)


def test_other_people_or_anonymous_ones_are_not_paired():
    before, after = people("2233241"), people("3344342")
    welch = stats.ttest_ind(after.to_numpy(), before.to_numpy(), equal_var=False)
    others = score_change(before, after.rename(str.upper))
    nameless = score_change(before.reset_index(drop=True), after.reset_index(drop=True), anonymous=True)
    for found in (others, nameless):
        assert (found.method, found.pairs) == ("unpaired", 0)
        assert (found.p, found.upper) == pytest.approx((welch.pvalue, welch.confidence_interval(0.95).high))


def test_a_few_of_the_same_people_do_not_stand_for_two_waves():
    before = people("2233241" * 3)
    after = pd.concat([people("33443"), people("3435" * 4, "q")])
    found = score_change(before, after)
    assert (found.method, found.pairs, found.n_before, found.n_after) == ("unpaired", 5, 21, 21)


def test_shares_change_by_newcombes_method():
    found = share_change((48, 80), (56, 70))  # his example (a), 1998: 0.2, 0.0524 to 0.3339
    assert (found.change, found.lower, found.upper) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert share_change((0, 10), (0, 10)).p is None and share_change((0, 10), (0, 10)).upper == pytest.approx(
        0.2775, abs=1e-4
    )


def test_a_change_that_cannot_be_told_says_why():
    assert score_change(people("2233"), people("3344")).reason == "too_few_answers"
    assert score_change(people("22222"), people("33333", "q")).reason == "all_alike"
    assert score_change(people("22222") * np.nan, people("33333")).reason == "too_few_answers"
    assert share_change((5, 3), (2, 3)).reason == "impossible_counts"
    assert share_change((1, 3), (2, 30)).reason == "too_few_answers"
    with pytest.raises(ValueError, match="stands twice in one wave"):
        score_change(pd.concat([people("22"), people("22")]), people("33"))
