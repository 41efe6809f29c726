"""The store: read once, made anew when anything changed, one practice's fault its own, nobody's name in it."""

import os
import stat

import pandas as pd
import pytest

from bsc_analysis.disclosure import disclose
from bsc_analysis.engine.worker import refuse_required
from bsc_analysis.errors import CannotWrite, FeedError, PracticeFailed
from bsc_analysis.params import load_group
from bsc_analysis.report.quality import arrivals
from bsc_analysis.store import intake, open_store
from bsc_analysis.store.strays import strays
from bsc_analysis.tables import TABLES
from tests.builders import group, rows, text, write

GROUP = """
    group: g
    title: The group
    grain: month
    kpis: {no_show_rate: }
    feeds:
      visits:
        kind: table_file
        table: visits
        path: "{practice}/visits.csv"
        required: true
        columns: {visit_id: visit, patient_id: mrn, appointment_at: at, status: status}
      ledger:
        kind: table_file
        table: ledger
        path: ledger.csv
        columns: {practice: clinic, month: month, account: account, account_group: group, amount: amount}
    """
PARAMS = {"group.yaml": GROUP} | {f"{p}.yaml": f"group: g\npractice: {p}\ntitle: Clinic {p}\n" for p in "abc"}
VISITS = """
    visit,mrn,at,status
    v1,MRN-00123,2026-01-05 09:00,kept
    v2,MRN-00456,2026-01-05 09:20,no_show
    v3,MRN-00123,2026-02-05 09:20,booked
    """
LEDGER = """
    clinic,month,account,group,amount
    a,2026-01-01,4000,rent,100
    b,2026-01-01,4000,rent,200
    z,2026-01-01,4000,rent,300
    """
EXPORTS = {"a/visits.csv": VISITS, "b/visits.csv": VISITS, "c/visits.csv": VISITS, "ledger.csv": LEDGER}
AS_FEED = """
    group: g
    practice: a
    title: Clinic a
    feeds:
      extra:
        kind: table_file
        table: visits
        path: "{path}"
        columns: {columns}
    """
OWN = "{visit_id: visit, patient_id: mrn, appointment_at: at, status: status}"


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch):
    monkeypatch.delenv("BSC_KEY_G", raising=False)


def table(store, name, columns):
    return rows(pd.read_parquet(store.table(name)), columns)


def accounts(store):
    balance = store.accounts.assign(right=lambda a: a.physical == a.used + a.quarantined + a.deduplicated)
    assert balance["right"].all()
    return rows(balance, "practice feed physical used quarantined deduplicated")


def touched(path, later=1.0):
    """The file as if written `later` seconds after it was, whatever the clock's grain."""
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + later))


# --- what is in it ---


def test_every_feed_becomes_a_table_with_an_account(tmp_path):
    store = open_store(group(tmp_path, PARAMS, EXPORTS))
    assert accounts(store) == [" ledger 3 2 1 0", "a visits 3 3 0 0", "b visits 3 3 0 0", "c visits 3 3 0 0"]
    assert table(store, "ledger", "practice account amount") == ["a 4000 100", "b 4000 200"]
    assert table(store, "visits", "practice visit_id status")[:3] == ["a v1 kept", "a v2 no_show", "a v3 booked"]
    assert rows(store.quarantine, "feed practice file line column rule") == [
        "ledger  ledger.csv 4 practice unknown practice"
    ]
    assert store.troubles.empty
    assert store.table("survey_answers") is None


def test_bookings_ahead_do_not_count_as_reached(tmp_path):
    store = open_store(group(tmp_path, PARAMS, EXPORTS))
    reached = store.through[store.through["feed"] == "visits"]
    assert rows(reached, "practice first last")[0] == "a 2026-01-05 09:00:00 2026-01-05 09:20:00"


def test_warnings_are_troubles_of_their_practice(tmp_path):
    exports = EXPORTS | {"b/visits.csv": "visit,note,mrn,at,status\nv1,late,p1,2026-01-05,kept\n"}
    store = open_store(group(tmp_path, PARAMS, exports))
    assert rows(store.troubles, "practice feed required message") == [
        "b visits False b/visits.csv: columns not used: note"
    ]


