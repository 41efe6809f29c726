"""YAML as papermill reads it, without the surprises: refused with the line and the mend."""

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from papermill.iorw import NoDatesSafeLoader

from bsc_analysis.errors import ParamsError
from bsc_analysis.params.strict_yaml import Document, Loader
from tests.builders import text

SAMPLE = """
    words: [plain, "quoted", 'single', "0123", "NO", '2026-09-30']
    numbers: [1, -1, 1.0, 1e3, 1.5e+3, .5, 0123, 0o17, 0x1F, 0b11, 12:30, 1_000, .inf, -.INF]
    flags: [yes, NO, on, Off, true, False, y, n]
    nothing: [null, ~, Null, ]
    dates: [2026-09-30, 2026-09-30 08:40:00, 2026-09-30T08:40:00Z, 2026-09]
    block: |
      two
      lines
    folded: >-
      one
      line
    nested: {a: {b: [1, {c: d}]}, "e f": g}
    1: a number for a key
    no: a flag for a key
    """


def loaded(folder, content):
    path = folder / "x.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Document(path, "x.yaml")


def refusal(folder, content):
    with pytest.raises(ParamsError) as error:
        loaded(folder, content)
    (fault,) = error.value.faults
    assert fault.file == "x.yaml"
    return f"{fault.place}: {fault.message}"


def test_types_are_those_that_papermill_reads(tmp_path):
    ours = loaded(tmp_path, text(SAMPLE)).data
    theirs = yaml.load(text(SAMPLE), Loader=NoDatesSafeLoader)
    assert repr(ours) == repr(theirs)
    assert ours["dates"][0] == "2026-09-30"
    assert ours["numbers"][6] == 83
    assert Loader.yaml_implicit_resolvers == NoDatesSafeLoader.yaml_implicit_resolvers


def test_the_loader_leaves_pyyaml_itself_alone():
    assert yaml.safe_load("a: &x 2026-09-30\nb: *x")["b"].year == 2026


def test_an_empty_file_is_an_empty_mapping(tmp_path):
    assert loaded(tmp_path, "").data == loaded(tmp_path, "# nothing\n").data == {}
    assert loaded(tmp_path, "\ufefftitle: x\n").data == {"title": "x"}


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + chr(ord(name) - 1)] * 9)}]\n" for name in "bcdefghi"
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: 1\nb: &x 1\n", "line 2: has an anchor (&); write the value out"),
        ("a: 1\nb: *x\n", "line 2: has an alias (*); write the value out"),
        (BOMB, "line 1: has an anchor (&); write the value out"),
        ("a: &a [*a]\n", "line 1: has an anchor (&); write the value out"),
        ("a: 1\nb:\n  <<: {c: 1}\n", "line 3: has a merge (<<) or a list for a key; write the values out"),
        ("a: 1\n? [b, c]\n: 1\n", "line 2: has a merge (<<) or a list for a key; write the values out"),
        ("? {b: c}\n: 1\n", "line 1: has a merge (<<) or a list for a key; write the values out"),
        ("a: 1\nb: 2\na: 3\n", "line 3: 'a' stands twice (first on line 1); keep one"),
        ("a:\n  b: 1\n  b: 1\n", "line 3: 'b' stands twice (first on line 2); keep one"),
        ("a: {b: 1, b: 2}\n", "line 1: 'b' stands twice (first on line 1); keep one"),
        ("a: 1\nb:\n\t- 1\n", "line 3: found character '\\t' that cannot start any token"),
        ("a: 1\nb: !!python/object/apply:os.system [id]\n", "line 2: has a tag (!); write the value out"),
        ("a: !!python/name:os.system\n", "line 1: has a tag (!); write the value out"),
        ("a: !!float abc\n", "line 1: has a tag (!); write the value out"),
        ("a: !!binary x\n", "line 1: has a tag (!); write the value out"),
        ("a: !!str 1\n", "line 1: has a tag (!); write the value out"),
        ("--- !mine\na: 1\n", "line 1: has a tag (!); write the value out"),
        ("a: 1\nb: 'x\n", "line 3: found unexpected end of stream"),
        ("a: 1\n---\nb: 2\n", "line 2: but found another document"),
        ("- a\n", "line 1: must hold `key: value` lines"),
        ("just words\n", "line 1: must hold `key: value` lines"),
        ("3\n", "line 1: must hold `key: value` lines"),
        ("a: x\x07\n", ": is not YAML text; save it as UTF-8"),
        ("a: 0b_\n", ": has a number that cannot be read; write it in quotes"),
        ("a: " + "9" * 5000 + "\n", ": has a number that cannot be read; write it in quotes"),
        ("a: 1\nb: Müller\n".encode("cp1252"), "line 2: is not UTF-8; save it as UTF-8"),
        ("a: 1\n".encode("utf-16"), "line 1: is not UTF-8; save it as UTF-8"),
        ("a: " + "[" * 5000, ": is nested too deeply"),
        ("a: " + "x" * 1_000_000, ": holds more than 1,000,000 characters"),
    ],
    ids=lambda value: None if isinstance(value, str) and len(value) < 99 else "…",
)
def test_refused_with_line_and_mend(tmp_path, content, expected):
    assert refusal(tmp_path, content) == expected


def test_an_alias_bomb_is_refused_before_it_grows(tmp_path):
    start = time.perf_counter()
    refusal(tmp_path, BOMB)
    assert time.perf_counter() - start < 1


def test_what_is_quoted_is_no_alias_and_no_merge(tmp_path):
    written = "a: '*x'\nb: \"&x\"\n'<<': '!!str'\nc: x & y\n"
    assert loaded(tmp_path, written).data == {"a": "*x", "b": "&x", "<<": "!!str", "c": "x & y"}


def test_a_folder_in_place_of_a_file_is_refused(tmp_path):
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(ParamsError, match="cannot be read: IsADirectoryError"):
        Document(tmp_path / "x.yaml", "x.yaml")


def test_a_value_knows_its_line_and_how_it_was_written(tmp_path):
    document = loaded(tmp_path, "practice: 0123\nlinks:\n  - {within: 12:30}\n  - least: NO\n")
    assert document.written(("practice",)) == ("0123", 1)
    assert document.written(("links", 0, "within")) == ("12:30", 3)
    assert document.written(("links", 1, "least")) == ("NO", 4)
    assert document.written(("links", 1)) == (None, 4)
    assert document.written(("links", 1, "absent")) == (None, 4)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab:-[]{},#&*!|>'\"%@? \n\t01_.<~é\x07\x85"), max_size=30))
def test_whatever_the_text_it_is_read_as_papermill_does_or_refused(tmp_path_factory, content):
    try:
        ours = loaded(tmp_path_factory.getbasetemp(), content).data
    except ParamsError:
        return
    assert repr(ours) == repr(yaml.load(content, Loader=NoDatesSafeLoader) or {})
