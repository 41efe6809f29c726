"""Excel into rows: sheets, titles, cells of every kind, errors, damage; counted a second time from the XML."""

import io
import random
import re
import zipfile
from datetime import date, datetime, time

import pytest

from bsc_analysis.errors import FeedError
from bsc_analysis.feeds import excel, excel_count
from bsc_analysis.feeds.rows import read_rows
from bsc_analysis.params.feed_models import FileFormat
from tests.builders import LEDGER, VISITS, counts, read, refusals, rows, table_feed, workbook

HEADER = ["clinic", "month", "account", "group", "amount"]
JANUARY = date(2026, 1, 1)
TWO = [["a", JANUARY, "00123", "rent", 100], ["b", JANUARY, 4000, "rent", 1234.5]]


def problems(act):
    with pytest.raises(FeedError) as error:
        act()
    return str(error.value).partition("\n")[2].strip()


def book(folder, content, table="ledger", columns=LEDGER, **more):
    return read(folder, table_feed(table, columns, path="*.xls*", **more), {"in.xlsx": content})


def cells(folder, *values):
    """The text of cells below a header."""
    path = folder / "x.xlsx"
    path.write_bytes(workbook([f"c{i}" for i in range(len(values))], values))
    return read_rows(path, "x.xlsx").text.iloc[0].tolist()


