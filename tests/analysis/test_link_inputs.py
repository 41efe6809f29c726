"""What a link test is given: the types that it may come in, and in words what is wrong with what it may not be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.given import numbers, sets_of, start_of
from bsc_analysis.analysis.links import test_link as link
from bsc_analysis.analysis.panel import test_group_link as group_link

MONTHS = pd.period_range("2023-01", periods=36, freq="M")
NAMES = [f"p{i}" for i in range(12)]
X, Y = (pd.DataFrame(np.random.default_rng(seed).standard_normal((36, 12)), MONTHS, NAMES) for seed in (1, 2))
PEERS = X.iloc[:, 1:], Y.iloc[:, 1:]

SAME = {
    "booleans": (X > 0, (X > 0).astype(float)),
    "nullable": (X.round(1).mask(X > 1.5).astype("Float64"), X.round(1).mask(X > 1.5)),
    "objects": (X.astype(object).where(X < 1.5, None), X.where(X < 1.5)),
    "too large to square": (X.mask(X > 1.5, 1e300), X.where(X < 1.5)),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", SAME)
def test_numbers_in_other_types_are_the_same_numbers(name):
    told, plain = SAME[name]
    pd.testing.assert_frame_equal(numbers("x", told, pd.DataFrame), plain.astype(float))
    assert (
        link(told["p0"], Y["p0"], within=1, draws=19).p_leads == link(plain["p0"], Y["p0"], within=1, draws=19).p_leads
    )


WRONG = {
    "no series": ({"leading": X}, "leading came as DataFrame; give a pandas Series on a PeriodIndex"),
    "text": ({"lagging": Y["p0"].map("{:.0f} %".format)}, "lagging holds what is no number (str); give numbers"),
    "dates": ({"lagging": Y["p0"].mask(Y["p0"] > -9, pd.Timestamp("2026-01-01"))}, "lagging holds what is no number"),
    "no window": ({"within": None}, "within is None; give a whole number"),
    "half a month": ({"within": 1.5}, "within is 1.5; give a whole number"),
    "no draws": ({"draws": 0}, "draws is 0; give 1 at least"),
    "least as text": ({"least": "1"}, "least is '1'; it is the size of an effect, above 0"),
    "no such month": ({"breaks": ["2024-13"]}, "a break is at '2024-13'; give a pandas Period, or text"),
    "a missing break": ({"breaks": [pd.NaT]}, "a break is at NaT; give"),
    "one frame of peers": ({"peers": PEERS[:1]}, "not enough values to unpack"),
    "peers of text": ({"peers": (PEERS[0].map(str) + "x", PEERS[1])}, "peers' leading holds what is no number"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_given_amiss_is_told_in_words(name):
    amiss, words = WRONG[name]
    with pytest.raises((TypeError, ValueError)) as error:
        link(**({"leading": X["p0"], "lagging": Y["p0"], "within": 1, "draws": 19} | amiss))
    assert words in str(error.value)


def test_peers_on_another_calendar_or_with_a_month_twice_cannot_be_taken_off():
    twice, quarters = (tuple(change(p) for p in PEERS) for change in (lambda p: pd.concat([p, p[:1]]), by_quarter))
    reasons = [link(X["p0"], Y["p0"], within=1, draws=19, peers=peers).reason for peers in (twice, quarters)]
    assert reasons == ["periods_twice", "other_calendars"]


def by_quarter(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_axis(pd.period_range("2023Q1", periods=36, freq="Q"))


def test_a_break_told_as_text_counts_in_the_calendar_s_own_year():
    fiscal = pd.period_range("2020Q1", periods=8, freq="Q-JUN")
    assert str(start_of("2020Q3", fiscal)) == "2020Q3" and str(start_of(pd.Period("2020Q3"), fiscal)) == "2021Q1"
    assert str(start_of("2020-07", fiscal)) == "2021Q1" and str(start_of("2024Q3", MONTHS)) == "2024-07"


def test_sets_may_be_categories_with_some_missing_but_name_each_practice_once():
    told = pd.Series(["a", None, "b"], ["p0", "p1", "q"], dtype="category")
    assert sets_of(told, NAMES[:3]) == ["a", "", ""]
    with pytest.raises(ValueError, match="name a practice twice"):
        sets_of(pd.Series(["a", "b"], ["p0", "p0"]), NAMES)


def test_practices_may_be_named_by_more_than_text():
    columns = pd.MultiIndex.from_product([["east", "west"], range(6)])
    x, y = (frame.set_axis(columns, axis=1) for frame in (X, Y))
    assert group_link(x, y, within=1, draws=19).practices == 12
    with pytest.raises(TypeError, match="leading came as Series; give a pandas DataFrame"):
        group_link(X["p0"], Y, within=1)
