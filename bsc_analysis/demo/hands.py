"""How single practices' systems write what others write in another way: encodings, codes, zones, deliveries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Hand:
    """How a system writes its CSV files."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."


OFFICE_SUITE = Hand("cp1252", ";", ",")
HANDS = {("maple_street", "appointments.csv"): OFFICE_SUITE, ("maple_street", "claims.csv"): OFFICE_SUITE}
CODED = "meadow_park"  # whose appointments bear the codes of an old system
CODES = {"kept": "COMP", "no_show": "NS", "late_cancel": "Cxl <24h", "cancelled": "Cxl", "booked": "SCH"}
OTHER_NO_SHOW = "N/S"  # as one of the front desk types it
NOT_IN_THE_MAP = "RS"  # rescheduled, some say; nobody has mapped it
ZONES = {"east_clinic": "UTC"}  # of the times in the phone export; elsewhere the practice's own
WORKBOOK = "summit_heart"  # whose accountant keeps the ledger apart
CUMULATIVE = "harbor_heart"  # whose claims come anew each quarter, as they then stand
DELIVERED = (np.datetime64("2026-06-30"), np.datetime64("2026-09-30"))


def coded(appointments: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, int]:
    """The appointments with codes for statuses, and how many of them bear one that nobody has mapped."""
    status = appointments["ApptStatus"]
    codes = status.map(CODES).fillna(status)
    typed = (status == "no_show") & appointments["ApptID"].str[-1].isin(list("036"))
    codes = codes.mask(typed, OTHER_NO_SHOW)
    once = np.flatnonzero((status == "cancelled") & ~appointments["ApptID"].duplicated(keep=False))
    odd = rng.choice(once, rng.integers(12, 40), replace=False)
    codes.iloc[odd] = NOT_IN_THE_MAP
    return appointments.assign(ApptStatus=codes), odd.size
