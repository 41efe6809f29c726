"""What parts an audience may see: no subtraction of parts, totals, KPIs or earlier reports gives few persons back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from bsc_analysis.disclosure.fold import fold
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.readings.labels import OTHERS
from bsc_analysis.readings.parts import COLUMNS

WIDE = 10  # values that a hidden count has to leave open


def cells(*rows: tuple, kpi: str = "no_show_rate") -> pd.DataFrame:
    """(period, part, numerator, denominator), each row of the table another person's."""
    frame = pd.DataFrame(rows, columns=["period", "part", "numerator", "denominator"]).assign(
        practice="a", kpi=kpi, dimension="location"
    )
    frame["rows"] = frame["people"] = frame["denominator"]
    frame["numerator_people"], frame["rest_people"] = frame["numerator"], frame["denominator"] - frame["numerator"]
    return frame[COLUMNS].astype(dict.fromkeys(["numerator", "denominator", "rows", "people"], float))


def shown(parts: pd.DataFrame, audience: str = "external") -> list[str]:
    return [f"{r.period} {r.part.replace(OTHERS, '*')} {r.numerator:g}/{r.denominator:g}" for r in
            fold(parts, audience).itertuples()]  # fmt: skip


def test_a_small_part_takes_the_smallest_other_with_it():
    parts = cells(("2026Q1", "north", 40, 400), ("2026Q1", "south", 3, 30), ("2026Q1", "west", 20, 90))
    assert shown(parts) == ["2026Q1 * 23/120", "2026Q1 north 40/400"]
    assert shown(parts, "leadership") == ["2026Q1 north 40/400", "2026Q1 south 3/30", "2026Q1 west 20/90"]


def test_the_complement_and_the_whole_count_like_the_numerator_and_zero_may_show():
    parts = cells(
        ("2026Q1", "a", 60, 400), ("2026Q1", "b", 50, 55), ("2026Q1", "c", 0, 70), ("2026Q1", "d", 40, 90),
        ("2026Q1", "e", 44, 99),
    )  # fmt: skip
    assert shown(parts) == ["2026Q1 * 50/125", "2026Q1 a 60/400", "2026Q1 d 40/90", "2026Q1 e 44/99"]


def test_small_parts_that_are_safe_together_take_nobody_with_them():
    parts = cells(("2026Q1", "a", 60, 400), ("2026Q1", "b", 11, 55), ("2026Q1", "c", 2, 18), ("2026Q1", "d", 9, 40))
    assert shown(parts) == [
        "2026Q1 * 22/113",
        "2026Q1 a 60/400",
    ]  # how many persons c and d share is not known: 9 to 11


def test_what_was_folded_once_stays_folded_in_every_later_report():
    first = cells(("2026Q1", "a", 60, 400), ("2026Q1", "b", 20, 100), ("2026Q1", "c", 3, 40), ("2026Q1", "d", 30, 150))
    later = cells(("2026Q2", "a", 60, 400), ("2026Q2", "b", 5, 100), ("2026Q2", "c", 30, 90), ("2026Q2", "d", 30, 150))
    assert shown(first) == ["2026Q1 * 23/140", "2026Q1 a 60/400", "2026Q1 d 30/150"]
    assert shown(pd.concat([first, later])) == [
        "2026Q1 * 23/140", "2026Q1 a 60/400", "2026Q1 d 30/150",
        "2026Q2 * 35/190", "2026Q2 a 60/400", "2026Q2 d 30/150",
    ]  # fmt: skip


def test_a_label_of_few_rows_is_nobodys_to_see_because_it_may_be_a_name():
    parts = cells(("2026Q1", "north", 40, 400), ("2026Q2", "north", 40, 400), ("2026Q2", "Jane Doe", 1, 2))
    assert shown(parts, "leadership") == ["2026Q1 north 40/400", "2026Q2 * 1/2", "2026Q2 north 40/400"]
    assert shown(parts) == ["2026Q1 * 40/400", "2026Q2 * 41/402"]


