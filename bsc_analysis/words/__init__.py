"""Everything the reports say, as a catalogue: `say(key, **facts)`. Code holds facts, this holds language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

from bsc_analysis.words.definitions import definitions, is_foreign, of
from bsc_analysis.words.language import LANGUAGE, catalogue, form, has
from bsc_analysis.words.numbers import count, day, interval, month, number, period, period_in_full, quantity, span


def say(key: str, **facts: Any) -> str:
    """The sentence under `key` with its facts put in; `key.one` is taken where the fact `n` is 1 and it exists.

    Raises KeyError for an unknown key or a missing fact: a report never carries a hole.
    """
    chosen = f"{key}.one" if facts.get("n") == 1 and has(f"{key}.one") else key
    return form(chosen, **{name: count(fact) if isinstance(fact, int) else fact for name, fact in facts.items()})


def listed(words: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    *rest, last = list(words)
    return say("list.join", rest=commas(rest), last=last) if rest else last


def commas(words: Iterable[str]) -> str:
    """'a, b, c'."""
    return reduce(lambda rest, last: say("list.comma", rest=rest, last=last), words)


def beside(facts: Iterable[str]) -> str:
    """'a · b · c', leaving out what is empty; '' where all are."""
    told = [fact for fact in facts if fact]
    return reduce(lambda rest, last: say("list.beside", rest=rest, last=last), told) if told else ""


__all__ = [
    "LANGUAGE",
    "beside",
    "catalogue",
    "commas",
    "count",
    "day",
    "definitions",
    "interval",
    "is_foreign",
    "listed",
    "month",
    "number",
    "of",
    "period",
    "period_in_full",
    "quantity",
    "say",
    "span",
]
