"""What an ordinary lagged regression would have said, beside the verdict for those who have seen it elsewhere."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.analysis.panel_ols import panel_ols


def plain_p(leading: pd.DataFrame, lagging: pd.DataFrame, lag: int) -> float | None:
    """p of `lagging` on `leading` of `lag` periods before, with a level of each practice and period and the errors that
    come with least squares; None where it cannot be estimated.

    It knows nothing of the lagging KPI's own past and takes a practice's periods for independent: where both KPIs are
    slow, what they share comes out as an effect. docs/calibration.md tells how often.
    """
    found = panel_ols(lagging, {"leading": leading.shift(lag)})
    return None if found.reason else float(found.p.loc["leading", "ordinary"])
