"""Initiatives and decisions as their registers tell them on a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsc_analysis.analysis.undertaken.entry import as_day, as_number, as_text


@dataclass(frozen=True)
class Initiative:
    """An initiative with what it was to take and what it took: dollars and hours. `overdue`: its last day has passed
    and it is neither done nor stopped."""

    id: str
    objective: str
    owner: str = ""
    starts: pd.Timestamp | None = None
    ends: pd.Timestamp | None = None
    status: str = "running"
    planned: float = np.nan
    spent: float = np.nan
    hours_planned: float = np.nan
    hours_spent: float = np.nan
    overdue: bool = False


@dataclass(frozen=True)
class Decision:
    """A decision of a review; `dollars`: what it costs, below 0 what it brings; `overdue`: open after its day."""

    id: str
    text: str
    owner: str = ""
    decided: pd.Timestamp | None = None
    due: pd.Timestamp | None = None
    done: pd.Timestamp | None = None
    dollars: float = np.nan
    overdue: bool = False

    @property
    def late(self) -> bool:
        """Whether it was done after its day."""
        return self.done is not None and self.due is not None and self.done > self.due


def initiatives_of(rows: pd.DataFrame, through: pd.Timestamp) -> tuple[Initiative, ...]:
    """One a row of the register of initiatives, as it stood on the day `through`."""
    return tuple(_initiative(row, through) for row in rows.to_dict("records"))


def decisions_of(rows: pd.DataFrame, through: pd.Timestamp) -> tuple[Decision, ...]:
    """One a row of the register of decisions, as it stood on the day `through`."""
    return tuple(_decision(row, through) for row in rows.to_dict("records"))


def _initiative(row: dict, through: pd.Timestamp) -> Initiative:
    ends, status = as_day(row["ends_at"]), as_text(row["status"])
    money = {name: as_number(row[f"budget_{name}"]) for name in ("planned", "spent")}
    hours = {f"hours_{name}": as_number(row[f"hours_{name}"]) for name in ("planned", "spent")}
    return Initiative(
        id=as_text(row["initiative_id"]),
        objective=as_text(row["objective"]),
        owner=as_text(row["owner"]),
        starts=as_day(row["starts_at"]),
        ends=ends,
        status=status,
        **money,
        **hours,
        overdue=ends is not None and ends <= through and status in ("planned", "running"),
    )


def _decision(row: dict, through: pd.Timestamp) -> Decision:
    due, done = as_day(row["due_at"]), as_day(row["done_at"])
    return Decision(
        id=as_text(row["decision_id"]),
        text=as_text(row["decision"]),
        owner=as_text(row["owner"]),
        decided=as_day(row["decided_at"]),
        due=due,
        done=done,
        dollars=as_number(row["dollars"]),
        overdue=done is None and due is not None and due <= through,
    )
