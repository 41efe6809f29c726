"""Making one practice's report final: frozen, rendered from what was frozen, and kept whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.engine.job import Job
from bsc_analysis.engine.pages import manifest, pages
from bsc_analysis.errors import CannotWrite, PracticeFailed
from bsc_analysis.ledger import log
from bsc_analysis.ledger.basis import definition
from bsc_analysis.ledger.edition import BEING_MADE, Edition, Final, frozen, open_edition
from bsc_analysis.ledger.entry import Entry, latest
from bsc_analysis.report.card import Card
from bsc_analysis.report.publish import MANIFEST, as_json, publish, state_of
from bsc_analysis.words import day

REPORT = ("report.html", "run.ipynb", "readings.csv")  # what lies under reports/ too


def finalise(job: Job, seen: Disclosed, edition: Edition) -> Entry:
    """The entry that the ledger now holds; reports/ holds its report, and the log says so.

    Raises PracticeFailed where no KPI is complete or a cell fails, and CannotWrite where the disk refuses: the ledger
    is then as it was.
    """
    _refuse_incomplete(seen)
    before = latest(seen.group, job.practice, job.period)
    final = Final(job.on, job.by, before.n + 1 if before else 1)
    texts = frozen(seen, edition, final)
    with tempfile.TemporaryDirectory(prefix="bsc-final-") as folder:  # 0700
        for name, text in texts.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        os.environ[BEING_MADE] = folder  # also for the kernel, which this process starts
        try:
            shown, _ = open_edition(seen.group, job.practice, job.period)
            texts |= pages(job, shown, "final") | {"verdicts.json": _verdicts(shown)}
        finally:
            del os.environ[BEING_MADE]
    place = Path(job.workspace) / "ledger" / job.group / job.period / job.practice / str(final.n)
    publish(place, texts, _manifest(job, seen, final), replace=False)
    entry = Entry(place, job.period, job.practice, final.n)
    note(job.workspace, job.group, "final", entry, by=job.by)
    give_back(job, entry)
    return entry


def give_back(job: Job, entry: Entry) -> None:
    """Let the practice's folder under reports/ hold what the ledger keeps; nothing is written where it does."""
    texts = {name: entry.text(name) for name in REPORT}
    facts = {name: fact for name, fact in entry.facts(MANIFEST).items() if name != "files"}
    if not _holds(job.reports, texts, facts):
        publish(job.reports, texts, facts)


def _holds(folder: Path, texts: dict[str, str], facts: dict[str, Any]) -> bool:
    if state_of(folder) != "final":
        return False
    kept = json.loads((folder / MANIFEST).read_bytes())
    return kept == facts | {"files": {n: hashlib.sha256(text.encode()).hexdigest() for n, text in texts.items()}}


def note(workspace: str | Path, group: str, what: str, entry: Entry, *, by: str, because: str = "") -> None:
    """Add to the log what happened to an entry. Raises CannotWrite where the disk refuses."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    facts = {"what": what, "period": entry.period, "practice": entry.practice, "n": entry.n}
    try:
        log.append(Path(workspace), group, facts | {"by": by, "when": when, "because": because})
    except OSError as error:
        raise CannotWrite(f"ledger/{group}/{log.NAME}: {error.strerror or type(error).__name__}") from None


def held_since(group: str, entry: Entry) -> str:
    """Since when a period is final, and how it is opened again."""
    since = day(pd.Timestamp(entry.on))
    return f"{entry.period} is final since {since}; bsc reopen {group} {entry.period} --because …"


def _refuse_incomplete(seen: Disclosed) -> None:
    own = seen.readings[seen.readings["period"] == str(seen.period)]
    if not own.loc[own["kpi"].isin(list(seen.kpis)), "complete"].any():
        raise PracticeFailed(f"no KPI of it is complete for {seen.period}", section="readings")


def _manifest(job: Job, seen: Disclosed, final: Final) -> dict[str, object]:
    hashes = {id: definition(k) for id, k in seen.kpis.items()}
    return manifest(job, seen) | {"state": "final", "final": asdict(final), "definitions": hashes}


def _verdicts(seen: Disclosed) -> str:
    """What the report said of each KPI."""
    cards = [Card(seen, id) for id in seen.kpis]
    told = {
        c.id: {"value": c.value, "word": c.word, "verdict": c.verdict, "assurance": c.variation.assurance}
        | {"chart": c.varied.choice.chart, "rule": c.variation.rule, "says": c.sentences}
        for c in cards
    }
    return as_json(told)
