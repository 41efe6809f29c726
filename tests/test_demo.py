"""The demo: reproducible, whole or not at all, and with the truth that it tells of itself."""

import csv
import filecmp
import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from bsc_analysis import demo
from bsc_analysis.demo.clinics import CLINICS
from bsc_analysis.tables import ACCOUNT_GROUPS, VISITS

PARAMS = Path(__file__).parents[1] / "params" / "demo"


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "demo"
    assert demo.write(folder)
    return folder


@pytest.fixture(scope="module")
def truth(exports):
    return json.loads((exports / "truth.json").read_text())


@pytest.fixture(scope="module")
def readings(exports):
    """Six KPIs by practice and month, straight from the rows with pandas, as plain as can be."""
    visits = pd.concat(pd.read_csv(file).assign(p=file.parent.name) for file in exports.glob("*/appointments.csv"))
    answers = pd.concat(pd.read_csv(file).assign(p=file.parent.name) for file in exports.glob("*/survey.csv"))
    visits = visits.drop_duplicates()
    for column in ("ApptTime", "CheckInTime", "RoomedTime"):
        visits[column] = pd.to_datetime(visits[column], format="%Y-%m-%d %H:%M", errors="coerce")
    visits = visits[visits["ApptTime"] < "2026-10-01"]
    by = [visits["p"], visits["ApptTime"].dt.to_period("M").rename("month")]
    kept = visits["ApptStatus"] == "kept"
    missed = visits["ApptStatus"] == "no_show"
    since = visits[["ApptTime", "CheckInTime"]].max(axis=1, skipna=False)
    waited = ((visits["RoomedTime"] - since).dt.total_seconds() / 60).where(kept)
    columns = {
        "wait_median": waited.groupby(by).median(),
        "no_show_rate": 100 * missed.groupby(by).sum() / (kept | missed).groupby(by).sum(),
        "new_patient_share": 100 * (kept & (visits["NewPt"] == "Y")).groupby(by).sum() / kept.groupby(by).sum(),
    }
    month = pd.to_datetime(answers["AnsweredOn"]).dt.to_period("M").rename("month")
    for question, least in {"provider_rating": 9, "engagement": 4, "burnout": 3}.items():
        asked = answers["Question"] == question
        reached = (answers["Score"] >= least)[asked]
        columns[question] = 100 * reached.groupby([answers["p"][asked], month[asked]]).mean()
    return pd.DataFrame(columns).rename_axis(["practice", "month"])


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(exports, tmp_path):
    demo.write(tmp_path / "again")
    demo.write(tmp_path / "other", seed=7)
    names = files_in(exports)
    assert files_in(tmp_path / "again") == names
    assert filecmp.cmpfiles(exports, tmp_path / "again", names, shallow=False)[0] == names
    assert filecmp.cmpfiles(exports, tmp_path / "other", names, shallow=False)[0] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "other"]  # no scaffolding left


def test_a_second_write_is_skipped_and_a_damaged_folder_mended(exports):
    before = {path: path.stat().st_mtime_ns for path in exports.rglob("*")}
    assert demo.write(exports) is False
    assert {path: path.stat().st_mtime_ns for path in exports.rglob("*")} == before

    whole = (exports / "ledger.csv").read_bytes()
    (exports / "ledger.csv").write_bytes(whole[:-9])
    (exports / "comments.txt").write_text("somebody's own file")
    assert demo.write(exports) is True
    assert (exports / "ledger.csv").read_bytes() == whole
    (exports / "comments.txt").unlink()


def test_truth_lists_every_file_with_its_size(exports, truth):
    sizes = {name: (exports / name).stat().st_size for name in files_in(exports) if name != "truth.json"}
    assert {name: file["bytes"] for name, file in truth["files"].items()} == sizes
    assert (truth["seed"], truth["version"]) == (demo.SEED, demo.VERSION)


def readable(text, form):
    try:
        return bool(datetime.strptime(text, form))
    except ValueError:
        return False


def faults_in(file):
    """What a reader must count in one export, found with the csv module alone."""
    with file.open(newline="") as lines:
        rows = [tuple(row.items()) for row in csv.DictReader(lines)]
    distinct = [dict(row) for row in dict.fromkeys(rows)]
    refused = Counter()
    ids = Counter(row["ApptID"] for row in distinct if "ApptID" in row)
    practices = {clinic.id for clinic in CLINICS}
    statuses = next(column.allowed for column in VISITS.columns if column.name == "status")
    for row in distinct:
        if "ApptID" in row:
            refused["impossible_status"] += row["ApptStatus"] not in statuses
            refused["unreadable_time"] += not readable(row["ApptTime"], "%Y-%m-%d %H:%M")
            refused["conflicting_id"] += ids[row["ApptID"]] > 1
        if "Amount" in row:
            refused["unknown_practice"] += row["Clinic"] not in practices
            refused["unreadable_amount"] += not row["Amount"].replace(".", "", 1).isdigit()
    return {
        "rows": len(rows),
        "used": len(distinct) - refused.total(),
        "deduplicated": len(rows) - len(distinct),
        "quarantined": {fault: n for fault, n in refused.items() if n},
    }


