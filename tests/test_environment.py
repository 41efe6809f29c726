"""pyproject.toml, requirements.lock and environment.yml name the same packages within the same bounds."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.xdist_group("environment")
ROOT = Path(__file__).parents[1]
ON_CONDA = {"python-duckdb": "duckdb"}  # conda-forge's name: PyPI's


def by_name(requirements: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(each.name): each for each in map(Requirement, requirements)}


def bounds(requirements: dict[str, Requirement]) -> dict[str, SpecifierSet]:
    return {name: each.specifier for name, each in requirements.items()}


PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = by_name(PYPROJECT["project"]["dependencies"])
DEV = by_name(PYPROJECT["project"]["optional-dependencies"]["dev"])
BUILD = by_name(PYPROJECT["build-system"]["requires"])
PYTHON = by_name(["python" + PYPROJECT["project"]["requires-python"]])

CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]

LOCK = (ROOT / "requirements.lock").read_text()
ENTRIES = re.findall(r"^[^\s#].*(?:\n .*)*", LOCK, re.MULTILINE)  # a pin, its hashes, who asks for it
PINS = by_name([entry.split("\\")[0] for entry in ENTRIES])


def test_conda_names_the_runtime_packages_with_the_same_bounds():
    named = by_name([each for each in CONDA if isinstance(each, str) and each != "pip"])
    conda = {ON_CONDA.get(name, name): each for name, each in named.items()}
    assert bounds(conda) == bounds(PYTHON | RUNTIME)


def test_conda_takes_the_package_itself_and_nothing_else_from_pip():
    assert [each for each in CONDA if not isinstance(each, str)] == [{"pip": ["-e ."]}]


def test_lock_answers_the_declared_packages_and_no_others():
    answered = {name for name, entry in zip(PINS, ENTRIES, strict=True) if "bsc-analysis (pyproject" in entry}
    assert answered == {*RUNTIME, *DEV}


@pytest.mark.parametrize("declared", [*RUNTIME.values(), *DEV.values(), *BUILD.values()], ids=str)
def test_pin_is_within_the_declared_bounds(declared):
    (pin,) = PINS[canonicalize_name(declared.name)].specifier
    assert pin.operator == "=="
    assert declared.specifier.contains(pin.version)


def test_every_pin_has_hashes():
    hashed = re.compile(r"==\S+ .*--hash=sha256:[0-9a-f]{64}\b", re.DOTALL)
    assert [entry for entry in ENTRIES if not hashed.search(entry)] == []


def test_lock_names_no_index_address_or_path():
    assert set(re.findall(r"(?<!\S)-[\w-]+", LOCK)) == {"--hash"}
    assert "/" not in LOCK


def test_tests_of_a_group_stay_on_one_worker(request):
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@environment")
