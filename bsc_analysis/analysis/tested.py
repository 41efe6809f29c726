"""A declared link as reports show it: what the group says, what a practice or each of them says, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bsc_analysis.analysis.attenuation import Attenuation
from bsc_analysis.analysis.departures import Departure, Departures
from bsc_analysis.analysis.shape import Moderated, Saturation
from bsc_analysis.analysis.verdict import Verdict
from bsc_analysis.params.models import Link

UNTESTED = "untested"  # instead of an answer, where a practice alone has too little to be tested


@dataclass(frozen=True)
class Tested:
    """One link of the strategy map and its evidence, judged.

    `group`: the verdict of all practices together; `own`: that of this practice alone; `since`: the group's on what
    came after the link was declared. Only where the group's test passed: `departure`, how far this practice's effect
    lies from the group's; `saturation`, whether the effect fades where the leading KPI is high; `attenuation`, what it
    would be without the leading readings' sampling errors; `moderated`, whether it depends on the link's `by`; None
    each where it was not asked. `standing`: '', 'new' (its answer appears for the first time), 'confirmed' (it stood in
    an earlier final too) or 'changed' (the earlier final said otherwise: `before`). `edits`: how often it was edited
    since it was first declared; each counts as a test.
    """

    link: Link
    group: Verdict
    own: Verdict
    since: Verdict | None = None
    departure: Departure | None = None
    saturation: Saturation | None = None
    attenuation: Attenuation | None = None
    moderated: Moderated | None = None
    standing: str = ""
    before: str = ""
    edits: int = 0


@dataclass(frozen=True)
class Shared:
    """One link that a group's practices share, across them.

    `tested`: what all say together; no single practice's `own` is in it. `departures`: how far each lies from the
    group, only where the group's test passed. `alone`: practice → its own answer, or 'untested'.
    """

    tested: Tested
    departures: Departures | None
    alone: Mapping[str, str]
