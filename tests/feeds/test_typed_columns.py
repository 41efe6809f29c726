"""Text into values: what allows one reading is read, the rest quarantines its row, and no value is ever told."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsc_analysis.feeds.clock import is_date_format
from bsc_analysis.feeds.columns import amounts, pseudonymiser
from tests.builders import answers, counts, ledger, read, refusals, rows, table_feed, visits

VISITS_AT = {"visit_id": "visit", "patient_id": "mrn", "appointment_at": "at", "status": "status", "new_patient": "new"}


# --- ids ---


@pytest.mark.parametrize("kind", ["visit_id", "patient_id", "practice"])
def test_ids_stay_the_text_they_are(tmp_path, kind):
    odd = ["00123", "123", "123.0", "1E5", "100000", "NA", "None", "nan", "NULL", "N-A", "true", "0x1F", "2026-01-01"]
    field = {"visit_id": "a,{0},p", "patient_id": "a,v{1},{0}", "practice": "{0},v{1},p"}[kind]
    lines = [field.format(value, i) + ",2026-01-05 09:00,kept\n" for i, value in enumerate(odd)]
    delivery = visits(tmp_path, "clinic,visit,mrn,at,status\n" + "".join(lines), practices=["a", *odd])
    assert counts(delivery) == "13 = 13 + 0 + 0"
    assert delivery.rows[kind].tolist() == odd


def test_ids_lose_only_the_space_around_them(tmp_path):
    delivery = visits(tmp_path, "clinic,visit,mrn,at,status\n a , v 1 , p ,2026-01-05 09:00, kept \n")
    assert delivery.rows[["practice", "visit_id", "patient_id"]].values.tolist() == [["a", "v 1", "p"]]


def test_a_blank_id_is_quarantined(tmp_path):
    delivery = visits(
        tmp_path,
        """
        clinic,visit,mrn,at,status
        a,,p1,2026-01-05 09:00,kept
        a,v2, ,2026-01-05 09:00,kept
        ,v3,p3,2026-01-05 09:00,kept
        a,v4,p4,,kept
        a,v5,p5,2026-01-05 09:00,
        """,
    )
    assert counts(delivery) == "5 = 0 + 5 + 0"
    assert refusals(delivery) == [
        "in.csv:2 visit_id: blank",
        "in.csv:3 patient_id: blank",
        "in.csv:4 practice: blank",
        "in.csv:5 appointment_at: blank",
        "in.csv:6 status: blank",
    ]


def test_a_pseudonym_is_stable_keyed_and_keeps_persons_apart():
    ours, theirs = pseudonymiser(b"our key"), pseudonymiser(b"their key")
    assert ours("00123") == ours("00123")
    assert len({ours("00123"), ours("123"), theirs("00123"), theirs("123")}) == 4
    assert "123" not in (ours("00123") + theirs("00123"))[:4]
    assert len(ours("00123")) == 24


# --- amounts ---


def amount(text):
    value = amounts(pd.Series([text], dtype="str"))[0]
    return None if pd.isna(value) else float(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.50", 1234.5),
        ("1,234.50", 1234.5),
        ("$1,234.50", 1234.5),
        ("$1,234,567", 1234567),
        ("(50.00)", -50),
        ("($1,234.50)", -1234.5),
        ("-3", -3),
        ("-$3", -3),
        ("0", 0),
        ("-0.00", 0),
        ("007", 7),
        ("1e-05", 0.00001),
        ("-1.5E+3", -1500),
    ],
)
def test_an_amount_with_one_reading_is_read(text, value):
    assert amount(text) == value


DOUBTFUL = """
    1,5  1.234,50  1,23,456  1234,567  1,2345  12.34.56  1.  .5  +5  5-  1 000  1_000  1'000  1/2  1;5
    -(5)  (-5)  (−5)  −5  - 5  ((5))  (  )  ()  (5  5)
    $  -$  -  $-5  $$5  5$  5 USD  €5  5%  ５  ٣  0x10  #REF!
    NaN  nan  NA  NULL  None  inf  -inf  Infinity  1e999  -1e999  1e  1e1e1
    """


@pytest.mark.parametrize("text", [*re.split(r"\s{2,}", DOUBTFUL.strip()), "9" * 400])
def test_an_amount_that_could_be_read_otherwise_is_refused(text):
    assert amount(text) is None


@settings(max_examples=200, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_every_way_of_writing_an_amount_gives_the_same(number):
    size = abs(number)
    forms = [f"{size}", f"{size:,}", f"${size:,}", f"{size:.12e}"]
    forms = [f"-{f}" for f in forms] + [f"({f})" for f in forms[:3]] if number < 0 else forms
    assert set(amounts(pd.Series(forms, dtype="str"))) == {float(number)}


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("0123456789.,-$()eE+ %٣５nif"), max_size=12))
def test_whatever_is_read_is_a_finite_number(text):
    value = amount(text)
    assert value is None or abs(value) < float("inf")


def test_a_bad_amount_quarantines_its_row_only(tmp_path):
    delivery = ledger(
        tmp_path,
        """
        clinic,month,account,group,amount
        a,2026-01-01,4000,rent,"$1,234.50"
        a,2026-01-01,4001,rent,"1,5"
        a,2026-01-01,4002,rent,(50.00)
        a,2026-01-01,4003,rent,NaN
        a,2026-01-01,4004,rent,
        """,
    )
    assert counts(delivery) == "5 = 2 + 3 + 0"
    assert rows(delivery.rows, "account amount") == ["4000 1234.5", "4002 -50"]
    assert refusals(delivery) == [
        "in.csv:3 amount: not an amount such as 1234.50, $1,234.50 or (50.00)",
        "in.csv:5 amount: not an amount such as 1234.50, $1,234.50 or (50.00)",
        "in.csv:6 amount: blank",
    ]


# --- dates ---


def at(folder, written, date_format=None):
    """What the appointment's time is read as; ~ where its row is quarantined."""
    columns = VISITS_AT | {"practice": "clinic"}
    columns.pop("new_patient")
    lines = [f'a,v{i},p,"{w}",kept\n' for i, w in enumerate(written)]
    spec = table_feed("visits", columns, date_format=date_format)
    delivery = read(folder, spec, "clinic,visit,mrn,at,status\n" + "".join(lines))
    counts(delivery)
    found = delivery.rows.set_index("visit_id")["appointment_at"]
    return [str(found.get(f"v{i}", "~")).removesuffix(" 00:00:00") for i in range(len(written))]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2026-09-30", "2026-09-30"),
        ("2026-09", "2026-09-01"),
        ("2026-09-30 08:40", "2026-09-30 08:40:00"),
        ("2026-09-30T08:40:59", "2026-09-30 08:40:59"),
        ("2026-09-30 08:40:59.5", "2026-09-30 08:40:59.500000"),
        ("2000-01-01", "2000-01-01"),
        ("2049-12-31 23:59", "2049-12-31 23:59:00"),
    ],
)
def test_iso_dates_are_read(tmp_path, written, read_as):
    assert at(tmp_path, [written]) == [read_as]


