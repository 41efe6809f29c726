"""History against exports: alike, they are one series; else, or where nothing can be compared, it breaks."""

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.disclosure import Disclosed, disclose
from bsc_analysis.readings.reconcile import ChangeOfSource, reconciliation
from bsc_analysis.report.card import Card
from bsc_analysis.report.run import Run
from bsc_analysis.store import open_store
from tests.builders import group as group_from
from tests.builders import rows as shown
from tests.builders import text
from tests.stores import group_of, rows, store_of

GROUP = """
    group: g
    title: The group
    grain: month
    report: month
    audience: {audience}
    kpis: {operating_cost_ratio: }
    breaks: {breaks}
    feeds:
      ledger:
        kind: table_file
        table: ledger
        path: ledger.csv
        columns: {practice: clinic, month: month, account: account, account_group: group, amount: amount}
      history:
        kind: readings
        path: history.csv
        practice: clinic
        period: period
        until: "2024-12"
        kpis: {operating_cost_ratio: {value: ratio}}
    """
HISTORY = """
    clinic,period,ratio
    a,2024-10,60
    a,2024-11,61
    a,2024-12,62
    """
FACTS = "grain compared equal largest until at source"


def opened(folder, overlap: dict[str, float], breaks="[]", audience="leadership", until="2024-12", costs=50):
    """The group, whose ledger gives a cost ratio of `costs` % from January to June 2025, and its store."""
    file = GROUP.replace("{breaks}", breaks).replace("{audience}", audience).replace('"2024-12"', f'"{until}"')
    months = [f"2025-0{m}-01" for m in range(1, 7)]
    ledger = "clinic,month,account,group,amount\n" + "".join(
        f"a,{month},6000,rent,{costs}\na,{month},4000,patient_revenue,100\n" for month in months
    )
    history = text(HISTORY) + "".join(f"a,{period},{ratio}\n" for period, ratio in overlap.items())
    params = {"group.yaml": file, "a.yaml": "group: g\npractice: a\ntitle: A\n"}
    group = group_from(folder, params, {"ledger.csv": ledger, "history.csv": history})
    return group, open_store(group)


def seen_of(*args, **more) -> Disclosed:
    group, store = opened(*args, **more)
    return disclose(group, "a", "2025-06", store)


# --- the comparison, and the break that follows from it ---


def test_history_that_equals_the_exports_wherever_both_tell_is_one_series_with_them(tmp_path):
    seen = seen_of(tmp_path, {"2025-01": 50, "2025-02": 50.04, "2025-03": 50})  # 50.04 prints as 50.0
    assert shown(seen.reconciliation.round(6), FACTS) == ["month 3 3 0.04 2024-12 2025-01 tables"]
    assert seen.breaks("operating_cost_ratio") == []
    assert seen.variation["operating_cost_ratio"].points["segment"].tolist() == [0] * 9
    assert list(seen.series("operating_cost_ratio")["value"]) == [60, 61, 62, *[50] * 6]
    assert len(seen.quarantine) == 3  # set aside all the same


def test_history_that_differs_breaks_the_series_and_says_in_how_many_periods_and_by_how_much(tmp_path):
    seen = seen_of(tmp_path, {"2025-01": 51.4, "2025-02": 50, "2025-03": 49.6, "2025-04": 50})
    (change,) = seen.breaks("operating_cost_ratio")
    assert change == ChangeOfSource("2025-01", "2024-12", "tables", "month", 4, 2, pytest.approx(1.4))
    assert seen.variation["operating_cost_ratio"].points["segment"].tolist() == [0] * 3 + [1] * 6
    card = Card(seen, "operating_cost_ratio")
    because = (
        "the change from ready-made history to the exports, which differ in 2 of 4 common months, by 1.4 points at most"
    )
    assert card.breaks == [(pd.Period("2025-01"), because)]
    assert f"Jan 2025: {because}; nothing is compared across." in card.sentences


def test_history_without_a_period_in_common_breaks_the_series(tmp_path):
    seen = seen_of(tmp_path, {})
    (change,) = seen.breaks("operating_cost_ratio")
    assert (change.at, change.compared, change.differing) == ("2025-01", 0, 0)
    ((_, because),) = Card(seen, "operating_cost_ratio").breaks
    assert because.endswith("to the exports, which have no month in common")


@pytest.mark.parametrize(
    ("overlap", "told"),
    [
        ({"2025-01": 51.4}, "which differ in the one common month, by 1.4 points"),
        ({"2025-01": 50.051}, "which differ in the one common month, by less than 0.1 points"),
    ],
)
def test_one_period_and_a_small_difference_are_told_as_such(tmp_path, overlap, told):
    ((_, because),) = Card(seen_of(tmp_path, overlap, costs=50.049), "operating_cost_ratio").breaks
    assert because.endswith(told)


