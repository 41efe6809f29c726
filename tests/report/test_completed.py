"""A KPI whose payments are still coming in: the latest mature quarter by name, and beside it this one completed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from bsc_analysis.disclosure import Disclosed, disclose
from bsc_analysis.kpis import KPIS
from bsc_analysis.report.run import Run
from tests.payments import COLLECTED, DENIED, transactions
from tests.stores import group_of, rows, store_of

NBSP = "\N{NO-BREAK SPACE}"
ACCOUNTS = ["feed", "practice", "file", "sha256", "physical", "used", "quarantined", "deduplicated", "layout"]
REFUSED = ["feed", "practice", "file", "line", "column", "rule"]
TROUBLES = ["practice", "feed", "table", "required", "message"]


@pytest.fixture(autouse=True)
def defined(monkeypatch):
    for kpi in (COLLECTED, DENIED):
        monkeypatch.setitem(KPIS, kpi.id, kpi)


def seen(folder: Path, kpis: list[str], period: str = "2026Q3", **tables_and_group) -> Disclosed:
    """What practice a's report shows of these tables."""
    tables = {name: frame for name, frame in tables_and_group.items() if isinstance(frame, pd.DataFrame)}
    shared = {"audience": "leadership", "report": "quarter"}
    shared |= {name: fact for name, fact in tables_and_group.items() if name not in tables}
    store = store_of(folder, **tables)
    for name, columns in {"accounts": ACCOUNTS, "quarantine": REFUSED, "troubles": TROUBLES}.items():
        pd.DataFrame(columns=columns).to_parquet(folder / f"{name}.parquet")
    return disclose(group_of(kpis, ["a"], **shared), "a", period, store)


@pytest.fixture(scope="module")
def postings() -> pd.DataFrame:
    return transactions(3, "2024-06-01", "2026-10-14", a_month=600)[0]


@pytest.fixture
def run(tmp_path, postings) -> Run:
    return Run(seen(tmp_path, ["collected"], transactions=postings))


def shown(run: Run, id: str = "collected") -> str:
    """All that the page says of a KPI, as one text."""
    card = run.cards[id]
    return "\n".join([card.value, card.verdict, *card.sub, *card.meta, *card.sentences, card.chart.svg])


def test_the_latest_mature_quarter_is_shown_by_name_and_this_one_completed_beside_it(run):
    card = run.cards["collected"]
    mature = run.seen.reading("collected", run.seen.group.calendar.parse("2026Q1"))
    assert card.value == f"2026 Q1: {mature['value']:.1f}{NBSP}%" and str(card.at) == "2026Q1"
    found = run.seen.completion["collected"]
    told = f"2026 Q3 completed: {found.value:.1f}{NBSP}% ({found.lower:.1f}–{found.upper:.1f})"
    tested = f"in {found.tests} back-tests the mean error was {found.error:.1f} points."
    assert card.sub[-1] == told and f"{told}, from the practice's own run-out; {tested}" in card.meta
    assert found.tests > 10 and found.lower < mature["value"] < found.upper  # nothing was planted to change
    assert "2026 Q3 is still running out until 28 Jan 2027." in card.meta
    assert any(re.search(r"\d % of the back-tests", line.replace(NBSP, " ")) for line in card.meta)


def test_the_raw_value_of_what_still_runs_out_is_written_nowhere(run):
    months = run.seen.series("collected")
    numbers = months.loc[months["state"] == "immature", "value"].dropna()
    assert len(numbers) == 4 and numbers.iloc[-1] < 60
    told = shown(run) + run.headline().text + run.vital_signs().html + run.gaps().html
    assert not [n for n in numbers if f"{n:.1f}{NBSP}%" in told]


def test_an_old_quarter_is_no_news_of_this_one(run):
    card = run.cards["collected"]
    assert (card.word, card.judged, card.css) == ("running", False, "common")
    assert card.verdict == "no real change as of May 2026"
    assert card.sentences[-1] == "May 2026 is the newest mature month; later ones are still running out."
    assert run.headline().text == (
        f"Collected, {card.value}. Later quarters are still running out, and no KPI can be judged against chance yet."
    )
    assert "still running out until 28 Jan 2027" in run.gaps().html
    assert "One KPI has no complete value this period" in run.trust().text


