"""The card by department and team: it adds up, or says for which audience or reason it is not told."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from bsc_analysis import kpis
from bsc_analysis.disclosure import Disclosed, withhold
from bsc_analysis.disclosure.cascade import MOST_TEAMS, Cascaded, cascade, still_cascaded
from bsc_analysis.params.strategy import Strategy
from bsc_analysis.readings import readings
from bsc_analysis.readings.labels import OTHERS
from bsc_analysis.report.cascade import cascade as part_of
from bsc_analysis.store import Store
from tests.stores import group_of, store_of
from tests.test_moved import visits

KPIS = ["no_show_rate", "new_patient_share", "wait_median", "engagement"]
QUARTER = """
period location    kept no_show
2026Q1 north/amber 90   10
2026Q1 north/blue  160  40
2026Q1 south/amber 60   40
2026Q1 south/blue  50   50
"""


def seen(folder, text: str = QUARTER, audience="leadership", by=("location", "provider_group")) -> Disclosed:
    """What the audience sees of a practice with these visits; 'north/amber' is location and team."""
    rows = visits(text)
    rows[["location", "provider_group"]] = rows["location"].str.split("/", expand=True).astype("str")
    rows["new_patient"] = pd.array(rows.index % 2 == 0, dtype="boolean")
    group = group_of(KPIS, ["a"], report="quarter", audience=audience)
    group = replace(group, practices={"a": replace(group.practices["a"], strategy=Strategy(cascade=list(by)))})
    store, period = store_of(folder, visits=rows), pd.Period("2026Q1")
    shown = withhold(readings(group, store), audience)
    found = cascade(group, "a", period, shown, store)
    return Disclosed(group, group.practices["a"], period, audience, shown, *[None] * 4, cascade=found)


def told(seen: Disclosed, id: str = "no_show_rate") -> Cascaded:
    return next(each for each in seen.cascade if each.kpi == id)


def sides(frame: pd.DataFrame) -> list[str]:
    names = [name for name in ("department", "team") if name in frame]
    return [f"{' '.join(row[n] for n in names)} {row.numerator:g}/{row.denominator:g}" for _, row in frame.iterrows()]


def test_departments_add_up_to_the_practice_and_teams_to_their_department(tmp_path):
    found = told(seen(tmp_path))
    assert sides(found.departments) == ["north 50/300", "south 90/200"]
    assert sides(found.teams) == ["north blue 40/200", "north amber 10/100", "south amber 40/100", "south blue 50/100"]
    assert found.departments["value"].tolist() == pytest.approx([50 / 3, 45])
    north = found.departments.loc[0]
    assert (north["lower"], north["upper"]) == pytest.approx((12.88, 21.30), abs=0.005)  # Wilson


def test_what_is_no_sum_or_bears_no_label_says_so(tmp_path):
    found = seen(tmp_path)
    assert [told(found, id).reason for id in KPIS] == ["", "", "not_a_sum", "no_such_column"]
    nowhere = seen(tmp_path / "2", QUARTER.replace("north", "").replace("south", ""))
    assert told(nowhere).reason == "not_said"


def test_without_a_cascade_nothing_is_told_and_one_level_has_no_teams(tmp_path):
    assert seen(tmp_path / "1", by=()).cascade == ()
    found = told(seen(tmp_path / "2", by=["provider_group"]))
    assert sides(found.departments) == ["blue 90/300", "amber 50/200"] and found.teams.empty


def test_teams_are_for_leaders_only(tmp_path):
    found = told(seen(tmp_path, audience="staff"))
    assert sides(found.departments) == ["north 50/300", "south 90/200"]
    assert found.teams.empty and found.teams_reason == "guarded"


def test_a_team_whose_few_patients_could_be_told_takes_its_kpis_teams_away(tmp_path, monkeypatch):
    monkeypatch.setitem(kpis.KPIS, "new_patient_share", replace(kpis.kpi("new_patient_share"), counts="patients"))
    found = seen(tmp_path, QUARTER + "2026Q1 south/green 4 2")
    assert told(found, "new_patient_share").teams_reason == "few"
    assert sides(told(found).teams)[-1] == f"south {OTHERS} 2/6"  # of visits, leaders see every number


def test_a_department_of_few_is_told_with_others_and_shows_no_teams(tmp_path):
    found = told(seen(tmp_path, QUARTER + "2026Q1 west/amber 3 1\n2026Q1 west/blue 3 0"))
    assert sides(found.departments) == ["north 50/300", "south 90/200", f"{OTHERS} 1/7"]
    assert set(found.teams["department"]) == {"north", "south"}


def test_many_teams_are_told_by_the_largest(tmp_path):
    many = "\n".join(f"2026Q1 east/t{i} {30 + i} 10" for i in range(8))
    teams = told(seen(tmp_path, QUARTER + many)).teams
    east = sides(teams[teams["department"] == "east"])
    assert east == [*(f"east t{i} 10/{40 + i}" for i in (7, 6, 5, 4, 3)), f"east {OTHERS} 30/123"]
    assert len(east) == MOST_TEAMS + 1


def test_what_is_withheld_later_is_told_no_more(tmp_path):
    found = seen(tmp_path)
    shown = found.readings.copy()
    shown.loc[(shown["kpi"] == "no_show_rate") & (shown["period"] == "2026Q1"), "state"] = "withheld"
    assert [each.reason for each in still_cascaded(found.cascade, shown)][:2] == ["withheld", ""]


def test_rows_that_do_not_come_to_what_is_published_are_not_told(tmp_path):
    found = seen(tmp_path)
    group, shown = found.group, found.readings.copy()
    shown.loc[(shown["kpi"] == "no_show_rate") & (shown["period"] == "2026Q1"), "numerator"] += 1
    told = cascade(group, "a", found.period, shown, Store(tmp_path))
    assert [each.reason for each in told][:2] == ["ready_made", ""]
    html = BeautifulSoup(part_of(replace(found, cascade=told)).html, "html.parser")
    assert any("do not come to the number that is published" in line.text for line in html.select("p"))


def test_the_page_shows_a_table_of_departments_and_one_for_the_teams_of_each(tmp_path):
    html = BeautifulSoup(part_of(seen(tmp_path, QUARTER.replace("blue", "<b>blue"))).html, "html.parser")
    assert html.h3.text == "By location and team"
    assert [s.text for s in html.select("summary")] == ["Each of the locations", "north, by team", "south, by team"]
    first = html.select("table")[0]
    assert [th.text for th in first.select("thead th")] == ["KPIs", "Practice", "north", "south"]
    assert [td.get_text(" ").replace("\xa0", " ") for td in first.select("tbody tr")[0].select("td")] == [
        "28.0 % 24.2–32.1 of 500",
        "16.7 % 12.9–21.3 of 300",
        "45.0 % 38.3–51.9 of 200",
    ]
    assert [th.text for th in html.select("table")[1].select("thead th")] == ["KPIs", "north", "<b>blue", "amber"]
    said = " ".join(p.text for p in html.select("p"))
    assert "adds up to the practice's number in each of 2 KPIs" in said and "2 KPIs of this card cannot" in said
