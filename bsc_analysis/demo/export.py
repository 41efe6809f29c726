"""Writes the exports of all practices into a folder, and lastly `truth.json`, which says what is in them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from bsc_analysis.demo import planted
from bsc_analysis.demo.acts import agent_of
from bsc_analysis.demo.agents import agent_calls
from bsc_analysis.demo.appointments import appointments
from bsc_analysis.demo.audits import accuracy, audits
from bsc_analysis.demo.billing import bills, claims, office
from bsc_analysis.demo.calls import calls
from bsc_analysis.demo.calls import export as calls_in
from bsc_analysis.demo.causes import leadership, reach
from bsc_analysis.demo.clinics import CLINICS, MONTHS, Clinic
from bsc_analysis.demo.faults import (
    UNKNOWN_OUTCOME,
    UNREADABLE_DAY,
    UNREADABLE_DOLLARS,
    account,
    spoil,
    spoil_appointments,
    spoil_ledger,
    usable,
)
from bsc_analysis.demo.hands import CODED, CUMULATIVE, DELIVERED, HANDS, WORKBOOK, ZONES, Hand, coded
from bsc_analysis.demo.history import history
from bsc_analysis.demo.ledger import ledger
from bsc_analysis.demo.levels import levels, shared_shocks
from bsc_analysis.demo.people import posts, roster, trainings
from bsc_analysis.demo.postings import postings, receivables, transactions
from bsc_analysis.demo.registers import OWN, Kept, registers
from bsc_analysis.demo.reminders import reminders
from bsc_analysis.demo.survey import survey
from bsc_analysis.demo.truth import truth
from bsc_analysis.demo.voices import buy_in
from bsc_analysis.demo.workbook import write_workbook
from bsc_analysis.demo.workshops import hours_per_fte, workshops

TRUTH = "truth.json"
# Beside the practice's first; new ones at the end.
OWN_STREAMS = (
    "phones",
    "billing",
    "audits",
    "people",
    "writing",
    "led",
    "registers",
    "workshops",
    "reminders",
    "agent",
)


def export_all(folder: Path, seed: int, version: int) -> None:
    """Draws everything from `seed` (one stream for what all share, several per practice) and writes it."""
    streams = np.random.SeedSequence(seed).spawn(1 + len(CLINICS))
    shared = shared_shocks(np.random.default_rng(streams[0]))
    files: dict[str, dict] = {}
    books, kept = [], {}
    for clinic, stream in zip(CLINICS, streams[1:], strict=True):
        own = map(np.random.default_rng, stream.spawn(len(OWN_STREAMS)))
        written, kept_books, kept[clinic.id] = export_practice(
            folder, clinic, shared, np.random.default_rng(stream), dict(zip(OWN_STREAMS, own, strict=True))
        )
        files |= written
        books.append(kept_books)
    files |= put(folder, "ledger.csv", *spoil_ledger(pd.concat(books, ignore_index=True)))
    for name, rows in of_the_group({id: own.rows for id, own in kept.items()}).items():
        files |= put(folder, f"{name}.csv", rows.reset_index("practice"), account(len(rows)))
    acts = [act for own in kept.values() for act in own.acts]
    (folder / TRUTH).write_text(json.dumps(truth(files, acts, seed, version), indent=2) + "\n", encoding="utf-8")


def export_practice(
    folder: Path,
    clinic: Clinic,
    shared: dict[str, np.ndarray],
    rng: np.random.Generator,
    streams: dict[str, np.random.Generator],
) -> tuple[dict[str, dict], pd.DataFrame, Kept]:
    """Writes the exports of one practice; what they hold by file, its rows of the group's ledger, and its registers."""
    level = levels(clinic, shared, rng)
    booked = appointments(clinic, level, rng)
    kept = np.bincount(booked["month"][booked["ApptStatus"] == "kept"], minlength=MONTHS.size)
    answers = survey(clinic, level, booked, rng)
    habits = office(clinic, streams["billing"])
    billed = bills(clinic, level, booked, habits, streams["billing"])
    posted = postings(billed, habits, streams["billing"])
    books = ledger(clinic, level, kept, receivables(clinic, billed, posted), rng)
    visits, count = spoil_appointments(clinic.id, booked.drop(columns=["at", "month"]), rng)
    employed = posts(clinic, level, streams["people"])
    writing = streams["writing"]

    files: dict[str, dict] = {}
    if any(told.practice == clinic.id for told in planted.HISTORIES):
        told = history(clinic, usable(visits), writing)
        files |= put(folder, f"{clinic.id}/history.csv", told, account(len(told)))
    if clinic.id == CODED:
        visits, unmapped = coded(visits, writing)
        count = account(count["rows"], count["deduplicated"], **count["quarantined"], unmapped_status=unmapped)
    files |= put(folder, f"{clinic.id}/appointments.csv", visits, count)
    files |= put(folder, f"{clinic.id}/survey.csv", answers, account(len(answers)))
    rung = calls(clinic, kept, streams["phones"])
    rang = calls_in(rung, ZONES.get(clinic.id, "America/New_York"))
    rang = spoil(rang, writing, twice=True, unmapped_outcome=("Result", UNKNOWN_OUTCOME))
    files |= put(folder, f"{clinic.id}/phones.csv", *rang)
    files |= put_claims(folder, clinic, billed, writing)
    journal = transactions(billed, posted, clinic.last_day)
    journal["Amount"] = journal["Amount"].map("{:.2f}".format)
    journal = spoil(journal, writing, twice=True, unreadable_amount=("Amount", UNREADABLE_DOLLARS))
    files |= put(folder, f"{clinic.id}/transactions.csv", *journal)
    listed = roster(employed, clinic, streams["people"])
    taught = workshops(employed, clinic, streams["workshops"])
    led = leadership(level, streams["led"])
    gained = accuracy(clinic, hours_per_fte(taught, employed, listed), led)
    by_hand = registers(clinic, level, kept, led, streams["registers"])
    plain = {
        "audits": audits(clinic, gained, streams["audits"]),
        "roster": listed,
        "trainings": trainings(employed, clinic, streams["people"]),
        "workshops": taught,
        "reminders": reminders(clinic, kept, reach(clinic, level, streams["reminders"]), streams["reminders"]),
        **{name: by_hand.rows[name] for name in OWN},
    }
    agent = agent_of(clinic.id)
    if agent is not None:
        plain["agent"] = agent_calls(rung, agent, streams["agent"])
        plain["buy_in"] = buy_in(clinic, answers, streams["agent"])
    for name, rows in plain.items():
        files |= put(folder, f"{clinic.id}/{name}.csv", rows, account(len(rows)))
    if clinic.id != WORKBOOK:
        return files, books, by_hand
    return files | put_workbook(folder, clinic, books), books.head(0), by_hand