def test_a_jump_in_the_mature_months_stays_with_its_date(tmp_path, postings):
    worse = postings.copy()
    worse.loc[(worse["service_at"] >= "2026-04-01") & (worse["kind"] == "payment"), "amount"] *= 0.8
    run = Run(seen(tmp_path, ["collected"], transactions=worse))
    card = run.cards["collected"]
    assert card.variation.latest == "concern" and not card.judged and card.css == "common"
    assert card.verdict == "real concern as of May 2026"
    assert "Real concern" not in run.headline().text


def test_months_that_are_not_mature_are_hollow_and_in_no_limit(run):
    card = run.cards["collected"]
    assert card.points["open"].sum() == 4 and str(card.variation.as_of) == "2026-05"
    assert card.variation.points["value"].notna().sum() == 24
    assert f"May: {card.written(card.points['value']['2026-05'])}" in run.cards["collected"].chart.svg


def test_a_mature_quarter_of_an_old_report_is_shown_as_ever(tmp_path, postings):
    run = Run(seen(tmp_path, ["collected"], period="2026Q1", transactions=postings))
    card = run.cards["collected"]
    assert run.seen.completion == {} and not card.value.startswith("2026") and card.word == "none" and card.judged


def test_a_young_practice_is_told_what_is_missing(tmp_path, postings):
    young = postings[postings["service_at"] >= "2026-02-01"]
    card = Run(seen(tmp_path, ["collected"], transactions=young)).cards["collected"]
    assert (card.value, card.word) == ("–", "no_value")
    assert card.sub == [
        "still running out until 28 Jan 2027",
        "2026 Q3 cannot be completed yet: 4 of the 6 months with full run-out that it takes.",
    ]


def test_where_nothing_is_mature_yet_the_raw_value_does_not_stand_in(tmp_path, postings):
    young = postings[postings["service_at"] >= "2026-07-01"]
    found = seen(tmp_path, ["collected"], period="2026-08", transactions=young)
    card = Run(found).cards["collected"]
    assert found.reading("collected")["value"] > 0
    assert (card.has_value, card.value, card.word, card.sub[0]) == (
        False,
        "–",
        "no_value",
        "still running out until 29 Dec 2026",
    )


def test_few_backtests_give_no_interval(tmp_path, postings):
    some = postings[postings["service_at"] >= "2025-07-01"]
    line = Run(seen(tmp_path, ["collected"], transactions=some)).cards["collected"].sub[-1]
    assert re.search(r"back-tests?, too few for an interval, the (mean )?error was \d", line), line
    assert "(" not in line


def test_a_quarter_that_is_not_over_is_not_completed(tmp_path, postings):
    card = Run(seen(tmp_path, ["collected"], period="2026Q4", transactions=postings)).cards["collected"]
    assert card.value.startswith("2026 Q1: ")
    assert card.sub[-1] == "2026 Q4 cannot be completed yet: the data do not hold all of its months."


def test_fiscal_quarters_are_completed_and_named_as_fiscal(tmp_path, postings):
    found = seen(tmp_path, ["collected"], period="2027Q1", transactions=postings, fiscal_year_start=7)
    card = Run(found).cards["collected"]
    assert card.value.startswith("FY2026 Q3: ") and card.sub[-1].startswith("FY2027 Q1 completed: ")


def claims(denied: int, of: int) -> pd.DataFrame:
    """Each month so many denied, ten days after they were submitted, of so many claims of as many patients."""
    months = pd.period_range("2024-06", "2026-09", freq="M")
    lines = [
        f"a {m}-{i} p{i} {m}-{1 + i % 28:02d} {m + 1 if i < denied else ''}{'-07' if i < denied else '.'} 10"
        for m in months
        for i in range(of)
    ]
    return rows("practice claim_id patient_id submitted_at denied_at charge\n" + "\n".join(lines), "claims")


def test_what_is_withheld_is_not_completed_either(tmp_path):
    few = seen(tmp_path / "few", ["denied"], claims=claims(4, 40), audience="board")
    assert few.reading("denied")["state"] == "withheld" and few.completion == {}
    assert seen(tmp_path / "own", ["denied"], claims=claims(4, 40)).completion["denied"].answer == "completed"
    many = seen(tmp_path / "many", ["denied"], claims=claims(15, 40), audience="board").completion["denied"]
    assert many.value == pytest.approx(100 * 15 / 40) and many.tests > 10 and many.backtests.empty


def test_methods_tell_of_completion_only_where_something_runs_out(run, tmp_path):
    assert "chain-ladder" in run.methods().html
    other = replace(run.seen, practice=replace(run.seen.practice, kpis={}))
    assert "chain-ladder" not in Run(other).methods().html
