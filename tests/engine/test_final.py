"""Finals: kept whole and never changed; what moves afterwards is said with its amount and its cause."""

import errno
import hashlib
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import papermill
import pytest
from bs4 import BeautifulSoup
from workspaces import GROUP, PRACTICES, bsc, bytes_of, copy_of, made_once, make_workspace, names_in, report_folder

from bsc_analysis.engine import freeze
from bsc_analysis.engine.job import Job
from bsc_analysis.errors import CannotWrite
from bsc_analysis.ledger.edition import draft_of
from bsc_analysis.params import load_group
from bsc_analysis.report import publish as publishing
from bsc_analysis.report.publish import is_whole

QUARTER, NEXT = "2026Q2", "2026Q3"
KEPT = ["basis.json", "comments.json", "final.json", "manifest.json", "params.json", "readings.csv", "report.html"]
KEPT += ["run.ipynb", "seen.json", "verdicts.json"]
LATE = 30  # rows of May 2026: half of them no-shows, the others waits of an hour and a half


def ledger(workspace, practice, n=1, period=QUARTER):
    return workspace / "ledger" / GROUP / period / practice / str(n)


def log_of(workspace):
    lines = (workspace / "ledger" / GROUP / "log.jsonl").read_text().splitlines()
    return [{k: v for k, v in json.loads(line).items() if k != "when"} for line in lines]


def add_late_rows(workspace, practice):
    with (workspace / "data" / GROUP / practice / "visits.csv").open("a") as file:
        for i in range(LATE):
            day = f"2026-05-{i % 28 + 1:02d}"
            told = f"{day} 10:00,,,no_show" if i % 2 else f"{day} 10:00,{day} 10:00,{day} 11:30,kept"
            file.write(f"L{i:04d},M{i:04d},N,{told}\n")


@pytest.fixture(scope="module")
def finalised(tmp_path_factory):
    """(workspace, how it ended): 2026Q2 of all three practices is final. Only to be read."""

    def make(folder):
        return bsc(make_workspace(folder), "final", GROUP, "--period", QUARTER, "--jobs", "2", "--by", "Ann")

    return made_once(tmp_path_factory, "finalised", make)


@pytest.fixture(scope="module")
def later(tmp_path_factory, finalised):
    """(workspace, how it ended): late rows have come to alder, and 2026Q3 was run. Only to be read."""

    def make(folder):
        copy_of(finalised[0], folder, without=[])
        add_late_rows(folder, "alder")
        return bsc(folder, "run", GROUP, "--jobs", "2")

    return made_once(tmp_path_factory, "later", make)


def page(workspace, practice, period):
    html = (report_folder(workspace, practice, period) / "report.html").read_text()
    return BeautifulSoup(html, "html.parser")


def moved(workspace, practice, period=NEXT):
    """The table of restatements as rows of text, and the sentence above it."""
    part = page(workspace, practice, period).find("h2", id="restatements").find_next("div", class_="bsc")
    return part.p.text, [[cell.text for cell in row.find_all(["th", "td"])] for row in part.select("tbody tr")]


def test_final_says_how_many_and_where(finalised):
    _, ended = finalised
    assert (ended.status, ended.out) == (0, f"3 of 3 reports are final: reports/{GROUP}/{QUARTER}/index.html\n")


@pytest.mark.parametrize("practice", PRACTICES)
def test_the_ledger_holds_all_of_it_and_every_hash(finalised, practice):
    folder = ledger(finalised[0], practice)
    assert names_in(folder) == KEPT and is_whole(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest["files"]) == set(KEPT) - {"manifest.json"}
    visits = (finalised[0] / "data" / GROUP / practice / "visits.csv").read_bytes()
    (told,) = [i for i in manifest["inputs"] if i["file"] == f"{practice}/visits.csv"]
    assert (told["sha256"], told["used"]) == (hashlib.sha256(visits).hexdigest(), len(visits.splitlines()) - 1)
    assert (manifest["state"], manifest["data_through"]["appointments"]) == ("final", "2026-09-30")
    assert set(manifest["definitions"]) == {"provider_rating", "new_patient_share", "wait_median", "no_show_rate"}
    assert manifest["code"]["version"] and manifest["final"]["by"] == "Ann"


