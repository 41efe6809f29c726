"""Whole reports of practices with little or broken history, held word for word and number for number.

`golden/<practice>/readings.csv` holds the numbers and `page.txt` the words of the page. After a change that is meant:
`BSC_GOLDEN=write pytest tests/golden`, then read the difference as its reader would.
"""

from __future__ import annotations

import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.workspaces import (
    GROUP,
    GROUP_FILE,
    HOUSE,
    Ended,
    add_practice,
    bsc,
    made_once,
    report_folder,
    write_yaml,
)

pytestmark = pytest.mark.xdist_group("golden")
GOLDEN = Path(__file__).parent / "expected"
LAST = pd.Period("2026-09", freq="M")
PRACTICES = {  # title, months of data, months by which they end before the quarter does
    "one_month": ("One month of data", 1, 0),
    "three_months": ("Three months of data", 3, 0),
    "eleven_months": ("Eleven months of data", 11, 0),
    "twelve_months": ("Twelve months of data", 12, 0),
    "opened": ("Opened in the quarter's second month", 2, 0),
    "closed": ("Closed in June", 18, 3),
    "whole": ("Twenty-four months of data", 24, 0),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> tuple[Path, Ended]:
    return made_once(tmp_path_factory, "golden", _run)


def _run(folder: Path) -> Ended:
    """One group whose practices reach back differently far."""
    shutil.copytree(HOUSE, folder / "notebooks" / "report")
    (folder / "params" / GROUP).mkdir(parents=True)
    write_yaml(folder / "params" / GROUP / "group.yaml", GROUP_FILE | {"title": "Golden clinics", "breaks": []})
    for id, (title, months, ended) in PRACTICES.items():
        add_practice(folder, id, title, pd.period_range(end=LAST - ended, periods=months, freq="M"))
    return bsc(folder, "run", GROUP, "--period", "2026Q3", "--jobs", "2")


def test_every_practice_gets_its_report(reports):
    assert reports[1].status == 0, reports[1].err


@pytest.mark.parametrize("practice", PRACTICES)
def test_the_numbers_are_those_of_the_golden_report(reports, practice):
    made = pd.read_csv(report_folder(reports[0], practice) / "readings.csv")
    kept = GOLDEN / practice / "readings.csv"
    if os.environ.get("BSC_GOLDEN") == "write":
        kept.parent.mkdir(parents=True, exist_ok=True)
        made.to_csv(kept, index=False)
    expected = pd.read_csv(kept)
    pd.testing.assert_frame_equal(made, expected, rtol=1e-9, check_dtype=False)


@pytest.mark.parametrize("practice", PRACTICES)
def test_the_words_are_those_of_the_golden_report(reports, practice):
    made = words_of(report_folder(reports[0], practice) / "report.html")
    kept = GOLDEN / practice / "page.txt"
    if os.environ.get("BSC_GOLDEN") == "write":
        kept.write_text(made, encoding="utf-8")
    assert made.splitlines() == kept.read_text(encoding="utf-8").splitlines()


def test_the_months_told_are_those_delivered():
    """The golden numbers themselves, checked by another way: a month is told where the export holds its rows."""
    for practice, (_, months, ended) in PRACTICES.items():
        told = pd.read_csv(GOLDEN / practice / "readings.csv")
        told = told[(told["kpi"] == "no_show_rate") & (told["grain"] == "month") & told["n"].notna()]
        delivered = pd.period_range(end=LAST - ended, periods=months, freq="M").astype(str)
        assert told["period"].tolist() == list(delivered), practice
        assert np.allclose(told["value"], told["numerator"] / told["denominator"] * 100), practice


class _Visible(HTMLParser):
    """The words of a page, one block a line; style, pictures' inner text and versions left out."""

    BLOCKS = frozenset(
        ("h1", "h2", "h3", "h4", "p", "li", "tr", "div", "section", "article", "header", "footer", "summary", "dd")
    )

    def __init__(self):
        super().__init__()
        self.lines, self.hidden = [""], 0

    def handle_starttag(self, tag, attrs):
        if tag in ("style", "svg"):
            self.hidden += 1
        if tag in self.BLOCKS:
            self.lines.append("")
        if tag in ("td", "th"):
            self.lines[-1] += " | "
        named = dict(attrs)
        if named.get("role") == "img":
            self.lines.append(f"[picture: {named['aria-label']}]")

    def handle_endtag(self, tag):
        if tag in ("style", "svg"):
            self.hidden -= 1
        if tag in self.BLOCKS:
            self.lines.append("")

    def handle_data(self, data):
        if not self.hidden:
            self.lines[-1] += data


def words_of(page: Path) -> str:
    parser = _Visible()
    parser.feed(page.read_text(encoding="utf-8"))
    lines = [re.sub(r"[^\S\xa0]+", " ", line).strip() for line in parser.lines]
    text = "\n".join(line for line in lines if line.strip(" |"))
    return re.sub(r"bsc-analysis \d[\w.]*", "bsc-analysis …", text) + "\n"