# --- faults ---


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "feeds.visits  no such file in the group's data folder"),
        ("", "header  the file is empty"),
        ("visit,mrn,at\nv1,p,2026-01-05\n", "column status  is not in the file. Expected for status;"),
        (b"visit,mrn,at,status\nv1,M\xfcller,2026-01-05,kept\n", "line 2  is not UTF-8"),
        ('visit,mrn,at,status\nv1,"p,2026-01-05,kept\n', "line 2  opens a quote that is never closed"),
    ],
    ids=["missing", "empty", "column", "encoding", "quote"],
)
def test_one_practices_faulty_file_is_its_own_trouble(tmp_path, content, told):
    exports = {path: c for path, c in (EXPORTS | {"b/visits.csv": content}).items() if c is not None}
    whole, hurt = (
        open_store(group(tmp_path / "whole", PARAMS, EXPORTS)),
        open_store(group(tmp_path / "hurt", PARAMS, exports)),
    )
    (trouble,) = hurt.troubles.itertuples()
    assert (trouble.practice, trouble.feed, trouble.table, trouble.required) == ("b", "visits", "visits", True)
    assert told in trouble.message
    for name in ("visits", "ledger"):
        shown = "practice visit_id status appointment_at" if name == "visits" else "practice month account amount"
        others = [r for r in table(whole, name, shown) if name == "ledger" or not r.startswith("b")]
        assert table(hurt, name, shown) == others


BAD_DATES = "visit,mrn,at,status\nv1,p1,CANARY,kept\nv2,p2,2026-13-45,kept\nv3,p3,2026-02-05 09:00,CANARY\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("visit,mrn,at,status\n", "b/visits.csv: 1 problem\n  feeds.visits  the file holds no rows; export it again"),
        (BAD_DATES, "feeds.visits  no row of 3 could be used; mostly appointment_at: not an ISO date"),
    ],
    ids=["header", "refused"],
)
def test_a_feed_of_which_no_row_is_used_is_a_trouble_as_if_it_could_not_be_read(tmp_path, content, told):
    loaded = group(tmp_path, PARAMS, EXPORTS | {"b/visits.csv": content})
    store = open_store(loaded)
    (trouble,) = store.troubles.itertuples()
    assert (trouble.practice, trouble.feed, trouble.table, trouble.required) == ("b", "visits", "visits", True)
    assert told in trouble.message and "CANARY" not in trouble.message
    if content == BAD_DATES:
        assert "(2 rows)" in trouble.message
    seen = disclose(loaded, "b", "2026-01", store)
    assert [f.table for f in seen.arrival if f.kind == "absent"] == ["visits"]
    with pytest.raises(PracticeFailed, match="required feed visits"):
        refuse_required(seen)
    assert "no row used" in arrivals(seen, lambda _: "").html


def test_rows_set_aside_for_another_feed_are_no_trouble_though_none_is_left(tmp_path):
    given = """
        clinic,period,kpi,numerator,denominator,value,n
        a,2026-02,no_show_rate,7,100,,
        """
    feed = "{kind: readings, path: given.csv, practice: clinic, period: period, until: 2026-01}"
    params = {"group.yaml": f"group: g\ntitle: G\ngrain: month\nfeeds: {{given: {feed}}}\nkpis: {{no_show_rate: }}\n"}
    practice = {"a.yaml": "group: g\npractice: a\ntitle: A\n"}
    assert open_store(group(tmp_path, params | practice, {"given.csv": given})).troubles.empty
    late = open_store(group(tmp_path / "x", params | practice, {"given.csv": given.replace("a,2026-02", "z,2026-01")}))
    (trouble,) = late.troubles.itertuples()
    assert trouble.practice == "" and "mostly practice: unknown practice; mend" in trouble.message


@pytest.mark.parametrize("content", [None, "", "clinic,month\na,2026-01-01\n"], ids=["missing", "empty", "column"])
def test_a_faulty_file_of_the_whole_group_stops_all_and_leaves_nothing(tmp_path, content):
    exports = {path: c for path, c in (EXPORTS | {"ledger.csv": content}).items() if c is not None}
    loaded = group(tmp_path, PARAMS, exports)
    with pytest.raises(FeedError, match=r"ledger\.csv: "):
        open_store(loaded)
    assert [p.name for p in (tmp_path / "data" / "g" / "store").iterdir() if p.is_dir()] == []


