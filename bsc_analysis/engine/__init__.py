"""Runs: every practice of a group through the same path, one's trouble its own, results whole or not at all."""

import bsc_analysis.report  # noqa: F401  (before nbformat; see there)