def test_the_reports_folder_holds_the_same_final(finalised):
    for practice in PRACTICES:
        kept, shown = bytes_of(ledger(finalised[0], practice)), bytes_of(report_folder(finalised[0], practice, QUARTER))
        assert set(shown) == {"manifest.json", "readings.csv", "report.html", "run.ipynb"}
        assert all(shown[name] == kept[name] for name in shown if name != "manifest.json")
        assert is_whole(report_folder(finalised[0], practice, QUARTER))


def test_the_log_says_who_made_what_final(finalised):
    told = sorted(log_of(finalised[0]), key=lambda r: r["practice"])
    assert told == [
        {"what": "final", "period": QUARTER, "practice": p, "n": 1, "by": "Ann", "because": ""}
        for p in sorted(PRACTICES)
    ]


def test_a_final_says_so_and_a_draft_is_marked(later):
    final, draft = page(later[0], "alder", QUARTER), page(later[0], "alder", NEXT)
    on = json.loads((ledger(later[0], "alder") / "final.json").read_text())["on"]
    standing = final.find("header").find("span", class_="final").text
    assert standing.startswith("final · ") and str(pd.Timestamp(on).year) in standing
    assert final.find(class_="watermark") is None and final.find("span", class_="draft") is None
    mark = draft.find(class_="watermark")
    assert (mark.text, mark["aria-hidden"]) == ("DRAFT", "true")
    assert draft.find("header").find("span", class_="draft").text.startswith("draft · ")


def test_the_index_tells_finals_from_drafts(later):
    for period, state in ((QUARTER, "final"), (NEXT, "draft")):
        index = BeautifulSoup(report_folder(later[0], "index.html", period).read_text(), "html.parser")
        assert [row.td.text for row in index.tbody.find_all("tr")] == [state] * 3


def test_a_later_report_says_what_moved_by_how_much_and_why(later):
    sentence, rows = moved(later[0], "alder")
    assert sentence.startswith("2026 Q2 was made final on ")
    then, now = (pd.read_csv(f / "readings.csv").set_index(["kpi", "period"]) for f in both_folders(later[0]))
    found = {(kpi, when): rest for kpi, when, *rest in rows}
    assert set(found) == {
        (kpi, when) for kpi in ("New patients", "Wait to be roomed", "No-show rate") for when in ("2026 Q2", "May 2026")
    }
    before, after = (f.loc[("no_show_rate", QUARTER)] for f in (then, now))
    assert (after["numerator"] - before["numerator"], after["n"] - before["n"]) == (LATE / 2, LATE)
    change = round(after["value"] - before["value"], 1)
    shown = [f"{r['value']:.1f}\N{NO-BREAK SPACE}% (n = {int(r['n'])})" for r in (before, after)]
    assert found[("No-show rate", "2026 Q2")] == [
        *shown,
        f"+{change:.1f}\N{NO-BREAK SPACE}points",
        f"{LATE} more rows came later in feed appointments.",
    ]
    assert (
        "3 KPIs of 2026 Q2 have moved since it was made final."
        in page(later[0], "alder", NEXT).find(class_="trust").text
    )


def both_folders(workspace):
    return ledger(workspace, "alder"), report_folder(workspace, "alder", NEXT)


def test_where_nothing_moved_one_sentence_says_so(later):
    sentence, rows = moved(later[0], "birch")
    assert "no number of it has moved since" in sentence and rows == []


def test_where_nothing_was_final_before_one_sentence_says_so(finalised):
    sentence, rows = moved(finalised[0], "alder", QUARTER)
    assert sentence.startswith("No earlier period of this practice was made final") and rows == []


