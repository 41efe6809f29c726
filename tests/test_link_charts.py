"""The pictures of the links: readable on a telephone, told by shape and word, wide intervals cut where all can see."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from bsc_analysis.charts import Chart, forest, lags, practices
from bsc_analysis.charts.forest import MARKS
from bsc_analysis.charts.svg import ROLES

TELEPHONE = 360 - 2 * 14  # pixels that the page leaves to a picture
WORDS = {key: key.upper() for key in ("otherwise", "expected", "small", "all", "own")}
NAN = float("nan")


def row(answer: str = "supported", told=(3.0, 2.0, 4.0), own=(2.0, -1.0, 5.0), **facts) -> dict[str, object]:
    sides = zip(("estimate", "lower", "upper", "own", "own_lower", "own_upper"), (*told, *own), strict=True)
    labels = {"leading": "Staff →", "lagging": "Wait", "word": answer, "note": "NOTHING"}
    return {"answer": answer, **labels, **dict(sides), **facts}


def drawn(*rows: dict[str, object], alt: str = "A finding.") -> Chart:
    return forest(pd.DataFrame(rows), name="forest", alt=alt, words=WORDS)


def profile(least=0.5, label=str) -> Chart:
    frame = pd.DataFrame({"lag": [1, 2], "estimate": [2.0, 0.1], "lower": [1.0, -1.0], "upper": [3.0, 1.2]})
    matter = (least, "MATTERS") if least else None
    facts = {"answer": "supported", "chosen": 1, "least": matter, "label": label, "unit": "months later"}
    return lags(frame, name="lags-0", alt="A finding.", **facts)


def side_by_side(n: int = 3, *, apart: int = 0, wide: float = 1.0, name: str = "Clinic {}", label=str) -> Chart:
    """The practices of a link, the first `apart` of them apart from the mean of all."""
    told = [(name.format(i), 2.0 + i / n, 2.0 + i / n - wide, 2.0 + i / n + wide, i < apart) for i in range(n)]
    frame = pd.DataFrame(told, columns=["practice", "effect", "lower", "upper", "apart"])
    words = {"mean": "MEAN", "dark": "APART"}
    return practices(frame, mean=2.5, name="practices-0", alt="A finding.", words=words, label=label)


def sizes(chart: Chart) -> list[float]:
    """The letters' heights on a telephone."""
    width = float(re.search(r'viewBox="0 0 (\d+)', chart.svg)[1])
    return [float(px) * min(1, TELEPHONE / width) for px in re.findall(r"font-size: ([\d.]+)px", chart.svg)]


def written(chart: Chart) -> list[str]:
    return [e.text for e in ET.fromstring(str(chart.svg)).iter() if e.tag.endswith("text")]


@pytest.mark.parametrize("chart", [drawn(row(), row("cannot_tell", (NAN,) * 3, (NAN,) * 3)), profile(), side_by_side()])
def test_its_words_can_be_read_on_a_telephone(chart):
    assert len(sizes(chart)) == len(written(chart)) and min(sizes(chart)) >= 9.9


@pytest.mark.parametrize("chart", [drawn(*(row(a) for a in MARKS)), profile(), side_by_side(apart=1)])
def test_its_colours_and_type_are_the_page_s(chart):
    left = re.findall(r"#[0-9a-f]{6}\b", re.sub(r"var\(--[a-z]+, #[0-9a-f]{6}\)", "", chart.svg))
    assert left == [] and set(re.findall(r"var\(--([a-z]+)", chart.svg)) <= set(ROLES)
    assert ET.fromstring(str(chart.svg)).get("aria-label") == "A finding."
    assert set(re.findall(r"font-family: ([^;\"]*)", chart.svg)) == {"inherit"}


def test_a_row_has_its_words_and_the_legend_only_what_is_drawn():
    words = written(drawn(row()))
    assert {"Staff → Wait", "supported", "EXPECTED", "OTHERWISE", "SMALL", "ALL", "OWN"} == set(words)
    assert "OWN" not in written(drawn(row(own=(NAN,) * 3)))


