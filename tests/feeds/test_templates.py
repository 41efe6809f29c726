"""A template is made from a table's definition, so that what is filled in is read: both forms, every table."""

import re
import zipfile
from datetime import date

import pytest
import python_calamine

from bsc_analysis.errors import FeedError, UsageError
from bsc_analysis.feeds import template
from bsc_analysis.tables import EXPORTED, TABLES
from tests.builders import counts, read, refusals, rows, table_feed, workbook

CELLS = {
    "id": "0042",
    "person": "p1",
    "text": "in words",
    "flag": "yes",
    "integer": "7",
    "amount": "12.50",
    "date": "2026-09-30",
    "time": "2026-09-30 08:40",
}
READ = CELLS | {"flag": "True", "amount": "12.5", "time": "2026-09-30 08:40:00"}


def cell(column, filled=CELLS):
    if column.allowed:
        return column.allowed[0]
    return "1" if column.most == 2 else filled[column.kind]


def empty(table, path, group=False):
    """A template as written: the cells of its first row."""
    template.write(table, path, group)
    if path.suffix == ".csv":
        return path.read_text().rstrip("\n").split(",")
    return python_calamine.load_workbook(path).get_sheet_by_name(table.name).to_python()[0]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("table", EXPORTED, ids=lambda table: table.name)
def test_a_filled_in_template_is_read_as_it_was_filled_in(tmp_path, table, ending):
    header = empty(table, tmp_path / f"empty.{ending}")
    columns = {c.name: c for c in table.columns}
    line = [cell(columns[name]) for name in header]
    if ending == "csv":
        file = "\n".join([",".join(header), ",".join(line), ""])
    else:
        typed = [date.fromisoformat(c) if columns[n].kind == "date" else c for n, c in zip(header, line, strict=True)]
        file = workbook(**{table.name: [header, typed], template.EXPLAINED: [["column"], ["of no row"]]})
    spec = table_feed(table.name, {}, "{practice}/in." + ending)
    delivery = read(tmp_path / "data", spec, {f"a/in.{ending}": file}, practice="a")
    assert refusals(delivery) == [] and counts(delivery) == "1 = 1 + 0 + 0"
    expected = [cell(c, READ) for c in table.columns if c.name not in ("in_hours", *made_whole(table))]
    assert rows(delivery.rows, " ".join(c for c in columns if c not in ("in_hours", *made_whole(table)))) == [
        " ".join(expected)
    ]


def made_whole(table):
    """The columns that stand for a whole month or year, by whichever of its days they were filled in."""
    return [] if table.dated == "day" else [table.at]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_empty_template_is_read_as_no_rows(tmp_path, ending):
    template.write(TABLES["complaints"], tmp_path / f"in.{ending}")
    spec = table_feed("complaints", {}, "{practice}." + ending)
    delivery = read(tmp_path, spec, {f"a.{ending}": (tmp_path / f"in.{ending}").read_bytes()}, practice="a")
    assert counts(delivery) == "0 = 0 + 0 + 0" and delivery.warnings == []


def test_one_file_for_all_practices_names_them(tmp_path):
    header = empty(TABLES["ideas"], tmp_path / "ideas.csv", group=True)
    assert header[0] == "practice"
    filled = ",".join(header) + "\nb,i1,2026-01-05,nurse,rooms,,,\nx,i2,2026-01-05,nurse,rooms,,,\n"
    delivery = read(tmp_path / "data", table_feed("ideas", {}), filled)
    assert rows(delivery.rows, "practice idea_id") == ["b i1"]
    assert refusals(delivery) == ["in.csv:3 practice: unknown practice"]


def test_columns_that_may_be_blank_may_be_missing_and_others_may_not(tmp_path):
    spec = table_feed("trainings", {}, "{practice}.csv")
    old = "staff_id,course,completed_at,hours\ns1,safety,2026-02-10,7\n"
    delivery = read(tmp_path, spec, {"a.csv": old}, practice="a")
    assert rows(delivery.rows, "staff_id hours tool confidence_before") == ["s1 7 ~ ~"]
    with pytest.raises(FeedError, match=r"column hours +is not in the file"):
        read(tmp_path, spec, {"a.csv": old.replace(",hours", "").replace(",7", "")}, practice="a")


def test_a_workbook_of_several_registers_gives_each_feed_its_sheet(tmp_path):
    book = workbook(
        ideas=[["idea_id", "received_at"], ["i1", date(2026, 1, 5)]],
        concerns=[["concern_id", "raised_at"], ["c1", date(2026, 1, 7)], ["c2", date(2026, 1, 8)]],
    )
    spec = table_feed("concerns", {}, "{practice}/registers.xlsx")
    assert len(read(tmp_path, spec, {"a/registers.xlsx": book}, practice="a").rows) == 2


def test_free_text_is_kept_short(tmp_path):
    spec = table_feed("ideas", {}, "{practice}.csv")
    text = f"idea_id,received_at,topic\ni1,2026-01-05,{'x' * 60}\ni2,2026-01-05,{'x' * 61}\n"
    assert refusals(read(tmp_path, spec, {"a.csv": text}, practice="a")) == ["a.csv:3 topic: longer than 60 characters"]


def test_a_workbook_checks_what_is_typed_and_explains_each_column(tmp_path):
    template.write(TABLES["safety_events"], tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    lists = re.findall(r'<dataValidation type="list".*? sqref="(\w)2:\w+".*?><formula1>"(.*?)"<', sheet)
    assert lists == [("C", "near_miss,event"), ("D", "yes,no")]
    told = python_calamine.load_workbook(tmp_path / "t.xlsx").get_sheet_by_name(template.EXPLAINED).to_python()
    assert told[0] == list(template.HEADINGS)
    assert told[4][:3] == ["reached_patient", "may be blank", "yes or no"]


@pytest.mark.parametrize("table", EXPORTED, ids=lambda table: table.name)
def test_every_list_and_word_fits_into_excel(tmp_path, table, recwarn):
    template.write(table, tmp_path / "t.xlsx")
    assert not list(recwarn)
    assert all(len(",".join(c.allowed)) <= 255 for c in table.columns)
    assert all(c.means or not table.register for c in table.columns), "a register's columns are all explained"


def test_every_free_text_of_a_register_says_that_no_patient_is_named():
    for table in (t for t in EXPORTED if t.register):
        for column in table.columns:
            if column.kind == "text":
                assert column.longest, (table.name, column.name)
            if column.longest and column.longest > 60 and column.name not in ("objective", "trigger"):
                assert "never a patient" in column.means, (table.name, column.name)


def test_nothing_is_written_over(tmp_path):
    template.write(TABLES["ideas"], tmp_path / "ideas.csv")
    with pytest.raises(UsageError, match="is there already and may be filled in"):
        template.write(TABLES["ideas"], tmp_path / "ideas.csv")
