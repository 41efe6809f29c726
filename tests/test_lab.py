"""`make lab` starts JupyterLab on this machine only, with a token, and opens what a newcomer wants."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import pytest
from workspaces import ROOT, surroundings

FIRST = "notebooks/explore/derive_a_kpi.ipynb"
COMMAND = ["make", "--silent", "-o", ".venv/.installed", "-o", "data/demo", "lab"]  # what is set up stays as it is


pytestmark = pytest.mark.skipif(not (ROOT / ".venv").exists(), reason="needs .venv, where make looks (make test)")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """What the server that `make lab` starts says of itself: url, token, root_dir."""
    folder = tmp_path_factory.mktemp("jupyter")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    homes = {f"JUPYTER_{kind}_DIR": str(folder / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    with (folder / "log").open("w") as log:
        command = [*COMMAND, f"ARGS=--no-browser --allow-root --port={port}"]
        server = subprocess.Popen(
            command, cwd=ROOT, env=surroundings(homes), stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield json.loads(announced(folder / "RUNTIME", server, folder / "log"))
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def announced(folder: Path, server: subprocess.Popen, log: Path) -> str:
    """The file in which a server says where it listens, once it is there."""
    for _ in range(1200):
        for path in folder.glob("jpserver-*.json"):
            if text := path.read_text():
                return text
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"no server: {log.read_text()}")


def fetch(lab, path, token=True):
    headers = {"Authorization": f"token {lab['token']}"} if token else {}
    with urllib.request.urlopen(urllib.request.Request(urljoin(lab["url"], path), headers=headers)) as answer:
        return answer.geturl(), answer.read()


def test_it_lists_the_notebooks_to_whoever_has_the_token_and_to_nobody_else(lab):
    _, listed = fetch(lab, "api/contents/notebooks")
    assert {"explore", "report"} <= {each["name"] for each in json.loads(listed)["content"]}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        fetch(lab, "api/contents/notebooks", token=False)


def test_it_listens_on_this_machine_only(lab):
    assert lab["hostname"] == "127.0.0.1" and lab["token"] and Path(lab["root_dir"]) == ROOT


def test_it_opens_the_first_notebook_to_explore(lab):
    assert (ROOT / FIRST).is_file()
    opened, page = fetch(lab, "")
    assert opened == urljoin(lab["url"], f"lab/tree/{FIRST}") and b"JupyterLab" in page
