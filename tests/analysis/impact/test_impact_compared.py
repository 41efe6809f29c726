"""Practices that acted against those that had not: by hand, by an independent slow way, and by planted truth."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.impact.adoption import Adoption, compare
from bsc_analysis.analysis.impact.compared import compared
from bsc_analysis.analysis.impact.measured import Panel, two_way
from bsc_analysis.analysis.impact.of_group import group_effect
from bsc_analysis.analysis.impact.permuted import assignments, permuted
from bsc_analysis.analysis.impact.windows import Action, Trigger

MONTHS = pd.period_range("2020-01", periods=24, freq="M")


def panel(practices: int = 24, *, seed: int = 1, effect: float = 0.0, acting: int = 6) -> tuple[pd.DataFrame, dict]:
    """Practices of which the first act from the 13th month on, one each month."""
    frame, acts, _ = Panel(practices, acting, effect=effect).drawn(np.random.default_rng(seed))
    return frame, acts


def test_two_practices_by_hand():
    values = pd.DataFrame({"acts": [1.0, 3, 2, 2, 9, 10], "not": [0.0, 2, 1, 1, 3, 4]}, MONTHS[:6])
    found = compared(values, {"acts": Action("a", "2020-05")})
    # before: 2 and 1 on average; since: 9 − 2 − (3 − 1) = 5, 10 − 2 − (4 − 1) = 5
    assert found.effect == pytest.approx(5) and (found.treated, found.controls) == (1, 1)
    assert found.cohorts[found.cohorts["period"] >= "2020-05"]["effect"].tolist() == pytest.approx([5, 5])
    assert found.reason == "too_few_controls" and found.least_p == 0.5 and np.isnan(found.lower)


def test_who_acts_later_is_compared_with_until_then_and_no_longer():
    values = pd.DataFrame({"early": [0.0] * 3 + [1] * 6, "late": [0.0] * 6 + [9] * 3, "never": [0.0] * 9}, MONTHS[:9])
    acts = {"early": Action("a", "2020-04"), "late": Action("a", "2020-07")}
    cells = compared(values, acts).cohorts
    since = cells[cells["period"] >= cells["start"]]
    assert since["controls"].tolist() == [2, 2, 2, 1, 1, 1, 1, 1, 1]
    assert since["effect"].tolist() == pytest.approx([1] * 6 + [9] * 3)
    alone = compared(values[["early", "late"]], acts)
    assert alone.compared == pytest.approx(3 / 9) and alone.effect == pytest.approx(1)


def slow(of: Adoption) -> float:
    """The mean over practices and periods since of value − own mean before − the same of those that had not acted."""
    found = []
    length, n = of.values.shape
    for i in range(n):
        for t in range(of.starts[i], length):
            before = range(max(0, of.starts[i] - of.leave[i] - of.base), of.starts[i] - of.leave[i])

            def moved(j: int, t: int = t, before: range = before) -> float:
                return of.values[t, j] - np.nanmean([of.values[b, j] for b in before])

            others = [moved(j) for j in range(n) if of.starts[j] - of.leave[j] > t and np.isfinite(moved(j))]
            if others and np.isfinite(moved(i)):
                found.append(moved(i) - np.mean(others))
    return float(np.mean(found))


@pytest.mark.parametrize("base", [1, 4, 12])
def test_the_slow_way_gives_the_same_with_gaps_windows_and_any_base(base):
    rng = np.random.default_rng(base)
    values = rng.standard_normal((20, 9))
    values[rng.random((20, 9)) < 0.05] = np.nan
    starts = np.array([8, 8, 11, 15, 15, 20, 20, 20, 20])
    values[[4, 5, 6, 7, 9, 10, 12, 13, 14]] = np.nan_to_num(values[[4, 5, 6, 7, 9, 10, 12, 13, 14]])
    of = Adoption(values, starts, np.array([0, 2, 0, 1, 0, 0, 0, 0, 0]), np.ones(9), base)
    assert compare(of).effect[0] == pytest.approx(slow(of))
    order = rng.permutation(9)
    again = Adoption(values, of.starts[order], of.leave[order], np.ones(9), base)
    assert compare(of, order[None]).effect[0] == pytest.approx(slow(again))


def test_growing_effects_mislead_two_way_fixed_effects_and_not_the_comparison():
    """Ten practices act in the 5th month, eight in the 14th, two never; each month since adds .15."""
    index, rng = pd.period_range("2020-01", periods=20, freq="M"), np.random.default_rng(6)
    starts = np.array([4] * 10 + [13] * 8 + [20] * 2)
    since = np.arange(20)[:, None] - starts
    values = np.where(since >= 0, 0.15 * since, 0) + 0.05 * rng.standard_normal((20, 20)) + rng.normal(0, 3, 20)
    frame = pd.DataFrame(values, index, [f"p{i:02}" for i in range(20)])
    acts = {name: Action("a", index[s]) for name, s in zip(frame, starts, strict=True) if s < 20}
    truth = 0.15 * since[since >= 0].mean()
    found = compared(frame, acts, draws=199)
    assert truth == pytest.approx(0.95, abs=0.01) and abs(two_way(frame, acts)[0]) < 0.05
    assert found.effect == pytest.approx(truth, abs=0.05) and found.lower < truth < found.upper
    late = found.events.loc[15:, "effect"]
    assert late.to_numpy() == pytest.approx(0.15 * late.index.to_numpy(), abs=0.2)


def test_a_planted_effect_is_found_with_its_events_and_nothing_before():
    frame, acts = panel(effect=2.0)
    found = compared(frame, acts)
    assert found.lower < 2 < found.upper and found.p == found.least_p == 0.001
    assert found.p_before > 0.05 and (found.method, found.reason) == ("compared_with_others", "")
    before, since = found.events.loc[:-1], found.events.loc[0:]
    assert ((before["lower"] < 0) & (before["upper"] > 0)).all() and (since["effect"] > 0).all()
    assert before.index.tolist() == list(range(-12, 0)) and since["practices"].tolist()[:7] == [6] * 7


def test_a_difference_before_the_start_is_seen():
    frame, acts = panel(effect=0.0)
    rising = frame.copy()
    for practice, action in acts.items():
        rising[practice] += 0.5 * (np.arange(24) - MONTHS.get_loc(action.start)).clip(max=0)
    assert compared(rising, acts).p_before < 0.01 < compared(frame, acts).p_before


def test_few_that_act_have_the_p_of_every_assignment():
    frame, acts = panel(20, effect=9.0, acting=1)
    found = compared(frame, acts)
    assert found.p == found.least_p == pytest.approx(1 / 20) and found.reason == "" and found.lower < 9 < found.upper
    fewer = compared(frame.iloc[:, :19], acts)
    assert fewer.reason == "too_few_controls" and fewer.p == fewer.least_p == pytest.approx(1 / 19)


def test_every_assignment_is_drawn_once_where_they_are_few():
    values = np.random.default_rng(2).standard_normal((12, 5))
    of = Adoption(values, np.array([6, 8, 12, 12, 12]), np.zeros(5, dtype=int), np.ones(5))
    seen = compare(of)
    sizes = {}  # the order of 3, 4 and 5 does not matter
    for order in permutations(range(5)):
        told = compare(of, np.array([order]))
        sizes[tuple(of.starts[list(order)])] = abs(told.effect[0]) / told.error[0]
    ours = abs(seen.effect[0]) / seen.error[0]
    assert assignments(of) == len(sizes) == 20
    assert permuted(of, 0.0, 99, 0).p == pytest.approx(np.mean([size >= ours - 1e-9 for size in sizes.values()]))


def test_the_interval_holds_what_the_test_would_not_reject():
    frame, acts = panel(effect=2.0)
    found = compared(frame, acts, draws=199)
    after = {practice: (frame.index >= action.start).astype(float) for practice, action in acts.items()}
    for edge, step in ((found.lower, 0.01), (found.upper, -0.01)):
        outside, inside = (
            compared(frame.sub(pd.DataFrame(after, frame.index) * off, fill_value=0), acts, draws=199).p
            for off in (edge - step, edge + step)
        )
        assert outside <= 0.05 < inside


def test_all_at_once_is_an_interrupted_series_that_says_so():
    frame, _ = panel(effect=0.0)
    frame = frame + 3.0 * (np.arange(24) >= 14)[:, None]
    acts = {practice: Action("a", "2021-03") for practice in frame}
    assert compared(frame, acts).reason == "all_at_once"
    found = group_effect(frame, acts)
    assert (found.method, found.note, found.treated) == ("interrupted_series", "all_at_once", 24)
    assert found.p is not None and found.effect == pytest.approx(3, abs=1.5)
    some = {practice: acts[practice] for practice in list(frame)[:6]}
    assert group_effect(frame, some).method == "compared_with_others"


def test_a_triggers_window_is_neither_before_nor_a_control():
    frame, acts = panel(acting=5)
    ruled = {p: Action("a", a.start, trigger=Trigger("above", 9.0, 3)) for p, a in acts.items()}
    plain = compared(frame, ruled, draws=99)
    for practice, action in acts.items():
        frame.loc[action.start - 3 : action.start - 1, practice] += 9.0
    found = compared(frame, ruled, draws=99)
    assert found.effect == pytest.approx(plain.effect, abs=0.15) and found.drift < 0
    assert compared(frame, acts, draws=99).effect < found.effect - 1


def test_other_actions_end_a_comparison_or_join_it():
    frame, acts = panel(effect=2.0)
    never, first = frame.columns[-1], frame.columns[0]
    wild = frame.copy()
    wild.loc["2021-02":, never] += 50
    found = compared(wild, acts, {never: [Action("other", "2021-02")]}, draws=99)
    assert found.effect == pytest.approx(compared(frame, acts, draws=99).effect, abs=0.2)
    joint = compared(frame, acts, {first: [Action("training", "2021-03")]}, draws=99)
    assert joint.names == ("a", "training") and joint.after == compared(frame, acts, draws=99).after - 2


@pytest.mark.parametrize(
    ("reason", "change", "start"),
    [
        ("nobody_acted", lambda f: f, None),
        ("after_data", lambda f: f, "2030-01"),
        ("before_data", lambda f: f, "2019-01"),
        ("too_few_before", lambda f: f, "2020-03"),
        ("too_few_after", lambda f: f[f.index < "2021-01"].reindex(f.index), "2021-01"),
        ("all_equal", lambda f: f * 0 + 0.1, "2021-01"),
        ("no_data", lambda f: f * np.nan, "2021-01"),
        ("no_data", lambda f: f.iloc[:0], "2021-01"),
        ("no_calendar", lambda f: f.set_axis(range(24)), "2021-01"),
        ("practices_twice", lambda f: pd.concat([f, f], axis=1), "2021-01"),
        ("no_controls", lambda f: f.iloc[:12].reindex(f.index).fillna({f.columns[0]: 1.0}), "2021-01"),
    ],
)
def test_what_cannot_be_compared_has_a_reason(reason, change, start):
    frame, _ = panel()
    acts = {frame.columns[0]: Action("a", start)} if start else {}
    found = compared(change(frame), acts, draws=19)
    assert (found.reason, found.p) == (reason, None) and np.isnan(found.effect)


def test_gaps_and_infinite_values_are_missing():
    frame, acts = panel(effect=2.0)
    frame.iloc[5, 3], frame.iloc[20, 8] = np.nan, np.inf
    found = compared(frame.drop(frame.index[7]), acts, draws=99)
    assert found.lower < 2 < found.upper and np.isfinite(found.events["effect"]).all()


def test_a_trigger_is_that_of_the_first_of_joint_actions():
    frame, acts = panel(acting=5)
    first = frame.columns[0]
    late = {**acts, first: Action("later", "2021-03", trigger=Trigger("above", 1.0, 2, "mean"))}
    found = compared(frame, late, {first: [acts[first]]}, draws=99)
    assert found.names[:2] == ("a", "later") and np.isnan(found.drift)
