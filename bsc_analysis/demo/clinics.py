"""Who the demo's practices are. All are invented: names and levels say nothing about any real practice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Specialty = Literal["family medicine", "cardiology"]

MONTHS = np.arange("2023-10", "2026-10", dtype="datetime64[M]")
LAST_DAY = np.datetime64("2026-09-30")  # the day on which every system was asked for its export


@dataclass(frozen=True)
class Clinic:
    """One invented practice and the levels around which its months move.

    `visits` are kept visits in a full month; `wait` is in minutes, `revenue` in dollars per kept visit, the
    rest in %. `answering` is the share of kept visits after which the patient answers the survey.
    """

    id: str
    specialty: Specialty
    visits: int
    staff: int
    wait: float
    no_show: float
    provider_rating: float
    new_patients: float
    revenue: float
    cost_ratio: float
    engagement: float
    burnout: float
    sites: tuple[str, ...]
    answering: float = 0.06
    opened: str = "2009-04"
    closed: str = ""  # the first month in which nobody came any more

    @property
    def open(self) -> np.ndarray:
        """For each of MONTHS, whether the practice had opened and not yet closed."""
        return (np.datetime64(self.opened, "M") <= MONTHS) & ~(np.datetime64(self.closed or "NaT", "M") <= MONTHS)

    @property
    def last_day(self) -> np.datetime64:
        """The day on which its systems were asked for their exports."""
        return np.datetime64(self.closed, "M").astype("datetime64[D]") - 1 if self.closed else LAST_DAY


FAMILY: Specialty = "family medicine"
HEART: Specialty = "cardiology"

# fmt: off
CLINICS = (
    #       id                 specialty visits staff wait nosh rate  new    $    cost  eng burn
    Clinic("north_clinic",    FAMILY,   900,  36, 23.0, 7.5, 78, 12.0, 138, 58.5, 62, 30,
           ("North Gate", "Fir Lane")),
    Clinic("east_clinic",     FAMILY,   720,  30, 17.5, 8.5, 80, 11.5, 131, 60.0, 68, 25, ("East Gate",)),
    Clinic("lakeside",        FAMILY,   250,   9, 14.0, 6.0, 83,  9.8, 122, 62.0, 70, 24,
           ("Lakeside",), answering=0.052),
    Clinic("maple_street",    FAMILY,  1100,  44, 19.0, 9.5, 77, 12.5, 146, 56.0, 59, 33,
           ("Maple Street", "Piñon Yard")),
    Clinic("old_mill",        FAMILY,   520,  21, 16.0, 7.0, 81, 10.5, 127, 61.0, 66, 27, ("Old Mill",),
           closed="2026-07"),
    Clinic("meadow_park",     FAMILY,   640,  26, 20.5, 8.0, 79, 13.0, 155, 57.0, 57, 35, ("Meadow Park",)),
    Clinic("orchard_hill",    FAMILY,   480,  19, 15.5, 6.8, 82, 14.5, 134, 61.5, 71, 23,
           ("Orchard Hill",), opened="2025-01"),
    Clinic("harbor_heart",    HEART,   820,  34, 18.5, 6.2, 80, 13.0, 228, 55.0, 64, 29,
           ("Harbor Pier", "Sailmaker Square")),
    Clinic("summit_heart",    HEART,  1400,  55, 21.5, 7.8, 78, 14.0, 246, 53.8, 60, 34,
           ("Summit", "Valley", "Ridge")),
    Clinic("riverside_heart", HEART,   680,  28, 17.0, 6.5, 82, 12.0, 214, 56.5, 65, 28, ("Riverside",)),
    Clinic("cedar_heart",     HEART,   430,  18, 15.0, 7.2, 83, 11.0, 203, 58.0, 69, 25, ("Cedar Grove",)),
    Clinic("bayview_heart",   HEART,   560,  24, 19.5, 8.8, 79, 13.5, 236, 55.5, 58, 36, ("Bayview",)),
)
# fmt: on
