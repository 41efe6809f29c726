"""Runs that many tests look at, each made once; nobody writes into them."""

from pathlib import Path

import pytest
from workspaces import (
    GROUP,
    PRACTICES,
    Ended,
    add_practice,
    bsc,
    copy_of,
    good,
    made_once,
    practice_file,
    section,
    shows,
    write_section,
    write_yaml,
)

__all__ = ["good"]

HARSH = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONHASHSEED": "7",
}
SECTIONS = {
    "raises": section("1", "1 / 0"),
    "prints": section("1", "import sys\nprint('overheard', file=sys.stderr)"),
    "warns": section("1", "import warnings\nwarnings.warn('careful')"),
    "exits": section("1", "raise SystemExit(0)"),
    "dies": section("1", "import os\nos._exit(1)", "2"),
    "borrows": section("1", setup=shows("'alder'")),
    "strays": section("1", shows("'alder'")),
    "mute": section("1", setup="pass"),
    "untagged": section("1", setup="open('ran', 'w')"),
    "notes": section("", "None", ""),
}
SECTIONS["untagged"].cells[0].metadata.tags = []


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, good: tuple[Path, Ended]) -> tuple[Path, Ended]:
    """The same inputs under another path, time zone, locale and hash seed, one practice after the other."""

    def make(folder: Path) -> Ended:
        return bsc(copy_of(good[0], folder / "an older name"), "run", GROUP, env=HARSH)

    folder, ended = made_once(tmp_path_factory, "elsewhere", make)
    return folder / "an older name", ended


@pytest.fixture(scope="session")
def troubled(tmp_path_factory: pytest.TempPathFactory, good: tuple[Path, Ended]) -> tuple[Path, Ended]:
    """The good workspace with its reports, run again: birch is broken since, and broken practices have joined.

    Each of these has a section of its own, called like itself, and is no peer of the good ones; `unfed` lacks a
    required file, `quiet` another one.
    """

    def make(folder: Path) -> Ended:
        copy_of(good[0], folder, without=["store"])
        for name, notebook in SECTIONS.items():
            write_section(folder, name, notebook)
        (folder / "notebooks" / "report" / "garbled.ipynb").write_text("{")
        for name in ("prints", "warns", "exits", "dies", "borrows", "strays", "mute", "untagged", "garbled"):
            add_practice(folder, name, name.capitalize(), sections=[name], specialty="other")
        broken = {"group": GROUP, "practice": "birch", "title": PRACTICES["birch"], "sections": ["raises"]}
        write_yaml(practice_file(folder, "birch"), broken)
        add_practice(folder, "unfed", "Unfed", specialty="other")
        (folder / "data" / GROUP / "unfed" / "visits.csv").unlink()
        add_practice(
            folder, "quiet", "Quiet", specialty="other", sections=["summary", "perspective", "data_quality", "notes"]
        )
        (folder / "data" / GROUP / "quiet" / "survey.csv").unlink()
        return bsc(folder, "run", GROUP, "--jobs", "2")

    return made_once(tmp_path_factory, "troubled", make)