def edited(content, part, change):
    """The workbook with one part of its zip changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


# --- rows ---


def test_a_plain_sheet_is_used_whole(tmp_path):
    delivery = book(tmp_path, workbook(HEADER, *TWO))
    assert counts(delivery) == "2 = 2 + 0 + 0"
    assert rows(delivery.rows, "practice month account amount") == [
        "a 2026-01-01 00123 100",
        "b 2026-01-01 4000 1234.5",
    ]


def test_titles_blank_rows_and_headers_again_are_counted_and_lines_are_those_of_the_sheet(tmp_path):
    sheet = [["Ledger"], [], [None, "printed", JANUARY], HEADER, TWO[0], [" "], HEADER, ["z", *TWO[1][1:]], TWO[1]]
    delivery = book(tmp_path, workbook(*sheet))
    assert counts(delivery) == "6 = 2 + 1 + 0 + 3"
    assert refusals(delivery) == ["in.xlsx:8 practice: unknown practice"]


def test_data_above_the_header_and_a_later_header_in_another_order_refuse_the_sheet(tmp_path):
    assert "line 1  holds data" in problems(lambda: book(tmp_path, workbook(TWO[0], HEADER, TWO[1])))
    again = [HEADER[1], HEADER[0], *HEADER[2:]]
    assert "line 3  is a header" in problems(lambda: book(tmp_path, workbook(HEADER, TWO[0], again, TWO[1])))


def test_a_table_that_does_not_begin_in_the_corner(tmp_path):
    delivery = book(tmp_path, workbook([], [], [None, None, *HEADER], [None, None, *TWO[0]], [None, None, *TWO[1]]))
    assert counts(delivery) == "2 = 2 + 0 + 0"


def test_cells_keep_what_they_hold(tmp_path):
    held = {
        "00123": "00123",
        123: "123",
        1234.5: "1234.5",
        1e-07: "0.0000001",
        123456789012345: "123456789012345",
        1e20: "100000000000000000000",
        -0.25: "-0.25",
        date(2026, 9, 30): "2026-09-30",
        datetime(2026, 9, 30, 8, 40): "2026-09-30 08:40:00",
        True: "true",
        "NA": "NA",
        " x\ny": " x\ny",
        "=1+1": "=1+1",
    }
    assert cells(tmp_path, *held) == list(held.values())


def test_merged_and_blank_cells_are_not_filled_in(tmp_path):
    delivery = book(tmp_path, workbook(HEADER, TWO[0], ["a", JANUARY, None, "rent", 5], [None, *TWO[1][1:]]))
    assert refusals(delivery) == ["in.xlsx:3 account: blank", "in.xlsx:4 practice: blank"]


def test_an_error_in_a_cell_is_quarantined_not_blank(tmp_path):
    columns = VISITS | {"arrived_at": "came"}
    header = ["clinic", "visit", "mrn", "at", "status", "came", "note"]
    seen = ["a", "v1", "p1", datetime(2026, 1, 5, 9), "kept"]
    sheet = workbook(
        header, [*seen, "#N/A", ""], ["#REF!", "v2", *seen[2:], "", ""], ["a", "v3", *seen[2:], "", "#N/A"]
    )
    delivery = book(tmp_path, sheet, "visits", columns)
    assert refusals(delivery) == [
        "in.xlsx:2 arrived_at: an error of a spreadsheet",
        "in.xlsx:3 practice: an error of a spreadsheet",
    ]
    assert rows(delivery.rows, "visit_id") == ["v3"]


@pytest.mark.parametrize("row", [["#N/A"], [None] * 4 + ["#N/A"], [None] * 5 + ["#N/A"]])
def test_an_error_alone_in_a_row_is_a_row(tmp_path, row):
    assert counts(book(tmp_path, workbook(HEADER, TWO[0], row))) == "2 = 1 + 1 + 0"


def test_columns_without_a_name_are_told(tmp_path):
    delivery = book(tmp_path, workbook([*HEADER, None, None, ""], [*TWO[0], None, "x"], TWO[1]))
    assert counts(delivery) == "2 = 2 + 0 + 0"
    assert delivery.warnings == ["in.xlsx: columns without a name, not used: 7"]


def test_a_decimal_comma_is_for_text_and_leaves_numbers_alone(tmp_path):
    sheet = workbook(HEADER, [*TWO[0][:4], 1.234], [*TWO[1][:4], "1.234,50"])
    assert rows(book(tmp_path, sheet, decimal=",").rows, "amount") == ["1.234", "1234.5"]


# --- dates ---


def test_a_real_date_is_read_beside_dates_as_text(tmp_path):
    sheet = workbook(HEADER, TWO[0], ["b", "01/02/2026", *TWO[1][2:]])
    assert rows(book(tmp_path, sheet, date_format="%d/%m/%Y").rows, "month") == ["2026-01-01", "2026-02-01"]


def test_a_bare_number_is_a_date_only_where_that_is_declared(tmp_path):
    serials = [46023, 46053.5, 45, 99999, 2958465]
    sheet = workbook(HEADER, *([*("a", serial, i, "rent", 1)] for i, serial in enumerate(serials)))
    assert counts(book(tmp_path, sheet)) == "5 = 0 + 5 + 0"
    delivery = book(tmp_path, sheet, date_format="excel_serial")
    assert rows(delivery.rows, "month") == ["2026-01-01", "2026-01-01"]  # of the 31st at noon, its month
    assert set(delivery.refused["rule"]) == {"not a date of Excel, as a date or its number, between 2000 and 2050"}
    old = workbook(HEADER, ["a", 44561, 1, "rent", 1], options={"date_1904": True})
    assert rows(book(tmp_path, old, date_format="excel_serial").rows, "month") == ["2026-01-01"]


def test_a_time_of_the_day_alone_is_no_date(tmp_path):
    assert cells(tmp_path, "x", 0.5) == ["x", "0.5"]
    assert excel._text(time(8, 40), ".") == "08:40:00"


# --- sheets ---


def test_of_several_sheets_one_is_named(tmp_path):
    content = workbook(Notes=[["hello"]], Data=[HEADER, *TWO])
    assert problems(lambda: book(tmp_path, content)) == (
        "sheet  must be declared, because there are several: Notes, Data"
    )
    assert problems(lambda: book(tmp_path, content, sheet="Dta")) == (
        "sheet Dta  is not in the workbook. Did you mean Data? Found Notes, Data"
    )
    assert counts(book(tmp_path, content, sheet="Data")) == "2 = 2 + 0 + 0"
    assert "the sheet Empty is empty" in problems(
        lambda: book(tmp_path, workbook(Data=[HEADER], Empty=[]), sheet="Empty")
    )


# --- the second count ---


@pytest.mark.parametrize("much", [slice(2), [0, 1, 2, 2]], ids=["lost", "made up"])
def test_a_row_that_the_reader_loses_or_makes_up_refuses_the_file(tmp_path, monkeypatch, much):
    real = excel._records
    kept = range(3)[much] if isinstance(much, slice) else much
    monkeypatch.setattr(excel, "_records", lambda *args: [real(*args)[i] for i in kept])
    told = problems(lambda: book(tmp_path, workbook(HEADER, *TWO)))
    assert told.startswith(f"rows  its bytes hold 2 rows, {len(kept) - 1} were read")


def test_rows_without_references_are_counted(tmp_path):
    bare = edited(workbook(HEADER, *TWO), "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml))
    assert counts(book(tmp_path, bare)) == "2 = 2 + 0 + 0"


# --- what is no workbook ---


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<html><table><tr><td>Jane</td></tr></table>", "file  is a web page by another name"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><Workbook>", "file  is a web page by another name"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\0" * 600, "file  is a workbook of Excel 97–2003; save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + excel.ENCRYPTED, "file  is locked with a password"),
        (b"clinic,month\n", "file  is not a workbook; if it is CSV, let its name end in .csv"),
        (b"", "file  is not a workbook"),
        (b"PK\x03\x04" + b"\0" * 100, "file  is cut short or damaged (BadZipFile); export it again"),
    ],
    ids=["html", "xml", "xls", "locked", "csv", "empty", "zip"],
)
def test_what_is_no_workbook_is_refused_in_words(tmp_path, content, told):
    assert problems(lambda: book(tmp_path, content)).startswith(told)


def test_another_zip_is_refused_in_words(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("content.xml", "<office/>")
    assert problems(lambda: book(tmp_path, out.getvalue())).startswith("file  is not an .xlsx workbook")


@pytest.mark.parametrize("keep", [0.05, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_workbook_cut_short_is_refused(tmp_path, keep):
    content = workbook(HEADER, *TWO)
    assert problems(lambda: book(tmp_path, content[: int(len(content) * keep)])).startswith(
        "file  is cut short or damaged ("
    )


def test_a_sheet_cut_short_within_the_zip_is_refused(tmp_path):
    cut = edited(workbook(HEADER, *TWO), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) * 2 // 3])
    assert problems(lambda: book(tmp_path, cut)).startswith("file  is cut short or damaged (ExpatError)")


def test_a_damaged_workbook_is_refused_or_balances(tmp_path):
    content, chance = workbook(HEADER, *TWO), random.Random(1)
    for _ in range(60):
        damaged = bytearray(content)
        damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        try:
            counts(book(tmp_path, bytes(damaged)))
        except FeedError as error:
            assert "in.xlsx" in str(error)


# --- limits ---


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    bomb = edited(workbook(HEADER, *TWO), "xl/worksheets/sheet1.xml", lambda xml: b" " * 3_000_000)
    assert len(bomb) < 20_000
    monkeypatch.setattr(excel_count, "MOST_BYTES", 2_000_000)
    monkeypatch.setattr(excel, "CalamineWorkbook", None)
    assert problems(lambda: book(tmp_path, bomb)) == "size  opens to more than 0.002 GB"


def test_one_cell_far_away_is_refused_before_a_rectangle_is_made(tmp_path):
    far = edited(
        workbook(HEADER, *TWO),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    assert "spans more than 25,000,000 cells" in problems(lambda: book(tmp_path, far))


@pytest.mark.parametrize("reference", ["XFD1048577", "A1048577", "ZZZ2", "a2", "2"])
def test_a_cell_that_stands_where_no_cell_is_refuses_the_file(tmp_path, reference):
    odd = edited(
        workbook(HEADER, *TWO), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'"A2"', f'"{reference}"'.encode())
    )
    assert problems(lambda: book(tmp_path, odd)) == "file  is cut short or damaged (ValueError); export it again"


def test_a_field_of_five_megabytes_is_refused_by_line(tmp_path):
    long = edited(workbook(HEADER, *TWO), "xl/sharedStrings.xml", lambda xml: xml.replace(b"00123", b"9" * 5_000_000))
    assert problems(lambda: book(tmp_path, long)) == "line 2  holds a field of more than 100,000 characters"


def test_no_value_is_told(tmp_path):
    canary = "Canary-77"
    for sheet in ([[canary] * 5], [[canary, "x"]], [HEADER, [canary, *TWO[0][1:]]], [HEADER, [*TWO[0][:4], canary]]):
        try:
            delivery = book(tmp_path, workbook(*sheet))
        except FeedError as error:
            assert canary not in str(error)
        else:
            assert canary not in delivery.refused.to_csv() + str(delivery.warnings)


def test_formats_are_shared_with_readings(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook(A=[["t"], ["a", "b"], [1, 2]], B=[]))
    found = read_rows(path, "x.xlsx", FileFormat(sheet="A"), ["a", "b"])
    assert (found.header, found.text.values.tolist(), found.layout, found.physical) == (["a", "b"], [["1", "2"]], 1, 2)
