"""A merged notebook run once by papermill, and trusted only if every cell ran without a word on stderr."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import papermill
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets import Unicode, default

from bsc_analysis.errors import PracticeFailed
from bsc_analysis.report.merge import NAMES, SETUP
from bsc_analysis.report.parts import IDENTITY

CELL_SECONDS = 120
START_SECONDS = 60


class LocalKernels(AsyncKernelManager):
    """Kernels that talk over files (IPC): no ports to race for, nothing to listen on a network."""

    transport = Unicode("ipc")

    async def _async_pre_start_kernel(self, **settings):
        """A kernel's own log is nobody's: what a cell prints arrives as its output."""
        command, settings = await super()._async_pre_start_kernel(**settings)
        return command, settings | {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    pre_start_kernel = _async_pre_start_kernel

    @default("ip")
    def _socket_path(self) -> str:
        return str(Path(os.environ["JUPYTER_RUNTIME_DIR"]) / "kernel")


def execute(notebook: NotebookNode, parameters: Mapping[str, str], state: str = "draft") -> NotebookNode:
    """The executed notebook, scrubbed of times, paths and papermill's marks.

    Raises PracticeFailed, naming section and cell, where a cell fails, hangs, warns, or the kernel dies, or where
    the notebook speaks of another practice or period than the parameters ask for, or not of a report in `state`.
    """
    unknown = sorted(set(parameters) - set(NAMES))
    if unknown:
        raise PracticeFailed(f"parameters {', '.join(unknown)} are not known; a notebook is given {', '.join(NAMES)}")
    begun = [("", "")]  # section and cell, the last being the one at work
    with _quiet(), tempfile.TemporaryDirectory(prefix="bsc-") as folder, _environment(folder):
        try:
            done = papermill.execute_notebook(
                notebook,
                None,
                parameters=dict(parameters),
                kernel_name="python3",
                progress_bar=False,
                execution_timeout=CELL_SECONDS,
                start_timeout=START_SECONDS,
                kernel_manager_class="bsc_analysis.engine.execute.LocalKernels",
                on_cell_execute=lambda cell, cell_index: begun.append(_place(cell)),
            )
        except PapermillExecutionError as error:
            raise PracticeFailed(f"{error.ename}: {_last_line(error.evalue)}", *begun[-1]) from None
        except CellTimeoutError:
            raise PracticeFailed(f"the cell ran longer than {CELL_SECONDS} s", *begun[-1]) from None
        except DeadKernelError:
            raise PracticeFailed("the kernel died (memory?)", *begun[-1]) from None
        except RuntimeError as error:  # nbclient: the kernel did not start or answer
            raise PracticeFailed(_last_line(str(error))) from None
    _check(done, parameters, state)
    return _scrubbed(done)


def _check(notebook: NotebookNode, parameters: Mapping[str, str], state: str) -> None:
    named = False
    for cell in notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        place = _place(cell)
        if cell.execution_count is None:
            raise PracticeFailed("the cell never ran; the kernel died before it (memory?)", *place)
        for output in cell.outputs:
            if output.output_type == "error":
                raise PracticeFailed(f"{output.ename}: {_last_line(output.evalue)}", *place)
            if output.output_type == "stream" and output.name == "stderr":
                raise PracticeFailed(f"a warning on stderr: {_warning(output.text)}", *place)
            if shown := output.get("data", {}).get(IDENTITY):
                named = True
                if any(shown.get(name) != parameters.get(name) for name in NAMES):
                    told, asked = (_named(names) for names in (shown, parameters))
                    raise PracticeFailed(f"the notebook shows {told}, asked was {asked}", *place)
                if (told := shown.get("state", "draft")) != state:
                    raise PracticeFailed(f"the notebook shows a {told}, asked was a {state}", *place)
    if not named:
        setup = next(cell for cell in notebook.cells if SETUP in cell.metadata.get("tags", []))
        shared = "run" if "practice" in parameters else "portfolio"  # the name that the sections share
        raise PracticeFailed(f"the set-up cell does not end with {shared}.masthead()", *_place(setup))


def _named(names: Mapping[str, str]) -> str:
    """'demo north_clinic 2026Q3'; of a page across practices 'demo 2026Q3'."""
    return " ".join(names[name] for name in NAMES if name in names)


def _scrubbed(notebook: NotebookNode) -> NotebookNode:
    """The same notebook for the same inputs: no times, durations, paths or versions of this machine."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
    return notebook


def _place(cell: NotebookNode) -> tuple[str, str]:
    where = cell.metadata.get("bsc", {})
    return where.get("section", ""), where.get("cell", cell.get("id", ""))


def _last_line(text: str) -> str:
    lines = [line for line in str(text).strip().splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else ""


def _warning(text: str) -> str:
    """What a cell said on stderr; of Python's warnings the message, not the file and the line of code around it."""
    message = re.search(r":\d+: (\w*Warning: .*)", text)
    return _last_line(message[1] if message else text)


@contextlib.contextmanager
def _quiet():
    """papermill's and jupyter's own log lines stay out of ours."""
    names = ("papermill", "traitlets", "jupyter_client", "asyncio")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


@contextlib.contextmanager
def _environment(folder: str):
    """Settings that a kernel inherits: its own short runtime folder, no user's profile, the same bytes each time."""
    settings = {
        "JUPYTER_RUNTIME_DIR": folder,
        "IPYTHONDIR": folder,
        "MPLCONFIGDIR": os.environ.get("MPLCONFIGDIR", ""),
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
        "PYTHONWARNINGS": "default",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update({name: value for name, value in settings.items() if value})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
