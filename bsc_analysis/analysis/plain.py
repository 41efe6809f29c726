"""What an ordinary lagged regression would have said, beside the verdict for those who have seen it elsewhere."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.analysis.panel_ols import panel_ols


def plain_p(leading: pd.DataFrame, lagging: pd.DataFrame, lag: int) -> float | None:
    """p of `lagging` on `leading` of `lag` periods before, with a level of each practice and period and errors by
    practice (Arellano 1987), as panel software gives them; None where it cannot be estimated.

    It knows nothing of the lagging KPI's own past: where both KPIs are slow or move together in a period, that comes
    out as an effect. docs/calibration.md tells how often.
    """
    found = panel_ols(lagging, {"leading": leading.shift(lag)})
    return None if found.reason else float(found.p.loc["leading", "arellano"])
