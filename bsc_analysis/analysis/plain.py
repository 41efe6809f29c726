"""What an ordinary lagged regression would have said, beside the verdict for those who have seen it elsewhere."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.analysis.panel_ols import panel_ols


def plain_p(leading: pd.DataFrame, lagging: pd.DataFrame, lag: int) -> float | None:
    """p of `lagging` on `leading` of `lag` periods before and its own last value, with a level of each practice and
    period, errors by practice; None where it cannot be estimated.

    It takes the short series' bias for an effect: docs/calibration.md tells how often.
    """
    found = panel_ols(lagging, {"own": lagging.shift(1), "leading": leading.shift(lag)})
    return None if found.reason else float(found.p.loc["leading", "practice"])
