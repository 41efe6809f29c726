"""A goal tried in words before it is declared."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.disclosure import read_goal
from bsc_analysis.kpis import KPIS
from bsc_analysis.report.run import Run
from bsc_analysis.report.smart import mend
from bsc_analysis.words import say

COLUMNS = ["asked", "answer", "mend"]


def smart(text: str, run: Run) -> pd.DataFrame:
    """Five rows, one for each letter of SMART: the goal in `text` ('cut no-shows by 15 % (relative) in 12 months') read
    against the KPIs, readings and objectives of a practice's report.

    Columns COLUMNS; `answer` is 'pass', 'caution', 'fail' or 'open' (hangs on another letter, or the history cannot
    tell), `mend` what to do about it.
    """
    found = read_goal(run.seen, text)
    kpi = KPIS.get(found.goal.kpi) if found.goal else None
    rows = [(say(f"goals.letter.{each.letter}"), each.answer, mend(each, kpi)) for each in found.findings]
    return pd.DataFrame(rows, columns=COLUMNS, index=list("SMART"))
