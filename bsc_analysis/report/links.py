"""The section of the links: what the data say of each, all of them in one picture, and how often chance would."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan

import pandas as pd

from bsc_analysis.charts import Chart, forest
from bsc_analysis.disclosure import Disclosed, Verdict
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.params.models import Link
from bsc_analysis.report import described
from bsc_analysis.report.chained import chained
from bsc_analysis.report.linked import Linked
from bsc_analysis.report.meaning import ALPHA
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import count, day, listed, number, of, say

ORDER = ("supported", "contradicted", "forecasts", "moves_together", "not_supported", "cannot_tell")
SIDES, OWN_SIDES = ("estimate", "lower", "upper"), ("own", "own_lower", "own_upper")


def links(seen: Disclosed) -> Part:
    """The declared links: those tested with their evidence, the surest first, and those that are not tested yet."""
    rows = sorted((Linked(seen, t, i) for i, t in enumerate(seen.links)), key=lambda r: ORDER.index(r.verdict.answer))
    summary = in_short(rows) if rows else ""
    waiting = [_waiting(seen, link) for link in untested(seen)]
    text = "\n".join([*(f"{r.title}: {r.word}" for r in rows), *(f"{w['link']}: {w['answer']}" for w in waiting)])
    return part(
        "links",
        text=text,
        summary=summary,
        picture=picture(rows, summary),
        some_without_least=any(r.verdict.tested and not r.verdict.least for r in rows),
        rows=rows,
        chained=chained(seen),
        chance=by_chance(rows, len(seen.practice.ended_links)),
        waiting=waiting,
    )


def untested(seen: Disclosed) -> list[Link]:
    """The links of the practice that no test has looked at."""
    tested = {(t.link.leading, t.link.lagging) for t in seen.links}
    return [link for link in seen.practice.links if (link.leading, link.lagging) not in tested]


def in_short(rows: Sequence[Linked]) -> str:
    """'2 of 5 links that leaders believe in are supported by the data; 1 can't be told yet.'"""
    if len(rows) == 1:
        return say("links.only", answer=rows[0].word)
    found = {answer: sum(r.verdict.answer == answer for r in rows) for answer in ORDER}
    rest = [say(f"links.so_many.{a}", n=n, unit=rows[0].facts["one"]) for a, n in found.items() if n and a != ORDER[0]]
    first = say("links.supported" if found[ORDER[0]] else "links.none_supported", n=found[ORDER[0]], of=len(rows))
    return say("links.summary", first=first, rest=listed(rest)) if rest else say("links.summary_whole", first=first)


def by_chance(rows: Sequence[Linked], ended: int) -> list[str]:
    """How many tests were made, with those of links that have `ended`, what chance alone would find, and what it did
    find among made-up pairs."""
    n, edits = sum(r.verdict.tested for r in rows), sum(r.tested.edits for r in rows if r.verdict.tested)
    if not n:
        return []
    asked = sum(described.asked(r) for r in rows)
    counts = {"links": n, "edits": edits, "ended": ended, "shapes": asked}
    made = listed(say(f"chance.{what}", n=many) for what, many in counts.items() if many)
    expected = number(ALPHA * sum(counts.values()), 1)
    lines = [say("chance.expected", made=made, expected=expected, level=count(100 * ALPHA))]
    rates = [r.verdict.placebo_rate for r in rows if r.verdict.placebo_rate is not None]
    if rates:
        rate = count(100 * sum(rates) / len(rates))
        lines.append(say("chance.placebo", rate=rate, level=count(100 * ALPHA)))
    return lines


def picture(rows: Sequence[Linked], summary: str) -> Chart | None:
    """The forest; None where nothing was tested."""
    drawn = [in_forest(row) for row in rows]
    if not any(row.verdict.tested for row in rows):
        return None
    told = listed(say("forest.row", title=row.title, answer=row.word) for row in rows)
    words = {key: say(f"forest.{key}") for key in ("otherwise", "expected", "small", "all", "own")}
    return forest(pd.DataFrame(drawn), name="forest", alt=say("forest.alt", summary=summary, told=told), words=words)


def in_forest(row: Linked) -> dict[str, object]:
    """One row of the forest, in units of the smallest effect that matters and to the right as expected.

    Where none is declared, the unit is the smallest effect that the test could have seen, and a mark says so.
    """
    v = row.verdict
    unit = v.least or abs(v.smallest_effect)
    sign = 1 if row.tested.link.expect == "positive" else -1
    label = "forest.leading" if v.least or not v.tested else "forest.leading_without_least"
    group, own = (_placed(told, unit, sign) for told in (row.tested.group, row.tested.own))
    return {
        "leading": say(label, leading=of(row.leading)),
        "lagging": of(row.lagging),
        "answer": v.answer,
        "word": row.chip,
        "note": say("forest.nothing"),
        **dict(zip(SIDES, group, strict=True)),
        **dict(zip(OWN_SIDES, own, strict=True)),
    }


def _placed(v: Verdict, unit: float, sign: int) -> tuple[float, float, float]:
    if not v.tested or not (isfinite(unit) and unit):
        return (nan, nan, nan)
    low, high = sorted(sign * bound / unit for bound in v.interval)
    return (sign * v.effect / unit, low, high)


def _waiting(seen: Disclosed, link: Link) -> dict[str, str]:
    unit = say(f"unit.{seen.group.shared.grain}")
    leading, lagging = (of(kpi_named(id)) for id in (link.leading, link.lagging))
    return {
        "link": say("links.arrow", leading=leading, lagging=lagging),
        "expect": say(f"links.{link.expect}", within=link.within, unit=unit),
        "because": link.because,
        "declared": day(pd.Timestamp(link.declared)),
        "answer": say("links.untested"),
    }
