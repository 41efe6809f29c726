"""Names across params, KPIs, feeds, tables and sections: every fault at once, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bsc_analysis.check.claims import claim_faults
from bsc_analysis.check.edited import edited_since_final
from bsc_analysis.check.goals import goal_faults
from bsc_analysis.check.links import ended_faults, link_faults
from bsc_analysis.check.named import impossible, is_day, unchosen
from bsc_analysis.check.strategy import strategy_faults
from bsc_analysis.errors import Fault, UsageError, did_you_mean
from bsc_analysis.feeds.declared import file_faults, premises_faults
from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params import PORTFOLIO, Group, Practice
from bsc_analysis.params.comments import comment_files
from bsc_analysis.params.feed_models import CmsAco, ReadingsFile, TableFile
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.params.models import Break, KpiChoice, Premises
from bsc_analysis.params.strategy import Strategy
from bsc_analysis.report.sections import notebook_path


def faults_of(group: Group) -> list[Fault]:
    """Every name in the group's params that nothing answers to, with the nearest one that something does."""
    shared, file = group.shared, f"params/{group.id}/group.yaml"
    zone = all(p.premises.time_zone for p in group.practices.values()) if group.practices else bool(shared.time_zone)
    faults = [*_feeds(file, shared.feeds, zone), *_sections(file, group, shared.sections)]
    faults += premises_faults(file, shared)
    faults += _kpis(file, shared.kpis, [p.id for p in shared.perspectives])
    faults += unchosen(file, "vital_signs", shared.vital_signs, shared.kpis)
    faults += [*link_faults(file, shared.links, shared.kpis), *ended_faults(file, shared.ended_links)]
    faults += edited_since_final(group)
    faults += strategy_faults(file, shared.strategy, shared.kpis, [p.id for p in shared.perspectives])
    faults += _goals(file, group, shared.goals, shared.kpis, shared.strategy, _named(group))
    opens = bool(shared.opening) or any(p.premises.opening for p in group.practices.values())
    faults += claim_faults(file, shared.claims, shared.kpis, opens)
    faults += _breaks(file, shared.breaks, shared.kpis)
    if shared.practices:
        faults += [f for name in shared.practices.feeds for f in _naming(file, name, shared.feeds)]
    for practice in group.practices.values():
        faults += _practice(group, practice)
    faults += _comments(group)
    return list(dict.fromkeys(faults))


def _practice(group: Group, practice: Practice) -> Iterable[Fault]:
    file, shared = f"params/{group.id}/{practice.id}.yaml", group.shared
    if practice.id.lower() == PORTFOLIO:
        yield Fault(file, "practice", f"is {practice.id!r}, which the page across practices is called; give another id")
    own = {i: c for i, c in practice.kpis.items() if i not in shared.kpis or _told(c) != _told(shared.kpis[i])}
    yield from _kpis(file, own, [p.id for p in shared.perspectives])
    yield from _feeds(file, practice.feeds, bool(practice.premises.time_zone))
    yield from premises_faults(file, _own_premises(practice, shared))
    yield from link_faults(file, practice.links[len(shared.links) :], practice.kpis, shared.links)
    yield from ended_faults(file, practice.ended_links[len(shared.ended_links) :])
    yield from edited_since_final(group, practice)
    if practice.strategy is not shared.strategy:
        yield from strategy_faults(file, practice.strategy, practice.kpis, [p.id for p in shared.perspectives])
    goals = [goal for goal in practice.goals if not any(goal is theirs for theirs in shared.goals)]
    yield from _goals(file, group, goals, practice.kpis, practice.strategy, [practice.id])
    yield from claim_faults(file, practice.claims[len(shared.claims) :], practice.kpis, bool(practice.premises.opening))
    yield from _breaks(file, practice.breaks[len(shared.breaks) :], practice.kpis)
    if practice.sections and list(practice.sections) != list(shared.sections or []):
        yield from _sections(file, group, list(practice.sections))


def _told(choice: KpiChoice | None) -> tuple:
    """What `_kpis` looks at."""
    return (choice.perspective, choice.reviewed, choice.benchmark, choice.target) if choice else (None,) * 4


def _goals(
    file: str, group: Group, goals: Sequence[Goal], kpis: Iterable[str], strategy: Strategy | None,
    practices: Iterable[str] | None,
) -> Iterable[Fault]:  # fmt: skip
    """Faults of the goals that `file` declares; `practices`: whom they may be of, None where a feed tells."""
    declared = strategy.objectives if strategy else []
    told = {"objectives": [aim.id for aim in declared] or None, "practices": practices}
    return goal_faults(file, goals, kpis, **told, grain=group.shared.grain, calendar=group.calendar)


