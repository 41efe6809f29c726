"""The limits of a funnel: how far a practice of some size lies from its peers' centre by chance.

Columns LIMITS, one row per size: the 95 % and the 99.8 % limits, in the value's own terms.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from bsc_analysis.analysis.peer_counts import PeerCounts

TAILS = {"lower998": 0.001, "lower95": 0.025, "upper95": 0.975, "upper998": 0.999}
LIMITS = list(TAILS)


def exact_limits(peers: PeerCounts, of: np.ndarray) -> pd.DataFrame:
    """Limits without overdispersion: a value beyond one has at most the chance 2.5 % (0.1 %) to lie so far out.

    Binomial of proportions, Poisson of rates (a limit is a possible count over the denominator, so they run in steps),
    Student's t with the pooled SD of means. The centre is taken as known.
    """
    of = np.asarray(of, dtype=float)
    found = {}
    for name, tail in TAILS.items():
        if peers.kind == "proportion":
            found[name] = stats.binom.ppf(tail, of, peers.centre) / of
        elif peers.kind == "rate":
            found[name] = stats.poisson.ppf(tail, of * peers.centre) / of
        else:
            found[name] = peers.centre + stats.t.ppf(tail, peers.freedom) * peers.errors(of)
    return pd.DataFrame(found)


def adjusted_limits(peers: PeerCounts, of: np.ndarray, tau2: float) -> pd.DataFrame:
    """Limits where practices differ by `tau2` (a variance on the scale of comparison) beyond chance, normal there.

    As FunnelPlotR's, but for ends of the scale that they would cross. With tau2 = 0: the approximate ones without.
    """
    of = np.asarray(of, dtype=float)
    spread = np.sqrt(peers.errors(of) ** 2 + tau2)
    centre = peers.scaled(peers.centre)
    return pd.DataFrame({name: peers.unscaled(centre + stats.norm.ppf(tail) * spread) for name, tail in TAILS.items()})


def limits(peers: PeerCounts, of: np.ndarray, tau2: float) -> pd.DataFrame:
    """The limits that a practice is judged by: exact ones, widened to the adjusted ones where there is overdispersion.

    Never narrower than exact: at few expected events the scale's normal limits are too narrow.
    """
    exact = exact_limits(peers, of)
    if tau2 <= 0:
        return exact
    wide = adjusted_limits(peers, of, tau2)
    lower = [name for name in LIMITS if name.startswith("lower")]
    upper = [name for name in LIMITS if name.startswith("upper")]
    return pd.concat([np.minimum(exact[lower], wide[lower]), np.maximum(exact[upper], wide[upper])], axis=1)[LIMITS]
