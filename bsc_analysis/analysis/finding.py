"""What a finding about the arrival of data is, and how grave each kind of it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

# The kinds of finding, most serious first.
KINDS = ("absent", "gap", "ended", "stale", "thin", "response", "falling", "refused", "orphans", "unknown", "flood",
         "twice", "rising", "opened", "begins", "sparse")  # fmt: skip
GRAVE = ("absent", "gap", "ended", "stale", "thin", "response", "falling")  # those that page one names


@dataclass(frozen=True)
class Finding:
    """One finding; what does not belong to its kind is empty.

    `first`, `last`: the periods that it covers; `before`, `now`: rows of a usual period and of those (for 'response'
    `share_before`, `share_now` too, in %); `n` of `of` rows, `people` distinct persons behind the fewest of them (0:
    none named), `early` of the n explained by age; `day`: the last day; `days`: how many are missing; `age`: 0 news of
    the report's period, 1 of the year before it, 2 older; `tables`: those of a finding of several.
    """

    kind: str
    table: str = ""
    part: str = ""
    first: pd.Period | None = None
    last: pd.Period | None = None
    before: float = np.nan
    now: float = np.nan
    share_before: float = np.nan
    share_now: float = np.nan
    n: float = np.nan
    of: float = np.nan
    early: int = 0
    people: int = 0
    to: str = ""
    file: str = ""
    day: pd.Timestamp | None = None
    days: int = 0
    age: int = 0
    tables: tuple[str, ...] = ()

    @property
    def grave(self) -> bool:
        return self.kind in GRAVE
