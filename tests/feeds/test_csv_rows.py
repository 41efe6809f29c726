"""From bytes to rows: every row is used, refused by line, or the whole file is refused; none goes astray."""

import csv
import io
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bsc_analysis.errors import FeedError
from bsc_analysis.feeds import csv_text
from bsc_analysis.feeds import rows as reader
from bsc_analysis.feeds.csv_text import count_lines
from bsc_analysis.feeds.rows import read_rows
from bsc_analysis.params.feed_models import FileFormat
from tests.builders import counts, ledger, refusals, rows, text, visits

THREE = """
    clinic,month,account,group,amount
    a,2026-01-01,4000,rent,100
    a,2026-01-01,4001,rent,200
    b,2026-01-01,4000,rent,300
    """


def parsed(folder, content, **form):
    """header | row | row …, fields separated by one space, quarantined lines as line!"""
    path = folder / "x.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = read_rows(path, "x.csv", FileFormat(**form))
    lines = [" ".join(row) for row in found.text.itertuples(index=False)] + [f"{line}!" for line in found.refused]
    return " | ".join([" ".join(found.header), *lines])


def refusal(folder, content, **form):
    with pytest.raises(FeedError) as error:
        parsed(folder, content, **form)
    (fault,) = error.value.faults
    return f"{fault.place}: {fault.message}"


def test_a_plain_file_is_used_whole(tmp_path):
    delivery = ledger(tmp_path, THREE)
    assert counts(delivery) == "3 = 3 + 0 + 0"
    assert rows(delivery.rows, "practice month account account_group amount") == [
        "a 2026-01-01 4000 rent 100",
        "a 2026-01-01 4001 rent 200",
        "b 2026-01-01 4000 rent 300",
    ]


# --- shape ---


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("a,b\r\n1,2\r\n3,4\r\n", "a b | 1 2 | 3 4", id="CRLF"),
        pytest.param("a,b\r1,2\r3,4\r", "a b | 1 2 | 3 4", id="CR"),
        pytest.param("a,b\n1,2\r\n3,4\r", "a b | 1 2 | 3 4", id="mixed line ends"),
        pytest.param("\ufeffa,b\n1,2\n", "a b | 1 2", id="BOM"),
        pytest.param('\ufeff"a","b"\n1,2\n', "a b | 1 2", id="BOM before a quote"),
        pytest.param("\n\na,b\n\n1,2\n  \n3,4\n\n", "a b | 1 2 | 3 4", id="blank lines"),
        pytest.param("\ufeff\na,b\n1,2\n", "a b | 1 2", id="BOM on a blank line"),
        pytest.param(" a , b \n1,2\n", "a b | 1 2", id="spaces in the header"),
        pytest.param('a,b\n1,"x\ny"\n3,4\n', "a b | 1 x\ny | 3 4", id="quoted newline"),
        pytest.param('a,b\n1,"x\r\n\r\ny"\n', "a b | 1 x\r\n\r\ny", id="quoted blank line"),
        pytest.param('a,b\n1,"x,y"\n', "a b | 1 x,y", id="quoted comma"),
        pytest.param('a,b\n1,"5"" pipe"\n', 'a b | 1 5" pipe', id="doubled quote"),
        pytest.param('a,b\n1,5" pipe\n', 'a b | 1 5" pipe', id="quote within a field"),
        pytest.param("a,b\n1,2,\n3,4\n", "a b | 3 4 | 2!", id="an extra comma in one row"),
        pytest.param("a,b\n1,2,\n3,4,\n", "a b | 2! | 3!", id="an extra comma in every row"),
        pytest.param("a,b\n1\n3,4\n", "a b | 3 4 | 2!", id="a short row"),
        pytest.param("a,b\n,\n", "a b |  ", id="a row of blanks is a row"),
        pytest.param('a\n""\n1\n', "a |  | 1", id="a quoted blank is a row"),
        pytest.param("a,b\n", "a b", id="header only"),
        pytest.param("a,b", "a b", id="header only, no line end"),
        pytest.param("a,b\n1,2\n3", "a b | 1 2 | 3!", id="cut in the last row"),
        pytest.param("a,b\n1,2\n3,4", "a b | 1 2 | 3!", id="cut in the last field"),
        pytest.param('a,b\n1,2\n3,"4\n5"', "a b | 1 2 | 3!", id="cut after a quoted newline"),
        pytest.param("a,b\n1,2\n3,4\r", "a b | 1 2 | 3 4", id="CR ends the last row"),
    ],
)
def test_rows_of(tmp_path, content, expected):
    assert parsed(tmp_path, content) == expected


