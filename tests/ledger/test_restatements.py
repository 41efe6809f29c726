"""What has moved since a final, and why: causes from facts, and nothing that was withheld comes back."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from builders import group as group_of

from bsc_analysis.disclosure.withhold import SHOWN
from bsc_analysis.kpis import KPIS
from bsc_analysis.ledger.edition import Edition, Final, draft_of, frozen, open_edition
from bsc_analysis.ledger.entry import earlier, final_of
from bsc_analysis.ledger.log import append, records, reopened
from bsc_analysis.report.publish import publish
from bsc_analysis.report.restated import difference, goals, rows

GROUP = """
    group: g
    title: G
    grain: month
    report: quarter
    audience: {audience}
    feeds:
      visits:
        kind: table_file
        table: visits
        path: "{{practice}}/visits.csv"
        columns: {{visit_id: visit, patient_id: mrn, appointment_at: at, status: {status}}}
      history:
        kind: readings
        path: "{{practice}}/history.csv"
        practice: clinic
        period: period
        kpis: {{provider_rating: {{value: rating}}}}
    kpis:
      no_show_rate: {{target: {{value: {target}, source: us}}}}
      provider_rating:
    """
PRACTICE = "group: g\npractice: a\ntitle: A\n"
HISTORY = "clinic,period,rating\na,2026-04,80\na,2026-05,{may}\na,2026-06,82\na,2026-07,83\n"
BOOKED = [f"2026-{month:02d}-{day:02d}" for month in range(3, 10) for day in range(1, 31)]  # 30 a month, 3 no-shows
MORE = "".join(f"x{i},p{i},2026-05-0{i} 10:00,no_show,kept\n" for i in range(1, 5))


def visits(more: str = "", skip: str = "", swap: str = "") -> str:
    """The export: `skip` a day, `swap` a day's no-show or kept visit into the other."""
    lines = []
    for i, day in enumerate(BOOKED):
        status = "no_show" if (i % 10 == 0) != (day == swap) else "kept"
        lines += [] if day == skip else [f"v{i},m{i},{day} 09:00,{status},kept\n"]
    return "visit,mrn,at,status,other\n" + "".join(lines) + more


def group(root: Path, *, export="", may=81, audience="leadership", status="status", target=7):
    params = {"group.yaml": GROUP.format(audience=audience, status=status, target=target), "a.yaml": PRACTICE}
    return group_of(root, params, {"a/visits.csv": export or visits(), "a/history.csv": HISTORY.format(may=may)})


def make_final(loaded, period="2026Q2", n=1, texts=lambda told: told):
    seen, edition = draft_of(loaded, "a", period)
    folder = loaded.workspace / "ledger" / "g" / period / "a" / str(n)
    publish(folder, texts(frozen(seen, edition, Final("2026-07-06", "Ann", n))), {}, replace=False)


def moved(loaded, period="2026Q3") -> list[str]:
    """The rows of the report of 2026Q3: 'KPI | period | published | now | change | cause'."""
    _, edition = draft_of(loaded, "a", period)
    told = [" | ".join(row.values()) for row in rows(edition.restated, loaded)]
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in told]


def test_nothing_moves_where_nothing_changed(tmp_path):
    make_final(group(tmp_path))
    assert moved(group(tmp_path)) == []


@pytest.mark.parametrize(
    "change, cause",
    [
        ({"export": visits(more=MORE)}, "4 more rows came later in feed visits."),
        ({"export": visits(skip="2026-05-04")}, "One row is gone from feed visits."),
        ({"export": visits(swap="2026-05-04")}, "Rows of feed visits have been changed."),
        (
            {"status": "other"},
            "Rows of feed visits have been changed; the params now say otherwise how feed visits is read.",
        ),
    ],
    ids=["more", "fewer", "changed", "read otherwise"],
)
def test_rows_that_came_went_or_changed_are_the_cause(tmp_path, change, cause):
    make_final(group(tmp_path))
    told = [line.split(" | ") for line in moved(group(tmp_path, **change))]
    assert {(kpi, period) for kpi, period, *_ in told} >= {("No-show rate", "2026 Q2"), ("No-show rate", "May 2026")}
    assert {line[-1] for line in told} == {cause}


def test_published_now_and_change_are_the_readings(tmp_path):
    make_final(group(tmp_path))
    assert moved(group(tmp_path, export=visits(more=MORE))) == [
        "No-show rate | 2026 Q2 | 10.0 % (n = 90) | 13.8 % (n = 94) | +3.8 points "
        "| 4 more rows came later in feed visits.",
        "No-show rate | May 2026 | 10.0 % (n = 30) | 20.6 % (n = 34) | +10.6 points "
        "| 4 more rows came later in feed visits.",
    ]


def test_rows_of_other_periods_are_no_cause(tmp_path):
    make_final(group(tmp_path))
    assert moved(group(tmp_path, export=visits(skip="2026-03-05"))) == []
    assert moved(group(tmp_path, export=visits(skip="2026-08-05"))) == []


