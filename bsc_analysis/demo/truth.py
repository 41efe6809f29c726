"""All that is true about the demo's exports, as `truth.json` tells it."""

from __future__ import annotations

from dataclasses import asdict

from bsc_analysis.demo import planted
from bsc_analysis.demo.acts import Act
from bsc_analysis.demo.agents import CLAIMS
from bsc_analysis.demo.clinics import CLINICS, LAST_DAY
from bsc_analysis.demo.voices import FEELING, SHIFT
from bsc_analysis.demo.workshops import TOOL_GAIN


def truth(files: dict[str, dict], acts: list[Act], seed: int, version: int) -> dict:
    """All that is true about the exports, in plain types."""
    return {
        "seed": seed,
        "version": version,
        "data_through": str(LAST_DAY),
        "links_planted": [asdict(link) for link in planted.LINKS],
        "links_not_planted": [{"leading": x, "lagging": y} for x, y in planted.NOT_PLANTED],
        "chains": [list(chain) for chain in planted.CHAINS],
        "chain_links_planted": [asdict(link) for link in planted.CHAIN_LINKS],
        "chain_links_not_planted": [{"leading": x, "lagging": y} for x, y in planted.ONLY_BELIEVED],
        "strengthened": asdict(planted.STRENGTHENED),
        "acts": [asdict(act) for act in acts],
        "claims": CLAIMS,
        "buy_in": {"a_month_before": FEELING, "change_if_involved": SHIFT[True], "change_if_not": SHIFT[False]},
        "confidence_gain": TOOL_GAIN,
        "training_needs": [asdict(need) for need in planted.NEEDS],
        "stories": [asdict(story) for story in planted.STORIES],
        "drifts": [asdict(drift) for drift in planted.DRIFTS],
        "silences": [asdict(silence) for silence in planted.SILENCES],
        "mergers": [asdict(merger) for merger in planted.MERGERS],
        "histories": [asdict(told) for told in planted.HISTORIES],
        "closed": {clinic.id: str(clinic.last_day) for clinic in CLINICS if clinic.closed},
        "remarks": planted.REMARKS,
        "files": files,
    }
