"""The register of actions as it stood on a day: each row with how it stands, and nothing that is only said twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

GIVEN_UP = "abandon"  # the outcome
GIVEN_UP_AS = "given_up"  # how it then stands
TEXTS = ("id", "title", "kpi", "owner", "trigger", "outcome", "learnt")


@dataclass(frozen=True)
class Vacant:
    """A role (in small letters) that a practice's roster named and that nobody has any more."""

    role: str


@dataclass(frozen=True)
class Entry:
    """One action of the register.

    `standing`: 'done', 'done_late', 'given_up', 'late' (its day has passed), 'running', or 'planned' (not live yet).
    `expected`: the change promised, in the KPI's unit, or of `percent` in % of the value before; `owner_left`: nobody
    on the roster has the owner's role any more.
    """

    practice: str
    id: str
    title: str
    kpi: str
    owner: str = ""
    decided: pd.Timestamp | None = None
    trigger: str = ""
    starts: pd.Timestamp | None = None
    due: pd.Timestamp | None = None
    done: pd.Timestamp | None = None
    expected: float = np.nan
    percent: bool = False
    planned: float = np.nan
    spent: float = np.nan
    outcome: str = ""
    learnt: str = ""
    standing: str = "planned"
    owner_left: bool = False

    @property
    def live(self) -> pd.Timestamp | None:
        """The day from which on it may have moved something; None where it is not known, or never came."""
        if self.standing != GIVEN_UP_AS:
            return self.starts if self.starts is not None else self.done
        began = self.starts is not None and self.done is not None and self.starts <= self.done
        return self.starts if began else None

    @property
    def called(self) -> str:
        """The title but for capitals and blanks: what several practices did alike bears one."""
        return " ".join(self.title.lower().split())

    @property
    def open(self) -> bool:
        return self.standing in ("late", "running", "planned")


def entries(rows: pd.DataFrame, through: pd.Timestamp, staff: pd.DataFrame) -> list[Entry]:
    """The actions of the register's `rows` as they stood on the day `through`, in their order; `staff`: the roster."""
    gone = left_roles(staff, through)
    return [_entry(row, through, gone) for row in rows.to_dict("records")]


def left_roles(staff: pd.DataFrame, through: pd.Timestamp) -> set[tuple[str, str]]:
    """Practice and role (in small letters) that a roster named, and that nobody on the newest had on `through`.

    A roster may keep those who left, with their day, or drop them; what was drawn in one month is one roster, and each
    employment's newest row in it holds. Who is hired later is not there yet.
    """
    told = staff[staff["as_of"] <= through].dropna(subset=["role"]).sort_values("as_of", kind="stable")
    month = told["as_of"].dt.to_period("M").astype("int64")
    there = month == month.groupby(told["practice"]).transform("max")
    there &= ~told.duplicated(["practice", "staff_id", "hired_at"], keep="last")
    there &= told["hired_at"] <= through
    there &= told["left_at"].isna() | (told["left_at"] > through)
    some = there.groupby([told["practice"], told["role"].str.strip().str.lower()]).any()
    return set(some.index[~some])


def vacant_in(practice: str, staff: pd.DataFrame, through: pd.Timestamp) -> tuple[Vacant, ...]:
    """The roles of a practice that nobody has any more on `through`; `staff`: the roster."""
    return tuple(Vacant(role) for of, role in sorted(left_roles(staff, through)) if of == practice)


def _entry(row: dict, through: pd.Timestamp, gone: set[tuple[str, str]]) -> Entry:
    texts = {name: as_text(row["action_id" if name == "id" else name]) for name in TEXTS}
    days: dict[str, Any] = {name: as_day(row[f"{name}_at"]) for name in ("decided", "starts", "due", "done")}
    over = days["done"] is not None
    texts |= {} if over else {"outcome": "", "learnt": ""}  # told of what is done; later, of a day in the past
    return Entry(
        practice=str(row["practice"]),
        **texts,
        **days,
        expected=as_number(row["expected"]),
        percent=as_text(row["expected_in"]) == "percent",
        planned=as_number(row["budget_planned"]),
        spent=as_number(row["budget_spent"]),
        standing=_standing(days, texts["outcome"], through),
        owner_left=(str(row["practice"]), texts["owner"].strip().lower()) in gone,
    )


def _standing(days: dict[str, pd.Timestamp | None], outcome: str, through: pd.Timestamp) -> str:
    starts, due, done = days["starts"], days["due"], days["done"]
    if done is not None:
        if outcome == GIVEN_UP:
            return GIVEN_UP_AS
        return "done_late" if due is not None and done > due else "done"
    if due is not None and due <= through:
        return "late"
    return "running" if starts is not None and starts <= through else "planned"


def as_text(value: object) -> str:
    """A cell as text, '' where it is blank."""
    return "" if pd.isna(value) else str(value)


def as_day(value: object) -> pd.Timestamp | None:
    """A cell as a day, None where it is blank."""
    return None if pd.isna(value) else pd.Timestamp(value)


def as_number(value: Any) -> float:
    """A cell as a number, NaN where it is blank."""
    return np.nan if pd.isna(value) else float(value)
