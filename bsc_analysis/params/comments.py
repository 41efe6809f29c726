"""What the owners of KPIs say of a period, in their own words: params/<group>/comments/<period>.yaml.

A file holds practice → KPI → {by, on, text}. It is read when a report is made and is no part of the store.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import RootModel, StringConstraints, ValidationError

from bsc_analysis.errors import Fault, ParamsError
from bsc_analysis.params import Group
from bsc_analysis.params.faults import fault_of
from bsc_analysis.params.shapes import DateText, Id, Model, Name, Text
from bsc_analysis.params.strict_yaml import Document, TextKeys
from bsc_analysis.periods import FORMS

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Comment(Model):
    """What one person said of one KPI, and when ('2026-07-06')."""

    by: Text
    on: DateText
    text: Words


class CommentsFile(RootModel[dict[Id, dict[Name, Comment]]]):
    """params/<group>/comments/<period>.yaml."""


def comments_of(group: Group, period: str) -> dict[str, dict[str, Comment]]:
    """Practice → KPI → comment on `period`; empty where nobody has written.

    Raises ParamsError with every fault of shape in the file.
    """
    path = _folder(group) / f"{period}.yaml"
    return _read(group, path) if path.exists() else {}


def comment_files(group: Group) -> tuple[dict[str, dict[str, dict[str, Comment]]], list[Fault]]:
    """Every file of comments that can be read, by its name as shown, and the faults of shape in the others."""
    found, faults = {}, []
    for path in sorted(_folder(group).glob("*")):
        shown = path.relative_to(group.workspace).as_posix()
        if path.suffix != ".yaml" or not any(re.fullmatch(form, path.stem) for form in FORMS.values()):
            faults.append(Fault(shown, "name", "is not <period>.yaml, such as 2026Q3.yaml or 2026-09.yaml"))
            continue
        try:
            found[shown] = _read(group, path)
        except ParamsError as error:
            faults += error.faults
    return found, faults


def _folder(group: Group) -> Path:
    return group.workspace / "params" / group.id / "comments"


def _read(group: Group, path: Path) -> dict[str, dict[str, Comment]]:
    document = Document(path, path.relative_to(group.workspace).as_posix(), TextKeys)
    try:
        return CommentsFile.model_validate(document.data, strict=True).root
    except ValidationError as error:
        raise ParamsError(
            [fault_of(e, document, Comment) for e in error.errors(include_url=False)]  # type: ignore[arg-type]
        ) from None
