"""A published folder is the old whole one or the new whole one: through kills, full disks, links and refusals."""

import errno
import json
import os
import random
import select
import subprocess
import sys
import time

import pytest
from workspaces import names_in

from bsc_analysis.errors import CannotWrite
from bsc_analysis.report import publish as publishing
from bsc_analysis.report.publish import MANIFEST, as_json, is_whole, publish, sweep, write_whole

KILLS = 50
OLD, NEW = ({"report.html": text * 3, "run.ipynb": text, "readings.csv": text} for text in ("old", "new"))

IS_WHOLE = """
import sys
from pathlib import Path
from bsc_analysis.report.publish import is_whole
print(is_whole(Path(sys.argv[1])))
"""

# Publishes two versions in turn, 200 kB a file, until it is killed; tells when it has begun.
ENDLESS = """
import sys
from itertools import cycle
from pathlib import Path
from bsc_analysis.report.publish import publish
for version in cycle("ab"):
    publish(Path(sys.argv[1]), {name: version * 200_000 for name in ("report.html", "run.ipynb", "readings.csv")}, {})
    print(version, flush=True)
"""


@pytest.fixture
def folder(tmp_path):
    """Where reports/<group>/<period>/<practice> would be, with an old report in it."""
    path = tmp_path / "reports" / "tiny" / "2026Q3" / "alder"
    publish(path, OLD, {"practice": "alder"})
    return path


def holds(path):
    return {each.name: each.read_text() for each in path.iterdir() if each.name != MANIFEST}


def test_what_is_published_is_whole_and_replaces_all_that_was_there(folder):
    (folder / "stray.txt").write_text("from an older version")
    publish(folder, NEW, {"practice": "alder"})
    assert is_whole(folder) and holds(folder) == NEW
    assert json.loads((folder / MANIFEST).read_text())["practice"] == "alder"
    assert names_in(folder.parent) == ["alder"]


def test_whole_means_that_every_file_matches_the_manifest(folder):
    for name in OLD:
        data = (folder / name).read_bytes()
        for damage in (data[:-1], data + b" ", bytes([data[0] ^ 1]) + data[1:], b""):
            (folder / name).write_bytes(damage)
            assert not is_whole(folder)
        (folder / name).unlink()
        assert not is_whole(folder)
        (folder / name).write_bytes(data)
        assert is_whole(folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"files": []}', '{"files": null}', '{"files": {"x": 1}}']
)
def test_a_folder_without_a_manifest_that_can_be_read_is_not_whole(folder, text):
    (folder / MANIFEST).write_text(text)
    assert not is_whole(folder)
    (folder / MANIFEST).unlink()
    assert not is_whole(folder)


def test_whole_does_not_depend_on_the_locale(folder):
    publish(folder, NEW, {"title": "Clínica"})
    plain = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    told = subprocess.run([sys.executable, "-c", IS_WHOLE, folder], env=plain, capture_output=True, check=True)
    assert told.stdout == b"True\n"


def test_killed_at_any_moment_the_folder_is_one_of_two_whole_versions(tmp_path):
    folder = tmp_path / "reports" / "tiny" / "2026Q3" / "alder"
    rng = random.Random(2026)
    seen, leftovers = set(), 0
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", ENDLESS, folder], stdout=subprocess.PIPE) as process:
            assert select.select([process.stdout], [], [], 30)[0]
            time.sleep(rng.uniform(0, 0.03))
            process.kill()
        assert is_whole(folder)
        (version,) = {frozenset(text) for text in holds(folder).values()}
        seen |= version
        leftovers += len(names_in(folder.parent)) - 1
        sweep(folder.parent)
        assert names_in(folder.parent) == ["alder"]
    assert seen == {"a", "b"}
    assert leftovers > KILLS / 5  # the kills did hit the work, not the pauses


def test_the_sweep_takes_leftovers_only(folder):
    period = folder.parent
    (period / ".new-birch-7").mkdir()
    (period / ".new-birch-7" / "report.html").write_text("half")
    (period / ".new-index.html-7").write_text("half")
    (period / ".new-link-7").symlink_to(folder)
    (period / "summary.json").write_text("{}")
    sweep(period)
    assert names_in(period) == ["alder", "summary.json"]
    assert is_whole(folder)
    sweep(period / "nowhere")


@pytest.fixture
def without_exchange(monkeypatch):
    """A system whose C library knows no renameat2."""
    monkeypatch.setattr(publishing.ctypes, "CDLL", lambda *_, **__: object())


@pytest.fixture
def exchange_refused(monkeypatch):
    """A file system that cannot exchange two folders."""
    refuses = type("Library", (), {"renameat2": staticmethod(lambda *_: -1)})
    monkeypatch.setattr(publishing.ctypes, "CDLL", lambda *_, **__: refuses)