def test_history_that_was_changed_is_the_cause(tmp_path):
    make_final(group(tmp_path))
    (line,) = moved(group(tmp_path, may=90))
    assert line == (
        "Provider rated 9 or 10 | May 2026 | 81.0 % | 90.0 % | +9.0 points | Its ready-made readings have been changed."
    )


def test_a_definition_that_was_changed_is_the_cause_and_mere_words_are_none(tmp_path, monkeypatch):
    make_final(group(tmp_path))
    told = KPIS["no_show_rate"]
    monkeypatch.setitem(KPIS, "no_show_rate", replace(told, plain="Otherwise.", title="No-shows"))
    assert moved(group(tmp_path)) == []
    monkeypatch.setitem(KPIS, "no_show_rate", replace(told, denominator=told.numerator))
    lines = moved(group(tmp_path))
    assert len(lines) == 4 and all(line.endswith("| The KPI is defined otherwise.") for line in lines)


def test_a_kpi_that_left_the_card_is_said_to_have(tmp_path):
    make_final(group(tmp_path))
    fewer = group(tmp_path)
    chosen = {"no_show_rate": None}
    fewer = replace(fewer, shared=fewer.shared.model_copy(update={"kpis": chosen}))
    own = replace(fewer.practices["a"], kpis={"no_show_rate": fewer.practices["a"].kpis["no_show_rate"]})
    lines = moved(replace(fewer, practices={"a": own}))
    assert lines[0].startswith("Provider rated 9 or 10 | 2026 Q2 | ")
    assert all(line.endswith("not on the card |  | The params no longer choose it.") for line in lines)


def published_otherwise(told):
    return told | {"readings.csv": told["readings.csv"].replace(",10.0,", ",9.0,")}


def made_by_another_version(told):
    return published_otherwise(told) | {"basis.json": told["basis.json"].replace('"version": "', '"version": "0.')}


def test_where_no_fact_differs_the_cause_is_unknown(tmp_path):
    make_final(group(tmp_path), texts=published_otherwise)
    assert {line.split(" | ")[-1] for line in moved(group(tmp_path))} == {
        "Unknown: rows, params and definition are alike."
    }


def test_another_version_of_the_code_is_named_where_all_else_is_alike(tmp_path):
    make_final(group(tmp_path), texts=made_by_another_version)
    (cause,) = {line.split(" | ")[-1] for line in moved(group(tmp_path))}
    assert cause == "Version 0.1.0 computed it, 0.0.1.0 did before."


def test_a_target_that_was_moved_moves_no_number_and_is_said(tmp_path):
    make_final(group(tmp_path))
    now = group(tmp_path, target=9)
    _, edition = draft_of(now, "a", "2026Q3")
    assert rows(edition.restated, now) == []
    (line,) = goals(edition.restated, now)
    assert line.replace("\N{NO-BREAK SPACE}", " ") == "No-show rate: the target was 7.0 % then and is 9.0 % now."


def test_what_is_withheld_on_either_side_is_a_word_on_both(tmp_path):
    """3 of 30 no-shows a month are withheld from the board, and so is the quarter; 4 more change nothing in that."""
    make_final(group(tmp_path, audience="board"))
    assert moved(group(tmp_path, export=visits(more=MORE), audience="board")) == []
    make_final(group(tmp_path), n=2)  # what a guarded reader never saw
    lines = moved(group(tmp_path, export=visits(more=MORE), audience="board"))
    assert lines and all(" | withheld | withheld |  | Withheld, with its cause" in line for line in lines)
    assert not any(
        digit in line.split("withheld", 1)[1].replace("1 to 10", "") for line in lines for digit in "0123456789"
    )


def many(no_shows: int) -> str:
    """150 bookings each month, `no_shows` of them missed in May and 30 in the others."""
    lines = []
    for month in range(4, 10):
        for i in range(150):
            status = "no_show" if i < (no_shows if month == 5 else 30) else "kept"
            lines.append(f"{month}v{i},{month}m{i},2026-{month:02d}-{i % 30 + 1:02d} 09:00,{status},kept\n")
    return "visit,mrn,at,status,other\n" + "".join(lines)


@pytest.mark.parametrize("more, told", [(3, False), (30, True)])
def test_a_guarded_reader_learns_of_no_few_persons_from_the_difference(tmp_path, more, told):
    make_final(group(tmp_path, export=many(30), audience="board"))
    lines = moved(group(tmp_path, export=many(30 + more), audience="board"))
    assert len(lines) == 2
    assert all(("withheld" in line) != told for line in lines)
    seen, _ = draft_of(group(tmp_path, export=many(30 + more), audience="board"), "a", "2026Q3")
    own = seen.readings[seen.readings["kpi"] == "no_show_rate"].set_index("period")["state"]
    hidden = {"2026-05", "2026Q2"} | ({"2026"} & set(own.index))
    assert set(own[own == "withheld"].index) == (set() if told else hidden)
    open_to = moved(group(tmp_path, export=many(30 + more), audience="leadership"))
    assert len(open_to) == 2 and not any("withheld" in line for line in open_to)


