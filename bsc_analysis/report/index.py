"""The group's index: its practices, their reports, and what failed and why. No number of any practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bsc_analysis.params import Group, Practice
from bsc_analysis.report.parts import stylesheet, templates
from bsc_analysis.words import period as name
from bsc_analysis.words import say


def index_page(group: Group, period: str, rows: Sequence[tuple[Practice, Any, str]]) -> str:
    """HTML; each row is the practice, its outcome in this run (or None) and 'draft', 'final' or '' (no report)."""
    shown = []
    for practice, outcome, there in rows:
        failed = outcome is not None and outcome.state == "failed"
        key = ("kept" if there else "failed") if failed else there
        place = " · ".join(x for x in (outcome.section, outcome.cell) if x) if failed else ""
        reason = ": ".join(x for x in (place, outcome.reason) if x) if failed else ""
        shown.append(
            {
                "title": practice.title,
                "href": f"{practice.id}/report.html" if there else None,
                "status": say(f"index.{key}"),
                "reason": reason,
            }
        )
    done = sum(row["href"] is not None for row in shown)
    template = templates().get_template("index.html.j2")
    return template.render(
        title=say("index.title", group=group.shared.title, period=name(group.calendar.parse(period))),
        made=say("index.made", done=done, n=len(shown)),
        invented=group.shared.invented,
        rows=shown,
        style=stylesheet(),
    )
