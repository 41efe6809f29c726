"""The declared links of a practice with what its group and the practice itself say of each, judged as one family.

What all practices say of a link is the same in every report of a period: it is tested once and kept in the store.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

import pandas as pd

from bsc_analysis.analysis.departures import departures
from bsc_analysis.analysis.links import test_link
from bsc_analysis.analysis.panel import practice_slopes, test_group_link
from bsc_analysis.analysis.placebo import placebos
from bsc_analysis.analysis.plain import plain_p
from bsc_analysis.analysis.tested import Tested
from bsc_analysis.analysis.verdict import Verdict, judge
from bsc_analysis.kpis.shared_columns import shared_columns
from bsc_analysis.packed import packed, record_of
from bsc_analysis.params import Group
from bsc_analysis.params.models import Link
from bsc_analysis.readings.board import Board
from bsc_analysis.store import Store

PASSED = ("supported", "forecasts", "contradicted")  # answers of a group from which single practices may depart
PEERS = 8  # of one specialty, whose mean is taken off a practice's own series
AN_EDIT = Verdict(p_forecasts=1.0, p_leads=1.0, p_same_period=1.0)  # what a link said before, as a test that found none


def evidence(group: Group, practice: str, period: pd.Period, store: Store) -> tuple[Tested, ...]:
    """The practice's links, each tested on all usable readings up to the end of `period`, in the params' order."""
    board = Board(group, period, store)
    links = group.practices[practice].links
    whole = [_of_group(board, link) for link in links]
    edits = [AN_EDIT] * sum(len(link.edits) for link in links)
    told = judge([w.verdict for w in whole] + edits)
    own = judge([_own(board, practice, link) for link in links] + edits)
    return tuple(
        Tested(
            link=link,
            group=verdict,
            own=mine,
            since=judge([w.since])[0] if w.since.tested else None,
            departure=_departure(w, practice) if verdict.answer in PASSED else None,
            edits=len(link.edits),
        )
        for link, w, verdict, mine in zip(links, whole, told, own, strict=False)  # without the edits at the end
    )


@dataclass(frozen=True)
class _Whole:
    """What all practices say of a link, not judged yet: on all periods, and `since` it was declared; `slopes`: of each
    practice (panel.practice_slopes)."""

    verdict: Verdict
    since: Verdict
    slopes: pd.DataFrame


def _of_group(board: Board, link: Link) -> _Whole:
    asked = [link.leading, link.lagging, link.within, link.expect, link.least, link.declared, str(board.period)]
    name = f"link-{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]}"
    return record_of(_Whole, board.store.keep_facts(name, lambda: packed(_test_group(board, link))))


def _test_group(board: Board, link: Link) -> _Whole:
    leading, lagging, ask = board.frame(link.leading), board.frame(link.lagging), _asked(link)
    ask |= {"breaks": board.breaks(link.leading, link.lagging), "specialty": board.specialties}
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


def _own(board: Board, practice: str, link: Link) -> Verdict:
    """What the practice's own series say, less the mean of its peers where there are enough."""
    pair = board.frame(link.leading), board.frame(link.lagging)
    if not all(practice in frame for frame in pair):
        return Verdict(expect=link.expect, least=link.least, reason="too_few_points")
    specialty = board.specialties[practice]
    peers = [id for id, of in board.specialties.items() if of == specialty and id != practice]
    others = tuple(frame.reindex(columns=[id for id in peers if id in frame]) for frame in pair)
    enough = min(frame.shape[1] for frame in others) >= PEERS
    own = [frame[practice] for frame in pair]
    breaks = board.breaks(link.leading, link.lagging)[practice]
    verdict = test_link(*own, **_asked(link), breaks=breaks, peers=others if enough else None)
    return replace(verdict, shares=shared_columns(link.leading, link.lagging))


def _departure(whole: _Whole, practice: str):
    told = whole.slopes.set_index("practice")
    return departures(told["slope"], told["error"], told["freedom"]).practices.get(practice)


def _asked(link: Link) -> dict:
    return {"within": link.within, "expect": link.expect, "least": link.least}


def _series(ask: dict) -> dict:
    return {name: ask[name] for name in ("breaks", "specialty")}
