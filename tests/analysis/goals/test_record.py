"""Earlier forecasts against what came, by hand."""

import pandas as pd
import pytest

from bsc_analysis.analysis.goals.record import record_of


def published(text: str) -> pd.DataFrame:
    rows = [line.split() for line in text.strip().splitlines()]
    outcomes = {"met": True, "missed": False, "open": None}
    return pd.DataFrame([(g, float(p), outcomes[o]) for g, p, o in rows], columns=["goal", "probability", "met"])


def test_brier_score_and_hits_by_band():
    found = record_of(
        published("""
        a .10 missed
        b .20 missed
        c .90 met
        d .70 missed
        d .80 met
        e .50 open
        """)
    )
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.01 + 0.49 + 0.04) / 5)
    assert found.base == pytest.approx(0.4 * 0.6)
    assert (found.forecasts, found.goals, found.waiting) == (5, 4, 1)
    bands = found.bands
    assert bands["forecasts"].tolist() == [2, 0, 0, 2, 1] and bands["goals"].tolist() == [2, 0, 0, 1, 1]
    assert bands["said"].dropna().tolist() == pytest.approx([0.15, 0.75, 0.9])
    assert bands["hits"].dropna().tolist() == [0, 0.5, 1]  # of d once met, once not
    assert bands.loc[0, ["lower", "upper"]].tolist() == pytest.approx([0, 0.6576], abs=1e-4)  # Wilson, 0 of 2


def test_an_interval_tells_bands_that_promise_too_much():
    rows = "\n".join(f"g{i} .9 {'met' if i < 8 else 'missed'}" for i in range(20))
    band = record_of(published(rows)).bands.loc[4]
    assert (band["hits"], bool(band["held"])) == (0.4, False)


def test_nothing_known_yet_is_said():
    assert record_of(published("a .5 open")).reason == "no_outcomes"
    assert record_of(published("a .5 open").iloc[:0]).waiting == 0


@pytest.mark.parametrize("chance", ["1.2", "-.1", "nan"])
def test_what_is_no_probability_is_refused(chance):
    with pytest.raises(ValueError, match="between 0 and 1"):
        record_of(published(f"a {chance} met"))
