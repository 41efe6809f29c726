"""What came of the actions of a register: from its rows and the KPIs' months to an answer, on planted truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.undertaken import whole
from bsc_analysis.analysis.undertaken.rule import trigger_of
from bsc_analysis.analysis.undertaken.whole import undertaken
from tests.stores import rows
from tests.undertakings import MONTHS, QUARTER, acted, series

HEAD = "practice action_id title kpi owner decided_at trigger starts_at due_at done_at expected expected_in outcome\n"


def found(folder, text, *given, **more):
    """The actions by number."""
    return {each.entry.id: each for each in undertaken(*_asked(folder, text, *given, **more)).tried}


def _asked(folder, text, *given, **more):
    group, store = acted(folder, HEAD + text, *given, **more)
    return group, QUARTER, store


def test_a_planted_effect_is_found_and_held_against_what_was_promised(tmp_path):
    told = found(
        tmp_path,
        """a 1 Desk no_show_rate lead 2025-05-20 . 2025-07-01 2025-07-10 2025-07-03 -4 units adopt
           a 2 Agent call_abandonment lead 2025-05-20 . 2025-07-01 2025-07-10 2025-07-20 -12 units adapt
           a 3 Calls late_cancel_rate lead 2025-05-20 . 2025-07-01 2025-07-10 . 5 units .
           a 4 Letters charge_lag lead 2025-05-20 . 2025-07-01 2025-07-10 2025-07-01 -30 percent abandon""",
        series("no_show_rate", a=("2025-07", -4.0)),
        series("call_abandonment", 2, a=("2025-07", -6.0)),
        series("late_cancel_rate", 3, a=("2025-07", -5.0)),
        series("charge_lag", 4),
    )
    answers = {id: each.told.answer for id, each in told.items()}
    assert answers == {"1": "as_expected", "2": "less_than_expected", "3": "opposite", "4": "not_as_expected"}
    assert {id: each.entry.standing for id, each in told.items()} == {
        "1": "done", "2": "done_late", "3": "late", "4": "given_up",
    }  # fmt: skip
    first = told["1"].told
    assert first.lower < -4 < first.upper < 0 and first.p < 0.05
    assert (first.start, first.promised, told["4"].told.promised) == ("2025-07", -4, pytest.approx(-6, abs=0.5))
    drawn = first.periods.set_index("period")
    assert drawn.loc["2026-09", "counterfactual"] - drawn.loc["2026-09", "fitted"] == pytest.approx(-first.effect)
    assert not drawn.loc["2025-05", "used"] and drawn.loc["2025-04", "used"]  # from the decision on nothing is told


def test_nothing_planted_is_nothing_found_and_without_a_promise_the_better_way_counts(tmp_path):
    told = found(
        tmp_path,
        """a 1 Leaflets no_show_rate lead 2025-05-20 . 2025-07-01 . . . . .
           a 2 Desk late_cancel_rate lead 2025-05-20 . 2025-07-01 . . . . .
           a 3 Ads new_patient_share lead 2025-05-20 . 2025-07-01 . . . . .""",
        series("no_show_rate", 1),
        series("late_cancel_rate", 2, a=("2025-07", -5.0)),
        series("new_patient_share", 3, a=("2025-07", -5.0)),
    )
    assert [each.told.answer for each in told.values()] == ["cannot_tell", "moved_well", "moved_badly"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a 1 Desk no_such_kpi lead 2025-05-20 . 2025-07-01 . . . . .", "unknown_kpi"),
        ("a 1 Desk burnout lead 2025-05-20 . 2025-07-01 . . . . .", "no_readings"),
        ("a 1 Desk no_show_rate lead 2025-05-20 . . . . . . .", "not_live"),
        ("a 1 Desk no_show_rate lead 2025-05-20 . 2026-11-02 . . . . .", "not_live"),
        ("a 1 Desk no_show_rate lead 2021-05-20 . 2021-07-01 . . . . .", "before_data"),
        ("a 1 Desk no_show_rate lead 2024-02-20 . 2024-03-01 . . . . .", "too_few_before"),
        ("a 1 Desk no_show_rate lead 2026-07-20 . 2026-08-03 . . . . .", "too_few_after"),
    ],
)
def test_what_cannot_be_estimated_says_why(tmp_path, row, reason):
    one = found(tmp_path, row, series("no_show_rate"))["1"].told
    assert (one.reason, one.answer, one.known) == (reason, "cannot_tell", False)


def test_actions_within_half_a_year_are_one_estimate_and_a_change_of_the_series_is_one_of_them(tmp_path):
    told = found(
        tmp_path,
        """a 1 Desk no_show_rate lead 2025-05-20 . 2025-07-01 . . . . .
           a 2 Calls no_show_rate lead 2025-08-20 . 2025-09-01 . . . . .""",
        series("no_show_rate", a=("2025-07", -4.0)),
        group={"breaks": [{"kpis": ["no_show_rate"], "at": "2025-07", "because": "a desk"}]},
    )
    assert set(told["1"].told.together) == {"change of the series", "2"}
    assert set(told["2"].told.together) == {"change of the series", "1"}
    assert told["1"].told.effect == told["2"].told.effect


def test_what_another_action_hides_is_not_told_as_if_it_were_its_own(tmp_path):
    """B goes live at the end of the data, A's partner in one estimate: A had its months. Of C, D, E only C is old."""
    two = """a A X no_show_rate lead 2026-03-20 . 2026-04-01 . . . . .
             a B Y no_show_rate lead 2026-08-10 . {} . . . . ."""
    for day, own in (("2026-08-28", "too_few_after"), ("2026-09-20", "after_data")):
        told = found(tmp_path / day, two.format(day), series("no_show_rate"))
        assert [told[id].told.reason for id in "AB"] == ["overlapping", own]
    chain = """a C X no_show_rate lead 2023-06-20 . 2023-10-01 . . . . .
               a D Y no_show_rate lead 2024-01-20 . 2024-03-01 . . . . .
               a E Z no_show_rate lead 2024-06-20 . 2024-08-01 . . . . ."""
    told = found(tmp_path / "chain", chain, series("no_show_rate"))
    assert [told[id].told.reason for id in "CDE"] == ["before_data", "too_few_before", "overlapping"]


