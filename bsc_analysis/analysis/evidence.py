"""The declared links with what a group and a single practice, or each of its practices, say of them; a report's links
are judged as one family.

What all practices say of a link is the same in every report of a period: it is tested once and kept in the store.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from bsc_analysis.analysis.departures import Departures, departures
from bsc_analysis.analysis.links import test_link
from bsc_analysis.analysis.panel import practice_slopes, test_group_link
from bsc_analysis.analysis.placebo import placebos
from bsc_analysis.analysis.plain import plain_p
from bsc_analysis.analysis.tested import UNTESTED, Shared, Tested
from bsc_analysis.analysis.verdict import Verdict, judge
from bsc_analysis.kpis.shared_columns import shared_columns
from bsc_analysis.packed import packed, record_of
from bsc_analysis.params import Group
from bsc_analysis.params.models import Link
from bsc_analysis.readings import USABLE, readings
from bsc_analysis.readings.reconcile import changes_of_source, reconciliation
from bsc_analysis.store import Store

PASSED = ("supported", "forecasts", "contradicted")  # answers of a group from which single practices may depart
PEERS = 8  # of one specialty, whose mean is taken off a practice's own series
AN_EDIT = Verdict(p_forecasts=1.0, p_leads=1.0, p_same_period=1.0)  # what a link said before, as a test that found none


def evidence(group: Group, practice: str, period: pd.Period, store: Store) -> tuple[Tested, ...]:
    """The practice's links, each tested on all usable readings up to the end of `period`, in the params' order."""
    board = _Board(group, period, store)
    links = group.practices[practice].links
    whole = [_of_group(board, link) for link in links]
    told, own = _judged([w.verdict for w in whole], links), _alone(board, practice)
    return tuple(
        Tested(
            link=link,
            group=verdict,
            own=mine,
            since=judge([w.since])[0] if w.since.tested else None,
            departure=_departures(w).practices.get(practice) if verdict.answer in PASSED else None,
            edits=len(link.edits),
        )
        for link, w, verdict, mine in zip(links, whole, told, own, strict=True)
    )


def evidence_of_all(group: Group, period: pd.Period, store: Store) -> tuple[Shared, ...]:
    """The links that the group's practices share, each with what all of them say and what each says alone.

    The group's are judged as one family; a practice's own as they are in its report, beside the links that only it
    declares. They take a tenth of a second each, and are kept in the store.
    """
    board = _Board(group, period, store)
    links = group.shared.links
    whole = [_of_group(board, link) for link in links]
    alone = store.keep_facts(f"alone-{period}", lambda: {id: _answers(board, id) for id in group.practices})
    return tuple(
        Shared(
            tested=Tested(
                link=link,
                group=verdict,
                own=Verdict(expect=link.expect, least=link.least, answer="cannot_tell"),
                since=judge([w.since])[0] if w.since.tested else None,
                edits=len(link.edits),
            ),
            departures=_departures(w) if verdict.answer in PASSED else None,
            alone={id: answers[i] for id, answers in alone.items()},
        )
        for i, (link, w, verdict) in enumerate(
            zip(links, whole, _judged([w.verdict for w in whole], links), strict=True)
        )
    )


@dataclass(frozen=True)
class _Board:
    """What links are tested on: the group's usable readings up to a period."""

    group: Group
    period: pd.Period
    store: Store

    @cached_property
    def _readings(self) -> pd.DataFrame:
        found = readings(self.group, self.store)
        found = found[(found["grain"] == self.group.shared.grain) & found["state"].isin(USABLE)]
        parse = self.group.calendar.parse
        ends = found["period"].map({text: parse(text).end_time for text in found["period"].unique()})
        return found[ends <= self.period.end_time]

    def frame(self, kpi: str) -> pd.DataFrame:
        """A KPI's values, period × practice, NaN where missing; also of practices that have left the group: those that
        stay may be others."""
        rows = self._readings[self._readings["kpi"] == kpi]
        frame = rows.pivot(index="period", columns="practice", values="value")
        frame.index = pd.PeriodIndex(frame.index, freq=self.group.calendar.freq(self.group.shared.grain))
        return frame.astype("float64")

    @cached_property
    def specialties(self) -> dict[str, str]:
        return {id: practice.specialty or "" for id, practice in self.group.practices.items()}

    @cached_property
    def _history(self) -> dict[str, pd.DataFrame]:
        found = reconciliation(self.group, self.store)
        return {str(id): rows for id, rows in found.groupby("practice")}

    def breaks(self, link: Link, practice: str) -> list[pd.Period]:
        """Where either KPI's series is not one any more, documented or by a change of its source."""
        known = self.group.practices.get(practice)
        pair = {link.leading, link.lagging}
        found = {b.at for b in (known.breaks if known else self.group.shared.breaks) if pair & set(b.kpis)}
        if practice in self._history:
            found |= {change.at for kpi in pair for change in changes_of_source(self._history[practice], kpi)}
        return [self.group.calendar.parse(at) for at in sorted(found)]


