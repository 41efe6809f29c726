"""Why a KPI moved, from rows to effects, for each audience; where it cannot be told, the reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.disclosure import withhold
from bsc_analysis.disclosure.moved import Moved, moved
from bsc_analysis.readings import readings
from bsc_analysis.readings.labels import OTHERS
from tests.stores import group_of, store_of

DAYS = {"2026Q1": ["2026-01-28", "2026-02-28", "2026-03-28"], "2026Q2": ["2026-04-28", "2026-05-28", "2026-06-28"]}
MOVED = """
period location kept no_show
2026Q1 north    270  30
2026Q1 south    240  60
2026Q2 north    234  66
2026Q2 south    480  120
"""


def visits(text: str) -> pd.DataFrame:
    """Quarters, locations ('.' none) and counts by status, as visits of as many patients, even over the months."""
    header, *lines = (line.split() for line in text.strip().splitlines())
    found = []
    for period, location, *counts in lines:
        for status, count in zip(header[2:], counts, strict=True):
            found += [(location, status, DAYS[period][i % 3]) for i in range(int(count))]
    frame = pd.DataFrame(found, columns=["location", "status", "appointment_at"])
    ids = frame.index.astype(str)
    frame = frame.assign(
        practice="a", visit_id=ids, patient_id=ids, payer=pd.NA, provider_group="one", visit_type=pd.NA
    )
    frame["appointment_at"] = pd.to_datetime(frame["appointment_at"]).astype("datetime64[us]")
    text_columns = ["location", "payer", "provider_group", "visit_type"]
    frame[text_columns] = frame[text_columns].astype("str").where(frame[text_columns].notna() & (frame != "."))
    for name in ("booked_at", "arrived_at", "roomed_at"):
        frame[name] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    return frame.assign(new_patient=pd.array([False] * len(frame), dtype="boolean"))


def ledger(*revenue: float) -> pd.DataFrame:
    months = pd.date_range("2026-01-01", periods=len(revenue), freq="MS").astype("datetime64[us]")
    frame = pd.DataFrame({"month": months, "amount": revenue})
    return frame.assign(practice="a", account="4000", account_group="patient_revenue")


def why(folder, kpis: list[str], pair=("2026Q1", "2026Q2"), audience="leadership", **tables) -> dict[tuple, Moved]:
    """(KPI, dimension) → why it moved."""
    group, store = group_of(kpis, ["a"], report="quarter", audience=audience), store_of(folder, **tables)
    shown = withhold(readings(group, store), audience)
    found = moved(group, "a", shown, store, *pair, kpis)
    assert len(found) == 4 * len(kpis)
    return {(each.kpi, each.dimension): each for each in found}


def reasons(found: dict[tuple, Moved], kpi: str) -> list[str]:
    return [found[kpi, name].mix.reason for name in ("location", "provider_group", "payer", "visit_type")]


def test_no_shows_from_rows_to_effects(tmp_path):
    found = why(tmp_path, ["no_show_rate"], visits=visits(MOVED))
    mix = found["no_show_rate", "location"].mix
    assert (mix.before, mix.after) == pytest.approx((15, 100 * 186 / 900))
    assert mix.parts["effect"].sum() == pytest.approx(mix.change)
    assert list(mix.parts.index) == ["north", "south"] and mix.parts["apart"].tolist() == [True, False]
    assert mix.parts.loc["north", "rate_effect"] == pytest.approx((300 / 600 + 300 / 900) / 2 * 12)
    assert mix.dispersion.freedom == 2 * 2 * 2 and mix.dispersion.factor < 1  # months in quarters, of two places
    assert reasons(found, "no_show_rate") == ["", "one_part", "not_said", "not_said"]


def test_a_label_that_repeats_what_is_counted_tells_nothing(tmp_path):
    told = visits(
        "period location kept no_show\n2026Q1 came 90 0\n2026Q1 missed 0 10\n2026Q2 came 80 0\n2026Q2 missed 0 20"
    )
    assert why(tmp_path, ["no_show_rate"], visits=told)["no_show_rate", "location"].mix.reason == "same_thing"


def test_visits_without_a_place_are_a_part_and_few_of_them_go_to_the_others(tmp_path):
    some = why(tmp_path / "1", ["no_show_rate"], visits=visits(MOVED + "2026Q2 . 40 20"))["no_show_rate", "location"]
    assert set(some.mix.parts.index) == {"north", "south", ""}
    few = why(tmp_path / "2", ["no_show_rate"], visits=visits(MOVED + "2026Q2 . 4 2"))["no_show_rate", "location"]
    assert set(few.mix.parts.index) == {"north", "south", OTHERS}
    assert few.mix.after == pytest.approx(100 * 188 / 906)


def test_money_per_visit_is_volume_and_price(tmp_path):
    tables = {"visits": visits(MOVED), "ledger": ledger(*[10_200.0] * 3, *[23_800.0] * 3)}
    found = why(tmp_path, ["net_revenue_per_visit"], **tables)["net_revenue_per_visit", "location"]
    assert found.mix.reason == "no_such_column"
    assert (found.amount.before, found.amount.after) == (30_600, 71_400)
    price = (30_600 / 510 + 71_400 / 714) / 2
    assert (found.amount.volume, found.amount.price) == pytest.approx((204 * price, 612 * 40))


def postings(*bills: tuple[str, str, int, float]) -> pd.DataFrame:
    """(period, payer, services of each month, dollars paid for each), posted that day, and half a year to mature."""
    found = [
        (payer, day, kind, dollars)
        for period, payer, services, dollars in bills
        for day in DAYS[period]
        for _ in range(services)
        for kind in ("charge", "payment")
    ]
    found += [("Medicare", f"{month}-28", "charge", 100.0) for month in pd.period_range("2026-07", "2026-12", freq="M")]
    frame = pd.DataFrame(found, columns=["payer", "service_at", "kind", "amount"])
    frame["service_at"] = frame["posted_at"] = pd.to_datetime(frame["service_at"]).astype("datetime64[us]")
    ids = frame.index.astype(str)
    none = pd.Series(pd.NA, index=frame.index, dtype="str")
    return frame.assign(practice="a", transaction_id=ids, patient_id=ids, claim_id=none, reason=none)


def test_revenue_is_volume_price_and_mix_of_payers(tmp_path):
    bills = postings(
        ("2026Q1", "Medicare", 20, 80.0),
        ("2026Q1", "Commercial", 20, 120.0),
        ("2026Q2", "Medicare", 30, 80.0),
        ("2026Q2", "Commercial", 10, 132.0),
    )
    found = why(tmp_path, ["collected_per_service"], transactions=bills)["collected_per_service", "payer"]
    assert (found.mix.before, found.mix.after) == pytest.approx((100, 93))
    assert (found.amount.volume, found.amount.price) == pytest.approx((0, 120 * 0.375 * 12))
    assert found.amount.mix == pytest.approx(120 * -0.25 * (126 - 80))
    assert found.amount.after - found.amount.before == pytest.approx(-120 * 7)
    assert found.mix.parts["apart"].isna().all()  # of money no chance is known


def test_guarded_readers_get_few_persons_neither_shown_nor_by_subtraction(tmp_path):
    rows = MOVED + "2026Q1 west 60 6\n2026Q2 west 60 20\n2026Q1 east 130 20\n2026Q2 east 130 20"
    mix = why(tmp_path, ["no_show_rate"], audience="board", visits=visits(rows))["no_show_rate", "location"].mix
    assert set(mix.parts.index) == {"north", "south", OTHERS}
    assert mix.parts.loc[OTHERS, "weight_before"] == pytest.approx(216 / 816)
    assert mix.parts["effect"].sum() == pytest.approx(mix.change)


def test_what_guarded_readers_cannot_be_told_safely_is_left_out(tmp_path):
    two = "period location kept no_show\n2026Q1 n 270 30\n2026Q1 s 60 4\n2026Q2 n 270 30\n2026Q2 s 60 9"
    tables = {"visits": visits(two)}
    assert reasons(why(tmp_path / "1", ["no_show_rate"], audience="staff", **tables), "no_show_rate")[0] == "withheld"


def test_postings_that_name_no_patient_are_not_shown_in_parts_to_the_guarded(tmp_path):
    bills = postings(*[(period, payer, 20, 80.0) for period in DAYS for payer in ("Medicare", "Commercial")])
    named = why(tmp_path / "1", ["collected_per_service"], audience="board", transactions=bills)
    assert reasons(named, "collected_per_service")[2] == ""
    nobody = bills.assign(patient_id=pd.Series(pd.NA, index=bills.index, dtype="str"))
    found = why(tmp_path / "2", ["collected_per_service"], audience="board", transactions=nobody)
    assert reasons(found, "collected_per_service")[2] == "persons_unknown"


def test_guarded_readers_see_parts_at_the_groups_grain_only(tmp_path):
    months = ("2026-01", "2026-02")
    guarded, leaders = (
        why(tmp_path / audience, ["no_show_rate"], months, audience, visits=visits(MOVED.replace("0\n", "00\n")))
        for audience in ("staff", "leadership")
    )
    assert set(reasons(guarded, "no_show_rate")) == {"other_grain"}
    assert reasons(leaders, "no_show_rate")[0] == ""
    assert leaders["no_show_rate", "location"].mix.dispersion.freedom == 0  # two months of one quarter say too little


def test_a_withheld_reading_has_no_parts(tmp_path):
    small = "period location kept no_show\n2026Q1 n 100 4\n2026Q1 s 100 4\n2026Q2 n 100 40\n2026Q2 s 100 40"
    found = why(tmp_path, ["no_show_rate"], audience="external", visits=visits(small))
    assert set(reasons(found, "no_show_rate")) == {"withheld"}


def test_kpis_that_have_no_parts_say_why(tmp_path):
    tables = {"visits": visits(MOVED), "ledger": ledger(*[10_000.0] * 6)}
    kpis = ["wait_median", "days_in_ar", "cost_per_visit", "response_rate", "denial_rate"]
    found = why(tmp_path, kpis, **tables)
    assert set(reasons(found, "wait_median")) == set(reasons(found, "days_in_ar")) == {"not_a_sum"}
    assert set(reasons(found, "response_rate")) == {"no_such_column"}
    assert reasons(found, "denial_rate") == ["no_feed", "no_feed", "no_feed", "no_such_column"]
    assert found["cost_per_visit", "payer"].amount.reason == "immature"  # the ledger has no costs


def test_periods_that_are_missing_or_open_say_so(tmp_path):
    half = visits(MOVED)
    half = half[half["appointment_at"] < "2026-06-01"]
    found = why(tmp_path / "1", ["no_show_rate"], visits=half)
    assert reasons(found, "no_show_rate")[0] == "immature"
    missing = why(tmp_path / "2", ["no_show_rate"], ("2025Q4", "2026Q1"), visits=visits(MOVED))
    assert reasons(missing, "no_show_rate")[0] == "no_feed"


@pytest.mark.parametrize("sides", [(15.0, 100.0, np.nan), (np.nan, np.nan, 15.0)])
def test_ready_made_history_has_no_parts(tmp_path, sides):
    told = pd.DataFrame({"practice": "a", "kpi": "no_show_rate", "period": ["2025-10", "2025-11", "2025-12", "2025Q4"]})
    told[["numerator", "denominator", "value"]] = sides
    tables = {"visits": visits(MOVED), "given_readings": told.assign(n=np.nan)}
    found = why(tmp_path, ["no_show_rate"], ("2025Q4", "2026Q1"), **tables)
    assert reasons(found, "no_show_rate")[0] == "ready_made"
