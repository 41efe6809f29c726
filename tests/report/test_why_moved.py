"""Why a KPI moved, as the card tells it: sentences by label, what a point is worth, and the same again from a final."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from bsc_analysis.analysis.worth import Worth
from bsc_analysis.ledger.edition import RECORDS
from bsc_analysis.packed import packed, record_of
from bsc_analysis.report.run import Run
from tests.report.test_completed import seen

QUARTERS = {"2025Q3": ["2025-07-28", "2025-08-28", "2025-09-28"], "2026Q3": ["2026-07-28", "2026-08-28", "2026-09-28"]}


def visits(**kept_and_missed: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """Visits of as many patients: quarter → place → (kept, no-shows), even over its months."""
    made = [
        (place, status, day)
        for quarter, days in QUARTERS.items()
        for place, counts in kept_and_missed[quarter].items()
        for status, n in zip(("kept", "no_show"), counts, strict=True)
        for day in (days * n)[:n]
    ]
    frame = pd.DataFrame(made, columns=["location", "status", "appointment_at"])
    frame["appointment_at"] = pd.to_datetime(frame["appointment_at"]).astype("datetime64[us]")
    ids = frame.index.astype(str)
    frame = frame.assign(
        practice="a", visit_id=ids, patient_id=ids, payer=pd.NA, provider_group="one", visit_type=pd.NA
    )
    for name in ("booked_at", "arrived_at", "roomed_at"):
        frame[name] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    return frame.assign(new_patient=pd.array([False] * len(frame), dtype="boolean"))


@pytest.fixture
def run(tmp_path) -> Run:
    before, now = {"North": (270, 30), "South": (240, 60)}, {"North": (234, 66), "South": (480, 120)}
    return Run(seen(tmp_path, ["no_show_rate"], visits=visits(**{"2025Q3": before, "2026Q3": now})))


def test_a_card_says_how_much_came_from_each_place_and_from_their_shares(run):
    (told,) = run.cards["no_show_rate"].moved
    # 15.0 → 20.7 %: North's rate rose from 10 to 22 %, at (½ + ⅓) / 2 of all visits; South's is 20 % before and now
    assert "+5.7 points since 2025" in told and "+5.0 points within the locations" in told
    assert "+0.7 points because their shares of all shifted" in told
    assert "North (+5.3 points) and South (+0.4 points)" in told  # shares: −⅙ of 16 − 17.8, +⅙ of 20 − 17.8
    assert told.endswith("More than chance: North.")


def test_a_table_without_places_is_not_taken_apart(tmp_path):
    nowhere = visits(**{"2025Q3": {"North": (270, 30)}, "2026Q3": {"North": (234, 66)}})
    run = Run(seen(tmp_path, ["no_show_rate"], visits=nowhere))
    assert run.cards["no_show_rate"].moved == []


def paid() -> pd.DataFrame:
    """Postings paid the same day: 20 services a month of each of two payers; in 2026 30 and 10, the latter dearer."""
    found = []
    for day in pd.date_range("2025-01-01", "2026-09-01", freq="MS") + pd.Timedelta(days=27):
        after = day.year == 2026
        for payer, services, dollars in (("Medicare", 30 if after else 20, 80), ("Other", 10 if after else 20, 132)):
            found += [(payer, day, kind, dollars - 12 * (payer == "Other" and not after))
                      for _ in range(services) for kind in ("charge", "payment")]  # fmt: skip
    frame = pd.DataFrame(found, columns=["payer", "service_at", "kind", "amount"]).astype({"amount": float})
    frame["service_at"] = frame["posted_at"] = frame["service_at"].astype("datetime64[us]")
    ids, none = frame.index.astype(str), pd.Series(pd.NA, index=frame.index, dtype="str")
    return frame.assign(practice="a", transaction_id=ids, patient_id=ids, claim_id=none, reason=none)


def test_what_still_runs_out_is_taken_apart_in_its_newest_mature_quarter_and_in_dollars(tmp_path):
    card = Run(seen(tmp_path, ["collected_per_service"], transactions=paid())).cards["collected_per_service"]
    dollars, payers = card.moved
    assert str(card.at) == "2026Q1"  # $100 → $93 for each of 120 services
    assert dollars == (
        "In dollars: −$840 from 2025 Q1 to 2026 Q1, of which $0 by volume, +$540 by how much each one brought or cost"
        " within the payers and −$1,380 by their mix."
    )
    assert payers.startswith("By payer: −$7 from 2025 Q1 to 2026 Q1, of which ")
    assert payers.endswith("What chance alone would do to them cannot be told.")
    assert any("$1 of it is about $120 of net revenue in 2026 Q1." in line for line in card.meta)


def test_dollars_whose_rows_bear_no_label_are_volume_and_price(tmp_path):
    months = pd.date_range("2025-07-01", "2026-09-01", freq="MS").astype("datetime64[us]")
    amounts = [10_200.0 if month.year == 2025 else 23_800.0 for month in months]
    money = pd.DataFrame({"month": months, "amount": amounts}).assign(
        practice="a", account="4000", account_group="patient_revenue"
    )
    told = visits(**{"2025Q3": {"North": (510, 0)}, "2026Q3": {"North": (714, 0)}})
    run = Run(seen(tmp_path, ["net_revenue_per_visit"], visits=told, ledger=money))
    # 30,600 / 510 = 60 → 71,400 / 714 = 100; 204 visits at 80 on average, 612 visits at 40 more
    assert run.cards["net_revenue_per_visit"].moved == [
        "In dollars: +$40,800 since 2025 Q3, of which +$16,320 by volume and +$24,480 by how much each one brought or"
        " cost."
    ]


def test_what_a_point_is_worth_is_said_beside_the_card(run):
    worth = Worth("no_show_rate", "2026Q3", dollars=1234.0, money="net_revenue")
    card = Run(replace(run.seen, worth=(worth,))).cards["no_show_rate"]
    assert "One point of it is about $1,234 of net revenue in 2026 Q3." in card.meta[2]


def test_a_final_tells_it_again_in_the_same_words(run):
    kept = {
        name: tuple(record_of(kind, packed(each)) for each in getattr(run.seen, name)) for name, kind in RECORDS.items()
    }
    again = Run(replace(run.seen, **kept)).cards["no_show_rate"]
    assert again.moved == run.cards["no_show_rate"].moved != []
