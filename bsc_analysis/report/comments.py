"""What the owners of KPIs say, and who has not said anything of a KPI of concern."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from bsc_analysis.ledger.edition import Edition
from bsc_analysis.report.card import Card
from bsc_analysis.words import day, listed, say


@dataclass(frozen=True)
class Remark:
    """What stands on a card: the owner's own `text` and `who` said it when, or only who is silent."""

    who: str
    text: str = ""


def remark(card: Card, edition: Edition) -> Remark | None:
    """The comment on a KPI; where it is of concern and nobody commented, the request or that nobody did."""
    if comment := edition.comments.get(card.id):
        who = say("comments.who", by=comment.by, on=day(pd.Timestamp(comment.on)))
        return Remark(who, comment.text)
    if not is_silent(card, edition):
        return None
    owner = card.seen.choice(card.id).owner
    if edition.final:
        return Remark(say("comments.silent", owner=owner) if owner else say("comments.silent_unowned"))
    return Remark(say("comments.please", owner=owner) if owner else say("comments.please_unowned"))


def is_silent(card: Card, edition: Edition) -> bool:
    """Whether a KPI of concern lacks its owner's comment."""
    return card.word == "concern" and card.id not in edition.comments


def owners_line(cards: Iterable[Card], edition: Edition) -> str:
    """Whom a draft asks for comments, or who did not comment on a final; '' where nobody is missing."""
    silent = [card for card in cards if is_silent(card, edition)]
    if not silent:
        return ""
    named = [(card.seen.choice(card.id).owner, card.told("short")) for card in silent]
    who = [say("comments.of", owner=o, kpi=k) if o else say("comments.of_nobody", kpi=k) for o, k in named]
    return say("comments.missing" if edition.final else "comments.asked", who=listed(who))
