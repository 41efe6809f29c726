"""The one name that the sections of a portfolio share: `portfolio`, a group's page across its practices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import nan

import pandas as pd

from bsc_analysis.disclosure import DisclosedGroup, disclose_group
from bsc_analysis.errors import UsageError
from bsc_analysis.params import load_group, text_id
from bsc_analysis.report import across, alike, goals_across, led, practices
from bsc_analysis.report.across import Across
from bsc_analysis.report.links import in_short
from bsc_analysis.report.meaning import ALPHA
from bsc_analysis.report.parts import Part, part, stylesheet
from bsc_analysis.words import count, period_in_full, say

EFFECTS = ["leading", "lagging", "practice", "answer", "lag", "effect", "lower", "upper", "q_value", "apart"]


def open_portfolio(group: str, period: str | None = None) -> Portfolio:
    """The page across the practices of `group` for `period` ('2026Q3', '2026-09' or '2026'; None: the newest complete).

    It is always made of the current data: finals are of practices. Raises UsageError as `open_run`.
    """
    group_id = text_id(group, "group")
    if period is not None and not isinstance(period, str):
        raise UsageError(f"period arrived as {type(period).__name__} {period!r}; write it in quotes: period: '2026'")
    return Portfolio(disclose_group(load_group(group_id), period))


@dataclass(frozen=True)
class Portfolio:
    """A group's page for one period. `effects` is the frame behind it, for analysts."""

    seen: DisclosedGroup

    @cached_property
    def rows(self) -> list[Across]:
        """The shared links, the surest first."""
        return across.rows_of(self.seen)

    @property
    def effects(self) -> pd.DataFrame:
        """Every effect of the page, of one unit of the leading KPI: a row per link for all practices (`practice` is
        ''), then one for each that is compared, named or numbered as on the page."""
        rows = [row for linked in self.rows for row in _effects(linked)]
        return pd.DataFrame(rows, columns=EFFECTS).astype({"lag": "Int64"})

    def masthead(self) -> Part:
        """Group, period, how many practices, for whom; it also carries the style sheet and whose page this is."""
        group, name = self.seen.group, period_in_full(self.seen.period)
        facts = [say("portfolio.scorecard", period=name), say("portfolio.practices", n=len(group.practices))]
        return part(
            "masthead",
            text=f"{group.shared.title} {name}",
            data={"group": group.id, "period": str(self.seen.period), "state": "draft"},
            style=stylesheet(),
            title=group.shared.title,
            facts=[*facts, *([say("masthead.invented")] if group.shared.invented else [])],
            state="draft",
            standing=say("portfolio.draft", audience=self._audience),
            note=group.shared.note,
        )

    def headline(self) -> Part:
        """How many of the links hold over the group, in a sentence."""
        text = in_short(self.rows) if self.rows else say("links.none")
        return part("headline", text=text, sentence=text)

    def heading(self, section: str) -> Part:
        """The heading of a section, with the anchor that the page's contents point at."""
        title = say(f"section.{section}")
        return part("heading", text=title, id=section, title=title, foreign=False)

    def links(self) -> Part:
        """The shared links: what all practices say of each, how they differ, and what each says alone."""
        return across.links(self.seen, self.rows)

    def practices(self) -> Part:
        """KPI by KPI the practices of one specialty: who lies outside what is usual among them."""
        return practices.practices(self.seen)

    def goals(self) -> Part:
        """What practices promise alike, and how many of them stand where."""
        return goals_across.goals(self.seen)

    def actions(self) -> Part:
        """What several practices did alike: the effect over all of them, and what each one's own KPI says."""
        return alike.actions(self.seen)

    def leadership(self) -> Part:
        """How the practices are led: reviews held, reports acknowledged, and how far the staff are behind it."""
        return led.people(self.seen)

    def methods(self) -> Part:
        """How links and differences are tested, what is withheld, and the limits."""
        one = say(f"unit.{self.seen.group.shared.grain}_one")
        unit = say(f"unit.{self.seen.group.shared.grain}")
        withheld = "portfolio.withholding_guarded" if self.seen.guarded else "portfolio.withholding_leadership"
        texts = [
            (say("methods.links"), say("methods.links_text", one=one, level=count(100 * ALPHA))),
            (say("across.title"), say("across.method")),
            *([(say("section.goals"), say("goals.method"))] if self.seen.goals else []),
            *([(say("methods.actions"), say("methods.actions_text", unit=unit))] if self.seen.alike else []),
            (say("methods.withholding"), say(withheld, audience=self._audience)),
            (say("methods.limits"), say("portfolio.limits_text")),
        ]
        return part("methods", text="methods", texts=texts)

    @property
    def _audience(self) -> str:
        return say(f"portfolio.audience.{self.seen.audience}")


def _effects(linked: Across) -> list[tuple[object, ...]]:
    """The rows of one link, as EFFECTS."""
    v, link = linked.verdict, linked.tested.link
    pair, q = (link.leading, link.lagging), nan if v.q_value is None else v.q_value
    told = linked.named.itertuples()
    return [
        (*pair, "", v.answer, v.lag, v.effect, *v.interval, q, None),
        *((*pair, r.practice, "", v.lag, r.effect, r.lower, r.upper, nan, r.apart) for r in told),
    ]
