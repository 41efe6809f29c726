"""A template is made from a table's definition, so that what is filled in is read: both forms, every table."""

import re
import zipfile
from datetime import date

import pytest
import python_calamine

from bsc_analysis.errors import FeedError, UsageError
from bsc_analysis.feeds import template, template_book
from bsc_analysis.tables import EXPORTED, TABLES
from bsc_analysis.tables.register import ROLES
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
    template.write([table], path, group)
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
        file = workbook(**{table.name: [header, typed], template_book.EXPLAINED: [["column"], ["of no row"]]})
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
    template.write([TABLES["complaints"]], tmp_path / f"in.{ending}")
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
    template.write([TABLES["safety_events"]], tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    lists = re.findall(r'<dataValidation type="list".*? sqref="(\w)2:\w+".*?><formula1>"(.*?)"<', sheet)
    assert lists == [("C", "near_miss,event"), ("D", "yes,no")]
    told = python_calamine.load_workbook(tmp_path / "t.xlsx").get_sheet_by_name(template_book.EXPLAINED).to_python()
    assert told[0] == list(template_book.HEADINGS)
    assert told[1][0] == "safety_events" and told[1][-1] == "a row is one safety event or near miss that was reported"
    assert told[5][:4] == ["safety_events", "reached_patient", "may be blank", "yes or no"]


@pytest.mark.parametrize("table", EXPORTED, ids=lambda table: table.name)
def test_every_list_and_word_fits_into_excel(tmp_path, table, recwarn):
    template.write([table], tmp_path / "t.xlsx")
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


def test_one_workbook_holds_all_that_is_kept_by_hand_and_each_feed_finds_its_sheet(tmp_path):
    tables = template.named(template.ALL)
    template.write(tables, tmp_path / "all.xlsx", group=True)
    book = (tmp_path / "all.xlsx").read_bytes()
    for table in tables:
        delivery = read(tmp_path / "data", table_feed(table.name, {}, "all.xlsx"), {"all.xlsx": book})
        assert counts(delivery) == "0 = 0 + 0 + 0" and delivery.warnings == []
    template.write(tables, tmp_path / "again.xlsx", group=True)
    assert (tmp_path / "again.xlsx").read_bytes() == book


def test_nothing_is_written_over(tmp_path):
    template.write([TABLES["ideas"]], tmp_path / "ideas.csv")
    with pytest.raises(UsageError, match="is there already and may be filled in"):
        template.write([TABLES["ideas"]], tmp_path / "ideas.csv")


NAMED = "Jane Doe, born 1 May 1950"  # typed where no patient's name is to be
FORMULA = '=HYPERLINK("http://evil.example","open")'
BAD = {  # what is typed in one column of a sound row → the rule that refuses it
    "decided_at": ("2026-02-30", "not an ISO date"),
    "due_at": (NAMED, "not an ISO date"),
    "done_at": ("2025-12-31", "before decided_at"),
    "expected": (FORMULA, "not an amount"),
    "expected_in": (NAMED, "not one of units, percent"),
    "outcome": ("Adopted", "not one of adopt, adapt, abandon"),
    "title": (NAMED * 5, "longer than 120 characters"),
    "owner": ("", "blank"),
}


@pytest.mark.parametrize("column", BAD)
def test_what_cannot_be_read_refuses_its_row_with_the_rule_and_never_tells_it(tmp_path, column):
    typed, rule = BAD[column]
    header = template.as_csv(TABLES["actions"]).strip().split(",")
    line = {n: cell(c) for n, c in zip(header, TABLES["actions"].columns, strict=True)}
    line |= {name: "2026-01-05" for name in header if name.endswith("_at")} | {column: typed}
    quoted = ",".join('"' + line[name].replace('"', '""') + '"' for name in header)
    delivery = read(tmp_path, table_feed("actions", {}), {"in.csv": f"{','.join(header)},practice\n{quoted},a\n"})
    (told,) = refusals(delivery)
    assert told.startswith(f"in.csv:2 {column}: {rule}")
    assert not any(word in told + "".join(delivery.warnings) for word in ("Jane", "1950", "evil", "2026-02-30"))


def test_roles_are_a_closed_list_and_a_house_s_own_are_mapped(tmp_path):
    text = "idea_id,received_at,by_role\ni1,2026-01-05,MA\ni2,2026-01-05,Jane Doe\ni3,2026-01-05,\ni4,2026-01-06,IT\n"
    delivery = read(tmp_path, table_feed("ideas", {}, "{practice}.csv"), {"a.csv": text}, practice="a")
    rule = f"by_role: not one of {', '.join(ROLES)}"
    assert refusals(delivery) == [f"a.csv:2 {rule}", f"a.csv:3 {rule}"]
    mapped = table_feed("ideas", {}, "{practice}.csv", values={"by_role": {"MA": "nurse", "Jane Doe": "other"}})
    delivery = read(tmp_path, mapped, {"a.csv": text}, practice="a")
    assert rows(delivery.rows, "idea_id by_role") == ["i1 nurse", "i2 other", "i3 ~", "i4 IT"]


def test_a_mapped_column_may_be_left_out_of_a_template(tmp_path):
    spec = table_feed("ideas", {}, "{practice}.csv", values={"by_role": {"MA": "nurse"}})
    delivery = read(tmp_path, spec, {"a.csv": "idea_id,received_at\ni1,2026-01-05\n"}, practice="a")
    assert rows(delivery.rows, "idea_id by_role") == ["i1 ~"]


def test_a_formula_that_somebody_typed_stays_text_and_none_is_written(tmp_path):
    text = (
        f'idea_id,received_at,topic\ni1,2026-01-05,"{FORMULA.replace(chr(34), chr(34) * 2)}"\ni2,2026-01-05,@SUM(A1)\n'
    )
    delivery = read(tmp_path, table_feed("ideas", {}, "{practice}.csv"), {"a.csv": text}, practice="a")
    assert delivery.rows["topic"].tolist() == [FORMULA, "@SUM(A1)"]
    template.write(template.named(template.ALL), tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == len(template.BY_HAND) + 1 and not any("<f>" in sheet for sheet in sheets)


@pytest.mark.parametrize("first", ["A1,Jane Doe,1950-05-01", "A1;Jane Doe;1950-05-01"])
def test_a_file_without_its_header_is_refused_and_its_first_row_not_told(tmp_path, first):
    with pytest.raises(FeedError) as refused:
        read(tmp_path, table_feed("actions", {}, "{practice}.csv"), {"a.csv": f"{first}\n{first}\n"}, practice="a")
    assert "is the first line the header?" in str(refused.value) and "Jane" not in str(refused.value)
