"""What one point of a KPI is worth in the practice's own money, by a formula that names its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from bsc_analysis.kpis import kpi
from bsc_analysis.periods import grain_in
from bsc_analysis.readings import USABLE

# own_denominator: denominator ÷ scale, which is money (or, of dollars per visit, the visits that each dollar is earned
# at). other_denominator: the same of another KPI, over the same rows. times_price: denominator ÷ scale × the value of
# another KPI, as if each case gained or lost brought the practice's usual price.
Formula = Literal["own_denominator", "other_denominator", "times_price"]
# Dollars of what: net revenue; charges at list price; what is owed by contract; cost; cash, once and not each time.
Money = Literal["net_revenue", "charges", "owed", "cost", "cash_once"]


@dataclass(frozen=True)
class Rule:
    """How a KPI's point becomes money, and which other KPI that needs."""

    formula: Formula
    money: Money
    other: str = ""


RULES = {
    "no_show_rate": Rule("times_price", "net_revenue", "net_revenue_per_visit"),
    "late_cancel_rate": Rule("times_price", "net_revenue", "net_revenue_per_visit"),
    "denial_rate": Rule("other_denominator", "charges", "denied_dollars"),
    "denied_dollars": Rule("own_denominator", "charges"),
    "net_collection_rate": Rule("own_denominator", "owed"),
    "net_revenue_per_visit": Rule("own_denominator", "net_revenue"),
    "collected_per_service": Rule("own_denominator", "net_revenue"),
    "operating_margin": Rule("own_denominator", "net_revenue"),
    "operating_cost_ratio": Rule("own_denominator", "cost"),
    "cost_per_visit": Rule("own_denominator", "cost"),
    "days_in_ar": Rule("own_denominator", "cash_once"),
}


@dataclass(frozen=True)
class Worth:
    """`dollars` in `period` per one unit of the KPI (a point of %, a dollar per visit, a day); `reason` says why none.

    `formula`, `money`: as in RULES; `inputs`: denominator, scale and, where the formula has one, price; `price_of`:
    the KPI and period that the price, or the other denominator, is read from. No interval: a price is taken as known.
    """

    kpi: str
    period: str
    dollars: float = np.nan
    formula: str = ""
    money: str = ""
    inputs: Mapping[str, float] = field(default_factory=dict)
    price_of: tuple[str, str] | None = None
    reason: str = ""


def worth(id: str, rows: pd.DataFrame, period: str) -> Worth:
    """What one unit of KPI `id` is worth in `period`.

    `rows`: readings of one practice as their reader may see them (kpi, grain, period, denominator, value, state): what
    is withheld there enters no number here. A price comes from the same period or, where it is not usable, from the
    newest usable one before it. Reasons: moves_no_money, the state of the reading that is missing or not usable
    (no_feed, too_few, immature …), no_price, no_denominator.
    """
    rule = RULES.get(id)
    if rule is None:
        return Worth(id, period, reason="moves_no_money")
    own = _reading(rows, id, period)
    if own["state"] not in USABLE:
        return Worth(id, period, formula=rule.formula, money=rule.money, reason=str(own["state"]))
    source = own
    if rule.other:
        source = (
            _newest(rows, rule.other, period) if rule.formula == "times_price" else _reading(rows, rule.other, period)
        )
        if source["state"] not in USABLE:
            return Worth(id, period, formula=rule.formula, money=rule.money, reason="no_price")
    scale = (kpi(rule.other) if rule.formula == "other_denominator" else kpi(id)).scale
    denominator = float((source if rule.formula == "other_denominator" else own)["denominator"])
    price = float(source["value"]) if rule.formula == "times_price" else 1.0
    if not denominator > 0:
        return Worth(id, period, formula=rule.formula, money=rule.money, reason="no_denominator")
    if not (np.isfinite(price) and price > 0):
        return Worth(id, period, formula=rule.formula, money=rule.money, reason="no_price")
    inputs = {"denominator": denominator, "scale": scale} | ({"price": price} if rule.formula == "times_price" else {})
    price_of = (rule.other, str(source["period"])) if rule.other else None
    return Worth(id, period, denominator / scale * price, rule.formula, rule.money, inputs, price_of)


def _reading(rows: pd.DataFrame, id: str, period: str) -> pd.Series:
    found = rows[(rows["kpi"] == id) & (rows["period"] == period)]
    if found.empty:
        return pd.Series({"kpi": id, "period": period, "state": "no_feed"}).reindex(rows.columns)
    return found.iloc[0]


def _newest(rows: pd.DataFrame, id: str, period: str) -> pd.Series:
    """The newest usable reading of the period's grain up to it; a state of `no_feed` where there is none."""
    found = rows[(rows["kpi"] == id) & (rows["grain"] == grain_in(period)) & (rows["period"] <= period)]
    found = found[found["state"].isin(USABLE)]
    return _reading(rows, id, found["period"].max() if len(found) else period)
