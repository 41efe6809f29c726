"""Links against what they claimed when a report was last made final: who changes a claim says so, in `edits`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bsc_analysis.errors import Fault
from bsc_analysis.ledger.entry import Entry, newest
from bsc_analysis.params import Group, Practice
from bsc_analysis.params.models import Link

CLAIMS = ("expect", "within", "least", "by")


def edited_since_final(group: Group, practice: Practice | None = None) -> Iterable[Fault]:
    """A fault for each change of a link since the newest final that no edit tells of.

    Asked are the group's links, or a practice's own.
    """
    shared = group.shared.links
    links = practice.links[len(shared) :] if practice else shared
    final = newest(group, practice.id) if practice and links else newest(group) if links else None
    if final is None:
        return
    file = f"params/{group.id}/{practice.id if practice else 'group'}.yaml"
    published = final.facts("params.json")["practice" if practice else "group"].get("links", [])
    for i, link in enumerate(links):
        yield from _changes(file, f"links[{i}]", link, published, final)


def _changes(file: str, place: str, link: Link, published: list[dict[str, Any]], final: Entry) -> Iterable[Fault]:
    known = [_told(edit) for old in published for edit in old.get("edits", [])]
    edits = [edit for edit in link.model_dump()["edits"] if edit["at"] >= final.on and _told(edit) not in known]
    now = said = link.model_dump()
    for edit in reversed(edits):
        said = said | edit["was"]
    pair = (said["leading"], said["lagging"])
    old = next((k for k in published if (k["leading"], k["lagging"]) == pair), None)
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


def _told(edit: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """An edit but for its reason, which may be worded anew."""
    return edit["at"], edit["was"]


def _yaml(value: object) -> str:
    return "null" if value is None else str(value)
