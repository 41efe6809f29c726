"""Kept files: what did not change is not read again, and nobody can tell from the tables."""

import os
import shutil
from dataclasses import fields

import pandas as pd
import pytest

from bsc_analysis.feeds import KINDS, FileRows, deliver
from bsc_analysis.feeds.cms_aco import PUBLISHED
from bsc_analysis.feeds.context import Context
from bsc_analysis.params.feed_models import CmsAco, ReadingsFile, TableFile
from bsc_analysis.store import kept, open_store
from bsc_analysis.store.kept import KeptFiles
from bsc_analysis.tables import TABLES, Column, Table
from tests.builders import group, rows, write

GROUP = """
    group: g
    title: The group
    grain: month
    kpis:
      no_show_rate: {target: {value: 5, source: set by the practice}}
    feeds:
      visits:
        kind: table_file
        table: visits
        path: "{practice}/visits*.csv"
        columns: {visit_id: visit, patient_id: mrn, new_patient: new, appointment_at: at, status: status}
    """
LEDGER = """
      ledger:
        kind: table_file
        table: ledger
        path: ledger.csv
        columns: {practice: clinic, month: month, account: account, account_group: group, amount: amount}
    """
VISITS = """
    visit,mrn,new,at,status,note
    v1,MRN-1,y,2026-01-05 09:00,kept,
    v2,MRN-2,,2026-01-05 09:20,no_show,
    v3,MRN-2,n,2026-01-05,lost,
    """
PRACTICES = {f"{p}.yaml": f"group: g\npractice: {p}\ntitle: Clinic {p}\n" for p in "ab"}
EXPORTS = {
    "a/visits1.csv": VISITS,
    "a/visits2.csv": VISITS.replace("v", "w").replace("wisit", "visit"),
    "b/visits.csv": VISITS,
}


@pytest.fixture
def read_files(monkeypatch):
    """The files that were really read since the list was last cleared, as their accounts name them."""
    found = []
    for kind in KINDS.values():

        def spied(context, path, read=kind.read_file):
            found.append(context.shown(path))
            return read(context, path)

        monkeypatch.setattr(kind, "read_file", spied)
    return found


def opened(root, read_files, params, exports):
    """The store of the group as it now is, and the files that were read for it."""
    read_files.clear()
    store = open_store(group(root, {"group.yaml": GROUP, **PRACTICES, **params}, exports))
    return store, sorted(read_files)


def frames(store):
    return {path.name: pd.read_parquet(path) for path in sorted(store.folder.glob("*.parquet"))}


# --- what is read again ---


def test_params_that_say_nothing_of_a_feed_let_no_file_be_read_again(tmp_path, read_files):
    first, read = opened(tmp_path, read_files, {}, EXPORTS)
    assert read == sorted(EXPORTS)
    second, read = opened(tmp_path, read_files, {"group.yaml": GROUP.replace("value: 5", "value: 6")}, {})
    assert second.folder != first.folder
    assert read == []


def test_a_changed_file_is_read_alone(tmp_path, read_files):
    opened(tmp_path, read_files, {}, EXPORTS)
    changed = {"b/visits.csv": VISITS.replace("kept", "lost")}  # no byte more or less
    write(tmp_path / "exports" / "g", changed)
    os.utime(tmp_path / "exports" / "g" / "b" / "visits.csv", (0, 0))
    store, read = opened(tmp_path, read_files, {}, {})
    assert read == ["b/visits.csv"]
    assert rows(pd.read_parquet(store.table("visits")), "practice visit_id")[4:] == ["b v2"]


def test_a_new_practice_is_read_alone_but_for_files_that_may_name_it(tmp_path, read_files):
    new = {"c.yaml": "group: g\npractice: c\ntitle: Clinic c\n"}
    opened(tmp_path, read_files, {}, EXPORTS)
    assert opened(tmp_path, read_files, new, {"c/visits.csv": VISITS})[1] == ["c/visits.csv"]
    whole, ledger = tmp_path / "whole", "clinic,month,account,group,amount\nc,2026-01-01,4000,rent,1\n"
    with_ledger = {"group.yaml": GROUP.rstrip() + LEDGER}
    before, _ = opened(whole, read_files, with_ledger, {**EXPORTS, "ledger.csv": ledger})
    assert rows(before.quarantine[before.quarantine["feed"] == "ledger"], "rule") == ["unknown practice"]
    after, read = opened(whole, read_files, with_ledger | new, {"c/visits.csv": VISITS})
    assert read == ["c/visits.csv", "ledger.csv"]
    assert rows(pd.read_parquet(after.table("ledger")), "practice amount") == ["c 1"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("new_patient: new, ", ""), ("table: visits", "table: visits\n        date_format: '%Y-%m-%d %H:%M'")],
    ids=["columns", "date format"],
)
def test_a_feeds_own_params_let_its_files_be_read_again(tmp_path, read_files, old, new):
    opened(tmp_path, read_files, {}, EXPORTS)
    assert opened(tmp_path, read_files, {"group.yaml": GROUP.replace(old, new)}, {})[1] == sorted(EXPORTS)