@pytest.mark.parametrize(
    "written",
    [
        "03/04/2026",
        "13/04/2026",
        "04/13/2026",
        "30.09.2026",
        "Sep 30, 2026",
        "1900-01-01",
        "1999-12-31",
        "2050-01-01",
        "9999-12-31",
        "2026-02-30",
        "2026-13-01",
        "2026-9-5",
        "2026",
        "20260930",
        "45000",
        "45000.5",
        "1790000000",
        "2026-09-30 25:00",
        "2026-09-30T08:40Z",
        "2026-09-30 08:40+02:00",
        "2026-09-30 08:40 EST",
        "now",
        "today",
        "NaT",
        "0",
    ],
)
def test_what_is_no_iso_date_of_our_time_is_quarantined(tmp_path, written):
    assert at(tmp_path, [written, "2026-09-30"]) == ["~", "2026-09-30"]


def test_dates_of_two_zones_do_not_stop_the_file(tmp_path):
    written = ["2026-09-30 08:40+02:00", "2026-09-30 08:40-05:00", "2026-09-30T08:40Z", "2026-09-30 08:40"]
    assert at(tmp_path, written) == ["~", "~", "~", "2026-09-30 08:40:00"]


@pytest.mark.parametrize(
    ("date_format", "written", "read_as"),
    [
        ("%d/%m/%Y", "03/04/2026", "2026-04-03"),
        ("%m/%d/%Y", "03/04/2026", "2026-03-04"),
        ("%m/%d/%Y %I:%M %p", "09/30/2026 01:05 PM", "2026-09-30 13:05:00"),
        ("%d/%m/%Y", "04/13/2026", "~"),
        ("%d/%m/%Y", "2026-04-03", "~"),
        ("%d/%m/%Y", "03/04/26", "~"),
        ("%d/%m/%Y", "03/04/1926", "~"),
        ("%d/%m/%Y", "03/04/2026 09:00", "~"),
        ("%d/%m/%Y", "today", "~"),
        ("%Y%m%d", "20260930", "2026-09-30"),
        ("%Y%m%d", "now", "~"),
    ],
)
def test_a_declared_form_is_the_only_one_read(tmp_path, date_format, written, read_as):
    assert at(tmp_path, [written], date_format) == [read_as]


