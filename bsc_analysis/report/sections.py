"""The sections of a report in order, and the notebooks that make them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import nbformat

from bsc_analysis.errors import Fault, ParamsError, UsageError, did_you_mean

REPORT, ACROSS = "report", "portfolio"  # folders of notebooks: a practice's page, the page across practices
SECTIONS = ("summary", "strategy", "goals", "perspective", "links", "restatements", "data_quality", "methods")
PORTFOLIO_SECTIONS = ("links", "goals", "methods")
PER_PERSPECTIVE = "perspective"  # merged once for every perspective of the card
IDS_SINCE = 5  # nbformat 4.5 gave cells their ids


def notebook_path(workspace: Path, section: str, page: str = REPORT) -> Path:
    """The section's notebook, of one of the two pages.

    Raises UsageError where the workspace has none of that name.
    """
    folder = workspace / "notebooks" / page
    known = {p.stem: p for p in folder.glob("*.ipynb")}  # a name, never a path that leads elsewhere
    if section not in known:
        raise UsageError(f"{section!r} is not a section.{did_you_mean(section, known)}  (bsc list sections)")
    return known[section]


def section_names(workspace: Path) -> list[str]:
    """Every section there is a notebook for, the house's own first and in order."""
    found = {p.stem for p in (workspace / "notebooks" / "report").glob("*.ipynb")}
    return [s for s in SECTIONS if s in found] + sorted(found - set(SECTIONS))


def read_sections(workspace: Path, chosen: Sequence[str] | None) -> list[tuple[str, nbformat.NotebookNode]]:
    """(section, notebook) for the chosen sections, or the house's own.

    Raises ParamsError where a file is no notebook, or its cells lack ids of their own.
    """
    return [(name, _read(notebook_path(workspace, name), workspace)) for name in chosen or SECTIONS]


def has_portfolio(workspace: Path) -> bool:
    """Whether the workspace has notebooks for a page across practices."""
    return (workspace / "notebooks" / ACROSS).is_dir()


def read_portfolio(workspace: Path) -> list[tuple[str, nbformat.NotebookNode]]:
    """(section, notebook) of the page across practices, of the sections that the workspace has.

    Raises as `read_sections`, and UsageError where it has not even the first.
    """
    folder = workspace / "notebooks" / ACROSS
    first, *more = PORTFOLIO_SECTIONS
    names = [first, *(name for name in more if (folder / f"{name}.ipynb").is_file())]
    return [(name, _read(notebook_path(workspace, name, ACROSS), workspace)) for name in names]


def _read(path: Path, workspace: Path) -> nbformat.NotebookNode:
    shown = path.relative_to(workspace).as_posix()
    try:
        with warnings.catch_warnings(action="error"):  # nbformat makes up random ids and only warns
            notebook = nbformat.read(path, as_version=4)
    except Warning:
        notebook = None
    except Exception as error:  # nbformat trips over a broken file in many ways
        raise ParamsError([Fault(shown, "", f"is not a notebook that can be read ({type(error).__name__})")]) from None
    if notebook is None or notebook.nbformat_minor < IDS_SINCE:
        raise ParamsError([Fault(shown, "cells", "need an id each, and no two the same; save it in JupyterLab")])
    return notebook
