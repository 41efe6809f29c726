"""The language of the reports: one catalogue of everything that a page says, and the only place that opens it.

Another language is another file beside en.yaml. It may also hold the KPIs' own texts (see definitions.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGE = "en"


@cache
def catalogue() -> dict[str, str]:
    """Key → sentence; nested keys are joined by dots, and what a file breaks over lines stands on one."""
    text = (Path(__file__).parent / f"{LANGUAGE}.yaml").read_text(encoding="utf-8")
    return dict(_flat("", yaml.safe_load(text)))


def form(key: str, **facts: Any) -> str:
    """The entry under `key` with its facts put in as they are.

    Raises KeyError for an unknown key or a missing fact: a report never carries a hole.
    """
    return catalogue()[key].format(**facts)


def has(key: str) -> bool:
    """Whether the catalogue has an entry of this key."""
    return key in catalogue()


def _flat(prefix: str, node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from _flat(f"{prefix}.{key}" if prefix else str(key), inner)
    else:
        yield prefix, re.sub(r"[ \n]+", " ", str(node)).strip(" ")  # a no-break space stays