def test_a_last_row_without_line_end_is_kept_where_that_is_declared(tmp_path):
    assert parsed(tmp_path, "a,b\n1,2\n3,4", final_line_end="optional") == "a b | 1 2 | 3 4"
    assert parsed(tmp_path, "a,b\n1,2\n3", final_line_end="optional") == "a b | 1 2 | 3!"


def test_a_cut_file_says_what_to_do(tmp_path):
    delivery = ledger(tmp_path, text(THREE).rstrip("\n").removesuffix("00"))
    assert counts(delivery) == "3 = 2 + 1 + 0"
    assert refusals(delivery) == [
        "in.csv:4 : the file ends within its last row: cut short, or set final_line_end: optional"
    ]
    kept = ledger(tmp_path, text(THREE).rstrip("\n"), final_line_end="optional")
    assert counts(kept) == "3 = 3 + 0 + 0"


def test_a_row_of_another_length_is_quarantined_with_its_line(tmp_path):
    delivery = ledger(
        tmp_path,
        """
        clinic,month,account,group,amount
        a,2026-01-01,4000,rent,1,100
        a,2026-01-01,4001,rent
        b,2026-01-01,4000,rent,300
        """,
    )
    assert counts(delivery) == "3 = 1 + 2 + 0"
    assert refusals(delivery) == ["in.csv:2 : has 6 of 5 fields", "in.csv:3 : has 4 of 5 fields"]
    assert rows(delivery.rows, "practice amount") == ["b 300"]


def test_an_extra_comma_in_every_row_uses_none(tmp_path):
    every = "\n".join(line + "," if line[:2] in ("a,", "b,") else line for line in text(THREE).splitlines()) + "\n"
    delivery = ledger(tmp_path, every)
    assert counts(delivery) == "3 = 0 + 3 + 0"


def test_lines_are_those_of_the_file_although_rows_span_several(tmp_path):
    delivery = visits(
        tmp_path,
        """

        clinic,visit,mrn,at,status
        a,"one
        two",p1,2026-01-05 09:00,kept

        a,v2,p2,2026-01-05 09:00,lost
        """,
    )
    assert refusals(delivery) == ["in.csv:6 status: not one of kept, no_show, late_cancel, cancelled, booked"]


# --- files that are refused whole ---


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", "header: the file is empty", id="empty"),
        pytest.param(b"\n \n", "header: the file is empty", id="blank"),
        pytest.param(b"\xef\xbb\xbf", "header: the file is empty", id="BOM alone"),
        pytest.param(
            b"a,b\n1,2\n\x00\x00",
            "encoding: holds zero bytes; save it as CSV in UTF-8, or declare encoding: utf-16",
            id="zero bytes",
        ),
        pytest.param(
            "a,b\n1,2\n3,Müller\n".encode("cp1252"),
            "line 3: is not UTF-8; save the export as CSV UTF-8, or declare its encoding",
            id="cp1252",
        ),
        pytest.param(
            "a,b\r1,2\r3,Müller\r".encode("cp1252"),
            "line 3: is not UTF-8; save the export as CSV UTF-8, or declare its encoding",
            id="cp1252 with CR",
        ),
        pytest.param(
            "a,b\n1,2\n".encode("utf-16"),
            "encoding: holds zero bytes; save it as CSV in UTF-8, or declare encoding: utf-16",
            id="UTF-16",
        ),
        pytest.param(
            b"\xff\xfea",
            "line 1: is not UTF-8; save the export as CSV UTF-8, or declare its encoding",
            id="BOM of UTF-16",
        ),
        pytest.param(b'a,b\n1,2\n3,"4\n5,6\n7,8\n', "line 3: opens a quote that is never closed", id="unclosed quote"),
        pytest.param(b'a,b\n1,"x" y\n', "line 2: is not CSV: ',' expected after '\"'", id="text after a quoted field"),
        pytest.param(
            b'a,b\n1,x"\n3,4\n5,y"\n7,8\n',
            "rows: its bytes hold 2 rows, 4 were read; it is refused whole. "
            "Line 2 holds a stray quote: write it twice, or quote the whole field",
            id="stray quotes that pair up across rows",
        ),
        pytest.param(
            b"a,b\n1," + b"x" * 100_001 + b"\n",
            "line 2: is not CSV: field larger than field limit (100000)",
            id="a field too long",
        ),
    ],
)
def test_refused_whole(tmp_path, content, expected):
    assert refusal(tmp_path, content) == expected


