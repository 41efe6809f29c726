"""The sections of a report in order, and the notebooks that make them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat

from bsc_analysis.errors import UsageError, did_you_mean

SECTIONS = ("summary", "perspective", "links", "data_quality", "methods")
PER_PERSPECTIVE = "perspective"  # merged once for every perspective of the card


def notebook_path(workspace: Path, section: str) -> Path:
    """The section's notebook.

    Raises UsageError where the workspace has none of that name.
    """
    folder = workspace / "notebooks" / "report"
    path = folder / f"{section}.ipynb"
    if not path.is_file():
        known = [p.stem for p in folder.glob("*.ipynb")]
        raise UsageError(f"{section!r} is not a section.{did_you_mean(section, known)}  (bsc list sections)")
    return path


def section_names(workspace: Path) -> list[str]:
    """Every section there is a notebook for, the house's own first and in order."""
    found = {p.stem for p in (workspace / "notebooks" / "report").glob("*.ipynb")}
    return [s for s in SECTIONS if s in found] + sorted(found - set(SECTIONS))


def read_sections(workspace: Path, chosen: Sequence[str] | None) -> list[tuple[str, nbformat.NotebookNode]]:
    """(section, notebook) for the chosen sections, or the house's own."""
    names = list(chosen or SECTIONS)
    return [(name, nbformat.read(notebook_path(workspace, name), as_version=4)) for name in names]
