"""Notebooks for people: they run as shipped, hold for whatever is changed first, and show what the report shows."""

import contextlib
from pathlib import Path

import nbformat
import pandas as pd
import papermill
import pytest
from workspaces import GROUP, GROUP_FILE, ROOT, clinics, make_workspace, run_here, write_yaml

from bsc_analysis import TABLES, Quantile, Ratio, col, open_rows, open_run, try_kpi
from bsc_analysis.errors import UsageError
from bsc_analysis.kpis import KPIS, kpi

__all__ = ["clinics"]

NAMES = sorted(path.stem for path in (ROOT / "notebooks" / "explore").glob("*.ipynb"))
PERIODS = [("north_clinic", None), ("harbor_heart", "2026"), ("lakeside", "2025-03"), ("orchard_hill", "2025Q1")]


@pytest.fixture
def at_work(clinics, monkeypatch):
    """The demo's workspace, as cells of this process find it; KPIs tried out are forgotten afterwards."""
    monkeypatch.setenv("BSC_WORKSPACE", str(clinics))
    monkeypatch.delenv("BSC_DATA", raising=False)
    yield clinics / "notebooks" / "explore"
    KPIS.pop("own", None)
    KPIS.pop("roomed_in_time", None)


def notebook(folder: Path, name: str) -> nbformat.NotebookNode:
    return nbformat.read(folder / f"{name}.ipynb", as_version=4)


def own(**changed) -> Ratio:
    """Late cancellations among all bookings, a definition that anybody can recount."""
    told = {"id": "own", "title": "Own", "plain": "p", "why": "w", "formula": "f", "source": "s"}
    told |= {"perspective": "processes", "role": "leading", "better": "up", "unit": "%", "counts": "events"}
    counted = {"table": TABLES["visits"], "at": "appointment_at", "scale": 100}
    counted |= {"numerator": col("status") == "late_cancel", "denominator": ~col("status").is_null()}
    return Ratio(**told | counted | changed)


