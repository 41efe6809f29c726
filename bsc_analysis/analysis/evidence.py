"""The declared links with what their group and single practices say of each, judged as one family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from bsc_analysis.analysis.description import in_family
from bsc_analysis.analysis.links import test_link
from bsc_analysis.analysis.tested import UNTESTED, Shared, Tested
from bsc_analysis.analysis.verdict import Verdict, judge
from bsc_analysis.analysis.whole import PASSED, Whole, asked, described, whole
from bsc_analysis.kpis.shared_columns import shared_columns
from bsc_analysis.params import Group
from bsc_analysis.params.models import Link
from bsc_analysis.readings.board import Board
from bsc_analysis.store import Store

PEERS = 8  # of one specialty, whose mean is taken off a practice's own series
FOUND_NOTHING = Verdict(p_forecasts=1.0, p_leads=1.0, p_same_period=1.0)


def evidence(group: Group, practice: str, period: pd.Period, store: Store) -> tuple[Tested, ...]:
    """The practice's links, each tested on all usable readings up to the end of `period`, in the params' order."""
    board = Board(group, period, store)
    of = group.practices[practice]
    found = [whole(board, link) for link in of.links]
    own = _alone(board, practice)
    told = _of_all(board, of.links, found, len(of.ended_links))
    return tuple(
        replace(each, own=mine, departure=one.departures.practices.get(practice) if _passed(each) else None)
        for each, one, mine in zip(told, found, own, strict=True)
    )


def evidence_of_all(group: Group, period: pd.Period, store: Store) -> tuple[Shared, ...]:
    """The links that the group's practices share, each with what all of them say and what each says alone.

    The group's are judged as one family; a practice's own as they are in its report, beside the links that only it
    declares. They take a tenth of a second each, and are kept in the store.
    """
    board = Board(group, period, store)
    links = group.shared.links
    found = [whole(board, link) for link in links]
    told = _of_all(board, links, found, len(group.shared.ended_links))
    alone = store.keep_facts(f"alone-{period}", lambda: {id: _answers(board, id) for id in group.practices})
    return tuple(
        Shared(
            tested=each,
            departures=one.departures if _passed(each) else None,
            alone={id: answers[i] for id, answers in alone.items()},
        )
        for i, (each, one) in enumerate(zip(told, found, strict=True))
    )


def _of_all(board: Board, links: Sequence[Link], found: Sequence[Whole], ended: int) -> list[Tested]:
    """The group's part of each link, judged as one family; of the practice itself nothing yet."""
    told, since = (_judged(each, links, ended) for each in ([f.verdict for f in found], [f.since for f in found]))
    effects = [described(board, link, verdict) for link, verdict in zip(links, told, strict=True)]
    bent, moderated = in_family([e.saturation for e in effects]), in_family([e.moderated for e in effects])
    return [
        Tested(
            link=link,
            group=told[i],
            own=Verdict(expect=link.expect, least=link.least, answer="cannot_tell"),
            since=since[i] if since[i].tested else None,
            saturation=bent[i],
            attenuation=effects[i].attenuation,
            moderated=moderated[i],
            edits=len(link.edits),
        )
        for i, link in enumerate(links)
    ]


def _passed(tested: Tested) -> bool:
    return tested.group.answer in PASSED


def _alone(board: Board, practice: str) -> list[Verdict]:
    """What the practice says by itself of each link that it declares or shares."""
    of = board.group.practices[practice]
    return _judged([_own(board, practice, link) for link in of.links], of.links, len(of.ended_links))


def _answers(board: Board, practice: str) -> list[str]:
    return [verdict.answer if verdict.tested else UNTESTED for verdict in _alone(board, practice)]


def _judged(verdicts: Sequence[Verdict], links: Sequence[Link], ended: int) -> list[Verdict]:
    """The verdicts on `links`, judged as one family in which every edit, and every link that has `ended`, counts as a
    test that found nothing."""
    return judge([*verdicts, *([FOUND_NOTHING] * (ended + sum(len(link.edits) for link in links)))])[: len(links)]


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
    breaks = board.breaks_of(practice, link.leading, link.lagging)
    verdict = test_link(*own, **asked(link), breaks=breaks, peers=(others[0], others[1]) if enough else None)
    if not verdict.tested:
        verdict = replace(verdict, points=len(pd.concat(own, axis=1).dropna()))
    return replace(verdict, shares=shared_columns(link.leading, link.lagging))
