"""Claims of vendors and leaders against rows and readings: shares, falls, days of closure, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from pydantic import TypeAdapter, ValidationError

from bsc_analysis.analysis.audit import audits
from bsc_analysis.check.claims import claim_faults
from bsc_analysis.disclosure import withhold
from bsc_analysis.disclosure.undertaken import _audits
from bsc_analysis.errors import ParamsError
from bsc_analysis.params.claims import Claim
from bsc_analysis.params.models import Opening, Premises
from bsc_analysis.periods import CALENDAR_YEARS
from bsc_analysis.readings import readings
from tests.builders import group as workspace
from tests.stores import group_of, store_of
from tests.undertakings import QUARTER, series

SAID = {"claim": "does it", "by": "vendor", "source": "offer", "declared": "2026-01-05"}
ROUTINE = {"kind": "share", "at_least": 70, "table": "agent_calls", "counted": {"ended": "completed"}}
OPENS = Opening(hours={"mon": "08:00-17:00", "tue": "08:00-17:00"}, closed=["2026-09-01"])


def claim(**more) -> Claim:
    return TypeAdapter(Claim).validate_python(SAID | more)


def calls(completed: int, others: int, per_day: int = 10, **more) -> pd.DataFrame:
    """An agent's calls, from 1 Aug 2026, so many a day; those completed evenly among the others."""
    n = completed + others
    ended = ["completed" if i * completed // n != (i + 1) * completed // n else "transferred" for i in range(n)]
    at = pd.Timestamp("2026-08-01 10:00") + pd.to_timedelta([i // per_day for i in range(n)], "D")
    text = {"caller_id": None, "reason": None}
    frame = pd.DataFrame(
        {"practice": "a", "call_id": [str(i) for i in range(n)], "started_at": at, "ended": ended, **text}
    )
    flags = {"routine": True, "handled_right": True, "in_hours": True} | more
    frame = frame.assign(
        **{k: pd.array([v] * n if isinstance(v, bool) else v, dtype="boolean") for k, v in flags.items()}
    )
    return frame.astype({"caller_id": "str", "reason": "str", "started_at": "datetime64[us]"})


def audit(folder, *claims, audience="leadership", opening=None, **tables):
    """What is found of the claims of practice a."""
    kpis = sorted(set(tables.get("given_readings", pd.DataFrame({"kpi": ["containment"]}))["kpi"]))
    group = group_of(kpis, ["a"], report="quarter", audience=audience)
    practice = replace(group.practices["a"], claims=claims, premises=Premises(opening=opening))
    group, store = replace(group, practices={"a": practice}), store_of(folder, **tables)
    shown = withhold(readings(group, store), audience)
    plain = audits(practice, 0, shown, store, QUARTER, CALENDAR_YEARS, "month")
    return plain if audience == "leadership" else _audits(group, "a", QUARTER, shown, store)


def test_a_share_is_of_the_rows_that_say_so_and_that_are_asked_for(tmp_path):
    frame = calls(570, 430, per_day=20)
    routine = [i % 2 == 0 for i in range(1000)]
    heard = [None if i % 10 else i % 50 != 0 for i in range(1000)]
    frame["routine"] = pd.array(routine, dtype="boolean")
    frame["handled_right"] = pd.array(heard, dtype="boolean")
    told = audit(
        tmp_path,
        claim(**ROUTINE),
        claim(**ROUTINE | {"at_least": 50}),
        claim(**ROUTINE | {"among": {"routine": True}}),
        claim(**ROUTINE | {"counted": {"handled_right": True}, "at_least": 100}),
        claim(**ROUTINE | {"since": "2026-10-01"}),
        agent_calls=frame,
    )
    assert [each.answer for each in told] == ["not_met", "met", "not_met", "not_met", "cannot_tell"]
    assert [each.n for each in told] == [1000, 1000, 500, 100, 0]
    assert told[0].value == 0.57 and told[0].lower < 0.57 < told[0].upper < 0.7
    assert told[3].value == 0.8 and told[4].reason == "no_cases"


def test_flawless_can_be_refuted_and_never_shown(tmp_path):
    flawless = claim(**ROUTINE | {"counted": {"handled_right": True}, "at_least": 100})
    (one,) = audit(tmp_path, flawless, agent_calls=calls(50, 50))
    assert (one.answer, one.value, one.n) == ("cannot_tell", 1.0, 100) and one.lower < 1


def test_closures_are_days_by_the_opening_calendar(tmp_path):
    """Monday and Tuesday are open, but for Tuesday 1 Sep; on closed days the agent takes none."""
    frame = calls(600, 0)  # sixty days
    days = frame["started_at"].dt.normalize()
    shut = ~days.dt.day_of_week.isin([0, 1]) | (days == "2026-09-01")
    frame.loc[shut, "ended"] = "transferred"
    asked = claim(**ROUTINE | {"closed_days": True, "at_least": 15})
    (one,) = audit(tmp_path / "a", asked, opening=OPENS, agent_calls=frame)
    assert (one.n, one.value, one.answer) == (shut.sum(), 0, "not_met")
    (unknown,) = audit(tmp_path / "b", asked, agent_calls=frame)
    assert unknown.reason == "no_calendar"


def test_a_fall_is_of_the_kpi_before_and_since(tmp_path):
    given = [series("no_show_rate", 1, a=("2026-02", -12.0)), series("wait_median", 2, a=("2026-02", -5.0))]
    since = {"since": "2026-02"}
    told = audit(
        tmp_path,
        claim(kind="fall_in_counts", at_least=50, kpi="no_show_rate", **since),
        claim(kind="fall_in_counts", at_least=70, kpi="no_show_rate", **since),
        claim(kind="fall_in_means", at_least=20, kpi="wait_median", **since),
        claim(kind="fall_in_means", at_least=50, kpi="wait_median", **since),
        claim(kind="fall_in_means", at_least=50, kpi="wait_median", since="2026-09"),
        claim(kind="fall_in_counts", at_least=50, kpi="no_show_rate", since="2027-01"),
        given_readings=pd.concat(given),
    )
    assert [each.answer for each in told] == ["met", "not_met", "met", "not_met", "cannot_tell", "cannot_tell"]
    assert told[0].value == pytest.approx(12 / 20, abs=0.03) and told[0].dispersion
    assert [each.reason for each in told[4:]] == ["too_few_points", "no_counts"]


def test_minutes_by_hand_wait_for_a_run_ledger(tmp_path):
    by_hand = claim(kind="fall_in_means", at_least=70, minutes=[240, 300, 270], entered="2026-01-04")
    (one,) = audit(tmp_path, by_hand, agent_calls=calls(1, 1))
    assert (one.answer, one.reason, one.before, one.first) == ("cannot_tell", "no_run_ledger", 3, "2026-01-04")


def test_a_guarded_reader_gets_no_share_that_could_tell_of_few(tmp_path):
    for i, (completed, others, reason) in enumerate([(20, 20, ""), (10, 60, "withheld"), (60, 10, "withheld")]):
        (one,) = audit(tmp_path / str(i), claim(**ROUTINE), audience="staff", agent_calls=calls(completed, others))
        assert one.reason == reason and pd.isna(one.value) == bool(reason) and (one.n == 0) == bool(reason)


def test_a_guarded_reader_gets_no_share_of_few_persons_however_many_rows_they_have(tmp_path):
    for i, (many, reason) in enumerate([(26, ""), (20, "withheld")]):
        callers = calls(60, 60).assign(caller_id=[f"c{j % many}" for j in range(120)])
        (one,) = audit(tmp_path / str(i), claim(**ROUTINE), audience="staff", agent_calls=callers)
        assert one.reason == reason and pd.isna(one.fewest)  # no count of persons leaves
    callers = calls(60, 60).assign(caller_id=[f"c{j}" if j % 2 else "one" for j in range(120)])
    (one,) = audit(tmp_path / "half", claim(**ROUTINE), audience="staff", agent_calls=callers)
    assert one.reason == "withheld"  # the odd ones were completed, the even ones are of one caller


def test_two_shares_of_the_same_rows_tell_a_guarded_reader_of_no_few_by_their_difference(tmp_path):
    frame = calls(50, 50)
    frame["routine"] = pd.array([i >= 6 for i in range(100)], dtype="boolean")
    two = (claim(**ROUTINE), claim(**ROUTINE | {"among": {"routine": True}}))
    told = audit(tmp_path / "staff", *two, audience="staff", agent_calls=frame)
    assert [each.reason for each in told] == ["", "withheld"]  # of 100 and of 94
    told = audit(tmp_path / "leaders", *two, agent_calls=frame)
    assert [each.n for each in told] == [100, 94]


def test_all_of_a_few_who_answered_are_told_to_no_guarded_reader(tmp_path):
    for i, (n, reason) in enumerate([(15, "withheld"), (25, "")]):
        facts = {"practice": "a", "survey": "staff", "question": "buy_in", "answered_at": pd.Timestamp("2026-08-01")}
        ids = [f"s{j}" for j in range(n)]
        answers = pd.DataFrame({**facts, "respondent_id": ids, "answer": 8, "role": "nurse"})
        asked = claim(**ROUTINE | {"table": "survey_answers", "counted": {"role": "nurse"}})
        (one,) = audit(tmp_path / str(i), asked, audience="staff", survey_answers=answers)
        assert one.reason == reason


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"table": "agent_cals"}, "claims[0].table is 'agent_cals', which is no table. Did you mean agent_calls?"),
        ({"counted": {}}, "claims[0].counted names nothing"),
        ({"counted": {"endd": "completed"}}, "claims[0].counted.endd cannot be counted in agent_calls. Did you mean"),
        ({"counted": {"ended": "complete"}}, "claims[0].counted.ended is 'complete'; write completed or transferred"),
        ({"among": {"routine": "yes"}}, "claims[0].among.routine is 'yes'; write true or false"),
        ({"closed_days": True}, "claims[0].closed_days need to know when the practice is closed"),
        ({"since": "2026-02-30"}, "claims[0].since is '2026-02-30', which no calendar has"),
    ],
)
def test_what_a_claim_names_has_to_be_there(more, fault):
    (told,) = claim_faults("g.yaml", [claim(**ROUTINE | more)], ["no_show_rate"], opens=False)
    assert f"{told.place} {told.message}".startswith(fault)