@pytest.mark.parametrize("audience", GUARDED)
def test_a_kpi_whose_rows_name_nobody_is_not_shown_in_parts_to_the_guarded(audience):
    parts = cells(("2026Q1", "a", 60, 400), ("2026Q1", "b", 50, 120), kpi="net_collection_rate").assign(people=0.0)
    assert shown(parts, audience) == [] and len(shown(parts, "leadership")) == 2


LABELS = ["a", "b", "c", "d", "e", "f"]
STATUS = ["kept", "no_show", "late_cancel"]


def made(seed: int) -> pd.DataFrame:
    """Visits by period, label and status: six places of very unlike sizes, coming and going over five quarters."""
    rng = np.random.default_rng(seed)
    size = rng.choice([15, 40, 120, 400], len(LABELS))
    found = []
    for quarter in ["2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1"]:
        for label, mean in zip(LABELS, size, strict=True):
            if rng.random() > 0.1:
                found.append((quarter, label, *rng.poisson(mean * np.array([0.8, 0.1, 0.1]))))
    return pd.DataFrame(found, columns=["period", "part", *STATUS])


TOLD = {  # statuses in the numerator and in the denominator; of new patients there are none, so it counts the kept
    "no_show_rate": (["no_show"], ["kept", "no_show"]),
    "late_cancel_rate": (["late_cancel"], STATUS),
    "new_patient_share": ([], ["kept"]),
}


def of_all_kpis(visits: pd.DataFrame) -> pd.DataFrame:
    sides = {kpi: [visits[of].sum(axis=1) for of in both] for kpi, both in TOLD.items()}
    told = [cells(*zip(visits["period"], visits["part"], *both, strict=True), kpi=kpi) for kpi, both in sides.items()]
    return pd.concat(told, ignore_index=True)


def reports(visits: pd.DataFrame) -> list[pd.DataFrame]:
    """What each quarter's report shows, of its own quarter and of those before."""
    parts = of_all_kpis(visits)
    return [fold(parts[parts["period"] <= now], "external") for now in sorted(parts["period"].unique())]


def known(visits: pd.DataFrame) -> dict[str, list[tuple[list[str], list[str], float]]]:
    """By period: (labels, statuses, their sum), all that one reader of every quarter's report has been told."""
    told: dict[str, list] = {}
    for seen in reports(visits):
        for row in seen.itertuples():
            named = set(seen.loc[seen["kpi"] == row.kpi, "part"]) - {OTHERS}
            labels = [row.part] if row.part != OTHERS else [label for label in LABELS if label not in named]
            over, under = TOLD[row.kpi]
            told.setdefault(row.period, []).extend([(labels, over, row.numerator), (labels, under, row.denominator)])
    return told


@pytest.mark.parametrize("seed", range(40))
def test_a_later_report_shows_the_same_parts_of_a_period_or_sums_of_them(seed):
    shows = [seen.groupby("period")["part"].agg(set) for seen in reports(made(seed))]
    for earlier, later in pairwise(shows):
        assert all(later[period] - {OTHERS} <= earlier[period] for period in earlier.index)


@pytest.mark.parametrize("seed", range(6))
def test_no_subtraction_gives_few_persons_back(seed):
    """Every cell of 1–10 persons stays open by 10 values or more, whatever reports, KPIs and totals are combined."""
    visits = made(seed)
    names = [(label, status) for label in LABELS for status in STATUS]
    hidden = 0
    for period, facts in known(visits).items():
        a = [[float(label in labels and status in of) for label, status in names] for labels, of, _ in facts]
        b = [total for _, _, total in facts]
        now = visits[visits["period"] == period].set_index("part")[STATUS]
        for label, counts in now.iterrows():
            for status, count in counts.items():
                if 1 <= count <= 10 < now[status].sum():  # else the reading itself is withheld
                    cost = np.array([float(name == (label, status)) for name in names])
                    low, high = (linprog(sign * cost, A_eq=a, b_eq=b).fun * sign for sign in (1, -1))
                    assert high - low >= WIDE, (period, label, status, count)
                    hidden += 1
    assert hidden
