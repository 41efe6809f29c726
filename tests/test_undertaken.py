"""What was undertaken, from the store to each audience, into a final and back, and across practices."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
from bs4 import BeautifulSoup
from pydantic import TypeAdapter

from bsc_analysis.disclosure import Vacant, disclose, still_told
from bsc_analysis.disclosure.across import DisclosedGroup
from bsc_analysis.disclosure.undertaken import acts, alike_of_group
from bsc_analysis.ledger.edition import RECORDS
from bsc_analysis.packed import packed, record_of
from bsc_analysis.params.claims import Claim
from bsc_analysis.report import alike
from bsc_analysis.report.run import Run
from tests.stores import rows
from tests.undertakings import QUARTER, acted, register, series

HEAD = (
    "practice action_id title kpi owner decided_at trigger starts_at due_at done_at expected expected_in "
    "budget_planned budget_spent outcome learnt\n"
)
TEXT = (
    HEAD
    + """
a 1 Second_desk no_show_rate lead 2025-05-20 above_22 2025-07-01 2025-07-10 2025-07-03 -4 units 4000 5000 adopt It_works
b 9 second__Desk no_show_rate lead 2025-07-20 . 2025-09-01 . 2025-09-03 -4 units 4000 5000 adopt .
a 2 Late no_show_rate lead 2026-09-20 . 2026-10-01 2026-09-25 . . . . . . .
"""
)
INITIATIVES = """practice initiative_id objective owner starts_at ends_at status budget_planned budget_spent
a V1 Get_in lead 2026-01-02 2026-08-01 running 100 50
a V2 Old lead 2023-01-02 2024-08-01 done 100 50"""
DECISIONS = """practice decision_id decided_at decision owner due_at dollars done_at
a D1 2026-05-01 fill_the_post lead 2026-06-01 500 2026-06-20
a D2 2026-08-01 add_a_slot lead 2026-09-01 . 2026-10-05
a D3 2023-11-01 old lead 2023-12-01 . 2023-12-01"""


def shown(folder, audience="leadership", given=None):
    names, kpi = "abcdef", "no_show_rate" if given is None else given["kpi"].iloc[0]
    given = series("no_show_rate", 5, names, a=("2025-07", -4.0)) if given is None else given
    tables = {"initiatives": register(INITIATIVES, "initiatives"), "decisions": register(DECISIONS, "decisions")}
    group, store = acted(
        folder,
        TEXT.replace("\n\n", "\n").replace("no_show_rate", kpi),
        given,
        practices=names,
        group={"audience": audience},
        **tables,
    )
    return disclose(group, "a", str(QUARTER), store), group, store


def test_leadership_sees_what_was_typed_and_what_came_of_it(tmp_path):
    seen, *_ = shown(tmp_path)
    first, late = seen.actions
    assert (first.entry.title, first.entry.learnt, first.entry.spent) == ("Second desk", "It works", 5000)
    assert first.told.answer == "as_expected" and late.entry.standing == "late"
    assert [each.practices for each in seen.alike] == [("a", "b")]  # the same title but for letters and blanks
    assert [(i.id, i.overdue) for i in seen.initiatives] == [("V1", True)]
    assert [(d.id, d.late, d.overdue) for d in seen.decided] == [("D1", True, False), ("D2", False, True)]


def test_a_guarded_reader_sees_no_text_name_or_money_and_the_effect_all_the_same(tmp_path):
    seen, *_ = shown(tmp_path, "staff")
    told = str(packed([getattr(seen, name) for name in RECORDS]))
    assert not re.search(r"desk|lead|It works|above 22|5000|fill|slot|Get in", told, re.IGNORECASE)
    assert seen.actions[0].told.answer == "as_expected"
    run = Run(seen)
    html = BeautifulSoup("".join(str(p.html) for p in (run.actions(), run.decisions(), run.brought())), "html.parser")
    text = " ".join(html.get_text(" ").split())
    assert "nobody named" not in text and run.decisions().html.count("withheld</td>") == 2
    assert "Action for: No-show rate" in text and "Decision of 1 Aug 2026" in text and "no titles, names" in text
    assert not re.search(r"desk|It works|\$|fill the", text)


def test_a_guarded_reader_sees_no_text_that_stands_where_a_kpi_should(tmp_path):
    for audience, told in (("leadership", True), ("staff", False)):
        text = HEAD + "a 1 X Mrs_Doe lead 2025-05-20 . 2025-07-01 . . . . . . . ."
        group, store = acted(tmp_path / audience, text, series("no_show_rate"), group={"audience": audience})
        seen = disclose(group, "a", str(QUARTER), store)
        html = str(Run(seen).actions().html)
        assert ("Mrs_Doe" in html) == ("Mrs_Doe" in str(packed(list(seen.actions)))) == told
        assert told or "Action for: an unknown KPI" in html


def test_an_effect_into_which_a_withheld_reading_went_is_withheld(tmp_path):
    """One month of 40 patients, 5 of whom answered, is withheld from staff; leaders see it."""
    given = series("response_rate", 5, "abcdef", a=("2025-07", -4.0))
    few = (given["practice"] == "a") & (given["period"] == "2024-05")
    given.loc[few, ["value", "n"]] = [12.5, 40.0]
    for audience, reason in (("staff", "withheld"), ("leadership", "")):
        seen, *_ = shown(tmp_path / audience, audience, given)
        assert seen.actions[0].told.reason == reason
        assert seen.actions[0].told.known != bool(reason) and len(seen.actions[0].told.periods) == (0 if reason else 36)


def test_leaders_see_which_roles_are_vacant_and_others_do_not(tmp_path):
    roster = """practice staff_id role hired_at left_at as_of
                a 1 Lead 2020-01-01 2026-02-01 2026-09-30
                a 2 Nurse 2020-01-01 . 2026-09-30
                b 3 Nurse 2020-01-01 2026-02-01 2026-09-30"""
    for audience, vacant in (("leadership", [Vacant("lead")]), ("staff", [])):
        group, store = acted(
            tmp_path / audience, TEXT, series("no_show_rate"), group={"audience": audience}, staff=rows(roster, "staff")
        )
        seen = disclose(group, "a", str(QUARTER), store)
        assert list(seen.vacant) == vacant and seen.has_left(" Lead") == bool(vacant)
        assert not seen.has_left(None) and not seen.has_left("nurse")


def test_a_reading_that_a_draft_withholds_beside_a_final_takes_its_effect_and_its_claim_along(tmp_path):
    seen, _, store = shown(tmp_path, "staff")
    fall = {"claim": "c", "by": "x", "source": "y", "declared": "2026-01-05", "kind": "fall_in_means", "at_least": 5}
    one = TypeAdapter(Claim).validate_python(fall | {"kpi": "no_show_rate", "since": "2025-07"})
    practice = replace(seen.practice, claims=(one,))
    seen = replace(seen, practice=practice, group=replace(seen.group, practices={"a": practice}))
    before = still_told(seen, store)
    assert before.actions[0].told.known and before.audits[0].n == 15
    rows = seen.readings
    late = (rows["period"] == "2026-08") & (rows["grain"] == "month")
    seen = replace(seen, readings=rows.assign(state=rows["state"].mask(late, "withheld")))
    after = still_told(seen, store)
    assert after.actions[0].told.reason == "withheld" and after.actions[0].told.periods.empty
    assert after.audits[0].n == 14


def test_records_come_back_from_a_final_to_the_last_digit(tmp_path):
    seen, *_ = shown(tmp_path)
    for name in ("actions", "alike", "initiatives", "decided", "audits"):
        for one in getattr(seen, name):
            again = record_of(RECORDS[name], packed(one))
            assert packed(again) == packed(one)
    back = record_of(RECORDS["actions"], packed(seen.actions[0]))
    assert str(Run(replace(seen, actions=(back,))).actions().html) == str(
        Run(replace(seen, actions=seen.actions[:1])).actions().html
    )


def test_across_practices_leaders_see_each_and_others_only_all(tmp_path):
    for audience, many in (("leadership", 2), ("portfolio", 0)):
        _, group, store = shown(tmp_path / audience, audience)
        same, tried = alike_of_group(group, QUARTER, store)
        page = DisclosedGroup(group, QUARTER, audience, (), (), pd.DataFrame(), alike=same, tried=tried)
        html = BeautifulSoup(str(alike.actions(page).html), "html.parser")
        assert len(html.select("tbody tr")) == many
        assert html.section.h3.text.startswith("Second desk" if many else "Action for: No-show rate")
        assert "2 practices did it, held against 4" in html.get_text()
        assert "cannot tell that from chance" in html.get_text()


def test_a_group_without_registers_has_nothing_and_says_how_to_begin(tmp_path):
    given = series("no_show_rate")
    group, store = acted(tmp_path, HEAD, given)
    (store.folder / "actions.parquet").unlink()
    found = acts(group, "a", QUARTER, pd.DataFrame(columns=["kpi", "grain", "state", "period"]), store)
    assert set(map(len, found.values())) == {0}
    seen = disclose(group, "a", str(QUARTER), store)
    assert "bsc template actions" in str(Run(replace(seen, through=seen.through.iloc[:0])).actions().html)
    assert not np.any([len(getattr(seen, name)) for name in ("actions", "alike", "initiatives", "decided", "audits")])
