"""Cells are kept when finished, and made again when the code or what is asked has changed."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import pytest

from bsc_analysis.calibrate import fan_cells, finished
from bsc_analysis.calibrate.cells import Bar, Cell, Size, cells, slice_of
from bsc_analysis.calibrate.designs import autoregressive, planted
from bsc_analysis.calibrate.measure import measured
from bsc_analysis.calibrate.run import run
from bsc_analysis.calibrate.tables import Result

NAIVE = Cell("naive", "persistent .6", autoregressive, Size(24, "M"), 3)
TEST = Cell("test", "persistent .6", autoregressive, Size(24, "M"), 3, 19)


def test_every_cell_has_a_name_and_a_seed_that_its_methods_share():
    every = cells()
    assert len({cell.id for cell in every}) == len(every)
    assert NAIVE.seed == TEST.seed == 15265171943113796625
    data = {(cell.name, cell.size) for cell in every}
    assert len({cell.seed for cell in every}) == len(data)
    assert {cell.asks for cell in slice_of(every)} == {"test", "naive", "fan"}


def test_more_repetitions_begin_with_the_same_ones():
    few, more = measured(NAIVE), measured(replace(NAIVE, repetitions=6))
    assert all(0 <= more[name] - count <= 3 for name, count in few.items())
    assert measured(TEST) == measured(TEST)


def test_a_bar_leaves_room_for_chance_on_its_own_side():
    most, least = Bar(highest=0.07), Bar(lowest=0.9)
    assert not most.missed(0.081, 2000) and most.missed(0.083, 2000) and not most.missed(0.0, 2000)
    assert not least.missed(0.87, 300) and least.missed(0.85, 300) and not least.missed(1.0, 300)


def test_finished_cells_are_not_run_again(tmp_path, capsys):
    assert run([NAIVE, TEST], tmp_path, jobs=2) == 0
    assert finished.read(tmp_path, NAIVE) == measured(NAIVE)
    [kept] = tmp_path.glob("naive-*.json")
    told = json.loads(kept.read_text())
    assert (told["cell"], told["seed"]) == (NAIVE.id, NAIVE.seed)
    kept.write_text(json.dumps({**told, "counts": {"pooled": 99}}))
    more = replace(NAIVE, name="white noise")
    assert run([NAIVE, more], tmp_path, jobs=1) == 0
    assert finished.read(tmp_path, NAIVE) == {"pooled": 99} and finished.read(tmp_path, more)
    assert "1 of 1, about 0 min left: naive / white noise / 24 months" in capsys.readouterr().out


def test_a_cell_that_fails_is_told_and_costs_no_other(tmp_path, capsys):
    broken = Cell("naive", "broken", partial(planted, tilt=1), Size(24, "M"), 3)
    assert run([broken, NAIVE], tmp_path, jobs=1) == 1
    assert finished.read(tmp_path, broken) is None and finished.read(tmp_path, NAIVE)
    assert "naive / broken / 24 months failed" in capsys.readouterr().out


@pytest.mark.parametrize("changed", [{"repetitions": 4}, {"draws": 29}, {"within": 1}, {"design": planted}])
def test_what_is_asked_otherwise_is_another_answer(changed, tmp_path):
    finished.write(tmp_path, TEST, {"p_leads": 1})
    assert finished.read(tmp_path, replace(TEST, **changed)) is None
    assert finished.read(tmp_path, replace(TEST, bars=(("p_leads", Bar()),))) == {"p_leads": 1}


def test_changed_code_is_another_answer_and_the_old_one_goes(tmp_path, monkeypatch):
    finished.write(tmp_path, TEST, {"p_leads": 1})
    monkeypatch.setattr(finished, "code_of", lambda file: "changed" if file == "analysis/null.py" else "")
    assert finished.read(tmp_path, TEST) is None
    finished.write(tmp_path, TEST, {"p_leads": 2})
    assert len(list(tmp_path.glob("*.json"))) == 1 and finished.read(tmp_path, TEST) == {"p_leads": 2}


def test_the_code_of_a_test_is_all_that_it_imports_less_remarks(tmp_path, monkeypatch):
    assert {f"analysis/{name}.py" for name in ("links", "lagged", "null", "terms", "verdict")} <= set(
        finished.needed("analysis/links.py")
    )
    monkeypatch.setattr(finished, "PACKAGE", tmp_path)
    texts = ['"""One."""\nA = 1\n', '"""Two."""\n# why\nA  =  1\n', "A = 2\n"]
    seen = []
    for text in texts:
        (tmp_path / "made.py").write_text(text)
        finished.code_of.cache_clear()
        seen.append(finished.code_of("made.py"))
    finished.code_of.cache_clear()
    assert seen[0] == seen[1] != seen[2]


def test_fans_have_cells_of_their_own_with_a_bar_for_each_horizon_that_they_reach():
    cell = next(cell for cell in cells() if cell.id == "fan / trend / 12 months")
    assert [name for name, _ in cell.bars] == ["held_80_1", "held_80_3", "held_80_6"]
    counts = fan_cells.measured(replace(cell, repetitions=3))
    assert set(counts) == {f"held_{level}_{ahead}" for level in (50, 80, 95) for ahead in (1, 3, 6)}
    assert all(counts[f"held_50_{ahead}"] <= counts[f"held_95_{ahead}"] <= 3 for ahead in (1, 3, 6))
    assert "### 12 ahead" in fan_cells.tables([Result(cell, counts)])[-2]
