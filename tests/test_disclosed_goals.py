"""Goals as disclosure lets them through: by the readings that are shown, and kept to the last digit."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pandas as pd
import pytest

from bsc_analysis.disclosure import DisclosedGoal, goals_of, met
from bsc_analysis.packed import packed, record_of
from bsc_analysis.params import load_group
from tests.builders import write
from tests.promises import MONTHS, PERIOD, goal, promised, series

NO_SHOWS = series("no_show_rate", 9.0)
LEVEL = {"change": None, "baseline": None}


def only(*goals, **told) -> DisclosedGoal:
    return promised(*goals, **told).goals[0]


def level(period: str) -> float:
    rows = NO_SHOWS[NO_SHOWS["period"] == period]
    return float(rows["value"].iloc[0])


def test_a_relative_goal_is_told_in_the_kpi_s_unit_from_the_quarter_s_own_reading():
    found = only(goal())
    assert found.start == pytest.approx(level("2026Q2")) and found.target == pytest.approx(0.85 * level("2026Q2"))
    assert (found.now, str(found.as_of)) == (pytest.approx(level("2026Q3")), "2026Q3")
    assert found.due == pytest.approx(found.start + (found.target - found.start) / 4)  # one of the four quarters
    assert (found.kpi, found.owner, str(found.by)) == ("no_show_rate", "front desk <lead>", "2027Q2")


@pytest.mark.parametrize(
    ("told", "status", "reason"),
    [
        ({}, "at_risk", ""),
        ({**LEVEL, "target": 11.0}, "on_track", ""),
        ({**LEVEL, "target": 11.0, "by": "2026Q3"}, "met", ""),
        ({**LEVEL, "target": 5.0, "by": "2026Q3"}, "missed", ""),
        ({"declared": "2026-10-02"}, "too_early", ""),
        ({"baseline": "2020Q1"}, "cannot_tell", "no_baseline_reading"),
        ({"change": None, "target": 12.0}, "cannot_tell", "target_on_wrong_side"),
        ({**LEVEL, "target": 101.0}, "cannot_tell", "target_impossible"),
        ({"by": "2029Q4"}, "cannot_tell", "too_far"),
        ({"kpi": "denial_rate"}, "cannot_tell", "no_readings"),
        ({"kpi": "readmission_rate"}, "cannot_tell", "not_on_card"),
    ],
)
def test_whatever_is_promised_has_a_status(told, status, reason):
    found = only(goal(**told))
    assert (found.status, found.reason) == (status, reason)
    assert (found.probability is None) == (status not in ("at_risk", "on_track", "too_early"))


def test_a_share_of_nothing_cannot_be_taken():
    zero = NO_SHOWS.assign(value=NO_SHOWS["value"].where(NO_SHOWS["period"] != "2026-06", 0.0))
    assert only(goal(baseline="2026-06", by="2027-06"), readings=zero).reason == "baseline_zero"


def test_what_is_withheld_enters_nothing():
    hidden = NO_SHOWS["period"].isin(["2026-04", "2026-05", "2026Q2"])
    shown = NO_SHOWS.assign(state=NO_SHOWS["state"].where(~hidden, "withheld"))
    shown.loc[hidden, ["value", "numerator", "denominator", "n"]] = None
    found = only(goal(), readings=shown, audience="external")
    assert (found.status, found.reason, found.start, found.target) == ("cannot_tell", "withheld", None, None)
    assert only(goal(**LEVEL, target=7.0), readings=shown, audience="external").probability is not None


def test_a_reading_that_still_runs_out_is_awaited_and_one_that_never_came_is_missing():
    late = NO_SHOWS.assign(state=NO_SHOWS["state"].where(NO_SHOWS["period"] < "2026-08", "immature"))
    told = goal(baseline="2026-06", by="2026-09")
    assert only(told, readings=late).probability is not None
    assert only(told, readings=NO_SHOWS[NO_SHOWS["period"] < "2026-08"]).reason == "no_reading_at_deadline"


def test_what_cannot_be_pooled_is_judged_by_readings_as_long_as_the_deadline():
    found = only(goal("wait_median", change={"points": -1}))
    assert (found.grain, len(found.fan), found.probability is not None) == ("quarter", 3, True)
    assert only(goal("wait_median", baseline="2026-06", by="2026-12")).grain == "month"


def test_what_it_lacks_is_found_while_its_deadline_is_ahead():
    lacks = [(f.letter, f.code) for f in only(goal(objective=None, kpi="wait_median")).findings if f.answer == "fail"]
    assert lacks == [("R", "no_objective")]
    assert only(goal(**LEVEL, target=5.0, by="2026Q3")).findings == ()


def test_guardrails_are_judged_by_their_own_chart():
    worse = series("wait_median", 18, 1)
    worse.loc[worse["period"].isin(["2026-08", "2026-09"]), "value"] = 40.0
    found = only(goal(guardrails=["wait_median", "days_in_ar"]), readings=pd.concat([NO_SHOWS, worse])).guardrails
    assert [(g.kpi, g.answer, g.reason) for g in found] == [
        ("wait_median", "worse", ""),
        ("days_in_ar", "cannot_tell", "no_readings"),
    ]


@pytest.mark.parametrize(
    "told", [{}, {"baseline": "2020Q1"}, {"edits": [{"at": "2026-08-01", "was": {"by": "2027Q1"}}]}]
)
def test_a_final_keeps_it_to_the_last_digit(told):
    for each in told.get("edits", []):
        each["because"] = "more time"
    found = only(goal(guardrails=["wait_median"], **told))
    again = record_of(DisclosedGoal, json.loads(json.dumps(packed(found))))
    for name in (field.name for field in fields(found) if field.name != "fan"):
        assert getattr(again, name) == getattr(found, name), name
    if len(found.fan):
        pd.testing.assert_frame_equal(again.fan, found.fan, check_freq=False)
        assert again.fan.index.freqstr == "M"


def test_what_was_promised_is_held_against_what_came():
    then = promised(goal(**LEVEL, target=level("2026Q3") + 0.1, by="2026Q3"), period=pd.Period("2026Q1"))
    promise, now = then.goals[0], promised()
    assert promise.probability is not None and met(then, promise) is None
    assert met(now, promise) is True and met(now, replace(promise, target=1.0)) is False
    assert met(now, replace(promise, target=None)) is None
    assert met(promised(readings=NO_SHOWS[NO_SHOWS["period"] != "2026-09"]), promise) is None


def test_goals_change_with_what_is_shown():
    seen = promised(goal())
    fewer = replace(seen, readings=seen.readings[seen.readings["period"] < "2026-07"])
    assert goals_of(fewer)[0].as_of == pd.Period("2026Q2") and str(PERIOD) == "2026Q3" and len(MONTHS) == 36


def test_a_practice_has_its_group_s_goals_but_those_it_set_itself(tmp_path):
    told = "because: x, declared: '2026-07-02', owner: y"
    write(
        tmp_path / "params" / "g",
        {
            "group.yaml": f"""
                group: g
                title: G
                grain: month
                feeds: {{}}
                kpis: {{no_show_rate: , wait_median: }}
                goals:
                  - {{kpi: no_show_rate, target: 7, by: 2026Q4, {told}}}
                  - {{kpi: wait_median, target: 15, by: 2026Q4, practice: b, {told}}}
                """,
            "a.yaml": f"""
                group: g
                practice: a
                title: A
                goals:
                  - {{kpi: no_show_rate, target: 6, by: 2026Q4, {told}}}
                  - {{kpi: no_show_rate, target: 5, by: 2027Q4, {told}}}
                """,
            "b.yaml": "group: g\npractice: b\ntitle: B\n",
        },
    )
    found = load_group("g", tmp_path, tmp_path).practices
    goals = {id: [(each.kpi, each.target) for each in of.goals] for id, of in found.items()}
    assert goals == {
        "a": [("no_show_rate", 6), ("no_show_rate", 5)],
        "b": [("no_show_rate", 7), ("wait_median", 15)],
    }
