"""Which way is better, turned into a word."""

from __future__ import annotations

DIRECTIONS = ("up", "down", "neutral")


def checked(better: str) -> str:
    """`better` as it came. Raises ValueError where it is none of DIRECTIONS."""
    if better not in DIRECTIONS:
        raise ValueError(f"better is {better!r}; say 'up', 'down' or 'neutral'")
    return better


def word(difference: float, better: str) -> str:
    """'better' or 'worse' of a difference above or below 0; 'neutral' of none, and where neither way is better."""
    if better == "neutral" or difference == 0:
        return "neutral"
    return "better" if (difference > 0) == (better == "up") else "worse"
