"""What a final froze, as JSON and back: frames, periods, days and small records keep their kinds."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import pandas as pd

Record = TypeVar("Record")


def packed(value: Any) -> Any:
    """`value` as JSON knows it: frames by columns and rows, records by field, periods and days named, missing null."""
    if isinstance(value, pd.DataFrame):
        rows = [[packed(cell) for cell in row] for row in value.astype(object).to_numpy().tolist()]
        return {"columns": list(value.columns), "rows": rows}
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: packed(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple)):
        return [packed(each) for each in value]
    if isinstance(value, dict):
        return {key: packed(each) for key, each in value.items()}
    if pd.isna(value):
        return None
    if isinstance(value, pd.Period):
        return {"period": str(value), "freq": value.freqstr}
    return {"day": value.isoformat()} if isinstance(value, pd.Timestamp) else value


def frame_of(facts: dict[str, list]) -> pd.DataFrame:
    """The frame that was packed; its columns have the types that their cells allow."""
    rows = [[_cell(cell) for cell in row] for row in facts["rows"]]
    return pd.DataFrame(rows, columns=facts["columns"]).infer_objects()


def record_of(kind: type[Record], facts: dict[str, Any]) -> Record:
    """The record of `kind` that was packed; what was missing is as in a new one, and so are frames."""
    told = {name: _cell(value) for name, value in facts.items() if value is not None}
    return kind(**{name: value for name, value in told.items() if not (isinstance(value, dict) and "rows" in value)})


def _cell(value: Any) -> Any:
    if isinstance(value, dict) and "freq" in value:
        return pd.Period(value["period"], freq=value["freq"])
    return pd.Timestamp(value["day"]) if isinstance(value, dict) and "day" in value else value