@pytest.mark.parametrize("lack", ["without_exchange", "exchange_refused"])
def test_without_an_exchange_of_folders_the_files_are_replaced_one_by_one(folder, lack, request):
    request.getfixturevalue(lack)
    (folder / "stray.txt").write_text("from an older version")
    publish(folder, NEW, {})
    assert is_whole(folder) and holds(folder) == NEW
    assert names_in(folder.parent) == ["alder"]


@pytest.mark.parametrize("survived", range(5))
def test_ended_midway_the_files_are_one_version_or_refused_as_not_whole(
    folder, without_exchange, monkeypatch, survived
):
    """The steps are: the manifest goes, three files come, the new manifest comes."""
    steps = 0

    def counted(step):
        def run(path, *args, **kwargs):
            nonlocal steps
            if path.parent.parent == folder.parent and steps == survived:
                raise KeyboardInterrupt
            steps += path.parent.parent == folder.parent
            return step(path, *args, **kwargs)

        return run

    monkeypatch.setattr(publishing.Path, "replace", counted(publishing.Path.replace))
    monkeypatch.setattr(publishing.Path, "unlink", counted(publishing.Path.unlink))
    with pytest.raises(KeyboardInterrupt):
        publish(folder, NEW, {})
    monkeypatch.undo()
    assert is_whole(folder) == (survived == 0)
    if survived == 0:
        assert holds(folder) == OLD
    publish(folder, NEW, {})  # the next run mends it
    assert is_whole(folder) and holds(folder) == NEW


@pytest.mark.parametrize("after", range(4))
def test_a_full_disk_leaves_the_old_report_whole_and_is_named(folder, monkeypatch, after):
    written = []

    def full(path, text):
        if len(written) == after:
            path.write_text(text[:2])
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        real(path, text)

    real = publishing.write_synced
    monkeypatch.setattr(publishing, "write_synced", full)
    with pytest.raises(CannotWrite, match="the disk is full; the report of an earlier run stays as it was") as refused:
        publish(folder, NEW, {})
    assert refused.value.exit_status == 5
    assert is_whole(folder) and holds(folder) == OLD
    assert names_in(folder.parent) == ["alder"]


@pytest.mark.parametrize("kind", ["practice", "period", "group"])
@pytest.mark.parametrize("target", ["a folder", "nothing"])
def test_a_link_in_the_place_of_a_folder_is_refused_and_nothing_is_written_through_it(tmp_path, kind, target):
    elsewhere = tmp_path / "elsewhere"
    if target == "a folder":
        (elsewhere / "2026Q3" / "alder").mkdir(parents=True)
    path = tmp_path / "reports" / "tiny" / "2026Q3" / "alder"
    link = {"practice": path, "period": path.parent, "group": path.parent.parent}[kind]
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    with pytest.raises(CannotWrite):
        publish(path, NEW, {})
    if kind != "practice":
        with pytest.raises(CannotWrite):
            write_whole(path.parent / "index.html", "text")
    assert link.is_symlink()
    assert [each for each in elsewhere.rglob("*") if each.is_file()] == []


# Root may write anywhere, so the writer becomes nobody first.
AS_NOBODY = """
import os, sys
from pathlib import Path
from bsc_analysis.report.publish import publish, write_whole
if os.geteuid() == 0:
    os.setuid(65534)
folder = Path(sys.argv[1])
for write in (lambda: publish(folder, {"report.html": "new"}, {}), lambda: write_whole(folder.parent / "x", "new")):
    try:
        write()
    except Exception as error:
        print(type(error).__name__, error.exit_status, "Permission denied" in str(error))
"""


def test_a_folder_that_may_not_be_written_to_is_refused_with_5(folder, tmp_path):
    command = [sys.executable, "-c", AS_NOBODY, folder.relative_to(tmp_path)]
    tmp_path.chmod(0o755)
    folder.parent.chmod(0o555)
    try:
        told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    finally:
        folder.parent.chmod(0o755)
    assert told.stdout == "CannotWrite 5 True\n" * 2
    assert is_whole(folder) and holds(folder) == OLD


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "2026Q3").write_text("a file")
    for write in (lambda path: publish(path, NEW, {}), lambda path: write_whole(path, "text")):
        with pytest.raises(CannotWrite):
            write(tmp_path / "2026Q3" / "alder")
    assert (tmp_path / "2026Q3").read_text() == "a file"


def test_one_file_is_old_or_new_and_leaves_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "index.html"
    write_whole(path, "old")
    write_whole(path, "new")
    assert path.read_text() == "new"

    def full(part, text):
        part.write_text(text[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publishing, "write_synced", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        write_whole(path, "newer")
    assert path.read_text() == "new"
    assert names_in(tmp_path) == ["index.html"]


def test_json_has_one_form_and_no_nan():
    assert as_json({"b": 1, "a": "é"}) == '{\n "a": "é",\n "b": 1\n}\n'
    with pytest.raises(ValueError):
        as_json({"a": float("nan")})
