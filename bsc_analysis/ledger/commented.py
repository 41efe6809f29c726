"""Whether the owners of KPIs of concern said anything of them before an earlier report was made final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bsc_analysis.analysis.people_registers import Counted, owners_who_commented
from bsc_analysis.disclosure import Disclosed
from bsc_analysis.params.comments import Comment


@dataclass(frozen=True)
class Commented:
    """Of the final of `period`: owners who commented on all of their KPIs of concern, and those who did not
    (`silent`, as the params name them); `undated` of it are KPIs that nobody owns."""

    period: str
    owners: Counted
    silent: tuple[str, ...] = ()


def commented(seen: Disclosed, comments: Mapping[str, Comment], on: str) -> Commented:
    """Who commented on the report `seen` by the day `on`, on which it was made final."""
    rows = [(seen.choice(id).owner, comments[id].on if id in comments else None) for id in seen.of_concern]
    asked = pd.DataFrame(rows, columns=["owner", "commented_at"], dtype="object")
    told = owners_who_commented(asked.astype({"commented_at": "datetime64[us]"}), by=pd.Timestamp(on))
    return Commented(str(seen.period), *told)
