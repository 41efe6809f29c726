"""The shapes of the params files, checked strictly: which KPIs, how much, since when; never a formula."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from bsc_analysis.params.claims import Claim
from bsc_analysis.params.feed_models import Feed
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.params.shapes import (
    LEFT_OUT,
    Audience,
    DateText,
    GrainName,
    Id,
    Model,
    Name,
    PeriodText,
    Spans,
    Text,
    Weekday,
)
from bsc_analysis.params.strategy import Strategy

Within = Annotated[int, Field(ge=1, le=24)]
Sign = Literal["positive", "negative"]
Least = Annotated[float, Field(gt=0)]


class Perspective(Model):
    id: Name
    title: Text


class Target(Model):
    """A target and who set it: 'set by the practice', or a named benchmark."""

    value: float
    source: Text


class Standard(Model):
    """A benchmark with its provenance: who publishes it (`source`), the day it speaks of, and whom it describes (`of`).

    `measures` what the number is: a share of top-box answers is no mean of the same answers. `unit`: the KPI's own
    unless told.
    """

    value: float
    measures: Literal[
        "share", "top_box_share", "mean", "mean_0_100", "median", "percentile_90", "per_exposure", "amount"
    ]
    source: Text
    at: DateText
    of: Text | None = None
    unit: Text | None = None


PERSPECTIVES = (
    Perspective(id="financial", title="Financial"),
    Perspective(id="patients", title="Patients"),
    Perspective(id="processes", title="Processes"),
    Perspective(id="people", title="People"),
)


class KpiChoice(Model):
    """A KPI of the card. `perspective` moves it to another one than the house's; `reviewed`: the day on which somebody
    last looked at its definition, target and owner, such as "2026-01-15"."""

    target: Target | None = None
    benchmark: Standard | None = None
    owner: Text | None = None
    perspective: Name | None = None
    reviewed: DateText | None = None


class Was(Model):
    """What a link said before an edit: only what was other then; `least` and `by` are null where there was none."""

    leading: Name = LEFT_OUT
    lagging: Name = LEFT_OUT
    within: Within = LEFT_OUT
    expect: Sign = LEFT_OUT
    least: Least | None = None
    by: Name | None = None

    @model_serializer(mode="wrap")
    def told(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Field → value of what was written, and nothing of what was left out."""
        return {name: value for name, value in whole(self).items() if name in self.model_fields_set}


class Edit(Model):
    """A change of what a link claims, with its day and reason; each counts as one more test."""

    at: DateText
    was: Was
    because: Text


class Link(Model):
    """A declared arrow: does `leading` move before `lagging`, within so many periods of the group's grain?

    `least`: the smallest effect that matters. `by`: the KPI that may strengthen or weaken it, such as engagement.
    `edits`: what it said before, oldest first.
    """

    leading: Name
    lagging: Name
    within: Within
    expect: Sign
    least: Least | None = None
    by: Name | None = None
    because: Text
    declared: DateText
    edits: list[Edit] = []


class EndedLink(Model):
    """A link that leaders no longer believe in. It is not tested any more, and goes on counting as a test."""

    leading: Name
    lagging: Name
    ended: DateText
    because: Text


class Break(Model):
    """A documented change after which a KPI's history is not one series any more."""

    kpis: list[Name]
    at: PeriodText
    because: Text


class PeersShown(Model):
    """What a practice's report shows of single others of its specialty: their names (to leaders only), points without
    names, or nothing."""

    show: Literal["names", "blind", "none"] = "blind"


class FromFeed(Model):
    """The practices are those that a feed, or several of them, name in the period of the report."""

    from_feed: Name | list[Name]

    @property
    def feeds(self) -> list[str]:
        return [self.from_feed] if isinstance(self.from_feed, str) else self.from_feed


class Opening(Model):
    """When the doors are open: `hours` by weekday, such as mon: "08:00-12:00, 13:00-17:00" (other days none), but for
    the days `closed`, such as "2026-12-25"."""

    hours: dict[Weekday, Spans]
    closed: list[DateText] = []


class Premises(Model):
    """What clocks and doors tell: the time zone by its IANA name, such as America/New_York, and when it is open."""

    time_zone: Text | None = None
    opening: Opening | None = None


class GroupFile(Premises):
    """params/<group>/group.yaml: what the practices of a group share.

    `fiscal_year_start`: the month in which its year begins; 2026Q3 and 2026 are then fiscal, named by their year's end.
    """

    group: Id
    title: Text
    grain: GrainName
    report: GrainName | None = None
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = 1
    audience: Audience = "external"
    invented: bool = False
    note: Text | None = None
    practices: FromFeed | None = None
    perspectives: list[Perspective] = list(PERSPECTIVES)
    feeds: dict[Name, Feed]
    kpis: dict[str, KpiChoice | None]
    vital_signs: list[str] = []
    links: list[Link] = []
    ended_links: list[EndedLink] = []
    strategy: Strategy | None = None
    peers: PeersShown = PeersShown()
    goals: list[Goal] = []
    claims: list[Claim] = []
    breaks: list[Break] = []
    sections: list[str] | None = None


class PracticeFile(Premises):
    """params/<group>/<practice>.yaml: what differs. papermill reads it too, so `group` and `practice` are in it."""

    group: Id
    practice: Id
    title: Text
    specialty: Text | None = None
    feeds: dict[Name, Feed] = {}
    kpis: dict[str, KpiChoice | None] = {}
    links: list[Link] = []
    ended_links: list[EndedLink] = []
    strategy: Strategy | None = None
    goals: list[Goal] = []
    claims: list[Claim] = []
    breaks: list[Break] = []
    sections: list[str] | None = None
