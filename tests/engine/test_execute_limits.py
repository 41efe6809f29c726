"""What `execute` refuses before a kernel starts, and how it ends one that hangs."""

import os
from pathlib import Path

import pytest
from workspaces import section, survivors

from bsc_analysis.engine import execute as engine
from bsc_analysis.engine.execute import execute
from bsc_analysis.errors import PracticeFailed
from bsc_analysis.report.merge import merge

ASKED = {"group": "tiny", "practice": "alder", "period": "2026Q3"}


def test_a_cell_that_hangs_is_ended_named_and_leaves_no_kernel(monkeypatch, tmp_path):
    monkeypatch.setattr(engine, "CELL_SECONDS", 2)
    record = f"import os\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))"
    hanging = merge([("endless", section(record, "while True:\n    pass"))], [])
    with pytest.raises(PracticeFailed) as failed:
        execute(hanging, ASKED)
    error = failed.value
    assert (error.section, error.cell, error.reason) == ("endless", "own-2", "the cell ran longer than 2 s")
    assert survivors([int((tmp_path / "pid").read_text())]) == []


@pytest.mark.parametrize("name", ["practise", "__import__", "x = 1; y"])
def test_parameter_names_come_from_a_fixed_list(name, monkeypatch):
    monkeypatch.setattr(engine.papermill, "execute_notebook", lambda *_, **__: pytest.fail("a kernel would start"))
    with pytest.raises(PracticeFailed, match="are not known; a notebook is given group, practice, period"):
        execute(merge([("any", section())], []), {**ASKED, name: "x"})


def test_the_environment_is_afterwards_as_it_was(monkeypatch):
    before = {}

    def look(*_, **__):
        before["inside"] = os.environ["JUPYTER_RUNTIME_DIR"]
        raise RuntimeError("no kernel today")

    monkeypatch.setattr(engine.papermill, "execute_notebook", look)
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    monkeypatch.delenv("JUPYTER_RUNTIME_DIR", raising=False)
    with pytest.raises(PracticeFailed, match="no kernel today"):
        execute(merge([("any", section())], []), ASKED)
    assert "JUPYTER_RUNTIME_DIR" not in os.environ
    assert os.environ["PYTHONWARNINGS"] == "ignore"
    assert not Path(before["inside"]).exists()