def test_a_break_is_not_told_of_before_it_comes(tmp_path):
    group, store = opened(tmp_path, {})
    assert disclose(group, "a", "2024-12", store).breaks("operating_cost_ratio") == []


def test_a_documented_break_at_the_same_place_is_the_one_told(tmp_path):
    declared = '[{kpis: [operating_cost_ratio], at: "2025Q1", because: "a new ledger"}]'
    (one,) = seen_of(tmp_path, {"2025-01": 70}, breaks=declared).breaks("operating_cost_ratio")
    assert one.because == "a new ledger"
    other = declared.replace("2025Q1", "2025-05")
    found = seen_of(tmp_path / "x", {"2025-01": 70}, breaks=other).breaks("operating_cost_ratio")
    assert [b.at for b in found] == ["2025-01", "2025-05"]


def test_history_that_overlaps_without_an_until_is_compared_too(tmp_path):
    seen = seen_of(tmp_path, {"2025-01": 50, "2025-02": 44}, until="2025")
    assert seen.quarantine.empty
    assert shown(seen.reconciliation, FACTS) == ["month 2 1 6 2024-12 2025-01 tables"]


def test_two_values_for_one_period_after_until_are_not_compared_and_the_same_twice_is_once(tmp_path):
    group, store = opened(tmp_path, {"2025-01": 50, "2025-01 ": 50, "2025-02": 50, "2025-02 ": 70, "never": 1})
    assert shown(pd.read_parquet(store.table("given_overlap")), "period value") == ["2025-01 50"]
    assert reconciliation(group, store)["compared"].tolist() == [1]
    assert store.accounts.set_index("feed").loc["history", "quarantined"] == 5


# --- where it reaches ---


def test_the_data_section_shows_the_comparison_only_where_there_is_one(tmp_path):
    part = Run(seen_of(tmp_path, {"2025-01": 51.4, "2025-02": 50})).reconciliation()
    cells = ["history until Dec 2024, exports from Jan 2025", ">2<", ">1<", ">1.4 points<"]
    assert [cell for cell in cells if cell not in part.html] == []
    bare = group_of(["operating_cost_ratio"], ["a"])
    store = store_of(tmp_path / "s", ledger=rows(LEDGER_ROWS, "ledger"))
    assert reconciliation(bare, store).empty
    assert not (store.folder / "reconciliation.parquet").exists()
    assert Run(Disclosed(bare, bare.practices["a"], *[None] * 7)).reconciliation().html.strip() == ""


def test_a_guarded_audience_learns_no_difference_behind_a_withheld_number(tmp_path):
    def largest(audience, value):
        given = history([("provider_rating", f"2025-0{m}", value + m) for m in range(1, 4)], n=40)
        answers = "practice survey respondent_id question answered_at answer\n" + "".join(
            f"a patient p{i} provider_rating 2025-0{m}-{i % 27 + 1:02} {10 if i < 30 else 0}\n"
            for m in range(1, 5)
            for i in range(40)
        )
        folder = tmp_path / audience
        store = store_of(folder, survey_answers=rows(answers, "survey_answers"), given_readings=given)
        group = group_of(["provider_rating"], ["a"], audience=audience)
        return disclose(group, "a", "2025-03", store).reconciliation["largest"].iloc[0]

    assert largest("leadership", 70) == pytest.approx(4)
    assert np.isnan(largest("external", 70))


# --- what is compared with what ---

LEDGER_ROWS = """practice month account account_group amount
a 2025-01-01 1 rent 50
a 2025-01-01 2 patient_revenue 100
a 2025-03-01 1 rent 50
a 2025-03-01 2 patient_revenue 100
"""


def history(told, n=None) -> pd.DataFrame:
    columns = ["practice", "kpi", "period", "numerator", "denominator", "value", "n"]
    table = [("a", kpi, period, None, None, float(value), n) for kpi, period, value in told]
    return pd.DataFrame(table, columns=columns)


def compared(folder, told, overlap=(), kpi="operating_cost_ratio", grain="month", **tables) -> list[str]:
    store = store_of(folder, given_readings=history([(kpi, *t) for t in told]), **tables)
    if overlap:
        history([(kpi, *t) for t in overlap]).to_parquet(folder / "given_overlap.parquet")
    return shown(reconciliation(group_of([kpi], ["a"], grain=grain), store), FACTS)