def test_the_final_stays_byte_for_byte_whatever_comes_later(finalised, later, tmp_path):
    workspace = copy_of(later[0], tmp_path / "w", without=[])
    ended = bsc(workspace, "run", GROUP, "--period", QUARTER)
    assert (ended.status, ended.out) == (0, f"3 of 3 reports: reports/{GROUP}/{QUARTER}/index.html\n")
    assert f"{QUARTER} is final since" in ended.err and f"bsc reopen {GROUP} {QUARTER} --because" in ended.err
    for practice in PRACTICES:
        assert bytes_of(ledger(workspace, practice)) == bytes_of(ledger(finalised[0], practice))
        first, last = (bytes_of(report_folder(w, practice, QUARTER)) for w in (finalised[0], workspace))
        assert first == last


def test_a_final_that_left_the_reports_comes_back_from_the_ledger(finalised, tmp_path):
    workspace = copy_of(finalised[0], tmp_path / "w", without=[])
    before = bytes_of(report_folder(workspace, "alder", QUARTER))
    shutil.rmtree(workspace / "reports")
    ended = bsc(workspace, "run", GROUP, "--period", QUARTER, "--practice", "alder")
    assert ended.status == 0
    assert bytes_of(report_folder(workspace, "alder", QUARTER)) == before


def test_a_damaged_final_is_named_and_neither_shown_nor_overwritten(finalised, tmp_path):
    workspace = copy_of(finalised[0], tmp_path / "w", without=[])
    path = ledger(workspace, "alder") / "readings.csv"
    path.write_text(path.read_text().replace("ok", "OK", 1))
    ended = bsc(workspace, "run", GROUP, "--period", QUARTER, "--practice", "alder")
    assert ended.status == 3
    assert f"ledger/{GROUP}/{QUARTER}/alder/1 does not match its manifest" in ended.err


def test_a_notebook_of_a_final_shows_the_finals_numbers_also_after_late_rows(later, monkeypatch):
    """As plain papermill or JupyterLab would run it."""
    workspace = later[0]
    monkeypatch.chdir(workspace)
    told = {"group": GROUP, "practice": "alder", "period": QUARTER}
    kept = nbformat.read(ledger(workspace, "alder") / "run.ipynb", as_version=4)
    shown = {cell.id: outputs(cell) for cell in kept.cells if cell.cell_type == "code"}
    for section in ("summary", "data_quality", "restatements"):
        path = workspace / "notebooks" / "report" / f"{section}.ipynb"
        done = papermill.execute_notebook(path, None, parameters=told, progress_bar=False)
        own = {f"{section}-{c.id}": outputs(c) for c in done.cells if c.cell_type == "code"}
        setup = own.pop(f"{section}-setup")
        assert setup == shown["summary-setup"]
        assert {id: out for id, out in own.items() if id in shown and "parameters" not in id}
        assert all(out == shown[id] for id, out in own.items() if id in shown and "parameters" not in id)


def outputs(cell):
    return [dict(output.data) for output in cell.outputs]


def test_making_it_final_twice_is_refused_with_the_mend(finalised, tmp_path):
    workspace = copy_of(finalised[0], tmp_path / "w", without=[])
    for more in ([], ["--practice", "alder"]):
        ended = bsc(workspace, "final", GROUP, "--period", QUARTER, *more)
        assert (ended.status, ended.out) == (2, "")
        assert f"alder: {QUARTER} is final since" in ended.err and "bsc reopen tiny 2026Q2 --because …" in ended.err
    assert names_in(ledger(workspace, "alder").parent) == ["1"]


