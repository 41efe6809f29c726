"""What all practices of a group say of a link: the same in every report of a period, so found once and kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from bsc_analysis.analysis.departures import Departures, departures
from bsc_analysis.analysis.description import Description, describe
from bsc_analysis.analysis.panel import practice_slopes, test_group_link
from bsc_analysis.analysis.placebo import placebos
from bsc_analysis.analysis.plain import plain_p
from bsc_analysis.analysis.verdict import Verdict
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.shared_columns import shared_columns
from bsc_analysis.packed import packed, record_of
from bsc_analysis.params.models import Link
from bsc_analysis.readings.board import Board

PASSED = ("supported", "forecasts", "contradicted")  # answers of a group that are looked at more closely


@dataclass(frozen=True)
class Whole:
    """All practices' verdicts, not judged yet: on all periods, and `since` the link was declared; `slopes`: of each
    practice (panel.practice_slopes)."""

    verdict: Verdict
    since: Verdict
    slopes: pd.DataFrame

    @property
    def departures(self) -> Departures:
        """How far single practices lie from the group."""
        told = self.slopes.set_index("practice")
        return departures(told["slope"], told["error"], told["freedom"])


def whole(board: Board, link: Link) -> Whole:
    """What all practices say of the link."""
    name = _address("link", board, link)
    return record_of(Whole, board.store.keep_facts(name, lambda: packed(_test(board, link))))


def described(board: Board, link: Link, verdict: Verdict) -> Description:
    """What the effect is like; a shape of nothing is nothing, so only where the group's test passed."""
    if verdict.answer not in PASSED:
        return Description()
    name = _address("effect", board, link, link.by)
    return record_of(Description, board.store.keep_facts(name, lambda: packed(_describe(board, link, verdict))))


def verdict_on(board: Board, link: Link, since: pd.Timestamp | None = None) -> Verdict:
    """What all practices say of the link, not judged yet; `since`: of the periods that begin from then on."""
    leading, lagging = (board.frame(kpi) for kpi in (link.leading, link.lagging))
    if since is not None:
        leading, lagging = (frame[frame.index.start_time >= since] for frame in (leading, lagging))
    verdict = test_group_link(leading, lagging, **asked(link), **series(board, link))
    return replace(verdict, shares=shared_columns(link.leading, link.lagging))


def asked(link: Link) -> dict[str, Any]:
    """What a test is asked, of a group or of one practice."""
    return {"within": link.within, "expect": link.expect, "least": link.least}


def series(board: Board, link: Link) -> dict[str, Any]:
    """What a test of the group is told of its practices' series."""
    return {"breaks": board.breaks(link.leading, link.lagging), "specialty": board.specialties}


def _test(board: Board, link: Link) -> Whole:
    leading, lagging, told = board.frame(link.leading), board.frame(link.lagging), series(board, link)
    verdict, since = verdict_on(board, link), verdict_on(board, link, since=pd.Timestamp(link.declared))
    slopes = pd.DataFrame(columns=["practice", "slope", "error", "freedom"])
    if verdict.tested:
        slopes = practice_slopes(leading, lagging, lag=verdict.lag or 1, **told)
        rate, n = placebos(leading, lagging, within=link.within, **told)
        plain = plain_p(leading, lagging, verdict.lag or 1)
        verdict = replace(verdict, placebo_rate=rate, placebos=n, plain=plain)
    return Whole(verdict, since, slopes)


def _describe(board: Board, link: Link, verdict: Verdict) -> Description:
    leading, lagging, kpi = board.frame(link.leading), board.frame(link.lagging), kpi_named(link.leading)
    return describe(
        verdict,
        leading,
        lagging,
        knot=kpi.flat_above,
        errors=board.errors(link.leading),
        same_people=kpi.same_people,
        moderator=board.frame(link.by) if link.by else None,
        **series(board, link),
    )


def _address(kind: str, board: Board, link: Link, *more: str | None) -> str:
    """Under which name the store keeps what is found of a link."""
    asked = [link.leading, link.lagging, link.within, link.expect, link.least, link.declared, str(board.period), *more]
    return f"{kind}-{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]}"