def test_a_final_is_opened_from_what_was_frozen_to_the_last_digit(tmp_path):
    first = group(tmp_path)
    seen, edition = draft_of(first, "a", "2026Q2")
    make_final(first)
    other = group(tmp_path, export=visits(more=MORE), target=3, audience="board")
    kept, now = open_edition(other, "a", "2026Q2")
    pd.testing.assert_frame_equal(kept.readings, seen.readings, check_exact=True, check_dtype=False)
    assert kept.readings[SHOWN].equals(seen.readings[SHOWN])
    assert (kept.practice, kept.audience, kept.period) == (seen.practice, "leadership", seen.period)
    assert (edition.state, now.state, now.final) == ("draft", "final", Final("2026-07-06", "Ann"))
    for id, varied in seen.varied.items():
        assert kept.varied[id].choice == varied.choice
        pd.testing.assert_frame_equal(kept.variation[id].points, varied.variation.points, check_exact=True)


def test_the_newest_final_of_the_latest_earlier_period_is_compared_with(tmp_path):
    loaded = group(tmp_path)
    periods = ["2026-04", "2026-06", "2026Q2"]
    for period in periods:
        make_final(loaded, period)
    spans = {text: pd.Period(text) for text in ("2026-04", "2026-07", "2026Q3", "2026Q1")}
    found = {text: earlier(loaded, "a", span) for text, span in spans.items()}
    assert {text: entry and entry.period for text, entry in found.items()} == {
        "2026-04": "2026-04",
        "2026-07": "2026-06",
        "2026Q3": "2026Q2",
        "2026Q1": None,
    }


def test_a_record_cut_short_is_none_and_the_next_stands_on_a_line_of_its_own(tmp_path):
    record = {"what": "reopen", "period": "2026Q2", "practice": "a", "n": 1}
    append(tmp_path, "g", record)
    with (tmp_path / "ledger" / "g" / "log.jsonl").open("a") as file:
        file.write('{"what": "reo')
    append(tmp_path, "g", record | {"n": 2})
    assert [r["n"] for r in records(tmp_path, "g")] == [1, 2]
    assert reopened(tmp_path, "g") == {("2026Q2", "a", 1), ("2026Q2", "a", 2)}


def test_a_reopened_final_holds_no_more(tmp_path):
    loaded = group(tmp_path)
    make_final(loaded)
    assert final_of(loaded, "a", "2026Q2").n == 1
    append(tmp_path, "g", {"what": "reopen", "period": "2026Q2", "practice": "a", "n": 1})
    assert final_of(loaded, "a", "2026Q2") is None
    assert open_edition(loaded, "a", "2026Q2")[1].state == "draft"


def test_an_edition_is_a_draft_until_it_is_final():
    assert (Edition().state, Edition(Final("2026-07-06", "Ann")).state) == ("draft", "final")


@pytest.mark.parametrize(
    "id, before, after, text",
    [
        ("no_show_rate", 7.04, 8.26, "+1.22 points"),
        ("no_show_rate", 7.0, 8.2, "+1.2 points"),
        ("no_show_rate", 7.0, 7.004, "+0.004 points"),
        ("no_show_rate", 7.0, 7.0, "0"),
        ("wait_median", 18.0, 15.0, "−3 min"),
        ("wait_median", 10.6, 12.4, "+1.8 min"),
        ("wait_median", float("nan"), 15.0, ""),
        ("net_revenue_per_visit", 148.0, 140.0, "−$8"),
    ],
)
def test_a_difference_is_in_the_kpis_unit_and_agrees_with_what_is_shown(id, before, after, text):
    assert difference(KPIS[id], before, after).replace("\N{NO-BREAK SPACE}", " ") == text


def two_places(more: int = 0) -> str:
    """150 bookings a month of 2025 and 2026, 30 of them missed, in two places; in May 2025 `more` are missed."""
    lines = []
    for month in pd.period_range("2025-04", "2026-06", freq="M"):
        for i in range(150):
            status = "no_show" if i < 30 + more * (str(month) == "2025-05") else "kept"
            place = ["north", "south"][i % 2]
            lines.append(f"{month}v{i},{month}m{i},{month}-{i % 28 + 1:02d} 09:00,{status},{place}\n")
    return "visit,mrn,at,status,place\n" + "".join(lines)


@pytest.mark.parametrize("more, told", [(0, True), (3, False), (30, True)])
def test_why_it_moved_tells_no_difference_that_the_readings_withhold(tmp_path, more, told):
    params = GROUP.replace("status: {status}", "status: {status}, location: place")

    def placed(export: str):
        files = {"a/visits.csv": export, "a/history.csv": HISTORY.format(may=81)}
        group_file = params.format(audience="board", status="status", target=7)
        return group_of(tmp_path, {"group.yaml": group_file, "a.yaml": PRACTICE}, files)

    make_final(placed(two_places()), "2025Q2")
    seen, _ = draft_of(placed(two_places(more)), "a", "2026Q2")
    assert [(m.kpi, m.dimension) for m in seen.moved] == [("no_show_rate", "location")] * told