def test_a_gap_filled_from_history_changes_the_source_there_and_back(tmp_path):
    ledger = rows(LEDGER_ROWS, "ledger")
    assert compared(tmp_path, [("2025-02", 50)], ledger=ledger) == [
        "month 0 0 ~ 2025-01 2025-02 history",
        "month 0 0 ~ 2025-02 2025-03 tables",
    ]


def test_history_of_one_source_with_the_exports_is_compared_without_a_change(tmp_path):
    ledger = rows(LEDGER_ROWS, "ledger")
    assert compared(tmp_path, [("2025-01", 50), ("2025-03", 49)], ledger=ledger) == ["month 2 1 1 ~ ~ ~"]


def test_history_alone_and_exports_alone_leave_nothing_to_reconcile(tmp_path):
    assert compared(tmp_path / "1", [("2025-01", 50)]) == []
    ledger = rows(LEDGER_ROWS.replace("2025-01", "2026-01"), "ledger")
    assert compared(tmp_path / "2", [("2025-02", 50)], kpi="savings_rate", ledger=ledger) == []


def test_history_of_a_kpi_that_the_card_does_not_hold_is_compared_with_nothing(tmp_path):
    store = store_of(
        tmp_path, given_readings=history([("no_show_rate", "2025-01", 8)]), ledger=rows(LEDGER_ROWS, "ledger")
    )
    assert reconciliation(group_of(["operating_cost_ratio"], ["a"]), store).empty


def test_history_of_quarters_is_compared_with_the_quarters_of_months(tmp_path):
    months = [f"2025-0{m}" for m in range(1, 7)]
    ledger = "practice month account account_group amount\n" + "".join(
        f"a {month}-01 1 rent 50\na {month}-01 2 patient_revenue 100\n" for month in months
    )
    told = [("2024Q4", 48), ("2025Q1", 50), ("2025Q2", 51)]
    assert compared(tmp_path, told, ledger=rows(ledger, "ledger")) == ["quarter 2 1 1 2024Q4 2025Q1 tables"]


def test_a_period_that_is_not_complete_is_not_compared(tmp_path):
    visits = "practice visit_id patient_id new_patient appointment_at status\n" + "".join(
        f"a v{m}{d} p{d} {'y' if d == '05' else 'n'} 2025-0{m}-{d}T09:00 kept\n"
        for m, days in {1: ["05", "30"], 2: ["05", "27"], 3: ["05"]}.items()
        for d in days
    )
    told = [("2025-01", 50), ("2025-02", 50), ("2025-03", 99)]
    table = rows(visits, "visits")
    assert compared(tmp_path, told, kpi="new_patient_share", visits=table) == ["month 2 2 0 ~ ~ ~"]


def test_a_score_over_other_kpis_breaks_where_one_of_them_does(tmp_path):
    names = [
        "name year beneficiaries person_years benchmark_usd expenditure_usd earned_savings_usd cost_per_capita_usd",
        "cahps_access cahps_communication cahps_provider_rating cahps_specialist_access ed_visits_per_1000",
        "pcps specialists nurse_practitioners physician_assistants",
    ]
    own = f"practice {' '.join(names)}\n" + "".join(
        f"{p} {p} {year}-01-01 1000 990 200 150 30 151.5 {score} 90 70 60 500 1 2 3 4\n"
        for p, score in (("a", 80), ("b", 70))
        for year in (2023, 2024)
    )
    parts = ["access", "communication", "provider_rating", "specialist_access"]
    values = dict(zip(parts, (80, 90, 70, 60), strict=True))
    told = [
        (p, f"cahps_{part}", year, None, None, float(values[part] - 10 * (p == "b" and part == "access") + odd), None)
        for p in "ab"
        for part in parts
        for year, odd in (("2022", 0), ("2023", 3 if (p, part) == ("b", "access") else 0))
    ]
    given = pd.DataFrame(told, columns=["practice", "kpi", "period", "numerator", "denominator", "value", "n"])
    store = store_of(tmp_path, aco_years=rows(own, "aco_years"), given_readings=given)
    found = reconciliation(group_of(["cahps_z"], ["a", "b"], grain="year"), store)
    assert shown(found[found["kpi"].isin(["cahps_z", "cahps_access"])], f"practice kpi {FACTS}") == [
        "a cahps_access year 1 1 0 2022 2023 tables",
        "a cahps_z year 1 1 ~ 2022 2023 tables",
        "b cahps_access year 1 0 3 2022 2023 tables",
        "b cahps_z year 1 0 ~ 2022 2023 tables",
    ]
