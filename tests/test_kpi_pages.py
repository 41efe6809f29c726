"""What people look KPIs up in is made from the definitions, and each definition says all it has to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import TableKPI
from bsc_analysis.kpis.page import as_markdown, as_rows
from bsc_analysis.report.counted import COUNTED
from bsc_analysis.words import catalogue

PAGE = Path(__file__).parents[1] / "docs" / "kpis.md"


def test_the_page_is_what_the_definitions_give():
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), "run make docs"


def test_every_kpi_stands_once_in_the_page_and_in_the_list():
    assert sorted(re.findall(r"^#### .* · `(\w+)`$", as_markdown(), re.M)) == sorted(KPIS)
    assert [row[0] for row in as_rows()] == list(KPIS)
    assert all(len(row) == 7 and all(row) for row in as_rows())


@pytest.mark.parametrize("kpi", KPIS.values(), ids=KPIS)
def test_a_kpi_speaks_in_whole_sentences_and_names_its_source(kpi):
    for sentence in (kpi.plain, kpi.why):
        assert sentence[0].isupper() and sentence.endswith(".")
    assert not kpi.formula.endswith(".") and not kpi.source.endswith(".")
    assert re.match(r"[FPIL]\d\d|CMS|CAHPS|ours", kpi.source)


@pytest.mark.parametrize("kpi", [k for k in KPIS.values() if isinstance(k, TableKPI)], ids=lambda k: k.id)
def test_a_kpi_counts_in_columns_that_its_tables_have(kpi):
    assert kpi.at in {c.name for c in kpi.table.columns}
    assert not kpi.known_at or kpi.known_at in {c.name for c in kpi.table.columns}
    if over := getattr(kpi, "over", None):
        assert kpi.over_at in {c.name for c in over.columns}
    assert f"feed.{kpi.table.name}" in catalogue()


def test_every_kind_of_row_that_n_counts_has_its_words():
    assert {f"value.n_{kind}" for kind in COUNTED.values()} <= set(catalogue())
