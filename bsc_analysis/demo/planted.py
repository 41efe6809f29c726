"""What is true about the demo: the links that act, those that do not, and the stories of single practices.

`levels.py` plants from here and `truth.json` prints from here, so that the two cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlantedLink:
    """`effect`: lagging unit per unit of the leading KPI's latent level, `lag` months later.

    Readings carry sampling noise, so a slope fitted to them comes out smaller than `effect`.
    """

    leading: str
    lagging: str
    lag: int
    effect: float


@dataclass(frozen=True)
class Story:
    """A lasting step of one practice's KPI; what follows from it through a link is not listed again."""

    practice: str
    kpi: str
    since: str
    step: float
    because: str


LINKS = (
    PlantedLink("engagement", "wait_median", lag=1, effect=-0.35),
    PlantedLink("wait_median", "provider_rating", lag=2, effect=-1.0),
    PlantedLink("provider_rating", "new_patient_share", lag=3, effect=0.4),
)

# Declared in the params, and nothing in the simulation: burnout moves with engagement but never acts on
# no-shows; kept visits, revenue and cost are drawn without a look at no-shows (slots are overbooked).
NOT_PLANTED = (("burnout", "no_show_rate"), ("no_show_rate", "operating_cost_ratio"))

STORIES = (
    Story("north_clinic", "wait_median", "2025-07", -6.0, "a second front desk opened"),
    Story("harbor_heart", "no_show_rate", "2026-02", 4.0, "reminder calls ended"),
    Story("east_clinic", "engagement", "2025-12", -18.0, "posts stay vacant after the winter"),
    Story("east_clinic", "burnout", "2025-12", 16.0, "posts stay vacant after the winter"),
)
REMARKS = {
    "orchard_hill": "opened in 2025-01: no rows before, and a first half year of filling up",
    "lakeside": "the smallest: some months have fewer than ten patients' or five staff's answers",
}


def link(leading: str, lagging: str) -> PlantedLink:
    """The planted link between these two KPIs."""
    return next(planted for planted in LINKS if (planted.leading, planted.lagging) == (leading, lagging))
