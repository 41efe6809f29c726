"""Parquet into rows of text, as an export in CSV would have them."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bsc_analysis.feeds.raw import MOST_BYTES, RawRows, refuse
from bsc_analysis.params.feed_models import FileFormat

LEAST_CELL = 8  # bytes that a cell takes when it is open, however well it was packed


def read_parquet(path: Path, shown: str, form: FileFormat) -> RawRows:
    """The rows of a Parquet file; columns of lists or bytes are left out.

    Raises FeedError where it is none, or opens to more than MOST_BYTES.
    """
    try:
        told = pq.ParquetFile(path).metadata
        packed = sum(told.row_group(i).total_byte_size for i in range(told.num_row_groups))
        if max(packed, told.num_rows * told.num_columns * LEAST_CELL) > MOST_BYTES:
            raise refuse(shown, "size", f"opens to more than {MOST_BYTES / 1e9:g} GB")
        table = pq.read_table(path)
        columns = {
            name: _as_text(table.column(name), form.decimal).fill_null("").to_pandas().astype("str")
            for name, kind in zip(table.column_names, table.schema.types, strict=True)
            if not pa.types.is_nested(kind) and "binary" not in str(kind)
        }
    except (pa.ArrowException, OSError) as error:
        raise refuse(shown, "file", f"is not a Parquet file that can be read ({type(error).__name__})") from None
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(table))).set_axis(
        pd.RangeIndex(1, len(table) + 1, name="line")
    )
    return RawRows(list(frame.columns), frame, {}, told.num_rows)


def _as_text(column: pa.ChunkedArray, decimal: str) -> pa.ChunkedArray:
    """The column as text; whole numbers kept as floats (ids beside a missing one) without '.0' or an exponent."""
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)  # else an id becomes 'nan'
        with contextlib.suppress(pa.ArrowInvalid):  # not whole: amounts
            return column.cast(pa.int64()).cast(pa.string())
    text = column.cast(pa.string())
    if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        return pc.replace_substring(text, ".", decimal)
    return text
