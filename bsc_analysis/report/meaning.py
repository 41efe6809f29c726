"""What a tested link means, in sentences from its verdict's own facts."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from bsc_analysis.kpis.shared_columns import bearer
from bsc_analysis.report import described
from bsc_analysis.report.effect import chance
from bsc_analysis.words import count, language, listed, of, say

if TYPE_CHECKING:
    from bsc_analysis.disclosure import Verdict
    from bsc_analysis.report.effect import Step
    from bsc_analysis.report.linked import Linked

ALPHA = 0.05  # as answers are judged
UNCLAIMED = ("moves_together", "not_supported", "cannot_tell")  # nothing that leads


def sentences(linked: Linked) -> list[str]:
    """What the answer means for the practice; why nothing can be told; what it rests on."""
    v, step, facts = linked.verdict, linked.step, linked.facts
    if step is None:
        return [reason(linked, v)]
    lines = [_meaning(linked, step)]
    lines += [reason(linked, v)] if v.answer == "cannot_tell" else []
    seen = "seen.alone" if linked.alone else "seen.group"
    lines.append(say(seen, points=v.points, practices=v.practices, **facts))
    if isfinite(v.smallest_effect):
        lines.append(say("seen.smallest", effect=step.amount(abs(v.smallest_effect))))
    if v.gain is not None:
        helps = v.gain > 0 and v.gain_p is not None and v.gain_p <= ALPHA
        lines.append(say("seen.gain" if helps else "seen.no_gain", gain=count(100 * v.gain), **facts))
    return lines


def notes(linked: Linked) -> list[str]:
    """What to know before building on the answer, and what this practice shows by itself."""
    lines = cautions(linked)
    return lines if linked.alone or linked.step is None else [*lines, *_here(linked, linked.step)]


def cautions(linked: Linked) -> list[str]:
    """What to know before building on the answer."""
    t, v, step = linked.tested, linked.verdict, linked.step
    lines = []
    if t.standing:
        lines.append(say(f"standing.{t.standing}", before=say(f"answer.{t.before}") if t.before else ""))
    lines += [say("noted.edited", n=t.edits)] if t.edits else []
    lines += [say("noted.shares", shares=shared(linked, v))] if v.shares and step else []
    if step is None:
        return lines
    lines += [] if linked.alone else described.sentences(linked)
    lines += _without_influential(v, step)
    lines += _plain(linked, v)
    lines += [say("noted.feedback", **linked.facts)] if v.feedback is not None and v.feedback <= ALPHA else []
    if t.since is not None and t.since.tested:
        lines.append(say("noted.since", day=linked.declared, answer=say(f"answer.{t.since.answer}")))
    return lines


def reason(linked: Linked, v: Verdict) -> str:
    """Why nothing, or nothing yet, can be told."""
    own = "_own" if v is linked.tested.own else ""
    code = next(c for c in (f"{v.reason}{own}", v.reason, "other") if language.has(f"reason.{c}"))
    facts = {"points": v.points, "practices": v.practices, "shares": shared(linked, v)}
    return say(f"reason.{code}", **linked.facts, **facts)


def shared(linked: Linked, v: Verdict) -> str:
    """What moves both KPIs: 'Both count visits', or 'The spending behind savings rate includes emergency visits'."""
    named = {column: say(f"column.{column}") for column in v.shares if language.has(f"column.{column}")}
    if not named or len(named) < len(v.shares):
        tables = dict.fromkeys(column.partition(".")[0].removesuffix(" rows") for column in v.shares)
        rows = [say(f"rows.{t}") if language.has(f"rows.{t}") else t for t in tables]
        return say("shared.rows", rows=listed(rows) if rows else say("shared.the_same"))
    for kpi in (linked.lagging, linked.leading):
        wholes = dict.fromkeys(bearer(column, kpi.id) for column in named)
        if all(language.has(f"column.{whole}") for whole in wholes):
            whole = listed(say(f"column.{whole}") for whole in wholes)
            return say("shared.part", whole=whole, kpi=of(kpi, "short"), part=listed(named.values()))
    return say("shared.columns", columns=listed(named.values()))


def _meaning(linked: Linked, step: Step) -> str:
    """The answer in the KPIs' units."""
    v = linked.verdict
    effect = v.same_period if v.answer == "moves_together" else v.effect
    later = say("effect.later", n=int(v.lag or 0), **linked.facts)
    facts = {"step": step.text, "later": later, "moved": say("effect.fell" if effect < 0 else "effect.rose")}
    facts |= step.turned(effect, v.interval) | step.ends(v.interval)
    facts |= {"least": step.amount(v.least or 0.0), "q": say("effect.q", q=chance(v.q_value))}
    return say(f"meaning.{v.answer}", **facts, **linked.facts)


def _plain(linked: Linked, v: Verdict) -> list[str]:
    """What an ordinary regression would have called and the verdict does not, and why they differ."""
    if v.plain is None or v.plain > ALPHA or v.answer not in UNCLAIMED:
        return []
    return [say("noted.plain", p=chance(v.plain), here=chance(v.p_forecasts), **linked.facts)]


def _without_influential(v: Verdict, step: Step) -> list[str]:
    """Whether the answer stands without the practices that carry most of it, where it is one."""
    rest = v.without_influential
    if rest is None or not rest.tested or v.answer == "cannot_tell":
        return []
    if rest.answer == "pending":
        return [say("noted.without", effect=step.whole(rest.effect, rest.interval))]
    same = rest.answer == v.answer
    return [say("noted.without_same" if same else "noted.without_other", answer=say(f"answer.{rest.answer}"))]


def _here(linked: Linked, step: Step) -> list[str]:
    """This practice by itself: its own verdict, and how far it lies from the group."""
    own, far = linked.tested.own, linked.tested.departure
    if not own.tested:
        lines = [say("here.untested", reason=reason(linked, own))]
    elif own.answer in ("cannot_tell", "pending"):
        lines = [say("here.cannot_tell", **step.ends(own.interval))]
    else:
        key = "here.same" if own.answer == linked.verdict.answer else "here.other"
        lines = [say(key, answer=say(f"answer.{own.answer}"), effect=step.whole(own.effect, own.interval))]
    if far is not None:
        key = "here.apart" if far.apart else "here.alike"
        lines.append(say(key, effect=step.whole(far.effect, (far.lower, far.upper))))
    return lines