def test_another_key_or_other_code_lets_all_be_read_again(tmp_path, read_files, monkeypatch):
    one, _ = opened(tmp_path, read_files, {}, EXPORTS)
    monkeypatch.setenv("BSC_KEY_G", "a key of the client's own")
    two, read = opened(tmp_path, read_files, {}, {})
    assert read == sorted(EXPORTS)
    persons = [set(pd.read_parquet(store.table("visits"))["patient_id"]) for store in (one, two)]
    assert persons[0].isdisjoint(persons[1])
    monkeypatch.setattr(kept, "_code", lambda: "another")
    changed = {"group.yaml": GROUP.replace("The group", "Our group")}
    assert opened(tmp_path, read_files, changed, {})[1] == sorted(EXPORTS)


def test_a_file_that_was_refused_is_read_anew_each_time(tmp_path, read_files):
    exports = {**EXPORTS, "b/visits.csv": "visit,mrn\n"}
    first, _ = opened(tmp_path, read_files, {}, exports)
    second, read = opened(tmp_path, read_files, {"a.yaml": "group: g\npractice: a\ntitle: A\n"}, {})
    assert read == ["b/visits.csv"]
    assert second.troubles.equals(first.troubles) and len(first.troubles) == 3


# --- as if it had been read ---


def test_a_store_of_kept_files_is_the_one_made_from_scratch(tmp_path, read_files):
    opened(tmp_path, read_files, {}, EXPORTS)
    changed = {"group.yaml": GROUP.replace("value: 5", "value: 6")}
    by_kept, read = opened(tmp_path, read_files, changed, {})
    assert read == []
    kept_bytes = {path.name: path.read_bytes() for path in by_kept.folder.iterdir()}
    shutil.rmtree(by_kept.folder)
    shutil.rmtree(by_kept.folder.parent / "files")
    scratch, read = opened(tmp_path, read_files, changed, {})
    assert read == sorted(EXPORTS)
    assert scratch.folder == by_kept.folder
    assert {path.name: path.read_bytes() for path in scratch.folder.iterdir()} == kept_bytes


ALL_KINDS = Table(
    "all_kinds",
    "a row",
    tuple(
        Column(kind, kind, blank=True, allowed=("x", "y"))
        for kind in ("id", "person", "text", "category", "flag", "integer", "amount", "date", "time")
    ),
    key=("id",),
    at="date",
    closing_days=1,
)
EVERY_KIND = """
    id,person,text,category,flag,integer,amount,date,time
    007,p,"a, “b”",x,y,3,1.5,2026-01-05,2026-01-05 09:00:01.25
    ~,,,,,,,,
    NA,q,None,y,n,-1,(2),2026-01-05,2026-01-05
    8,q,,z,,,,,
    """
GIVEN = {
    "practice": "clinic",
    "period": "period",
    "until": "2025",
    "kpis": {"wait_median": {"value": "wait", "n": "waited"}},
}
READINGS = """
    clinic,period,wait,waited
    a,2025-01,18.5,
    a,2026-01,18.5,3
    a,2027,never,3
    """


