"""How far a goal in words goes: from a level to a level, or by how much and in what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["level", "relative", "points", "value", "unqualified", "range", ""]
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
           "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30}  # fmt: skip
LESS = (
    r"reduc|cut|lower|decreas|drop|bring\w* down|shrink|shorten|halv|less|fewer|fall|minus|down\b|trim|slash|diminish"
)
MORE = r"increas|rais|grow|lift|boost|doubl|more\b|rise|plus\b|up\b|expand|gain"
PARTS = {"half": 50.0, "a third": 100 / 3, "one third": 100 / 3, "a quarter": 25.0, "one quarter": 25.0,
         "two thirds": 200 / 3, "a fifth": 20.0, "a tenth": 10.0}  # fmt: skip
UNITS = {
    "points": r"percentage[- ]points?|%[- ]?points?|points?|pts?\.?|pp\b|ppt",
    "%": r"%|per ?cent|pct",
    "min": r"minutes?|mins?\b",
    "s": r"seconds?|secs?\b",
    "h": r"hours?|hrs?\b",
    "days": r"days?",
    "$": r"dollars?|usd|\$",
    "per 1,000": r"per (?:1,?000|thousand)",
}
SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "days": 86400.0}
SIZES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}
UNIT = "|".join(f"(?:{form})" for form in UNITS.values())
WHOLE = r"(?<!\d)(?<!\d,)(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?!,?\d)"  # of 7,5 neither 7 nor 5
NUMBER = rf"{WHOLE}|\b(?:{'|'.join(NUMBERS)})\b"
RELATIVE = r"\brelativ\w*|\bof (?:the |its |our )?(?:baseline|current|present|today)|\bproportional\w*"
GIVE = r"(?:(?:at least|at most|about|around|more than|up to|over|some|least|most|under|below|above)\s+)*"
RANGE = rf"\bby\s+{GIVE}(?:{NUMBER})\s*(?:-|–|to)\s*(?:{NUMBER})"
LEVELS = (
    r"(?:\bto\b|\breach\w*|\bachiev\w*|\bbelow\b|\bunder\b|\babove\b|\bover\b(?!\s+the)|\bat (?:least|most)\b|"
    r"\b(?:less|more|fewer|better|lower|higher) than\b|\bat\b|≤|≥|<|>)"
)
ABSOLUTE = r"\babsolute\w*|\bpercentage[- ]points?|\(\s*(?:points?|pp)\s*\)"


@dataclass(frozen=True)
class Amount:
    """`kind`: 'level' (to `size`, from `start` where told), or a change: 'relative' (%), 'points', 'value' (in `unit`),
    'unqualified' (percent of which nobody said whether relative or points), 'range' (by from so much to so much), ''
    where no number is told.

    `way`: −1 less, 1 more, 0 not told; `size` has no sign but that of a level. `unit`: as told, one of UNITS, or ''.
    """

    kind: Kind = ""
    size: float = 0.0
    unit: str = ""
    start: float | None = None
    way: int = 0


def amount_in(text: str) -> Amount:
    """The amount told in `text`, which should hold no name of a KPI any more; deadlines are passed over."""
    text = text.lower()
    way = _way(text)
    from_to = rf"from\s+{_quantity('a')}.{{0,20}}?\bto\s+{GIVE}{_quantity('b')}"
    arrow = rf"{_quantity('a')}\s*(?:→|->)\s*{_quantity('b')}"
    if told := re.search(from_to, text) or re.search(arrow, text):
        start, end = _size(told, "a"), _size(told, "b")
        return Amount("level", end, _unit(told, "b") or _unit(told, "a"), start, (end > start) - (end < start))
    for form, size, sign in (
        (rf"\bby\s+({'|'.join(PARTS)})\b", 0.0, way),
        (r"\bhalve", 50.0, -1),
        (r"\bdoubl", 100.0, 1),
    ):
        if told := re.search(form, text):
            return Amount("relative", size or PARTS[told[1]], "%", None, sign)
    if re.search(RANGE, text):
        return Amount("range", way=way)
    if told := re.search(rf"(?<!by ){LEVELS}\s+{GIVE}{_quantity('a')}", text):
        return Amount("level", _size(told, "a"), _unit(told, "a"), None, way)
    for told in re.finditer(rf"(?P<by>\bby\s+{GIVE}|){_quantity('a')}", text):
        unit = _unit(told, "a")
        if unit or told["by"]:
            change = _change(text, _size(told, "a"), unit, way)
            level = not way and not told["by"] and change.kind in ("unqualified", "value")
            return replace(change, kind="level") if level else change
    return Amount(way=way)


def in_unit(size: float, told: str, unit: str) -> float | None:
    """A size told in one unit as one of the KPI's `unit`, None where it is none; told in no unit, it is the KPI's."""
    if told in ("", unit) or (told == "$" and unit.startswith("$")):
        return size / 1e6 if told == "$" and unit == "$M" else size
    if told in SECONDS and unit in SECONDS:
        return size * SECONDS[told] / SECONDS[unit]
    return None


def _change(text: str, size: float, unit: str, way: int) -> Amount:
    if unit == "%":
        relative, absolute = re.search(RELATIVE, text), re.search(ABSOLUTE, text)
        kind: Kind = "unqualified" if bool(relative) == bool(absolute) else "relative" if relative else "points"
        return Amount(kind, size, unit, None, way)
    return Amount("points" if unit == "points" else "value", size, unit, None, way)


def _quantity(name: str) -> str:
    """A number with its size and unit, as groups of that name."""
    return (
        rf"(?P<dollar_{name}>\$|)\s*(?P<{name}>{NUMBER})\s?(?P<size_{name}>k\b|thousand\b|m\b|million\b|)"
        rf"[\s-]*(?P<unit_{name}>{UNIT}|)"
    )


def _size(told: re.Match, name: str) -> float:
    value = NUMBERS[told[name]] if told[name] in NUMBERS else float(told[name].replace(",", ""))
    return value * SIZES.get(told[f"size_{name}"], 1.0)


def _unit(told: re.Match, name: str) -> str:
    if told[f"dollar_{name}"]:
        return "$"
    return next((unit for unit, form in UNITS.items() if re.fullmatch(form, told[f"unit_{name}"])), "")


def _way(text: str) -> int:
    less, more = (re.search(rf"\b(?:{form})", text) for form in (LESS, MORE))
    if less and more:
        return -1 if less.start() < more.start() else 1
    return -1 if less else 1 if more else 0
