"""Months as columns become rows, totals control what stands above them, and every row is still accounted for."""

from datetime import date

import pytest

from bsc_analysis.errors import FeedError
from bsc_analysis.params.feed_models import Months, Totals
from tests.builders import counts, read, refusals, rows, table_feed, text, workbook

OWN = {"account": "Account", "account_group": "Account"}
GROUPS = {"Fees": "patient_revenue", "Grants": "other_revenue", "Rent": "rent", "Pens": "supplies", "Ink": "supplies"}
MONTHS = Months(form="%b %Y", into="month", values="amount")
TOTALS = Totals(column="Account", begins=["Subtotal", "Total"])
WIDE = """
    Account,Jan 2026,Feb 2026,Mar 2026,YTD
    Fees,100,110,  ,210
    Grants,5,,7,12
    Rent,20,0,20,40
    """
LONG = {"month": "month", "account": "account", "account_group": "account", "amount": "amount"}


def problems(act):
    with pytest.raises(FeedError) as error:
        act()
    return str(error.value).partition("\n")[2].strip()


def wide(folder, content, **more):
    name = "in.xlsx" if isinstance(content, bytes) else "in.csv"
    options = {"months": MONTHS, "values": {"account_group": GROUPS}} | more
    return read(folder, table_feed("ledger", OWN, path="in.*", **options), {name: content}, practice="a")


def long(folder, content, **more):
    feed = table_feed("ledger", LONG, values={"account_group": GROUPS}, **more)
    return read(folder, feed, content, practice="a")


# --- months as columns ---


def test_months_become_rows_and_a_blank_cell_is_none(tmp_path):
    delivery = wide(tmp_path, WIDE)
    assert rows(delivery.rows, "practice month account account_group amount") == [
        "a 2026-01-01 Fees patient_revenue 100",
        "a 2026-02-01 Fees patient_revenue 110",
        "a 2026-01-01 Grants other_revenue 5",
        "a 2026-03-01 Grants other_revenue 7",
        "a 2026-01-01 Rent rent 20",
        "a 2026-02-01 Rent rent 0",
        "a 2026-03-01 Rent rent 20",
    ]
    assert counts(delivery) == "7 = 7 + 0 + 0"
    assert delivery.warnings == ["in.csv: columns not used: YTD"]


def test_a_line_without_a_cell_is_layout_and_its_account_needs_no_map(tmp_path):
    delivery = wide(tmp_path, text(WIDE) + "Costs below,,,,\n")
    assert counts(delivery) == "8 = 7 + 0 + 0 + 1"


def test_a_bad_cell_is_quarantined_alone_and_named_by_its_month(tmp_path):
    delivery = wide(tmp_path, WIDE.replace("110", "n/a"))
    assert counts(delivery) == "7 = 6 + 1 + 0"
    assert refusals(delivery) == [
        "in.csv:2 amount Feb 2026: not an amount such as 1234.50, $1,234.50 or (50.00)",
    ]


def test_a_row_of_another_length_is_one_row_set_aside(tmp_path):
    assert counts(wide(tmp_path, text(WIDE) + "Pens,1,2\n")) == "8 = 7 + 1 + 0"


def test_a_month_twice_refuses_the_file(tmp_path):
    told = problems(lambda: wide(tmp_path, WIDE.replace("Feb", "Jan")))
    assert told == "header  gives the same month twice: Jan 2026; rename or remove one"


def test_months_of_a_workbook_as_text_or_as_real_dates(tmp_path):
    sheet = [["Profit and loss"], ["Account", "Jan 2026", "Feb 2026"], ["Fees", 1.5, None], ["Rent", 2, 3]]
    delivery = wide(tmp_path / "text", workbook(*sheet))
    assert rows(delivery.rows, "month account amount") == [
        "2026-01-01 Fees 1.5",
        "2026-01-01 Rent 2",
        "2026-02-01 Rent 3",
    ]
    assert counts(delivery) == "4 = 3 + 0 + 0 + 1"
    sheet[1] = ["Account", date(2026, 1, 31), date(2026, 2, 28)]
    dated = wide(tmp_path / "dates", workbook(*sheet), months=MONTHS.model_copy(update={"form": "%Y-%m-%d"}))
    assert rows(dated.rows, "month account amount") == rows(delivery.rows, "month account amount")


