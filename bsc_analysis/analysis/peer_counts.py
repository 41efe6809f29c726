"""What practices of one peer set are compared by: their counts, those of them that can be, and the scale to do it on.

Proportions are compared as arcsine of the square root, rates as square root, means as they are: there the error of a
practice depends on its size alone, not on its value. Source: Spiegelhalter 2005, Stat Med 24, 1185–1202; 2012, JRSS A
175, 1–47.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import numbers

Kind = Literal["proportion", "rate", "mean"]
COLUMNS = {"proportion": ["count", "of"], "rate": ["count", "of"], "mean": ["total", "squares", "of"]}
LEAST_PRACTICES = 5  # simulated, funnels err and intervals cover at 5 as they do at 30 (analysis/peer_trials.py)
ALIKE = 1e-9  # relative; what sums of floats lose


@dataclass(frozen=True)
class PeerCounts:
    """The practices that can be compared.

    `rows`: by practice, COLUMNS of the kind and `value` (share, count per exposure or mean; not scaled to a unit).
    `left_out`: practice → 'missing', 'no_denominator', 'negative', 'more_than_all', 'not_whole' or 'squares_too_small'.
    `centre`: Σ numerators / Σ denominators. `sd`: within practices, pooled, of means; NaN of the others. `freedom`: of
    that SD. `reason`: why nothing can be compared: 'too_few_practices', 'no_events', 'all_events' or 'all_alike'.
    """

    kind: Kind
    rows: pd.DataFrame
    left_out: Mapping[str, str]
    centre: float = np.nan
    sd: float = np.nan
    freedom: float = np.nan
    reason: str = ""

    def scaled(self, value: np.ndarray | float) -> np.ndarray:
        """Values on the scale of comparison."""
        if self.kind == "proportion":
            return np.arcsin(np.sqrt(value))
        return np.sqrt(value) if self.kind == "rate" else np.asarray(value, dtype=float)

    def unscaled(self, value: np.ndarray) -> np.ndarray:
        """Values again from the scale of comparison; what lies beyond its ends is put to them."""
        if self.kind == "proportion":
            return np.sin(np.clip(value, 0, np.pi / 2)) ** 2
        return np.clip(value, 0, None) ** 2 if self.kind == "rate" else value

    def errors(self, of: np.ndarray) -> np.ndarray:
        """Standard errors on that scale of practices with the denominators `of`."""
        return (self.sd if self.kind == "mean" else 0.5) / np.sqrt(of)


def peer_counts(told: pd.DataFrame, kind: Kind, least: int = LEAST_PRACTICES) -> PeerCounts:
    """The practices of one peer set that can be compared.

    `told`: by practice, `count` and `of` (of a proportion: events among cases; of a rate: events per exposure), or of a
    mean `total`, `squares` (Σx, Σx²) and `of` (n). Raises ValueError where the kind or a column is unknown, a cell is
    no number, or a practice stands twice.
    """
    if kind not in COLUMNS:
        raise ValueError(f"kind is {kind!r}; say one of {', '.join(COLUMNS)}")
    absent = [name for name in COLUMNS[kind] if name not in told]
    if absent:
        raise ValueError(f"counts of practices have no {', '.join(absent)}; a {kind} needs {', '.join(COLUMNS[kind])}")
    if told.index.has_duplicates:
        raise ValueError("counts of practices name a practice twice; give each one row")
    rows = numbers("counts of practices", told[COLUMNS[kind]], pd.DataFrame)
    why = _left_out(rows, kind)
    left_out = {str(name): code for name, code in why[why != ""].items()}
    rows = rows[why == ""]
    found = PeerCounts(kind, rows, left_out, reason="too_few_practices")
    if len(rows) < max(least, 2):
        return found
    top = rows["total" if kind == "mean" else "count"]
    rows = rows.assign(value=top / rows["of"])
    centre = float(top.sum() / rows["of"].sum())
    if kind != "mean":
        none = "no_events" if centre == 0 else "all_events" if kind == "proportion" and centre == 1 else ""
        return PeerCounts(kind, rows, left_out, centre, reason=none)
    within = (rows["squares"] - rows["total"] ** 2 / rows["of"]).clip(lower=0)
    freedom = float((rows["of"] - 1).sum())
    constant = freedom <= 0 or within.sum() <= ALIKE * rows["squares"].sum()
    sd = np.nan if constant else float(np.sqrt(within.sum() / freedom))
    return PeerCounts(kind, rows, left_out, centre, sd, freedom, "all_alike" if constant else "")


def _left_out(rows: pd.DataFrame, kind: Kind) -> pd.Series:
    """By practice why it cannot be compared, '' where it can."""
    of = rows["of"]
    tests = {"missing": rows.isna().any(axis=1), "no_denominator": of <= 0}
    if kind == "mean":
        tests["not_whole"] = of % 1 != 0
        tests["squares_too_small"] = rows["squares"] * of < rows["total"] ** 2 * (1 - ALIKE)
    else:
        tests["negative"] = rows["count"] < 0
        tests["not_whole"] = (rows["count"] % 1 != 0) | ((of % 1 != 0) & (kind == "proportion"))
        tests["more_than_all"] = (rows["count"] > of) & (kind == "proportion")
    return pd.Series(np.select(list(tests.values()), list(tests), default=""), rows.index, dtype=object)
