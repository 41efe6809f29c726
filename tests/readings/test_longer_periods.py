"""Months make quarters and years, for every KPI of a practice, on random rows of every table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import Quantile, Ratio, Stock, TableKPI
from bsc_analysis.periods import parts_in, within
from bsc_analysis.readings import readings
from bsc_analysis.tables import ACCOUNT_GROUPS, ACO_YEARS, EXPORTED, Table
from tests.stores import group_of, store_of

OF_PRACTICES = {id: k for id, k in KPIS.items() if isinstance(k, TableKPI) and k.table is not ACO_YEARS}
FIRST, DAYS = pd.Timestamp("2025-01-01"), 365
CALM = {"denial_reason": ["CO-16", "PR-1", "CO-18"], "reason": ["CO-45", "CO-29"]}


def random_rows(table: Table, rng: np.random.Generator, n: int = 1500) -> pd.DataFrame:
    """Rows of any table in 2025, of what its columns allow, blank here and there where they may be."""
    columns = {"practice": rng.choice(["a", "b"], n)}
    for column in table.columns:
        days = FIRST + pd.to_timedelta(rng.integers(0, DAYS, n), "D")
        match column.kind:
            case "date":
                value = pd.Series(days)
            case "time":
                value = pd.Series(days + pd.to_timedelta(rng.integers(0, 24 * 60, n), "min"))
            case "flag":
                value = pd.Series(pd.array(rng.random(n) < 0.4, dtype="boolean"))
            case "amount" | "integer":
                value = pd.Series(rng.integers(0, 11, n), dtype="Float64")
            case "category":
                value = pd.Series(rng.choice(column.allowed, n), dtype="str")
            case "person":
                value = pd.Series(rng.integers(0, 200, n)).astype("str")
            case _:
                value = pd.Series(np.arange(n)).astype("str")
        if column.name in CALM:
            value = pd.Series(rng.choice(CALM[column.name], n), dtype="str")
        value = value.astype("datetime64[us]") if column.kind in ("date", "time") else value
        columns[column.name] = value.where(rng.random(n) > 0.1) if column.blank else value
    return pd.DataFrame(columns)


def made(seed: int) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    tables = {t.name: random_rows(t, rng) for t in EXPORTED if t is not ACO_YEARS}
    questions = ["provider_rating", "engagement", "burnout"]
    tables["survey_answers"]["question"] = rng.choice(questions, len(tables["survey_answers"]))
    ledger = [
        (p, m, f"{i}", g, float(rng.integers(100, 999)))
        for p in "ab"
        for m in pd.date_range(FIRST, periods=12, freq="MS")
        for i, g in enumerate(ACCOUNT_GROUPS)
    ]
    tables["ledger"] = pd.DataFrame(ledger, columns=["practice", "month", "account", "account_group", "amount"])
    tables["ledger"]["month"] = tables["ledger"]["month"].astype("datetime64[us]")
    tables["staff"] = tables["staff"].iloc[:60].assign(as_of=pd.Timestamp("2025-12-31").as_unit("us"))
    return tables


@pytest.fixture(scope="module", params=[1])
def found(request, tmp_path_factory):
    tables = made(request.param)
    return readings(group_of(list(OF_PRACTICES), ["a", "b"]), store_of(tmp_path_factory.mktemp("s"), **tables))


@pytest.mark.parametrize("id", [id for id, k in OF_PRACTICES.items() if isinstance(k, Ratio)])
def test_both_sides_add_up_and_are_divided_once(found, id):
    mine = found[found["kpi"] == id]
    months = mine[(mine["grain"] == "month") & mine["complete"]]
    assert len(months) >= 14  # two practices, some months not yet matured
    for longer in mine[mine["grain"] != "month"].itertuples():
        inside = months["period"].map(lambda m, it=longer: within(m, it.grain) == it.period).astype(bool)
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