def test_a_name_twice_in_the_header_is_refused_by_place(tmp_path):
    assert refusal(tmp_path, "a,b,a\n1,2,3\n") == "header: gives the same name twice, in columns 1, 3; rename one"


def test_a_file_too_large_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "MOST_BYTES", 10)
    assert refusal(tmp_path, "a,b\n1,2\n3,4\n") == "size: is larger than 1e-08 GB"


# --- the second count ---


@pytest.mark.parametrize("lost", [1, 2])
def test_a_row_that_the_reader_loses_refuses_the_file(tmp_path, monkeypatch, lost):
    real = csv.reader

    class Forgetful:
        def __init__(self, *args, **more):
            self.inner = real(*args, **more)

        def __iter__(self):
            return (row for i, row in enumerate(self.inner) if i != lost)

        @property
        def line_num(self):
            return self.inner.line_num

    monkeypatch.setattr(csv_text.csv, "reader", Forgetful)
    assert refusal(tmp_path, "a,b\n1,2\n3,4\n5,6\n").startswith("rows: its bytes hold 3 rows, 2 were read")


def test_a_row_that_the_reader_makes_up_refuses_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_text, "count_lines", lambda data: count_lines(data) - 1)
    assert refusal(tmp_path, "a,b\n1,2\n3,4\n").startswith("rows: its bytes hold 1 rows, 2 were read")


FIELDS = st.text(st.sampled_from('ab ,"\n\r;é\xa0'), max_size=6)
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[FIELDS] * width), min_size=1, max_size=8))
FORMS = [("\n", csv.QUOTE_ALL), ("\r", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]


@settings(max_examples=200, deadline=None)
@given(TABLES, st.sampled_from(FORMS), st.lists(st.integers(0, 9), max_size=3))
def test_what_a_csv_writer_wrote_is_counted_and_read_whole(tmp_path_factory, table, form, blank_lines):
    ends, quoting = form
    header = [f"c{i}" for i in range(len(table[0]))]
    lines = []
    for row in [header, *table]:
        line = io.StringIO()
        csv.writer(line, quoting=quoting, lineterminator=ends).writerow(row)
        lines.append(line.getvalue())
    expected = [row for row, line in zip(table, lines[1:], strict=True) if line.strip(string.whitespace)]
    for place in blank_lines:
        lines.insert(place, " " + ends)
    path = tmp_path_factory.getbasetemp() / "written.csv"
    path.write_bytes("".join(lines).encode())

    assert count_lines(path.read_bytes()) == 1 + len(expected)
    assert list(read_rows(path, "written.csv").text.itertuples(index=False, name=None)) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('ab,"\n\r \xa0\x1c\u2028é\ufeff'), max_size=40).map(str.encode) | st.binary(max_size=40))
@example("a\n\xa0\n1\n".encode())
def test_whatever_the_bytes_rows_balance_or_the_file_is_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(content)
    try:
        found = read_rows(path, "fuzz.csv")
    except FeedError:
        return
    assert len(found.text) + len(found.refused) + found.layout == found.physical
    assert set(found.refused).isdisjoint(found.text.index)
