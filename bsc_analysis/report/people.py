"""How a practice is led and what its people say, as its reader meets it: the six steps, then what stands behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bsc_analysis.disclosure import OTHERS, Answered, Deed, Disclosed, Evidence, Need, Needs, People, Step
from bsc_analysis.ledger.edition import Edition
from bsc_analysis.report.buy_in import confidence, picture, role_named, sentences
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import day, interval, listed, number, of, period, quantity, say

LED = "leadership_engagement"  # the KPI by which leading enters the links
COUNTS = ("held", "quorate", "decided", "acknowledged", "involved", "concerns", "ideas", "definitions")
BY_ROLE = ("acknowledged", "involved")
CLASSES = {"done": "better", "open": "worse"}
TABLES = {"reviews": "reviews", "acknowledged": "sign_offs", "involved": "participation"}  # what tells of a deed


@dataclass(frozen=True)
class Row:
    """One of the six steps: what shows it, what is missing, and the word for both."""

    step: Step
    facts: Mapping[str, str | int]

    @property
    def title(self) -> str:
        return say(f"people.step.{self.step.id}")

    @property
    def word(self) -> str:
        return say(f"people.answer.{self.step.answer}")

    @property
    def css(self) -> str:
        return CLASSES.get(self.step.answer, "common")

    @property
    def shows(self) -> list[str]:
        told = [each for each in self.step.evidence if not each.state and each.count]
        return [say(f"people.shows.{e.code}", count=e.count, of=e.of, **self._facts(e)) for e in told]

    @property
    def lacks(self) -> list[str]:
        """What is known to be missing, then what nobody can tell."""
        missing = [each for each in self.step.evidence if each.missing and not each.state]
        told = [say(f"people.lacks.{e.code}", n=e.of - e.count, **self._facts(e)) for e in missing]
        rest = [self._state(each) for each in self.step.evidence if each.state]
        return list(dict.fromkeys([*told, *rest]))

    def _state(self, evidence: Evidence) -> str:
        if evidence.state == "no_register":
            return no_register(evidence.code)
        if evidence.state == "nothing_due":
            return say(f"people.nothing_due.{evidence.code}", **self._facts(evidence))
        if evidence.state == "none_declared":
            return say("people.none_declared")
        return say(f"people.withheld.{evidence.code}")

    def _facts(self, evidence: Evidence) -> Mapping[str, str | int]:
        return {**self.facts, "days": evidence.days}


def people(seen: Disclosed, edition: Edition) -> Part:
    """The six steps, how far the staff are behind it, what was done by role, answers given, and training needs."""
    if not seen.people:
        return _quiet(say("people.older"))
    told = seen.people[0]
    if _nothing(seen, told):
        return _quiet(say("people.none"))
    rows = _steps(seen, edition, told)
    lines = [*_led(seen, told), *_comments(seen, edition), *_links(seen)]
    voices = sentences(seen, told.buy_in)
    return part(
        "people",
        text="\n".join([*lines, *(f"{row.title}: {row.word}" for row in rows), *voices, *_needs(told.needs)]),
        quiet="",
        lines=lines,
        rows=rows,
        voices=voices,
        picture=picture(seen, told.buy_in),
        roles=_roles(told),
        counts=[_count(told.deed(what)) for what in COUNTS if not told.deed(what).state and told.deed(what).counted.of],
        confidence=[confidence(each) for each in told.confidence],
        said=[_said(each) for each in told.answered],
        needs=_needs(told.needs),
    )


def no_register(what: str) -> str:
    """Which register is missing, and the template that begins it."""
    table = TABLES.get(what, what)
    return say("people.no_register", register=say(f"feed.{table}"), table=table)


def share_of(deed: Deed) -> str:
    """'67 % (35–88)'."""
    share = deed.counted.share
    within = interval(100 * share.lower, 100 * share.upper, "%", 0)
    return say("people.share", share=quantity(100 * share.value, "%", 0), interval=within)


def _quiet(sentence: str) -> Part:
    return part("people", text=sentence, quiet=sentence)


def _nothing(seen: Disclosed, told: People) -> bool:
    """Whether no register, survey, training or strategy says anything of it."""
    kept = [deed for deed in told.deeds if deed.what != "definitions" and deed.state != "no_register"]
    asked = told.buy_in.state != "not_asked" or told.confidence or told.needs.tested
    return not (kept or asked or seen.strategy.objectives)


def _steps(seen: Disclosed, edition: Edition, told: People) -> list[Row]:
    """The steps, with what the ledger knows of comments."""
    then, facts = edition.commented, {}
    if then:
        facts = {"period": period(seen.group.calendar.parse(then.period))}
        owners = then.owners
        state = "withheld" if seen.guarded else "" if owners.of else "nothing_due"
        evidence = Evidence("comments", owners.count, owners.of, state)
        grown = [replace(s, evidence=(*s.evidence, evidence)) if s.id == "tracking" else s for s in told.steps]
        return [Row(step, facts) for step in grown]
    return [Row(step, facts) for step in told.steps]


def _led(seen: Disclosed, told: People) -> list[str]:
    """How many reviews took place, in one sentence; where there is no register, that."""
    held = told.deed("held")
    if held.state:
        return [no_register("reviews")]
    if not held.counted.of:
        return [say("people.nothing_due.reviews")]
    quorate, decided = (told.deed(what).counted.count for what in ("quorate", "decided"))
    facts = {"held": held.counted.count, "of": held.counted.of, "quorate": quorate, "decided": decided}
    unsaid, until = held.counted.pending, day(seen.period.end_time)
    return [say("people.held", day=until, **facts), *([say("people.unsaid", n=unsaid)] if unsaid else [])]


def _comments(seen: Disclosed, edition: Edition) -> list[str]:
    """Owners who did not comment on the final before, as the params name them; nothing for guarded audiences."""
    then = edition.commented
    if then is None or seen.guarded:
        return []
    facts = {"period": period(seen.group.calendar.parse(then.period))}
    silent = [say("people.silent", owners=listed(then.silent), **facts)] if then.silent else []
    unowned = then.owners.undated
    return [*silent, *([say("people.silent_unowned", n=unowned, **facts)] if unowned else [])]


def _links(seen: Disclosed) -> list[str]:
    """Where the report tests whether leading moves anything."""
    found = []
    for tested in seen.links:
        link = tested.link
        if LED in (link.leading, link.by) and link.leading in seen.kpis and link.lagging in seen.kpis:
            ends = {side: of(seen.kpis[id]) for side, id in (("leading", link.leading), ("lagging", link.lagging))}
            arrow = say("links.arrow", **ends)
            found.append(say("people.by", link=arrow) if link.by == LED else arrow)
    return [say("people.links", section=say("section.links"), links=listed(found))] if found else []


def _roles(told: People) -> list[tuple[str, str, str]]:
    """(role, reports acknowledged, actions taken part in), the least first; empty where no roles are shown."""
    names = dict.fromkeys(deed.role for what in BY_ROLE for deed in told.by_role(what))
    by = {(deed.what, deed.role): deed for deed in told.deeds}
    ordered = sorted(names, key=lambda role: (role == OTHERS, _least(by.get(("acknowledged", role))), role))
    cells = {what: {role: _cell(by.get((what, role))) for role in names} for what in BY_ROLE}
    return [(role_named(role), cells["acknowledged"][role], cells["involved"][role]) for role in ordered]


def _least(deed: Deed | None) -> float:
    return deed.counted.count / deed.counted.of if deed and deed.counted.of else 2.0


def _cell(deed: Deed | None) -> str:
    if deed is None or deed.state:
        return say("people.not_seen")
    if not deed.counted.of:
        return say("people.nobody_due")
    return say("people.of", count=deed.counted.count, of=deed.counted.of)


def _count(deed: Deed) -> tuple[str, str, str, str]:
    told = deed.counted
    waiting = number(told.pending) if told.pending and deed.what != "held" else ""
    return say(f"people.what.{deed.what}"), say("people.of", count=told.count, of=told.of), share_of(deed), waiting


def _said(each: Answered) -> str:
    on = day(each.on)
    if not each.topic:
        return say("people.said_alone", answer=each.answer, on=on)
    return say("people.said", topic=each.topic, answer=each.answer, on=on)


def _needs(told: Needs) -> list[str]:
    """Where a team's work differs, the needs first; or why none is told."""
    patterns = listed(_pattern(each) for each in told.patterns) if told.patterns else ""
    key = "found_guarded" if told.answer == "found" and not told.apart else told.answer
    whole = say(f"people.needs_answer.{key}", n=told.tested, worse=told.worse, patterns=patterns)
    unsized = [say("people.unsized")] if told.unsized and told.answer != "no_table" else []
    return [*map(_need, told.apart), whole, *unsized]


def _need(need: Need) -> str:
    within = (need.lower, need.upper) if need.answer == "worse" else (-need.upper, -need.lower)
    facts: dict[str, Iterable[str] | str | int] = {
        "team": say("people.other_teams") if need.team == OTHERS else need.team,
        "pattern": _pattern(need.pattern),
        "share": quantity(100 * need.share, "%", 1),
        "others": quantity(100 * need.others, "%", 1),
        "difference": number(100 * need.difference, 1),
        "n": need.n,
        "interval": interval(100 * within[0], 100 * within[1], "", 1),
    }
    return say(f"people.need.{need.answer}", **facts)


def _pattern(code: str) -> str:
    name, _, reason = code.partition(":")
    return say(f"people.pattern.{name}", reason=reason)
