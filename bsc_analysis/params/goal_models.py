"""Goals as params declare them: one KPI, how far, by when, whose, and what must not get worse on the way."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from bsc_analysis.params.shapes import LEFT_OUT, DateText, Id, Model, Name, PeriodText, Text

TWO_KINDS = "{relative: -15} for 15 % less than the baseline, or {points: -15} for 15 points less"


def _a_level(told: Any) -> Any:
    """A target is a number in the KPI's unit; '15 %' may be a level or either kind of change."""
    if isinstance(told, str):
        message = "Is {told}; write a number in the KPI's unit, or instead of target a change: " + TWO_KINDS
        raise PydanticCustomError("no_level", message, {"told": repr(told)})
    return told


def _of_a_kind(told: Any) -> Any:
    """A change says of which kind it is."""
    if told is not None and not isinstance(told, (dict, Change)):
        message = "Is {told}, which can be read in two ways; write " + TWO_KINDS
        raise PydanticCustomError("two_readings", message, {"told": repr(told)})
    return told


class Change(Model):
    """By how much, with its sign: `relative`, in % of the baseline's value, or in `points` of the KPI's unit."""

    relative: float | None = None
    points: float | None = None

    @model_validator(mode="after")
    def of_one_kind(self) -> Change:
        if (self.relative is None) == (self.points is None):
            raise PydanticCustomError("one_kind", "Names no kind of change, or both; write relative or points")
        if not (self.relative or self.points):
            raise PydanticCustomError("no_change", "Is a change of 0; write by how much, with its sign")
        return self


Target = Annotated[float | None, BeforeValidator(_a_level)]
Changed = Annotated[Change | None, BeforeValidator(_of_a_kind)]


class GoalBefore(Model):
    """What a goal said before an edit: only what was other then; null where there was nothing."""

    kpi: Name = LEFT_OUT
    baseline: PeriodText | None = None
    target: Target = None
    change: Changed = None
    by: PeriodText = LEFT_OUT
    guardrails: list[Name] = LEFT_OUT

    @model_serializer(mode="wrap")
    def told(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Field → value of what was written, and nothing of what was left out."""
        return {name: value for name, value in whole(self).items() if name in self.model_fields_set}


class GoalEdit(Model):
    """A change of what a goal promises, with its day and reason."""

    at: DateText
    was: GoalBefore
    because: Text


class Goal(Model):
    """A SMART goal: `kpi` from its `baseline` to a `target`, or by a `change`, in the period `by`.

    `practice`: whose it is; left out, it is that of the practice in whose file it stands, or each practice's of the
    group. A practice's own goal for the same KPI and period takes the place of its group's.
    `baseline`: the period that the goal sets out from. `guardrails`: KPIs that must not get worse.
    `edits`: what it said before, oldest first.
    """

    kpi: Name
    practice: Id | None = None
    baseline: PeriodText | None = None
    target: Target = None
    change: Changed = None
    by: PeriodText
    owner: Text | None = None
    objective: Name | None = None
    guardrails: list[Name] = []
    because: Text
    declared: DateText
    edits: list[GoalEdit] = []

    @model_validator(mode="after")
    def one_aim(self) -> Goal:
        if (self.target is None) == (self.change is None):
            raise PydanticCustomError("one_aim", "Names no target, or two; write target: a value, or change: how much")
        if self.change and not self.baseline:
            raise PydanticCustomError("no_baseline", "Names a change from nothing; add baseline: a period")
        return self
