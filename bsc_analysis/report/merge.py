"""Many section notebooks become one: the first `parameters` and set-up cells, then every section's own cells."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

import nbformat
from nbformat import NotebookNode

from bsc_analysis.errors import Fault, ParamsError
from bsc_analysis.report.sections import PER_PERSPECTIVE, REPORT

PARAMETERS, SETUP, CHOICE = "parameters", "setup", "perspective"  # cell tags
NAMES = ("group", "practice", "period")  # the only parameters a notebook is given
LONGEST_ID = 64  # nbformat 4.5


def merge(
    sections: Sequence[tuple[str, NotebookNode]], perspectives: Sequence[str], page: str = REPORT
) -> NotebookNode:
    """One notebook whose cells carry the section they come from (`metadata.bsc.section`) and unique stable ids.

    `page`: the folder under notebooks/ that the sections are from.
    Raises ParamsError where a section lacks the parameters or set-up cell or stands twice, before any kernel starts.
    """
    faults = [f for name, notebook in sections for f in _faults(f"notebooks/{page}/{name}.ipynb", name, notebook)]
    if faults:
        raise ParamsError(faults)
    first_name, first = sections[0]
    cells = [_placed(_tagged(first, tag), first_name, tag) for tag in (PARAMETERS, SETUP)]
    for name, notebook in sections:
        for perspective in perspectives if name == PER_PERSPECTIVE else [None]:
            where = f"{name}-{perspective}" if perspective else name
            cells += [_own(cell, where, perspective) for cell in notebook.cells if not _shared(cell)]
    if twins := sorted(id for id, count in Counter(cell.id for cell in cells).items() if count > 1):
        raise ParamsError([Fault("sections", id, "would name two cells; a section stands once") for id in twins])
    merged = nbformat.v4.new_notebook(cells=cells, metadata=_metadata())
    nbformat.validate(merged)
    return merged


def _faults(shown: str, name: str, notebook: NotebookNode) -> list[Fault]:
    tags = (PARAMETERS, SETUP, CHOICE) if name == PER_PERSPECTIVE else (PARAMETERS, SETUP)
    return [
        Fault(shown, f"cell tagged {tag}", f"stands {count} times; a section has it once")
        for tag in tags
        if (count := sum(tag in _tags(cell) for cell in notebook.cells)) != 1
    ]


def _own(cell: NotebookNode, where: str, perspective: str | None) -> NotebookNode:
    placed = _placed(cell, where, cell.id)
    if perspective and CHOICE in _tags(cell):
        placed.source = f'{CHOICE} = "{perspective}"\n{placed.source}'
    return placed


def _placed(cell: NotebookNode, where: str, name: str) -> NotebookNode:
    placed = nbformat.from_dict(dict(cell))
    placed.id = _id(where, name)
    placed.metadata = nbformat.from_dict({"tags": _tags(cell), "bsc": {"section": where, "cell": name}})
    if placed.cell_type == "code":
        placed.outputs, placed.execution_count = [], None
    return placed


def _id(where: str, name: str) -> str:
    """`<where>-<name>` in the letters and the length that a cell's id may have; a hash tells long ones apart."""
    id = re.sub(r"[^A-Za-z0-9_-]", "-", f"{where}-{name}")
    return id if len(id) <= LONGEST_ID else f"{id[: LONGEST_ID - 9]}-{hashlib.sha256(id.encode()).hexdigest()[:8]}"


def _tagged(notebook: NotebookNode, tag: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if tag in _tags(cell))


def _shared(cell: NotebookNode) -> bool:
    return bool({PARAMETERS, SETUP} & set(_tags(cell)))


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _metadata() -> NotebookNode:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.from_dict({"kernelspec": kernel, "language_info": {"name": "python"}})
