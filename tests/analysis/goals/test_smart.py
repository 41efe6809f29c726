"""Goals in words: what each letter finds, and what mends it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.goals.amount import amount_in
from bsc_analysis.analysis.goals.deadline import deadline_in
from bsc_analysis.analysis.goals.findings import Finding, Smart
from bsc_analysis.analysis.goals.history import History
from bsc_analysis.analysis.goals.in_words import as_declared, understood
from bsc_analysis.analysis.goals.known import Known
from bsc_analysis.analysis.goals.naming import named_in
from bsc_analysis.analysis.goals.smart import smart
from bsc_analysis.kpis import KPIS
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.periods import Calendar
from bsc_analysis.report.smart import mend

SEPTEMBER = pd.Period("2026-09", "M")


def history(level: float, spread: float, of: float | None = None) -> History:
    index = pd.period_range("2023-10", periods=36, freq="M")
    values = pd.Series(level + spread * np.random.default_rng(1).standard_normal(36), index)
    return History(values, None if of is None else pd.Series(of, index))


HISTORIES = {
    "readmission_rate": history(15, 1.5),
    "no_show_rate": history(9, 0.7, 800.0),
    "wait_median": history(18, 2),
    "new_patient_wait": history(10, 2),
    "net_revenue_per_visit": history(140, 5, 700.0),
    "clinicians": history(40, 2),
}
OBJECTIVES = {
    "safe_care": ["readmission_rate"],
    "easy_access": ["no_show_rate", "wait_median"],
    "growth": ["clinicians"],
}
KNOWN = Known(
    practice="north",
    practices={"north": "North Clinic", "east": "East Clinic"},
    objectives=OBJECTIVES,
    histories=HISTORIES,
)

GOALS = """
reduce 30-day readmissions by 15 % (relative) in 12 months      |
improve patient care                                            | S no_kpi, M no_amount, T no_deadline
cut no-shows from 9 % to 7 % by 2026Q4                          |
reduce waits by 5 minutes within six months                     |
increase revenue by 10 %                                        | M unqualified, R no_objective, T no_deadline
raise NPS 10 points by June 2027                                | S no_kpi, M no_kpi
reduce no-shows by 15% in 12 months                             | M unqualified
reduce no-shows by 2 by June 2027                               | M no_unit
cut no-shows by 30 minutes by 2027Q1                            | M other_unit
reduce waits by 5 points within six months                      | S several_kpis, M other_unit
reduce no-shows and readmissions by 2 points in a year          | S several_kpis
cut no-shows by 2 points at North Clinic and East Clinic by May | S several_practices
increase no-shows by 2 points by June 2027                      | A target_on_wrong_side
cut no-shows by 20 points in 12 months                          | A target_impossible
reduce no-shows by 2 points by 2024                             | T deadline_passed
cut denials to 5 % by the end of 2027                           | M no_readings, R no_objective
move clinicians by 3 by 2027-06                                 | M no_direction
reduce no-shows by 10-15 % (relative) in 12 months              | M range
"""


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("line", [line for line in GOALS.splitlines() if line])
def test_each_letter_that_fails_has_its_code_and_its_mend(line):
    text, fails = (part.strip() for part in line.split("|"))
    found = smart(text, KNOWN)
    assert [each.letter for each in found.findings] == list("SMART")
    failed = [each for each in found.findings if each.answer == "fail"]
    assert ", ".join(f"{each.letter} {each.code}" for each in failed) == fails
    assert found.passes == (not fails) and all(mended(each, found) for each in failed)
    assert found.passes == (found.standing is not None and not failed)


def mended(finding: Finding, of: Smart) -> str:
    """The mend as the reader meets it."""
    return mend(finding, KPIS.get(of.goal.kpi) if of.goal else None).replace("\N{NO-BREAK SPACE}", " ")


def test_a_goal_that_its_history_makes_unlikely_is_told_so_and_passes():
    near, far = (smart(f"cut no-shows to {level} % by 2026Q4", KNOWN) for level in (8.9, 7))
    assert [f.answer for f in near.findings][2] == "pass" and near.standing.probability > 0.2
    achievable = far.findings[2]
    assert (achievable.answer, achievable.code, far.passes) == ("caution", "unprecedented", True)


def test_a_change_that_counts_would_hide_is_measurable_with_caution():
    found = smart("cut no-shows by 0.2 points in 12 months", KNOWN)
    measurable = found.findings[1]
    assert (measurable.answer, measurable.code) == ("caution", "lost_in_noise")
    assert "points or more" in mended(measurable, found)


def test_a_start_that_the_readings_do_not_know_is_told():
    found = smart("cut no-shows from 15 % to 8 % by 2026Q4", KNOWN)
    measurable = found.findings[1]
    assert (measurable.answer, measurable.code) == ("caution", "other_start")
    assert "for 2026 Q3, not from 15 %" in mended(measurable, found)


def test_one_practice_is_named_or_known():
    text = "cut no-shows by 2 points in 12 months"
    nobody = Known(practices=KNOWN.practices, objectives=OBJECTIVES, histories=HISTORIES)
    assert smart(text, nobody).findings[0].code == "no_practice"
    assert smart(f"{text} at North Clinic", nobody).findings[0].answer == "pass"


def test_a_declared_goal_is_read_alike():
    told = {"kpi": "no_show_rate", "by": "2026Q4", "because": "x", "declared": "2026-09-30", "baseline": "2026Q3"}
    found = smart(Goal(**told, target=7.0, objective="easy_access"), KNOWN)
    assert found.passes and found.standing.aim.target == 7
    assert smart(Goal(**told, target=7.0, objective="easy_acess"), KNOWN).findings[3].code == "objective_unknown"
    gone = smart(Goal(**{**told, "kpi": "no_shows"}, target=7.0), KNOWN)
    assert gone.failed == "SM" and "No-show rate" in mended(gone.findings[0], gone)


def test_words_become_the_goal_that_params_would_declare():
    def declared(text: str) -> tuple:
        goal = as_declared(understood(text, KNOWN), KNOWN)
        aim = goal.target if goal.change is None else goal.change.model_dump(exclude_none=True)
        return goal.kpi, goal.baseline, aim, goal.by

    assert declared("reduce 30-day readmissions by 15 % (relative) in 12 months") == (
        "readmission_rate", "2026-09", {"relative": -15}, "2027-09",
    )  # fmt: skip
    assert declared("cut no-shows from 9 % to 7 % by 2026Q4") == ("no_show_rate", "2026Q3", 7, "2026Q4")
    assert declared("reduce waits by 5 minutes within six months") == (
        "wait_median", "2026-09", {"points": -5}, "2027-03",
    )  # fmt: skip


NAMES = {
    "30-day readmissions": "readmission_rate",
    "readmissions within 30 days": "readmission_rate",
    "the no show rate": "no_show_rate",
    "patients' no-shows": "no_show_rate",
    "days in A/R": "days_in_ar",
    "A/R days": "days_in_ar",
    "NCR": "net_collection_rate",
    "new patients' wait for a visit": "new_patient_wait",
    "abandoned calls": "call_abandonment",
    "call abandonment rate": "call_abandonment",
    "staff_turnover": "staff_turnover",
    "ED visits": "ed_visits",
    "net revenue per visit": "net_revenue_per_visit",
    "burn-out": "burnout",
    "patient care": "",
    "a better service": "",
}


@pytest.mark.parametrize("text", NAMES)
def test_a_kpi_is_found_by_what_people_call_it(text):
    assert ", ".join(named_in(f"improve {text} soon", KPIS).kpis) == NAMES[text]


AMOUNTS = {
    "from 9 % to 7 %": ("level", 7, "%"),
    "9 % → 7 %": ("level", 7, "%"),
    "cut by at least 2 points": ("points", 2, "points"),
    "cut by 10 to 15 %": ("range", 0, ""),
    "to below 6%": ("level", 6, "%"),
    "reach 85 percent": ("level", 85, "%"),
    "to $1,250.50": ("level", 1250.5, "$"),
    "to $1.2 million": ("level", 1.2e6, "$"),
    "to $1,250, as agreed": ("level", 1250, "$"),
    "to 7,5 %": ("", 0, ""),
    "by 12,5 % (relative)": ("", 0, ""),
    "to 0.5 %": ("level", 0.5, "%"),
    "to .5 %": ("level", 0.5, "%"),
    "by 2 points, 3 at best": ("points", 2, "points"),
    "cut by 15 % (relative)": ("relative", 15, "%"),
    "a relative reduction of 15%": ("relative", 15, "%"),
    "cut by 15 % of the baseline": ("relative", 15, "%"),
    "cut by half": ("relative", 50, "%"),
    "double": ("relative", 100, "%"),
    "cut by 2 percentage points": ("points", 2, "points"),
    "cut 2 pp": ("points", 2, "points"),
    "cut by 2 % (absolute)": ("points", 2, "%"),
    "cut by 15 per cent": ("unqualified", 15, "%"),
    "cut by 5 minutes": ("value", 5, "min"),
    "a 5-minute reduction": ("value", 5, "min"),
    "cut by five days": ("value", 5, "days"),
    "cut": ("", 0, ""),
}


@pytest.mark.parametrize("text", AMOUNTS)
def test_an_amount_has_a_kind_a_size_and_a_unit(text):
    found = amount_in(text)
    assert (found.kind, found.size, found.unit) == AMOUNTS[text]


def test_minutes_told_of_seconds_are_converted():
    known = Known(histories={"speed_of_answer": history(60, 5, 900.0)})
    assert as_declared(understood("cut speed of answer to half a minute by 2027Q1", known), known) is None
    goal = as_declared(understood("cut speed of answer to 0.5 minutes by 2027Q1", known), known)
    assert goal.target == 30


DEADLINES = {
    "in 12 months": "2027-09",
    "within six months": "2027-03",
    "over the next 2 quarters": "2027-03",
    "within a year": "2027-09",
    "in 90 days": "2026-12",
    "12 months from now": "2027-09",
    "by half, one year from now": "2027-09",
    "6 months' time": "2027-03",
    "by 2026Q4": "2026Q4",
    "by Q2 2027": "2027Q2",
    "by Q2": "2027Q2",
    "by the second quarter of 2027": "2027Q2",
    "next quarter": "2026Q4",
    "by June 2027": "2027-06",
    "by Jun. 2027": "2027-06",
    "before July 2027": "2027-06",
    "by 2027-06": "2027-06",
    "by 06/30/2027": "2027-06",
    "by June 15, 2027": "2027-05",
    "within the next half year": "2027-03",
    "by 30.06.2027": "2027-06",
    "by EOY": "2026",
    "by next summer": "2027-08",
    "in 99999 years": None,
    "by 30 June 2027": "2027-06",
    "by January": "2027-01",
    "by spring 2027": "2027-05",
    "by the end of 2027": "2027",
    "by year-end": "2026",
    "in FY27": "2027",
    "by 5 points": None,
    "": None,
}


@pytest.mark.parametrize("text", DEADLINES)
def test_a_deadline_is_a_period_after_the_report(text):
    found = deadline_in(f"cut them {text}", SEPTEMBER, Calendar()).by
    assert (None if found is None else str(found)) == DEADLINES[text]


def test_fiscal_years_end_where_the_group_says():
    july = Calendar(7)
    assert str(deadline_in("by FY2027", SEPTEMBER, july).by.end_time.date()) == "2027-06-30"
    assert str(deadline_in("by Q1 FY2028", SEPTEMBER, july).by.end_time.date()) == "2027-09-30"
    assert str(deadline_in("by 2027", SEPTEMBER, july).by) == "2027-12"
    assert str(deadline_in("in 12 months", pd.Period("2026Q3", "Q-DEC"), Calendar()).by) == "2027Q3"
