"""A part of a report: HTML from a template, with every fact escaped by one rule (Jinja's autoescape)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from bsc_analysis import words

PAGE = Path(__file__).parent / "page"
IDENTITY = "application/vnd.bsc.run+json"  # whose report an executed notebook holds, for the runner to check


@dataclass(frozen=True)
class Part:
    """What a cell shows: `html` in a notebook and on the page, `data` for machines."""

    html: Markup
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": str(self.html), "text/plain": self.text or "report part"}
        if self.data:
            bundle[IDENTITY] = json.loads(json.dumps(dict(self.data)))
        return bundle


@cache
def templates() -> jinja2.Environment:
    """The page's templates: autoescape on for every name, undefined facts are errors."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE / "parts"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {"say": words.say, "count": words.count, "language": words.LANGUAGE}
    return env


@cache
def stylesheet() -> Markup:
    """The style of page and notebook alike."""
    return Markup((PAGE / "style.css").read_text(encoding="utf-8"))


def part(template: str, text: str = "", data: Mapping[str, Any] | None = None, **facts: Any) -> Part:
    """The template filled with `facts`."""
    html = templates().get_template(f"{template}.html.j2").render(**facts)
    return Part(Markup(html), text, data or {})
