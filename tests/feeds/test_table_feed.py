"""Feeds of canonical tables: columns, duplicates, practices, several files, Parquet; and no value ever told."""

import contextlib
import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsc_analysis.errors import FeedError
from bsc_analysis.feeds import parquet as parquet_reader
from bsc_analysis.feeds import table_file
from tests.builders import LEDGER, VISITS, counts, ledger, read, refusals, rows, table_feed, text, visits

HEADER = "clinic,visit,mrn,at,status\n"
SEEN = """
    clinic,visit,mrn,at,status
    a,v1,p1,2026-01-05 09:00,kept
    a,v2,p2,2026-01-05 09:20,no_show
    b,v1,p3,2026-01-06 10:00,kept
    """


def problems(act):
    with pytest.raises(FeedError) as error:
        act()
    return str(error.value)


# --- columns ---


def test_a_renamed_column_is_refused_with_found_and_expected(tmp_path):
    told = problems(lambda: visits(tmp_path, SEEN.replace("mrn,at", "mrm,when")))
    assert told == (
        "in.csv: 2 problems\n"
        "  column mrn  is not in the file. Did you mean mrm? Expected for patient_id; "
        "found clinic, visit, mrm, when, status. Correct the export or feeds.feed.columns.patient_id\n"
        "  column at   is not in the file. Expected for appointment_at; "
        "found clinic, visit, mrm, when, status. Correct the export or feeds.feed.columns.appointment_at"
    )


def test_a_missing_column_is_refused(tmp_path):
    told = problems(lambda: visits(tmp_path, "clinic,visit,mrn,status\na,v1,p1,kept\n"))
    assert "column at  is not in the file. Expected for appointment_at; found clinic, visit, mrn, status." in told


def test_a_lost_header_is_refused_without_showing_the_row_in_its_place(tmp_path):
    told = problems(lambda: visits(tmp_path, "a,v1,JANE DOE,2026-01-05 09:00,kept\nb,v2,p2,2026-01-05 09:00,kept\n"))
    assert told == (
        "in.csv: 1 problem\n"
        "  header  has none of the columns expected (clinic, visit, mrn, at, status); is the first line the header?"
    )
    twice = problems(lambda: visits(tmp_path, "a,JANE DOE,JANE DOE,2026-01-05 09:00,kept\n"))
    assert twice == told


def test_an_unknown_column_is_a_warning_only(tmp_path):
    wide = "\n".join(f"{line},note" if i == 0 else f"{line},x" for i, line in enumerate(text(SEEN).splitlines())) + "\n"
    delivery = visits(tmp_path, wide)
    assert delivery.warnings == ["in.csv: columns not used: note"]
    pd.testing.assert_frame_equal(delivery.rows, visits(tmp_path, SEEN).rows)
    assert visits(tmp_path, SEEN).warnings == []


def beside(more, cells):
    """The visits seen, with `more` behind the header and `cells` behind each row."""
    lines = text(SEEN).splitlines()
    return "\n".join([lines[0] + more, *(line + cells for line in lines[1:])]) + "\n"


def test_columns_without_a_name_are_left_out_and_told_only_where_they_hold_anything(tmp_path):
    for more in (",", ",,", ", ,"):
        delivery = visits(tmp_path, beside(more, more))
        pd.testing.assert_frame_equal(delivery.rows, visits(tmp_path, SEEN).rows)
        assert delivery.warnings == []
    assert visits(tmp_path, beside(",,", ",,x")).warnings == ["in.csv: columns without a name, not used: 7"]


def test_a_name_twice_matters_only_in_a_column_wanted(tmp_path):
    delivery = visits(tmp_path, beside(",note,note", ",x,y"))
    pd.testing.assert_frame_equal(delivery.rows, visits(tmp_path, SEEN).rows)
    assert delivery.warnings == ["in.csv: columns not used: note"]
    told = problems(lambda: visits(tmp_path, beside(",note,status,note", ",x,kept,y")))
    assert told == "in.csv: 1 problem\n  header  gives the same name twice, in columns 5, 7; rename one"


def test_the_order_of_columns_does_not_matter(tmp_path):
    turned = "\n".join(",".join(reversed(line.split(","))) for line in text(SEEN).splitlines()) + "\n"
    pd.testing.assert_frame_equal(visits(tmp_path, turned).rows, visits(tmp_path, SEEN).rows)


