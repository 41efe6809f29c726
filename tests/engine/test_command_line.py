"""The command line as a person meets it: what it prints where, how it ends, and never a traceback for a slip."""

import re
import subprocess
import sys

import pytest
from workspaces import (
    GROUP,
    GROUP_FILE,
    PRACTICES,
    bsc,
    copy_of,
    make_workspace,
    practice_file,
    section,
    surroundings,
    write_section,
    write_yaml,
)

from bsc_analysis.feeds import KINDS
from bsc_analysis.feeds.template import BY_HAND
from bsc_analysis.kpis import KPIS
from bsc_analysis.report.sections import SECTIONS
from bsc_analysis.tables import TABLES

HEAVY = ("pandas", "numpy", "duckdb", "matplotlib", "papermill", "nbformat")
WHICH_HEAVY = f"""
import sys
from bsc_analysis.cli import main
try:
    main()
finally:
    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""
SLIPS = {
    "command": ("rum tiny", "No such command 'rum'. Did you mean 'run'?"),
    "list": ("list kpi", "No such command 'kpi'. Did you mean 'kpis'?"),
    "option": ("run tiny --perod 2026Q3", "No such option: --perod (Possible options: --period)"),
    "nothing to run": ("run", "Missing argument 'group'"),
    "group": ("run tinny", "'tinny' is not a group. Did you mean tiny?"),
    "group to check": ("check tinny", "'tinny' is not a group. Did you mean tiny?"),
    "practice": (
        "run tiny --practice birch --practice aldr",
        "'aldr' is not a practice of tiny in 2026Q3. Did you mean alder?",
    ),
    "form of period": ("run tiny --period 2026Q5", "'2026Q5' is not a period; write '2026Q3'"),
    "period ahead": ("run tiny --period 2031Q1", "tiny has no data for 2031Q1; there are 2025Q3 to 2026Q3"),
    "period before": ("run tiny --period 2019", "tiny has no data for 2019; there are 2025 to 2026"),
    "KPI": ("explain tiny alder no_show_rat 2026Q3", "'no_show_rat' is not a KPI. Did you mean no_show_rate?"),
    "KPI of the card": ("explain tiny alder wait_p90 2026Q3", "'wait_p90' is not a KPI of alder."),
    "practice to explain": ("explain tiny aldr no_show_rate 2026Q3", "'aldr' is not a practice of tiny in 2026Q3."),
    "period to explain": (
        "explain tiny alder no_show_rate 2031Q1",
        "alder has no readings for 2031Q1: its data run from",
    ),
    "table": ("template complaint", "'complaint' is not a table. Did you mean complaints?  It is one of: visits, "),
    "table that no export fills": ("template staff_months", "'staff_months' is not a table."),
    "form of template": ("template ideas --to ideas.docx", "ideas.docx is to be a CSV or a workbook"),
    "folder of template": ("template ideas --to nowhere/ideas.csv", "there is no such folder"),
    "two forms of template": ("template ideas --xlsx --to ideas.csv", "ideas.csv is to be a workbook"),
    "one CSV of all templates": ("template all --to all.csv", "is to be a workbook or a folder of CSVs"),
    "jobs": ("run tiny --jobs 0", "Invalid value for '--jobs'"),
    "data": ("run tiny --data nowhere", "none of the group's files could be read"),
}


@pytest.fixture(scope="module")
def ready(tmp_path_factory, good):
    """A workspace whose store is there and whose reports are not."""
    return copy_of(good[0], tmp_path_factory.mktemp("cli") / "ready", without=["reports"])


def test_help_lists_the_commands_that_there_are(tmp_path):
    ended = bsc(tmp_path, "--help")
    assert (ended.status, ended.err) == (0, "")
    there = re.findall(r"^  (\w+) ", ended.out.split("Commands:")[1], re.M)
    assert there == ["demo", "check", "run", "final", "reopen", "diff", "explain", "template", "list"]


def test_templates_are_printed_or_written_and_nothing_is_written_over(tmp_path):
    printed = bsc(tmp_path, "template", "ideas")
    assert (printed.status, printed.out.count("\n")) == (0, 1) and printed.out.startswith(
        "idea_id,received_at,by_role,"
    )
    assert printed.err.startswith("A row is one idea that somebody of the staff handed in.\nidea_id (needed): ")
    for command, written in (
        ("ideas --xlsx", "ideas.xlsx"),
        ("all", "templates"),
        ("all --xlsx --group", "templates.xlsx"),
    ):
        ended = bsc(tmp_path, "template", *command.split())
        assert (ended.status, ended.out, ended.err) == (0, f"Wrote {written}\n", "")
        again = bsc(tmp_path, "template", *command.split())
        assert (again.status, again.out) == (2, "") and "is there already and may be filled in" in again.err
    assert sorted(file.stem for file in (tmp_path / "templates").iterdir()) == sorted(t.name for t in BY_HAND)


def test_a_disk_that_refuses_a_template_is_told_from_wrong_usage(tmp_path):
    (tmp_path / "taken").write_text("a file where a folder is to be")
    ended = bsc(tmp_path, "template", "all", "--to", "taken")
    assert (ended.status, ended.out) == (5, "") and ended.err.startswith("taken: ") and "Traceback" not in ended.err


@pytest.mark.parametrize("command", [["--help"], ["run", "--help"], []], ids=" ".join)
def test_help_loads_nothing_heavy(command, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WHICH_HEAVY, *command], cwd=tmp_path, env=surroundings(), capture_output=True, text=True
    )
    assert "Usage:" in done.stdout + done.stderr
    assert done.stderr.endswith("[]\n")


@pytest.mark.parametrize("line, message", SLIPS.values(), ids=SLIPS)
def test_a_slip_ends_with_2_names_the_mend_and_starts_nothing(ready, line, message):
    ended = bsc(ready, *line.split())
    assert (ended.status, ended.out) == (2, "")
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert not list((ready / "reports").rglob("*.html"))


def test_where_nothing_could_be_read_every_command_says_why(ready, tmp_path):
    missing = "feeds.appointments  no such file in the group's data folder"
    assert missing in bsc(ready, "run", GROUP, "--data", "nowhere").err
    workspace = copy_of(ready, tmp_path / "w", without=["store"])
    for path in (workspace / "data" / GROUP).rglob("*.csv"):
        path.write_text(path.read_text().splitlines()[0] + "\n")
    for line in (f"run {GROUP}", f"explain {GROUP} alder no_show_rate 2026Q3"):
        ended = bsc(workspace, *line.split())
        assert (ended.status, ended.out) == (2, "")
        assert "data/tiny: 1 problem\n  feeds  no feed delivered a row\n" in ended.err
        assert "alder/visits.csv: 1 problem\n  feeds.appointments  the file holds no rows; export it again" in ended.err


def test_outside_a_workspace_it_says_what_one_is(tmp_path):
    ended = bsc(tmp_path, "check", GROUP)
    assert (ended.status, ended.out) == (2, "")
    assert "no workspace (a folder with params/ and notebooks/)" in ended.err


def test_check_says_so_where_all_is_in_order(ready):
    ended = bsc(ready, "check", GROUP)
    assert (ended.status, ended.out, ended.err) == (0, "tiny: params are in order (3 practices)\n", "")


def test_check_tells_every_fault_of_names_at_once_and_run_refuses_them_too(tmp_path):
    workspace = make_workspace(tmp_path)
    kpis = GROUP_FILE["kpis"] | {"no_show_rat": None}
    write_yaml(workspace / "params" / GROUP / "group.yaml", GROUP_FILE | {"kpis": kpis, "vital_signs": ["wait_p90"]})
    own = {"group": GROUP, "practice": "alder", "title": "Alder", "sections": ["sumary", "../report/summary"]}
    write_yaml(practice_file(workspace, "alder"), own)
    for command in ("check", "run"):
        ended = bsc(workspace, command, GROUP)
        assert (ended.status, ended.out) == (2, "")
        assert "params/tiny/group.yaml: 2 problems" in ended.err
        assert "no_show_rat" in ended.err and "Did you mean no_show_rate?" in ended.err
        assert "wait_p90" in ended.err
        assert "params/tiny/alder.yaml: 2 problems" in ended.err
        assert "'sumary' is not a section. Did you mean summary?" in ended.err
        assert "'../report/summary' is not a section." in ended.err
        assert "Traceback" not in ended.err
    assert not (workspace / "reports").exists()


def test_check_tells_every_fault_of_shape_at_once(tmp_path):
    workspace = make_workspace(tmp_path)
    write_yaml(workspace / "params" / GROUP / "group.yaml", GROUP_FILE | {"grain": "monthly", "colour": "blue"})
    practice_file(workspace, "0123").write_text("group: tiny\npractice: 0123\ntitle: NO\n")
    ended = bsc(workspace, "check", GROUP)
    assert (ended.status, ended.out) == (2, "")
    for word in ("grain", "month, quarter or year", "colour", "write '0123' in quotes", "write 'NO' in quotes"):
        assert word in ended.err


@pytest.mark.parametrize(
    "what, first_words",
    [
        ("kpis", list(KPIS)),
        ("practices", [GROUP] * len(PRACTICES)),
        ("sections", list(SECTIONS)),
        ("feeds", ["kind"] * len(KINDS) + ["table"] * len(TABLES)),
    ],
)
def test_lists_are_printed_as_results(ready, what, first_words):
    ended = bsc(ready, "list", what)
    assert (ended.status, ended.err) == (0, "")
    assert [line.split()[0] for line in ended.out.splitlines()] == first_words


def test_list_practices_names_each_with_its_title(ready):
    ended = bsc(ready, "list", "practices", GROUP)
    rows = {line.split(maxsplit=2)[1]: line.split(maxsplit=2)[2] for line in ended.out.splitlines()}
    assert rows == PRACTICES


def test_one_practice_may_be_asked_for_and_the_others_reports_stay(good, tmp_path):
    workspace = copy_of(good[0], tmp_path / "w", without=[])
    write_section(workspace, "brief", section("1"))
    brief = {"group": GROUP, "practice": "alder", "title": "Alder", "sections": ["brief"]}
    write_yaml(practice_file(workspace, "alder"), brief)
    period = workspace / "reports" / GROUP / "2026Q3"
    for place in (period, period.parent / "2026Q2"):  # what killed runs left behind
        (place / ".new-cedar-7").mkdir(parents=True)
    before = (period / "birch" / "report.html").stat().st_ino
    ended = bsc(workspace, "run", GROUP, "--practice", "alder", "--period", "2026Q3")
    assert (ended.status, ended.out) == (0, f"1 of 1 reports: reports/{GROUP}/2026Q3/index.html\n")
    assert ended.err == "[1/1] alder: published\n"
    assert (period / "birch" / "report.html").stat().st_ino == before
    assert (period / "index.html").read_text().count("/report.html") == 3
    assert not list(period.parent.rglob(".new-*"))