def test_reopened_with_a_reason_it_is_drafted_again_and_a_second_final_stands_beside_the_first(later, tmp_path):
    workspace = copy_of(later[0], tmp_path / "w", without=[])
    before = bytes_of(ledger(workspace, "alder"))
    one = ["--practice", "alder"]
    assert bsc(workspace, "reopen", GROUP, QUARTER, *one).status == 2
    assert bsc(workspace, "reopen", GROUP, QUARTER, *one, "--because", "  ").status == 2
    ended = bsc(workspace, "reopen", GROUP, QUARTER, *one, "--because", "late rows", "--by", "Bo")
    assert (ended.status, ended.out.split(";")[0]) == (0, "reopened tiny 2026Q2: alder")
    assert bsc(workspace, "reopen", GROUP, QUARTER, *one, "--because", "again").status == 2
    assert bsc(workspace, "run", GROUP, "--period", QUARTER, *one).err == "[1/1] alder: published\n"
    draft = page(workspace, "alder", QUARTER)
    assert draft.find(class_="watermark") and len(moved(workspace, "alder", QUARTER)[1]) == 6
    assert bsc(workspace, "final", GROUP, "--period", QUARTER, *one, "--by", "Bo").status == 0
    assert bytes_of(ledger(workspace, "alder")) == before
    second = ledger(workspace, "alder", 2)
    assert is_whole(second) and json.loads((second / "final.json").read_text())["n"] == 2
    assert (second / "report.html").read_bytes() == (
        report_folder(workspace, "alder", QUARTER) / "report.html"
    ).read_bytes()
    assert [(r["what"], r["n"], r["by"], r["because"]) for r in log_of(workspace)[3:]] == [
        ("reopen", 1, "Bo", "late rows"),
        ("final", 2, "Bo", ""),
    ]


@pytest.mark.parametrize(
    "line, message",
    [
        ("final tiny --period 2026", "no year is complete yet"),
        (
            "final tiny --period 2025Q3",
            "2025Q3 is not complete, so it cannot be made final; the newest complete one is",
        ),
        ("final tiny --period 2026Q9", "is not a period"),
        ("reopen tiny 2026Q3 --because x", "2026Q3 is not final; there is nothing to reopen"),
        ("reopen tiny 2026Q2 --because x --practice aldr", "2026Q2 is not final for 'aldr'. Did you mean alder?"),
        ("diff tiny 2026Q2", "bsc diff tiny 2026Q2 --since-final"),
        ("diff tiny 2026Q2 2026", "of different lengths"),
        ("diff tiny 2026Q3 --since-final", "tiny 2026Q3 was never made final"),
    ],
)
def test_a_slip_is_named_with_its_mend(finalised, line, message):
    ended = bsc(finalised[0], *line.split())
    assert (ended.status, ended.out) == (2, "")
    assert message in ended.err and "Traceback" not in ended.err


def test_diff_shows_two_periods_or_what_moved_since_the_final(later):
    ended = bsc(later[0], "diff", GROUP, QUARTER, "--since-final")
    lines = ended.out.splitlines()
    assert ended.status == 0 and [line for line in lines if line in PRACTICES] == sorted(PRACTICES)
    assert "no number has moved since it was made final" in lines[lines.index("birch") + 1]
    told = next(line for line in lines if "No-show rate, 2026 Q2" in line)
    assert "30 more rows came later in feed appointments." in told
    ended = bsc(later[0], "diff", GROUP, QUARTER, NEXT, "--practice", "alder")
    assert ended.status == 0 and ended.out.splitlines()[0] == "alder" and len(ended.out.splitlines()) == 6
    final = pd.read_csv(ledger(later[0], "alder") / "readings.csv").set_index(["kpi", "period"])
    assert f"(n = {int(final.loc[('no_show_rate', QUARTER), 'n'])})" in ended.out  # the final's, not today's


# Makes alder's 2026Q2 final with pages that cost no kernel, and is killed at the write of file number argv[2].
KILLED = """
import os, signal, sys
from pathlib import Path
from bsc_analysis.engine import freeze
from bsc_analysis.engine.job import Job
from bsc_analysis.ledger.edition import draft_of
from bsc_analysis.params import load_group
from bsc_analysis.report import publish as publishing

workspace, left = Path(sys.argv[1]), int(sys.argv[2])
freeze.pages = lambda *_: {name: "page" for name in freeze.REPORT}
real = publishing.write_synced
def write(path, text):
    global left
    left -= 1
    if left < 0:
        path.write_text(text[:9])
        os.kill(os.getpid(), signal.SIGKILL)
    real(path, text)
publishing.write_synced = write
group = load_group("tiny", workspace, workspace / "data")
job = Job(str(workspace), str(workspace / "data"), "tiny", "alder", "2026Q2", "2026-07-06", "Ann")
freeze.finalise(job, *draft_of(group, "alder", "2026Q2"))
"""


