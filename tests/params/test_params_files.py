"""Params files: every fault of shape at once, by file and line, with what was written and its mend."""

import os
import subprocess
import sys

import pytest

from bsc_analysis.errors import ParamsError, UsageError
from bsc_analysis.params import find_workspace, group_ids, load_group, text_id
from tests.builders import group, text, write

GROUP = """
    group: g
    title: The group
    grain: month
    kpis: {no_show_rate: , wait_median: {target: {value: 18, source: the group}, owner: front desk}}
    feeds:
      visits:
        kind: table_file
        table: visits
        path: "{practice}/visits.csv"
        columns: {visit_id: visit, patient_id: mrn, appointment_at: at, status: status}
    links:
      - {leading: no_show_rate, lagging: wait_median, within: 3, expect: positive, because: why, declared: "2026-01-04"}
    """
A = "group: g\npractice: a\ntitle: Clinic a\n"


def load(root, files):
    return group(root, {"group.yaml": GROUP, "a.yaml": A} | files)


def faults(root, files):
    """file place: message, one a fault."""
    with pytest.raises(ParamsError) as error:
        load(root, files)
    return [f"{f.file.removeprefix('params/g/')} {f.place}: {f.message}" for f in error.value.faults]


def test_a_practice_has_the_groups_choices_with_its_own_on_top(tmp_path):
    own = A + (
        "kpis: {wait_median: {target: {value: 15, source: the practice}}, burnout: }\n"
        "links:\n  - {leading: burnout, lagging: wait_median, within: 1, expect: positive, because: x,"
        " declared: '2026-01-04'}\n"
    )
    practice = load(tmp_path, {"a.yaml": own}).practices["a"]
    assert list(practice.kpis) == ["no_show_rate", "wait_median", "burnout"]
    assert practice.kpis["wait_median"].target.value == 15
    assert practice.kpis["wait_median"].owner == "front desk"
    assert [link.leading for link in practice.links] == ["no_show_rate", "burnout"]
    assert load(tmp_path / "plain", {}).practices["a"].kpis["wait_median"].target.value == 18


# --- what is written wrongly ---


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("practice: NO", "NO"),
        ("practice: 0123", "0123"),
        ("practice: 12:30", "12:30"),
        ("practice: 1.0", "1.0"),
        ("practice: 1e3", None),  # YAML 1.1 reads this as text
        ("practice: 2026-09-30", None),
        ("title: NO", "NO"),
        ("title: 0123", "0123"),
        ("title: 12:30", "12:30"),
        ("title: 1.0", "1.0"),
        ("title: yes", "yes"),
    ],
)
def test_unquoted_text_that_yaml_reads_otherwise_is_refused_as_written(tmp_path, written, expected):
    key = written.split(":")[0]
    content = text(A).replace("practice: a" if key == "practice" else "title: Clinic a", written)
    name = "a.yaml" if key == "title" else f"{written.split(': ')[1]}.yaml"
    if expected is None:
        assert load(tmp_path, {"a.yaml": A, name: content}).practices.keys() == {"a", written.split(": ")[1]}
        return
    line = 2 if key == "practice" else 3
    told = f"{name} {key} (line {line}): is {expected}, which YAML does not read as text; write '{expected}' in quotes"
    assert faults(tmp_path, {name: content}) == [told]


def test_quoted_it_is_text(tmp_path):
    names = ["NO", "0123", "1e5", "nan", "007"]
    files = {f"{n}.yaml": f"group: g\npractice: '{n}'\ntitle: \"{n}\"\n" for n in names}
    assert set(load(tmp_path, files).practices) == {"a", *names}


