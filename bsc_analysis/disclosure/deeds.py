"""What leaders and staff did of what was due in the last year, as far as a named audience may see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from bsc_analysis.analysis.interval import share
from bsc_analysis.analysis.people_registers import Counted, in_time, involved_before, reviewed, reviews
from bsc_analysis.disclosure.few import together
from bsc_analysis.disclosure.withhold import FEWEST, FEWEST_ANSWERS, GUARDED, UNANIMOUS_BELOW
from bsc_analysis.kpis.leadership import IN_TIME, TO_READ
from bsc_analysis.params import Group, Practice
from bsc_analysis.readings.register_rows import is_kept, register_rows
from bsc_analysis.store import Store
from bsc_analysis.tables import ACTIONS, CONCERNS, IDEAS, PARTICIPATION, REVIEWS, SIGN_OFFS, Table

YEAR = pd.DateOffset(years=1)  # how far back deeds are counted
REVIEW_EVERY = 365  # days after which the definition of a KPI is to be looked at again
OF = {  # deed → the registers that tell of it
    **dict.fromkeys(("reviews", "held", "quorate", "decided"), (REVIEWS,)),
    "acknowledged": (SIGN_OFFS,),
    "involved": (ACTIONS, PARTICIPATION),
    "concerns": (CONCERNS,),
    "ideas": (IDEAS,),
}
DAYS = {"acknowledged": TO_READ, "concerns": IN_TIME, "ideas": IN_TIME}  # within which a deed is to be done
PERSONS = ("acknowledged",)  # what counts persons


@dataclass(frozen=True)
class Deed:
    """What was done of what was due, by all or by one `role` (OTHERS: those of too few people).

    `what`: 'reviews' (held with quorum and a decision), 'held', 'quorate', 'decided' (of those held), 'acknowledged',
    'involved' (in an action before it went live), 'concerns', 'ideas' or 'definitions' (looked at within a year).
    `state`: '', 'no_register' or 'withheld'.
    """

    what: str
    role: str = ""
    counted: Counted = field(default_factory=Counted)
    state: str = ""


def deeds(
    group: Group, practice: Practice, through: pd.Timestamp, store: Store, sizes: Mapping[str, int]
) -> tuple[Deed, ...]:
    """Every deed of a practice in the year up to the day `through`; by role for audiences that are not guarded.

    `sizes`: team or role in lower case → how many have it, as far as the roster tells.
    """
    told = [*_of_reviews(store, practice.id, through), *_by_role(store, practice.id, through, sizes)]
    for what, table, ways in (
        ("concerns", CONCERNS, {"opened": "raised_at", "closed": "answered_at"}),
        ("ideas", IDEAS, {"opened": "received_at", "closed": "decided_at"}),
    ):
        rows = of_year(store, table, practice.id, through)
        told.append(Deed(what, counted=in_time(rows, **ways, within_days=IN_TIME, as_of=through)))
    absent = {what for what, tables in OF.items() if not all(_kept(group, practice, store, table) for table in tables)}
    told = [Deed(each.what, each.role, state="no_register") if each.what in absent else each for each in told]
    told.append(Deed("definitions", counted=_definitions(practice, through)))
    return tuple(_withheld(told, _readers(store, practice.id, through)) if group.shared.audience in GUARDED else told)


def of_year(store: Store, table: Table, practice: str, through: pd.Timestamp) -> pd.DataFrame:
    """A practice's rows of a register whose day lies in the year up to `through`."""
    rows = register_rows(store, table, practice, through)
    return rows[rows[table.at] > through - YEAR].reset_index(drop=True)


def _kept(group: Group, practice: Practice, store: Store, table: Table) -> bool:
    feeds = group.shared.feeds | practice.feeds
    return is_kept(store, table, practice.id, [n for n, spec in feeds.items() if _table(spec) == table.name])


def _table(spec: object) -> str:
    """The table that a feed delivers, '' of a feed that is none of one table."""
    return str(getattr(spec, "table", ""))


def _of_reviews(store: Store, practice: str, through: pd.Timestamp) -> Iterator[Deed]:
    found = reviews(of_year(store, REVIEWS, practice, through), as_of=through)
    count, of = found.sound.count, found.held.of
    yield Deed("reviews", counted=replace(found.held, count=count, share=share(count, of)))
    yield from (Deed(what, counted=getattr(found, what)) for what in ("held", "quorate", "decided"))


def _by_role(store: Store, practice: str, through: pd.Timestamp, sizes: Mapping[str, int]) -> Iterator[Deed]:
    """Reports acknowledged, and actions in which people took part before they went live; by all and by role."""
    sent, taken = of_year(store, SIGN_OFFS, practice, through), register_rows(store, PARTICIPATION, practice, through)
    label = _roles_together({*sent["role"].dropna(), *taken["role"].dropna()}, sizes)
    sent, taken = (rows.assign(role=rows["role"].map(label)) for rows in (sent, taken))
    ways = {"opened": "sent_at", "closed": "acknowledged_at", "within_days": TO_READ, "as_of": through}
    yield Deed("acknowledged", counted=in_time(sent, **ways))
    yield from (Deed("acknowledged", str(role), in_time(rows, **ways)) for role, rows in sent.groupby("role"))
    actions = register_rows(store, ACTIONS, practice, through)
    actions = actions[~(actions["starts_at"] <= through - YEAR)]
    for role, counted in involved_before(actions, taken, as_of=through, roles=set(label.values())).items():
        yield Deed("involved", role, replace(counted, unknown=0))  # of actions of earlier years


def _roles_together(roles: Iterable[str], sizes: Mapping[str, int]) -> dict[str, str]:
    """Each role → itself, or OTHERS with fewer than five people, as far as the roster tells how many they are."""
    return together({role: sizes.get(role.strip().lower(), FEWEST) for role in roles}, FEWEST_ANSWERS)


def _definitions(practice: Practice, through: pd.Timestamp) -> Counted:
    days = [choice.reviewed for choice in practice.kpis.values()]
    looked_at = pd.DataFrame({"reviewed_at": pd.Series(days, dtype="object").astype("datetime64[us]")})
    return reviewed(looked_at, every_days=REVIEW_EVERY, as_of=through)


def _readers(store: Store, practice: str, through: pd.Timestamp) -> int:
    """How many readers there are at least: those of the report that went to most of them. In a year each gets many."""
    return max(of_year(store, SIGN_OFFS, practice, through)["period"].value_counts(), default=0)


def _withheld(told: list[Deed], readers: int) -> list[Deed]:
    """For a guarded audience: no roles, and no count of 1–10 persons or what gives one back."""
    whole = [each for each in told if not each.role]
    return [Deed(d.what, state="withheld") if d.what in PERSONS and _few(d.counted, readers) else d for d in whole]


def _few(counted: Counted, persons: int) -> bool:
    rest = counted.of - counted.count
    alike = 0 in (counted.count, rest) and counted.of > 0 and persons < UNANIMOUS_BELOW
    return alike or any(0 < n < FEWEST for n in (counted.count, rest, counted.of, counted.pending, persons))