def write_final(workspace: Path) -> None:
    """Alder's 2026Q2 made final in this process, with pages that cost no kernel."""
    loaded = load_group(GROUP, workspace, workspace / "data")
    job = Job(str(workspace), str(workspace / "data"), GROUP, "alder", QUARTER, "2026-07-06", "Ann")
    freeze.finalise(job, *draft_of(loaded, "alder", QUARTER))


@pytest.fixture
def plain_pages(monkeypatch):
    monkeypatch.setattr(freeze, "pages", lambda *_: dict.fromkeys(freeze.REPORT, "page"))


@pytest.mark.usefixtures("plain_pages")
def test_a_disk_that_is_full_leaves_no_half_final_and_a_second_try_makes_it_whole(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    real = publishing.write_synced
    for after in range(len(KEPT)):
        written = []

        def full(path, text, after=after, written=written):
            if len(written) == after:
                path.write_text(text[:2])
                raise OSError(errno.ENOSPC, "No space left on device")
            written.append(path)
            real(path, text)

        monkeypatch.setattr(publishing, "write_synced", full)
        with pytest.raises(CannotWrite, match="the disk is full; nothing was added"):
            write_final(workspace)
        assert names_in(ledger(workspace, "alder").parent) == []
    assert not (workspace / "ledger" / GROUP / "log.jsonl").exists()
    assert not report_folder(workspace, "alder", QUARTER).exists()
    monkeypatch.setattr(publishing, "write_synced", real)
    write_final(workspace)
    assert is_whole(ledger(workspace, "alder")) and len(log_of(workspace)) == 1


@pytest.mark.parametrize("at", [0, 5, 9])
def test_killed_while_it_is_written_there_is_no_final_and_the_next_run_sweeps(tmp_path, at):
    workspace = make_workspace(tmp_path)
    done = subprocess.run([sys.executable, "-c", KILLED, workspace, str(at)], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (left,) = names_in(ledger(workspace, "alder").parent)
    assert left.startswith(".new-1-") and not ledger(workspace, "alder").exists()
    assert not (workspace / "ledger" / GROUP / "log.jsonl").exists()
    publishing.sweep(ledger(workspace, "alder").parent)
    assert names_in(ledger(workspace, "alder").parent) == []


@pytest.mark.usefixtures("plain_pages")
def test_killed_before_the_report_is_given_to_its_reader_the_final_holds_and_is_given_later(tmp_path, monkeypatch):
    workspace = make_workspace(tmp_path)
    monkeypatch.setattr(freeze, "give_back", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_final(workspace)
    assert is_whole(ledger(workspace, "alder"))
    ended = bsc(workspace, "run", GROUP, "--period", QUARTER, "--practice", "alder")
    assert ended.status == 0 and f"alder: final ({QUARTER} is final since 6 Jul 2026" in ended.err
    assert (report_folder(workspace, "alder", QUARTER) / "report.html").read_text() == "page"


def test_a_period_that_has_begun_cannot_be_made_final(tmp_path):
    workspace = make_workspace(tmp_path)
    with (workspace / "data" / GROUP / "birch" / "visits.csv").open("a") as file:
        file.writelines(f"O{i},M1,N,2026-10-0{i} 10:00,,,no_show\n" for i in range(1, 4))
    ended = bsc(workspace, "final", GROUP, "--period", "2026-10")
    assert (ended.status, ended.out) == (2, "")
    assert "2026-10 is not complete, so it cannot be made final; the newest complete one is 2026-09" in ended.err
    assert not (workspace / "ledger").exists()
