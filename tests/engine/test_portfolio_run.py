"""The page across practices in a run: made last, a draft even among finals, and its trouble is nobody else's."""

import json
import shutil
from pathlib import Path

import nbformat
import papermill
import pytest
from bs4 import BeautifulSoup
from workspaces import (
    GROUP,
    HOUSE,
    PERIOD,
    PRACTICES,
    bsc,
    bytes_of,
    copy_of,
    made_once,
    names_in,
    report_folder,
    section,
)

from bsc_analysis.check import faults_of
from bsc_analysis.disclosure import disclose_group
from bsc_analysis.engine.execute import _check
from bsc_analysis.engine.run import Summary, _refuse_reserved
from bsc_analysis.engine.worker import Outcome
from bsc_analysis.errors import PracticeFailed, UsageError
from bsc_analysis.params import PORTFOLIO, load_group
from bsc_analysis.report.index import index_page
from bsc_analysis.report.merge import PARAMETERS
from bsc_analysis.report.parts import IDENTITY
from bsc_analysis.report.publish import is_whole
from tests.stores import group_of

NOTEBOOKS = HOUSE.parent / "portfolio"


@pytest.fixture(scope="session")
def across(tmp_path_factory, good):
    """A workspace whose group was made final, with the house's notebook across practices. Only to be read."""

    def make(folder):
        shutil.copytree(NOTEBOOKS, copy_of(good[0], folder) / "notebooks" / "portfolio")
        return bsc(folder, "final", GROUP, "--jobs", "2", "--by", "Kim")

    return made_once(tmp_path_factory, "across", make)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory, good):
    """The same run as drafts, with a notebook across practices whose second cell fails. Only to be read."""

    def make(folder):
        copy_of(good[0], folder)
        (folder / "notebooks" / "portfolio").mkdir()
        names = section("1 / 0", parameters="group = period = None", setup=shows("group"))
        nbformat.write(names, folder / "notebooks" / "portfolio" / "links.ipynb")
        return bsc(folder, "run", GROUP, "--jobs", "2")

    return made_once(tmp_path_factory, "faulty", make)


def shows(group: str) -> str:
    return f"display({{'{IDENTITY}': {{'group': {group}, 'period': period}}}}, raw=True)"


def summary_of(workspace: Path) -> dict:
    return json.loads(report_folder(workspace, "summary.json").read_text())


def index_of(workspace: Path) -> BeautifulSoup:
    return BeautifulSoup(report_folder(workspace, "index.html").read_text(), "html.parser")


def test_it_is_made_beside_the_practices_and_counted_apart_from_them(across):
    workspace, ended = across
    assert (ended.status, ended.out) == (0, f"3 of 3 reports are final: reports/{GROUP}/{PERIOD}/index.html\n")
    assert sum(line.endswith("] portfolio: published") for line in ended.err.splitlines()) == 1
    assert names_in(report_folder(workspace, PORTFOLIO)) == ["effects.csv", "manifest.json", "report.html", "run.ipynb"]
    assert is_whole(report_folder(workspace, PORTFOLIO))
    told = summary_of(workspace)
    assert (told["asked"], told["published"], len(told["practices"])) == (3, 3, 3)
    assert told["portfolio"]["state"] == "published" and "practice" not in told["portfolio"]


def test_it_stays_a_draft_among_finals_and_the_ledger_knows_nothing_of_it(across):
    workspace, _ = across
    assert {entry["state"] for entry in summary_of(workspace)["practices"]} == {"final"}
    assert json.loads((report_folder(workspace, PORTFOLIO) / "manifest.json").read_text())["state"] == "draft"
    page = BeautifulSoup((report_folder(workspace, PORTFOLIO) / "report.html").read_text(), "html.parser")
    assert page.find(class_="watermark").text == "DRAFT" and "draft of the current data" in page.header.text
    assert names_in(workspace / "ledger" / GROUP / PERIOD) == sorted(PRACTICES)


def test_the_index_links_to_it(across):
    lead = index_of(across[0]).find(class_="lead")
    assert lead.a["href"] == "portfolio/report.html" and lead.text == "All practices together: what leads to what"
    assert lead.find_next("p").text == "draft"


def test_its_manifest_tells_what_went_in(across):
    manifest = json.loads((report_folder(across[0], PORTFOLIO) / "manifest.json").read_text())
    assert "practice" not in manifest and (manifest["group"], manifest["period"]) == (GROUP, PERIOD)
    files = {f"{id}/{name}.csv" for id in PRACTICES for name in ("visits", "survey")}
    assert {told["file"] for told in manifest["inputs"]} == files