@pytest.mark.parametrize("which", ["every kind of column", "only blanks", "none", "readings", "aco"])
def test_rows_and_types_come_back_as_they_were(tmp_path, monkeypatch, read_files, which):
    monkeypatch.setitem(TABLES, "all_kinds", ALL_KINDS)
    columns = {c.name: c.name for c in ALL_KINDS.columns}
    header = EVERY_KIND.strip().splitlines()[0]
    spec, content = {
        "every kind of column": (None, EVERY_KIND),
        "only blanks": (None, f"{header}\n~,,,,,,,,\n"),
        "none": (None, f"{header}\n"),
        "readings": (ReadingsFile(kind="readings", path="*.csv", **GIVEN), READINGS),
        "aco": (CmsAco(kind="cms_aco", path="*.csv"), aco_file()),
    }[which]
    spec = spec or TableFile(kind="table_file", table="all_kinds", path="*.csv", columns=columns)
    write(tmp_path / "in", {"2024.csv": content})
    context = Context("feed", spec, tmp_path / "in", "a", frozenset("a"), lambda person: person * 2)
    keeper = KeptFiles(tmp_path / "kept", b"key")
    (path,) = context.files()
    read = KINDS[spec.kind].read_file(context, path)
    found = [keeper.once(KINDS[spec.kind].read_file)(context, path) for _ in range(2)]
    assert len(read_files) == 2  # ours and the first of the two
    for each in found:
        for name in (f.name for f in fields(FileRows)):
            same(getattr(each, name), getattr(read, name))
    delivered = [deliver(context), deliver(context, keeper.once)]
    pd.testing.assert_frame_equal(delivered[0].rows, delivered[1].rows)
    pd.testing.assert_frame_equal(delivered[0].refused, delivered[1].refused)


def same(one, two):
    if isinstance(two, pd.DataFrame):
        pd.testing.assert_frame_equal(one, two, check_freq=True, check_column_type="exact")
        assert [str(t) for t in one.dtypes] == [str(t) for t in two.dtypes]
    else:
        assert (one, type(one)) == (two, type(two))


def aco_file():
    cells = ["a", "Aco A", *["1"] * (len(PUBLISHED) - 2)]
    return f"{','.join(PUBLISHED.values())}\n{','.join(cells)}\n"


# --- two at once, damage, age ---


def test_two_processes_may_keep_the_same_file_at_once(tmp_path, read_files):
    write(tmp_path / "in", {"1.csv": READINGS})
    spec = ReadingsFile(kind="readings", path="*.csv", **GIVEN)
    context = Context("feed", spec, tmp_path / "in", "a", frozenset("a"), str)
    keeper, read = KeptFiles(tmp_path / "kept", b"key"), KINDS["readings"].read_file
    (path,) = context.files()
    read_files.clear()

    def overtaken(context, path):
        keeper.once(read)(context, path)  # another process reads and keeps it meanwhile
        return read(context, path)

    for _ in range(2):
        same(keeper.once(overtaken)(context, path).rows, read(context, path).rows)
    assert len(read_files) == 4  # twice for the first, and ours to compare
    assert len(list((tmp_path / "kept").iterdir())) == 1


def entries(root):
    return sorted((root / "data" / "g" / "store" / "files").iterdir())


@pytest.mark.parametrize("name", ["rows.parquet", "refused.parquet", "facts.json"])
@pytest.mark.parametrize("damage", ["a bit", "cut", "gone"])
def test_a_damaged_kept_file_is_read_anew_and_mended(tmp_path, read_files, name, damage):
    first, _ = opened(tmp_path, read_files, {}, {"a/visits.csv": VISITS})
    (place,) = entries(tmp_path)
    data = bytearray((place / name).read_bytes())
    at = data.index(b"physical") + 13 if name == "facts.json" else len(data) // 3
    data[at] ^= 1
    damaged = {"a bit": bytes(data), "cut": bytes(data[: len(data) // 2]), "gone": None}[damage]
    (place / name).unlink() if damaged is None else (place / name).write_bytes(damaged)
    for title, wanted in {"Clinic A": ["a/visits.csv"], "Clinic Å": []}.items():
        params = {"a.yaml": f"group: g\npractice: a\ntitle: {title}\n"}
        store, read = opened(tmp_path, read_files, params, {})
        assert read == wanted
        for file, frame in frames(first).items():
            pd.testing.assert_frame_equal(frame, frames(store)[file])


def test_kept_files_that_no_store_used_for_an_hour_are_swept(tmp_path, read_files):
    opened(tmp_path, read_files, {}, EXPORTS)
    (tmp_path / "exports" / "g" / "b" / "visits.csv").unlink()
    used = entries(tmp_path)
    opened(tmp_path, read_files, {}, {})
    assert entries(tmp_path) == used  # another process may have made it a moment ago
    for place in used:
        os.utime(place, (0, 0))
    (tmp_path / "exports" / "g" / "a" / "visits2.csv").unlink()
    _, read = opened(tmp_path, read_files, {}, {})
    assert read == []
    assert len(entries(tmp_path)) == 1