@dataclass(frozen=True)
class _Whole:
    """What all practices say of a link, not judged yet: on all periods, and `since` it was declared; `slopes`: of each
    practice (panel.practice_slopes)."""

    verdict: Verdict
    since: Verdict
    slopes: pd.DataFrame


def _of_group(board: _Board, link: Link) -> _Whole:
    asked = [link.leading, link.lagging, link.within, link.expect, link.least, link.declared, str(board.period)]
    name = f"link-{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]}"
    return record_of(_Whole, board.store.keep_facts(name, lambda: packed(_test_group(board, link))))


def _test_group(board: _Board, link: Link) -> _Whole:
    leading, lagging, ask = board.frame(link.leading), board.frame(link.lagging), _asked(link)
    ask |= {"breaks": {id: board.breaks(link, id) for id in leading}, "specialty": board.specialties}
    verdict = test_group_link(leading, lagging, **ask)
    declared = pd.Timestamp(link.declared)
    since = test_group_link(*(frame[frame.index.start_time >= declared] for frame in (leading, lagging)), **ask)
    slopes = pd.DataFrame(columns=["practice", "slope", "error", "freedom"])
    if verdict.tested:
        slopes = practice_slopes(leading, lagging, lag=verdict.lag or 1, **_series(ask))
        rate, n = placebos(leading, lagging, within=link.within, **_series(ask))
        plain = plain_p(leading, lagging, verdict.lag or 1)
        verdict = replace(verdict, placebo_rate=rate, placebos=n, plain=plain)
    return _Whole(replace(verdict, shares=shared_columns(link.leading, link.lagging)), since, slopes)


def _own(board: _Board, practice: str, link: Link) -> Verdict:
    """What the practice's own series say, less the mean of its peers where there are enough."""
    pair = board.frame(link.leading), board.frame(link.lagging)
    if not all(practice in frame for frame in pair):
        return Verdict(expect=link.expect, least=link.least, reason="too_few_points")
    specialty = board.specialties[practice]
    peers = [id for id, of in board.specialties.items() if of == specialty and id != practice]
    others = tuple(frame.reindex(columns=[id for id in peers if id in frame]) for frame in pair)
    enough = min(frame.shape[1] for frame in others) >= PEERS
    own = [frame[practice] for frame in pair]
    breaks = board.breaks(link, practice)
    verdict = test_link(*own, **_asked(link), breaks=breaks, peers=others if enough else None)
    return replace(verdict, shares=shared_columns(link.leading, link.lagging))


def _alone(board: _Board, practice: str) -> list[Verdict]:
    """What the practice says by itself of each link that it declares or shares."""
    links = board.group.practices[practice].links
    return _judged([_own(board, practice, link) for link in links], links)


def _answers(board: _Board, practice: str) -> list[str]:
    return [verdict.answer if verdict.tested else UNTESTED for verdict in _alone(board, practice)]


def _judged(verdicts: Sequence[Verdict], links: Sequence[Link]) -> list[Verdict]:
    """The verdicts on `links`, judged as one family in which every edit counts as a test that found nothing."""
    return judge([*verdicts, *([AN_EDIT] * sum(len(link.edits) for link in links))])[: len(links)]


def _departures(whole: _Whole) -> Departures:
    told = whole.slopes.set_index("practice")
    return departures(told["slope"], told["error"], told["freedom"])


def _asked(link: Link) -> dict:
    return {"within": link.within, "expect": link.expect, "least": link.least}


def _series(ask: dict) -> dict:
    return {name: ask[name] for name in ("breaks", "specialty")}
