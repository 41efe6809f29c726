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
class Moderation:
    """A planted link whose effect changes by `change` for each unit of `by` in the leading KPI's month."""

    leading: str
    lagging: str
    by: str
    change: float


@dataclass(frozen=True)
class Story:
    """A lasting step of one practice's KPI; what follows from it through a link is not listed again."""

    practice: str
    kpi: str
    since: str
    step: float
    because: str


@dataclass(frozen=True)
class Drift:
    """A KPI of one practice that goes steadily from `begins` to `ends` (in its unit) between two months."""

    practice: str
    kpi: str
    since: str
    until: str
    begins: float
    ends: float
    because: str


@dataclass(frozen=True)
class TrainingNeed:
    """A team of one practice in whose work one pattern shows; of `share` of its cases, whoever had them, it is told."""

    practice: str
    pattern: str
    team: str
    share: float


@dataclass(frozen=True)
class Silence:
    """Days, both included, of which one practice's export holds no row."""

    practice: str
    export: str
    since: str
    until: str
    because: str


@dataclass(frozen=True)
class Merger:
    """Another site joins a practice, which has `growth` times the visits from then on; its steps are stories."""

    practice: str
    at: str
    site: str
    growth: float


@dataclass(frozen=True)
class History:
    """Ready-made no-show rates before a practice's rows; in the overlap they are `told` times those of the rows."""

    practice: str
    told: float
    because: str


LINKS = (
    PlantedLink("engagement", "wait_median", lag=1, effect=-0.45),
    PlantedLink("wait_median", "provider_rating", lag=2, effect=-1.3),
    PlantedLink("provider_rating", "new_patient_share", lag=3, effect=0.5),
)

# Drawn together: what moves the first moves the second in the same month, and so tells of all that the first moves.
TOGETHER = PlantedLink("engagement", "burnout", lag=0, effect=-0.3)

# Declared in the params, and nothing in the simulation: burnout moves with engagement but never acts on
# no-shows; kept visits, revenue and cost are drawn without a look at no-shows (slots are overbooked).
NOT_PLANTED = (("burnout", "no_show_rate"), ("no_show_rate", "operating_cost_ratio"))

# The chains that leaders believe in, and which of their links act, beside LINKS. The others do not: kept visits earn
# the same whatever was missed, and ratings are drawn without a look at the phones.
CHAINS = (
    ("leadership_engagement", "engagement"),
    ("training_hours", "billing_accuracy"),
    ("reminder_reach", "no_show_rate", "net_revenue_per_visit"),
    ("abandonment_all", "provider_rating", "voluntary_leaving"),
)
CHAIN_LINKS = (
    PlantedLink("leadership_engagement", "engagement", lag=1, effect=0.25),
    PlantedLink("training_hours", "billing_accuracy", lag=1, effect=1.5),
    PlantedLink("reminder_reach", "no_show_rate", lag=1, effect=-0.085),
    PlantedLink("provider_rating", "voluntary_leaving", lag=2, effect=-0.5),
)
ONLY_BELIEVED = (("no_show_rate", "net_revenue_per_visit"), ("abandonment_all", "provider_rating"))
# For each point of leadership engagement above its usual in the month of the training, an hour of it brings more.
STRENGTHENED = Moderation("training_hours", "billing_accuracy", by="leadership_engagement", change=0.03)

STORIES = (
    Story("north_clinic", "wait_median", "2025-07", -6.0, "a second front desk opened"),
    Story("harbor_heart", "no_show_rate", "2026-02", 4.0, "reminder calls ended"),
    Story("east_clinic", "engagement", "2025-12", -18.0, "posts stay vacant after the winter"),
    Story("east_clinic", "burnout", "2025-12", 16.0, "posts stay vacant after the winter"),
    Story("cedar_heart", "provider_rating", "2026-01", -8.0, "another site joined"),
    Story("cedar_heart", "net_revenue_per_visit", "2026-01", 30.0, "another site joined"),
    Story("meadow_park", "denial_rate", "2026-03", 8.0, "a payer asks for authorisations (CO-197)"),
)
DRIFTS = (
    Drift("riverside_heart", "response_rate", "2025-12", "2026-09", 6.0, 2.5, "invitations go to outdated addresses"),
)
SILENCES = (Silence("bayview_heart", "phones.csv", "2026-05-02", "2026-05-31", "the phone system failed"),)
NEEDS = (TrainingNeed("maple_street", "billing_errors", "Team Amber", 0.5),)  # no other team's work stands out
MERGERS = (Merger("cedar_heart", "2026-01", "Juniper Lane", 1.6),)
HISTORIES = (
    History("north_clinic", 1.0, "counted as the rows are: the overlap is equal"),
    History("summit_heart", 1.08, "cancellations on the day were counted as no-shows: the overlap differs"),
)
REMARKS = {
    "orchard_hill": "opened in 2025-01: no rows before, and a first half year of filling up",
    "old_mill": "closed at the end of 2026-06, and its systems with it: no rows after",
    "lakeside": "the smallest: some months have fewer than ten patients' or five staff's answers; no safety event in "
    "its register, which is kept",
    "cedar_heart": "keeps a register of ideas and does not say how far it reaches",
}


def link(leading: str, lagging: str) -> PlantedLink:
    """The planted link between these two KPIs."""
    return next(
        planted for planted in (*LINKS, *CHAIN_LINKS) if (planted.leading, planted.lagging) == (leading, lagging)
    )


def unplanted() -> tuple[tuple[str, str], ...]:
    """Ordered pairs of the KPIs of LINKS and NOT_PLANTED of which neither's past can tell of the other: no chain of
    LINKS and TOGETHER, followed in either direction, joins them.

    What such a chain joins has a cause in common, if only months ago, and counts as neither planted nor unplanted:
    rating → wait has no link, but past ratings tell of past waits, which the readings hold only with chance in them.
    """
    joined = (*LINKS, TOGETHER)
    kpis = dict.fromkeys(kpi for pair in (*((p.leading, p.lagging) for p in joined), *NOT_PLANTED) for kpi in pair)
    chain = {kpi: {kpi} for kpi in kpis}
    for planted in joined:
        both = chain[planted.leading] | chain[planted.lagging]
        chain |= dict.fromkeys(both, both)
    return tuple((leading, lagging) for leading in kpis for lagging in kpis if lagging not in chain[leading])
