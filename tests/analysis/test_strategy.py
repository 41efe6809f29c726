"""What a strategy lacks, from strategies of a few lines."""

from __future__ import annotations

from bsc_analysis.analysis.strategy import MOST_KPIS, Gap, gaps
from bsc_analysis.kpis import KPIS, kpi
from bsc_analysis.params.models import Perspective
from bsc_analysis.params.strategy import Objective, Strategy
from tests.verdicts import link

LANES = [Perspective(id="people", title="People"), Perspective(id="processes", title="Processes")]
LEADING, LAGGING = "engagement", "staff_turnover"


def aim(id: str, *kpis: str, lane: str = "people", owner: str | None = "us") -> Objective:
    return Objective(id=id, title=id, perspective=lane, owner=owner, kpis=list(kpis))


def found(*aims: Objective, kpis=(), links=(), left=()) -> list[tuple[str, str]]:
    card = {id: kpi(id) for id in kpis or [id for aim in aims for id in aim.kpis]}
    told = gaps(Strategy(objectives=list(aims)), LANES, card, list(links), lambda owner: owner in left)
    return [(gap.code, gap.of) for gap in told]


def test_a_strategy_that_holds_together_lacks_nothing():
    joined = link("engagement", "wait_median")
    aims = [aim("team", LEADING, LAGGING), aim("rooms", "wait_median", "days_in_ar", lane="processes")]
    assert {kpi(id).role for id in aims[1].kpis} == {"leading", "lagging"}
    assert found(*aims, links=[joined]) == []


def test_objectives_without_kpi_owner_or_arrow_are_told():
    told = found(aim("team", LEADING, LAGGING), aim("idle", lane="processes", owner=None))
    assert told == [("no_kpi", "idle"), ("no_owner", "idle"), ("no_link", "team")]


def test_an_owner_who_has_left_is_told_where_there_is_one():
    aims = [aim("team", LEADING, LAGGING, owner="lead"), aim("idle", lane="processes", owner=None)]
    assert ("owner_left", "team") in found(*aims, left=["lead"])
    assert "owner_left" not in dict(found(*aims))


def test_a_link_within_an_objective_or_to_a_kpi_of_none_joins_it_to_no_other():
    aims = [aim("team", LEADING, LAGGING), aim("rooms", "wait_median", "days_in_ar", lane="processes")]
    within = [link(LEADING, LAGGING), link("wait_median", "no_show_rate")]
    card = [LEADING, LAGGING, "wait_median", "days_in_ar", "no_show_rate"]
    told = found(*aims, kpis=card, links=within)
    assert told == [("no_objective", "no_show_rate"), ("no_link", "team"), ("no_link", "rooms")]
    assert ("no_link", "team") not in found(*aims, kpis=card, links=[link("days_in_ar", LAGGING)])


def test_a_lane_that_only_looks_ahead_or_back_or_holds_nothing_is_told():
    assert found(aim("team", LEADING)) == [("nothing_lags", "people"), ("no_aim", "processes")]
    assert found(aim("team", LAGGING)) == [("nothing_leads", "people"), ("no_aim", "processes")]


def test_kpis_that_serve_no_objective_and_too_many_of_them_are_told():
    one = aim("team", LEADING, LAGGING)
    assert ("no_objective", "wait_median") in found(one, kpis=[LEADING, LAGGING, "wait_median"])
    many = {id: kpi(id) for id in list(KPIS)[: MOST_KPIS + 1]}
    told = gaps(Strategy(objectives=[one]), LANES, many, [])
    assert told[-1] == Gap("too_many", n=MOST_KPIS + 1)


def test_kpis_of_an_objective_that_are_not_on_the_card_do_not_count():
    assert ("nothing_lags", "people") in found(aim("team", LEADING, LAGGING), kpis=[LEADING])
    told = found(aim("team", LEADING, LAGGING), aim("rooms", "wait_median", lane="processes"), kpis=[LEADING, LAGGING])
    assert ("no_kpi", "rooms") in told and ("no_link", "rooms") not in told


def test_no_strategy_lacks_nothing():
    assert found(kpis=[LEADING]) == []
