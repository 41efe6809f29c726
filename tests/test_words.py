"""The catalogue: no key that nobody says, no key said that is not there, one number format."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from bsc_analysis.kpis import KPIS, kpi
from bsc_analysis.params.models import PERSPECTIVES, Perspective
from bsc_analysis.tables import TABLES
from bsc_analysis.words import beside, catalogue, commas, definitions, is_foreign, language, listed, of, say
from bsc_analysis.words.numbers import bare, day, interval, period, period_in_full, quantity, span

PACKAGE = Path(__file__).parents[1] / "bsc_analysis"
SAID = re.compile(r"""\b(?:say|form)\(\s*f?["']([a-z_.{}()\[\]'\w~ ]+)["']""")
NBSP = "\N{NO-BREAK SPACE}"


def sources() -> str:
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.j2")]
    return "\n".join(path.read_text() for path in files)


def test_every_key_said_is_in_the_catalogue():
    keys = set(catalogue())
    for said in SAID.findall(sources()):
        stem = re.split(r"[{]", said)[0]
        assert (
            said in keys
            or (stem != said and any(key.startswith(stem) for key in keys))
            or (said.endswith(".") and any(key.startswith(said) for key in keys))
        ), said


def test_every_sentence_of_the_catalogue_is_said_somewhere():
    text = sources()
    stems = {re.split(r"[{]", said)[0] for said in SAID.findall(text)}
    literal = set(re.findall(r"""["']([a-z_]+\.[a-z_.]+)["']""", text))
    for key in catalogue():
        plain = key.removesuffix(".one")
        assert plain in literal or any(plain.startswith(stem) for stem in stems if stem.endswith(("_", "."))), key


def test_a_missing_fact_or_key_is_an_error_and_never_a_hole():
    with pytest.raises(KeyError):
        say("card.owner")
    with pytest.raises(KeyError):
        say("card.nobody_wrote_this")


def test_one_and_many():
    assert say("trust.hidden", n=1).startswith("One KPI") and say("trust.hidden", n=2).startswith("2 KPIs")
    assert [listed(w) for w in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert commas(["a", "b", "c"]) == "a, b, c"
    assert [beside(facts) for facts in (["a", "", "b"], ["", "a"], ["", ""])] == ["a · b", "a", ""]


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (7.44, "%", 1, f"7.4{NBSP}%"),
        (148.4, "$", 0, "$148"),
        (-49.44, "$M", 1, "−$49.4M"),
        (48212, "people", 0, "48,212"),
        (-0.04, "SD", 1, f"0.0{NBSP}SD"),
        (533, "per 1,000", 0, f"533{NBSP}per 1,000"),
        (2.5, "cups", 1, f"2.5{NBSP}cups"),
        (float("nan"), "%", 1, ""),
    ],
)
def test_quantities(value, unit, decimals, text):
    assert quantity(value, unit, decimals) == text


def test_intervals_and_dates():
    assert interval(18.24, 19.61, "min", 1) == "18.2–19.6"
    assert interval(-0.4, 0.2, "SD", 1) == "−0.4 to 0.2"
    assert interval(float("nan"), 1, "min", 1) == ""
    assert day(pd.Timestamp("2026-09-30")) == "30 Sep 2026"
    assert [period(pd.Period(p)) for p in ("2026-09", "2026Q3")] == ["Sep 2026", "2026 Q3"]
    assert span(pd.Period("2026Q3")) == "Jul–Sep" and span(pd.Period("2026-09")) == ""
    assert period_in_full(pd.Period("2026Q3")) == "2026 Q3 (Jul–Sep)" and period_in_full(pd.Period("2026")) == "2026"


def test_a_fiscal_period_says_so_and_which_months_it_has():
    third, year = pd.Period("2026Q3", freq="Q-SEP"), pd.Period("2026", freq="Y-SEP")
    assert period_in_full(third) == "FY2026 Q3 (Apr–Jun 2026)"
    assert period_in_full(year) == "FY2026 (Oct 2025–Sep 2026)"


def test_every_unit_of_the_house_s_kpis_and_every_table_has_words():
    assert {k.unit for k in KPIS.values() if not language.has(f"quantity.{k.unit}")} == set()
    assert {table for table in TABLES if not language.has(f"feed.{table}")} == set()


def test_numbers_and_dates_are_the_language_s_own(monkeypatch):
    german = {
        "number.thousands": ".",
        "number.decimal": ",",
        "quantity.$": "{sign}{number} $",
        "number.months.3": "März",
    }
    german |= {"number.day": "{day}. {month} {year}", "number.range_signed": "{low} bis {high}"}
    told = catalogue() | german
    monkeypatch.setattr(language, "catalogue", lambda: told)
    assert quantity(-1234.5, "$", 1) == "−1.234,5 $" and bare(48212, "min", 0) == "48.212"
    assert interval(-0.5, 1, "SD", 1) == "−0,5 bis 1,0"
    assert day(pd.Timestamp("2026-03-09")) == "9. März 2026"


def test_a_definition_speaks_the_language_where_a_file_holds_it(monkeypatch):
    no_shows, processes, own = kpi("no_show_rate"), PERSPECTIVES[2], Perspective(id="processes", title="Our day")
    english = ["No-show rate", "no-show rate", no_shows.why, "Processes", "Our day"]
    asked = [(no_shows,), (no_shows, "short"), (no_shows, "why"), (processes,), (own,)]
    assert [of(*each) for each in asked] == english
    assert [definitions()[f"kpi.no_show_rate.{field}"] for field in ("title", "short", "why")] == english[:3]
    told = catalogue() | {"kpi.no_show_rate.title": "Versäumte Termine", "perspective.processes.title": "Abläufe"}
    monkeypatch.setattr(language, "catalogue", lambda: told)
    assert [of(*each) for each in asked] == ["Versäumte Termine"] * 2 + [no_shows.why, "Abläufe", "Our day"]
    assert [is_foreign(each) for each in (processes, own)] == [False, True]
