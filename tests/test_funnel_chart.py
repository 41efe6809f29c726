"""The funnel's picture: readable on a telephone, told by shape and word, nothing beyond its edges."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.charts import Chart, funnel
from bsc_analysis.charts.control import MARKS
from bsc_analysis.charts.funnel import HEIGHT, MOST_NAMED, WIDTH
from bsc_analysis.charts.svg import ROLES

WORDS = {"inner": "95 %", "outer": "99.8 %", "axis": "CASES"}
SVG = "{http://www.w3.org/2000/svg}"


def points(*rows: tuple[float, float, str, str, bool, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["of", "value", "label", "word", "firm", "own"])


def lines(*sizes: float) -> pd.DataFrame:
    of = np.array(sizes)
    wide = {"lower998": -120, "lower95": -40, "upper95": 40, "upper998": 120}
    return pd.DataFrame({"of": of} | {name: 10 + far / np.sqrt(of) for name, far in wide.items()})


CURVE = lines(100, 200, 400, 800)
USUAL = points(
    (100, 11.0, "", "none", False, False),
    (400, 12.5, "Clinic <A> 12.5", "concern", True, False),
    (800, 10.4, "this practice", "none", False, True),
)


def drawn(told: pd.DataFrame = USUAL, curve: pd.DataFrame = CURVE, label=str, alt: str = "A finding.") -> Chart:
    return funnel(
        told, curve, centre=10.0, name="funnel-x", alt=alt, words=WORDS, label=label, size=lambda n: f"{n:.0f}"
    )


def texts(chart: Chart) -> list[str]:
    return [e.text for e in ET.fromstring(str(chart.svg)).iter(f"{SVG}text")]


def test_its_words_can_be_read_on_a_telephone_and_are_all_there():
    chart = drawn()
    assert min(float(px) for px in re.findall(r"font-size: ([\d.]+)px", chart.svg)) >= 9.9
    assert {"Clinic <A> 12.5", "this practice", "CASES", "99.8 %", "95 %"} <= set(texts(chart))
    assert 'aria-label="A finding."' in chart.svg


@pytest.mark.parametrize("word", list(MARKS))
def test_only_what_is_firm_has_a_colour_and_what_is_perhaps_has_its_shape_alone(word):
    firm, perhaps = (drawn(points((100, 30.0, "", word, firm, False))) for firm in (True, False))
    role = MARKS[word][0]
    assert f"var(--{role}, " in firm.svg
    if role in ("better", "worse"):
        assert f"var(--{role}, " not in perhaps.svg
    assert ROLES[role] in firm.svg


def test_labels_do_not_lie_over_one_another_and_only_some_are_drawn():
    many = points(*[(400, 20.0 + i * 0.01, f"Practice {i}", "concern", True, False) for i in range(9)])
    apart = points(*[(400, 20.0 + i * 6, f"Practice {i}", "concern", True, False) for i in range(9)])
    assert sum(text.startswith("Practice") for text in texts(drawn(many))) == 1
    assert sum(text.startswith("Practice") for text in texts(drawn(apart))) == MOST_NAMED


def test_a_long_name_is_cut_and_stays_in_the_picture():
    long = points((800, 20.0, "Fairwater Valley Family Health and Wellness Centre 20.0", "concern", True, False))
    (name,) = [text for text in texts(drawn(long)) if text.startswith("Fairwater")]
    assert name.endswith("…") and len(name) == 34


@pytest.mark.parametrize("curve", [lines(400.0), lines(400.0, 401.0), lines(0.5, 1000.0)])
def test_it_is_drawn_whatever_sizes_there_are(curve):
    told = points(*[(of, 10.0, "", "none", False, False) for of in curve["of"]])
    chart = drawn(told, curve)
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in chart.svg and "nan" not in chart.svg.lower()


def test_a_title_is_never_markup():
    assert "&lt;A&gt;" in drawn().svg and "<A>" not in drawn().svg
