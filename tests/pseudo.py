"""A pseudo-locale: the house's English accented and bracketed, so that text from anywhere else stands out of a page."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, Declaration, Doctype, Script, Stylesheet

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀćđéƒĝĥíĵķĺḿńóṕɋŕśťúṽŵẋýźÁƁĆĐÉƑĜĤÍĴĶĹḾŃÓṔɊŔŚŤÚṼŴẊÝŹ"
OPEN, CLOSE = "⟦⟧"
SPOKEN = ("title", "alt", "aria-label", "aria-description", "placeholder", "summary")  # attributes that are read out
UNSEEN = (Comment, Declaration, Doctype, Script, Stylesheet)


def pseudo(texts: dict[str, str]) -> dict[str, str]:
    """Every text accented and in brackets, its facts untouched; forms of numbers only where they hold letters."""
    return {key: _pseudo(key, text) for key, text in texts.items()}


def _pseudo(key: str, text: str) -> str:
    parts = re.split(r"(\{[^}]*\})", text)
    parts[::2] = [part.translate(str.maketrans(PLAIN, ACCENTED)) for part in parts[::2]]
    if key.startswith(("number.", "quantity.")) and parts[::2] == re.split(r"\{[^}]*\}", text):
        return text
    return f"{OPEN}{''.join(parts)}{CLOSE}"


def texts(html: str) -> Iterator[str]:
    """Every text that a reader sees or hears, but for what the page marks as not to be translated."""
    page = BeautifulSoup(html, "html.parser")
    for string in page.find_all(string=True):
        if string.strip() and not isinstance(string, UNSEEN) and not _is_foreign(string.parent):
            yield " ".join(string.split())
    for tag in page.find_all(True):
        yield from (tag[name] for name in SPOKEN if tag.get(name) and not _is_foreign(tag))


def _is_foreign(tag: Tag) -> bool:
    return any(each.get("translate") == "no" for each in (tag, *tag.parents))


def strangers(text: str, facts: set[str]) -> list[str]:
    """What no catalogue has said: letters without an accent, and anything but numbers outside all brackets.

    `facts` come from outside and may stand within a sentence.
    """
    depth = _depths(text)
    told = [False] * len(text)
    for fact in facts:
        for found in re.finditer(re.escape(fact), text):
            if depth[found.start()]:
                told[found.start() : found.end()] = [True] * len(fact)
    alien = [
        not known and (char in PLAIN or not (within or re.match(r"[\d\s.,−–$%⟧]", char)))
        for char, known, within in zip(text, told, depth, strict=True)
    ]
    return ["".join(run) for run in _runs(text, alien)]


def _depths(text: str) -> list[int]:
    """How many brackets are open at each character."""
    depth, depths = 0, []
    for char in text:
        depth += (char == OPEN) - (char == CLOSE)
        depths.append(depth)
    return depths


def _runs(text: str, marked: list[bool]) -> list[list[str]]:
    found: list[list[str]] = []
    for i, (char, mark) in enumerate(zip(text, marked, strict=True)):
        if mark and i and marked[i - 1]:
            found[-1].append(char)
        elif mark:
            found.append([char])
    return found
