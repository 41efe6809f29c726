"""What was published against what it would be now, and why it moved, from facts alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.disclosure.withhold import FEWEST
from bsc_analysis.ledger.basis import GIVEN
from bsc_analysis.ledger.entry import Entry, period_of

FACTS = ["value", "numerator", "denominator", "n"]
KEY = ["kpi", "grain", "period"]
COLUMNS = [*KEY, "then", "then_n", "then_state", "now", "now_n", "now_state", "causes"]


@dataclass(frozen=True)
class Restated:
    """What has moved since a final.

    `period`, `on`, `n`: the final it is compared with, and when that was made. `moved`: one row per reading that
    differs, of that period and its parts, columns COLUMNS; `causes` is a list of {kind, …}. `goals`: targets and
    breaks that are others now, {kpi, kind, before, after}.
    """

    period: str
    on: str
    n: int
    moved: pd.DataFrame
    goals: list[dict[str, Any]] = field(default_factory=list)

    @property
    def kpis(self) -> list[str]:
        """The KPIs that have moved."""
        return list(dict.fromkeys(self.moved["kpi"]))


def restated(entry: Entry, seen: Disclosed, now: dict[str, Any]) -> Restated:
    """The readings of `entry` that differ from those of `seen`; `now`: the basis of the entry's period today.

    Both have passed withholding, that of differences too. Where either side is withheld, only that is told, without
    any number.
    """
    then = entry.facts("basis.json")
    rows = []
    for reading in _pairs(entry, seen).to_dict("records"):
        if not _differs(reading):
            continue
        span = period_of(seen.group, reading["period"])
        hidden = "withheld" in (reading["state_then"], reading["state_now"])
        causes = [{"kind": "withheld"}] if hidden else _causes(reading["kpi"], span, then, now, seen.guarded)
        rows.append(_row(reading, hidden, causes))
    moved = pd.DataFrame(rows, columns=COLUMNS)
    return Restated(entry.period, entry.on, entry.n, moved, _goals(then, now))


def _pairs(entry: Entry, seen: Disclosed) -> pd.DataFrame:
    """Readings of the entry's period and, at the group's grain, of its parts, by KEY in the card's order."""
    whole = period_of(seen.group, entry.period)
    published = entry.readings
    spans = {text: period_of(seen.group, text) for text in published["period"].unique()}
    parts = [t for t, p in spans.items() if p.start_time >= whole.start_time and p.end_time <= whole.end_time]
    base = published["grain"] == seen.group.shared.grain
    published = published[(published["period"] == entry.period) | (base & published["period"].isin(parts))]
    known = list(entry.facts("basis.json")["kpis"])
    order = {id: i for i, id in enumerate([*seen.kpis, *(id for id in known if id not in seen.kpis)])}
    published = published[published["kpi"].isin(known)]
    both = published.merge(seen.readings, how="left", on=KEY, suffixes=("_then", "_now"))
    both["state_now"] = both["state_now"].mask(~both["kpi"].isin(list(seen.kpis)), "dropped").fillna("no_feed")
    longest = both["period"] != entry.period
    return both.assign(order=both["kpi"].map(order), part=longest).sort_values(["order", "part", "period"])


def _differs(reading: dict[str, Any]) -> bool:
    if reading["state_then"] == reading["state_now"] == "withheld":
        return False
    then, now = ([reading[f"{fact}_{side}"] for fact in FACTS] for side in ("then", "now"))
    alike = np.isclose(np.array(then, float), np.array(now, float), rtol=1e-9, atol=0, equal_nan=True)
    return reading["state_then"] != reading["state_now"] or not alike.all()


def _row(reading: dict[str, Any], hidden: bool, causes: list[dict[str, Any]]) -> dict[str, Any]:
    row = {name: reading[name] for name in KEY} | {"causes": causes}
    for side in ("then", "now"):
        row[side] = np.nan if hidden else reading[f"value_{side}"]
        row[f"{side}_n"] = np.nan if hidden else reading[f"n_{side}"]
        row[f"{side}_state"] = "withheld" if hidden else reading[f"state_{side}"]
    return row


def _causes(kpi: str, span: pd.Period, then: dict, now: dict, guarded: bool) -> list[dict[str, Any]]:
    """All that differs behind a reading of `kpi` in `span`, and `unknown` where nothing does."""
    before, after = then["kpis"][kpi], now["kpis"].get(kpi)
    if after is None:
        return [{"kind": "dropped"}]
    causes = [{"kind": "definition"}] if before["definition"] != after["definition"] else []
    for key in sorted({*before["rows"], *after["rows"], f"{GIVEN}|{kpi}"}):
        causes += _rows(key, span, then, now, guarded)
    tables = {key.split("|")[0] for key in (*before["rows"], *after["rows"])} | {GIVEN}
    feeds = {name for side in (then, now) for name, feed in side["feeds"].items() if feed["table"] in tables}
    params = [{side["feeds"].get(name, {}).get("params", "") for side in (then, now)} for name in sorted(feeds)]
    causes += [{"kind": "feed", "feed": f} for f, p in zip(sorted(feeds), params, strict=True) if len(p - {""}) > 1]
    if then["version"] != now["version"]:
        causes.append({"kind": "code", "before": then["version"], "after": now["version"]})
    return causes or [{"kind": "unknown"}]


def _rows(key: str, span: pd.Period, then: dict, now: dict, guarded: bool) -> list[dict[str, Any]]:
    """What became of the rows behind `key` in the months of `span`."""
    table, *rest = key.split("|")
    (before, first), (after, last) = (_total(side["rows"].get(key, {}), span) for side in (then, now))
    if (before, first) == (after, last):
        return []
    if table == GIVEN:
        return [{"kind": "history"}]
    if rest[-1] == "all":
        return [{"kind": "peers"}]
    feeds = [name for side in (now, then) for name, feed in side["feeds"].items() if feed["table"] == table]
    facts = {"feed": ", ".join(dict.fromkeys(feeds)) or table}
    if before == after:
        return [{"kind": "changed", **facts}]
    kind, n = ("more" if after > before else "fewer"), abs(after - before)
    if guarded and n < FEWEST:
        return [{"kind": f"few_{kind}", **facts}]
    return [{"kind": kind, **facts, "n": n}]


def _total(months: dict[str, list], span: pd.Period) -> tuple[int, int]:
    first, last = f"{span.start_time:%Y-%m}", f"{span.end_time:%Y-%m}"
    inside = [counted for month, counted in months.items() if first <= month <= last]
    return sum(n for n, _ in inside), sum(int(content, 16) for _, content in inside) % 2**64


def _goals(then: dict, now: dict) -> list[dict[str, Any]]:
    """Targets and breaks that are others now: they move no reading, but what is said of it."""
    both = [(id, facts, now["kpis"][id]) for id, facts in then["kpis"].items() if id in now["kpis"]]
    return [
        {"kpi": id, "kind": kind[:-1] if kind == "breaks" else kind, "before": before[kind], "after": after[kind]}
        for id, before, after in both
        for kind in ("target", "breaks")
        if before[kind] != after[kind]
    ]
