"""Forms of text in params files, and what every model of them refuses."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

ID_FORM = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$"
Id = Annotated[str, StringConstraints(pattern=ID_FORM)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
PeriodText = Annotated[str, StringConstraints(pattern=r"^\d{4}(Q[1-4]|-(0[1-9]|1[0-2]))?$")]
DateText = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
DELIMITER_FORM = r'^[^"\r\n]$'
GrainName = Literal["month", "quarter", "year"]
Audience = Literal["leadership", "staff", "board", "external", "portfolio"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SPANS_FORM = r"^\d\d:\d\d-\d\d:\d\d(, ?\d\d:\d\d-\d\d:\d\d)*$"
Spans = Annotated[str, StringConstraints(pattern=SPANS_FORM)]
LEFT_OUT: Any = None  # of a field that may be left out but, where it is written, not null


class Model(BaseModel):
    """Unknown keys are refused, and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
