"""What vendors and leaders claim, so that it can be held against the practice's own data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bsc_analysis.params.shapes import DateText, Model, Name, PeriodText, Text

Percent = Annotated[float, Field(gt=0, le=100)]
Minutes = Annotated[float, Field(gt=0)]
Wanted = dict[Name, bool | str]  # column → what it holds


class Claimed(Model):
    """`claim` in the words of `by`, as `source` has them, heard on the day `declared`: `at_least` so many %."""

    claim: Text
    by: Text
    source: Text
    declared: DateText
    at_least: Percent


class ShareClaim(Claimed):
    """Of the rows of `table` that `among` picks, at least such a share are `counted`; rows that lack a counted column
    say nothing.

    `since`: from that day on; `closed_days`: only days on which the practice is closed, by its opening calendar.
    """

    kind: Literal["share"]
    table: Name
    counted: Wanted
    among: Wanted = Field(default={})
    since: DateText | None = None
    closed_days: bool = False


class CountsClaim(Claimed):
    """What a KPI counts fell by at least so much, for as many of what it is out of, from the period `since` on."""

    kind: Literal["fall_in_counts"]
    kpi: Name
    since: PeriodText


class MeansClaim(Claimed):
    """An amount fell by at least so much: a KPI from the period `since` on; or the minutes that a report takes, against
    those by hand (`minutes`, one a report), as they were `entered` before."""

    kind: Literal["fall_in_means"]
    kpi: Name | None = None
    since: PeriodText | None = None
    minutes: list[Minutes] = Field(default=[])
    entered: DateText | None = None

    @model_validator(mode="after")
    def of_one_thing(self) -> MeansClaim:
        of_kpi, by_hand = bool(self.kpi and self.since), bool(self.minutes and self.entered)
        if of_kpi == by_hand:
            raise PydanticCustomError("one_thing", "Names nothing to measure, or two things; write kpi and since, "
                                      "or minutes and entered")  # fmt: skip
        return self


Claim = Annotated[ShareClaim | CountsClaim | MeansClaim, Field(discriminator="kind")]
