"""The notebooks that are shipped: clean in git, alike in their frame; those of the report hold nothing but calls."""

import ast
import json
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from workspaces import HOUSE, ROOT

from bsc_analysis.report.sections import PORTFOLIO_SECTIONS, SECTIONS, section_names

PATHS = sorted(HOUSE.parent.glob("*/*.ipynb"))
SECTION_PATHS = [path for path in PATHS if path.parent == HOUSE]
PORTFOLIO_PATHS = [path for path in PATHS if path.parent.name == "portfolio"]
EXPLORE_PATHS = [path for path in PATHS if path.parent.name == "explore"]
LIBRARIES = {"dataclasses", "math", "matplotlib.pyplot", "numpy", "pandas", "statistics"}  # what explorers use
PARAMETERS = (
    'group = "demo"\npractice = "north_clinic"\n'
    'period = None  # None: the newest complete one; else "2026Q3", "2026-09" or "2026"'
)
ACROSS = 'group = "demo"\nperiod = None  # None: the newest complete one; else "2026Q3", "2026-09" or "2026"'
ACROSS_SETUP = (
    "from bsc_analysis import open_portfolio\n\nportfolio = open_portfolio(group, period)\nportfolio.masthead()"
)
SETUP = "from bsc_analysis import open_run\n\nrun = open_run(group, practice, period)\nrun.masthead()"
CONTROL = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.comprehension,
    ast.If,
    ast.IfExp,
    ast.Try,
    ast.With,
)
LOGIC = (*CONTROL, ast.BinOp, ast.Compare)

each = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
each_section = pytest.mark.parametrize("path", SECTION_PATHS, ids=[path.stem for path in SECTION_PATHS])
each_across = pytest.mark.parametrize("path", PORTFOLIO_PATHS, ids=[path.stem for path in PORTFOLIO_PATHS])
each_shown = pytest.mark.parametrize(
    "path", SECTION_PATHS + PORTFOLIO_PATHS, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
each_exploring = pytest.mark.parametrize("path", EXPLORE_PATHS, ids=[path.stem for path in EXPLORE_PATHS])


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def nodes(path: Path) -> list[ast.AST]:
    return [node for cell in code(path) for node in ast.walk(ast.parse(cell.source))]


def test_the_house_has_a_notebook_for_each_of_its_sections_and_no_others():
    assert section_names(ROOT) == list(SECTIONS)
    assert sorted(path.stem for path in PORTFOLIO_PATHS) == sorted(PORTFOLIO_SECTIONS)


@each
def test_no_outputs_counts_or_marks_of_a_run(path):
    raw = json.loads(path.read_text(encoding="utf-8"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert raw["metadata"] == {"kernelspec": kernel, "language_info": {"name": "python"}}
    assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
    for cell in raw["cells"]:
        assert set(cell["metadata"]) <= {"tags"}
        assert not cell.get("outputs") and cell.get("execution_count") is None


@each
def test_cells_have_short_stable_ids_of_their_own(path):
    ids = [cell.id for cell in read(path).cells]
    assert [id for id, count in Counter(ids).items() if count > 1] == []
    assert [id for id in ids if not re.fullmatch(r"[a-z]+(-[a-z]+)*", id)] == []  # a random one holds digits


@each_section
def test_the_frame_is_the_same_everywhere_so_that_the_first_may_stand_for_all(path):
    tagged = {tag: cell for cell in code(path) for tag in cell.metadata.get("tags", [])}
    which = "\nperspective = None" if path.stem == "perspective" else ""  # the runner says which before its own cell
    assert tagged["parameters"].source.partition("  # None: the first")[0] == PARAMETERS + which
    assert tagged["setup"].source == SETUP
    order = [cell.id for cell in read(path).cells]
    assert order[:3] == ["about", "parameters", "setup"]


@each_across
def test_the_frame_across_practices_is_the_same_everywhere_too(path):
    tagged = {tag: cell.source for cell in code(path) for tag in cell.metadata.get("tags", [])}
    assert tagged == {"parameters": ACROSS, "setup": ACROSS_SETUP}
    assert [cell.id for cell in read(path).cells][:3] == ["about", "parameters", "setup"]


@each_shown
def test_cells_hold_calls_and_no_logic(path):
    assert [ast.unparse(node) for node in nodes(path) if isinstance(node, LOGIC)] == []


@each_shown
def test_cells_import_the_facade_only(path):
    imports = [node for node in nodes(path) if isinstance(node, ast.Import | ast.ImportFrom)]
    shared = "open_portfolio" if path in PORTFOLIO_PATHS else "open_run"
    assert [ast.unparse(node) for node in imports] == [f"from bsc_analysis import {shared}"]


@each_shown
def test_no_path_and_no_number_that_is_a_decision(path):
    constants = [node.value for node in nodes(path) if isinstance(node, ast.Constant)]
    assert [c for c in constants if not isinstance(c, str) and c is not None] == []
    assert [c for c in constants if isinstance(c, str) and not re.fullmatch(r"[a-z_]+", c)] == []


@each_exploring
def test_exploring_starts_with_what_to_learn_and_what_to_change_and_with_the_report_s_parameters(path):
    first, *rest = read(path).cells
    assert first.cell_type == "markdown" and "**Change first:**" in first.source
    assert rest[0].metadata["tags"] == ["parameters"] and rest[0].source.startswith(PARAMETERS)


@each_exploring
def test_exploring_computes_but_has_no_control_flow(path):
    assert [ast.unparse(node) for node in nodes(path) if isinstance(node, CONTROL)] == []


@each_exploring
def test_exploring_imports_the_facade_and_what_computes(path):
    imported = [node.module for node in nodes(path) if isinstance(node, ast.ImportFrom)]
    imported += [name.name for node in nodes(path) if isinstance(node, ast.Import) for name in node.names]
    assert "bsc_analysis" in imported and set(imported) <= LIBRARIES | {"bsc_analysis"}