def test_what_was_given_up_before_it_went_live_moved_nothing_and_hides_no_other(tmp_path):
    told = found(
        tmp_path,
        """a 1 Undated no_show_rate lead 2025-04-20 . . . 2025-05-01 -4 units abandon
           a 2 Early no_show_rate lead 2025-04-20 . 2025-09-05 . 2025-05-01 -4 units abandon
           a 3 Live no_show_rate lead 2025-06-20 . 2025-07-01 . 2026-03-01 -4 units abandon""",
        series("no_show_rate", a=("2025-07", -4.0)),
    )
    assert [told[id].told.reason for id in "123"] == ["never_live", "never_live", ""]
    assert (told["3"].told.answer, told["3"].told.together) == ("as_expected", ())


def test_percent_of_what_is_below_0_are_a_rise_where_they_say_so(tmp_path):
    """A margin of −10 % of which 20 % more were promised: it rises to −6 %, or falls to −14 %."""
    row = "a 1 X operating_margin lead 2025-06-20 . 2025-07-01 . . 20 percent ."
    answers = []
    for by in (4.0, -4.0):
        given = series("operating_margin", a=("2025-07", by))
        told = found(tmp_path / str(by), row, given.assign(value=given["value"] - 30))["1"].told
        assert told.promised == pytest.approx(2, abs=0.1)
        answers.append(told.answer)
    assert answers == ["as_expected", "opposite"]


def test_an_action_late_in_a_month_counts_from_the_next(tmp_path):
    text = "a 1 Desk no_show_rate lead 2025-07-05 . 2025-07-{} . . . . ."
    early, late = (found(tmp_path / day, text.format(day), series("no_show_rate"))["1"].told for day in ("07", "20"))
    assert (early.start, late.start) == ("2025-07", "2025-08")
    assert not late.periods.set_index("period").loc["2025-07", "used"]


