"""Nobody is left at work: not after a practice has taken too long, not after its run was killed or interrupted."""

import os
import signal
import subprocess
import tempfile
import time

import pytest
from workspaces import GROUP, add_practice, command, make_workspace, section, surroundings, survivors, write_section

from bsc_analysis.engine import run as engine

# The kernel tells its own and the practice's process, whole or not at all, and hangs.
HANG = """
import os
from pathlib import Path
Path("{folder}/.pids").write_text(f"{{os.getpid()}} {{os.getppid()}}")
Path("{folder}/.pids").rename("{folder}/pids")
while True:
    pass
"""


@pytest.fixture(scope="module")
def scratch():
    """A short path for what killed kernels leave: sockets and connection files, which nobody else removes."""
    with tempfile.TemporaryDirectory() as folder:
        yield folder


def hanging_workspace(folder):
    make_workspace(folder)
    write_section(folder, "endless", section(HANG.format(folder=folder)))
    add_practice(folder, "endless", "Endless", sections=["endless"])
    return folder


def until_hanging(folder, seconds=60):
    """The kernel's and the practice's process, once the cell hangs."""
    end = time.monotonic() + seconds
    while not (folder / "pids").exists():
        assert time.monotonic() < end, "the cell never began"
        time.sleep(0.05)
    return [int(pid) for pid in (folder / "pids").read_text().split()]


def left_after_10_s(pids):
    """Who is still at work then; and nobody is afterwards, whatever the test says of it."""
    assert len(pids) == 2 and os.getpid() not in pids
    left = survivors(pids, seconds=10)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return left


def test_a_practice_that_takes_too_long_is_ended_with_its_kernel(tmp_path, scratch, monkeypatch):
    workspace = hanging_workspace(tmp_path)
    monkeypatch.setenv("TMPDIR", scratch)
    monkeypatch.setattr(engine, "PRACTICE_SECONDS", 0)
    monkeypatch.setattr(engine, "wait", lambda *_, **__: until_hanging(workspace) and [])
    summary = engine.run(GROUP, workspace, practices=["endless"])
    (outcome,) = summary.outcomes
    assert (summary.exit_status, outcome.state, outcome.reason) == (3, "failed", "took longer than 0 s")
    assert not (summary.folder / "endless").exists()
    assert left_after_10_s(until_hanging(workspace)) == []


@pytest.fixture(scope="module")
def ctrl_c():
    """A shell starts its background jobs deaf to Ctrl-C, and so would be all that the tests start from there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def ended(tmp_path_factory, scratch, ctrl_c):
    """By signal: how a run ended that got it while a cell was hanging, what it said, and those it left at work."""
    runs = {}
    for name in ("SIGINT", "SIGTERM", "SIGKILL"):
        workspace = hanging_workspace(tmp_path_factory.mktemp(name))
        with (workspace / "said").open("w") as said:
            line = command("run", GROUP, "--practice", "endless")
            process = subprocess.Popen(
                line,
                cwd=workspace,
                env=surroundings({"TMPDIR": scratch}),
                stdout=said,
                stderr=said,
            )
        runs[name] = workspace, process
    found = {}
    for name, (workspace, process) in runs.items():
        pids = until_hanging(workspace)
        process.send_signal(getattr(signal, name))
        found[name] = process.wait(120), (workspace / "said").read_text(), left_after_10_s(pids)
    return found


@pytest.mark.parametrize("name, status", [("SIGINT", 130), ("SIGTERM", 143), ("SIGKILL", -9)])
def test_a_run_that_is_ended_takes_all_its_processes_along(ended, name, status):
    assert ended[name] == (status, "interrupted\n" if name == "SIGINT" else "", [])
