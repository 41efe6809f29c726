"""What an audience may see: 1 to 10 persons never, nor what would give them back."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.finding import Finding
from bsc_analysis.disclosure.arrived import discreet
from bsc_analysis.disclosure.withhold import GUARDED, SHOWN, withhold
from bsc_analysis.readings import COLUMNS, PEOPLE
from bsc_analysis.report.found import sentence


def frame(*rows, kpi="provider_rating", grain="month", period="2026-01") -> pd.DataFrame:
    """Rows as dicts over a shown reading of one practice."""
    base = {"practice": "a", "kpi": kpi, "grain": grain, "period": period, "state": "ok", "value": 50.0}
    return pd.DataFrame([{**dict.fromkeys(COLUMNS, np.nan), **base, **row} for row in rows]).astype(
        dict.fromkeys([*SHOWN, *PEOPLE], float)
    )


def hidden(table: pd.DataFrame, audience: str = "external") -> list[bool]:
    return (withhold(table, audience)["state"] == "withheld").tolist()


@pytest.mark.parametrize(
    ("numerator", "denominator", "is_hidden"),
    [
        (0, 40, False),  # zero may show
        (1, 40, True),
        (10, 40, True),
        (11, 40, False),
        (29, 40, False),
        (30, 40, True),  # the other ten
        (39, 40, True),
        (40, 40, False),
        (0, 19, True),  # nobody of fewer than twenty respondents: tells of each
        (19, 19, True),
        (0, 20, False),
        (5, 9, True),
        (0, 0, False),
    ],
)
def test_persons_their_complement_and_their_rate_go_together(numerator, denominator, is_hidden):
    table = frame({"numerator": numerator, "denominator": denominator, "n": denominator})
    shown = withhold(table, "external")
    assert (shown["state"].iloc[0] == "withheld") == is_hidden
    assert shown[SHOWN].isna().all(axis=None) == is_hidden


@pytest.mark.parametrize("audience", GUARDED)
def test_every_guarded_audience_is_guarded_and_leadership_sees_its_own_house(audience):
    table = frame({"numerator": 3, "denominator": 40, "n": 40})
    assert hidden(table, audience) == [True]
    assert hidden(table, "leadership") == [False]


def test_events_are_judged_by_their_distinct_patients():
    few = {"numerator": 30, "denominator": 300, "n": 300, "numerator_people": 4, "people": 200, "rest_people": 196}
    many = {**few, "numerator_people": 25}
    assert hidden(frame(few, kpi="no_show_rate")) == [True]
    assert hidden(frame(many, kpi="no_show_rate")) == [False]


def test_money_is_no_person_but_a_count_of_staff_is():
    assert hidden(frame({"numerator": 5, "denominator": 7, "n": 7}, kpi="operating_cost_ratio")) == [False]
    assert hidden(frame({"numerator": 4, "n": 1}, kpi="clinicians")) == [True]
    assert hidden(frame({"numerator": 400, "n": 1}, kpi="clinicians")) == [False]


def test_a_longer_period_goes_with_a_hidden_shorter_one():
    month = {"numerator": 60, "denominator": 120, "n": 120}
    table = pd.concat(
        [
            frame({**month, "numerator": 4}, period="2026-01"),
            frame(month, period="2026-02"),
            frame(month, period="2026-03"),
            frame({"numerator": 124, "denominator": 360, "n": 360}, grain="quarter", period="2026Q1"),
            frame({"numerator": 200, "denominator": 400, "n": 400}, grain="quarter", period="2026Q2"),
            frame({"numerator": 324, "denominator": 760, "n": 760}, grain="year", period="2026"),
        ],
        ignore_index=True,
    )
    assert hidden(table) == [True, False, False, True, False, True]


@pytest.mark.parametrize("audience", ["leadership", *GUARDED])
def test_fewer_than_five_answers_are_nobodys_to_see(audience):
    three = frame({"numerator": 3, "denominator": 3, "n": 3, "value": np.nan, "state": "too_few"}, kpi="burnout")
    quarter = frame({"numerator": 12, "denominator": 30, "n": 30}, kpi="burnout", grain="quarter", period="2026Q1")
    shown = withhold(pd.concat([three, quarter], ignore_index=True), audience)
    assert shown["state"].tolist() == ["withheld", "withheld"] and shown[SHOWN].isna().all(axis=None)


def test_money_over_visits_of_few_patients_is_withheld_from_the_guarded():
    few = {"numerator": 10_000, "denominator": 7, "n": 7, "people": 7}
    assert hidden(frame(few, kpi="net_revenue_per_visit")) == [True]
    assert hidden(frame({**few, "people": 70}, kpi="net_revenue_per_visit")) == [False]


def test_a_median_from_which_few_persons_were_left_out_shows_no_counts_to_the_guarded():
    wait = frame({"denominator": 60, "n": 59, "people": 55, "rest_people": 1}, kpi="wait_median")
    guarded, leaders = withhold(wait, "external").iloc[0], withhold(wait, "leadership").iloc[0]
    assert (
        (guarded["state"], guarded["value"]) == ("ok", 50)
        and np.isnan(guarded["denominator"])
        and np.isnan(guarded["n"])
    )
    assert (leaders["denominator"], leaders["n"]) == (60, 59)


def test_people_counts_never_leave():
    assert not set(PEOPLE) & set(withhold(frame({"numerator": 50, "denominator": 120}), "leadership").columns)


def random_table(rng: np.random.Generator) -> pd.DataFrame:
    """Twelve months of one KPI, with their quarters and year."""
    months = pd.period_range("2026-01", periods=12, freq="M")
    denominators = rng.integers(0, 60, 12)
    cells = pd.DataFrame({"numerator": rng.binomial(denominators, 0.4), "denominator": denominators})
    parts = []
    for grain, freq in (("month", "M"), ("quarter", "Q"), ("year", "Y")):
        sums = cells.groupby(months.asfreq(freq).astype(str)).sum()
        parts += [
            frame({**row, "n": row["denominator"]}, grain=grain, period=period)
            for period, row in sums.to_dict("index").items()
        ]
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("seed", range(25))
def test_no_difference_of_shown_periods_gives_a_hidden_count_back(seed):
    """Every total less any of its shown parts: what is left is never a single hidden cell."""
    table = random_table(np.random.default_rng(seed))
    shown = withhold(table, "external").set_index("period")
    months = shown[shown["grain"] == "month"]
    for grain in ("quarter", "year"):
        for period, total in shown[shown["grain"] == grain].iterrows():
            inside = months[[str(pd.Period(m).asfreq(grain[0].upper())) == period for m in months.index]]
            if total["state"] != "withheld":
                assert (inside["state"] != "withheld").all()
    year = shown[shown["grain"] == "year"].iloc[0]
    quarters = shown[shown["grain"] == "quarter"]
    if year["state"] != "withheld":
        for size in range(4):
            for some in combinations(quarters.index, size):
                assert (quarters.loc[list(some), "state"] != "withheld").all()


@pytest.mark.parametrize("seed", range(5))
def test_withholding_twice_changes_nothing_and_more_persons_never_hide_more(seed):
    table = random_table(np.random.default_rng(seed))
    once = withhold(table, "external")
    again = withhold(once.reindex(columns=COLUMNS), "external")
    pd.testing.assert_frame_equal(once, again[once.columns])


def test_of_a_file_whose_counts_are_not_shown_no_share_is_told():
    told = discreet(Finding("refused", file="a.csv", n=9, of=14), "external", frozenset(["a.csv"]))
    assert sentence(told, {}) == "Many rows of a.csv were set aside; the table below says why."
    other = discreet(Finding("refused", file="b.csv", n=9, of=14), "external", frozenset(["a.csv"]))
    assert (other.n, other.of) == (9, 14)
