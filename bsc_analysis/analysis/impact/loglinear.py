"""Counts as exp(terms) times what they are out of: Poisson's regression by iterated least squares, step by step as in
R's glm, so that its figures come out to the last digit that it prints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SETTLED, ROUNDS = 1e-8, 25  # relative change of the deviance; R's own


@dataclass(frozen=True)
class LogLinear:
    """`coefficients`; `spread`: their covariance at dispersion 1; `mean`: expected counts; `dispersion`: Pearson's χ²
    per degree of freedom; `settled`: whether the last step changed nothing."""

    coefficients: np.ndarray
    spread: np.ndarray
    mean: np.ndarray
    dispersion: float
    deviance: float
    freedom: int
    settled: bool


def log_linear(counts: np.ndarray, terms: np.ndarray, exposure: np.ndarray, settled: float = SETTLED) -> LogLinear:
    """The regression of `counts` (n, none negative) on `terms` (n × k, of full rank), of `exposure` (n, above 0).

    As in R, errors and dispersion come from the weights of the last step.
    """
    offset, freedom = np.log(exposure), len(counts) - terms.shape[1]
    mean, last, still = counts + 0.1, np.inf, False
    found, weights, deviance = np.zeros(terms.shape[1]), mean, np.inf
    for _ in range(ROUNDS):
        weights, working = mean, np.log(mean) - offset + (counts - mean) / mean
        root = np.sqrt(weights)
        found = np.linalg.lstsq(root[:, None] * terms, root * working)[0]
        mean = np.exp(np.clip(offset + terms @ found, -300, 300))
        logs = counts * np.log(np.where(counts > 0, counts, 1.0) / mean)
        deviance = float(2 * (logs - (counts - mean)).sum())
        still = abs(deviance - last) < settled * (abs(deviance) + 0.1)
        if still:
            break
        last = deviance
    spread = np.linalg.pinv(terms.T @ (weights[:, None] * terms))
    dispersion = float((weights * ((counts - mean) / mean) ** 2).sum()) / max(freedom, 1)
    return LogLinear(found, spread, mean, dispersion, deviance, freedom, still)
