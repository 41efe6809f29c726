"""Rate and mix effects: by hand, exact for any table, and a state with its reason where there is nothing to tell."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsc_analysis.analysis.mix import MOST_PARTS, PARTS, kitagawa
from bsc_analysis.analysis.volume_price_mix import volume_price_mix
from bsc_analysis.readings.labels import NOT_SAID, OTHERS


def sides(**parts: tuple[float, float]) -> pd.DataFrame:
    """Numerator and denominator by label; `others` and `not_said` are the folded and the unlabelled part."""
    names = {"others": OTHERS, "not_said": NOT_SAID}
    frame = pd.DataFrame(parts, index=["numerator", "denominator"], dtype="float64").T
    return frame.rename(index=names)


def test_rate_and_mix_by_hand():
    """North 10 → 20 % at half the weight, later a quarter; south stays at 30 %: 20 → 27.5 %."""
    found = kitagawa(sides(north=(10, 100), south=(30, 100)), sides(north=(20, 100), south=(90, 300)), scale=100)
    assert (found.before, found.after) == pytest.approx((20, 27.5))
    north, south = found.parts.loc["north"], found.parts.loc["south"]
    assert north["rate_effect"] == pytest.approx(0.375 * 10) and south["rate_effect"] == 0
    assert north["mix_effect"] == pytest.approx(-0.25 * (15 - 23.75))
    assert south["mix_effect"] == pytest.approx(0.25 * (30 - 23.75))
    assert (found.rate_effect, found.mix_effect) == pytest.approx((3.75, 3.75))
    assert found.parts["share"].tolist() == pytest.approx([5.9375 / 7.5, 1.5625 / 7.5])
    assert list(found.largest(1).index) == ["north"]


def test_simpsons_paradox_is_told_as_mix():
    """Both places get better, and the whole gets worse because the worse place grows."""
    found = kitagawa(sides(a=(50, 500), b=(40, 100)), sides(a=(9, 100), b=(190, 500)), scale=100)
    assert found.after > found.before and (found.parts["rate_effect"] < 0).all()
    assert found.rate_effect < 0 < found.change < found.mix_effect


def test_a_part_in_one_period_only_is_all_mix():
    found = kitagawa(sides(old=(10, 100), gone=(30, 100)), sides(old=(10, 100), new=(5, 100)), scale=100)
    for part, rate in (("gone", 30), ("new", 5)):
        row = found.parts.loc[part]
        assert row["rate_effect"] == 0 and pd.isna(row["apart"])
        step = row["weight_after"] - row["weight_before"]
        assert row["mix_effect"] == pytest.approx(step * (rate - (20 + 7.5) / 2))
    assert np.isnan(found.parts.loc["new", "rate_before"]) and np.isnan(found.parts.loc["gone", "rate_after"])
    assert found.parts["effect"].sum() == pytest.approx(found.change)


counts = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=8)


def tabled(parts: dict, proportion: bool) -> pd.DataFrame:
    kept = {k: (min(n, d) if proportion else n, d) for k, (n, d) in parts.items()}
    return sides(**kept) if kept else sides(a=(0, 0)).iloc[:0]


@settings(max_examples=300, deadline=None)
@given(before=counts, after=counts, proportion=st.booleans())
def test_effects_add_up_exactly_for_any_parts(before, after, proportion):
    tables = tabled(before, proportion), tabled(after, proportion)
    found = kitagawa(*tables, scale=100, interval="proportion" if proportion else "none")
    if found.reason:
        assert found.reason in ("no_denominator", "one_part") and found.parts.empty
        return
    n0, d0, n1, d1 = (int(table[side].sum()) for table in tables for side in ("numerator", "denominator"))
    exact = float(100 * (Fraction(n1, d1) - Fraction(n0, d0)))
    assert found.parts["effect"].sum() == pytest.approx(exact, abs=1e-9)
    assert found.rate_effect + found.mix_effect == pytest.approx(exact, abs=1e-9)
    assert found.parts[["weight_before", "weight_after"]].sum().tolist() == pytest.approx([1, 1])
    assert np.isfinite(found.parts[["rate_effect", "mix_effect", "effect"]]).all(axis=None)
    turned = kitagawa(tables[1], tables[0], scale=100, interval="proportion" if proportion else "none")
    assert turned.rate_effect == pytest.approx(-found.rate_effect, abs=1e-9)  # backwards it is the same story
    renamed = kitagawa(*(t.rename(index=lambda part: f"z{part}").iloc[::-1] for t in tables), scale=100)
    if not proportion:
        assert renamed.mix_effect == pytest.approx(found.mix_effect, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(before=counts, after=counts)
def test_volume_price_and_mix_add_up_to_the_change_of_the_money(before, after):
    tables = tabled(before, False), tabled(after, False)
    whole = [(float(t["numerator"].sum()), float(t["denominator"].sum())) for t in tables]
    found = volume_price_mix(whole[0], whole[1], kitagawa(*tables))
    if min(whole[0][1], whole[1][1]) <= 0:
        assert found.reason == "no_denominator"
        return
    change = whole[1][0] - whole[0][0]
    assert found.volume + found.price + found.mix == pytest.approx(change, abs=1e-6)
    assert found.volume + found.parts.sum().sum() == pytest.approx(change, abs=1e-6) or found.parts.empty


def test_volume_price_and_mix_by_hand():
    """100 visits at $80 and 100 at $120; later 100 and 200 at the same prices, then all for $6 more."""
    before, grown = sides(low=(8_000, 100), high=(12_000, 100)), sides(low=(8_000, 100), high=(24_000, 200))
    found = volume_price_mix((20_000, 200), (32_000, 300), kitagawa(before, grown))
    price = (100 + 32_000 / 300) / 2
    assert (found.volume, found.price, found.mix) == pytest.approx((100 * price, 0, 12_000 - 100 * price))
    dearer = sides(low=(8_600, 100), high=(12_600, 100))
    found = volume_price_mix((20_000, 200), (21_200, 200), kitagawa(before, dearer))
    assert (found.volume, found.price, found.mix) == pytest.approx((0, 1_200, 0))


def test_money_that_cannot_be_taken_apart_is_volume_and_price():
    found = volume_price_mix((20_000, 200), (31_500, 300))
    assert (found.volume, found.price, found.mix) == (pytest.approx(100 * 102.5), pytest.approx(250 * 5), 0)
    assert volume_price_mix((1, 0), (2, 3)).reason == "no_denominator"
    assert volume_price_mix((np.nan, 1), (2, 3)).reason == "not_finite"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (sides(a=(1, 10)), sides(a=(2, 10)), "one_part"),
        (sides(not_said=(1, 10)), sides(not_said=(2, 10)), "not_said"),
        (sides(others=(1, 10)), sides(others=(2, 10)), "one_part"),
        (sides(a=(1, 10), b=(0, 0)), sides(a=(2, 10), b=(0, 0)), "one_part"),
        (sides(a=(0, 0), b=(0, 0)), sides(a=(2, 10), b=(2, 10)), "no_denominator"),
        (sides(a=(2, 10), b=(2, 10)), sides(a=(2, 10), b=(2, 10)).iloc[:0], "no_denominator"),
        (sides(a=(1, -5), b=(1, 3)), sides(a=(2, 10), b=(2, 10)), "no_denominator"),
        (sides(a=(1, -5), b=(1, 7)), sides(a=(2, 10), b=(2, 10)), "no_denominator"),  # nothing is left beside OTHERS
        (sides(a=(np.nan, 5), b=(1, 7)), sides(a=(2, 10), b=(2, 10)), "not_finite"),
        (sides(a=(np.inf, 5), b=(1, 7)), sides(a=(2, 10), b=(2, 10)), "not_finite"),
    ],
)
def test_where_there_is_nothing_to_tell_the_reason_says_why(before, after, reason):
    found = kitagawa(before, after)
    assert found.reason == reason and found.parts.empty and list(found.parts) == PARTS
    assert np.isnan(found.change) and found.largest().empty


def test_money_without_its_visits_is_folded_with_the_smallest_others_until_it_has_a_rate():
    before = sides(a=(50, 10), b=(60, 20), c=(90, 30), not_said=(7, 0))
    found = kitagawa(before, sides(a=(50, 10), b=(80, 20), c=(90, 30), not_said=(5, 0)))
    assert sorted(found.parts.index) == [OTHERS, "b", "c"]
    assert found.parts.loc[OTHERS, "rate_before"] == 5.7
    assert found.parts["effect"].sum() == pytest.approx(found.change)


def test_many_parts_are_folded_to_the_largest():
    many = sides(**{f"p{i:02}": (1.0, 10.0 + i) for i in range(40)})
    found = kitagawa(many, many.assign(numerator=2.0))
    assert len(found.parts) == MOST_PARTS and OTHERS in found.parts.index
    assert set(found.parts.index) - {OTHERS} == {f"p{i}" for i in range(29, 40)}
    assert found.parts["effect"].sum() == pytest.approx(found.change)


def test_nothing_changed_has_no_shares_and_no_contributors():
    same = sides(a=(1, 10), b=(3, 10))
    found = kitagawa(same, same, scale=100, interval="proportion")
    assert found.change == 0 and found.parts["share"].isna().all() and found.largest().empty


def test_tables_told_amiss_are_refused_in_words():
    good = sides(a=(1, 10), b=(3, 10))
    with pytest.raises(ValueError, match="lacks numerator or denominator; it has value"):
        kitagawa(pd.DataFrame({"value": [1.0]}), good)
    with pytest.raises(ValueError, match="names a part twice"):
        kitagawa(good, pd.concat([good, good]))
    with pytest.raises(ValueError, match="holds what is no number"):
        kitagawa(good.assign(numerator="x"), good)
