"""CSV as systems of the world write it: encodings, delimiters, decimal marks, titles above the header."""

import pytest

from bsc_analysis.errors import FeedError
from tests.builders import counts, ledger, refusals, rows, text

THREE = text("""
    clinic,month,account,group,amount
    a,2026-01-01,Müller,rent,100
    a,2026-01-01,4001,rent,200
    b,2026-01-01,4000,rent,300
    """)


def problems(act):
    with pytest.raises(FeedError) as error:
        act()
    return str(error.value)


def used(folder, content, **form):
    delivery = ledger(folder, {"in.csv": content if isinstance(content, bytes) else content.encode()}, **form)
    counts(delivery)
    return rows(delivery.rows, "practice account amount")


READ = ["a Müller 100", "a 4001 200", "b 4000 300"]


# --- encodings ---


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "cp850", "mac-roman"])
def test_a_declared_encoding_is_read_with_a_warning(tmp_path, encoding):
    delivery = ledger(tmp_path, {"in.csv": THREE.encode(encoding)}, encoding=encoding)
    assert rows(delivery.rows, "practice account amount") == READ
    assert counts(delivery) == "3 = 3 + 0 + 0"
    assert delivery.warnings == [f"in.csv: read as {encoding}, as declared; it is not UTF-8"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_utf8_is_tried_first_whatever_is_declared(tmp_path, encoding, bom):
    delivery = ledger(tmp_path, {"in.csv": (bom + THREE).encode()}, encoding=encoding)
    assert rows(delivery.rows, "practice account amount") == READ
    assert delivery.warnings == []


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_an_encoding_that_nobody_declared_is_refused(tmp_path, encoding):
    told = problems(lambda: used(tmp_path, THREE.encode(encoding)))
    assert "declare" in told and "encoding" in told


def test_bytes_that_the_declared_encoding_does_not_have_are_refused(tmp_path):
    told = problems(lambda: used(tmp_path, THREE.encode("cp1252").replace(b"4001", b"\x81"), encoding="cp1252"))
    assert told.endswith("encoding  is neither UTF-8 nor cp1252; declare the encoding it has")
    told = problems(lambda: used(tmp_path, THREE.encode("utf-16")[:-1], encoding="utf-16"))
    assert "is neither UTF-8 nor utf-16" in told


def test_utf16_is_counted_like_any_other(tmp_path):
    odd = THREE.replace("4001", '"40\n\n01"').replace("rent,300", "rent,300,5").replace("\n", "\r\n")
    delivery = ledger(tmp_path, {"in.csv": odd.encode("utf-16")}, encoding="utf-16")
    assert counts(delivery) == "3 = 2 + 1 + 0"
    assert refusals(delivery) == ["in.csv:6 : has 6 of 5 fields"]


def test_a_workbook_or_a_packed_file_called_csv_says_so(tmp_path):
    assert "is a workbook; let its name end in .xlsx" in problems(lambda: used(tmp_path, b"PK\x03\x04\x00\x01"))
    assert "is compressed; unpack it" in problems(lambda: used(tmp_path, b"\x1f\x8b\x08\x00"))


# --- delimiters and decimal marks ---


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_declared_delimiter(tmp_path, delimiter):
    assert used(tmp_path, THREE.replace(",", delimiter), delimiter=delimiter) == READ


def test_the_wrong_delimiter_is_asked_for(tmp_path):
    told = problems(lambda: used(tmp_path, THREE.replace(",", ";")))
    assert told.endswith("is the first line the header? Is the delimiter the one declared?")


def test_a_decimal_comma(tmp_path):
    forms = {
        "1.234,50": "1234.5",
        "1234,5": "1234.5",
        "1.234.567": "1234567",
        "1,234": "1.234",
        "-3": "-3",
        "(50,00)": "-50",
        "$1.234,50": "1234.5",
        "1,2e-03": "0.0012",
        "1,234.50": None,
        "1234.50": None,
        "1.5": None,
        "1.23,4": None,
        "1,2,3": None,
        "1 234,50": None,
        "NaN": None,
    }
    lines = [f"a;2026-01-01;{i};rent;{written}\n" for i, written in enumerate(forms)]
    delivery = ledger(tmp_path, "clinic;month;account;group;amount\n" + "".join(lines), delimiter=";", decimal=",")
    counts(delivery)
    found = dict(row.split() for row in rows(delivery.rows, "account amount"))
    assert [found.get(str(i)) for i in range(len(forms))] == list(forms.values())
    assert set(delivery.refused["rule"]) == {"not an amount such as 1234,50, 1.234,50 or (50,00)"}


def test_an_amount_of_the_other_mark_is_quarantined_not_misread(tmp_path):
    delivery = ledger(tmp_path, THREE.replace("100", '"1,5"').replace("200", '"1.234,50"'))
    assert counts(delivery) == "3 = 1 + 2 + 0"


# --- titles and headers again ---


def test_titles_above_the_header_are_left_out_and_counted(tmp_path):
    delivery = ledger(tmp_path, "Ledger of January\nprinted,2026-02-01\n\n" + THREE)
    assert rows(delivery.rows, "practice account amount") == READ
    assert counts(delivery) == "5 = 3 + 0 + 0 + 2"
    assert delivery.accounts[0].layout == 2


def test_a_header_again_is_left_out_and_counted(tmp_path):
    delivery = ledger(tmp_path, THREE + THREE.replace("2026-01", "2026-02"))
    assert counts(delivery) == "7 = 6 + 0 + 0 + 1"


def test_a_header_in_the_middle_of_the_data_refuses_the_file(tmp_path):
    header, *data = THREE.splitlines(keepends=True)
    told = problems(lambda: used(tmp_path, "".join(["Ledger\n", *data[:2], header, *data[2:]])))
    assert "line 2  holds data, but the header stands below it, in line 4; move the header above all" in told
    assert "Müller" not in told
    blank = "".join(f"a,2026-01-01,{i},,100\n" for i in range(4))  # no row fills every column
    assert "line 1  holds data" in problems(lambda: used(tmp_path, blank + THREE))


def test_titles_of_several_cells_are_no_data(tmp_path):
    wide = "Printed on,2026-02-01,by,Smith\nFrom,2026-01-01,to,2026-01-31\n"
    assert used(tmp_path, wide + ",,Ledger,,\n" + THREE) == READ


def test_a_later_header_in_another_order_refuses_the_file(tmp_path):
    swapped = THREE.replace("account,group", "group,account").replace("2026-01", "2026-02")
    told = problems(lambda: used(tmp_path, THREE + swapped))
    assert "line 5  is a header with other columns, or in another order, than that in line 1; deliver the two" in told
    assert "line 5  is a header" in problems(lambda: used(tmp_path, THREE + THREE.replace("month", "when")))


def test_a_header_below_titles_that_lacks_a_column_is_told_although_a_later_one_has_it(tmp_path):
    told = problems(lambda: used(tmp_path, "Ledger\n" + THREE.replace("amount", "amnt") + THREE))
    assert "column amount  is not in the file. Did you mean amnt? Expected for amount; found clinic, month," in told


def test_a_header_far_down_is_no_header(tmp_path):
    assert "has none of the columns expected" in problems(lambda: used(tmp_path, "title\n" * 51 + THREE))


def test_an_error_of_a_spreadsheet_is_quarantined_even_as_an_id(tmp_path):
    delivery = ledger(tmp_path, THREE.replace("4001", "#N/A").replace("300", "#DIV/0!"))
    assert refusals(delivery) == [
        "in.csv:3 account: an error of a spreadsheet",
        "in.csv:4 amount: an error of a spreadsheet",
    ]
