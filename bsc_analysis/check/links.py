"""Links as they may be declared: two KPIs of the card, one direction, and every change of what they claim told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from bsc_analysis.analysis.chains import cycles
from bsc_analysis.check.named import is_day, unchosen
from bsc_analysis.errors import Fault
from bsc_analysis.params.models import EndedLink, Link


def link_faults(file: str, links: Sequence[Link], kpis: Iterable[str], shared: Sequence[Link] = ()) -> Iterable[Fault]:
    """Every fault of the links that `file` declares beside those that it shares with its group."""
    known: dict[tuple[str, str], str] = {(link.leading, link.lagging): "group.yaml" for link in shared}
    for i, link in enumerate(links):
        place, pair = f"links[{i}]", (link.leading, link.lagging)
        yield from unchosen(file, f"{place}.leading", [link.leading], kpis)
        yield from unchosen(file, f"{place}.lagging", [link.lagging], kpis)
        if link.leading == link.lagging:
            yield Fault(file, place, f"leads from {link.leading} to itself; name two KPIs")
        elif pair in known:
            yield Fault(file, place, f"declares {_arrow(pair)} again, after {known[pair]}; keep one of them")
        known.setdefault(pair, place)
        yield from _moderator(file, place, link, kpis)
        if not is_day(link.declared):
            yield Fault(file, f"{place}.declared", f"is {link.declared!r}, which no calendar has")
        yield from _edits(file, place, link)
    yield from _circles(file, links, shared)


def ended_faults(file: str, ended: Sequence[EndedLink]) -> Iterable[Fault]:
    """Every fault of the links that `file` tells to have ended; their KPIs may have left the card."""
    for i, link in enumerate(ended):
        if not is_day(link.ended):
            yield Fault(file, f"ended_links[{i}].ended", f"is {link.ended!r}, which no calendar has")


def _moderator(file: str, place: str, link: Link, kpis: Iterable[str]) -> Iterable[Fault]:
    if link.by is None:
        return
    yield from unchosen(file, f"{place}.by", [link.by], kpis)
    if link.by in (link.leading, link.lagging):
        yield Fault(file, f"{place}.by", f"is {link.by}, an end of the link itself; name a third KPI")


def _edits(file: str, place: str, link: Link) -> Iterable[Fault]:
    """Edits that tell of no change, of no day, or of one before the edit above them."""
    for i, (edit, after) in enumerate(zip(link.edits, _said(link)[1:], strict=True)):
        was, spot = edit.was.model_dump(), f"{place}.edits[{i}]"
        if not was:
            yield Fault(file, f"{spot}.was", "names nothing; write what the link said before, as {expect: positive}")
        for field, value in was.items():
            if value == after[field]:
                yield Fault(file, f"{spot}.was.{field}", f"is {value}, as it is after the edit; name what was other")
        before, told = (link.edits[i - 1].at, "the edit above it") if i else (link.declared, "the link was declared")
        if not is_day(edit.at):
            yield Fault(file, f"{spot}.at", f"is {edit.at!r}, which no calendar has")
        elif edit.at < before:
            yield Fault(file, f"{spot}.at", f"is {edit.at}, before {told} ({before}); write the oldest edit first")


def _said(link: Link) -> list[dict[str, Any]]:
    """What the link said before each of its edits, and last what it says now."""
    said = [link.model_dump()]
    for edit in reversed(link.edits):
        said.append(said[-1] | edit.was.model_dump())
    return said[::-1]


def _circles(file: str, links: Sequence[Link], shared: Sequence[Link]) -> Iterable[Fault]:
    """Every circle of links that is not one of the shared links alone."""
    arrows = [(k.leading, k.lagging) for k in (*shared, *links) if k.leading != k.lagging]
    own = {(k.leading, k.lagging) for k in links}
    for circle in cycles(arrows):
        if own & set(pairwise(circle)):
            message = f"lead in a circle: {' → '.join(circle)}; take one of them out, so that there is a first cause"
            yield Fault(file, "links", message)


def _arrow(pair: tuple[str, str]) -> str:
    return " → ".join(pair)
