"""How the data came, as its reader meets it: in sentences, in a strip, and never in small counts for guarded eyes."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from bsc_analysis.disclosure import Disclosed, disclose
from bsc_analysis.report.run import Run
from tests.stores import account_for, group_of, rows, store_of

NBSP = "\N{NO-BREAK SPACE}"


def calls(per_month: dict[str, int]) -> pd.DataFrame:
    """So many answered calls in each month, every one by another person, on its first days and its last."""
    starts = [
        pd.Period(month, "M").start_time + pd.Timedelta(days=27 * i / max(n - 1, 1))
        for month, n in per_month.items()
        for i in range(n)
    ]
    frame = rows("practice call_id started_at outcome", "calls").reindex(range(len(starts)))
    who = [f"C{i}" for i in range(len(starts))]
    return frame.assign(practice="a", call_id=who, caller_id=who, started_at=starts, outcome="answered").astype(
        {"started_at": "datetime64[us]"}
    )


def ratings(per_month: dict[str, int]) -> pd.DataFrame:
    """So many patients' ratings in each month."""
    table = calls(per_month)
    frame = table[["practice"]].assign(survey="patient", respondent_id=table["call_id"], question="provider_rating")
    return frame.assign(answered_at=table["started_at"].dt.floor("D"), answer=9)


MONTHS = [str(m) for m in pd.period_range("2024-10", "2026-09", freq="M")]
FULL = dict.fromkeys(MONTHS, 60)


def seen(folder, audience: str = "leadership", frames=None, **tables: pd.DataFrame) -> Disclosed:
    group = group_of(["provider_rating"], ["a"], report="quarter", audience=audience)
    return disclose(group, "a", "2026Q3", account_for(store_of(folder, **tables), **(frames or {})))


def sentences(disclosed: Disclosed) -> list[str]:
    return [li.text for li in BeautifulSoup(Run(disclosed).findings().html, "html.parser").find_all("li")]


def test_a_phone_system_that_failed_is_told_on_page_one_in_the_list_and_in_the_strip(tmp_path):
    run = Run(seen(tmp_path, calls=calls(FULL | {"2026-05": 0}), survey_answers=ratings(FULL)))
    assert sentences(run.seen) == ["No calls were recorded in May 2026. About 60 a month are usual."]
    assert "No calls were recorded in May 2026." in run.trust().text
    alt = BeautifulSoup(run.completeness().html, "html.parser").svg["aria-label"]
    assert alt.startswith("What came from Oct 2024 to Sep 2026") and alt.endswith("No calls were recorded in May 2026.")


def test_a_gap_names_the_kpis_that_have_no_value_for_it(tmp_path):
    disclosed = seen(tmp_path, survey_answers=ratings(FULL | {"2026-08": 0}))
    assert sentences(disclosed)[0].endswith("Without a value there: Provider rated 9 or 10.")


def test_fewer_answers_are_told_with_both_numbers_and_what_it_means(tmp_path):
    few = dict.fromkeys(MONTHS[16:], 20)
    told = sentences(seen(tmp_path, survey_answers=ratings(FULL | few)))
    assert told[0].startswith("About 20 patients' answers a month were recorded since about Feb 2026, after 60 before.")


def test_whole_feeds_say_so(tmp_path):
    run = Run(seen(tmp_path, calls=calls(FULL), survey_answers=ratings(FULL)))
    assert "Every feed came whole and as usual." in run.findings().html
    assert "No month lacks what is usual." in run.completeness().html
    assert run.trust().text.count(".") == 1  # nothing but the rows


@pytest.mark.parametrize("audience", ["staff", "board", "external", "portfolio"])
def test_a_month_of_few_persons_is_hardly_any_and_its_number_stands_nowhere(tmp_path, audience):
    month = FULL | {"2026-08": 7}
    disclosed = seen(tmp_path, audience, calls=calls(month), survey_answers=ratings(FULL))
    assert sentences(disclosed)[0].startswith("Hardly any calls were recorded in Aug 2026. About 60 a month are usual.")
    assert disclosed.flow[["rows", "usual", "people"]].isna().all(axis=None)
    assert all(f.now != 7 and f.people == 0 for f in disclosed.arrival)
    run = Run(disclosed)
    assert "Hardly any calls were recorded in Aug 2026." in run.trust().text
    assert not re.search(r"\b7\b", run.findings().text + run.trust().text + run.completeness().text)
    owned = seen(tmp_path / "own", calls=calls(month), survey_answers=ratings(FULL))
    assert sentences(owned)[0].startswith("Only 7 calls were recorded in Aug 2026.")


def test_fewer_than_five_answers_are_hardly_any_for_the_practices_own_leadership_too(tmp_path):
    told = sentences(seen(tmp_path, survey_answers=ratings(FULL | {"2026-08": 3})))
    assert told[0].startswith("Hardly any patients' answers were recorded in Aug 2026.")


def files(used: int, **more) -> pd.DataFrame:
    facts = {
        "feed": "calls",
        "practice": "a",
        "file": "calls.csv",
        "sha256": "",
        "quarantined": 2,
        "deduplicated": 3,
        "layout": 0,
    }
    return pd.DataFrame([facts | {"used": used, "physical": used + 5} | more])


def table(disclosed: Disclosed) -> list[list[str]]:
    page = BeautifulSoup(Run(disclosed).arrivals().html, "html.parser")
    return [[cell.text for cell in row.find_all(["th", "td"])] for row in page.find_all("tr")]


def test_every_file_has_its_rows_how_far_it_reaches_and_a_word(tmp_path):
    frames = {"accounts": files(1380)}
    gap = FULL | {"2026-05": 0}
    disclosed = seen(tmp_path, frames=frames, calls=calls(gap), survey_answers=ratings(FULL))
    assert table(disclosed) == [
        ["File", "It is", "Rows", "Used", "Set aside", "Delivered twice", "Feed reaches to"],
        ["calls.csv", "has a gap", "1,385", "1,380", "2", "3", "28 Sep 2026"],
    ]


def test_titles_and_totals_have_a_column_only_where_there_are_some(tmp_path):
    both = pd.concat([files(1380, layout=0), files(40, layout=6, file="b.csv")])
    told = table(seen(tmp_path, frames={"accounts": both}, calls=calls(FULL)))
    assert [row[6] for row in told] == ["Titles and totals", "0", "6"]
    none = table(seen(tmp_path / "none", frames={"accounts": files(1380, layout=0)}, calls=calls(FULL)))
    assert "Titles and totals" not in none[0]


def test_a_file_about_persons_has_no_counts_for_guarded_eyes_nor_a_total_that_gives_them_back(tmp_path):
    both = {"accounts": pd.concat([files(1380), files(7, file="june.csv")])}
    disclosed = seen(tmp_path, "board", both, calls=calls(FULL))
    assert [row[2:6] for row in table(disclosed)[1:]] == [["not told"] * 4] * 2
    assert "rows were read" not in Run(disclosed).trust().text and "is not told" in Run(disclosed).trust().text
    assert disclosed.accounts["used"].isna().all()
    ours = seen(tmp_path / "ours", "leadership", both, calls=calls(FULL))
    assert ours.accounts["used"].tolist() == [1380, 7]


def test_the_findings_of_long_ago_are_folded_away(tmp_path):
    run = Run(seen(tmp_path, calls=calls(FULL | {"2025-01": 0}), survey_answers=ratings(FULL)))
    page = BeautifulSoup(run.findings().html, "html.parser")
    assert page.details.summary.text == "From earlier (1)" and "Jan 2025" in page.details.text
    assert "Jan 2025" not in run.trust().text
