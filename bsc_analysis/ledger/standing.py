"""Since when a link's answer stands.

Looked at each quarter, about a quarter of the links that do not act are found at least once in three years. A claim is
therefore *new* until the report of a later period finds it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bsc_analysis.analysis.tested import Tested
from bsc_analysis.analysis.whole import PASSED
from bsc_analysis.ledger.entry import Entry
from bsc_analysis.packed import record_of
from bsc_analysis.params.models import Link


def links_of(entry: Entry | None) -> tuple[Tested, ...]:
    """The links that a final published, as they were tested then; none without one, or where it is from before that."""
    told = entry.facts("seen.json").get("links", []) if entry else []
    return tuple(record_of(Tested, facts) for facts in told)


def with_standing(tested: Iterable[Tested], before: Iterable[Tested]) -> tuple[Tested, ...]:
    """`tested` with standing, edits and, where the answer is another one now, what it was.

    `before`: the links of the newest final of an earlier period. A claim is 'new', or 'confirmed' where it stood
    there and the link has not been edited since; a claim that is lost is 'changed'; other answers stand for nothing.
    """
    known = {_pair(each.link): each for each in before}
    return tuple(_standing(each, known.get(_pair(each.link))) for each in tested)


def _standing(now: Tested, then: Tested | None) -> Tested:
    now = replace(now, standing="", before="", edits=len(now.link.edits))
    source, answer = _answer(now)
    told, claimed = _answer(then) if then else ("", "")
    if claimed in PASSED and claimed != answer:
        now = replace(now, before=claimed)
    if answer not in PASSED:
        return replace(now, standing="changed" if now.before else "")
    stood = then is not None and (told, claimed) == (source, answer) and _claim(then.link) == _claim(now.link)
    return replace(now, standing="confirmed" if stood else "new")


def _answer(tested: Tested) -> tuple[str, str]:
    """Whose answer heads the link, and the answer: this practice's own only where the group could not be tested."""
    if tested.group.answer == "cannot_tell" and tested.group.p_forecasts is None:
        return "own", tested.own.answer
    return "group", tested.group.answer


def _pair(link: Link) -> tuple[str, str]:
    return link.leading, link.lagging


def _claim(link: Link) -> tuple[object, ...]:
    """What is asked, and how often it was edited: an edit there and back is two."""
    return _pair(link), link.within, link.expect, link.least, link.by, len(link.edits)
