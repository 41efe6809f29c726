"""A tiny workspace for tests: three practices, fourteen months, four KPIs; its reports take seconds.

What is awkward stands in it on purpose: markup and an accent in titles, an id that YAML would read as a number.
"""

import ast
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import yaml

from bsc_analysis.params import load_group
from bsc_analysis.readings import readings
from bsc_analysis.report.parts import IDENTITY
from bsc_analysis.store import open_store

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "notebooks" / "report"
GROUP, PERIOD = "tiny", "2026Q3"
MONTHS = pd.period_range("2025-08", "2026-09", freq="M")
PRACTICES = {
    "alder": "Alder & Sons <b>Clinic</b>",
    "birch": "Clínica Birch",
    "0123": "Cedar Nº 0123",
}
FILES = ["manifest.json", "readings.csv", "report.html", "run.ipynb"]

GROUP_FILE = {
    "group": GROUP,
    "title": "Tiny <i>Clinics</i>",
    "audience": "leadership",
    "grain": "month",
    "report": "quarter",
    "feeds": {
        "appointments": {
            "kind": "table_file",
            "table": "visits",
            "path": "{practice}/visits.csv",
            "required": True,
            "columns": {
                "visit_id": "Id",
                "patient_id": "Patient",
                "new_patient": "New",
                "appointment_at": "At",
                "arrived_at": "Arrived",
                "roomed_at": "Roomed",
                "status": "Status",
            },
        },
        "survey": {
            "kind": "table_file",
            "table": "survey_answers",
            "path": "{practice}/survey.csv",
            "columns": {
                "survey": "Survey",
                "respondent_id": "Who",
                "question": "Question",
                "answered_at": "On",
                "answer": "Answer",
            },
        },
    },
    "kpis": {
        "provider_rating": {"target": {"value": 80, "source": "set by the group"}},
        "new_patient_share": None,
        "wait_median": {"owner": "front desk", "target": {"value": 15, "source": "set by the group"}},
        "no_show_rate": None,
    },
    "links": [
        {
            "leading": "wait_median",
            "lagging": "provider_rating",
            "within": 3,
            "expect": "negative",
            "because": "Who waits longer than <5 minutes & more rates lower.",
            "declared": "2026-01-04",
        }
    ],
    "breaks": [{"kpis": ["wait_median"], "at": "2026-02", "because": "a second <desk>"}],
}


def make_workspace(folder: Path) -> Path:
    """params/, notebooks/ and data/ of the group, the same bytes wherever `folder` is."""
    shutil.copytree(HOUSE, folder / "notebooks" / "report")
    (folder / "params" / GROUP).mkdir(parents=True)
    write_yaml(folder / "params" / GROUP / "group.yaml", GROUP_FILE)
    for id, title in PRACTICES.items():
        add_practice(folder, id, title)
    return folder


def add_practice(folder: Path, id: str, title: str, months: pd.PeriodIndex = MONTHS, **params: object) -> None:
    """A practice's params and its exports of these months."""
    own = {"group": GROUP, "practice": id, "title": title, "specialty": "family medicine", **params}
    write_yaml(practice_file(folder, id), own)
    place = folder / "data" / GROUP / id
    place.mkdir(parents=True)
    rng = np.random.default_rng(list(id.encode()))
    visits(rng, months).to_csv(place / "visits.csv", index=False)
    answers(rng, months).to_csv(place / "survey.csv", index=False)


def practice_file(folder: Path, id: str) -> Path:
    return folder / "params" / GROUP / f"{id}.yaml"


def write_yaml(path: Path, facts: dict) -> None:
    path.write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=False), encoding="utf-8")


def visits(rng: np.random.Generator, months: pd.PeriodIndex = MONTHS, a_month: int = 45) -> pd.DataFrame:
    """A practice's bookings: the wait is longer in the first half."""
    month = np.repeat(months, a_month)
    n = len(month)
    at = month.to_timestamp() + pd.to_timedelta(np.tile(np.linspace(0, 29 * 24 * 60, a_month), len(months)), "min")
    at = pd.DatetimeIndex(at).floor("min")
    status = rng.choice(["kept", "no_show", "cancelled"], n, p=[0.85, 0.1, 0.05])
    status[-1] = "kept"
    wait = np.round(rng.gamma(4, np.where(np.arange(n) < n / 2, 5, 3.5))).astype(int)
    kept = status == "kept"
    return pd.DataFrame(
        {
            "Id": [f"{i:05d}" for i in range(n)],
            "Patient": [f"M{i:04d}" for i in rng.integers(0, 900, n)],
            "New": rng.choice(["Y", "N"], n, p=[0.2, 0.8]),
            "At": at.strftime("%Y-%m-%d %H:%M"),
            "Arrived": np.where(kept, at.strftime("%Y-%m-%d %H:%M"), ""),
            "Roomed": np.where(kept, (at + pd.to_timedelta(wait, "min")).strftime("%Y-%m-%d %H:%M"), ""),
            "Status": status,
        }
    )


