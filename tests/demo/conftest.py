"""The demo's exports, written once for all tests here, and what can be read off them with plain pandas."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from bsc_analysis import demo
from tests.demo.raw import answers, visits


@pytest.fixture(scope="session")
def exports(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "demo"
    assert demo.write(folder)
    return folder


@pytest.fixture(scope="session")
def truth(exports) -> dict:
    return json.loads((exports / "truth.json").read_text())


@pytest.fixture(scope="session")
def readings(exports) -> pd.DataFrame:
    """Seven KPIs by practice and month, straight from the rows, as plain as can be."""
    booked, given = visits(exports), answers(exports)
    booked = booked[booked["ApptTime"] < "2026-10-01"]
    by = [booked["p"], booked["ApptTime"].dt.to_period("M").rename("month")]
    kept = booked["ApptStatus"] == "kept"
    missed = booked["ApptStatus"] == "no_show"
    since = booked[["ApptTime", "CheckInTime"]].max(axis=1, skipna=False)
    waited = ((booked["RoomedTime"] - since).dt.total_seconds() / 60).where(kept)
    month = given["AnsweredOn"].dt.to_period("M").rename("month")
    rated = (given["Question"] == "provider_rating").groupby([given["p"], month]).sum()
    columns = {
        "wait_median": waited.groupby(by).median(),
        "no_show_rate": 100 * missed.groupby(by).sum() / (kept | missed).groupby(by).sum(),
        "new_patient_share": 100 * (kept & (booked["NewPt"] == "Y")).groupby(by).sum() / kept.groupby(by).sum(),
        "kept": kept.groupby(by).sum(),
        "response_rate": 100 * rated / kept.groupby(by).sum(),
    }
    for question, least in {"provider_rating": 9, "engagement": 4, "burnout": 3}.items():
        asked = given["Question"] == question
        reached = (given["Score"] >= least)[asked]
        columns[question] = 100 * reached.groupby([given["p"][asked], month[asked]]).mean()
    return pd.DataFrame(columns).rename_axis(["practice", "month"])
