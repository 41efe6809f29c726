"""One practice, from its sections to its published folder, in a process of its own."""

from __future__ import annotations

import os
import platform
import subprocess
import traceback
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import nbformat

from bsc_analysis import __version__
from bsc_analysis.disclosure import Disclosed, disclose
from bsc_analysis.engine.execute import execute
from bsc_analysis.errors import PracticeFailed, UserError
from bsc_analysis.params import load_group
from bsc_analysis.report.merge import merge
from bsc_analysis.report.publish import publish
from bsc_analysis.report.render import render
from bsc_analysis.report.sections import read_sections
from bsc_analysis.words import say

LIBRARIES = ("duckdb", "matplotlib", "narwhals", "nbconvert", "pandas", "papermill", "pyarrow", "statsmodels")


@dataclass(frozen=True)
class Job:
    """What a worker is told: plain text, so that it can be sent to another process."""

    workspace: str
    data: str
    group: str
    practice: str
    period: str


@dataclass(frozen=True)
class Outcome:
    """How it ended: 'published' or 'failed' with section, cell and reason; `status` as an exit status would say."""

    practice: str
    title: str
    state: str
    reason: str = ""
    section: str = ""
    cell: str = ""
    status: int = 0


def make_report(job: Job) -> Outcome:
    """Make and publish one practice's report; a fault of its own becomes its outcome and stops nobody else."""
    title = job.practice
    try:
        os.environ["BSC_WORKSPACE"], os.environ["BSC_DATA"] = job.workspace, job.data
        group = load_group(job.group, Path(job.workspace), Path(job.data))
        seen = disclose(group, job.practice, job.period)
        title = seen.practice.title
        refuse_required(seen)
        _publish(job, seen)
        return Outcome(job.practice, title, "published")
    except PracticeFailed as error:
        return Outcome(job.practice, title, "failed", error.reason, error.section, error.cell, error.exit_status)
    except UserError as error:
        return Outcome(job.practice, title, "failed", str(error), status=error.exit_status)
    except Exception as error:
        traceback.print_exc()  # a bug is for its maker to read
        return Outcome(job.practice, title, "failed", f"a bug: {type(error).__name__}: {error}", status=1)


def refuse_required(seen: Disclosed) -> None:
    """Raise PracticeFailed where a feed that the params call required was refused."""
    bad = seen.troubles[seen.troubles["required"].astype(bool)]
    if len(bad):
        raise PracticeFailed(f"required feed {bad['feed'].iloc[0]}: {bad['message'].iloc[0]}", section="feeds")


def _publish(job: Job, seen: Disclosed) -> None:
    workspace = Path(job.workspace)
    merged = merge(read_sections(workspace, seen.practice.sections), [p.id for p in seen.perspectives])
    done = execute(merged, {"group": job.group, "practice": job.practice, "period": job.period})
    title = say("page.title", practice=seen.practice.title, period=job.period)
    files = {
        "report.html": render(done, title),
        "run.ipynb": nbformat.writes(done) + "\n",
        "readings.csv": seen.readings.to_csv(index=False, lineterminator="\n"),
    }
    publish(workspace / "reports" / job.group / job.period / job.practice, files, manifest(job, seen))


def manifest(job: Job, seen: Disclosed) -> dict[str, object]:
    """What the report was made of: inputs with hash and rows, how far data reach, code and versions."""
    inputs = seen.accounts.drop(columns="practice").to_dict("records")
    through = {f"{r.feed}": str(r.last)[:10] for r in seen.through.itertuples()}
    return {
        "group": job.group,
        "practice": job.practice,
        "period": job.period,
        "audience": seen.audience,
        "state": "draft",
        "inputs": inputs,
        "data_through": through,
        "code": {"version": __version__, "commit": commit(Path(job.workspace))},
        "versions": {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES},
    }


def commit(workspace: Path) -> str:
    """The workspace's commit, '' outside git."""
    command = ["git", "-C", str(workspace), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
