"""The group's index: its practices, their reports, the page across them, and what failed and why. No number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bsc_analysis.params import PORTFOLIO, Group, Practice
from bsc_analysis.report.parts import stylesheet, templates
from bsc_analysis.words import period as name
from bsc_analysis.words import say


def index_page(
    group: Group, period: str, rows: Sequence[tuple[Practice, Any, str]], portfolio: tuple[Any, str] = (None, "")
) -> str:
    """HTML; each row is the practice, its outcome in this run (or None) and 'draft', 'final' or '' (no report).

    `portfolio`: the same two of the page across practices.
    """
    shown = [_row(practice.title, practice.id, outcome, there) for practice, outcome, there in rows]
    across = [_row(say("index.portfolio"), PORTFOLIO, *portfolio)] if any(portfolio) else []
    done = sum(row["href"] is not None for row in shown)
    template = templates().get_template("index.html.j2")
    return template.render(
        title=say("index.title", group=group.shared.title, period=name(group.calendar.parse(period))),
        made=say("index.made", done=done, n=len(shown)),
        invented=group.shared.invented,
        rows=shown,
        across=across,
        style=stylesheet(),
    )


def _row(title: str, folder: str, outcome: Any, there: str) -> dict[str, str | None]:
    """One page: where it lies if there is one, whether it is a draft or final, and why it failed."""
    failed = outcome is not None and outcome.state == "failed"
    key = ("kept" if there else "failed") if failed else there
    place = " · ".join(x for x in (outcome.section, outcome.cell) if x) if failed else ""
    reason = ": ".join(x for x in (place, outcome.reason) if x) if failed else ""
    href = f"{folder}/report.html" if there else None
    return {"title": title, "href": href, "status": say(f"index.{key}"), "reason": reason}
