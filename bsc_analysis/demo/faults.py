"""What goes wrong in the demo's exports on purpose, and how many rows a correct reader must refuse for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

CONFLICTING = ("maple_street", "riverside_heart")  # whose files give one ApptID to two different bookings
IMPOSSIBLE_STATUS = "KEPT?"
UNREADABLE_TIME = "31/09/2026 25:10"
UNREADABLE_AMOUNT = "1,5"
UNREADABLE_DAY = "pending"
UNREADABLE_DOLLARS = "12O.50"  # the letter O
UNKNOWN_OUTCOME = "XFR"
UNKNOWN_PRACTICE = "willow_bend"


def account(rows: int, deduplicated: int = 0, layout: int = 0, **quarantined: int) -> dict:
    """What becomes of the rows of one file: used, quarantined by fault, deduplicated, only layout."""
    refused = {fault: n for fault, n in quarantined.items() if n}
    used = rows - deduplicated - layout - sum(refused.values())
    return {"rows": rows, "used": used, "deduplicated": deduplicated, "layout": layout, "quarantined": refused}


def spoil(
    export: pd.DataFrame, rng: np.random.Generator, twice: bool = False, **faults: tuple[str, str]
) -> tuple[pd.DataFrame, dict]:
    """The export with a few cells made unreadable, perhaps some rows delivered twice at its end, and their counts.

    `faults`: the name of a fault → its column and what then stands in it. No row has two.
    """
    counts = dict(zip(faults, rng.integers(2, 7, len(faults)).tolist(), strict=True))
    again = int(rng.integers(5, 31)) if twice else 0
    picked = rng.choice(len(export), again + sum(counts.values()), replace=False)
    spoilt = export.reset_index(drop=True)
    start = again
    for fault, (column, text) in faults.items():
        spoilt.loc[picked[start : start + counts[fault]], column] = text
        start += counts[fault]
    spoilt = pd.concat([spoilt, spoilt.loc[np.sort(picked[:again])]])
    return spoilt, account(len(spoilt), deduplicated=again, **counts)


def usable(spoilt: pd.DataFrame) -> pd.DataFrame:
    """The appointments of a spoilt export that a correct reader uses."""
    once = spoilt.drop_duplicates()
    bad = (once["ApptStatus"] == IMPOSSIBLE_STATUS) | (once["ApptTime"] == UNREADABLE_TIME)
    return once[~(bad | once["ApptID"].duplicated(keep=False))]


def spoil_appointments(practice: str, export: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, dict]:
    """The export with rows delivered twice, impossible statuses, unreadable times and perhaps a shared id.

    No row has two faults. The rows delivered twice stand at the end, as a second delivery would.
    """
    twice, status, time = rng.integers(5, 31), rng.integers(2, 7), rng.integers(2, 6)
    shared = 2 if practice in CONFLICTING else 0
    past = np.flatnonzero(export["ApptStatus"] != "booked")
    picked = rng.choice(past, twice + status + time + shared, replace=False)
    again, odd, undated, same = np.split(picked, np.cumsum([twice, status, time]))
    spoilt = export.copy()
    spoilt.loc[odd, "ApptStatus"] = IMPOSSIBLE_STATUS
    spoilt.loc[undated, "ApptTime"] = UNREADABLE_TIME
    if shared:
        spoilt.loc[same, "ApptID"] = spoilt.loc[same[0], "ApptID"]
    spoilt = pd.concat([spoilt, spoilt.loc[np.sort(again)]])
    truth = account(
        len(spoilt),
        deduplicated=int(twice),
        impossible_status=int(status),
        unreadable_time=int(time),
        conflicting_id=shared,
    )
    return spoilt, truth


def spoil_ledger(export: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """The ledger with one row of a practice that is not in the group and one amount that is no number.

    Both rows come on top, so that no practice's books lack an account.
    """
    stray = export.tail(1).assign(Clinic=UNKNOWN_PRACTICE)
    fee = export.tail(1).assign(Account="5910", AccountGroup="other_cost", Amount=UNREADABLE_AMOUNT)
    money = export.assign(Amount=export["Amount"].map("{:.2f}".format))
    stray = stray.assign(Amount=stray["Amount"].map("{:.2f}".format))
    spoilt = pd.concat([money, fee, stray])
    return spoilt, account(len(spoilt), unknown_practice=1, unreadable_amount=1)
