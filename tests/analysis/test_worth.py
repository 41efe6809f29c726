"""Dollars per point: each formula by hand, its inputs named, and why there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.worth import RULES, worth
from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import Ratio, Stock


def readings(*rows: tuple) -> pd.DataFrame:
    """(kpi, period, denominator, value, state)."""
    return pd.DataFrame(rows, columns=["kpi", "period", "denominator", "value", "state"]).assign(grain="quarter")


def test_a_point_of_no_shows_is_the_slots_times_the_usual_price():
    rows = readings(
        ("no_show_rate", "2026Q3", 5_000, 8.0, "ok"), ("net_revenue_per_visit", "2026Q3", 4_600, 142.0, "ok")
    )
    found = worth("no_show_rate", rows, "2026Q3")
    assert found.dollars == pytest.approx(50 * 142) and (found.formula, found.money) == ("times_price", "net_revenue")
    assert dict(found.inputs) == {"denominator": 5_000, "scale": 100, "price": 142}
    assert found.price_of == ("net_revenue_per_visit", "2026Q3")


def test_a_price_that_is_not_there_yet_is_the_newest_before_it():
    rows = readings(
        ("no_show_rate", "2026Q3", 5_000, 8.0, "ok"),
        ("net_revenue_per_visit", "2026Q1", 1, 100.0, "ok"),
        ("net_revenue_per_visit", "2026Q2", 1, 120.0, "ok"),
        ("net_revenue_per_visit", "2026Q3", 1, 90.0, "immature"),
        ("net_revenue_per_visit", "2026Q4", 1, 80.0, "ok"),
    )
    found = worth("no_show_rate", rows, "2026Q3")
    assert (found.dollars, found.price_of) == (50 * 120, ("net_revenue_per_visit", "2026Q2"))


def test_points_of_money_are_shares_of_their_own_or_anothers_denominator():
    rows = readings(
        ("denied_dollars", "2026Q3", 900_000, 6.0, "ok"),
        ("denial_rate", "2026Q3", 4_000, 5.0, "ok"),
        ("net_collection_rate", "2026Q3", 500_000, 95.0, "ok"),
        ("net_revenue_per_visit", "2026Q3", 4_600, 142.0, "ok"),
        ("days_in_ar", "2026Q3", 7_000, 40.0, "ok"),
    )
    dollars = {id: worth(id, rows, "2026Q3").dollars for id in rows["kpi"]}
    assert dollars == {
        "denied_dollars": 9_000,
        "denial_rate": 9_000,
        "net_collection_rate": 5_000,
        "net_revenue_per_visit": 4_600,
        "days_in_ar": 7_000,
    }
    assert worth("denial_rate", rows, "2026Q3").price_of == ("denied_dollars", "2026Q3")


@pytest.mark.parametrize(
    ("id", "rows", "reason"),
    [
        ("burnout", [("burnout", "2026Q3", 40, 30.0, "ok")], "moves_no_money"),
        ("denied_dollars", [("denied_dollars", "2026Q2", 900, 6.0, "ok")], "no_feed"),
        ("denied_dollars", [("denied_dollars", "2026Q3", np.nan, np.nan, "withheld")], "withheld"),
        ("denied_dollars", [("denied_dollars", "2026Q3", -5, 6.0, "ok")], "no_denominator"),
        ("denied_dollars", [("denied_dollars", "2026Q3", np.nan, 6.0, "value_only")], "no_denominator"),
        ("no_show_rate", [("no_show_rate", "2026Q3", 900, 6.0, "ok")], "no_price"),
        ("denial_rate", [("denial_rate", "2026Q3", 900, 6.0, "ok")], "no_price"),
        (
            "no_show_rate",
            [("no_show_rate", "2026Q3", 9, 6.0, "ok"), ("net_revenue_per_visit", "2026Q3", 9, -2.0, "ok")],
            "no_price",
        ),
    ],
)
def test_why_there_are_no_dollars(id, rows, reason):
    found = worth(id, readings(*rows), "2026Q3")
    assert found.reason == reason and np.isnan(found.dollars) and not found.inputs


def test_every_rule_is_of_kpis_that_have_what_it_needs():
    for id, rule in RULES.items():
        assert isinstance(KPIS[id], (Ratio, Stock)) and (rule.other in KPIS or not rule.other)
        assert bool(rule.other) == (rule.formula != "own_denominator")