def test_a_rule_is_read_as_it_is_written(tmp_path):
    months = pd.Series(np.r_[np.full(15, 10.0), [14, 15, 16], np.full(18, 11.0)], MONTHS)
    decided = MONTHS[18]

    def read(text, better="down"):
        rule = trigger_of(text, better, months, decided)
        return rule and (rule.side, rule.beyond, rule.periods, rule.of)

    assert read("the worst quarter of the last year and a half") == ("above", 10, 3, "mean")
    assert read("the worst quarter of the last year and a half", "up") == ("below", 10, 3, "mean")
    assert read("after a bad month") == ("above", 15, 1, "mean")
    assert read("no-shows above 8.5 % in the last 6 months") == ("above", 8.5, 6, "any")
    assert read("on average under $12 for two quarters") == ("below", 12, 6, "mean")
    assert [read(text) for text in ("a feeling", "worst quarter ever seen of all", "")] == [
        None, ("above", 10, 3, "mean"), None,
    ]  # fmt: skip
    assert read("the worst quarter of the last year", "neutral") is None
    assert trigger_of("the worst quarter", "down", months[:3], decided) is None  # nothing to be the worst of


@pytest.mark.parametrize(
    ("text", "beyond", "periods"),
    [
        ("above $40,000 in the last month", 40_000, 1),
        ("for more than 3 months above 8 %", 8, 3),
        ("above 8 % over the last nine months", 8, 9),
        ("above 45 days over two quarters", 45, 6),
    ],
)
def test_a_level_is_read_whole_and_apart_from_its_stretch(text, beyond, periods):
    rule = trigger_of(text, "down", pd.Series(10.0, MONTHS), MONTHS[18])
    assert (rule.beyond, rule.periods) == (beyond, periods)


@pytest.mark.parametrize(
    "text",
    ["rose over 3 months", "more than 10 % below target", "more than 2 points above last year", "above $40k",
     "above 8,5 %", "no more than 8 %", "above 8 % since 2025 quarter 3", "above 8 % in the last 999999999999 months",
     "the worst month of the last 99999999999 years"],
)  # fmt: skip
def test_what_is_no_level_or_no_stretch_is_no_rule(text):
    assert trigger_of(text, "down", pd.Series(np.arange(36.0), MONTHS), MONTHS[18]) is None


def test_going_back_after_a_bad_quarter_is_no_effect(tmp_path):
    """Noise without any effect: acting after the worst quarter seems to work, and is not said to."""
    seemed, said = 0, 0
    for seed in range(6):
        values = series("no_show_rate", seed + 10)
        months = values["value"].to_numpy() - values["value"].rolling(24, min_periods=1).mean().to_numpy()
        worst = 12 + int(np.argmax(pd.Series(months).rolling(3).mean().to_numpy()[14:27])) + 2
        decided, starts = MONTHS[worst + 1], MONTHS[worst + 2]
        row = "a 1 Force no_show_rate lead {}-03 {} {}-02 . . -3 units ."
        rule = "the_worst_quarter_of_the_last_year_and_a_half"
        one = found(tmp_path / str(seed), row.format(decided, rule, starts), values)["1"].told
        assert (one.trigger, one.reason) == ("read", "")
        seemed += (
            values["value"].iloc[worst + 2 : worst + 8].mean() < values["value"].iloc[worst - 2 : worst + 1].mean()
        )
        said += one.answer == "as_expected"
    assert seemed >= 5 and said == 0


def test_a_rule_that_cannot_be_read_is_said_to_be(tmp_path):
    one = found(tmp_path, "a 1 X no_show_rate lead 2025-05-20 a_feeling 2025-07-01 . . . . .", series("no_show_rate"))
    assert one["1"].told.trigger == "unread"


def test_an_owner_whose_role_nobody_has_any_more_has_left(tmp_path):
    roster = """practice staff_id role hired_at left_at as_of
                a 1 Lead 2020-01-01 2026-02-01 2026-09-30
                a 2 Nurse 2020-01-01 2026-02-01 2026-09-30
                a 3 Nurse 2020-01-01 . 2026-09-30"""
    told = found(
        tmp_path,
        """a 1 X no_show_rate lead 2025-05-20 . 2025-07-01 . . . . .
           a 2 X no_show_rate nurse 2025-05-20 . 2025-07-01 . . . . .
           a 3 X no_show_rate manager 2025-05-20 . 2025-07-01 . . . . .""",
        series("no_show_rate"),
        staff=rows(roster, "staff"),
    )
    assert [each.entry.owner_left for each in told.values()] == [True, False, False]


