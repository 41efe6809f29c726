"""A page's files: its sections merged, run and rendered, and the manifest of what they were made of."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import nbformat

from bsc_analysis import __version__
from bsc_analysis.disclosure import Disclosed, DisclosedGroup
from bsc_analysis.engine.execute import execute
from bsc_analysis.engine.job import Job
from bsc_analysis.report.merge import merge
from bsc_analysis.report.portfolio import Portfolio
from bsc_analysis.report.render import render
from bsc_analysis.report.sections import ACROSS, read_portfolio, read_sections
from bsc_analysis.words import period, say

LIBRARIES = ("duckdb", "matplotlib", "narwhals", "nbconvert", "pandas", "papermill", "pyarrow", "statsmodels")


def pages(job: Job, seen: Disclosed, state: str) -> dict[str, str]:
    """File → text of the report in `state` ('draft' or 'final'). Raises PracticeFailed where a cell fails."""
    merged = merge(read_sections(Path(job.workspace), seen.practice.sections), [p.id for p in seen.perspectives])
    done = execute(merged, {"group": job.group, "practice": job.practice, "period": job.period}, state)
    title = say("page.title", practice=seen.practice.title, period=period(seen.period))
    return {
        "report.html": render(done, title),
        "run.ipynb": nbformat.writes(done) + "\n",
        "readings.csv": seen.readings.to_csv(index=False, lineterminator="\n"),
    }


def portfolio_pages(job: Job, seen: DisclosedGroup) -> dict[str, str]:
    """File → text of the group's portfolio, a draft. Raises PracticeFailed where a cell fails."""
    merged = merge(read_portfolio(Path(job.workspace)), [], ACROSS)
    done = execute(merged, {"group": job.group, "period": job.period})
    title = say("portfolio.title", group=seen.group.shared.title, period=period(seen.period))
    return {
        "report.html": render(done, title, "effects.csv"),
        "run.ipynb": nbformat.writes(done) + "\n",
        "effects.csv": Portfolio(seen).effects.to_csv(index=False, lineterminator="\n"),
    }


def manifest(job: Job, seen: Disclosed) -> dict[str, object]:
    """What the report was made of: inputs with hash and rows, how far data reach, code and versions."""
    accounts = seen.accounts.drop(columns="practice").astype(object)
    inputs = accounts.where(accounts.notna(), None).to_dict("records")
    through = {f"{r.feed}": str(r.last)[:10] for r in seen.through.itertuples()}
    return _made(job, seen.audience) | {"practice": job.practice, "inputs": inputs, "data_through": through}


def portfolio_manifest(job: Job, seen: DisclosedGroup) -> dict[str, object]:
    """What the portfolio was made of: inputs with hash, code and versions."""
    return _made(job, seen.audience) | {"inputs": seen.inputs.to_dict("records")}


def _made(job: Job, audience: str) -> dict[str, object]:
    """What every manifest tells."""
    return {
        "group": job.group,
        "period": job.period,
        "audience": audience,
        "state": "draft",
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
