"""Months make quarters and years, for every KPI of a practice, on random rows of every table."""

from __future__ import annotations

import numpy as np
import pytest

from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import Quantile, Ratio, Stock
from bsc_analysis.periods import CALENDAR_YEARS, parts_in
from bsc_analysis.readings import readings
from tests.random_tables import OF_PRACTICES, made
from tests.stores import group_of, store_of

pytestmark = pytest.mark.xdist_group("longer periods")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    tables = made(1)
    return readings(group_of(list(OF_PRACTICES), ["a", "b"]), store_of(tmp_path_factory.mktemp("s"), **tables))


@pytest.mark.parametrize("id", [id for id, k in OF_PRACTICES.items() if isinstance(k, Ratio)])
def test_both_sides_add_up_and_are_divided_once(found, id):
    mine = found[found["kpi"] == id]
    months = mine[(mine["grain"] == "month") & mine["complete"]]
    assert len(months) >= 14  # two practices, some months not yet matured
    for longer in mine[mine["grain"] != "month"].itertuples():
        inside = months["period"].map(lambda m, it=longer: CALENDAR_YEARS.within(m, it.grain) == it.period).astype(bool)
        parts = months[inside & (months["practice"] == longer.practice)]
        assert longer.complete == (len(parts) == parts_in("month", longer.grain))
        for side in ("numerator", "denominator"):
            assert np.nan_to_num(getattr(longer, side)) == pytest.approx(parts[side].sum())
        if longer.state == "ok":
            assert longer.value == pytest.approx(longer.numerator / longer.denominator * KPIS[id].scale)


@pytest.mark.parametrize("id", [id for id, k in OF_PRACTICES.items() if isinstance(k, Stock)])
def test_a_stock_is_that_of_its_last_month(found, id):
    mine = found[found["kpi"] == id].set_index(["practice", "period"])
    for practice in "ab":
        for quarter, month in {"2025Q2": "2025-06", "2025Q4": "2025-12", "2025": "2025-12"}.items():
            assert mine.loc[(practice, quarter), "value"] == mine.loc[(practice, month), "value"]
            assert mine.loc[(practice, quarter), "state"] == "ok"


@pytest.mark.parametrize("id", [id for id, k in OF_PRACTICES.items() if isinstance(k, Quantile)])
def test_a_quantile_of_a_quarter_has_all_the_rows_of_its_months(found, id):
    mine = found[found["kpi"] == id].set_index(["practice", "period"])
    months = [f"2025-0{m}" for m in (4, 5, 6)]
    for practice in "ab":
        quarter = mine.loc[(practice, "2025Q2")]
        parts = mine.loc[[(practice, m) for m in months]]
        assert (quarter["n"], quarter["denominator"]) == (parts["n"].sum(), parts["denominator"].sum())


def test_shares_lie_between_nothing_and_all_and_intervals_around_them(found):
    shares = [id for id, k in OF_PRACTICES.items() if isinstance(k, Ratio) and k.interval == "proportion"]
    ok = found[found["kpi"].isin(shares) & found["value"].notna()]
    assert len(ok) > 100 and ok["value"].between(0, 100).all()
    assert ((ok["lower"] <= ok["value"] + 1e-9) & (ok["value"] <= ok["upper"] + 1e-9)).all()


def test_every_kpi_of_a_practice_has_a_value_somewhere(found):
    assert set(found.loc[found["value"].notna(), "kpi"]) == set(OF_PRACTICES)


def test_persons_in_and_outside_the_numerator_are_persons_of_the_whole(found):
    rows = found[found["numerator_people"].notna() & found["people"].notna() & found["rest_people"].notna()]
    assert len(rows) > 100
    assert (rows["rest_people"] <= rows["people"]).all()
    assert (rows["numerator_people"] + rows["rest_people"] >= rows["people"]).all()