def test_a_roster_that_drops_who_left_tells_it_too_and_a_successor_is_there_when_hired(tmp_path):
    """Two rosters of one month are one; who is hired after the period, or holds the role no more, is not there."""
    roster = """practice staff_id role hired_at left_at as_of
                a 1 Lead 2020-01-01 . 2026-08-31
                a 2 Nurse 2020-01-01 . 2026-08-31
                a 2 Nurse 2020-01-01 . 2026-09-29
                a 3 Coder 2020-01-01 . 2026-08-31
                a 3 Biller 2020-01-01 . 2026-09-30
                a 4 Boss 2020-01-01 2026-09-01 2026-09-30
                a 5 Boss 2026-10-15 . 2026-09-30
                a 6 Porter 2020-01-01 2026-09-01 2026-09-30
                a 7 Porter 2026-09-20 . 2026-09-30"""
    roles = ["Lead", "Nurse", "Coder", "Biller", "Boss", "Porter", "Unheard_of"]
    text = "\n".join(f"a {i} X no_show_rate {r} 2025-05-20 . 2025-07-01 . . . . ." for i, r in enumerate(roles))
    told = found(tmp_path, text, series("no_show_rate"), staff=rows(roster, "staff"))
    assert [r for r, each in zip(roles, told.values(), strict=True) if each.entry.owner_left] == [
        "Lead",
        "Coder",
        "Boss",
    ]


def test_counts_per_exposure_are_told_as_a_multiple(tmp_path):
    rng, months = np.random.default_rng(3), []
    for i, month in enumerate(MONTHS):
        events = rng.poisson(40 if i < 21 else 20)
        months.append(("a", "complaint_rate", str(month), float(events), 2000.0, None, None))
    given = pd.DataFrame(months, columns=["practice", "kpi", "period", "numerator", "denominator", "value", "n"])
    one = found(tmp_path, "a 1 X complaint_rate lead 2025-06-20 . 2025-07-01 . . -10 units .", given)["1"].told
    assert one.scale == "ratio" and one.lower < 0.5 < one.upper < 1
    assert one.promised == pytest.approx(0.5, abs=0.1) and one.answer == "as_expected"
    assert one.periods["observed"].iloc[0] == pytest.approx(months[0][3] / 2000 * 1000)


def test_what_several_did_alike_is_told_of_all_with_those_that_did_not(tmp_path):
    names = "abcdefghijklmnopqrstuvwxyz"
    text = "\n".join(f"{p} 1 Agent no_show_rate lead 2025-0{m}-20 . 2025-0{m + 1}-02 . . -4 units ." for m, p in
                     enumerate("abcdef", 1))  # fmt: skip
    steps = {p: (f"2025-0{m + 1}", -4.0) for m, p in enumerate("abcdef", 1)}
    given = series("no_show_rate", 5, names, **steps)
    (alike,) = undertaken(*_asked(tmp_path, text, given, practices=names)).alike
    assert (alike.title, alike.kpi, alike.practices) == ("Agent", "no_show_rate", tuple("abcdef"))
    assert (alike.told.treated, alike.told.controls, alike.told.answer) == (6, 20, "as_expected")
    assert alike.told.lower < -4 < alike.told.upper < 0


def test_few_practices_without_it_cannot_tell(tmp_path):
    text = "\n".join(f"{p} 1 Agent no_show_rate lead 2025-01-20 . 2025-0{m}-02 . . -4 units ." for m, p in
                     enumerate("ab", 2))  # fmt: skip
    given = series("no_show_rate", 5, "abcd", a=("2025-02", -4.0), b=("2025-03", -4.0))
    (alike,) = undertaken(*_asked(tmp_path, text, given, practices="abcd")).alike
    assert (alike.told.reason, alike.told.answer) == ("too_few_controls", "cannot_tell")


def test_it_is_found_once_for_all_reports(tmp_path, monkeypatch):
    asked = _asked(tmp_path, "a 1 X no_show_rate lead 2025-05-20 . 2025-07-01 . . . . .", series("no_show_rate"))
    first = undertaken(*asked)
    monkeypatch.setattr(whole, "effect_of", None)
    again = undertaken(*asked)
    assert again.tried[0].entry == first.tried[0].entry
    assert again.tried[0].told.effect == first.tried[0].told.effect
    pd.testing.assert_frame_equal(again.tried[0].told.periods, first.tried[0].told.periods)


def test_without_a_register_there_is_nothing(tmp_path):
    group, store = acted(tmp_path, HEAD, series("no_show_rate"))
    assert undertaken(group, QUARTER, store) == whole.Undertaken()