# --- duplicates and practices ---


def test_a_row_twice_counts_once(tmp_path):
    delivery = visits(tmp_path, text(SEEN) + "a,v1,p1,2026-01-05 09:00,kept\n a, v1,p1,2026-01-05T09:00, kept\n")
    assert counts(delivery) == "5 = 3 + 0 + 2"
    pd.testing.assert_frame_equal(delivery.rows, visits(tmp_path, SEEN).rows)


def test_a_file_delivered_twice_counts_once(tmp_path):
    delivery = visits(tmp_path, {"1.csv": SEEN, "2.csv": SEEN})
    assert counts(delivery) == "6 = 3 + 0 + 3"
    assert [(a.file, a.used, a.deduplicated) for a in delivery.accounts] == [("1.csv", 3, 0), ("2.csv", 0, 3)]


def test_one_key_with_two_contents_is_quarantined_both_times(tmp_path):
    delivery = visits(
        tmp_path,
        {
            "1.csv": SEEN,
            "2.csv": """
                clinic,visit,mrn,at,status
                a,v1,p1,2026-01-05 09:00,cancelled
                a,v1,p1,2026-01-05 09:00,cancelled
                a,v3,p3,2026-01-05 09:40,kept
                """,
        },
    )
    assert counts(delivery) == "6 = 3 + 2 + 1"
    assert refusals(delivery) == [
        "1.csv:2 visit_id: the same key with other values",
        "2.csv:2 visit_id: the same key with other values",
    ]
    assert rows(delivery.rows, "practice visit_id") == ["a v2", "b v1", "a v3"]


def test_the_same_key_of_two_practices_is_no_contradiction(tmp_path):
    assert rows(visits(tmp_path, SEEN).rows, "practice visit_id") == ["a v1", "a v2", "b v1"]


def test_an_unknown_practice_is_quarantined(tmp_path):
    delivery = visits(tmp_path, SEEN, practices=["a", "B"])
    assert counts(delivery) == "3 = 2 + 1 + 0"
    assert refusals(delivery) == ["in.csv:4 practice: unknown practice"]
    assert delivery.refused["practice"].tolist() == [""]


def test_a_refusal_belongs_to_its_practice(tmp_path):
    delivery = visits(
        tmp_path,
        """
        clinic,visit,mrn,at,status
        b,v1,p1,2026-01-05 09:00,lost
        a,v2
        z,v3,p1,2026-01-05 09:00,lost
        """,
    )
    assert delivery.refused["practice"].tolist() == ["b", "", ""]


def test_a_file_of_one_practice_gives_its_rows_to_that_practice(tmp_path):
    own = {name: column for name, column in VISITS.items() if name != "practice"}
    spec = table_feed("visits", own, path="{practice}/*.csv")
    content = "visit,mrn,at,status\nv1,p1,2026-01-05 09:00,kept\nv2,p1,2026-01-05 09:00,lost\nv3\n"
    delivery = read(tmp_path, spec, {"a/in.csv": content, "b/in.csv": content}, practice="b")
    assert counts(delivery) == "3 = 1 + 2 + 0"
    assert rows(delivery.rows, "practice visit_id") == ["b v1"]
    assert [a.file for a in delivery.accounts] == ["b/in.csv"]
    assert delivery.refused["practice"].tolist() == ["b", "b"]


@pytest.mark.parametrize("much", [slice(1, None), [0, 0, 1, 2]], ids=["lost", "made up"])
def test_a_row_lost_or_made_up_after_reading_refuses_the_file(tmp_path, monkeypatch, much):
    real = table_file.typed_rows

    def careless(*given):
        typed, refusals = real(*given)
        return typed.iloc[much].assign(visit_id=[f"x{i}" for i in range(len(typed.iloc[much]))]), refusals

    monkeypatch.setattr(table_file, "typed_rows", careless)
    seen = 2 if isinstance(much, slice) else 4
    told = f"in.csv: 1 problem\n  rows  the file holds 3 rows, {seen} were accounted for; it is refused whole"
    assert problems(lambda: visits(tmp_path, SEEN)) == told


# --- several files ---