def test_a_file_without_any_month_is_refused(tmp_path):
    told = problems(lambda: wide(tmp_path, WIDE.replace("2026", "26")))
    assert told == (
        "header  names no month written as %b %Y; found Account, Jan 26, Feb 26, Mar 26, YTD. "
        "Correct feeds.feed.months.form"
    )


def test_a_month_far_from_now_is_no_month(tmp_path):
    delivery = wide(tmp_path, WIDE.replace("Mar 2026", "Mar 9999"))
    assert counts(delivery) == "5 = 5 + 0 + 0"
    assert delivery.warnings == ["in.csv: columns not used: Mar 9999, YTD"]


# --- totals ---


SUMMED = """
    Account,Jan 2026,Feb 2026
    Fees,100,110.10
    Grants,5,
    Subtotal income,105,110.10
    Rent,20,0
    Pens,1,2.20
    SUBTOTAL costs,21,2.20
    Total,126,112.30
    """


def test_totals_are_left_out_counted_and_right(tmp_path):
    delivery = wide(tmp_path, SUMMED, totals=TOTALS)
    assert counts(delivery) == "10 = 7 + 0 + 0 + 3"
    assert "Total" not in str(rows(delivery.rows, "account"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("Fees,100,", "Fees,101,"), "line 4, column Jan 2026"),
        (("Grants,5,\n", ""), "line 3, column Jan 2026"),
        (("Grants,5,\n", "Grants,5,\nFees,0,0.01\n"), "line 5, column Feb 2026"),
        (("Pens,1,", "Pens,x,"), "line 7, column Jan 2026"),
        (("Total,126,", "Total,x,"), "line 8, column Jan 2026"),
        (("Total,126,112.30", "Total,126,21"), "line 8, column Feb 2026"),
        (("Total,126,112.30", "Total,1,1"), "line 8, column Jan 2026, Feb 2026"),
    ],
)
def test_a_total_that_is_none_refuses_the_file_and_tells_no_amount(tmp_path, change, told):
    assert problems(lambda: wide(tmp_path, text(SUMMED).replace(*change), totals=TOTALS)) == (
        f"{told}  is not the sum of the rows above it; rows are missing or changed, so export the file again"
    )


def test_a_total_of_totals_and_a_blank_one(tmp_path):
    nested = text(SUMMED).replace("Total,126,112.30\n", "Total,126,\nInk,1,1\nSubtotal,1,1\nTotal both,127,113.30\n")
    assert counts(wide(tmp_path, nested, totals=TOTALS)) == "14 = 9 + 0 + 0 + 5"


def test_totals_of_plain_rows(tmp_path):
    content = "month,account,amount\n2026-01-01,Fees,100\n2026-01-01,Rent,(20.00)\n,Total,80\n"
    totals = Totals(column="account", begins=["total"])
    assert counts(long(tmp_path, content, totals=totals)) == "3 = 2 + 0 + 0 + 1"
    told = problems(lambda: long(tmp_path, content.replace("80", "81"), totals=totals))
    assert told.startswith("line 4, column amount  is not the sum")


def test_the_column_of_the_totals_must_be_in_the_file(tmp_path):
    told = problems(lambda: wide(tmp_path, SUMMED, totals=Totals(column="Acount", begins=["Total"])))
    assert told == (
        "column Acount  is not in the file. Did you mean Account? Expected for the totals; "
        "found Account, Jan 2026, Feb 2026. Correct the export or feeds.feed.totals.column"
    )


def test_totals_nobody_declared_are_no_amounts_of_an_account(tmp_path):
    told = problems(lambda: wide(tmp_path, SUMMED))
    assert told.startswith("column Account  holds values in 6 of 13 rows that are not mapped (lines 4, 4, 7 …)")
