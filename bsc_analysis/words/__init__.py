"""Every sentence of the reports, as a catalogue: `say(key, **facts)`. Code holds facts, this holds language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bsc_analysis.words.numbers import count, day, interval, month, number, period, quantity, span

LANGUAGE = "en"


def say(key: str, **facts: Any) -> str:
    """The sentence under `key` with its facts put in; `key.one` is taken where the fact `n` is 1 and it exists.

    Raises KeyError for an unknown key or a missing fact: a report never carries a hole.
    """
    sentences = catalogue()
    chosen = f"{key}.one" if facts.get("n") == 1 and f"{key}.one" in sentences else key
    shown = {name: count(fact) if isinstance(fact, int) else fact for name, fact in facts.items()}
    return sentences[chosen].format(**shown)


def listed(words: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    *rest, last = list(words)
    return say("list.join", rest=", ".join(rest), last=last) if rest else last


@cache
def catalogue() -> dict[str, str]:
    """Key → sentence; nested keys are joined by dots."""
    text = (Path(__file__).parent / f"{LANGUAGE}.yaml").read_text(encoding="utf-8")
    return dict(_flat("", yaml.safe_load(text)))


def _flat(prefix: str, node: Any):
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from _flat(f"{prefix}.{key}" if prefix else str(key), inner)
    else:
        yield prefix, " ".join(str(node).split())


__all__ = ["catalogue", "count", "day", "interval", "listed", "month", "number", "period", "quantity", "say", "span"]
