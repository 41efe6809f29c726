"""All registers of one practice, in the columns of their templates, and what it says of how far they are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsc_analysis.demo.actions import actions, acts_of, initiatives, participation
from bsc_analysis.demo.acts import Act
from bsc_analysis.demo.clinics import MONTHS, Clinic
from bsc_analysis.demo.incidents import SINCE, complaints, safety_events, transfers_out
from bsc_analysis.demo.levels import Levels
from bsc_analysis.demo.reviews import decisions, reviews, sign_offs
from bsc_analysis.demo.voices import concerns, ideas
from bsc_analysis.tables import KEPT, TABLES

OWN = ("complaints", "safety_events", "transfers_out", "registers")  # files of each practice; the rest are the group's
EARLIER = ("reviews", "transfers_out")  # kept since the first of MONTHS
SILENT = ("cedar_heart", "ideas")  # says nothing of how far it is kept


@dataclass(frozen=True)
class Kept:
    """The rows of each register by its name, and the acts that stand among the actions."""

    rows: dict[str, pd.DataFrame]
    acts: list[Act]


def registers(clinic: Clinic, level: Levels, kept: np.ndarray, led: np.ndarray, rng: np.random.Generator) -> Kept:
    """Everything that the practice wrote down by hand."""
    acts = acts_of(clinic, level)
    undertaken, held = actions(clinic, acts, rng), reviews(clinic, led, rng)
    rows = {
        "actions": undertaken,
        "initiatives": initiatives(clinic, rng),
        "ideas": ideas(clinic, rng),
        "concerns": concerns(clinic, rng),
        "reviews": held,
        "decisions": decisions(clinic, held, rng),
        "sign_offs": sign_offs(clinic, rng),
        "participation": participation(undertaken, acts, rng),
        "safety_events": safety_events(clinic, kept, rng),
        "complaints": complaints(clinic, kept, rng),
        "transfers_out": transfers_out(clinic, level, kept, rng),
        "registers": statements(clinic),
    }
    return Kept({name: as_template(name, frame) for name, frame in rows.items()}, acts)


def statements(clinic: Clinic) -> pd.DataFrame:
    """Which registers are kept, since when and up to which day."""
    first = max(MONTHS[0], np.datetime64(clinic.opened, "M"))
    rows = [
        (table.name, str(max(first, MONTHS[0] if table.name in EARLIER else SINCE)) + "-01", str(clinic.last_day))
        for table in KEPT
        if (clinic.id, table.name) != SILENT
    ]
    return pd.DataFrame(rows, columns=["register", "since", "through"])


def as_template(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns of the table's template, in its order."""
    return rows[[column.name for column in TABLES[table].columns]]
