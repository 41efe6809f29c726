"""Links against what they claimed when a report was last made final: who changes a claim says so, in `edits`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bsc_analysis.errors import Fault
from bsc_analysis.ledger.entry import Entry, newest
from bsc_analysis.params import Group, Practice
from bsc_analysis.params.models import EndedLink, Link

CLAIMS = ("expect", "within", "least", "by")


def edited_since_final(group: Group, practice: Practice | None = None) -> Iterable[Fault]:
    """A fault for each change of a link since the newest final that no edit tells of.

    Asked are the group's links, or a practice's own.
    """
    shared = group.shared.links
    links = practice.links[len(shared) :] if practice else shared
    ended = practice.ended_links[len(group.shared.ended_links) :] if practice else group.shared.ended_links
    final = newest(group, practice.id) if practice else newest(group)
    if final is None:
        return
    file = f"params/{group.id}/{practice.id if practice else 'group'}.yaml"
    facts = final.facts("params.json")
    published, gone = (_of(facts, name, own=practice is not None) for name in ("links", "ended_links"))
    for i, link in enumerate(links):
        yield from _changes(file, f"links[{i}]", link, published, final)
    yield from _gone(file, links, ended, [*published, *gone], final)


def _of(facts: dict[str, Any], name: str, own: bool) -> list[dict[str, Any]]:
    """What a final holds of the group's links, or of those that only its practice declared."""
    shared = facts["group"].get(name, [])
    return [each for each in facts["practice"].get(name, []) if each not in shared] if own else shared


def _changes(file: str, place: str, link: Link, published: list[dict[str, Any]], final: Entry) -> Iterable[Fault]:
    now, said = link.model_dump(), _published(link, published, final)
    old = next((k for k in published if _pair(k) == _pair(said)), None)
    if old is None:
        return
    then = f"when {final.period} was made final"
    for field in CLAIMS:
        if old.get(field) != said[field]:
            since = "now" if now[field] == said[field] else "before the first edit since"
            mend = f"add to edits: {{at: …, was: {{{field}: {_yaml(old.get(field))}}}, because: …}}"
            told = f"{field} was {_yaml(old.get(field))} {then} and is {_yaml(said[field])} {since}"
            yield Fault(file, place, f"{told}; {mend}: each edit counts as a test")
    if old["declared"] != link.declared:
        yield Fault(file, f"{place}.declared", f"was {old['declared']} {then}; put it back: changes belong in edits")
    kept = [_told(edit) for edit in now["edits"]]
    for edit in old.get("edits", []):
        if _told(edit) not in kept:
            message = f"held one of {edit['at']} {then}, which is gone; put it back: each edit counts as a test"
            yield Fault(file, f"{place}.edits", message)


def _published(link: Link, published: list[dict[str, Any]], final: Entry) -> dict[str, Any]:
    """What the link said when the final was made, as far as its edits since then tell."""
    known = [_told(edit) for old in published for edit in old.get("edits", [])]
    said = link.model_dump()
    for edit in reversed(said["edits"]):
        if edit["at"] >= final.on and _told(edit) not in known:
            said = said | edit["was"]
    return said


def _gone(
    file: str, links: Iterable[Link], ended: Iterable[EndedLink], published: list[dict[str, Any]], final: Entry
) -> Iterable[Fault]:
    """A fault for each link that was published, is declared no longer, and not among those that have ended."""
    there = {_pair(_published(link, published, final)) for link in links} | {(e.leading, e.lagging) for e in ended}
    for pair in dict.fromkeys(map(_pair, published)):
        if pair not in there:
            told = f"no longer hold {pair[0]} → {pair[1]}, declared when {final.period} was made final"
            mend = f"{{leading: {pair[0]}, lagging: {pair[1]}, ended: …, because: …}}"
            yield Fault(file, "links", f"{told}; add to ended_links: {mend}: it goes on counting as a test")


def _pair(told: dict[str, Any]) -> tuple[str, str]:
    return told["leading"], told["lagging"]


def _told(edit: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """An edit but for its reason, which may be worded anew."""
    return edit["at"], edit["was"]


def _yaml(value: object) -> str:
    return "null" if value is None else str(value)
