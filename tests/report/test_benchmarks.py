"""A value against a benchmark from elsewhere: only where both measure the same, and no closer than chance allows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
import yaml

from bsc_analysis.check import faults_of
from bsc_analysis.disclosure import Disclosed, withhold
from bsc_analysis.errors import ParamsError
from bsc_analysis.params.models import KpiChoice, Standard
from bsc_analysis.readings import readings
from bsc_analysis.report import benchmark
from bsc_analysis.report.card import Card
from tests.builders import group as group_in
from tests.peers import PERIOD, kept, peers_group, told

MARK = {"value": 5.0, "measures": "share", "source": "MGMA DataDive", "at": "2025-06-01"}


def line(folder, text="a 40 400", kpi="no_show_rate", period=PERIOD, audience="leadership", **mark) -> str:
    frame = told(text, kpi)
    group, store = peers_group(frame, audience=audience), kept(folder, frame)
    choice = KpiChoice(benchmark=Standard(**MARK | mark))
    practice = replace(group.practices["a"], kpis={kpi: choice})
    shown = withhold(readings(group, store), audience)
    seen = Disclosed(group, practice, period, audience, shown, *[pd.DataFrame()] * 4)
    return benchmark.line(Card(seen, kpi)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a 40 400", "worse"),  # 10.0 %, Wilson 7.4–13.3
        ("a 4 400", "better"),  # 1.0 %, Wilson 0.4–2.5
        ("a 24 400", "no difference that can be told"),  # 6.0 %, Wilson 4.1–8.8
    ],
)
def test_the_answer_leaves_out_what_the_interval_holds(tmp_path, text, answer):
    assert line(tmp_path, text) == f"Benchmark 5.0 % (MGMA DataDive, 1 Jun 2025): {answer}."


def test_whom_it_describes_and_how_old_it_is_are_told(tmp_path):
    told = line(tmp_path, of="family medicine, median", at="2022-06-01")
    assert told == ("Benchmark 5.0 %, family medicine, median (MGMA DataDive, 1 Jun 2022): worse. It is 4 years old.")


def test_what_measures_something_else_is_not_compared(tmp_path):
    told = line(tmp_path, "a 40 60", "provider_rating", measures="mean_0_100", value=92.0)
    assert told.endswith(
        "not comparable, because it is a mean on a scale of 0 to 100 and this KPI a share of highest answers."
    )
    assert line(tmp_path / "2", unit="per 1,000").endswith("not comparable, because it is told in per 1,000.")


def test_money_has_no_interval_and_what_is_missing_or_withheld_no_value(tmp_path):
    money = line(tmp_path / "1", "a 40000 400", "net_revenue_per_visit", measures="amount")
    assert money.endswith("cannot be told apart, because this value has no interval of chance.")
    assert line(tmp_path / "2", "a . .").endswith("there is no value to compare.")
    few = line(tmp_path / "3", "a 5 60", "engagement", audience="board", measures="top_box_share")
    assert few.endswith("there is no value to compare.")


def test_an_older_mature_value_is_compared_by_name(tmp_path):
    later = line(tmp_path, "a 40 400", period=PERIOD + 1)
    assert later.endswith("worse, as of 2026 Q1.")


SHARED = {"group": "g", "title": "G", "grain": "month", "feeds": {}, "peers": {"show": "names"}}
OWN = yaml.safe_dump({"group": "g", "practice": "a", "title": "A"})


def params(root, **shared):
    return group_in(root, {"group.yaml": yaml.safe_dump(SHARED | shared), "a.yaml": OWN})


def test_a_number_without_provenance_is_no_benchmark(tmp_path):
    with pytest.raises(ParamsError) as error:
        params(tmp_path, kpis={"no_show_rate": {"benchmark": {"value": 5}}}, peers={"show": "all"})
    found = {f.place.partition(" ")[0]: f.message for f in error.value.faults}
    assert found["kpis.no_show_rate.benchmark.source"] == "is missing"
    assert {"kpis.no_show_rate.benchmark.measures", "kpis.no_show_rate.benchmark.at"} <= set(found)
    assert found["peers.show"] == "is 'all'; write names, blind or none"


def test_it_may_be_declared_whole_and_its_day_is_in_the_calendar(tmp_path):
    group = params(tmp_path / "1", kpis={"no_show_rate": {"benchmark": MARK}})
    assert faults_of(group) == [] and group.practices["a"].kpis["no_show_rate"].benchmark.source == "MGMA DataDive"
    assert group.shared.peers.show == "names"
    amiss = params(tmp_path / "2", kpis={"no_show_rate": {"benchmark": MARK | {"at": "2025-06-31"}}})
    assert [f"{f.place}: {f.message}" for f in faults_of(amiss)] == [
        "kpis.no_show_rate.benchmark.at: is '2025-06-31', which no calendar has"
    ]