def put_claims(folder: Path, clinic: Clinic, billed: pd.DataFrame, rng: np.random.Generator) -> dict[str, dict]:
    """Writes the claims of one practice: one export, or two of which the later holds the earlier as it then stands."""
    if clinic.id != CUMULATIVE:
        sent = spoil(claims(billed, clinic.last_day), rng, unreadable_date=("Submitted", UNREADABLE_DAY))
        return put(folder, f"{clinic.id}/claims.csv", *sent)
    files: dict[str, dict] = {}
    for day in DELIVERED:
        rows = claims(billed, day)
        again = len(rows) if day != DELIVERED[-1] else 0  # all of them stand in the last one too
        files |= put(folder, f"{clinic.id}/claims_{day}.csv", rows, account(len(rows), deduplicated=again))
    return files


def put(folder: Path, name: str, export: pd.DataFrame, count: dict) -> dict[str, dict]:
    """Writes one file as its system would; its size in bytes and what becomes of its rows, under its name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    practice, _, file = name.partition("/")
    hand = HANDS.get((practice, file), Hand())
    export.to_csv(
        path,
        sep=hand.delimiter,
        decimal=hand.decimal,
        encoding=hand.encoding,
        index=False,
        lineterminator="\n",
    )
    return {name: {"bytes": path.stat().st_size, **count}}


def put_workbook(folder: Path, clinic: Clinic, books: pd.DataFrame) -> dict[str, dict]:
    """Writes the ledger that one practice's accountant keeps."""
    path = folder / clinic.id / "ledger.xlsx"
    cells, layout = write_workbook(path, "Summit Heart Center", books)
    return {f"{clinic.id}/{path.name}": {"bytes": path.stat().st_size, **account(cells + layout, layout=layout)}}


def of_the_group(kept: dict[str, dict[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """The registers that the group keeps for all practices, by name; the first column says whose a row is."""
    names = [name for name in next(iter(kept.values())) if name not in OWN]
    return {name: pd.concat({id: rows[name] for id, rows in kept.items()}, names=["practice"]) for name in names}