def written_in(folder: Path) -> dict[Path, int]:
    """Every file below, and when it was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_as_shipped_from_its_own_folder(name, clinics, monkeypatch):
    monkeypatch.delenv("BSC_WORKSPACE", raising=False)
    folder = clinics / "notebooks" / "explore"
    with contextlib.chdir(folder):
        done = papermill.execute_notebook(f"{name}.ipynb", None, progress_bar=False)
    cells = [cell for cell in done.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    assert [output.text for cell in cells for output in cell.outputs if output.get("name") == "stderr"] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("practice", "period"), PERIODS)
def test_its_asserts_hold_for_other_practices_and_periods(name, practice, period, at_work):
    names = run_here(notebook(at_work, name), practice=practice, period=period, trials=1)
    shown = names.get("run") or names["own"]
    seen = open_run("demo", practice, period).seen
    told = {"group": "demo", "practice": practice, "period": str(seen.period), "state": "draft"}
    assert shown.masthead().data == told


@pytest.mark.parametrize("id", ["no_show_rate", "net_revenue_per_visit", "staff_turnover", "engagement", "burnout"])
def test_any_series_of_the_card_can_be_taken_apart(id, at_work):
    names = run_here(notebook(at_work, "one_series"), kpi=id, practice="lakeside")
    assert len(names["values"]) == 36 and names["variation"].points["value"].equals(names["values"].astype(float))


def test_the_demo_s_break_is_one_of_the_series_taken_apart(at_work):
    names = run_here(notebook(at_work, "one_series"))
    assert list(names["stretch"][names["values"].notna()].value_counts(sort=False)) == [
        21,
        15,
    ]  # October 2023 to June 2025, and since
    centre = names["variation"].points["centre"]
    assert centre.iloc[0] > centre.iloc[-1]
    assert names["unbroken"].points["centre"].nunique() == 1


@pytest.mark.parametrize(
    ("cell", "right", "wrong"),
    [
        ("filter", '["no_show", "kept"]', '["no_show", "kept", "late_cancel"]'),
        ("interval", "0.975", "0.95"),
        ("revenue", '"patient_revenue"', '"other_revenue"'),
    ],
)
def test_a_step_counted_otherwise_breaks_an_assert(cell, right, wrong, at_work):
    changed = notebook(at_work, "derive_a_kpi")
    step = next(each for each in changed.cells if each.id == cell)
    assert right in step.source
    step.source = step.source.replace(right, wrong)
    with pytest.raises(AssertionError):
        run_here(changed)


def test_rows_are_those_of_one_practice_with_persons_as_hashes(at_work):
    rows = open_rows("demo", "north_clinic", "visits")
    assert set(rows["practice"]) == {"north_clinic"}
    assert {column.name for column in TABLES["visits"].columns} <= set(rows)
    assert not rows["patient_id"].str.startswith("M").any() and rows["patient_id"].str.len().min() >= 16
    twelve = open_rows("demo", "lakeside", "ledger")["month"].dt.year.eq(2025).sum()
    assert twelve == 12 * open_rows("demo", "lakeside", "ledger")["account"].nunique()


@pytest.mark.parametrize(
    ("practice", "table", "told"),
    [
        ("north_clinic", "visit", "Did you mean visits?"),
        ("north_klinic", "visits", "Did you mean north_clinic?"),
        ("north_clinic", "aco_years", "no feed of demo delivered aco_years"),
        (83, "visits", "write it in quotes"),
    ],
)
def test_what_has_no_rows_says_so(practice, table, told, at_work):
    with pytest.raises(UsageError) as caught:
        open_rows("demo", practice, table)
    assert told in str(caught.value)


def test_an_own_kpi_has_the_readings_that_its_definition_counts(at_work):
    run = try_kpi(own(), "demo", "north_clinic", "2026Q3")
    rows = open_rows("demo", "north_clinic", "visits")
    rows = rows[rows["appointment_at"].dt.to_period("Q") == pd.Period("2026Q3")]
    reading = run.seen.reading("own")
    assert (reading["numerator"], reading["denominator"]) == ((rows["status"] == "late_cancel").sum(), len(rows))
    assert set(run.readings["kpi"]) == {"own"} and "<svg" in run.cards["own"].chart._repr_html_()


def test_a_copy_of_a_house_kpi_under_another_id_reads_the_same(at_work):
    house = kpi("no_show_rate")
    copied = own(numerator=house.numerator, denominator=house.denominator, least_n=house.least_n)
    tried = try_kpi(copied, "demo", "harbor_heart").seen.series("own")["value"]
    assert tried.equals(open_run("demo", "harbor_heart").seen.series("no_show_rate")["value"])


def test_a_trial_changes_no_reading_and_no_file_of_the_store(at_work, clinics):
    open_run("demo", "north_clinic")
    before = written_in(clinics / "data" / "demo" / "store")
    try_kpi(own(), "demo", "north_clinic")
    assert written_in(clinics / "data" / "demo" / "store") == before
    assert "own" not in set(open_run("demo", "north_clinic").readings["kpi"])


def test_an_own_kpi_is_withheld_like_any_other(at_work, tmp_path, monkeypatch):
    monkeypatch.setenv("BSC_WORKSPACE", str(make_workspace(tmp_path)))
    write_yaml(tmp_path / "params" / GROUP / "group.yaml", GROUP_FILE | {"audience": "board"})
    table = {"table": TABLES["survey_answers"], "at": "answered_at", "counts": "respondents"}
    tens = own(numerator=col("answer") == 10, denominator=~col("answer").is_null(), perspective="patients", **table)
    months = try_kpi(tens, GROUP, "alder").seen.series("own")  # 15 answers each, few of them a ten
    assert set(months["state"]) == {"withheld"} and months[["numerator", "n", "value"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"id": "no_show_rate"}, "is a KPI of the house"),
        ({"perspective": "Processes"}, "is not one of financial, patients, processes, people"),
        ({"numerator": col("state") == "late"}, "counts by a column that visits lacks; it has: visit_id"),
    ],
)
def test_a_definition_that_cannot_be_computed_is_refused_with_the_mend(changed, told, at_work):
    with pytest.raises(UsageError, match=told):
        try_kpi(own(**changed), "demo", "north_clinic")


def test_an_own_quantile_works_too(at_work):
    booked = (col("appointment_at") - col("booked_at")).dt.total_minutes() / (24 * 60)
    ratio = {name: value for name, value in vars(own()).items() if name in Quantile.__dataclass_fields__}
    lead = Quantile(**ratio | {"unit": "days"}, value=booked, eligible=col("status") == "kept", q=0.5)
    rows = open_rows("demo", "north_clinic", "visits")
    rows = rows[(rows["status"] == "kept") & (rows["appointment_at"].dt.to_period("Q") == pd.Period("2026Q3"))]
    days = (rows["appointment_at"] - rows["booked_at"]).dt.total_seconds() // 60 / (24 * 60)
    assert try_kpi(lead, "demo", "north_clinic", "2026Q3").seen.reading("own")["value"] == pytest.approx(days.median())