def test_a_practices_own_file_cannot_speak_for_another(tmp_path):
    own = AS_FEED.replace("{path}", "a/extra.csv").replace("{columns}", "{practice: clinic, " + OWN[1:])
    extra = "clinic,visit,mrn,at,status\na,x1,p,2026-01-05 09:00,kept\nb,x2,p,2026-01-05 09:00,kept\n"
    store = open_store(group(tmp_path, PARAMS | {"a.yaml": own}, EXPORTS | {"a/extra.csv": extra}))
    assert [r for r in table(store, "visits", "practice visit_id") if "x" in r] == ["a x1"]
    assert rows(store.quarantine, "feed line rule")[1:] == ["extra 3 unknown practice"]


def test_two_feeds_of_the_same_rows_are_not_counted_twice(tmp_path):
    own = AS_FEED.replace("{path}", "a/visits.csv").replace("{columns}", OWN)
    store = open_store(group(tmp_path, PARAMS | {"a.yaml": own}, EXPORTS))
    assert rows(store.troubles, "practice feed message") == [
        "a extra a/visits.csv: 1 problem\n"
        "  feeds.extra  gives 3 rows of visits that feed visits gives too; leave them out of one"
    ]
    assert len(table(store, "visits", "practice")) == 9
    again = text(GROUP) + text(GROUP).split("feeds:\n")[1].split("  ledger:\n")[1].join(["  ledger_again:\n", ""])
    with pytest.raises(FeedError, match="gives 2 rows of ledger that feed ledger gives too"):
        open_store(group(tmp_path / "x", PARAMS | {"group.yaml": again}, EXPORTS))


def test_two_feeds_of_other_rows_of_one_table_stand_side_by_side(tmp_path):
    own = AS_FEED.replace("{path}", "a/extra.csv").replace("{columns}", OWN)
    extra = "visit,mrn,at,status\nx1,p,2026-01-05 09:00,kept\n"
    store = open_store(group(tmp_path, PARAMS | {"a.yaml": own}, EXPORTS | {"a/extra.csv": extra}))
    assert store.troubles.empty
    assert len(table(store, "visits", "practice")) == 10


def test_no_refused_value_is_in_quarantine_or_troubles(tmp_path):
    bad = "v1,CANARY1,CANARY2,kept\nv2,CANARY3,2026-01-05 09:00,CANARY4\nCANARY5\n"
    exports = EXPORTS | {
        "a/visits.csv": "visit,mrn,at,status\n" + bad,
        "b/visits.csv": 'visit,mrn,at,status\nv1,"CANARY6,2026-01-05 09:00,kept\n',
        "c/visits.csv": "v1,CANARY7,CANARY7,kept\n",
        "ledger.csv": text(LEDGER) + "CANARY8,2026-01-01,CANARY9,rent,1\na,2026-01-01,CANARY9,rent,CANARY10\n",
    }
    store = open_store(group(tmp_path, PARAMS, exports))
    assert len(store.quarantine) == 6
    assert len(store.troubles) == 3  # two files that cannot be read, one of which no row is used
    assert b"CANARY" not in everything(store)


def everything(store):
    """The bytes of every file of the store, and its tables as text, for compression hides."""
    files = sorted(store.folder.iterdir())
    return b"".join(f.read_bytes() + pd.read_parquet(f).to_csv().encode() for f in files)


# --- persons ---


def test_persons_are_pseudonyms(tmp_path):
    store = open_store(group(tmp_path, PARAMS, EXPORTS))
    assert b"MRN" not in everything(store)
    persons = pd.read_parquet(store.table("visits"))["patient_id"]
    assert persons.nunique() == 2
    assert persons[0] == persons[2] != persons[1]


