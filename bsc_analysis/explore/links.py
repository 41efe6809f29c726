"""For people in a notebook: the series that a link is tested on, as the report's own test gets them, and its verdicts
as the report tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from bsc_analysis.analysis.tested import Tested
from bsc_analysis.analysis.verdict import Verdict
from bsc_analysis.charts import Chart
from bsc_analysis.disclosure import with_named_practices
from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.params import load_group, text_id
from bsc_analysis.params.models import Link
from bsc_analysis.readings import newest_complete
from bsc_analysis.readings.board import Board
from bsc_analysis.report.linked import Linked
from bsc_analysis.report.run import Run
from bsc_analysis.store import open_store


def open_kpis(group: str, kpi: str, period: str | None = None) -> pd.DataFrame:
    """A KPI of all practices, in its unit: period × practice, up to the end of `period` (None: the newest complete).

    Only readings that can be built on: what is withheld for small numbers, open or missing is NaN. The rows are the
    group's months, quarters or years, without a gap. They hold every practice, whatever an audience may see.

    Raises UsageError for a KPI that no practice of the group has on its card.
    """
    board = _board(group, period)
    chosen = dict.fromkeys(id for practice in board.group.practices.values() for id in practice.kpis)
    if kpi not in chosen:
        raise UsageError(f"{kpi!r} is not a KPI of {group}.{did_you_mean(str(kpi), chosen)}  (bsc list kpis)")
    return board.frame(kpi)


def open_setting(group: str, leading: str, lagging: str, period: str | None = None) -> dict[str, Any]:
    """What the report tells its test beside the two KPIs' series, by practice: `specialty`, and `breaks`."""
    board = _board(group, period)
    return {"specialty": board.specialties, "breaks": board.breaks(leading, lagging)}


def declared(run: Run, leading: str, lagging: str, within: int) -> Tested | None:
    """What the report says of this link; None where the params do not declare it, or with another window, and where the
    report is final: it was made of the exports as they were then."""
    asked = (leading, lagging, within)
    links = () if run.edition.final else run.seen.links
    return next((t for t in links if (t.link.leading, t.link.lagging, t.link.within) == asked), None)


@dataclass(frozen=True)
class Told:
    """Verdicts as the report tells them: `sentences`, `numbers` (texts; a column for the group and one for the
    practice, as far as they could be tested) and the lag `profile` (None where nothing was tested)."""

    sentences: list[str]
    numbers: pd.DataFrame
    profile: Chart | None

    def _repr_html_(self) -> str:
        parts = [Markup("<p>{}</p>").format(" ".join(self.sentences))]
        parts += [Markup(self.numbers.to_html())] if len(self.numbers) else []
        return "\n".join([*parts, *([self.profile._repr_html_()] if self.profile else [])])


def told(run: Run, leading: str, lagging: str, *, group: Verdict, own: Verdict) -> Told:
    """The group's and the practice's verdict on a link as the report of `run` would tell them, had it been declared."""
    link = Link.model_construct(leading=leading, lagging=lagging, expect=group.expect or "positive", least=group.least)
    linked = Linked(run.seen, Tested(link=link, group=group, own=own), 0)
    columns, rows = (linked.numbers.columns, linked.numbers.rows) if linked.numbers else ([], [])
    numbers = pd.DataFrame([texts for _, texts in rows], [label for label, _ in rows], columns)
    return Told([*linked.sentences, *linked.notes], numbers, linked.profile)


def _board(group: str, period: str | None) -> Board:
    chosen = load_group(text_id(group, "group"))
    store = open_store(chosen)
    wanted = chosen.calendar.parse(newest_complete(chosen, store) if period is None else period)
    return Board(with_named_practices(chosen, store, wanted), wanted, store)
