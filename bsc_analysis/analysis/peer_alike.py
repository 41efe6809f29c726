"""Whether practices differ at all: the chance that practices which are alike lie as far apart as these do.

Source: Pearson's χ² of one share (rate) for all. Where a practice would have few events its distribution is drawn,
given all practices' events together, because it is no χ² there; nor are sums of squares on the funnel's scale: at an
event or two a practice they would call 30 practices that are alike different in half of all cases.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from bsc_analysis.analysis.peer_counts import Kind

FEW = 5  # events, or cases without one, expected of a practice; below, χ² is no more than near
MOST = 1e9  # cases that numpy draws from
DRAWS, SEED = 4_999, 5


def p_alike(count: np.ndarray, of: np.ndarray, kind: Kind) -> float:
    """The p-value of `count` events over `of` (both by practice) if all have one share ('proportion') or rate ('rate').

    Raises ValueError for means, which are no counts.
    """
    if kind not in ("proportion", "rate"):
        raise ValueError(f"kind is {kind!r}; say 'proportion' or 'rate'")
    events, cases = count.sum(), of.sum()
    expected = of * (events / cases)
    apart = float(((count - expected) ** 2 / expected).sum())
    fewest, without = float(expected.min()), 1.0
    if kind == "proportion":
        fewest, without = min(fewest, float((of - expected).min())), (cases - events) / cases
    if fewest >= FEW or (kind == "proportion" and cases >= MOST):
        return float(stats.chi2.sf(apart / without, len(of) - 1))
    rng = np.random.default_rng(SEED)
    if kind == "proportion":
        drawn = rng.multivariate_hypergeometric(of.astype(int), int(events), DRAWS, method="marginals")
    else:
        drawn = rng.multinomial(int(events), of / cases, DRAWS)
    as_far = ((drawn - expected) ** 2 / expected).sum(axis=1) >= apart * (1 - 1e-9)
    return float((1 + as_far.sum()) / (1 + DRAWS))
