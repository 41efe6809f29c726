"""Every KPI of a practice has its card and its explanation, for leaders and for the public."""

from __future__ import annotations

import pandas as pd
import pytest

from bsc_analysis.disclosure import disclose
from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import Quantile
from bsc_analysis.report.card import Card
from bsc_analysis.report.counted import left_out
from bsc_analysis.report.explain import explained
from tests.random_tables import OF_PRACTICES, made
from tests.stores import group_of, store_of


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return store_of(tmp_path_factory.mktemp("s"), **made(3))


@pytest.mark.parametrize("audience", ["leadership", "external"])
def test_every_kpi_has_words_for_what_it_shows(store, audience):
    seen = disclose(group_of(list(OF_PRACTICES), ["a", "b"], audience=audience), "a", "2025Q2", store)
    for id in OF_PRACTICES:
        card = Card(seen, id)
        assert card.sub and card.meta and card.sentences and card.state
        assert card.kpi.title in explained(seen, id)
        if card.has_value and card.kpi.counts != "money" and card.kpi.pooled:
            assert card.measure


@pytest.mark.parametrize("kpi", [k for k in KPIS.values() if isinstance(k, Quantile)], ids=lambda k: k.id)
def test_what_a_median_leaves_out_has_a_word(kpi):
    reading = pd.Series({"value": 1.0, "denominator": 40.0, "n": 30.0})
    assert left_out(kpi, reading).replace("\N{NO-BREAK SPACE}", " ").startswith("25.0 % of the ")