def test_a_bad_date_is_told_without_itself(tmp_path):
    text = "clinic,visit,mrn,at,status\na,v1,p,03/04/2026,kept\n"
    assert refusals(visits(tmp_path, text)) == [
        "in.csv:2 appointment_at: not an ISO date in local time (2026-09-30 or 2026-09-30 08:40) between 2000 and 2050"
    ]
    assert refusals(visits(tmp_path, text, date_format="%d.%m.%Y")) == [
        "in.csv:2 appointment_at: not a date as %d.%m.%Y between 2000 and 2050"
    ]


@pytest.mark.parametrize("text", ["%d/%m/%Y", "%d/%m/%Y %H:%M", "%m/%d/%y", "%d %b %Y", "%Y%m%d", "%Y-%m"])
def test_a_date_format_is_one_that_reads_its_own_dates_back(text):
    assert is_date_format(text)


@pytest.mark.parametrize(
    "text", ["mixed", "ISO8601", "now", "dd/mm/yyyy", "%d/%m", "%H:%M", "%Y", "%Q", "%", "%d/%m/%Y %z", "%d/%m/%Y %Z"]
)
def test_no_date_format(text):
    assert not is_date_format(text)


# --- flags, categories, integers ---


def test_flags(tmp_path):
    written = ["Y", "yes", "TRUE", "t", "1", "n", "No", "false", "F", "0", "", "x", "2", "yess", "NaN"]
    lines = [f"v{i},p,2026-01-05 09:00,kept,{w}\n" for i, w in enumerate(written)]
    spec = table_feed("visits", VISITS_AT)
    delivery = read(tmp_path, spec, "visit,mrn,at,status,new\n" + "".join(lines), practice="a")
    assert counts(delivery) == "15 = 11 + 4 + 0"
    assert rows(delivery.rows, "new_patient") == ["True"] * 5 + ["False"] * 5 + ["~"]
    assert set(delivery.refused["rule"]) == {"neither yes nor no"}


def test_a_status_that_nobody_mapped_is_quarantined(tmp_path):
    written = ["kept", "no_show", "late_cancel", "cancelled", "booked", "Kept", "noshow", "kept no_show", "arrived"]
    lines = [f"a,v{i},p,2026-01-05 09:00,{w}\n" for i, w in enumerate(written)]
    delivery = visits(tmp_path, "clinic,visit,mrn,at,status\n" + "".join(lines))
    assert counts(delivery) == "9 = 5 + 4 + 0"
    assert delivery.refused["line"].tolist() == [7, 8, 9, 10]
    assert set(delivery.refused["rule"]) == {"not one of kept, no_show, late_cancel, cancelled, booked"}


@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        ("0", "0"),
        ("10", "10"),
        ("7.0", "7"),
        ("-1", "outside 0 to 10"),
        ("11", "outside 0 to 10"),
        ("999999999999999", "outside 0 to 10"),
        ("7.5", "not a whole number"),
        ('"7,0"', "not a whole number"),
        ("1e1", "not a whole number"),
        ("seven", "not a whole number"),
        ("５", "not a whole number"),
        ("9" * 400, "not a whole number"),
        ("", "blank"),
    ],
)
def test_whole_numbers_in_range(tmp_path, written, outcome):
    delivery = answers(
        tmp_path,
        f"clinic,survey,who,question,on,score\na,staff,r1,burnout,2026-01-05,{written}\n",
    )
    assert counts(delivery) in ("1 = 1 + 0 + 0", "1 = 0 + 1 + 0")
    assert [*rows(delivery.rows, "answer"), *delivery.refused["rule"]] == [outcome]


def test_a_row_with_several_faults_is_quarantined_once(tmp_path):
    delivery = ledger(tmp_path, "clinic,month,account,group,amount\nz,never,,unheard,much\n")
    assert counts(delivery) == "1 = 0 + 1 + 0"


@pytest.mark.parametrize(("decimal", "written"), [(".", "0,125"), (".", "-0,500"), (",", "0.125"), (",", "(0.500)")])
def test_a_fraction_of_the_other_mark_is_no_group_of_thousands(decimal, written):
    assert amounts(pd.Series([written], dtype="str"), decimal).isna().all()
