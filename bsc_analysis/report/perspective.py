"""One perspective of the report: its heading, which of its KPIs need attention, and their cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.ledger.edition import Edition
from bsc_analysis.params.models import Perspective
from bsc_analysis.report import beside, matrix
from bsc_analysis.report.card import Card
from bsc_analysis.report.comments import remark
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import is_foreign, of, say


@dataclass(frozen=True)
class PerspectiveView:
    """One perspective's parts; `all_cards`: those of the whole report, by KPI."""

    seen: Disclosed
    edition: Edition
    all_cards: Mapping[str, Card]
    perspective: Perspective

    def heading(self) -> Part:
        """The perspective's title."""
        title, foreign = of(self.perspective), is_foreign(self.perspective)
        return part("heading", text=title, id=self.perspective.id, title=title, foreign=foreign)

    def matrix(self) -> Part:
        """Its KPIs by how they vary and whether they meet their targets, exceptions first."""
        return matrix.matrix(self.seen, self._cards, first=self._first)

    def cards(self) -> Part:
        """Its KPIs, exceptions first."""
        cards = self._cards
        text = "\n".join(f"{c.told('title')}: {c.value}. {c.sentences[0]}" for c in cards)
        unit = say(f"unit.{self.seen.group.shared.grain}_one")
        remarks = {card.id: remark(card, self.edition) for card in cards}
        explained = self._first and any(card.drawable for card in cards)
        loud, calm = ([card for card in cards if card.calm == small] for small in (False, True))
        return part("cards", text=text, loud=loud, calm=calm, unit=unit, explained=explained, remarks=remarks)

    def beside(self) -> Part:
        """Its KPIs beside those of the practice's peers; empty where nothing is said of them."""
        return beside.beside(self.seen, self.perspective.id)

    @property
    def _cards(self) -> list[Card]:
        own = (c for c in self.all_cards.values() if self.seen.perspective_of(c.id) == self.perspective.id)
        return sorted(own, key=lambda card: card.rank)

    @property
    def _first(self) -> bool:
        """Whether it is the report's first: 'how to read this' stands there once."""
        return self.perspective == self.seen.perspectives[0]
