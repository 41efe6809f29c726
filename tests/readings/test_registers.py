"""An empty register is kept, not missing: how a practice says so, and the KPIs that are made of registers."""

import pandas as pd
import pytest

from bsc_analysis.disclosure import disclose
from bsc_analysis.disclosure.withhold import withhold
from bsc_analysis.readings import readings
from bsc_analysis.store import open_store
from tests.builders import group, text
from tests.stores import group_of, lookup, rows, store_of

GROUP = """
    group: g
    title: The group
    grain: month
    kpis: {complaint_rate: , complaint_acknowledgement: , safety_events: }
    feeds:
      visits:
        kind: table_file
        table: visits
        path: visits.csv
        columns: {practice: clinic, visit_id: visit, patient_id: mrn, appointment_at: at, status: status}
      complaints: {kind: table_file, table: complaints, path: "{practice}/complaints.csv"}
      safety: {kind: table_file, table: safety_events, path: "{practice}/safety.csv"}
      registers: {kind: table_file, table: registers, path: "{practice}/registers.csv"}
    """
PARAMS = {"group.yaml": GROUP, "a.yaml": "group: g\npractice: a\ntitle: A\n"}
VISITS = "clinic,visit,mrn,at,status\n" + "".join(
    f"a,{m}-{i},p{i},2026-{m:02}-{d:02} 09:00,kept\n" for m in range(1, 7) for i, d in enumerate((1, 15, 28))
)
COMPLAINTS = """
    complaint_id,patient_id,received_at,acknowledged_at
    c1,p1,2026-03-10,2026-03-17
    c2,p2,2026-03-11,2026-03-19
    """
SAFETY = "event_id,occurred_at,kind\n"
SAID = """
    register,since,through
    complaints,2026-02-01,2026-05-31
    safety_events,2026-01-01,2026-06-30
    """


def states(tmp_path, kpi, said=SAID, **files):
    """Month → value, or the state where there is none."""
    exports = {"visits.csv": VISITS, "a/complaints.csv": COMPLAINTS, "a/safety.csv": SAFETY, "a/registers.csv": said}
    exports |= {f"a/{name}.csv": content for name, content in files.items()}
    made = group(tmp_path, PARAMS, {name: content for name, content in exports.items() if content})
    found = readings(made, open_store(made))
    months = {m: lookup(found, "a", kpi, f"2026-0{m}") for m in range(1, 7)}
    return {m: r.value if r.state == "ok" else r.state for m, r in months.items()}


def test_months_that_a_register_covers_are_0_and_others_are_no_data(tmp_path):
    third = pytest.approx(2000 / 3)
    assert states(tmp_path, "complaint_rate") == {1: "no_feed", 2: 0, 3: third, 4: 0, 5: 0, 6: "no_feed"}


def test_without_a_word_of_it_only_months_between_two_with_rows_are_0(tmp_path):
    third = pytest.approx(2000 / 3)
    none = {1: "no_feed", 2: "no_feed", 4: "no_feed", 5: "no_feed", 6: "no_feed"}
    found = states(tmp_path, "complaint_rate", "register,since,through\n")
    assert found == none | {3: "immature"}  # nobody says that the month's register is whole
    later = text(COMPLAINTS) + "c3,p3,2026-06-29,\n"
    found = states(tmp_path / "later", "complaint_rate", "register,since,through\n", complaints=later)
    assert found == {1: "no_feed", 2: "no_feed", 3: third, 4: 0, 5: 0, 6: pytest.approx(1000 / 3)}


def test_an_empty_register_that_is_kept_says_that_nothing_happened(tmp_path):
    assert states(tmp_path, "safety_events") == dict.fromkeys(range(1, 7), 0)


def test_a_month_in_which_a_register_was_begun_is_not_taken_for_one_without_events(tmp_path):
    said = text(SAID).replace("safety_events,2026-01-01", "safety_events,2026-02-10")
    expected = {1: "no_feed", 2: "no_feed"} | dict.fromkeys(range(3, 7), 0)
    assert states(tmp_path, "safety_events", said) == expected


def test_an_empty_register_of_which_nothing_is_said_is_no_data(tmp_path):
    said = "register,since,through\ncomplaints,2026-02-01,2026-05-31\n"
    assert set(states(tmp_path, "safety_events", said).values()) == {"no_feed"}


def test_a_register_whose_file_is_missing_covers_nothing_whatever_is_said(tmp_path):
    assert set(states(tmp_path, "safety_events", safety=None).values()) == {"no_feed"}


def test_nobody_keeps_a_register_for_days_ahead(tmp_path):
    said = text(SAID).replace("2026-06-30", "2031-12-31")
    made = group(tmp_path, PARAMS, {"visits.csv": VISITS, "a/safety.csv": SAFETY, "a/registers.csv": said})
    store = open_store(made)
    assert readings(made, store)["period"].max() == "2026Q2"
    (kept,) = store.kept.itertuples()
    assert (str(kept.since)[:10], str(kept.through)[:10]) == ("2026-01-01", "2026-06-28")
    assert set(store.through["table"]) == {"visits", "safety_events"}


def test_a_mistyped_day_of_a_register_lengthens_no_calendar(tmp_path):
    slip = text(COMPLAINTS).replace("2026-03-11,2026-03-19", "2036-03-11,")
    made = group(tmp_path, PARAMS, {"visits.csv": VISITS, "a/complaints.csv": slip})
    assert readings(made, open_store(made))["period"].max() == "2026Q2"


def test_a_complaint_is_acknowledged_in_time_within_seven_days_once_they_have_passed(tmp_path):
    found = states(tmp_path, "complaint_acknowledgement")
    assert (found[3], found[4], found[5]) == (50, "not_calculable", "immature")