def test_a_blank_title_must_be_text(tmp_path):
    assert faults(tmp_path, {"a.yaml": "group: g\npractice: a\ntitle:\n"}) == ["a.yaml title (line 3): must be text"]
    assert faults(tmp_path, {"a.yaml": "group: g\npractice: a\ntitle: ~\n"}) == [
        "a.yaml title (line 3): is ~, which YAML does not read as text; write '~' in quotes"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title: The", "titel: The", "titel (line 2): is not known here. Did you mean title?"),
        ("grain: month", "grain: moth", "grain (line 3): is 'moth'; write month, quarter or year"),
        (
            "kind: table_file",
            "kind: tabel_file",
            "feeds.visits (line 7): has kind tabel_file; write table_file, readings, cms_aco",
        ),
        (
            "kind: table_file",
            "knid: table_file",
            "feeds.visits (line 7): needs a kind: table_file, readings or cms_aco",
        ),
        ("path: ", "paht: ", "feeds.visits.paht (line 9): is not known here. Did you mean path?"),
        ("  visits:", "  Visits:", "feeds.Visits (line 7): is 'Visits'; write small letters, digits and _"),
        ("expect: positive", "expect: down", "links[0].expect (line 12): is 'down'; write positive or negative"),
        ("because: why", "becuase: why", "links[0].becuase (line 12): is not known here. Did you mean because?"),
        ("within: 3", "within: 3.5", "links[0].within (line 12): input should be a valid integer"),
        ("within: 3", "within: 0", "links[0].within (line 12): input should be greater than or equal to 1"),
        ('"2026-01-04"', "4.1.2026", "links[0].declared (line 12): is '4.1.2026'; write a date such as '2026-01-04'"),
        ("value: 18", "value: '18'", "kpis.wait_median.target.value (line 4): input should be a valid number"),
        ("value: 18", "value: .nan", "kpis.wait_median.target.value (line 4): input should be a finite number"),
        ("value: 18", "value: .inf", "kpis.wait_median.target.value (line 4): input should be a finite number"),
        (", source: the group", "", "kpis.wait_median.target.source (line 4): is missing"),
        ("owner: front", "ownr: front", "kpis.wait_median.ownr (line 4): is not known here. Did you mean owner?"),
    ],
)
def test_a_slip_is_told_with_place_line_and_mend(tmp_path, old, new, expected):
    assert old in GROUP
    found = faults(tmp_path, {"group.yaml": GROUP.replace(old, new, 1)})
    assert f"group.yaml {expected}" in found


@pytest.mark.parametrize("name", ["readings", "cms_aco", "table_file"])
def test_a_feed_named_like_a_kind_keeps_its_place(tmp_path, name):
    content = GROUP.replace("  visits:\n", f"  {name}:\n").replace('path: "', 'paht: "')
    assert f"group.yaml feeds.{name}.paht (line 9): is not known here. Did you mean path?" in faults(
        tmp_path, {"group.yaml": content}
    )


def test_two_problems_of_one_file_read_as_a_table(tmp_path):
    content = GROUP.replace("expect: positive", "expect: down").replace("because: why", "becuase: why")
    with pytest.raises(ParamsError) as error:
        load(tmp_path, {"group.yaml": content})
    assert str(error.value) == (
        "params/g/group.yaml: 3 problems\n"
        "  links[0].expect (line 12)   is 'down'; write positive or negative\n"
        "  links[0].because (line 12)  is missing\n"
        "  links[0].becuase (line 12)  is not known here. Did you mean because?"
    )


def test_all_faults_of_all_files_come_at_once(tmp_path):
    found = faults(
        tmp_path,
        {
            "group.yaml": GROUP.replace("grain: month", "grain: week"),
            "a.yaml": A.replace("title", "titel"),
            "b.yaml": "group: h\npractice: c\ntitle: B\n",
            "d.yaml": "a: [",
        },
    )
    assert [f.split(":")[0] for f in found] == [
        "a.yaml title (line 1)",
        "a.yaml titel (line 3)",
        "b.yaml group",
        "b.yaml practice",
        "d.yaml line 1",
        "group.yaml grain (line 3)",
    ]


