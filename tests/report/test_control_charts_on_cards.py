"""Which chart a card draws and what it says of it, its icons, and the states in which there is nothing to judge."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.charts.icons import SIGNS, icon
from bsc_analysis.params.models import Break
from bsc_analysis.report.card import Card
from bsc_analysis.report.judgement import CLASSES, ORDER
from tests.cards import card_of, chance, counted, valued

NBSP = "\N{NO-BREAK SPACE}"
SEASON = 0.2 + 0.08 * np.sin(np.arange(48) / 12 * 2 * np.pi)
KINDS = {
    "money": (valued("net_revenue_per_visit", chance().normal(240, 5, 30)), "XmR chart: these are no counts"),
    "share": (counted("no_show_rate", chance().binomial(300, 0.1, 30), 300), "p chart: the band is what chance"),
    "rate": (counted("complaint_rate", chance().poisson(9, 30), 700), "u chart: the band is what chance"),
    "overdispersed": (
        counted("no_show_rate", chance().binomial(900, np.tile([0.08, 0.14, 0.11], 10)), 900),
        "p′ chart (Laney): the months differ by more than chance in counting",
    ),
    "large": (
        counted("no_show_rate", chance(1).binomial(2000, 0.1, 30), 2000),
        "p′ chart (Laney): with so many visits",
    ),
    "rare": (
        counted("staff_turnover", chance().poisson(0.6, 48), 20),
        "t chart: months of staff between events, of which there are few in a month. High means rare.",
    ),
    "nearly all": (
        counted("billing_accuracy", 60 - chance(2).poisson(0.5, 48), 60),
        "g chart: few coding audits in a month do not count, so it shows how many lie between these.",
    ),
    "without counts": (valued("no_show_rate", chance().normal(8, 1, 30)), "XmR chart: some values came without counts"),
    "nothing to divide by": (
        valued("complaint_rate", chance().poisson(9, 30)).assign(numerator=lambda f: f["value"]),
        "XmR chart: there is nothing to divide by",
    ),
    "season": (counted("no_show_rate", chance().binomial(400, SEASON), 400), "The season is taken out: the band goes"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_says_which_chart_it_draws_and_why(kind):
    readings, told = KINDS[kind]
    card = card_of(readings)
    assert told in card.charted
    assert card.word == "none" and card.chart.alt.startswith(card.told("title"))


def test_limits_of_counts_go_by_each_month_s_own_number_of_cases():
    visits = np.tile([400.0, 100.0], 15)
    card = card_of(counted("no_show_rate", np.round(visits * 0.1 + np.tile([0, 3, -4, 2, 4, -3], 5)), visits))
    width = (card.points["upper"] - card.points["lower"]).to_numpy()
    assert card.varied.choice.chart == "p" and width[1::2] == pytest.approx(
        2 * 300 * np.sqrt(0.1 * 0.9 / 100), rel=0.02
    )
    assert width[0] == pytest.approx(width[1] / 2)
    flat = card_of(valued("wait_median", np.tile([14.0, 16, 15], 10))).chart.svg
    assert max(path.count("L") for path in re.findall('d="(M[^"]+)"', card.chart.svg)) >= 2 * 30 - 1
    assert max(path.count("L") for path in re.findall('d="(M[^"]+)"', flat)) == 29  # the line through the dots


def test_a_season_moves_the_band_and_leaves_the_values_as_they_were_counted():
    readings = KINDS["season"][0]
    card = card_of(readings)
    drawn, judged = card.points, card.variation.points
    assert drawn["value"].to_numpy() == pytest.approx(readings["value"].to_numpy())
    assert (drawn["upper"] - drawn["value"]).to_numpy() == pytest.approx((judged["upper"] - judged["value"]).to_numpy())
    assert drawn["centre"].max() - drawn["centre"].min() > 10 and judged["centre"].nunique() == 1


def test_months_that_follow_each_other_without_a_season_are_said_to_be_marked_too_often():
    drifting = np.cumsum(chance(3).normal(0, 1, 30)) + 240
    told = card_of(valued("net_revenue_per_visit", drifting)).charted
    assert "Its months are not independent, and it takes three years to tell a season" in told


def leaving(*months: int) -> pd.DataFrame:
    """Who left, of fifty people a month."""
    return counted("staff_turnover", months, 50)


def test_rare_events_have_an_axis_of_their_own_on_which_high_means_rare():
    seldom = [*[1, 0, 1, 1, 0, 1] * 5, *[0] * 13, 1, 1, 1]
    card = card_of(leaving(*seldom), target=20)
    drawn = card.points
    assert list(drawn.index[:2]) == [1, 2] and str(drawn["at"].iloc[0]) == "2023-02"
    assert card.varied.between == "cases" and card.varied.target == 60  # 1,200 / 20 % a year
    assert f"target ≥ 60{NBSP}months of staff" in card.chart.svg
    assert f"{drawn['value'].iloc[-1]:.0f}{NBSP}months of staff" in card.chart.svg
    assert drawn["value"].max() == pytest.approx(14 * 50)


def test_when_events_grow_rare_the_number_falls_and_that_is_an_improvement():
    card = card_of(leaving(*[1, 1, 0, 1, 1] * 7, *[0] * 12, 1))
    assert card.variation.side == 1 and card.verdict == "↓ real improvement"
    assert card.sentences[0] == "The stretch that ended in Sep 2026 lies beyond what chance alone would give."
    assert 'd="M10 14.4v-9' in card.signs[0].icon and card.signs[0].word == "real improvement"


def test_a_stretch_that_is_not_over_is_said():
    card = card_of(leaving(*[1, 1, 0, 1, 1] * 7, *[0] * 3))
    assert card.sentences[-1] == "The newest stretch ended in May 2026; the one since then is not over."
    assert not card.judged


def test_a_break_has_a_level_on_either_side_in_what_the_chart_counts():
    often, seldom = [1, 0, 1, 1, 0, 1] * 6, [0, 0, 1, 0, 0, 0, 1, 0] * 7
    because = Break(kpis=["staff_turnover"], at="2022-02", because="a new contract")
    card = card_of(leaving(*often, *seldom), breaks=[because])
    told = next(line for line in card.sentences if "a new contract" in line)
    assert re.fullmatch(
        rf"Since .* the average is \d+{NBSP}months of staff; before, it was \d+{NBSP}months of staff.", told
    )
    assert "a new contract (Feb 2022)" in card.chart.svg


STATES = {
    "too few": (valued("wait_median", [14.0, 15, 16]), "too_few", "There are 3 of the 12 months that it takes"),
    "too few events": (leaving(*[0, 0, 1, 0, 0, 0] * 4), "too_few", "There are 3 of the 12 stretches between events"),
    "no events": (leaving(*[0] * 24), "too_few", "Too few such events came for anything to lie between them"),
    "all alike": (valued("wait_median", [15.0] * 24), "flat", "All months are alike"),
    "no denominators": (
        counted("no_show_rate", [0] * 24, 0, "not_calculable"),
        "no_value",
        "There is no value to draw",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_where_nothing_can_be_judged_a_state_says_so(state):
    readings, word, told = STATES[state]
    card = card_of(readings, target=10)
    assert card.word == word and told in card.sentences[0]
    assert [sign.word for sign in card.signs][1] == "target: cannot tell yet"
    assert card.chart and card.spark and card.sub
    assert bool(card.charted) == (len(card.variation.points) > 0)


def test_rare_events_drawn_by_month_have_the_target_in_the_kpi_s_own_unit():
    never = card_of(leaving(*[0] * 24), target=20)
    assert never.variation.points.empty and f"target ≤ 20{NBSP}%" in never.chart.svg
    assert "months of staff" not in never.chart.svg


def test_rare_events_behind_withheld_months_are_not_judged_where_events_are_what_hides_them():
    def hidden(months: pd.DataFrame, which: pd.Series, audience: str) -> Card:
        months.loc[which, ["numerator", "denominator", "n", "value"]] = np.nan
        return card_of(months.assign(state=np.where(which, "withheld", "ok")), audience=audience)

    left = leaving(*[1, 0, 1, 1, 0, 1] * 5)
    card = hidden(left, left["numerator"] > 0, "board")
    assert card.variation.latest == "refused" and card.variation.points.empty
    assert card.sentences[0].startswith("What lies between rare events cannot be shown, because months with 1 to 10")
    assert card.chart and card.charted == ""  # the months are drawn, without a band
    answers = counted("burnout", [1, 0, 2, 0, 1, 0] * 10, np.tile([6.0, 6, 7, 4, 6, 6], 10))
    few = hidden(answers, answers["n"] < 5, "leadership")
    assert few.variation.latest == "none" and len(few.variation.points) > 12


def test_months_that_may_all_still_change_are_not_said_to_hold_too_few_cases():
    card = card_of(valued("wait_median", [14.0, 15, 16], "immature"))
    assert card.word == "open" and card.sentences[0].startswith("Not to build on yet (")


def test_every_sign_has_a_shape_of_its_own_and_is_hidden_beside_its_word():
    drawn = {kind: str(icon(kind, 1)) for kind in SIGNS}
    colourless = {re.sub(r"var\([^)]*\)", "", svg) for svg in drawn.values()}
    assert len(colourless) == len(SIGNS) and all('aria-hidden="true"' in svg for svg in drawn.values())
    assert set(CLASSES) <= set(ORDER)
