"""Whatever a file holds, in CSV or Excel: physical = used + quarantined + deduplicated + layout, or it is refused."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from bsc_analysis.errors import FeedError
from bsc_analysis.params.feed_models import Months, Totals
from tests.builders import counts, read, table_feed, workbook

COLUMNS = {"practice": "clinic", "month": "month", "account": "account", "account_group": "group", "amount": "amount"}
HEADER = list(COLUMNS.values())
ROW = st.tuples(
    st.sampled_from(["a", "b", "z", ""]),
    st.sampled_from(["2026-01-01", "2026-02-01", "01/02/2026", "46023", ""]),
    st.sampled_from(["4000", "4001", "Total", "x\ny", "#N/A", ""]),
    st.sampled_from(["rent", "supplies", "Rent", ""]),
    st.sampled_from(["1", "2", "1,5", "-3.25", "x", "", " "]),
).map(list)
ODD = st.sampled_from([[], [""] * 5, HEADER, ["Ledger"], ["a", "2026-01-01"], [" "] * 6, ["Total", "1"]])
SHEETS = st.tuples(st.lists(ODD, max_size=2), st.lists(ROW | ODD, max_size=8)).map(lambda s: [*s[0], HEADER, *s[1]])
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "decimal": st.just(","),
        "same_key": st.just("last_file"),
        "values": st.just({"account_group": {"Rent": "rent"}}),
        "totals": st.just(Totals(column="account", begins=["Total"])),
        "date_format": st.sampled_from(["%d/%m/%Y", "excel_serial"]),
    },
)


def as_csv(sheet):
    out = io.StringIO()
    csv.writer(out).writerows(sheet)
    return out.getvalue().encode()


def as_workbook(sheet):
    return workbook(*([float(c) if c in ("1", "2", "46023") else c for c in cells] for cells in sheet))


def balances(folder, spec, files):
    """True where every row of every file is accounted for, None where the delivery is refused in words."""
    for path in folder.glob("in*"):
        path.unlink()
    try:
        delivery = read(folder, spec, files)
    except FeedError as error:
        assert str(error).startswith("in")
        return None
    counts(delivery)
    return True


@settings(max_examples=150, deadline=None)
@given(st.lists(SHEETS, min_size=1, max_size=2), st.sampled_from([as_csv, as_workbook]), OPTIONS)
def test_rows_of_random_files(tmp_path_factory, sheets, write, options):
    ending = "csv" if write is as_csv else "xlsx"
    files = {f"in{i}.{ending}": write(sheet) for i, sheet in enumerate(sheets)}
    balances(tmp_path_factory.getbasetemp(), table_feed("ledger", COLUMNS, path="in*", **options), files)


CELL = st.sampled_from(["1", "2.5", "x", "", "  ", "#REF!"])
WIDE = st.lists(st.tuples(st.sampled_from(["rent", "supplies", "?", ""]), CELL, CELL).map(list), max_size=6)


@settings(max_examples=100, deadline=None)
@given(WIDE, st.sampled_from([as_csv, as_workbook]))
def test_cells_of_random_months(tmp_path_factory, table, write):
    columns = {"account": "account", "account_group": "account"}
    months = Months(form="%b %Y", into="month", values="amount")
    spec = table_feed("ledger", {"practice": "account"} | columns, path="in*", months=months)
    content = write([["Profit"], ["account", "Jan 2026", "Feb 2026"], *table])
    assert balances(tmp_path_factory.getbasetemp(), spec, {"in.csv" if write is as_csv else "in.xlsx": content})
