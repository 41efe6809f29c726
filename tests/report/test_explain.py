"""bsc explain: a number taken apart on the tiny workspace, under the audience's rules."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from workspaces import GROUP, GROUP_FILE, PERIOD, PRACTICES, bsc, copy_of, report_folder, write_yaml

from bsc_analysis.disclosure import disclose
from bsc_analysis.params import load_group
from bsc_analysis.report.explain import explained


def explain(workspace, kpi: str, period: str = PERIOD, practice: str = "alder") -> str:
    ended = bsc(workspace, "explain", GROUP, practice, kpi, period)
    assert (ended.status, ended.err) == (0, "")
    return ended.out.replace("\N{NO-BREAK SPACE}", " ")


def facts(out: str) -> dict[str, str]:
    """The block of names and values."""
    return dict(re.findall(r"^  (\S+(?: \S+){0,2})  +(\S.*)$", out.split("\n\nParts")[0], re.M))


def published(workspace, kpi: str, practice: str = "alder") -> pd.DataFrame:
    readings = pd.read_csv(report_folder(workspace, practice) / "readings.csv")
    return readings[readings["kpi"] == kpi].set_index("period")


def test_it_says_what_the_report_says(good):
    out, reading = explain(good[0], "no_show_rate"), published(good[0], "no_show_rate").loc[PERIOD]
    told = facts(out)
    assert out.startswith(f"No-show rate (no_show_rate) · {PRACTICES['alder']} · 2026 Q3\n")
    assert told["Formula"] == "no-shows ÷ (no-shows + kept visits)"
    assert "MGMA" in told["Definition"] and told["Counted in"] == "visits, by appointment_at"
    assert (told["Numerator"], told["Denominator"]) == (f"{reading['numerator']:.0f}", f"{reading['denominator']:.0f}")
    assert told["Value"] == f"{reading['value']:.1f} %"
    assert told["95 % interval"] == f"{reading['lower']:.1f}–{reading['upper']:.1f}"
    assert (told["State"], told["Shown to"]) == ("shown", "the practice's leadership")


def test_the_parts_of_a_quarter_add_up_to_it(good):
    block = explain(good[0], "no_show_rate").split("Parts of 2026 Q3\n")[1].split("\n\n")[0]
    parts = [line.split() for line in block.splitlines()[1:]]
    assert [" ".join(p[:2]) for p in parts] == ["Jul 2026", "Aug 2026", "Sep 2026"]
    whole = published(good[0], "no_show_rate").loc[PERIOD]
    assert [sum(int(p[i]) for p in parts) for i in (2, 3)] == [whole["numerator"], whole["denominator"]]
    assert "Parts of" not in explain(good[0], "no_show_rate", "2026-09")


def test_it_names_the_files_behind_the_kpi_and_no_others(good):
    out = explain(good[0], "no_show_rate")
    assert re.search(r"^  alder/visits\.csv +630 +630 +0 +0$", out, re.M) and "survey.csv" not in out
    rating = explain(good[0], "provider_rating")
    assert "alder/survey.csv" in rating and "visits.csv" not in rating


def test_refused_rows_are_told_by_rule_and_never_by_value(good, tmp_path):
    workspace = copy_of(good[0], tmp_path / "w")
    path = workspace / "data" / GROUP / "alder" / "visits.csv"
    lines = path.read_text().splitlines()
    lines[3] = lines[3].replace(lines[3].split(",")[-1], "lost-secret")
    path.write_text("\n".join(lines) + "\n")
    out = explain(workspace, "no_show_rate")
    assert re.search(r"^  alder/visits\.csv +630 +629 +1 +0$", out, re.M)
    assert re.search(r"^  alder/visits\.csv +status +not one of .* 1$", out, re.M)
    assert "lost-secret" not in out


def test_a_refused_file_of_one_practice_leaves_no_data_and_its_message(good, tmp_path):
    workspace = copy_of(good[0], tmp_path / "w")
    (workspace / "data" / GROUP / "alder" / "survey.csv").write_text("Nothing,of\nthe,sort\n")
    out = explain(workspace, "provider_rating")
    assert facts(out)["State"] == "no data"
    assert "No file was read for it." in out and "Messages" in out and "survey.csv" in out


def test_what_the_audience_may_not_see_is_not_explained_either(good, tmp_path):
    workspace = copy_of(good[0], tmp_path / "w")
    write_yaml(workspace / "params" / GROUP / "group.yaml", GROUP_FILE | {"audience": "external"})
    told = facts(explain(workspace, "no_show_rate", "2026-09"))
    assert told["State"].startswith("withheld") and told["Shown to"] == "the public"
    assert (told["Numerator"], told["Denominator"], told["Value"]) == ("–", "–", "–")
    assert "95 % interval" not in told and "Count" not in told


@pytest.mark.parametrize("practice", PRACTICES)
def test_every_practice_and_kpi_can_be_explained(good, practice):
    seen = disclose(load_group(GROUP, good[0]), practice, "2026")
    for kpi in GROUP_FILE["kpis"]:
        assert "\n\nParts of 2026\n" in explained(seen, kpi)
