"""Records as JSON and back: frames, periods, days and records in records keep their kinds."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from math import isinf
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd

from bsc_analysis.params.shapes import Model

Record = TypeVar("Record")


def packed(value: Any) -> Any:
    """`value` as JSON knows it: frames by columns, types and rows (an index with a name is a column), records by field,
    periods and days named, missing null."""
    if isinstance(value, pd.DataFrame):
        index = value.index.name
        value = value.reset_index() if index else value
        rows = [[packed(cell) for cell in row] for row in value.astype(object).to_numpy().tolist()]
        facts = {"columns": list(value.columns), "types": [str(t) for t in value.dtypes], "rows": rows}
        return facts | ({"index": index} if index else {})
    if isinstance(value, Model):
        return value.model_dump(mode="json")
    if is_dataclass(value):
        return {field.name: packed(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple)):
        return [packed(each) for each in value]
    if isinstance(value, dict):
        return {key: packed(each) for key, each in value.items()}
    if pd.isna(value):
        return None
    if isinstance(value, pd.Period):
        return {"period": str(value), "freq": value.freqstr}
    if isinstance(value, pd.Timestamp):
        return {"day": value.isoformat()}
    value = value.item() if isinstance(value, np.generic) else value
    return {"number": str(value)} if isinstance(value, float) and isinf(value) else value


def frame_of(facts: dict[str, list]) -> pd.DataFrame:
    """The frame that was packed; where no types were, its columns have those that their cells allow."""
    rows = [[_cell(cell) for cell in row] for row in facts["rows"]]
    frame = pd.DataFrame(rows, columns=facts["columns"])
    types = facts.get("types")
    frame = frame.astype(dict(zip(facts["columns"], types, strict=True))) if types else frame.infer_objects()
    return frame.set_index(facts["index"]) if "index" in facts else frame


def record_of(kind: type[Record], facts: dict[str, Any]) -> Record:
    """The record of `kind` that was packed: what was not is as in a new one, what `kind` knows no more is left out."""
    kinds = get_type_hints(kind)
    return kind(**{name: _of(kinds[name], value) for name, value in facts.items() if name in kinds})


def _of(kind: Any, value: Any) -> Any:
    """What a field of this kind held."""
    if isinstance(kind, UnionType):
        (kind,) = {*get_args(kind)} - {NoneType}
        return None if value is None else _of(kind, value)
    if value is None:
        return np.nan if kind is float else None
    if kind is pd.DataFrame:
        return frame_of(value)
    if get_origin(kind) is tuple:
        each, *rest = get_args(kind)
        kinds = [each] * len(value) if rest == [...] else [each, *rest]
        return tuple(_of(kind, part) for kind, part in zip(kinds, value, strict=True))
    if get_origin(kind) is dict:
        return {key: _of(get_args(kind)[1], part) for key, part in value.items()}
    if is_dataclass(kind) and isinstance(kind, type):
        return record_of(kind, value)
    return kind(**value) if isinstance(kind, type) and issubclass(kind, Model) else _cell(value)


def _cell(value: Any) -> Any:
    match value:
        case {"period": text, "freq": freq}:
            return pd.Period(text, freq=freq)
        case {"day": text}:
            return pd.Timestamp(text)
        case {"number": text}:
            return float(text)
    return value
