"""What a found effect is like: only what was asked, over all practices with their own breaks and specialties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.attenuation import reliability
from bsc_analysis.analysis.description import Description, describe, in_family
from bsc_analysis.analysis.plain import plain_p
from bsc_analysis.analysis.pooled import pooled
from bsc_analysis.analysis.shape import Moderated, Saturation
from bsc_analysis.analysis.verdict import Verdict
from tests.analysis.panels import panel

FOUND = Verdict(answer="supported", effect=0.5, interval=(0.3, 0.7), lag=1)


def test_only_what_is_given_is_asked():
    x, y, _ = panel(1, practices=30, slope=0.8, above=0.0)
    assert describe(FOUND, x, y) == Description()
    bent = describe(FOUND, x, y, knot=0.0)
    assert (bent.saturation.answer, bent.saturation.lag) == ("flattens", 1)
    assert bent.attenuation is None and bent.moderated is None
    x, y, m = panel(1, practices=30, slope=0.5, moderated=0.3)
    assert describe(FOUND, x, y, moderator=m).moderated.answer == "stronger"
    assert describe(FOUND, x, y, errors=x * np.nan).attenuation is None  # a KPI without intervals


def test_noise_of_few_answers_is_taken_off_but_not_where_the_same_people_answer():
    x, y, _ = panel(1, practices=20)
    noise = 1.0 + x * 0
    blurred = x + np.random.default_rng(0).standard_normal(x.shape)
    found = describe(FOUND, blurred, y, errors=noise).attenuation
    assert found.reliability == pytest.approx(reliability(blurred, noise).value)
    assert found.corrected == pytest.approx(0.5 / found.reliability) and 0.4 < found.reliability < 0.75
    refused = describe(FOUND, blurred, y, errors=noise, same_people=True).attenuation
    assert (refused.corrected, refused.reason) == (None, "no_reliability")


def test_a_familys_answers_hold_over_all_that_was_asked():
    sure = Saturation(80, 1, answer="flattens", p=0.01)
    weak = Saturation(80, 1, answer="flattens", p=0.04)
    none = Saturation(80, 1, p=0.9, reason="no_difference_found")
    blank = Saturation(80, 1, reason="too_few_above")
    told = in_family([sure, None, weak, none, blank])
    assert told[1] is None and told[4] == blank
    assert [(s.answer, s.q_value, s.reason) for s in (told[0], told[2], told[3])] == [
        ("flattens", pytest.approx(0.03), ""),
        ("cannot_tell", pytest.approx(0.06), "no_difference_found"),
        ("cannot_tell", pytest.approx(0.9), "no_difference_found"),
    ]
    [alone] = in_family([Moderated(1, answer="weaker", p=0.04)])
    assert (alone.answer, alone.q_value) == ("weaker", 0.04)


def test_what_moves_a_specialty_is_no_effect():
    x, y, _ = panel(2, slope=0.5)
    of = {name: "ab"[i % 2] for i, name in enumerate(x)}
    wave = 5 * np.random.default_rng(0).standard_normal((len(x), 2))
    moved = [f + wave[:, [int(of[name] == "b") for name in f]] * [1 if of[n] == "a" else -1 for n in f] for f in (x, y)]
    plain, told = (pooled(b, [a.shift(1)], "auto", (), of) for a, b in ((x, y), moved))
    # the wave of the period before stays in y's own past, which is less its specialty's mean too
    np.testing.assert_allclose(told.fit()[0], plain.fit()[0], rtol=1e-8)
    blind = pooled(moved[1], [moved[0].shift(1)], "auto", ())
    assert abs(blind.fit()[0][0] - plain.fit()[0][0]) > 0.05
    errors = x * 0 + 0.5
    assert reliability(moved[0], errors, specialty=of).value == pytest.approx(
        reliability(x, errors, specialty=of).value
    )


def test_one_alone_in_its_specialty_is_left_out():
    x, y, _ = panel(2, slope=0.5)
    of = dict.fromkeys(x, "a") | {"p00": "b"}
    assert pooled(y, [x.shift(1)], "auto", (), of).practices == len(x.columns) - 1
    errors = x * 0 + 0.5
    rest = x.drop(columns="p00")
    assert reliability(x, errors, specialty=of).value == pytest.approx(reliability(rest, errors).value)


def test_a_break_is_its_practices_own():
    x, y, _ = panel(3, practices=30, slope=0.5)
    at, errors = [x.index[20], x.index[21]], x * 0 + 0.5
    every = dict.fromkeys(x, at)
    np.testing.assert_array_equal(
        *(pooled(y, [x.shift(1)], "auto", breaks).fit()[0] for breaks in (at, every)), strict=True
    )
    assert reliability(x, errors, breaks=every) == reliability(x, errors, breaks=at)
    step = 5 * np.outer(np.arange(len(x)) >= 20, np.arange(len(x.columns)) == 0)
    calm, told, blind = (
        pooled(b, [a.shift(1)], "auto", breaks).fit()[0][0]
        for a, b, breaks in ((x, y, ()), (x + step, y - step, {"p00": at}), (x + step, y - step, ()))
    )
    assert abs(told - calm) < abs(blind - calm) / 3  # a thirtieth of it is in the mean of all
    calm, told, blind = (
        reliability(a, errors, breaks=breaks).total for a, breaks in ((x, ()), (x + step, {"p00": at}), (x + step, ()))
    )
    assert told == pytest.approx(calm, rel=0.05) and blind > 1.03 * calm


def test_the_ordinary_regression_takes_what_moves_within_a_month_for_an_effect():
    rng = np.random.default_rng(0)
    drawn = pd.DataFrame(rng.standard_normal((40, 20)))
    slow = drawn.ewm(alpha=0.2).mean()
    x, y = (slow + 0.1 * rng.standard_normal(slow.shape) for _ in range(2))
    assert plain_p(x, y, 1) < 0.001
    alike = [plain_p(pd.DataFrame(rng.standard_normal((40, 20))), drawn, 1) for _ in range(40)]
    assert sum(p <= 0.05 for p in alike) <= 6
    assert plain_p(x[[0]], y[[0]], 1) is None
