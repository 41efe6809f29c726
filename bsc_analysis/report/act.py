"""One action as its reader meets it: how it stands, what was expected, what its KPI says, and how firm that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import pandas as pd

from bsc_analysis.charts import Chart, before_after
from bsc_analysis.disclosure import Disclosed, Entry, Told, Tried
from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.report.effect import digits
from bsc_analysis.words import beside, day, interval, language, listed, number, of, period, quantity, say
from bsc_analysis.words.numbers import bare

FOUND = ("as_expected", "less_than_expected", "opposite", "moved_well", "moved_badly", "moved")  # answers: it moved
ORDER = ("opposite", "moved_badly", "not_as_expected", "less_than_expected", "as_expected", "moved_well", "moved")
FEW = "too_few_controls"  # of practices that have not done it: the interval says nothing
CHANGE = "change of the series"  # as the estimate calls it
NEVER = len(ORDER) + 2


@dataclass(frozen=True)
class Act:
    """One action of a disclosed report. `place`: where it stands in the register, for the ids of its picture."""

    seen: Disclosed
    tried: Tried
    place: int

    @property
    def entry(self) -> Entry:
        return self.tried.entry

    @property
    def told(self) -> Told:
        return self.tried.told

    @property
    def kpi(self) -> KPI | None:
        return kpi_named(self.entry.kpi) if self.entry.kpi in KPIS else None

    @property
    def kpi_title(self) -> str:
        return of(self.kpi) if self.kpi else self.entry.kpi or say("acts.unknown")

    @property
    def title(self) -> str:
        return self.entry.title or say("acts.untitled", kpi=self.kpi_title)

    @property
    def standing(self) -> str:
        """'done 3 Jul 2025', 'late: due 10 Jul 2025', 'live since 1 Jul 2025'."""
        entry = self.entry
        at = entry.done or (entry.due if entry.standing == "late" else entry.starts if entry.open else None)
        key = entry.standing if at is not None else f"{entry.standing}_undated"
        return say(f"acts.standing.{key}", day=day(at) if at is not None else "")

    @property
    def due(self) -> str:
        """'due 10 Jul 2025' where that is not said already."""
        late = self.entry.standing == "done_late"
        return say("acts.due", day=day(self.entry.due)) if late and self.entry.due is not None else ""

    @property
    def money(self) -> str:
        """'$40,000 planned, $21,744 spent'; '' where nothing is told."""
        return spending(self.entry.planned, self.entry.spent)

    @property
    def outcome(self) -> str:
        return say(f"acts.outcome.{self.entry.outcome}") if self.entry.outcome else ""

    @property
    def expected(self) -> str:
        return amount(self.kpi, self.told.promised, self.told.scale) or self._as_written or say("acts.none_named")

    @property
    def _as_written(self) -> str:
        """What was expected where no effect says on which scale."""
        entry = self.entry
        if not isfinite(entry.expected):
            return ""
        return signed(entry.expected, "%") if entry.percent else amount(self.kpi, entry.expected, "difference")

    @property
    def found(self) -> str:
        """'−5.4 points (−6.4 to −4.3)'."""
        return whole(self.kpi, self.told)

    @property
    def word(self) -> str:
        return say(f"acts.word.{self.told.answer if self.told.known else 'unknown'}")

    @property
    def css(self) -> str:
        return css_of(self.told, self.kpi)

    @property
    def late(self) -> bool:
        return self.entry.standing == "late"

    @property
    def rank(self) -> tuple:
        """Exceptions first: late ones, then what got worse, then what did not come, then the newest."""
        answer = self.told.answer
        place = -1 if self.css == "worse" else ORDER.index(answer) if answer in ORDER else len(ORDER)
        newest = -(self.entry.live or self.entry.decided or pd.Timestamp(0)).value
        return (not self.late, place if self.told.known else NEVER, newest)

    @property
    def sentence(self) -> str:
        """What the KPI says, or why it says nothing."""
        return sentence(self.kpi, self.told, self.entry.kpi, self.seen.group.shared.grain)

    @property
    def notes(self) -> list[str]:
        """What to know before building on it; what was learnt."""
        entry, lines = self.entry, cautions(self.kpi, self.told, self._together)
        lines += [say("acts.owner_left", owner=entry.owner)] if entry.owner_left else []
        worth = self.worth
        return [*([worth] if worth else []), *lines]

    @property
    def estimate(self) -> tuple[str, float]:
        """What tells one estimate from another: actions that are one share it."""
        return (self.entry.kpi, self.told.effect)

    @property
    def _together(self) -> str:
        """What is one estimate with it: the titles of other actions, and a documented change; '' for nothing."""
        titles = {each.entry.id: Act(self.seen, each, 0).title for each in self.seen.actions}
        names = [say("acts.change") if t == CHANGE else titles.get(t, t) for t in self.told.together]
        return say("acts.together", others=listed(dict.fromkeys(names))) if names else ""

    @property
    def worth(self) -> str:
        """What the effect is in money, where a point of the KPI is; '' where nothing was found."""
        found = next((w for w in self.seen.worth if w.kpi == self.entry.kpi), None)
        if found is None or self.told.answer not in FOUND or self.told.scale != "difference":
            return ""
        size = abs(self.told.effect)
        at = period(self.seen.group.calendar.parse(found.period))
        step = amount(self.kpi, size, "difference", plus=False)
        return say(f"moved.worth.{found.money}", step=step, dollars=quantity(size * found.dollars, "$", 0), period=at)

    @cached_property
    def picture(self) -> Chart | None:
        """Before and after; None where there is no effect to draw."""
        frame = self.told.periods.reset_index(drop=True)
        if not self.told.known or self.kpi is None or frame.empty:
            return None
        kpi, parse = self.kpi, self.seen.group.calendar.parse
        at = [parse(text) for text in frame["period"]]
        first = next(i for i, p in enumerate(at) if p >= parse(self.told.start))
        yearly = [i for i, p in enumerate(at) if p.start_time.month == 1] if len(at) > 4 else []
        shown = yearly if len(yearly) > 1 else [0, len(at) - 1]
        return before_after(
            frame,
            start=first,
            role={"better": "better", "worse": "worse"}.get(self.css, "ink"),
            name=f"act-{self.place}",
            alt=say("acts.alt", title=self.title, kpi=self.kpi_title, start=period(at[first]), sentence=self.sentence),
            label=lambda value: bare(value, kpi.unit, kpi.decimals),
            ticks={i: period(at[i]) for i in shown},
            words={
                "with": say("acts.with"), "without": say("acts.without"),
                "start": say("acts.start", period=period(at[first])),
            },
        )  # fmt: skip


def amount(kpi: KPI | None, value: float, scale: str, *, plus: bool = True) -> str:
    """'−5.4 points', '+3 min'; of a ratio '−23 %'; '' where it is not known."""
    if not isfinite(value):
        return ""
    if scale == "ratio":
        return signed(100 * (value - 1), "%")
    return signed(value, _points(kpi)) if plus else quantity(value, _points(kpi), digits(value))


def signed(value: float, unit: str) -> str:
    """A change with its sign, with two digits."""
    decimals = min(digits(value), 2)
    return f"{'+' if round(value, decimals) > 0 else ''}{quantity(value, unit, decimals)}"


def whole(kpi: KPI | None, told: Told) -> str:
    """'−5.4 points (−6.4 to −4.3)'; '–' where there is none."""
    if not told.known:
        return say("value.none")
    effect, low, high = (_shown(value, told.scale) for value in (told.effect, told.lower, told.upper))
    decimals = min(digits(max(abs(effect), (high - low) / 2)), 2)
    unit = "%" if told.scale == "ratio" else _points(kpi)
    text = f"{'+' if round(effect, decimals) > 0 else ''}{quantity(effect, unit, decimals)}"
    return (
        text if told.reason == FEW else say("effect.with_interval", effect=text, interval=bounds(low, high, decimals))
    )


def bounds(low: float, high: float, decimals: int) -> str:
    """'−6.4 to −4.3'."""
    return interval(low, high, "", decimals)


def sentence(kpi: KPI | None, told: Told, id: str, grain: str) -> str:
    """What a KPI says of an action, or why it says nothing."""
    if not told.known:
        code = told.reason if language.has(f"acts.reason.{told.reason}") else "other"
        units = {"unit": say(f"unit.{grain}"), "one": say(f"unit.{grain}_one")}
        return say(f"acts.reason.{code}", kpi=of(kpi) if kpi else id, **units)
    low, high = _shown(told.lower, told.scale), _shown(told.upper, told.scale)
    effect = _shown(told.effect, told.scale)
    decimals = min(digits(max(abs(effect), (high - low) / 2)), 2)
    facts = {
        "kpi": of(kpi) if kpi else id,
        "size": quantity(abs(effect), "%" if told.scale == "ratio" else _points(kpi), decimals),
        "side": say("acts.lower" if effect < 0 else "acts.higher"),
        "interval": bounds(low, high, decimals),
        "low": number(low, decimals),
        "high": quantity(high, "%" if told.scale == "ratio" else _points(kpi), decimals),
        "promised": amount(kpi, told.promised, told.scale),
    }
    key = told.answer if told.answer != "cannot_tell" or not isfinite(told.promised) else "cannot_tell_promised"
    return say("acts.said.few_controls" if told.reason == FEW else f"acts.said.{key}", **facts)


def cautions(kpi: KPI | None, told: Told, together: str) -> list[str]:
    """What to know before building on an effect; `together`: what else is part of it, in words."""
    if not told.known:
        return []
    lines = [together] if together else []
    if told.trigger == "read" and isfinite(told.drift):
        lines.append(say("acts.drift", drift=amount(kpi, told.drift, told.scale)))
    lines += [say("acts.unread")] if told.trigger == "unread" else []
    lines += [say(f"acts.note.{told.note}")] if language.has(f"acts.note.{told.note}") else []
    return lines


def css_of(told: Told, kpi: KPI | None) -> str:
    """'better' or 'worse' where a KPI that has a better way really moved; else 'common'."""
    if not told.known or told.answer not in FOUND or kpi is None or kpi.better == "neutral":
        return "common"
    rose = told.effect > told.none
    return "better" if rose == (kpi.better == "up") else "worse"


def spending(planned: float, spent: float) -> str:
    """'$40,000 planned, $21,744 spent'; '' where nothing is told."""
    told = {"planned": planned, "spent": spent}
    known = [say(f"acts.{name}", dollars=quantity(v, "$", 0)) for name, v in told.items() if isfinite(v)]
    return beside(known)


def _shown(value: float, scale: str) -> float:
    return 100 * (value - 1) if scale == "ratio" else value


def _points(kpi: KPI | None) -> str:
    return "points" if kpi is None or kpi.unit == "%" else kpi.unit