def test_files_with_no_rows_or_no_good_rows_stand_beside_others(tmp_path):
    delivery = visits(
        tmp_path,
        {"1.csv": HEADER, "2.csv": SEEN, "3.csv": HEADER + "a,v9,p9,never,kept\n", "4.csv": HEADER + "a,v9\n"},
    )
    assert counts(delivery) == "5 = 3 + 2 + 0"
    assert [(a.physical, a.used, a.quarantined) for a in delivery.accounts] == [
        (0, 0, 0),
        (3, 3, 0),
        (1, 0, 1),
        (1, 0, 1),
    ]
    assert refusals(delivery)[1] == "4.csv:2 : has 2 of 5 fields"
    pd.testing.assert_frame_equal(delivery.rows, visits(tmp_path / "alone", SEEN).rows)


def test_a_header_alone_delivers_a_table_without_rows(tmp_path):
    delivery = visits(tmp_path, HEADER)
    assert counts(delivery) == "0 = 0 + 0 + 0"
    assert list(delivery.rows.columns) == list(visits(tmp_path, SEEN).rows.columns)


def test_one_faulty_file_of_several_refuses_the_feed(tmp_path):
    assert problems(lambda: visits(tmp_path, {"1.csv": SEEN, "2.csv": ""})).startswith("2.csv: 1 problem\n  header")


def visit(practice, number, status, hour):
    return f"{practice},v{number},p{number % 3},2026-01-05 {hour:02}:00,{status}\n"


ROWS = st.lists(
    st.builds(
        visit,
        st.sampled_from(["a", "b", "z"]),
        st.integers(1, 6),
        st.sampled_from(["kept", "no_show", "lost"]),
        st.integers(8, 9),
    ),
    max_size=12,
)


def outcome(delivery):
    """The rows in an order of their own, and how many were not used."""
    physical, _, quarantined, deduplicated = (int(n) for n in counts(delivery).split()[::2])
    content = sorted(rows(delivery.rows, "practice visit_id patient_id appointment_at status"))
    return content, quarantined, deduplicated, physical


@settings(max_examples=40, deadline=None)
@given(lines=ROWS, cut=st.integers(0, 12), seed=st.integers(0, 99))
def test_order_and_splitting_change_nothing(tmp_path_factory, lines, cut, seed):
    folder = tmp_path_factory.mktemp("split")
    shuffled = random.Random(seed).sample(lines, len(lines))
    whole = visits(folder / "whole", HEADER + "".join(lines))
    turned = visits(folder / "turned", HEADER + "".join(shuffled))
    halves = {"1.csv": HEADER + "".join(lines[:cut]), "2.csv": HEADER + "".join(lines[cut:])}
    split = visits(folder / "split", halves)
    assert outcome(whole) == outcome(turned) == outcome(split)


