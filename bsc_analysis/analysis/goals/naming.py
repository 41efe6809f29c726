"""Which KPIs a text names, by their titles, short forms, aliases, ids and initials."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bsc_analysis.kpis.kpi import KPI

FILLING = {"a", "an", "the", "of", "our", "their", "its", "in", "on", "for", "to", "per", "and", "or", "be", "by", "at",
           "from", "with", "is", "within", "that"}  # fmt: skip
MEASURE = {"rate", "ratio", "share", "percentage", "percent", "number", "average", "median", "mean"}  # may go unsaid
BETWEEN = 2  # words that may stand between those of a name


@dataclass(frozen=True)
class Named:
    """KPIs that a text names, and the text without their names."""

    kpis: tuple[str, ...]
    rest: str


def named_in(text: str, kpis: Mapping[str, KPI]) -> Named:
    """The KPIs named in `text`; a name within a longer one that is there too counts as the longer one alone.

    Several KPIs of one and the same name are all given: who knows the unit can tell them apart.
    """
    words = [(m.start(), m.end(), _stem(m.group())) for m in re.finditer(r"[^\W_]+", _evened(text))]
    found: dict[frozenset[int], set[str]] = {}
    for id, kpi in kpis.items():
        for name in names_of(kpi):
            for places in _places(name, words):
                found.setdefault(places, set()).add(id)
    whole = {places: ids for places, ids in found.items() if not any(places < other for other in found)}
    taken = {i for places in whole for i in places}
    rest = list(_evened(text))
    for i in taken:
        rest[words[i][0] : words[i][1]] = " " * (words[i][1] - words[i][0])
    return Named(tuple(dict.fromkeys(id for ids in whole.values() for id in sorted(ids))), "".join(rest))


def names_of(kpi: KPI) -> set[frozenset[str]]:
    """The KPI's names, each as the words that must be there, in any order."""
    told = [kpi.title, kpi.short, kpi.id.replace("_", " "), *kpi.aliases]
    names = {_words(each) for each in told} | {_words(each) - MEASURE for each in told}
    initials = "".join(word[0] for word in re.findall(r"[^\W_]+", kpi.title)).lower()
    if len(initials) > 2 and initials.isalpha():  # NPS of a net promoter score
        names.add(frozenset([initials]))
    return {name for name in names if name}


def nearest(text: str, kpis: Iterable[KPI]) -> str:
    """The title of a KPI that the text nearly names, or shares a word of some weight with; '' where there is none."""
    words = _words(text)
    titles = {kpi.title: frozenset().union(*names_of(kpi)) for kpi in kpis}
    weighty = [word for word in words if len(word) > 4]
    near = [title for title, of in titles.items() if any(difflib.get_close_matches(w, of, 1, 0.85) for w in weighty)]
    return near[0] if len(near) == 1 else ""


def _places(name: frozenset[str], words: list[tuple[int, int, str]]) -> list[frozenset[int]]:
    """Where the words of the name stand close together, as places of words."""
    length, found = len(name) + BETWEEN, []
    for first in range(len(words)):
        if words[first][2] not in name:
            continue
        places: dict[str, int] = {}
        for i in range(first, len(words)):
            if words[i][2] in name:
                places.setdefault(words[i][2], i)
            if i - first - sum(w in FILLING for _, _, w in words[first:i]) >= length:
                break
        if len(places) == len(name):
            found.append(frozenset(places.values()))
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in re.findall(r"[^\W_]+", _evened(text))) - FILLING


def _evened(text: str) -> str:
    """Small letters without possessives, A/R as one word; as long as the text."""
    even = text.lower().replace("’", "'").replace("a/r", "ar ")
    return re.sub(r"'s\b|s'", lambda m: " " * len(m.group()), even)


def _stem(word: str) -> str:
    """The word in the singular, roughly."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
