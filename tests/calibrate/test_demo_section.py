"""The page's section on the demo group, from hand-made verdicts of a few seeds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bsc_analysis.calibrate import finished
from bsc_analysis.calibrate.cells import cells, demo_group
from bsc_analysis.calibrate.page import page
from bsc_analysis.demo.planted import LINKS, unplanted

SEEDS = demo_group()[:4]


def verdict(leading, lagging, effect, lag, answer="cannot_tell", p=0.5, smallest=0.05, **other):
    interval = [effect - 0.04, effect + 0.04]
    ps = dict.fromkeys(("p_forecasts", "p_leads", "p_same_period"), p)
    told = {"leading": leading, "lagging": lagging, "declared": True, "answer": answer, "effect": effect, "lag": lag}
    return {**told, "interval": interval, "smallest_effect": smallest, **ps, **other}


def a_seed(**other):
    """All planted links found with a third of their effect, nothing else; `other`: changes of the first link."""
    first, *rest = [verdict(p.leading, p.lagging, p.effect / 3, p.lag, "supported", 0.001) for p in LINKS]
    none = [verdict(*pair, 0.0, 1, declared=pair == ("burnout", "no_show_rate")) for pair in unplanted()]
    return {"verdicts": [{**first, **other}, *rest, *none]}


def told(*counts):
    return page(list(zip(SEEDS, counts, strict=False)))


def row(text, *within):
    (line,) = [line for line in text.splitlines() if line.startswith("|") and all(part in line for part in within)]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_planted_link_stands_with_its_effect_its_lag_and_how_often_it_was_found():
    text = told(a_seed(), a_seed(effect=-0.19, interval=[-0.23, -0.15]))
    assert "## The demo group, 2 seeds" in text and "**0 miss it**" in text
    cells = ["−0.45", "1", "2 of 2", "2 of 2", "−0.17 (−0.19 to −0.15)", "0.05", "2 of 2", "2 of 2"]
    assert row(text, "Engaged", "Wait to be roomed")[1:] == cells


@pytest.mark.parametrize(
    "change",
    [{"answer": "cannot_tell"}, {"answer": "moves_together"}, {"lag": 2}, {"answer": "contradicted", "effect": 0.1}],
    ids=str,
)
def test_one_that_is_large_enough_and_not_found_with_its_lag_misses(change):
    text = told(a_seed(), a_seed(), a_seed(), a_seed(**change))
    assert "seed 4 ✗" in text and "**1 miss it**" in text
    assert "✗" in row(text, "Engaged", "Wait to be roomed")[3]


def test_one_that_is_too_small_to_be_seen_does_not_miss():
    text = told(a_seed(), a_seed(answer="cannot_tell", smallest_effect=0.2))
    assert "**0 miss it**" in text
    assert row(text, "Engaged", "Wait to be roomed")[3:8:4] == ["1 of 2", "1 of 2"]


def test_an_interval_that_holds_the_mean_of_the_seeds_no_more_is_counted():
    text = told(a_seed(), a_seed(interval=[-0.1, -0.09]))
    assert row(text, "Engaged", "Wait to be roomed")[-1] == "1 of 2"


def test_pairs_that_nothing_joins_are_rates_and_marked_where_beyond_five_per_cent():
    few, many = a_seed(), a_seed()
    found = [v for v in many["verdicts"] if v["leading"] == "no_show_rate"]
    for each in found:
        each |= {"p_forecasts": 0.05, "answer": "contradicted"}
    text = told(few, many)
    assert len(found) == 6 and row(text, "*all*") == ["*all*", "44", "**13.6 %** ✗", "0.0 %", "0.0 %", "**13.6 %** ✗"]
    assert row(text, "21 other pairs")[1:3] == ["42", "14.3 %"]
    assert row(text, "Burned-out staff → No-show rate")[1:] == ["2", "0.0 %", "0.0 %", "0.0 %", "0.0 %"]
    assert "- demo: pairs that nothing joins: p_forecasts **13.6 %** ✗" in text


def test_seeds_that_are_not_finished_are_open():
    assert "**2 cells; 1 of them are not finished**" in told(a_seed(), None)
    assert "The demo group" in told(None) and "The demo group" not in page([])


def test_twenty_seeds_are_cells_and_each_is_made_anew_when_demo_params_or_tests_change(monkeypatch, tmp_path):
    twenty = [cell for cell in cells() if cell.asks == "demo"]
    assert [cell.seed for cell in twenty] == list(range(1, 21))
    finished.write(tmp_path, twenty[0], a_seed())
    assert finished.read(tmp_path, twenty[0]) == a_seed() and finished.read(tmp_path, twenty[1]) is None
    for changed in ("demo/levels.py", "analysis/panel.py", "analysis/whole.py", "calibrate/demo_group.py"):
        with monkeypatch.context() as patch:
            patch.setattr(finished, "code_of", lambda file, changed=changed: "other" if file == changed else "")
            other = finished.fingerprint(twenty[0])
            patch.setattr(finished, "code_of", lambda file: "")
            assert other != finished.fingerprint(twenty[0]), changed
    monkeypatch.setattr(finished, "_params_of_demo", lambda: ["other"])
    assert finished.read(tmp_path, twenty[0]) is None
    assert replace(twenty[0], draws=1).seed == 1
