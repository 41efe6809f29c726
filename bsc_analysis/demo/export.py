"""Writes the exports of all practices into a folder, and lastly `truth.json`, which says what is in them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from bsc_analysis.demo import planted
from bsc_analysis.demo.appointments import appointments
from bsc_analysis.demo.clinics import CLINICS, LAST_DAY, MONTHS
from bsc_analysis.demo.faults import account, spoil_appointments, spoil_ledger
from bsc_analysis.demo.ledger import ledger
from bsc_analysis.demo.levels import levels, shared_shocks
from bsc_analysis.demo.survey import survey

TRUTH = "truth.json"


def export_all(folder: Path, seed: int, version: int) -> None:
    """Draws everything from `seed` (one stream for what all share, one per practice) and writes it."""
    streams = np.random.SeedSequence(seed).spawn(1 + len(CLINICS))
    of_group, *of_practices = (np.random.default_rng(stream) for stream in streams)
    shared = shared_shocks(of_group)
    files: dict[str, dict] = {}
    books = []
    for clinic, rng in zip(CLINICS, of_practices, strict=True):
        level = levels(clinic, shared, rng)
        booked = appointments(clinic, level, rng)
        kept = np.bincount(booked["month"][booked["ApptStatus"] == "kept"], minlength=MONTHS.size)
        answers = survey(clinic, level, booked, rng)
        books.append(ledger(clinic, level, kept, rng))
        spoilt, count = spoil_appointments(clinic.id, booked.drop(columns=["at", "month"]), rng)
        files |= put(folder, f"{clinic.id}/appointments.csv", spoilt, count)
        files |= put(folder, f"{clinic.id}/survey.csv", answers, account(len(answers)))
    files |= put(folder, "ledger.csv", *spoil_ledger(pd.concat(books, ignore_index=True)))
    (folder / TRUTH).write_text(json.dumps(truth(files, seed, version), indent=2) + "\n", encoding="utf-8")


def put(folder: Path, name: str, export: pd.DataFrame, count: dict) -> dict[str, dict]:
    """Writes one file; its size in bytes and what becomes of its rows, under its name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    export.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    return {name: {"bytes": path.stat().st_size, **count}}


def truth(files: dict[str, dict], seed: int, version: int) -> dict:
    """All that is true about the exports, in plain types."""
    return {
        "seed": seed,
        "version": version,
        "data_through": str(LAST_DAY),
        "links_planted": [asdict(link) for link in planted.LINKS],
        "links_not_planted": [{"leading": x, "lagging": y} for x, y in planted.NOT_PLANTED],
        "stories": [asdict(story) for story in planted.STORIES],
        "remarks": planted.REMARKS,
        "files": files,
    }
