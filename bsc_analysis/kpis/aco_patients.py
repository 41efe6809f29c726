"""Patients' KPIs of networks: the CAHPS scores that CMS publishes."""

from bsc_analysis.kpis.kpi import KPI, PeerScore, Published, col
from bsc_analysis.tables import ACO_YEARS


def cahps(domain: str, title: str, plain: str, measure: str) -> KPI:
    """One CAHPS score of a network, as CMS publishes it (0–100, no respondents given)."""
    return Published(
        id=f"cahps_{domain}",
        title=title,
        perspective="patients",
        role="leading",
        better="up",
        unit="score",
        table=ACO_YEARS,
        at="year",
        value=col(f"cahps_{domain}"),
        counts="respondents",
        plain=plain,
        why="Medicare counts it in the quality score, and patients decide by it where to go.",
        formula="the score of 0–100 that CMS publishes",
        source=f"CAHPS for ACOs/MIPS, {measure}; the wording changed in 2018 and 2021, no survey in 2020",
    )


cahps_z = PeerScore(
    id="cahps_z",
    title="Satisfaction against all networks",
    perspective="patients",
    role="leading",
    better="up",
    unit="SD",
    decimals=2,
    counts="respondents",
    of=("cahps_access", "cahps_communication", "cahps_provider_rating", "cahps_specialist_access"),
    plain="How far the four survey scores lie above or below the average network of the same year.",
    why="Comparing within a year takes out changes of wording that hit every network alike.",
    formula="mean of the four scores, each less its year's mean over all networks and divided by its year's SD",
    source="ours, from the published CAHPS scores; SD with n − 1",
)

KPIS = (
    cahps(
        "access",
        "Timely care",
        "How patients score getting appointments, care and information when needed.",
        "CAHPS 1",
    ),
    cahps("communication", "Communication", "How patients score the way providers talk with them.", "CAHPS 2"),
    cahps("provider_rating", "Provider rating", "How patients score their provider, as 0–100.", "CAHPS 3"),
    cahps("specialist_access", "Access to specialists", "How patients score getting to specialists.", "CAHPS 4"),
    cahps_z,
)
