"""Registers of actions and series with a planted effect, written by hand, for tests of what came of what was done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from bsc_analysis.params import Group
from bsc_analysis.store import Store
from tests.stores import group_of, rows, store_of

MONTHS = pd.period_range("2023-10", periods=36, freq="M")
QUARTER = pd.Period("2026Q3", freq="Q-DEC")
SIDES = ["numerator", "denominator", "value", "n"]


def series(kpi: str, seed: int = 1, practices: str = "a", n: float = 1000, **steps: tuple[str, float]) -> pd.DataFrame:
    """Ready-made months of a KPI about 20, with noise of 0.8; `steps`: practice → since when, by how much."""
    rng, found = np.random.default_rng(seed), []
    for practice in practices:
        values = 20 + rng.standard_normal(len(MONTHS)) * 0.8
        at, by = steps.get(practice, ("2026-09", 0.0))
        values[pd.Period(at, "M") <= MONTHS] += by
        months = [(practice, kpi, str(m), None, None, v, n) for m, v in zip(MONTHS, values, strict=True)]
        found.append(pd.DataFrame(months, columns=["practice", "kpi", "period", *SIDES]))
    return pd.concat(found)


def register(text: str, table: str = "actions") -> pd.DataFrame:
    """A register as text, as tests.stores.rows, with _ for the blanks within a cell of text."""
    told = rows(text, table)
    words = [name for name in ("title", "owner", "trigger", "learnt", "decision", "objective") if name in told]
    return told.assign(**{name: told[name].str.replace("_", " ") for name in words})


def acted(folder, text: str, *given: pd.DataFrame, practices: str = "a", group=None, **tables) -> tuple[Group, Store]:
    """A group whose register of actions is `text`, with ready-made readings."""
    told = pd.concat(given)
    store = store_of(folder, actions=register(text), given_readings=told, **tables)
    asked = {"report": "quarter"} | (group or {})
    group = group_of(sorted(set(told["kpi"])), list(practices), **asked)
    named = {id: replace(p, breaks=tuple(group.shared.breaks)) for id, p in group.practices.items()}
    return replace(group, practices=named), store
