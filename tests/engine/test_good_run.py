"""A good run: what lies in the folder, what the manifest tells, and that the same inputs give the same bytes."""

import hashlib
import json
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from workspaces import FILES, GROUP, PERIOD, PRACTICES, bytes_of, names_in, report_folder


@pytest.fixture(params=PRACTICES)
def folder(good, request):
    return report_folder(good[0], request.param)


def test_the_run_succeeds_and_says_where_its_reports_are(good):
    _, ended = good
    assert (ended.status, ended.out) == (0, f"3 of 3 reports: reports/{GROUP}/{PERIOD}/index.html\n")
    assert {line.split("] ")[1] for line in ended.err.splitlines()} == {f"{p}: published" for p in PRACTICES}


def test_nothing_lies_there_but_the_reports(good):
    workspace, _ = good
    period = report_folder(workspace, ".")
    assert names_in(period) == sorted([*PRACTICES, "index.html", "summary.json"])
    assert names_in(period.parent) == [".lock", PERIOD]
    assert [names_in(period / practice) for practice in PRACTICES] == [FILES] * 3


def test_the_manifest_holds_the_hash_of_every_other_file(folder):
    listed = json.loads((folder / "manifest.json").read_text())["files"]
    assert listed == {n: hashlib.sha256(b).hexdigest() for n, b in bytes_of(folder).items() if n != "manifest.json"}


def test_the_manifest_tells_what_went_in(folder, good):
    manifest = json.loads((folder / "manifest.json").read_text())
    exports = good[0] / "data" / GROUP
    assert {i["file"] for i in manifest["inputs"]} == {f"{folder.name}/{n}.csv" for n in ("visits", "survey")}
    for told in manifest["inputs"]:
        data = (exports / told["file"]).read_bytes()
        rows = len(data.splitlines()) - 1
        assert told["sha256"] == hashlib.sha256(data).hexdigest()
        assert (told["physical"], told["used"], told["quarantined"], told["deduplicated"]) == (rows, rows, 0, 0)
    told = {name: manifest[name] for name in ("group", "practice", "period", "audience", "state")}
    assert told == {
        "group": GROUP,
        "practice": folder.name,
        "period": PERIOD,
        "audience": "leadership",
        "state": "draft",
    }
    assert manifest["data_through"] == {"appointments": "2026-09-30", "survey": "2026-09-28"}


def test_readings_are_those_of_the_exports(folder, good):
    readings = pd.read_csv(folder / "readings.csv").set_index(["kpi", "grain", "period"])
    visits = pd.read_csv(good[0] / "data" / GROUP / folder.name / "visits.csv")
    status = visits.loc[visits["At"].str[:7].isin(["2026-07", "2026-08", "2026-09"]), "Status"]
    missed, due = (status == "no_show").sum(), status.isin(["no_show", "kept"]).sum()
    reading = readings.loc[("no_show_rate", "quarter", PERIOD)]
    assert (reading["numerator"], reading["denominator"], reading["state"]) == (missed, due, "ok")
    assert reading["value"] == pytest.approx(100 * missed / due)


def test_the_notebook_keeps_no_trace_of_the_machine(folder, good):
    """No times, no papermill marks; and in no file a path of this machine or the name of its user's home."""
    notebook = nbformat.read(folder / "run.ipynb", as_version=4)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    assert notebook.metadata == {"kernelspec": kernel, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags", "bsc"}
    places = [str(place) for place in (good[0], good[0].parent, Path.home(), "/tmp/") if place != Path("/")]
    for text in (data.decode() for data in bytes_of(folder).values()):
        assert not any(place in text for place in places)
        assert not re.search(r"\d{2}:\d{2}:\d{2}", text)


def test_every_cell_ran_and_no_cell_of_a_section_is_lost(folder, good):
    notebook = nbformat.read(folder / "run.ipynb", as_version=4)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    ran = {cell.id for cell in notebook.cells}
    for path in (good[0] / "notebooks" / "report").glob("*.ipynb"):
        own = [c.id for c in nbformat.read(path, as_version=4).cells if c.id not in ("parameters", "setup")]
        places = [f"{path.stem}-{p}" for p in ("patients", "processes")] if path.stem == "perspective" else [path.stem]
        assert {f"{place}-{id}" for place in places for id in own} <= ran


def test_same_inputs_same_bytes_whatever_the_path_zone_locale_seed_and_jobs(good, elsewhere):
    assert elsewhere[1].status == 0, elsewhere[1].err
    here, there = (report_folder(workspace, ".") for workspace, _ in (good, elsewhere))
    for practice in PRACTICES:
        for name in FILES:
            assert (here / practice / name).read_bytes() == (there / practice / name).read_bytes(), name
    for name in ("index.html", "summary.json"):
        assert (here / name).read_bytes() == (there / name).read_bytes()
