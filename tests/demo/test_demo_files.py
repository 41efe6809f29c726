"""The demo's exports: reproducible, whole or not at all, and with the truth that they tell of themselves."""

import csv
import filecmp
from collections import Counter
from datetime import datetime
from pathlib import Path

import pandas as pd
import python_calamine
import yaml

from bsc_analysis import demo
from bsc_analysis.demo.appointments import CLOSED
from bsc_analysis.demo.calls import OPENS, SHUTS
from bsc_analysis.demo.clinics import CLINICS
from bsc_analysis.feeds.template import as_csv
from bsc_analysis.tables import TABLES
from tests.demo.raw import CODES, WRITTEN, of_workbook, read

PARAMS = Path(__file__).parents[2] / "params" / "demo"


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(exports, tmp_path):
    demo.write(tmp_path / "again")
    demo.write(tmp_path / "other", seed=7)
    names = files_in(exports)
    assert files_in(tmp_path / "again") == names
    assert filecmp.cmpfiles(exports, tmp_path / "again", names, shallow=False)[0] == names
    same = filecmp.cmpfiles(exports, tmp_path / "other", names, shallow=False)[0]
    said = {name for name in same if not name.endswith("registers.csv")}  # which say only what is kept, and since when
    assert {name for name in said if len((exports / name).read_text().splitlines()) > 1} == set()
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


def refused_in(name, rows):
    """What a correct reader refuses of the distinct rows of one CSV file, by fault."""
    refused = Counter()
    ids = Counter(row["ApptID"] for row in rows if "ApptID" in row)
    practices = {clinic.id for clinic in CLINICS}
    statuses = next(column.allowed for column in TABLES["visits"].columns if column.name == "status")
    for row in rows:
        if "ApptID" in row:
            known = row["ApptStatus"] in (CODES if name.startswith("meadow_park") else statuses)
            refused["unmapped_status"] += row["ApptStatus"] == "RS"
            refused["impossible_status"] += not known and row["ApptStatus"] != "RS"
            refused["unreadable_time"] += not readable(row["ApptTime"], "%Y-%m-%d %H:%M")
            refused["conflicting_id"] += ids[row["ApptID"]] > 1
        if "Clinic" in row and "Amount" in row:
            refused["unknown_practice"] += row["Clinic"] not in practices
        if "Amount" in row:
            refused["unreadable_amount"] += not row["Amount"].replace(".", "", 1).isdigit()
        if "Result" in row:
            refused["unmapped_outcome"] += row["Result"] not in ("ANS", "ABN", "IVR", "VM")
        if "Submitted" in row:
            refused["unreadable_date"] += not readable(row["Submitted"], "%Y-%m-%d")
    return {fault: n for fault, n in refused.items() if n}


def account_of(file, name):
    """What becomes of the rows of one CSV file, found with the csv module alone."""
    form = WRITTEN.get(name, {})
    with file.open(newline="", encoding=form.get("encoding", "utf-8")) as lines:
        rows = [tuple(row.items()) for row in csv.DictReader(lines, delimiter=form.get("sep", ","))]
    distinct = dict.fromkeys(rows)
    refused = refused_in(name, [dict(row) for row in distinct])
    return {
        "rows": len(rows),
        "used": len(distinct) - sum(refused.values()),
        "deduplicated": len(rows) - len(distinct),
        "layout": 0,
        "quarantined": refused,
    }


def test_truth_counts_the_faults_that_are_in_the_files(exports, truth):
    for name, file in truth["files"].items():
        if name.endswith(".csv") and "claims_" not in name:
            assert account_of(exports / name, name) == {key: n for key, n in file.items() if key != "bytes"}, name


def test_the_last_delivery_of_all_claims_holds_those_before_and_corrects_some(exports, truth):
    names = [name for name in truth["files"] if "claims_" in name]
    assert names == ["harbor_heart/claims_2026-06-30.csv", "harbor_heart/claims_2026-09-30.csv"]
    before, after = (read(exports, exports / name).fillna("") for name in names)
    told = [truth["files"][name] for name in names]
    assert [file["rows"] for file in told] == [len(before), len(after)]
    assert [file["used"] for file in told] == [0, len(after)]
    assert set(before["ClaimNo"]) < set(after["ClaimNo"])
    corrected = len(before) - len(before.merge(after))
    assert 200 < corrected < 2_000  # not yet answered in June


