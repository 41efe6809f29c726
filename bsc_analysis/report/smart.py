"""What a goal lacks to be SMART, and how to mend it, in words; and amounts of a KPI as goals tell them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from bsc_analysis.disclosure import SmartFinding
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.goal_models import Change
from bsc_analysis.words import number, of, period, quantity, say

LACKING = ("fail", "caution")
VALUES = ("start", "told")  # facts of a finding in the KPI's unit


def lacks(findings: Iterable[SmartFinding], kpi: KPI | None) -> list[str]:
    """'Measurable: …', one sentence for each letter that something is to be mended of."""
    told = ((f, mend(f, kpi)) for f in findings)
    return [say("goals.lack", letter=say(f"goals.letter.{f.letter}"), mend=text) for f, text in told if text]


def mend(finding: SmartFinding, kpi: KPI | None) -> str:
    """What to do about a finding, '' where nothing is; `kpi`: the one that the goal is for, where that is plain."""
    if finding.answer not in LACKING:
        return ""
    facts = dict(finding.facts)
    if kpi is not None:
        facts |= {name: level(kpi, facts[name]) for name in VALUES if name in facts}
        facts |= {"smallest": change(kpi, facts["smallest"])} if "smallest" in facts else {}
        facts |= {"kpi": of(kpi, "short")} if "kpi" in facts else {}
    facts |= {name: period(fact) for name, fact in facts.items() if isinstance(fact, pd.Period)}
    facts |= {"grain": say(f"unit.{facts['grain']}_one")} if "grain" in facts else {}
    facts |= {"size": f"{facts['size']:g}"} if "size" in facts else {}
    facts |= {"share": quantity(100 * facts["share"], "%", 0)} if facts.get("share") is not None else {}
    if finding.code == "target_on_wrong_side":
        return say("goals.mend.target_above" if facts["up"] else "goals.mend.target_below", **facts)
    return say(f"goals.mend.{finding.code}", **facts)


def level(kpi: KPI, value: float | None) -> str:
    """A value of the KPI with its unit: no decimals that nobody wrote; '' where there is none."""
    if value is None:
        return ""
    return quantity(value, kpi.unit, 0 if float(value).is_integer() else kpi.decimals)


def change(kpi: KPI, by: float) -> str:
    """How much it changes, without a sign: in points of a KPI in %, else in its unit."""
    decimals = max(kpi.decimals, 1) if 0 < abs(by) < 1 else kpi.decimals
    if kpi.unit == "%":
        return quantity(abs(by), "points", decimals)
    return quantity(abs(by), kpi.unit, decimals)


def declared_change(kpi: KPI, asked: Change) -> str:
    """'15 % less (relative)', or '2 points less'."""
    if asked.relative is not None:
        return say(f"goals.relative_{'more' if asked.relative > 0 else 'less'}", share=f"{abs(asked.relative):g}")
    points = asked.points or 0.0
    return say(f"goals.points_{'more' if points > 0 else 'less'}", amount=change(kpi, points))


def chances(probability: float) -> str:
    """'about 3 in 10'."""
    if probability < 0.05:
        return say("goals.rarely")
    if probability > 0.95:
        return say("goals.nearly_always")
    return say("goals.chances", times=number(10 * probability, 0))