def _named(group: Group) -> list[str] | None:
    """The practices that have a file; None where a feed names them."""
    return None if group.shared.practices else list(group.practices)


def _own_premises(practice: Practice, shared: Premises) -> Premises:
    """What the practice's own file says of its premises."""
    zone, opening = practice.premises.time_zone, practice.premises.opening
    return Premises(
        time_zone=zone if zone != shared.time_zone else None, opening=opening if opening != shared.opening else None
    )


def _comments(group: Group) -> Iterable[Fault]:
    """Practices and KPIs that comments speak of and nobody has; who a feed names is not known here."""
    found, faults = comment_files(group)
    yield from faults
    for file, practices in found.items():
        for id, kpis in practices.items():
            if group.shared.practices is None and id not in group.practices:
                yield Fault(file, id, f"is not a practice of {group.id}.{did_you_mean(id, group.practices)}")
                continue
            chosen = group.practices[id].kpis if id in group.practices else group.shared.kpis
            yield from unchosen(file, f"{id}:", kpis, chosen)
            for kpi, comment in kpis.items():
                if not is_day(comment.on):
                    yield Fault(file, f"{id}: {kpi}", f"is of {comment.on!r}, which no calendar has")


def _kpis(file: str, kpis: dict, perspectives: list[str]) -> Iterable[Fault]:
    for id, choice in kpis.items():
        if id not in KPIS:
            yield Fault(file, f"kpis.{id}", f"is not a KPI.{did_you_mean(id, KPIS)}  (bsc list kpis)")
            continue
        kpi = KPIS[id]
        place = (choice.perspective if choice else None) or kpi.perspective
        if place not in perspectives:
            message = f"stands in perspective {place!r}, which the group does not have: {', '.join(perspectives)}"
            yield Fault(file, f"kpis.{id}", message)
        if choice and choice.target:
            yield from _target(file, f"kpis.{id}.target", kpi, choice.target.value)
        if choice and choice.reviewed and not is_day(choice.reviewed):
            yield Fault(file, f"kpis.{id}.reviewed", f"is {choice.reviewed!r}, which no calendar has")
        if choice and choice.benchmark and not is_day(choice.benchmark.at):
            yield Fault(file, f"kpis.{id}.benchmark.at", f"is {choice.benchmark.at!r}, which no calendar has")


def _target(file: str, place: str, kpi: KPI, target: float) -> Iterable[Fault]:
    yield from impossible(file, f"{place}.value", kpi, target)
    if kpi.better == "neutral":
        yield Fault(
            file, place, f"cannot be met or missed: of {kpi.in_sentence} neither more nor less is better; remove it"
        )


def _breaks(file: str, breaks: Iterable[Break], kpis: Iterable[str]) -> Iterable[Fault]:
    for i, entry in enumerate(breaks):
        yield from unchosen(file, f"breaks[{i}].kpis", entry.kpis, kpis)


def _feeds(file: str, feeds: dict, zone: bool) -> Iterable[Fault]:
    for name, spec in feeds.items():
        if isinstance(spec, TableFile):
            yield from file_faults(file, f"feeds.{name}", spec, zone)
        elif isinstance(spec, ReadingsFile):
            for id, columns in (spec.kpis or {}).items():
                if id not in KPIS:
                    yield Fault(file, f"feeds.{name}.kpis.{id}", f"is not a KPI.{did_you_mean(id, KPIS)}")
                if not (columns.value or (columns.numerator and columns.denominator)):
                    message = "names too few columns: give value, or numerator and denominator"
                    yield Fault(file, f"feeds.{name}.kpis.{id}", message)


def _naming(file: str, name: str, feeds: dict) -> Iterable[Fault]:
    if name not in feeds:
        message = f"is not a feed of this group.{did_you_mean(name, feeds)}"
        yield Fault(file, f"practices.from_feed {name}", message)
    elif not (isinstance(feeds[name], CmsAco) or getattr(feeds[name], "title", None)):
        message = "names no practices; a feed of kind cms_aco does, or one of kind readings with a title"
        yield Fault(file, f"practices.from_feed {name}", message)


def _sections(file: str, group: Group, sections: list[str] | None) -> Iterable[Fault]:
    for name in sections or []:
        try:
            notebook_path(group.workspace, name)
        except UsageError as error:
            yield Fault(file, "sections", str(error))