def test_a_row_without_a_test_says_so_where_its_line_would_be():
    assert "NOTHING" in written(drawn(row("cannot_tell", (NAN,) * 3, (NAN,) * 3)))
    assert "NOTHING" not in written(drawn(row("cannot_tell", (NAN,) * 3)))


def test_a_long_label_breaks_before_the_lagging_kpi():
    words = written(drawn(row(leading="Calls answered within 20 seconds →", lagging="Net collection rate")))
    assert "Calls answered within 20 seconds →" in words and "Net collection rate" in words


def marks(chart: Chart) -> int:
    return len(re.findall(r"<use ", chart.svg))


def test_an_interval_that_goes_on_ends_in_an_arrow():
    inside = marks(drawn(row("cannot_tell", (0.5, -1.0, 1.5), (NAN,) * 3)))
    assert marks(drawn(row("cannot_tell", (0.5, -9.0, 1.5), (NAN,) * 3))) == inside + 1
    assert marks(drawn(row("cannot_tell", (0.5, -9.0, 9.0), (NAN,) * 3))) == inside + 2


def test_what_cannot_be_told_does_not_squeeze_what_was_found():
    found, wide = row(own=(NAN,) * 3), row("cannot_tell", (0.5, -90.0, 90.0), (NAN,) * 3)
    lines = [
        re.search(r'd="M ([\d.]+)[^"]*"[^>]*var\(--better', drawn(*rows).svg)[1] for rows in ([found], [found, wide])
    ]
    assert lines[0] == lines[1]


def test_an_effect_far_beyond_what_matters_is_still_drawn():
    few = marks(drawn(row(told=(3.0, 2.0, 4.0), own=(NAN,) * 3)))
    assert marks(drawn(row(told=(40.0, 30.0, 50.0), own=(NAN,) * 3))) == few + 1  # its mark, and an arrow


def test_the_profile_tells_what_would_matter_where_that_is_declared():
    assert "MATTERS" in written(profile()) and "MATTERS" not in written(profile(least=None))
    assert {"1", "2", "months later"} <= set(written(profile()))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "$x^2$", "a\\b & \\g<1>"])
def test_labels_are_text_and_nothing_else(text):
    for chart in (
        drawn(row(leading=text, lagging=""), alt=text),
        profile(label=lambda _: text),
        side_by_side(name=text, label=lambda _: text),
    ):
        root = ET.fromstring(str(chart.svg))
        assert text in "".join(root.itertext()) and not [e for e in root.iter() if e.tag.endswith("script")]


def test_practices_are_named_and_those_apart_are_dark_and_explained():
    assert {"Clinic 0", "Clinic 1", "Clinic 2", "MEAN", "0.0"} <= set(written(side_by_side()))
    assert "APART" not in written(side_by_side()) and "APART" in written(side_by_side(apart=1))
    dark = re.findall(r"var\(--ink", side_by_side(apart=2).svg)
    assert len(dark) > len(re.findall(r"var\(--ink", side_by_side(apart=1).svg))


def test_a_long_name_is_cut_and_hundreds_go_without_in_no_more_than_a_page():
    long = written(side_by_side(name="The Doctors of Old Mill Street and Partners, {}"))
    cut = [text for text in long if "…" in text]
    assert len(cut) == 3 and max(map(len, cut)) <= 28 and len(set(cut)) == 3
    many = side_by_side(400)
    assert not any("Clinic" in text for text in written(many))
    assert float(re.search(r'viewBox="0 0 \d+ (\d+)', many.svg)[1]) < 700


def test_the_numbers_of_the_axis_never_run_into_each_other():
    words = written(side_by_side(label=lambda value: f"{value:.0f} patients per 1,000"))
    assert 1 <= sum("per 1,000" in word for word in words) <= 2
