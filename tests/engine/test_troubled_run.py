"""One practice's trouble is its own: it fails alone, named with section, cell and reason, and nothing else changes."""

import json

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from workspaces import FILES, bytes_of, names_in, report_folder

from bsc_analysis.engine.run import Summary
from bsc_analysis.engine.worker import Outcome
from bsc_analysis.report.publish import is_whole

WELL = {"alder", "0123", "quiet"}
FAULTS = """
birch     raises    own-2  ZeroDivisionError: division by zero
prints    prints    own-2  a warning on stderr: overheard
warns     warns     own-2  a warning on stderr: UserWarning: careful
exits     exits     own-2  SystemExit: 0
dies      dies      own-2  the kernel died (memory?)
borrows   borrows   setup  the notebook shows tiny alder 2026Q3, asked was tiny borrows 2026Q3
strays    strays    own-2  the notebook shows tiny alder 2026Q3, asked was tiny strays 2026Q3
mute      mute      setup  the set-up cell does not end with run.masthead()
"""
EXPECTED = [line.split(maxsplit=3) for line in FAULTS.strip().splitlines()]


@pytest.fixture
def told(troubled):
    summary = json.loads(report_folder(troubled[0], "summary.json").read_text())
    return {entry.pop("practice"): entry for entry in summary["practices"]}


def test_the_run_ends_with_3_and_says_how_many_reports_there_are(troubled):
    _, ended = troubled
    assert (ended.status, ended.out) == (3, "3 of 14 reports: reports/tiny/2026Q3/index.html\n")
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "statuses, expected",
    [([], 0), ([0, 0], 0), ([0, 3], 3), ([0, 2], 3), ([3, 5, 0], 5), ([5, 3, 1], 1)],
)
def test_the_gravest_outcome_tells_how_the_run_ends(tmp_path, statuses, expected):
    outcomes = [Outcome("alder", "Alder", "published" if not s else "failed", status=s) for s in statuses]
    assert Summary(tmp_path, "2026Q3", outcomes).exit_status == expected


def test_those_who_fail_are_exactly_the_broken_ones(told, troubled):
    assert {practice for practice, entry in told.items() if entry["state"] == "published"} == WELL
    broken = {p for p, *_ in EXPECTED} | {"untagged", "garbled", "unfed"}
    assert {practice for practice, entry in told.items() if entry["state"] == "failed"} == broken


@pytest.mark.parametrize("practice, section, cell, reason", EXPECTED, ids=[row[0] for row in EXPECTED])
def test_the_summary_and_the_log_name_section_cell_and_reason(told, troubled, practice, section, cell, reason):
    entry = told[practice]
    assert [entry[key] for key in ("section", "cell", "reason", "status")] == [section, cell, reason, 3]
    assert f"{practice}: failed ({section} · {cell}: {reason})" in troubled[1].err


def test_a_section_without_its_tags_is_refused_before_a_kernel_starts(told, troubled):
    reason = told["untagged"]["reason"]
    assert reason.startswith("notebooks/report/untagged.ipynb: 1 problem\n  cell tagged parameters")
    assert not list(troubled[0].rglob("ran"))


def test_a_file_that_is_no_notebook_is_named(told):
    assert told["garbled"]["reason"].startswith("notebooks/report/garbled.ipynb: 1 problem\n")
    assert told["garbled"]["reason"].endswith("is not a notebook that can be read (NotJSONError)")


def test_a_required_feed_that_is_missing_fails_its_practice(told):
    entry = told["unfed"]
    assert (entry["section"], entry["status"]) == ("feeds", 3)
    assert entry["reason"].startswith("required feed appointments: unfed/visits.csv")


def test_a_feed_that_is_not_required_leaves_its_kpis_without_data_and_the_report_is_made(troubled):
    folder = report_folder(troubled[0], "quiet")
    readings = pd.read_csv(folder / "readings.csv")
    states = readings[readings["period"] == "2026Q3"].set_index("kpi")["state"]
    assert states["provider_rating"] == "no_feed"
    assert set(states.drop("provider_rating")) == {"ok"}
    page = (folder / "report.html").read_text()
    assert "quiet/survey.csv" in page  # the section on data says what is missing
    assert "Provider rated 9 or 10" in page


def test_the_others_come_out_byte_for_byte_as_in_a_good_run(good, troubled):
    for practice in ("alder", "0123"):
        assert bytes_of(report_folder(good[0], practice)) == bytes_of(report_folder(troubled[0], practice))


def test_the_report_of_an_earlier_run_stays_whole(good, troubled):
    earlier, kept = (report_folder(workspace, "birch") for workspace, _ in (good, troubled))
    assert is_whole(kept)
    assert bytes_of(kept) == bytes_of(earlier)


def test_no_report_comes_from_a_failed_run_and_nothing_is_left_lying(troubled):
    period = report_folder(troubled[0], ".")
    assert set(names_in(period)) == WELL | {"birch", "index.html", "summary.json"}
    assert all(names_in(period / practice) == FILES for practice in WELL)


def test_the_index_tells_a_kept_report_from_one_that_was_never_made(troubled):
    index = BeautifulSoup(report_folder(troubled[0], "index.html").read_text(), "html.parser")
    rows = {row.th.text: row for row in index.tbody.find_all("tr")}
    assert len(rows) == 14
    status = {title: row.find_all("td")[0].text for title, row in rows.items()}
    links = {title: row.a["href"] for title, row in rows.items() if row.a}
    assert status["Alder & Sons <b>Clinic</b>"] == "draft"
    assert status["Clínica Birch"] == "failed; the report of an earlier run stays"
    assert status["Dies"] == "failed"
    assert rows["Dies"].find_all("td")[1].text == "dies · own-2: the kernel died (memory?)"
    assert sorted(links.values()) == [f"{p}/report.html" for p in ("0123", "alder", "birch", "quiet")]
    assert "4 of 14 reports made." in index.text


def test_no_traceback_and_nothing_from_stderr_reaches_a_report(troubled):
    for practice in WELL | {"birch"}:
        for name, data in bytes_of(report_folder(troubled[0], practice)).items():
            assert not any(word in data for word in (b"Traceback", b"overheard", b"careful")), (practice, name)
