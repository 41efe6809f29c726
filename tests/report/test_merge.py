"""Sections become one notebook: whose cells it keeps, what they are called, and what is refused."""

import nbformat
import pytest
from workspaces import section, write_section

from bsc_analysis.errors import ParamsError, UsageError
from bsc_analysis.report.merge import merge
from bsc_analysis.report.sections import notebook_path, read_sections


def perspective(*own):
    notebook = section("view(perspective)", *own)
    notebook.cells[2].metadata.tags = ["perspective"]
    return notebook


def told(notebook):
    return [(cell.id, cell.source) for cell in notebook.cells]


def test_the_first_parameters_and_set_up_are_kept_and_then_every_sections_own_cells():
    one = section("1", "2", parameters="first = 1", setup="begin()")
    other = section("3", parameters="second = 2", setup="begin_otherwise()")
    one.cells.insert(0, nbformat.v4.new_markdown_cell("# One", id="about"))
    assert told(merge([("one", one), ("other", other)], [])) == [
        ("one-parameters", "first = 1"),
        ("one-setup", "begin()"),
        ("one-about", "# One"),
        ("one-own-1", "1"),
        ("one-own-2", "2"),
        ("other-own-1", "3"),
    ]


def test_the_perspective_section_stands_once_for_each_with_the_id_put_in():
    merged = merge([("summary", section("1")), ("perspective", perspective("show()"))], ["money", "people"])
    assert told(merged)[2:] == [
        ("summary-own-1", "1"),
        ("perspective-money-own-1", 'perspective = "money"\nview(perspective)'),
        ("perspective-money-own-2", "show()"),
        ("perspective-people-own-1", 'perspective = "people"\nview(perspective)'),
        ("perspective-people-own-2", "show()"),
    ]


def test_cells_tell_their_section_and_keep_their_tags_and_nothing_else():
    notebook = perspective()
    notebook.cells[2].metadata.collapsed = True
    merged = merge([("perspective", notebook)], ["money"])
    assert [cell.metadata for cell in merged.cells] == [
        {"tags": ["parameters"], "bsc": {"section": "perspective", "cell": "parameters"}},
        {"tags": ["setup"], "bsc": {"section": "perspective", "cell": "setup"}},
        {"tags": ["perspective"], "bsc": {"section": "perspective-money", "cell": "own-1"}},
    ]


def test_outputs_and_counts_of_a_section_that_somebody_ran_are_dropped_and_it_is_left_as_it_was():
    ran = section("1")
    ran.cells[2].outputs, ran.cells[2].execution_count = [nbformat.v4.new_output("stream", text="1")], 7
    cell = merge([("ran", ran)], []).cells[2]
    assert (cell.outputs, cell.execution_count) == ([], None)
    assert (len(ran.cells[2].outputs), ran.cells[2].execution_count, ran.cells[2].id) == (1, 7, "own-1")


def test_long_and_odd_names_get_ids_that_are_allowed_and_unique():
    names = ["a" * 64, "a" * 63 + "b"]
    both = [("our costs, 2026", section("1")), ("perspective", perspective("2"))]
    ids = [cell.id for cell in merge(both, names).cells]
    assert "our-costs--2026-own-1" in ids
    assert len(ids) == len(set(ids)) == 2 + 1 + 2 * 2
    assert max(len(id) for id in ids) == 64
    assert ids == [cell.id for cell in merge(both, names).cells]


@pytest.mark.parametrize("tag", ["parameters", "setup"])
@pytest.mark.parametrize("times", [0, 2])
def test_a_section_has_its_parameters_and_its_set_up_once(tag, times):
    faulty = section("1", "2")
    own = [cell for cell in faulty.cells if cell.metadata.get("tags") == [tag]]
    own[0].metadata.tags = [tag] if times else []
    faulty.cells[-1].metadata.tags = [tag] if times else []
    with pytest.raises(ParamsError) as refused:
        merge([("sound", section("1")), ("faulty", faulty)], [])
    (fault,) = refused.value.faults
    assert fault.file == "notebooks/report/faulty.ipynb"
    assert fault.place == f"cell tagged {tag}"
    assert fault.message == f"stands {times} times; a section has it once"


def test_every_faulty_section_is_named_at_once():
    untagged = section("1")
    for cell in untagged.cells:
        cell.metadata.tags = []
    with pytest.raises(ParamsError) as refused:
        merge([("one", untagged), ("other", untagged)], [])
    assert [fault.file.split("/")[-1] for fault in refused.value.faults] == ["one.ipynb"] * 2 + ["other.ipynb"] * 2


def test_a_perspective_section_that_cannot_be_told_which_one_is_refused():
    """Else every perspective would show the first one's cards."""
    with pytest.raises(ParamsError, match="cell tagged perspective"):
        merge([("perspective", section("show()"))], ["money", "people"])


def test_a_section_that_stands_twice_is_refused():
    with pytest.raises(ParamsError, match="notes-own-1"):
        merge([("notes", section("1")), ("notes", section("1"))], [])


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "notebooks" / "report").mkdir(parents=True)
    (tmp_path / "secret.ipynb").write_text(nbformat.writes(section("1")))
    return tmp_path


@pytest.mark.parametrize("name", ["../../secret", "../report/notes", "/etc/passwd", "notes.ipynb", ".", ""])
def test_a_section_is_a_name_and_never_a_path(folder, name):
    write_section(folder, "notes", section("1"))
    with pytest.raises(UsageError, match="is not a section"):
        notebook_path(folder, name)


def unnamed(notebook):
    del notebook.cells[2]["id"]


def twins(notebook):
    notebook.cells[2].id = "setup"


def old(notebook):
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


@pytest.mark.parametrize("spoil", [unnamed, twins, old])
def test_cells_without_ids_of_their_own_are_refused_for_they_would_get_random_ones(folder, spoil):
    notebook = section("1", "2")
    spoil(notebook)
    (folder / "notebooks" / "report" / "notes.ipynb").write_text(nbformat.v4.writes_json(notebook))
    with pytest.raises(ParamsError, match=r"notes\.ipynb: 1 problem\n  cells  need an id each"):
        read_sections(folder, ["notes"])


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"nbformat": 4, "cells": 3}'])
def test_what_is_no_notebook_is_refused_by_name(folder, data):
    (folder / "notebooks" / "report" / "notes.ipynb").write_bytes(data)
    with pytest.raises(ParamsError, match=r"notes\.ipynb: 1 problem\n.*is not a notebook that can be read"):
        read_sections(folder, ["notes"])


def test_sections_come_in_the_order_asked_for(folder):
    for name in ("a", "b"):
        write_section(folder, name, section(name))
    assert [(name, notebook.cells[2].source) for name, notebook in read_sections(folder, ["b", "a"])] == [
        ("b", "b"),
        ("a", "a"),
    ]