def answers(rng: np.random.Generator, months: pd.PeriodIndex = MONTHS, a_month: int = 15) -> pd.DataFrame:
    """A practice's patient survey."""
    month = np.repeat(months, a_month)
    n = len(month)
    return pd.DataFrame(
        {
            "Survey": "patient",
            "Who": [f"R{i:04d}" for i in range(n)],
            "Question": "provider_rating",
            "On": [
                f"{m}-{day:02d}" for m, day in zip(month, np.tile(range(14, 14 + a_month), len(months)), strict=True)
            ],
            "Answer": rng.choice([7, 8, 9, 10], n),
        }
    )


def shows(practice: str) -> str:
    """A cell that tells whose report it belongs to, as run.masthead() does."""
    told = f"{{'group': group, 'practice': {practice}, 'period': period}}"
    return f"display({{'{IDENTITY}': {told}}}, raw=True)"


def section(*own: str, parameters: str = "group = practice = period = None", setup: str = shows("practice")) -> dict:
    """A section's notebook with the cells `own`, called own-1, own-2 …; its set-up tells the practice and no more."""
    cells = [
        nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(setup, id="setup", metadata={"tags": ["setup"]}),
        *(nbformat.v4.new_code_cell(source, id=f"own-{i}") for i, source in enumerate(own, start=1)),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def write_section(folder: Path, name: str, notebook: dict) -> None:
    nbformat.write(notebook, folder / "notebooks" / "report" / f"{name}.ipynb")


def run_here(notebook: nbformat.NotebookNode, **parameters: object) -> dict:
    """The names that the notebook's cells leave behind, run one after the other in this process: no kernel to wait for.

    `parameters` follow the cell of that tag, as papermill injects them; what a cell shows becomes its output.
    """
    names: dict = {}
    for number, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        *body, last = ast.parse(cell.source).body
        exec(compile(ast.Module(body, []), cell.id, "exec"), names)
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), cell.id, "eval"), names)
            bundle = shown._repr_mimebundle_() if hasattr(shown, "_repr_mimebundle_") else {}
            cell.outputs = [nbformat.v4.new_output("display_data", bundle)]
        else:
            exec(compile(ast.Module([last], []), cell.id, "exec"), names)
        cell.execution_count = number
        if "parameters" in cell.metadata.get("tags", []):
            names |= parameters
    return names


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


def bsc(workspace: Path, *args: str, env: dict[str, str] | None = None) -> Ended:
    """`python -m bsc_analysis …` in a workspace, as a person or a scheduler calls it."""
    done = subprocess.run(
        command(*args), cwd=workspace, env=surroundings(env), capture_output=True, encoding="utf-8", timeout=180
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "bsc_analysis", *args]


def surroundings(more: dict[str, str] | None = None) -> dict[str, str]:
    """The environment without what would point at another workspace, or slow the start."""
    unwanted = ("PYTHONDONTWRITEBYTECODE", "BSC_WORKSPACE", "BSC_DATA")
    return {name: value for name, value in os.environ.items() if name not in unwanted} | (more or {})


def survivors(pids: list[int], seconds: float = 10) -> list[int]:
    """Those of the processes that still run after so long; a zombie does not."""
    end = time.monotonic() + seconds
    while (left := [pid for pid in pids if _runs(pid)]) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def _runs(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def report_folder(workspace: Path, practice: str, period: str = PERIOD) -> Path:
    return workspace / "reports" / GROUP / period / practice


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def copy_of(workspace: Path, folder: Path, without: Iterable[str] = ("store", "reports")) -> Path:
    """The workspace under another path; by default as it was before its first run."""
    return Path(shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns(*without)))


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Ended]) -> tuple[Path, Ended]:
    """(folder, how `make(folder)` ended): made by the first worker of pytest-xdist that asks, then only read."""
    root = factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    ending = root / f"{name}.json"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ending.exists():
            ended = make(root / name)
            ending.write_text(json.dumps(vars(ended)))
    return root / name, Ended(**json.loads(ending.read_text()))


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """A workspace after a run of its three practices, and how that ended. Only to be read."""
    return made_once(tmp_path_factory, "good", lambda folder: bsc(make_workspace(folder), "run", GROUP, "--jobs", "2"))


@pytest.fixture(scope="session")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the shipped notebooks and params and the demo group's exports. Only to be read."""

    def make(folder: Path) -> Ended:
        for name in ("notebooks", "params"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        ended = bsc(folder, "demo")
        group = load_group("demo", folder, folder / "data")
        readings(group, open_store(group))  # so that the tests find a store and need not each make one
        return ended

    return made_once(tmp_path_factory, "clinics", make)[0]