def test_what_cannot_be_tested_is_said_with_its_reason(across):
    html = BeautifulSoup((report_folder(across[0], PORTFOLIO) / "report.html").read_text(), "html.parser")
    assert html.h1.text == "The one link that leaders believe in: cannot tell."
    assert "The season cannot be told apart from the effect yet" in html.text
    assert "No practice alone has enough to be tested." in html.text


def test_its_notebook_alone_shows_what_the_page_shows(across):
    notebook = nbformat.read(report_folder(across[0], PORTFOLIO) / "run.ipynb", as_version=4)
    merged = {cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}
    done = papermill.execute_notebook(
        NOTEBOOKS / "links.ipynb", None, parameters={"group": GROUP}, progress_bar=False, cwd=across[0]
    )
    own = [cell for cell in done.cells if cell.cell_type == "code" and not excluded(cell)]
    assert [shown(cell) for cell in own] == [merged[f"links-{cell.id}"] for cell in own] and len(own) == 4
    assert not any(output.get("name") == "stderr" for cell in own for output in cell.outputs)


def shown(cell) -> list:
    return [{kind: output.data[kind] for kind in ("text/plain", "text/html")} for output in cell.outputs]


def excluded(cell) -> bool:
    return bool({PARAMETERS, "injected-parameters"} & set(cell.metadata.get("tags", [])))


def test_its_fault_changes_no_practice_s_report_and_is_told_like_theirs(faulty, good):
    workspace, ended = faulty
    assert (ended.status, ended.out) == (3, f"3 of 3 reports: reports/{GROUP}/{PERIOD}/index.html\n")
    assert "portfolio: failed (links · own-1: ZeroDivisionError: division by zero)" in ended.err
    for practice in PRACTICES:
        assert bytes_of(report_folder(workspace, practice)) == bytes_of(report_folder(good[0], practice))
    told = summary_of(workspace)["portfolio"]
    assert (told["section"], told["cell"], told["status"]) == ("links", "own-1", 3)
    assert not report_folder(workspace, PORTFOLIO).exists()


def test_the_index_says_why_it_failed_and_whether_an_earlier_one_stays(faulty):
    lead = index_of(faulty[0]).find(class_="lead")
    assert lead.a is None
    assert lead.find_next("p").text == "failed · links · own-1: ZeroDivisionError: division by zero"
    group = load_group(GROUP, faulty[0])
    failed = Outcome("", group.shared.title, "failed", "it broke", status=3)
    kept = BeautifulSoup(index_page(group, PERIOD, [], (failed, "draft")), "html.parser").find(class_="lead")
    assert kept.a and kept.find_next("p").text == "failed; the report of an earlier run stays · it broke"


def test_without_notebooks_for_it_there_is_none(good):
    assert "portfolio" not in summary_of(good[0]) and not report_folder(good[0], PORTFOLIO).exists()
    assert index_of(good[0]).find(class_="lead") is None


@pytest.mark.parametrize(("of_practices", "own", "status"), [(0, 3, 3), (3, 0, 3), (3, 5, 5), (0, 1, 1), (0, 0, 0)])
def test_its_outcome_counts_for_how_the_run_ends(tmp_path, of_practices, own, status):
    outcomes = [Outcome("a", "A", "", status=of_practices)]
    assert Summary(tmp_path, PERIOD, outcomes, Outcome("", "G", "", status=own)).exit_status == status


def test_a_notebook_that_shows_one_practice_is_no_page_across_them():
    cell = nbformat.v4.new_code_cell("run.masthead()", execution_count=1)
    whose = {"group": GROUP, "practice": "alder", "period": PERIOD}
    cell.outputs = [nbformat.v4.new_output("display_data", {IDENTITY: whose})]
    with pytest.raises(PracticeFailed) as error:
        _check(nbformat.v4.new_notebook(cells=[cell]), {"group": GROUP, "period": PERIOD}, "draft")
    assert error.value.reason == "the notebook shows tiny alder 2026Q3, asked was tiny 2026Q3"


@pytest.mark.parametrize("id", ["portfolio", "Portfolio"])
def test_no_practice_may_be_called_as_the_page_is(id):
    [fault] = faults_of(group_of([], [id]))
    assert (fault.file, fault.place) == (f"params/g/{id}.yaml", "practice") and "give another id" in fault.message
    with pytest.raises(UsageError, match="its feed names a practice"):
        _refuse_reserved(group_of([], [id]))


def test_a_period_without_readings_is_refused(good, monkeypatch):
    monkeypatch.setenv("BSC_WORKSPACE", str(good[0]))
    with pytest.raises(UsageError, match="tiny has no readings for 2031Q1: its data run from 2025Q3 to 2026Q3"):
        disclose_group(load_group(GROUP), "2031Q1")
