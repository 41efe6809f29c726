"""Finished cells on disk: one JSON file each, good for as long as the code that made it says the same."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from functools import cache, partial
from pathlib import Path
from typing import Any

from bsc_analysis.calibrate.cells import Cell
from bsc_analysis.calibrate.trials import Trial
from bsc_analysis.params import find_workspace

PACKAGE = Path(__file__).parents[1]


def read(folder: Path, cell: Cell | Trial) -> dict[str, Any] | None:
    """What the cell found (see measure.measured, demo_group.measured, Trial.answer), or None where it is not finished
    with the code as it is."""
    path = _path(folder, cell)
    return json.loads(path.read_text(encoding="utf-8"))["counts"] if path.is_file() else None


def write(folder: Path, cell: Cell | Trial, counts: dict[str, Any]) -> None:
    """Keeps what the cell found, and removes what it found with other code."""
    path, told = _path(folder, cell), {"cell": cell.id, "seed": cell.seed, "repetitions": cell.repetitions}
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{_slug(cell)}.*.json"):
        old.unlink()
    part = path.with_suffix(".part")
    part.write_text(json.dumps({**told, "draws": cell.draws, "counts": counts}, indent=1), encoding="utf-8")
    part.replace(path)


def fingerprint(cell: Cell | Trial) -> str:
    """Of all that decides the cell's numbers: its design and size, how it is asked, and the code that is run for it."""
    if isinstance(cell, Trial):
        files = ["calibrate/trials.py", *needed(cell.file)]
        return _digest([cell.id, cell.repetitions, [code_of(file) for file in files]])
    design = cell.design
    made = (design.func.__name__, design.keywords) if isinstance(design, partial) else (design.__name__, {})
    asked = [cell.id, made, cell.repetitions, cell.draws, cell.within]
    if cell.asks == "demo":
        return _digest([asked, [code_of(file) for file in _of_demo()], _params_of_demo()])
    if cell.asks == "fan":
        return _digest([asked, [code_of(file) for file in _of_fans()]])
    test = "naive" if cell.asks == "naive" else "links" if cell.size.practices == 1 else "panel"
    files = ["calibrate/designs.py", "calibrate/measure.py"]
    files += ["calibrate/group_designs.py"] if cell.size.practices > 1 else []
    files += ["calibrate/naive.py"] if test == "naive" else needed(f"analysis/{test}.py")
    return _digest([asked, [code_of(file) for file in files]])


def _digest(facts: list) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]


def _of_demo() -> list[str]:
    """The code that makes the demo group and tests its links; what reads it in between has tests of its own."""
    made = sorted(path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "demo").glob("*.py"))
    return ["calibrate/demo_group.py", *made, *needed("analysis/whole.py")]


def _of_fans() -> list[str]:
    own = ["calibrate/fans.py", "calibrate/designs.py", "analysis/goals/fan.py", "analysis/goals/movements.py"]
    return [*own, *needed("analysis/terms.py")]


def _params_of_demo() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((find_workspace() / "params" / "demo").glob("*.yaml"))]


@cache
def needed(file: str) -> tuple[str, ...]:
    """A file and all files of analysis and calibrate that it comes to import."""
    seen, ahead = set[str](), [file]
    while ahead:
        if (PACKAGE / (file := ahead.pop())).is_file() and file not in seen:
            seen.add(file)
            text = (PACKAGE / file).read_text(encoding="utf-8")
            names = re.findall(r"from bsc_analysis\.((?:analysis|calibrate)(?:\.\w+)+) import", text)
            ahead += [f"{name.replace('.', '/')}.py" for name in names]
    return tuple(sorted(seen))


@cache
def code_of(file: str) -> str:
    """A file's statements, hashed: remarks and layout do not count."""
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        match node:
            case ast.Module(body=body) | ast.FunctionDef(body=body) | ast.ClassDef(body=body):
                if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
                    del body[0]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def _slug(cell: Cell | Trial) -> str:
    return re.sub(r"[^a-z0-9]+", "-", cell.id.lower().replace("²", "2"))


def _path(folder: Path, cell: Cell | Trial) -> Path:
    return folder / f"{_slug(cell)}.{fingerprint(cell)}.json"