def test_pseudonyms_stay_while_the_key_stays(tmp_path, monkeypatch):
    def persons(root):
        return pd.read_parquet(open_store(group(root, PARAMS, EXPORTS)).table("visits"))["patient_id"].tolist()

    first = persons(tmp_path / "one")
    write(tmp_path / "one" / "exports" / "g", {"ledger.csv": text(LEDGER) + "a,2026-01-01,4001,rent,1\n"})
    loaded = load_group("g", tmp_path / "one", tmp_path / "one" / "exports")
    assert pd.read_parquet(open_store(loaded).table("visits"))["patient_id"].tolist() == first
    assert persons(tmp_path / "two") != first
    monkeypatch.setenv("BSC_KEY_G", "a key of the client's own")
    assert persons(tmp_path / "three") == persons(tmp_path / "four") != first
    assert not (tmp_path / "three" / "data" / "g" / "store" / "pseudonym.key").exists()


def test_only_the_owner_may_read_it(tmp_path):
    old = os.umask(0o000)
    try:
        store = open_store(group(tmp_path, PARAMS, EXPORTS))
        store.keep("readings", lambda: pd.DataFrame({"value": [1.0]}))
    finally:
        os.umask(old)
    root = tmp_path / "data" / "g" / "store"
    modes = {p: stat.S_IMODE(p.stat().st_mode) for p in [root, *root.rglob("*")]}
    assert {mode for p, mode in modes.items() if p.is_dir()} == {0o700}
    assert {mode for p, mode in modes.items() if p.is_file()} == {0o600}
    names = {p.name for p in modes}
    assert {"visits.parquet", "quarantine.parquet", "readings.parquet", "pseudonym.key", "rows.parquet"} < names


def test_nothing_is_written_beside_the_exports(tmp_path):
    loaded = group(tmp_path, PARAMS, EXPORTS)
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "exports").rglob("*")}
    open_store(loaded)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "exports").rglob("*")} == before


# --- made once ---


def test_an_unchanged_group_is_not_read_again(tmp_path, monkeypatch):
    loaded = group(tmp_path, PARAMS, EXPORTS)
    first = open_store(loaded)
    made = first.folder.stat().st_ino

    def never(context, keep):
        raise AssertionError("read again")

    monkeypatch.setattr(intake, "deliver", never)
    again = open_store(loaded)
    assert again.folder == first.folder
    assert again.folder.stat().st_ino == made


def test_what_is_kept_is_made_once(tmp_path):
    store = open_store(group(tmp_path, PARAMS, EXPORTS))
    made = []

    def make():
        made.append(1)
        return pd.DataFrame({"value": [1.0]})

    assert store.keep("readings", make).equals(store.keep("readings", make))
    assert made == [1]