@settings(max_examples=40, deadline=None)
@given(lines=ROWS)
def test_a_second_delivery_changes_only_what_is_deduplicated(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("twice")
    good = [line for line in lines if "lost" not in line and line[0] != "z"]
    content = HEADER + "".join(good)
    used, quarantined, deduplicated, physical = outcome(visits(folder / "once", content))
    twice = visits(folder / "twice", {"1.csv": content, "2.csv": content})
    assert outcome(twice) == (used, quarantined, deduplicated + physical, 2 * physical)


# --- Parquet ---


def parquet(folder, content, **types):
    """The CSV text as a Parquet file in the folder, every column text unless `types` tells."""
    folder.mkdir(exist_ok=True)
    (folder / "in.tmp").write_text(text(content))
    frame = pd.read_csv(folder / "in.tmp", dtype="str", keep_default_na=False).astype(types)
    (folder / "in.tmp").unlink()
    frame.to_parquet(folder / "in.parquet", index=False)
    return (folder / "in.parquet").read_bytes()


def test_parquet_gives_what_csv_gives(tmp_path):
    content = (
        text(SEEN) + "a,00123,NA,2026-01-07 09:00,kept\na,v9,p9,2026-01-07 09:00,lost\na,,p1,2026-01-07 09:00,kept\n"
    )
    as_text, typed = parquet(tmp_path / "x", content), parquet(tmp_path / "y", content, at="datetime64[ns]")
    expected = visits(tmp_path / "csv", content)
    for form in (as_text, typed):
        delivery = visits(tmp_path / "parquet", {"in.parquet": form}, path="*.parquet")
        assert counts(delivery) == counts(expected) == "6 = 4 + 2 + 0"
        pd.testing.assert_frame_equal(delivery.rows, expected.rows)
        assert refusals(delivery) == [
            "in.parquet:5 status: not one of kept, no_show, late_cancel, cancelled, booked",
            "in.parquet:6 visit_id: blank",
        ]
    assert expected.rows["visit_id"].tolist() == ["v1", "v2", "v1", "00123"]
    assert expected.rows["patient_id"].tolist() == ["p1", "p2", "p3", "NA"]


def test_numbers_in_parquet_are_read_and_missing_ones_are_blank(tmp_path):
    frame = pd.DataFrame(
        {
            "clinic": "a",
            "month": [pd.Timestamp("2026-01-01").date()] * 4,
            "account": [4000, 4001, 4002, 4003],
            "group": pd.Categorical(["rent"] * 4),
            "amount": [1234.5, 0.00001, -1e20, None],
            "tags": [["x"]] * 4,
            "photo": [b"\xff"] * 4,
        }
    )
    (tmp_path / "x").mkdir()
    frame.to_parquet(tmp_path / "x" / "in.parquet")
    delivery = ledger(tmp_path / "x", {}, path="*.parquet")
    assert rows(delivery.rows, "account amount") == ["4000 1234.5", "4001 1e-05", "4002 -1e+20"]
    assert refusals(delivery) == ["in.parquet:4 amount: blank"]


@pytest.mark.parametrize("keep", [0, 3, 0.3, 0.6, 0.9, 0.99])
def test_truncated_parquet_is_refused(tmp_path, keep):
    whole = parquet(tmp_path / "x", SEEN)
    cut = whole[: keep if keep in (0, 3) else int(len(whole) * keep)]
    told = problems(lambda: visits(tmp_path / "y", {"in.parquet": cut}, path="*.parquet"))
    assert told.startswith("in.parquet: 1 problem\n  file  is not a Parquet file that can be read (")


def test_damaged_parquet_is_refused_or_read_and_never_a_crash(tmp_path):
    whole, chance = parquet(tmp_path / "x", SEEN), random.Random(1)
    for _ in range(60):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        with contextlib.suppress(FeedError):
            counts(visits(tmp_path / "y", {"in.parquet": bytes(damaged)}, path="*.parquet"))


def test_parquet_of_lists_alone_has_no_column_for_us(tmp_path):
    tmp_path.joinpath("x").mkdir()
    pd.DataFrame({"clinic": [["a"]], "visit": [["v"]]}).to_parquet(tmp_path / "x" / "in.parquet")
    assert "has none of the columns expected" in problems(lambda: visits(tmp_path / "x", {}, path="*.parquet"))


def test_parquet_that_opens_to_too_much_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    bomb = tmp_path / "in.parquet"
    pd.DataFrame({name: ["a"] * 1_000_000 for name in VISITS.values()}).to_parquet(bomb)
    assert bomb.stat().st_size < 50_000
    monkeypatch.setattr(parquet_reader, "MOST_BYTES", 20_000_000)
    monkeypatch.setattr(parquet_reader.pq, "read_table", None)
    told = problems(lambda: visits(tmp_path, {}, path="*.parquet"))
    assert told == "in.parquet: 1 problem\n  size  opens to more than 0.02 GB"


def test_numbers_of_parquet_are_numbers_whatever_mark_is_declared(tmp_path):
    frame = pd.DataFrame({"clinic": "a", "month": "2026-01-01", "account": ["1", "2"], "group": "rent"})
    frame.assign(amount=[1.234, 5.5]).to_parquet(tmp_path / "in.parquet")
    delivery = ledger(tmp_path, {}, path="*.parquet", decimal=",")
    assert rows(delivery.rows, "amount") == ["1.234", "5.5"]


@pytest.mark.parametrize("kind", ["float16", "float32", "float64"])
def test_no_number_in_parquet_is_blank_even_as_an_id(tmp_path, kind):
    frame = pd.DataFrame({"clinic": "a", "visit": ["v1", "v2"], "at": "2026-01-05 09:00", "status": "kept"})
    table = pa.Table.from_pandas(frame).append_column("mrn", pa.array(np.array([7, np.nan], kind)))
    pq.write_table(table, tmp_path / "in.parquet")
    delivery = visits(tmp_path, {}, path="*.parquet")
    assert rows(delivery.rows, "patient_id") == ["7"]
    assert refusals(delivery) == ["in.parquet:2 patient_id: blank"]


# --- no value is told ---


CANARY = "Canary-77"
CANARIES = {
    "bad status": f"a,v1,p1,2026-01-05 09:00,{CANARY}",
    "bad date": f"a,v1,p1,{CANARY},kept",
    "unknown practice": f"{CANARY},v1,p1,2026-01-05 09:00,kept",
    "unknown practice, bad status": f"{CANARY},v1,p1,2026-01-05 09:00,lost",
    "a field too many": f"a,v1,p1,2026-01-05 09:00,kept,{CANARY}",
    "a field too few": f"a,{CANARY}",
    "clash": f"a,{CANARY},{CANARY}1,2026-01-05 09:00,kept\na,{CANARY},{CANARY}2,2026-01-05 09:00,kept",
    "cut": f"a,v1,p1,2026-01-05 09:00,{CANARY}",
}


@pytest.mark.parametrize("name", CANARIES)
def test_a_refused_value_is_in_no_quarantine_and_no_warning(tmp_path, name):
    content = HEADER + CANARIES[name] + ("" if name == "cut" else "\n")
    delivery = visits(tmp_path, content)
    counts(delivery)
    assert len(delivery.refused) == delivery.accounts[0].physical
    assert CANARY not in delivery.refused.to_csv() + str(delivery.warnings) + str(delivery.accounts)


def test_a_refused_practice_that_could_be_any_is_not_told_either(tmp_path):
    delivery = visits(tmp_path, HEADER + f"{CANARY} Jane,v1,p1,2026-01-05 09:00,lost\n", practices=None)
    assert CANARY not in delivery.refused.to_csv()


@pytest.mark.parametrize(
    "content",
    [
        f'{HEADER}a,v1,"{CANARY},2026-01-05 09:00,kept\n',
        f'{HEADER}a,v1,"{CANARY}" Jane,2026-01-05 09:00,kept\n',
        f'{HEADER}a,v1,x{CANARY}",2026-01-05 09:00,kept\na,v2,x{CANARY}",2026-01-05 09:00,kept\n',
        f"{HEADER}a,v1,{CANARY * 20_000},2026-01-05 09:00,kept\n",
        f"a,v1,{CANARY},2026-01-05 09:00,kept\n",
        f"a,v1,{CANARY},{CANARY},kept\n",
        f"{HEADER}a,v1,{CANARY}\x00,2026-01-05 09:00,kept\n",
        f"{HEADER}a,v1,{CANARY}é,2026-01-05 09:00,kept\n".encode("latin-1"),
    ],
    ids=["unclosed", "after quote", "stray", "long", "no header", "header twice", "zero byte", "encoding"],
)
def test_a_refused_file_tells_no_value(tmp_path, content):
    assert CANARY not in problems(lambda: visits(tmp_path, content))


def test_a_practice_that_could_be_any_must_be_an_id(tmp_path):
    delivery = ledger(
        tmp_path,
        """
        clinic,month,account,group,amount
        A1,2026-01-01,4000,rent,1
        ../../evil,2026-01-01,4000,rent,1
        -x,2026-01-01,4000,rent,1
        """,
        practices=None,
    )
    assert rows(delivery.rows, "practice") == ["A1"]
    assert refusals(delivery) == ["in.csv:3 practice: not an id", "in.csv:4 practice: not an id"]


def test_a_column_not_mapped_is_empty_not_zero(tmp_path):
    delivery = visits(tmp_path, SEEN)
    assert delivery.rows[["new_patient", "arrived_at", "payer"]].isna().all(axis=None)
    assert set(LEDGER) <= set(ledger(tmp_path / "l", text("clinic,month,account,group,amount\n")).rows.columns)


def test_a_month_of_the_ledger_is_one_by_whichever_of_its_days_it_is_called(tmp_path):
    start = """
        clinic,month,account,group,amount
        a,2026-02-01,1,patient_revenue,1000
        a,2026-02-01,2,rent,100
        """
    end = start.replace("-02-01", "-02-28").replace("rent,100", "rent,120")
    delivery = read(tmp_path, table_feed("ledger", LEDGER), {"1.csv": text(start), "2.csv": text(end)})
    assert rows(delivery.rows, "month account amount") == ["2026-02-01 1 1000"]
    assert counts(delivery) == "4 = 1 + 2 + 1"
