"""Each section runs alone with plain papermill and a practice's params, to the same numbers as the report."""

import contextlib
from pathlib import Path

import nbformat
import papermill
import pytest
import yaml
from workspaces import GROUP, PERIOD, practice_file, report_folder

from bsc_analysis import open_run
from bsc_analysis.errors import UsageError
from bsc_analysis.report.merge import PARAMETERS, SETUP
from bsc_analysis.report.sections import PER_PERSPECTIVE, SECTIONS

PRACTICE = "0123"
FIRST_PERSPECTIVE = "patients"
WITH_PERIOD = {"perspective", "methods"}  # the others are given none, and take the newest complete one


@pytest.fixture(scope="module")
def merged(good):
    """Outputs of the report's cells by id."""
    notebook = nbformat.read(report_folder(good[0], PRACTICE) / "run.ipynb", as_version=4)
    return {cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}


def shown(cell):
    return [{kind: output.data[kind] for kind in ("text/plain", "text/html")} for output in cell.outputs]


def run_alone(workspace, section, **more):
    """The section's notebook, run as `papermill notebooks/report/x.ipynb - -f params/tiny/0123.yaml -p …`."""
    parameters = yaml.safe_load(practice_file(workspace, PRACTICE).read_text())
    parameters |= {"period": PERIOD} if section in WITH_PERIOD else {}
    parameters |= more
    path = workspace / "notebooks" / "report" / f"{section}.ipynb"
    with contextlib.chdir(workspace):
        return papermill.execute_notebook(path, None, parameters=parameters, progress_bar=False)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_alone_shows_what_the_report_shows(section, good, merged, caplog):
    done = run_alone(good[0], section)
    prefix = f"{section}-{FIRST_PERSPECTIVE}" if section == PER_PERSPECTIVE else section
    compared = 0
    for cell in done.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or {PARAMETERS, "injected-parameters"} & set(tags):
            continue
        assert not any(output.get("name") == "stderr" for output in cell.outputs)
        assert shown(cell) == merged[f"{SECTIONS[0]}-{SETUP}" if SETUP in tags else f"{prefix}-{cell.id}"], cell.id
        compared += len(cell.outputs)
    assert compared >= 3  # masthead, heading, and at least one part
    assert "Passed unknown parameter: title" in caplog.text  # the file holds more than a notebook needs


def test_the_perspective_asked_for_is_the_one_shown(good, merged):
    done = run_alone(good[0], PER_PERSPECTIVE, perspective="processes")
    cards = next(cell for cell in done.cells if cell.id == "cards")
    assert shown(cards) == merged[f"{PER_PERSPECTIVE}-processes-cards"]


@pytest.mark.parametrize("practice", [83, False, 1.5, None, ["alder"]])
def test_an_id_that_is_not_text_is_refused_with_the_mend(practice):
    with pytest.raises(UsageError, match="write it in quotes, such as practice: '0123'"):
        open_run(GROUP, practice)


def test_what_yaml_makes_of_0123_is_such_an_id():
    assert yaml.safe_load("practice: 0123") == {"practice": 83}


@pytest.mark.parametrize("period", [2026, 2026.0])
def test_a_period_that_is_not_text_is_refused_with_the_mend(good, monkeypatch, period):
    monkeypatch.setenv("BSC_WORKSPACE", str(good[0]))
    with pytest.raises(UsageError, match="write it in quotes: period: '2026'"):
        open_run(GROUP, PRACTICE, period)


def test_a_run_opened_by_hand_is_that_of_the_newest_complete_period(good, monkeypatch):
    monkeypatch.setenv("BSC_WORKSPACE", str(good[0]))
    run = open_run(GROUP, PRACTICE)
    assert run.masthead().data == {"group": GROUP, "practice": PRACTICE, "period": PERIOD, "state": "draft"}
    assert Path(report_folder(good[0], PRACTICE) / "readings.csv").read_text() == run.readings.to_csv(index=False)
    assert open_run(GROUP, PRACTICE, "2026Q2").period_name == "2026 Q2 (Apr–Jun)"