CHANGES = {
    "a byte of an export": ("exports/g/ledger.csv", LEDGER.replace("100", "101")),
    "a new export": ("exports/g/d/visits.csv", VISITS),
    "the group's params": ("params/g/group.yaml", GROUP.replace("The group", "Our group")),
    "a practice's params": ("params/g/a.yaml", "group: g\npractice: a\ntitle: Clinic A\n"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("above", ["ws", "store"])  # 'store' is also a folder that a workspace may lie in
def test_any_change_makes_a_new_store_and_leaves_the_old_to_its_readers(tmp_path, change, above):
    root = tmp_path / above
    first = open_store(group(root, PARAMS, EXPORTS))
    path, content = CHANGES[change]
    write(root, {path: content})
    touched(root / path)
    second = open_store(load_group("g", root, root / "exports"))
    assert second.folder != first.folder
    assert len(table(first, "visits", "practice")) == 9
    if "byte" in change:
        assert table(second, "ledger", "amount") == ["101", "200"]


def test_of_old_stores_the_newest_two_stay_and_those_used_within_the_hour(tmp_path):
    group(tmp_path, PARAMS, EXPORTS)

    def made(title, hours=0):
        folder = open_store(group(tmp_path, {"group.yaml": GROUP.replace("The group", title)})).folder
        os.utime(folder, (folder.stat().st_atime, folder.stat().st_mtime - 3600 * hours))
        return folder

    one, two = made("one", hours=4), made("two", hours=3)
    assert one.exists()  # one of the newest two
    left = one.parent / ".part-killed"
    left.mkdir(mode=0o700)
    os.utime(left, (0, 0))
    three = made("three")
    assert [place.exists() for place in (one, two, left)] == [False, True, False]
    made("two")  # someone comes back to it
    for title in ("four", "five"):
        made(title)
    assert [place.exists() for place in (two, three)] == [True, True]


def test_exports_in_the_workspaces_own_data_folder_and_behind_a_link(tmp_path):
    group(tmp_path, PARAMS)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "elsewhere")
    write(tmp_path / "data" / "g", EXPORTS)
    loaded = load_group("g", tmp_path)
    first = open_store(loaded)
    assert open_store(loaded).folder == first.folder
    write(tmp_path / "data" / "g", {"ledger.csv": LEDGER.replace("100", "101")})
    touched(tmp_path / "data" / "g" / "ledger.csv")
    assert open_store(loaded).folder != first.folder


def test_a_practice_called_store_is_read_like_others(tmp_path):
    params = {"group.yaml": GROUP, "store.yaml": "group: g\npractice: store\ntitle: Store Street\n"}
    exports = {"store/visits.csv": VISITS, "ledger.csv": LEDGER}
    first = open_store(group(tmp_path, params, exports))
    write(tmp_path / "exports" / "g", {"store/visits.csv": VISITS.replace("no_show", "kept")})
    second = open_store(load_group("g", tmp_path, tmp_path / "exports"))
    assert second.folder != first.folder
    assert table(second, "visits", "practice status") == ["store kept", "store kept", "store booked"]


def test_a_ready_made_reading_of_a_kpi_that_the_group_has_not_chosen_is_set_aside(tmp_path):
    params = """
        group: g
        title: G
        grain: month
        feeds: {given: {kind: readings, path: given.csv, practice: clinic, period: period}}
        kpis: {no_show_rate: }
        """
    given = """
        clinic,period,kpi,numerator,denominator,value,n
        a,2026-01,no_show_rate,7,100,,
        a,2026-01,no_show_rat,7,100,,
        """
    practice = {"a.yaml": "group: g\npractice: a\ntitle: A\n"}
    store = open_store(group(tmp_path, {"group.yaml": params, **practice}, {"given.csv": given}))
    assert store.quarantine[["line", "column", "rule"]].values.tolist() == [[3, "kpi", "not a KPI of this group"]]


def test_a_store_that_cannot_be_written_says_so(tmp_path):
    made = group(tmp_path, {"group.yaml": GROUP, "a.yaml": "group: g\npractice: a\ntitle: A\n"})
    (tmp_path / "data" / "g").mkdir(parents=True)
    (tmp_path / "data" / "g" / "store").write_text("a file where the folder belongs")
    with pytest.raises(CannotWrite, match="store"):
        open_store(made)


def test_a_slip_far_from_all_other_rows_moves_no_edge_and_is_told(tmp_path):
    far = VISITS + "    v4,MRN-9,2049-01-01 09:00,kept\n    v5,MRN-9,2003-03-01 09:00,kept\n"
    far += "    v6,MRN-9,2026-03-02 09:00,kept\n    v7,MRN-9,2026-02-09 09:00,kept\n"
    store = open_store(group(tmp_path, PARAMS, EXPORTS | {"a/visits.csv": far}))
    own = store.through[(store.through["practice"] == "a") & (store.through["table"] == "visits")]
    assert rows(own, "first last") == ["2026-01-05 09:00:00 2026-03-02 09:00:00"]
    (trouble,) = store.troubles.itertuples()
    assert (trouble.practice, trouble.required) == ("a", False)
    assert "appointment_at  rows of 2003-03, 2049-01 lie more than a year from all others" in trouble.message


def test_strays_are_few_rows_at_an_end():
    def found(months: str) -> list[bool]:
        at = pd.to_datetime(pd.Series(months.split()))
        return strays(pd.DataFrame({"practice": "a", "appointment_at": at}), TABLES["visits"]).tolist()

    steady = "2026-01 2026-02 2026-03"
    assert found(f"{steady} 2049-01 2051-01") == [False] * 3 + [True] * 2
    assert found(f"{steady} 2027-03") == [False] * 4  # a year
    assert found(f"{steady} 2049-01 2049-01 2049-01") == [False] * 6  # too many for a slip
    assert found("2026-01 2049-01") == [False, False]  # nobody can tell which
    assert found("2023-01 2026-01 2026-02 2029-05 2029-06")[0] is True
