"""Runs: every practice of a group through the same path, one's trouble its own, results whole or not at all."""
