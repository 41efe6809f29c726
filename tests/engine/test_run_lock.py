"""One run at a time per group, and a lock that dies with its process."""

import os
import signal
import subprocess
import sys

import pytest
from workspaces import GROUP, bsc, make_workspace, names_in

from bsc_analysis.engine.lock import locked
from bsc_analysis.errors import CannotWrite, LockHeld

HOLD = """
import sys, time
from pathlib import Path
from bsc_analysis.engine.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def held(tmp_path):
    """A folder and the process that holds its lock."""
    folder = tmp_path / "reports" / GROUP
    with subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        yield folder, holder
        holder.kill()


def test_a_second_run_ends_at_once_with_4_and_names_the_process_and_starts_nothing(held, tmp_path):
    folder, holder = held
    make_workspace(tmp_path)
    ended = bsc(tmp_path, "run", GROUP)
    assert holder.poll() is None  # it did not wait for the lock
    assert (ended.status, ended.out) == (4, "")
    assert f"another run (process {holder.pid}) writes here" in ended.err
    assert "Traceback" not in ended.err
    assert names_in(folder) == [".lock"]
    assert not (tmp_path / "data" / GROUP / "store").exists()


def test_the_lock_is_free_once_its_holder_was_killed(held):
    folder, holder = held
    with pytest.raises(LockHeld), locked(folder):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with locked(folder):
        assert (folder / ".lock").read_text() == str(os.getpid())


def test_the_lock_is_free_after_the_block_even_where_it_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    with locked(tmp_path):
        pass


def test_groups_do_not_wait_for_each_other(tmp_path):
    with locked(tmp_path / "one"), locked(tmp_path / "other"):
        pass


def test_where_no_folder_can_be_the_run_ends_with_5(tmp_path):
    workspace = make_workspace(tmp_path)
    (workspace / "reports").write_text("a file stands where the reports belong")
    with pytest.raises(CannotWrite), locked(workspace / "reports" / GROUP):
        pass
    ended = bsc(workspace, "run", GROUP)
    assert (ended.status, ended.out) == (5, "")
    assert "reports" in ended.err and "Traceback" not in ended.err