def test_faults_come_in_one_order_whatever_the_hash_seed(tmp_path):
    content = GROUP.replace("title: The group", "titel: x\ncolour: x\nshape: x\nsize: x\nnames: x").replace(
        "\n    ", "\n"
    )
    write(tmp_path / "params" / "g", {"group.yaml": content, "a.yaml": A})
    code = (
        "import sys, pathlib\nfrom bsc_analysis.params import load_group\n"
        "try: load_group('g', pathlib.Path(sys.argv[1]))\nexcept Exception as e: print(e)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert "6 problems" in told.pop()


# --- names ---


def test_names_must_be_those_of_folder_and_file(tmp_path):
    assert faults(tmp_path, {"b.yaml": "group: demo\npractice: c\ntitle: B\n"}) == [
        "b.yaml group: is 'demo'; the folder is called 'g'",
        "b.yaml practice: is 'c'; the file is called 'b'",
    ]
    assert faults(tmp_path / "other", {"group.yaml": GROUP.replace("group: g", "group: h")}) == [
        "group.yaml group: is 'h'; the folder is called 'g'"
    ]


def test_two_practices_that_differ_only_in_case_are_refused(tmp_path):
    assert faults(tmp_path, {"A.yaml": A.replace("practice: a", "practice: A")}) == [
        "a.yaml practice: differs from A.yaml only in case"
    ]
    assert faults(tmp_path / "other", {"a.yml": A}) == ["a.yml practice: differs from a.yaml only in case"]


@pytest.mark.parametrize("id", ["../../evil", "a/b", "x" * 33, "-x", "_x", "x y", "x.y", "é", "", "x\\n"])
def test_what_is_no_id_is_refused(tmp_path, id):
    found = faults(tmp_path, {"b.yaml": f'group: g\npractice: "{id}"\ntitle: B\n'})
    assert len(found) == 1
    assert found[0].startswith("b.yaml practice (line 2): is ")
    assert found[0].endswith("an id has letters, digits, _ and -, at most 32, and begins with a letter or digit")


def test_thirty_two_characters_are_an_id(tmp_path):
    id = "0" + "x" * 31
    assert id in load(tmp_path, {f"{id}.yaml": f"group: g\npractice: '{id}'\ntitle: B\n"}).practices


def test_an_unknown_group_is_told_with_the_nearest(tmp_path):
    load(tmp_path, {})
    write(tmp_path / "params", {"demo/group.yaml": GROUP})
    with pytest.raises(UsageError, match=r"'dem' is not a group\. Did you mean demo\?"):
        load_group("dem", tmp_path)
    with pytest.raises(UsageError, match="is not a group"):
        load_group("../g", tmp_path)
    assert group_ids(tmp_path) == ["demo", "g"]


def test_a_group_without_practices_is_refused(tmp_path):
    with pytest.raises(ParamsError, match="practices  no practice: add params/<group>/"):
        group(tmp_path, {"group.yaml": GROUP})


@pytest.mark.parametrize("value", [False, True, 83, 750, 1.0, None, ["a"], b"a"])
def test_an_id_that_is_not_text_is_refused_with_its_mend(value):
    with pytest.raises(UsageError, match="write it in quotes, such as practice: '0123'") as error:
        text_id(value, "practice")
    assert f"arrived as {type(value).__name__} {value!r};" in str(error.value)


@pytest.mark.parametrize("value", ["../x", "", "x" * 33, "-x", "x\n", "x/y", "٣"])
def test_text_that_is_no_id_is_refused(value):
    with pytest.raises(UsageError, match="is not an id: letters, digits, _ and -, at most 32"):
        text_id(value, "practice")


@pytest.mark.parametrize("value", ["a", "0123", "NO", "north_clinic", "A-1", "x" * 32])
def test_an_id_is_given_back(value):
    assert text_id(value, "practice") == value


# --- places ---


def test_the_workspace_is_found_from_below(tmp_path, monkeypatch):
    load(tmp_path, {})
    monkeypatch.delenv("BSC_WORKSPACE", raising=False)
    assert find_workspace(tmp_path / "params" / "g") == tmp_path
    monkeypatch.setenv("BSC_WORKSPACE", str(tmp_path / "params"))
    with pytest.raises(UsageError, match="no workspace"):
        find_workspace(tmp_path)


def test_data_come_from_the_argument_then_the_environment_then_the_workspace(tmp_path, monkeypatch):
    load(tmp_path, {})
    monkeypatch.setenv("BSC_DATA", str(tmp_path / "env"))
    assert load_group("g", tmp_path, tmp_path / "arg").data == tmp_path / "arg"
    assert load_group("g", tmp_path).data == tmp_path / "env"
    monkeypatch.delenv("BSC_DATA")
    assert load_group("g", tmp_path).data == tmp_path / "data"
