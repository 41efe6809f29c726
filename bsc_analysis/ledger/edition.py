"""Two editions of a practice's report: a draft is made of the exports as they are now, a final of what was frozen.

A notebook opens the one that holds, so that it shows the report's numbers also years later. While a final is being
made, the engine names the folder of its frozen files in the environment (BEING_MADE): the final's page is rendered
from the very files that the ledger keeps.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from bsc_analysis.disclosure import (
    Alike,
    Audit,
    Beside,
    Cascaded,
    Completion,
    Decision,
    Disclosed,
    DisclosedGoal,
    Finding,
    Initiative,
    Moved,
    People,
    Record,
    Tried,
    Vacant,
    Worth,
    disclose,
    goals_of,
    still_cascaded,
    still_explained,
    still_shown,
    still_told,
    with_named_practices,
    withhold_differences,
)
from bsc_analysis.errors import UsageError
from bsc_analysis.ledger.basis import basis
from bsc_analysis.ledger.commented import Commented, commented
from bsc_analysis.ledger.entry import Entry, earlier, entries, final_of, latest, period_of, practices_with_finals
from bsc_analysis.ledger.forecasts import forecasts_of
from bsc_analysis.ledger.restate import Restated, restated
from bsc_analysis.ledger.standing import links_of, with_standing
from bsc_analysis.packed import frame_of, packed, record_of
from bsc_analysis.params import Feed, Group, Practice
from bsc_analysis.params.claims import Claim
from bsc_analysis.params.comments import Comment, comments_of
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.params.models import Break, EndedLink, GroupFile, KpiChoice, Link, Premises
from bsc_analysis.params.strategy import Strategy
from bsc_analysis.readings import newest_complete
from bsc_analysis.store import open_store
from bsc_analysis.version import __version__

BEING_MADE = "BSC_FINAL"
RECORDS = {  # facts of Disclosed that are tuples of records
    "arrival": Finding,
    "moved": Moved,
    "worth": Worth,
    "cascade": Cascaded,
    "beside": Beside,
    "goals": DisclosedGoal,
    "actions": Tried,
    "alike": Alike,
    "initiatives": Initiative,
    "decided": Decision,
    "audits": Audit,
    "people": People,
    "vacant": Vacant,
}
FRAMES = ("accounts", "quarantine", "troubles", "through", "reconciliation", "flow")


@dataclass(frozen=True)
class Final:
    """When a report was made final ('2026-07-06') and by whom; `n` is 1, or more after a reopening."""

    on: str
    by: str
    n: int = 1


@dataclass(frozen=True)
class Edition:
    """What a report is beside its numbers: `final` (None: a draft), comments by KPI, what an earlier final's numbers
    have become and who had commented on that of an earlier period (None: nothing was final before), and how the
    `forecasts` of goals in earlier finals came out."""

    final: Final | None = None
    comments: Mapping[str, Comment] = field(default_factory=dict)
    restated: Restated | None = None
    forecasts: Record = field(default_factory=Record)
    commented: Commented | None = None

    @property
    def state(self) -> str:
        """'draft' or 'final'."""
        return "final" if self.final else "draft"


def open_edition(group: Group, practice: str, period: str | None = None) -> tuple[Disclosed, Edition]:
    """What the reader of one practice's report sees: the final of `period` where one holds, else the draft.

    Raises what `disclose` raises, and UsageError where a final is damaged or too old for this version to open.
    """
    period = period or newest_complete(group, open_store(group))
    entry = _being_made(group, practice, period) or final_of(group, practice, period)
    return _thawed(entry, group) if entry else draft_of(group, practice, period)


def draft_of(group: Group, practice: str, period: str) -> tuple[Disclosed, Edition]:
    """The report of the exports as they are now, whether a final of the period holds or not."""
    store = open_store(group)
    seen = disclose(group, practice, period, store)
    published = entries(group, practice)
    for entry in published:
        readings = withhold_differences(seen.readings, entry.checked().readings, seen.audience, group.calendar)
        seen = replace(seen, readings=readings, beside=still_shown(seen.beside, readings))
        why, worths = still_explained(seen.moved, seen.worth, readings)
        seen = replace(seen, moved=why, worth=worths, cascade=still_cascaded(seen.cascade, readings))
    if published and seen.guarded:
        seen = still_told(replace(seen, goals=goals_of(seen)), store)  # by what is left of the readings
    past = links_of(earlier(group, practice, seen.period, again=False))
    seen = replace(seen, links=with_standing(seen.links, past))
    comments = comments_of(group, period).get(practice, {})
    before, record = earlier(group, practice, seen.period), forecasts_of(seen, published)
    if before is None:
        return seen, Edition(comments=comments, forecasts=record)
    now = basis(seen, store, period_of(group, before.period))
    who = _commented(group, practice, seen.period)
    told = Edition(comments=comments, restated=restated(before, seen, now), forecasts=record, commented=who)
    return seen, told


def _commented(group: Group, practice: str, period: pd.Period) -> Commented | None:
    """Who commented on the newest final of an earlier period; None without one, or where it is too old to be opened."""
    before = earlier(group, practice, period, again=False)
    try:
        then, edition = _thawed(before, group) if before else (None, None)
    except UsageError:
        return None
    if then is None or edition is None or edition.final is None:
        return None
    return commented(then, edition.comments, edition.final.on)


def moved_since_final(group: Group, practice: str, period: str) -> Restated:
    """What has moved in a period since its newest final, reopened or not.

    Raises UsageError where there is none.
    """
    entry = latest(group, practice, period)
    if entry is None:
        raise UsageError(f"{group.id} {period} was never made final for {practice!r}")
    seen, _ = draft_of(group, practice, period)
    return restated(entry.checked(), seen, basis(seen, open_store(group), seen.period))


def practices_to_compare(group: Group, period: str, *, final: bool) -> list[str]:
    """The practices of a period: with `final` those that have a final of it, else all of the group's.

    Raises UsageError where none has a final.
    """
    if not final:
        return list(with_named_practices(group, open_store(group), period_of(group, period)).practices)
    if found := practices_with_finals(group, period):
        return found
    raise UsageError(f"{group.id} {period} was never made final")


def frozen(seen: Disclosed, edition: Edition, final: Final) -> dict[str, str]:
    """File → text: all that a final needs to be shown again without the exports, the params and the store."""
    store = open_store(seen.group)
    record = edition.restated
    facts = {"group": seen.group.id, "practice": seen.practice.id, "period": str(seen.period), **asdict(final)}
    rest: dict[str, Any] = {name: packed(getattr(seen, name)) for name in FRAMES}
    rest |= {name: packed(getattr(seen, name)) for name in ("links", *RECORDS)}
    rest |= {"completion": packed(dict(seen.completion))}
    rest["restated"] = record and packed(record)
    rest["forecasts"] = packed(edition.forecasts)
    rest["commented"] = edition.commented and packed(edition.commented)
    params = {
        "group": seen.group.shared.model_dump(mode="json"),
        "practice": TypeAdapter(Practice).dump_python(seen.practice, mode="json"),
    }
    named = {
        "final": facts | {"version": __version__},
        "seen": rest,
        "params": params,
        "comments": {id: c.model_dump() for id, c in edition.comments.items()},
        "basis": basis(seen, store, seen.period),
    }
    texts = {f"{name}.json": _json(what) for name, what in named.items()}
    return texts | {"readings.csv": seen.readings.to_csv(index=False, lineterminator="\n")}


def _being_made(group: Group, practice: str, period: str) -> Entry | None:
    """The final that the engine is making in this very process, or whose notebook runs in this kernel."""
    if not (folder := os.environ.get(BEING_MADE)):
        return None
    facts = json.loads((Path(folder) / "final.json").read_text(encoding="utf-8"))
    mine = (facts["group"], facts["practice"], facts["period"]) == (group.id, practice, period)
    return Entry(Path(folder), period, practice, facts["n"]) if mine else None


def _thawed(entry: Entry, group: Group) -> tuple[Disclosed, Edition]:
    facts, rest, params = (entry.facts(f"{name}.json") for name in ("final", "seen", "params"))
    try:
        shared = GroupFile.model_validate_json(json.dumps(params["group"]))
        practice = _practice(params["practice"])
        comments = {id: Comment(**c) for id, c in entry.facts("comments.json").items()}
    except (ValidationError, TypeError, KeyError):
        raise UsageError(
            f"{group.id} {entry.name} was made final by version {facts['version']} and cannot be opened as a notebook "
            "by this one; its report.html in the ledger can be read"
        ) from None
    frames = {name: frame_of(rest[name]) for name in FRAMES}
    frames["through"][["first", "last"]] = frames["through"][["first", "last"]].astype("datetime64[us]")
    seen = Disclosed(
        group=replace(group, shared=shared),
        practice=practice,
        period=period_of(group, entry.period),
        audience=shared.audience,
        readings=entry.readings,
        completion={id: record_of(Completion, facts) for id, facts in rest["completion"].items()},
        links=links_of(entry),
        **frames,
        **{name: tuple(record_of(kind, facts) for facts in rest.get(name, [])) for name, kind in RECORDS.items()},
    )
    told = rest["restated"]
    moved = told and record_of(Restated, told)
    scored, who = record_of(Record, rest.get("forecasts", {})), rest.get("commented")
    final = Final(facts["on"], facts["by"], facts["n"])
    return seen, Edition(final, comments, moved, scored, who and record_of(Commented, who))


def _practice(facts: dict[str, Any]) -> Practice:
    """A practice as its choices were resolved."""
    choices = {id: KpiChoice(**c) for id, c in facts["kpis"].items()}
    feeds = {name: TypeAdapter(Feed).validate_json(json.dumps(spec)) for name, spec in facts["feeds"].items()}
    own = {
        "kpis": choices,
        "feeds": feeds,
        "links": tuple(Link(**link) for link in facts["links"]),
        "goals": tuple(Goal(**goal) for goal in facts.get("goals", [])),
        "ended_links": tuple(EndedLink(**link) for link in facts.get("ended_links", [])),
        "breaks": tuple(Break(**entry) for entry in facts["breaks"]),
        "strategy": Strategy(**facts["strategy"]) if facts.get("strategy") else None,
        "claims": TypeAdapter(tuple[Claim, ...]).validate_json(json.dumps(facts.get("claims", []))),
        "sections": tuple(facts["sections"]) if facts["sections"] else None,
        "premises": Premises.model_validate_json(json.dumps(facts["premises"])),
    }
    return Practice(**{**facts, **own})


def _json(facts: Any) -> str:
    """In the order that the facts have: that of KPIs is the card's."""
    return json.dumps(facts, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