def test_a_kpi_that_a_claim_names_is_one_of_the_card():
    one = claim(kind="fall_in_counts", at_least=50, kpi="no_shows", since="2026-02")
    (told,) = claim_faults("g.yaml", [one], ["no_show_rate"], opens=True)
    assert "is not among the chosen kpis" in told.message


@pytest.mark.parametrize("more", [{}, {"kpi": "x"}, {"minutes": [1]}, {"kpi": "x", "since": "2026", "minutes": [1],
                                                                     "entered": "2026-01-01"}])  # fmt: skip
def test_a_fall_in_means_is_of_one_thing(more):
    with pytest.raises(ValidationError, match="Names nothing to measure, or two things"):
        claim(kind="fall_in_means", at_least=70, **more)


def test_a_claim_of_no_known_kind_is_told_the_kinds(tmp_path):
    own = "group: g\npractice: a\ntitle: A\nclaims:\n  - {kind: share_of, claim: x}\n  - {claim: x}\n"
    shared = "group: g\ntitle: G\ngrain: month\nfeeds: {}\nkpis: {}\n"
    with pytest.raises(ParamsError) as told:
        workspace(tmp_path, {"group.yaml": shared, "a.yaml": own})
    text = str(told.value)
    assert "has kind share_of; write share, fall_in_counts, fall_in_means" in text
    assert "needs a kind: share, fall_in_counts or fall_in_means" in text
