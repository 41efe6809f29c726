"""How the invented systems write ids and times."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def stamps(times: np.ndarray, length: int = 16) -> pd.Series:
    """Times as '2026-09-30 08:40', blank where there is none; 19 characters with their seconds, 10 without hours."""
    texts = pa.array(times.astype("datetime64[s]")).cast(pa.string())
    return pd.Series(pc.utf8_slice_codeunits(texts, 0, length), dtype="str")


def numbered(prefix: str, numbers: np.ndarray, width: int) -> pd.Series:
    """Numbers as ids with leading zeros, such as 'M004711'."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return pd.Series(pc.binary_join_element_wise(prefix, digits, ""), dtype="str")
