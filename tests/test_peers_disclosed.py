"""Beside its peers, as far as an audience may see it: no names, no small counts, nothing that gives one back."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bsc_analysis.disclosure import Beside, beside, still_shown, withhold
from bsc_analysis.disclosure.peers import across, peers_of
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.packed import packed, record_of
from bsc_analysis.readings import readings
from tests.peers import PERIOD, kept, peers_group, told

NONE = pd.DataFrame(columns=["kpi", "period", "state"])
NO_SHOWS = "a 40 400\nb 80 800\nc 22 200\nd 58 600\ne 31 300\nz 90 400"
ANSWERS = "a 12 24\nb 14 25\nc 13 26\nd 30 60\ne 16 40\nz 40 60"  # staff who are engaged
SMALL = "a 30 60\nb 32 60\nc 33 66\nd 30 64\ne 36 80\nz 5 60"  # z: five persons


def of(folder, text=NO_SHOWS, kpi="no_show_rate", practice="a", shown=NONE, **shared) -> Beside:
    frame = told(text, kpi)
    (found,) = beside(peers_group(frame, **shared), practice, PERIOD, shown, kept(folder, frame))
    return found


def test_blind_shows_points_and_no_names(tmp_path):
    found = of(tmp_path)
    assert found.practices == 6 and set(found.points["practice"]) == {""}
    assert found.points["of"].tolist() == [200, 300, 400, 600, 800]  # by size: no order tells who is who
    assert "Clinic" not in str(packed(found)) and found.value == 10


@pytest.mark.parametrize(("audience", "titles"), [("leadership", True), *((each, False) for each in GUARDED)])
def test_names_are_for_leaders_alone_and_where_the_params_say_so(tmp_path, audience, titles):
    found = of(tmp_path, audience=audience, peers={"show": "names"})
    assert ("Clinic Z" in set(found.points["practice"])) is titles
    assert ("Clinic" in str(packed(found))) is titles


def test_none_shows_its_own_value_against_the_limits_and_nothing_else(tmp_path):
    found = of(tmp_path, peers={"show": "none"})
    assert (found.value, found.place) == (10, "inside") and found.lower95 < 10 < found.upper95
    assert found.points.empty and found.curve.empty and pd.isna([found.rank, found.shrunken, found.rank_lower]).all()


@pytest.mark.parametrize("audience", GUARDED)
def test_a_count_of_few_persons_is_no_point_and_enters_nothing_for_the_guarded(tmp_path, audience):
    found = of(tmp_path / "1", SMALL, "engagement", audience=audience)
    assert found.practices == 5 and len(found.points) == 4 and 60 not in found.points.drop(0)["of"].tolist()
    without = of(tmp_path / "2", SMALL.rpartition("\n")[0], "engagement", audience=audience)
    assert found.centre == without.centre and found.curve.equals(without.curve)  # so nothing can be taken off it
    mine = of(tmp_path / "3", SMALL, "engagement", practice="z", audience=audience)
    assert (mine.reason, pd.isna(mine.value), pd.isna(mine.centre)) == ("no_value", True, True)


def test_leaders_see_that_count_but_not_the_answers_of_fewer_than_five(tmp_path):
    assert of(tmp_path / "1", SMALL, "engagement").practices == 6
    few = of(tmp_path / "2", SMALL.replace("z 5 60", "z 1 4"), "engagement")
    assert few.practices == 5 and few.points["of"].min() >= 60


def test_five_of_whom_one_is_withheld_are_too_few(tmp_path):
    five = "\n".join(SMALL.splitlines()[1:])
    found = of(tmp_path, five, "engagement", practice="b", audience="board")
    assert found.reason == "too_few_practices" and pd.isna(found.centre) and found.points.empty


def test_a_withheld_reading_of_its_own_takes_all_of_the_record_with_it(tmp_path):
    found = of(tmp_path)
    later = pd.DataFrame({"kpi": ["no_show_rate"], "period": ["2026Q1"], "state": ["withheld"]})
    (hidden,) = still_shown((found,), later)
    assert hidden.reason == "withheld" and pd.isna([hidden.value, hidden.centre]).all() and hidden.points.empty
    assert still_shown((found,), later.assign(period="2025Q4")) == (found,)


counts = st.integers(0, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(counts, min_size=5, max_size=9), st.sampled_from(["leadership", "board"]))
def test_only_readings_that_may_be_seen_become_points(tmp_path_factory, sides, audience):
    frame = told("\n".join(f"{name} {k} {n}" for name, (k, n) in zip("abcdefghi", sides, strict=False)), "engagement")
    group, store = peers_group(frame, audience=audience), kept(tmp_path_factory.mktemp("s"), frame)
    shown = withhold(readings(group, store), audience)
    may = shown[(shown["state"] == "ok") & (shown["grain"] == "quarter")].set_index("practice")
    for each in peers_of(group, PERIOD, store):
        assert set(each.practices.index) <= set(may.index)
        assert each.practices["of"].to_dict() == may.loc[list(each.practices.index), "denominator"].to_dict()
    assert all(told.reason or told.practices >= 5 for told in beside(group, "a", PERIOD, shown, store))


def test_it_is_kept_once_a_store_and_period(tmp_path):
    frame = told(NO_SHOWS)
    group, store = peers_group(frame), kept(tmp_path, frame)
    beside(group, "a", PERIOD, NONE, store)
    before = {path.name: path.stat().st_mtime_ns for path in store.folder.glob("peers-*")}
    assert list(before) == ["peers-leadership-2026Q1.json"]
    beside(group, "b", PERIOD, NONE, store)
    across(group, PERIOD, store)
    assert {path.name: path.stat().st_mtime_ns for path in store.folder.glob("peers-*")} == before


def test_a_final_keeps_it(tmp_path):
    found = of(tmp_path)
    back = record_of(Beside, packed(found))
    pd.testing.assert_frame_equal(back.points, found.points)
    pd.testing.assert_frame_equal(back.curve, found.curve)
    assert (back.value, back.place, back.rank_upper) == (found.value, found.place, found.rank_upper)


def test_across_the_group_those_outside_come_first_and_names_follow_the_same_rule(tmp_path):
    frame = told(NO_SHOWS)
    for show, audience, named in (
        ("names", "leadership", True),
        ("blind", "leadership", False),
        ("names", "board", False),
    ):
        group = peers_group(frame, audience=audience, peers={"show": show})
        (found,) = across(group, PERIOD, kept(tmp_path / f"{show}-{audience}", frame))
        assert found.rows["place"].tolist()[0] != "inside" and found.rows["value"].iloc[0] == 22.5
        assert found.rows["practice"].iloc[0] == ("Clinic Z" if named else "")
    group = peers_group(frame, peers={"show": "none"})
    (found,) = across(group, PERIOD, kept(tmp_path / "none", frame))
    assert found.rows[["of", "value", "rank"]].isna().all(axis=None) and set(found.rows["practice"]) == {""}
    assert (found.rows["place"] != "inside").sum() == 1
