"""The KPIs of a perspective by variation and assurance, and the flags that chance would make."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from bsc_analysis.report.run import Run
from tests.cards import chance, counted, run_of, valued


@pytest.fixture
def run() -> Run:
    falling = [*chance(5).normal(20, 1, 25), *[14.0, 13.5, 13, 13.2, 13.1]]
    return run_of(
        valued("wait_median", chance().normal(15, 1, 30)),
        valued("wait_p90", chance(2).normal(30, 1, 30)),
        valued("new_patient_wait", falling),
        valued("charge_lag", [2.0] * 30),
        counted("no_show_rate", chance().binomial(300, 0.1, 30), 300),
        counted("late_cancel_rate", [*chance(3).binomial(300, 0.05, 29), 60], 300),
        targets={"wait_median": 10, "wait_p90": 60, "new_patient_wait": 14, "no_show_rate": 10, "charge_lag": 1},
    )


def test_the_matrix_names_each_kpi_once_exceptions_first(run):
    told = run.perspective("processes").matrix()
    assert told.text.splitlines() == [
        "real concern, no target: Late cancellations",
        "no real change, fails its target: Wait to be roomed",
        "no real change, hit or miss: No-show rate",
        "no real change, passes its target: Longest waits",
        "cannot tell yet, target: cannot tell yet: Charge lag",
    ]
    assert run.perspective("patients").matrix().text == (
        "real improvement, fails its target: New patients' wait for a visit"
    )
    table = BeautifulSoup(told.html, "html.parser").table
    heads = [head.get_text(strip=True) for head in table.thead.find_all("th")]
    assert heads == ["fails its target", "hit or miss", "passes its target", "target: cannot tell yet", "no target"]
    rows = [row.get_text(" ", strip=True) for row in table.tbody.find_all("th")]
    assert rows == ["real concern", "no real change", "cannot tell yet"]
    cells = [[cell.get_text(strip=True) != "" for cell in row.find_all("td")] for row in table.tbody.find_all("tr")]
    assert cells == [[0, 0, 0, 0, 1], [1, 1, 1, 0, 0], [0, 0, 0, 1, 0]]
    cards = BeautifulSoup(run.perspective("processes").cards().html, "html.parser")
    links = sorted(link["href"][1:] for link in table.find_all("a"))
    assert links == sorted(card["id"] for card in cards.select("section.kpi"))


def test_the_flags_that_chance_would_make_are_told_once_beside_those_there_are(run):
    expected = f"{run.seen.false_flags.expected:.1f}"
    told = (
        f"With 5 KPIs that can be judged and nothing changed, about {expected} would be flagged by chance. Flagged: 2."
    )
    views = [run.perspective(each.id).matrix().html for each in run.seen.perspectives]
    assert [told in html for html in views] == [True, False]
    assert ["How to read this" in html for html in views] == [True, False]
    assert told in run.methods().html
    steady = run_of(valued("wait_median", chance().normal(15, 1, 30)))
    assert "With one KPI that can be judged and nothing changed, it would hardly" in steady.methods().html
    assert "nothing changed" not in run_of(valued("wait_median", [15.0, 16])).methods().html