def test_complaints_of_nobody_named_are_one_person_each_for_guarded_readers(tmp_path):
    seen = [f"a {m}{i} p{i} 2026-0{m}-{d}T09:00 kept" for m in (1, 2) for i, d in enumerate(range(11, 29))]
    visits = rows("\n".join(["practice visit_id patient_id appointment_at status", *seen]), "visits")
    told = "practice complaint_id patient_id received_at\na c1 . 2026-01-20\na c2 . 2026-02-28\n"
    store = store_of(tmp_path, visits=visits, complaints=rows(told, "complaints"))
    found = readings(group_of(["complaint_rate"], ["a"]), store)
    for audience, state in (("leadership", "ok"), ("external", "withheld")):
        assert lookup(withhold(found, audience), "a", "complaint_rate", "2026-01").state == state


@pytest.mark.parametrize("audience, used", [("leadership", 2), ("board", None)])
def test_guarded_readers_get_no_count_of_what_happened_to_someone(tmp_path, audience, used):
    params = PARAMS | {"group.yaml": GROUP.replace("grain: month", f"grain: month\n    audience: {audience}")}
    events = SAFETY + "s1,2026-03-02,event\ns2,2026-03-03,event\n"
    made = group(tmp_path, params, {"visits.csv": VISITS, "a/safety.csv": events, "a/registers.csv": SAID})
    told = disclose(made, "a", "2026-03").accounts.set_index("feed").loc["safety", "used"]
    assert told == used if used else pd.isna(told)


REGISTERS = {
    "leadership_engagement": (
        "reviews",
        """
        practice review_id scheduled_at status invited attended quorum decisions
        a r1 2026-01-05 held 6 4 4 2
        a r2 2026-01-12 held 6 3 4 2
        a r3 2026-01-19 held 6 5 4 0
        a r4 2026-01-26 missed 6 . 4 .
        a r5 2026-01-30 planned 6 . 4 .
        a r6 2026-01-30 held . . . .
        """,
        (1, 5),
    ),
    "action_completion": (
        "actions",
        """
        practice action_id title kpi owner decided_at due_at done_at
        a 1 t wait_median o 2026-01-02 2026-01-20 2026-01-20
        a 2 t wait_median o 2026-01-02 2026-01-20 2026-01-21
        a 3 t wait_median o 2026-01-02 2026-01-20 .
        a 4 t wait_median o 2026-01-30 . 2026-01-30
        """,
        (1, 3),
    ),
    "decision_completion": (
        "decisions",
        """
        practice decision_id decided_at decision owner due_at done_at
        a 1 2026-01-02 x o 2026-01-20 2026-01-19
        a 2 2026-01-30 x o 2026-01-30 .
        """,
        (1, 2),
    ),
    "ideas_decided": (
        "ideas",
        """
        practice idea_id received_at decided_at decision implemented_at
        a 1 2026-01-01 2026-01-31 adopted .
        a 2 2026-01-01 2026-02-01 declined .
        a 3 2026-03-31 . . .
        """,
        (1, 2),
    ),
    "concerns_answered": (
        "concerns",
        """
        practice concern_id raised_at answered_at answer
        a 1 2026-01-01 2026-01-02 done
        a 2 2026-01-01 . .
        a 3 2026-03-31 . .
        """,
        (1, 2),
    ),
    "reports_acknowledged": (
        "sign_offs",
        """
        practice sign_off_id period role sent_at acknowledged_at
        a 1 2025Q4 provider 2026-01-10 2026-01-24
        a 2 2025Q4 admin 2026-01-10 2026-01-25
        a 3 2025Q4 admin 2026-03-31 .
        """,
        (1, 2),
    ),
    "voluntary_leaving": (
        "transfers_out",
        """
        practice transfer_id patient_id requested_at reason
        a 1 p1 2026-01-10 moved
        a 2 p2 2026-01-10 died
        a 3 p3 2026-01-10 dissatisfied
        a 4 p4 2026-01-31 .
        """,
        (2, 3),
    ),
    "reminder_reach": (
        "reminders",
        """
        practice sent_at channel sent reached
        a 2026-01-30 text 100 80
        a 2026-01-30 call 20 4
        """,
        (84, 120),
    ),
    "tool_confidence": (
        "trainings",
        """
        practice staff_id course completed_at hours tool confidence_before confidence_after
        a 1 c 2026-01-30 2 t 3 7
        a 2 c 2026-01-30 2 t 5 4
        a 3 c 2026-01-30 2 t . 9
        """,
        (3, 2),
    ),
    "initiative_spending": (
        "initiatives",
        """
        practice initiative_id objective owner starts_at ends_at status budget_planned budget_spent
        a 1 o o 2026-01-02 2026-01-10 done 100 150
        a 2 o o 2026-01-30 2026-01-20 stopped 50 .
        a 3 o o 2026-01-30 2026-01-20 done 100 30
        """,
        (180, 200),
    ),
}


@pytest.mark.parametrize("kpi", REGISTERS)
def test_a_kpi_of_a_register_by_hand(tmp_path, kpi):
    table, lines, sides = REGISTERS[kpi]
    calls = rows(
        "practice call_id started_at outcome\na 1 2026-01-31T09:00 answered\na 2 2026-04-30T09:00 answered", "calls"
    )
    visits = "practice visit_id patient_id appointment_at status\n"
    visits += "".join(f"a {i} p{i} 2026-01-{30}T09:00 kept\n" for i in range(3))
    tables = {"calls": calls, table: rows(text(lines), table), "visits": rows(visits, "visits")}
    got = lookup(readings(group_of([kpi], ["a"]), store_of(tmp_path, **tables)), "a", kpi, "2026-01")
    assert (got.numerator, got.denominator) == sides
    assert got.state == ("too_few" if kpi == "tool_confidence" else "ok")
