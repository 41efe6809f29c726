"""Links across practices: the same verdicts, departures and answers as in the report of each single practice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis import evidence as module
from bsc_analysis.analysis.evidence import PASSED, evidence, evidence_of_all
from bsc_analysis.analysis.tested import UNTESTED
from bsc_analysis.params.models import EndedLink
from bsc_analysis.readings.board import Board
from bsc_analysis.store import Store
from tests.analysis.panels import panel
from tests.stores import group_of
from tests.verdicts import link

PERIOD = pd.Period("2025-12")
EDIT = {"at": "2026-02-01", "was": {"within": 2}, "because": "we learnt better"}
SHARED = [
    link(expect="positive", least=0.1, within=1, edits=[EDIT]),
    link("burnout", "no_show_rate", expect="positive", least=0.1, within=1),
]
OWN = link("burnout", "wait_median", expect="positive", least=0.1, within=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """What the group's tests found is kept in it, and found once for all tests here."""
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture
def told(store, monkeypatch):
    """The group, a store and its period: one link is planted, the other is not; p00 has a link of its own as well, and
    p01 too short a history."""
    leading, lagging, other = panel(3, slope=0.6)
    noise = pd.DataFrame(np.random.default_rng(1).standard_normal(lagging.shape), lagging.index, lagging.columns)
    lagging.iloc[:24, 1] = np.nan
    frames = {"engagement": leading, "wait_median": lagging, "burnout": other, "no_show_rate": noise}
    monkeypatch.setattr(Board, "frame", lambda self, kpi, column="value": frames[kpi])
    monkeypatch.setattr(Board, "breaks_of", lambda *_: [])
    group = group_of(list(frames), list(leading))
    group = replace(group, shared=group.shared.model_copy(update={"links": SHARED}))
    practices = {id: replace(each, links=tuple(SHARED)) for id, each in group.practices.items()}
    practices["p00"] = replace(practices["p00"], links=(*SHARED, OWN))
    return replace(group, practices=practices), PERIOD, store


def test_it_says_what_the_reports_of_single_practices_say(told):
    group, period, store = told
    planted, none = evidence_of_all(*told)
    assert (planted.tested.group.answer, none.tested.group.answer in PASSED) == ("supported", False)
    for id in ("p01", "p02", "p03"):
        for mine, all_of_them in zip(evidence(group, id, period, store), (planted, none), strict=True):
            assert all_of_them.tested.group.q_value == mine.group.q_value
            assert all_of_them.alone[id] == (mine.own.answer if mine.own.tested else UNTESTED)
            assert (all_of_them.departures.practices.get(id) if all_of_them.departures else None) == mine.departure
    assert planted.alone["p01"] == UNTESTED and planted.tested.edits == 1


def test_practices_are_compared_only_where_the_group_s_test_passed_and_no_single_one_speaks(told):
    planted, none = evidence_of_all(*told)
    assert none.departures is None and len(planted.departures.practices) >= 11
    assert not planted.tested.own.tested and planted.tested.departure is None


def test_a_practice_s_answers_are_judged_beside_the_links_that_only_it_declares(told, monkeypatch):
    told[-1].folder.joinpath("alone-2025-12.json").unlink(missing_ok=True)
    families = []
    judge = module.judge
    monkeypatch.setattr(module, "judge", lambda verdicts: families.append(len(verdicts)) or judge(verdicts))
    evidence_of_all(*told)
    assert sorted(families, reverse=True)[:2] == [4, 3]  # p00's three links and an edit; else two and an edit


def test_a_link_that_ended_goes_on_counting_as_a_test_of_the_group_and_of_what_came_since(told):
    group, period, store = told
    ended = [EndedLink(leading="burnout", lagging="wait_median", ended="2025-12-01", because="Nobody holds it.")] * 3
    more = replace(group, shared=group.shared.model_copy(update={"ended_links": ended}))
    before, after = (evidence_of_all(g, period, store)[0].tested for g in (group, more))
    assert after.group.q_value == pytest.approx(2 * before.group.q_value)  # of 3 tests, and of 6
    assert (before.since, after.since) == (None, None)  # nothing since 2026
    group = replace(
        more, practices={**group.practices, "p01": replace(group.practices["p01"], ended_links=tuple(ended))}
    )
    assert evidence(group, "p01", period, store)[0].group.q_value == after.group.q_value


def test_what_came_since_is_judged_as_one_family(told):
    group, period, store = told
    early = [each.model_copy(update={"declared": "2000-01-01"}) for each in SHARED]
    group = replace(group, shared=group.shared.model_copy(update={"links": early}))
    found = evidence_of_all(group, period, store)
    assert all(each.tested.since.q_value == each.tested.group.q_value for each in found)


def test_what_each_says_alone_is_found_once(told, monkeypatch):
    first = evidence_of_all(*told)
    monkeypatch.setattr(module, "_own", None)
    assert [link.alone for link in evidence_of_all(*told)] == [link.alone for link in first]
