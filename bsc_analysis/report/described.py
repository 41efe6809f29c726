"""What a found effect is like, in words: whether it fades where the leading KPI is high, what few answers blur of it,
on what it depends. Sentences where that is known; in the table also why it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.report.effect import Step, chance
from bsc_analysis.words import count, language, of, quantity, say

if TYPE_CHECKING:
    from bsc_analysis.disclosure import Attenuation, Moderated, Saturation
    from bsc_analysis.report.linked import Linked

NOISY = 0.9  # reliability from which up the noise of few answers changes nothing that a leader does
OPEN = "cannot_tell"


def sentences(linked: Linked) -> list[str]:
    """What changes what a leader does, and nothing of what cannot be told."""
    t, step = linked.tested, linked.step
    if step is None:
        return []
    lines = []
    if t.saturation is not None and t.saturation.answer != OPEN:
        lines.append(say(f"bent.{t.saturation.answer}", **_bent(linked, t.saturation, step), **linked.facts))
    if t.moderated is not None and t.moderated.answer != OPEN:
        lines.append(say(f"depends.{t.moderated.answer}", **_depends(linked, t.moderated, step)))
    if t.attenuation is not None and t.attenuation.corrected is not None and (t.attenuation.reliability or 0) < NOISY:
        lines.append(say(f"noise.{_noise(linked)}", **_clear(t.attenuation, step), **linked.facts))
    return lines


def rows(linked: Linked) -> list[tuple[str, str]]:
    """Label and text of each question that was asked, for the table of numbers."""
    t, step = linked.tested, linked.step
    if step is None:
        return []
    told = []
    if t.saturation is not None:
        facts = _bent(linked, t.saturation, step)
        told.append((say("bent.label", **facts, **linked.facts), _answer(linked, "bent", t.saturation, facts)))
    if t.moderated is not None:
        facts = _depends(linked, t.moderated, step)
        told.append((say("depends.label", **facts), _answer(linked, "depends", t.moderated, facts)))
    if t.attenuation is not None:
        clear = t.attenuation.corrected is not None
        text = (
            say("noise.numbers", **_clear(t.attenuation, step), **linked.facts)
            if clear
            else _why(linked, t.attenuation)
        )
        told.append((say(f"noise.label_{_noise(linked)}"), text))
    return told


def asked(linked: Linked) -> int:
    """How many tests of the effect's shape were made."""
    return sum(each is not None and each.p is not None for each in (linked.tested.saturation, linked.tested.moderated))


def _answer(linked: Linked, kind: str, found: Saturation | Moderated, facts: dict[str, str]) -> str:
    """The answer with its numbers, or why there is none."""
    if found.answer == OPEN:
        return _why(linked, found)
    return say(f"{kind}.numbers", answer=say(f"{kind}.word.{found.answer}"), q=chance(found.q_value), **facts)


def _why(linked: Linked, found: Saturation | Moderated | Attenuation) -> str:
    """Why it cannot be told."""
    by, share = linked.tested.link.by, getattr(found, "reliability", None)
    facts = {"by": of(kpi_named(by), "short") if by else "", "p": chance(getattr(found, "p", None))}
    code = found.reason if language.has(f"why.{found.reason}") else "other"
    return say(f"why.{code}", **facts, share=count(100 * (share or 0)), **linked.facts)


def _bent(linked: Linked, found: Saturation, step: Step) -> dict[str, str]:
    return {
        "knot": quantity(found.knot, linked.leading.unit, 0),
        "step": step.text,
        "below": step.amount(found.below),
        "above": step.amount(found.above),
        "whole_below": step.whole(found.below, found.below_interval),
        "whole_above": step.whole(found.above, found.above_interval),
    }


def _depends(linked: Linked, found: Moderated, step: Step) -> dict[str, str]:
    by = kpi_named(linked.tested.link.by or "")
    return {"by": of(by, "short"), "amount": step.amount(abs(found.per_sd))}


def _clear(found: Attenuation, step: Step) -> dict[str, str]:
    share = count(100 * (found.reliability or 0))
    return {"effect": step.whole(found.corrected or 0.0, found.interval), "share": share}


def _noise(linked: Linked) -> str:
    """What is few where a reading is uncertain: answers, or what else is counted."""
    return "answers" if linked.leading.counts == "respondents" else "counts"