def test_truth_counts_the_faults_that_are_in_the_files(exports, truth):
    for name, file in truth["files"].items():
        assert faults_in(exports / name) == {key: n for key, n in file.items() if key != "bytes"}, name


def test_every_kind_of_fault_is_planted_where_it_was_promised(truth):
    appointments = [file for name, file in truth["files"].items() if name.endswith("appointments.csv")]
    assert all(5 <= file["deduplicated"] <= 30 for file in appointments)
    assert all({"impossible_status", "unreadable_time"} <= set(file["quarantined"]) for file in appointments)
    assert [file["quarantined"].get("conflicting_id", 0) for file in appointments].count(2) == 2
    assert truth["files"]["ledger.csv"]["quarantined"] == {"unknown_practice": 1, "unreadable_amount": 1}


def test_the_exports_say_what_the_params_read(exports):
    group = yaml.safe_load((PARAMS / "group.yaml").read_text())
    practices = {yaml.safe_load(file.read_text())["practice"]: file.stem for file in PARAMS.glob("[!g]*.yaml")}
    assert sorted(practices) == sorted(practices.values()) == sorted(clinic.id for clinic in CLINICS)
    for feed in group["feeds"].values():
        for practice in practices:
            header = (exports / feed["path"].format(practice=practice)).read_text().split("\n")[0].split(",")
            assert list(feed["columns"].values()) == header
    ledger = pd.read_csv(exports / "ledger.csv")
    assert set(ledger["AccountGroup"]) == set(ACCOUNT_GROUPS)


def test_exports_look_like_a_clinics(exports):
    visits = pd.read_csv(exports / "harbor_heart" / "appointments.csv", dtype=str)
    at = pd.to_datetime(visits["ApptTime"], format="%Y-%m-%d %H:%M", errors="coerce")
    kept = visits["ApptStatus"] == "kept"
    stamped = visits[["CheckInTime", "RoomedTime"]].notna()
    assert (at.dropna().dt.day_of_week < 5).all()
    assert visits["ApptID"].str.fullmatch(r"\d{8}").all() and visits["ApptID"].str.startswith("0").any()
    assert visits["PatientMRN"].str.fullmatch(r"M\d{6}").all()
    assert set(visits.loc[at > "2026-10-01", "ApptStatus"]) == {"booked"}
    assert (at[visits["ApptStatus"] == "booked"] > "2026-10-01").all()
    assert not stamped[visits["ApptStatus"].isin(["no_show", "cancelled", "late_cancel", "booked"])].any().any()
    assert 0.02 < 1 - stamped[kept].all(axis=1).mean() < 0.04


def slopes(readings, leading, lagging):
    """Slope and t of the lagging KPI on the leading one 0–5 months before, each less its practice's mean."""
    found = {}
    for lag in range(6):
        pair = readings[[leading, lagging]].copy()
        pair[leading] = pair.groupby("practice")[leading].shift(lag)
        pair = pair.dropna()
        x, y = (pair - pair.groupby("practice").transform("mean")).to_numpy().T
        slope = x @ y / (x @ x)
        error = np.sqrt(np.sum((y - slope * x) ** 2) / (len(x) - 13) / (x @ x))
        found[lag] = (slope, slope / error)
    return found


def test_planted_links_show_with_their_sign_at_their_lag(readings, truth):
    for link in truth["links_planted"]:
        found = slopes(readings, link["leading"], link["lagging"])
        slope, t = found[link["lag"]]
        assert np.sign(slope) == np.sign(link["effect"]), link
        assert abs(t) > 4, (link, t)
        assert max(found, key=lambda lag: abs(found[lag][1])) == link["lag"], (link, found)


def test_burnout_does_not_lead_no_shows(readings, truth):
    assert {"leading": "burnout", "lagging": "no_show_rate"} in truth["links_not_planted"]
    assert all(abs(t) < 3 for _, t in slopes(readings, "burnout", "no_show_rate").values())


@pytest.mark.parametrize(
    "practice, kpi, since, least, most",
    [
        ("north_clinic", "wait_median", "2025-07", -8, -4),
        ("harbor_heart", "no_show_rate", "2026-02", 2.5, 5.5),
        ("east_clinic", "engagement", "2025-12", -26, -10),
        ("east_clinic", "burnout", "2025-12", 8, 24),
    ],
)
def test_stories_can_be_seen(readings, practice, kpi, since, least, most):
    series = readings.loc[practice, kpi]
    step = series[series.index >= since].mean() - series[series.index < since].mean()
    assert least < step < most


def test_one_practice_opened_later_and_the_smallest_is_sometimes_too_few(readings, exports):
    assert readings.loc["orchard_hill"].index.min() == pd.Period("2025-01")
    assert (readings.drop(index="orchard_hill").groupby("practice").size() == 36).all()
    answers = pd.read_csv(exports / "lakeside" / "survey.csv")
    per_month = answers[answers["Survey"] == "patient"].groupby(answers["AnsweredOn"].str[:7]).size()
    assert 2 <= (per_month < 10).sum() <= 18