def test_the_workbook_holds_titles_a_second_header_and_subtotals_that_add_up(exports, truth):
    sheet = python_calamine.load_workbook(exports / "summit_heart" / "ledger.xlsx").get_sheet_by_index(0)
    rows = sheet.to_python()
    header = rows.index(next(row for row in rows if row[0] == "Account"))
    accounts = [row for row in rows if str(row[0]).isdigit()]
    told = truth["files"]["summit_heart/ledger.xlsx"]
    assert (told["used"], told["layout"]) == (36 * len(accounts), len(rows) - 1 - len(accounts))
    assert told["rows"] == told["used"] + told["layout"]
    assert header == 2 and rows.count(rows[header]) == 2 and rows[header][3:5] == ["Oct 2023", "Nov 2023"]
    block: list[list] = []
    for row in rows[header + 1 :]:
        if str(row[0]).startswith("Total"):
            assert [round(sum(column), 2) for column in zip(*block, strict=True)] == row[3:]
            block = []
        elif str(row[0]).isdigit():
            block.append(row[3:])
    books = of_workbook(exports / "summit_heart" / "ledger.xlsx")
    assert len(books) == 36 and (books > 0).all().all()


def test_every_kind_of_fault_is_planted_where_it_was_promised(truth):
    def files(name):
        return [file for path, file in truth["files"].items() if path.endswith(name)]

    appointments, phones = files("appointments.csv"), files("phones.csv")
    assert all(5 <= file["deduplicated"] <= 30 for file in [*appointments, *phones, *files("transactions.csv")])
    assert all({"impossible_status", "unreadable_time"} <= set(file["quarantined"]) for file in appointments)
    assert [file["quarantined"].get("conflicting_id", 0) for file in appointments].count(2) == 2
    assert truth["files"]["ledger.csv"]["quarantined"] == {"unknown_practice": 1, "unreadable_amount": 1}
    coded = truth["files"]["meadow_park/appointments.csv"]
    assert 0 < sum(coded["quarantined"].values()) < coded["rows"] / 100
    assert all(0 < file["quarantined"]["unmapped_outcome"] < file["rows"] / 100 for file in phones)
    assert sum(file["bytes"] for file in truth["files"].values()) < 100e6


def header_of(feed):
    """The columns that a feed reads, in order: those declared, else those of the table's template. Nobody fills in
    whether the practice was open; the opening calendar tells."""
    if "columns" in feed:
        return list(feed["columns"].values())
    whole = as_csv(TABLES[feed["table"]], group="{practice}" not in feed["path"]).strip().split(",")
    return [name for name in whole if name != "in_hours"]


def feeds_of(practice):
    """The feeds of one practice: the group's that are not the whole group's file, with its own on top."""
    group = yaml.safe_load((PARAMS / "group.yaml").read_text())
    own = yaml.safe_load((PARAMS / f"{practice}.yaml").read_text())
    shared = {name: feed for name, feed in group["feeds"].items() if "{practice}" in feed["path"]}
    return shared | own.get("feeds", {})


def test_the_exports_say_what_the_params_read(exports):
    practices = {yaml.safe_load(file.read_text())["practice"]: file.stem for file in PARAMS.glob("[!g]*.yaml")}
    assert sorted(practices) == sorted(practices.values()) == sorted(clinic.id for clinic in CLINICS)
    shared = yaml.safe_load((PARAMS / "group.yaml").read_text())["feeds"].values()
    of_all = [feed for feed in shared if "{practice}" not in feed["path"]]
    for feed in of_all:
        assert (exports / feed["path"]).read_text().split("\n")[0].split(",") == header_of(feed), feed["path"]
    found = {"truth.json", *(feed["path"] for feed in of_all)}
    for practice in practices:
        for name, feed in feeds_of(practice).items():
            files = sorted(exports.glob(feed["path"].format(practice=practice)))
            assert files, (practice, name)
            found |= {str(file.relative_to(exports)) for file in files}
            for file in files:
                if file.suffix == ".csv" and feed["kind"] == "table_file":
                    first = file.read_text(encoding=feed.get("encoding", "utf-8")).split("\n")[0]
                    assert header_of(feed) == first.split(feed.get("delimiter", ",")), (practice, name)
    assert found == set(files_in(exports))  # no file that no feed reads


def test_the_opening_calendar_is_that_by_which_visits_were_booked():
    opening = yaml.safe_load((PARAMS / "group.yaml").read_text())["opening"]
    assert opening["closed"] == CLOSED
    assert set(opening["hours"]) == {"mon", "tue", "wed", "thu", "fri"}
    assert set(opening["hours"].values()) == {f"{OPENS // 3600:02}:00-{SHUTS // 3600}:00"}


def test_value_maps_name_every_code_but_those_planted_as_unmapped(exports):
    for practice in ("meadow_park", "north_clinic"):
        for feed in feeds_of(practice).values():
            for ours, mapped in feed.get("values", {}).items():
                table = TABLES[feed["table"]]
                allowed = next(c.allowed for c in table.columns if c.name == ours)
                assert not allowed or set(mapped.values()) <= set(allowed)  # free text may be called anything
                file = exports / feed["path"].format(practice=practice)
                written = read(exports, file)[feed["columns"][ours]].dropna()
                assert set(written) - set(mapped) <= {"RS", "KEPT?", "XFR"}


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
