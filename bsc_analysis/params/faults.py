"""pydantic's errors in our words: the place, what was written there, what is allowed."""

from __future__ import annotations

import re
from typing import Any

from bsc_analysis.errors import Fault, did_you_mean
from bsc_analysis.params.shapes import DELIMITER_FORM, ID_FORM, SPANS_FORM, Model
from bsc_analysis.params.strict_yaml import Document

KINDS = {  # what is of several kinds → those, for a message
    "feeds": "table_file, readings or cms_aco",
    "claims": "share, fall_in_counts or fall_in_means",
}


def fault_of(error: Any, document: Document, model: type[Model]) -> Fault:
    """A pydantic error in our words: place, what was written, what is allowed."""
    place = tuple(p for i, p in enumerate(error["loc"]) if p != "[key]" and not (i == 2 and error["loc"][0] in KINDS))
    written, line = document.written(place)
    if error["loc"][-1] == "[key]":
        written = str(place[-1])
    where = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", ".".join(str(p) for p in place))
    kind, ctx = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        message = f"is not known here.{did_you_mean(str(place[-1]), _keys(model, place[:-1]))}"
    elif kind == "missing":
        message = "is missing"
    elif kind == "string_type":
        message = (
            f"is {written}, which YAML does not read as text; write '{written}' in quotes"
            if written
            else "must be text"
        )
    elif kind == "literal_error":
        allowed = ctx["expected"].replace("'", "")
        message = f"is {written!r}; write {allowed}"
    elif kind == "string_pattern_mismatch":
        message = f"is {written if written is not None else place[-1]!r}; {_form(ctx['pattern'])}"
    elif kind == "union_tag_invalid":
        message = f"has kind {ctx['tag']!r}; write {ctx['expected_tags']}".replace("'", "")
    elif kind == "union_tag_not_found":
        message = f"needs a kind: {KINDS[error['loc'][0]]}"
    else:
        message = f"{error['msg'][0].lower()}{error['msg'][1:]}"
    return Fault(document.shown, f"{where} (line {line})" if line else where, message)


def _form(pattern: str) -> str:
    return {
        ID_FORM: "an id has letters, digits, _ and -, at most 32, and begins with a letter or digit",
        SPANS_FORM: "write hours such as '08:00-17:00' or '08:00-12:00, 13:00-17:00'",
        DELIMITER_FORM: "write one character, such as ';', or \"\\t\" for a tab",
    }.get(
        pattern,
        "write a period such as '2026Q3', '2026-09' or '2026'"
        if "Q[1-4]" in pattern
        else "write a date such as '2026-01-04'"
        if pattern.startswith(r"^\d{4}-")
        else "write small letters, digits and _",
    )


def _keys(model: type[Model], place: tuple[Any, ...]) -> list[str]:
    """The keys allowed at `place`, as far as the models tell."""
    fields: dict[str, Any] = {}
    for candidate in _models(Model) if place else [model]:
        fields |= dict.fromkeys(candidate.model_fields)
    return list(fields)


def _models(base: type[Model]) -> list[type[Model]]:
    return [model for child in base.__subclasses__() for model in (child, *_models(child))]
