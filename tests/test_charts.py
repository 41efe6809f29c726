"""Charts: their finding in words, the page's colours, nothing hostile, the same bytes each time."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.charts import control_chart, sparkline, strip
from bsc_analysis.charts.svg import ROLES


def points(values, words=None) -> pd.DataFrame:
    index = pd.period_range("2024-01", periods=len(values), freq="M")
    frame = pd.DataFrame({"value": values, "segment": 0, "lower": 1.0, "centre": 2.0, "upper": 3.0}, index=index)
    return frame.assign(word=words or "none", open=False)


def chart(values, words=None, alt="A finding.", because="moved"):
    return control_chart(
        points(values, words),
        name="chart-x",
        alt=alt,
        label=lambda v: f"{v:.1f}",
        tick=lambda p: str(p.year),
        target=(2.5, "target 2.5"),
        breaks=[(pd.Period("2024-05", "M"), because)],
        value="Dec: 2.0",
    )


VALUES = [1.5, 2, 2.5, 2, 1.5, 2, 2.5, 2, 1.5, 2, 2.5, 2.0]


def test_the_finding_is_the_alternative_text_and_the_svg_is_well_formed():
    svg = chart(VALUES, alt='Waits fell: "real" & <good>').svg
    root = ET.fromstring(str(svg))
    assert root.get("aria-label") == 'Waits fell: "real" & <good>' and root.get("role") == "img"
    assert root.get("viewBox") == "0 0 640 200" and root.get("width") is None


def test_colours_come_from_the_page():
    svg = str(chart(VALUES, ["none"] * 10 + ["improvement", "concern"]).svg)
    colours = re.findall(r"#[0-9a-f]{6}\b", re.sub(r"var\(--[a-z]+, #[0-9a-f]{6}\)", "", svg))
    assert colours == []
    assert {"better", "worse", "common", "band", "soft"} <= set(re.findall(r"var\(--([a-z]+)", svg)) <= set(ROLES)


def test_a_signal_is_told_by_shape_too():
    shapes = {
        word: str(chart(VALUES, ["none"] * 11 + [word]).svg) for word in ("improvement", "concern", "high", "low")
    }
    paths = {word: re.findall(r'<path id="[^"]+" d="([^"]+)"', svg)[-1] for word, svg in shapes.items()}
    assert len({re.sub(r"[\d.\- ]+", "", p) + str(len(p)) for p in paths.values()}) >= 3


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "$x^2$", "_hidden", "a\\b & \\g<1>"])
def test_labels_are_text_and_nothing_else(text):
    made = chart(VALUES, alt=text, because=text)
    root = ET.fromstring(str(made.svg))
    assert root.get("aria-label") == text
    assert text in "".join(root.itertext())
    assert not [e for e in root.iter() if e.tag.endswith("script")]


def test_the_same_points_give_the_same_bytes_and_ids_keep_apart():
    first, second = chart(VALUES), chart(VALUES)
    assert first == second
    spark = str(sparkline(points(VALUES), name="spark-x").svg)
    ids = set(re.findall(r' id="([^"]+)"', str(first.svg))) & set(re.findall(r' id="([^"]+)"', spark))
    assert not ids and 'aria-hidden="true"' in spark


def test_gaps_and_single_values_draw():
    chart([np.nan] * 6 + [2.0] + [np.nan] * 5)
    sparkline(points([2.0, np.nan, 2.0]), name="s")


def test_what_is_still_to_change_is_hollow_is_joined_by_no_line_and_makes_no_axis():
    def drawn(last: float, **more) -> str:
        frame = points([*VALUES[:-1], last]).assign(open=[False] * 11 + [True])
        facts = {"name": "chart-x", "alt": "A.", "label": lambda v: f"{v:.1f}", "tick": lambda p: str(p.year)}
        return str(control_chart(frame, **facts, target=None, value="here", **more).svg)

    def line(svg: str) -> str:
        return max(re.findall(r'd="(M[^"]+)"', svg), key=lambda path: path.count("L"))

    def axis(svg: str) -> list[str]:
        return re.findall(r">(\d\.\d)<", svg)

    within, far = drawn(2.0), drawn(-900.0)
    assert line(within) == line(far) and line(far).count("L") == 10 and axis(within) == axis(far)
    assert within.count("<use") == far.count("<use")  # it is there, at the edge
    firm, newest = drawn(1.2, value_at=pd.Period("2024-11", "M")), drawn(1.2)
    assert firm != newest and "here" in firm


def test_the_band_has_a_step_where_limits_change_and_none_where_they_do_not():
    def corners(**lines) -> int:
        drawn = {"name": "chart-x", "alt": "A.", "label": str, "tick": str, "target": None}
        svg = str(control_chart(points(VALUES).assign(**lines), **drawn).svg).replace("\n", " ")
        path = re.search(r'<path id="[^"]+" d="M([^"]+)z', svg).group(1)
        band = [tuple(map(float, corner.split())) for corner in path.split("L")]
        assert all(here[0] == there[0] or here[1] == there[1] for here, there in pairwise(band))  # never aslant
        return len(set(band))

    assert (corners(), corners(upper=[3.0] * 6 + [3.5] * 6), corners(upper=[3.0, 3.5] * 6)) == (4, 7, 37)


def test_rare_events_are_drawn_in_their_order_and_dated():
    at = pd.PeriodIndex(["2023-02", "2023-11", "2024-05", "2024-06", "2026-01"], freq="M")
    frame = points([90.0, 40, 120, 30, 300]).assign(at=at, lower=0.0, centre=90.0, upper=400.0)
    frame.index = pd.RangeIndex(1, 6, name="event")
    made = control_chart(
        frame, name="c", alt="A.", label=lambda v: f"{v:.0f}", tick=str, target=None, breaks=[(3, "moved")], value="300"
    )
    told = [e.text for e in ET.fromstring(str(made.svg)).iter() if e.text and e.text.strip()]
    assert "2024-05" in told and "2026-01" in told and "2023-02" not in told and "moved" in told


def came(*levels: str):
    stretches = pd.DataFrame({"line": "calls", "start": range(len(levels)), "length": 1, "level": levels})
    legend = {level: level for level in levels}
    return strip(stretches, months=len(levels), name="s", alt="A <finding>.", ticks=[(0, "Jan 2026")], legend=legend)


def test_a_strip_tells_each_level_by_shape_and_word_and_stays_small():
    levels = ["full", "less", "thin", "none", "flood", "open", "missing"]
    made = came(*levels)
    root = ET.fromstring(str(made.svg))
    assert root.get("aria-label") == "A <finding>."
    assert {"calls", "Jan 2026", *levels} <= {(e.text or "").strip() for e in root.iter()}
    colourless = {level: re.sub(r"var\([^)]*\)|" + level, "", str(came(level).svg)) for level in levels}
    assert len(set(colourless.values())) == len(levels)
    troubled = {"start": [0, 10, 11, 21, 24, 35], "length": [10, 1, 10, 3, 11, 1]}
    troubled["level"] = ["full", "thin", "full", "none", "full", "open"]
    many = pd.concat([pd.DataFrame({"line": f"table {i}", **troubled}) for i in range(8)])
    chart = strip(many, months=36, name="s", alt="x", ticks=[(3, "Jan 2024")], legend={"full": "as usual"})
    assert len(chart.svg.encode()) <= 15_000
