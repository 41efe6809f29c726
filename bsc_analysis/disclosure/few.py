"""Labels behind which too few people stand, put together so that no sum or difference tells of them."""

from __future__ import annotations

from collections.abc import Mapping

from bsc_analysis.readings.labels import OTHERS


def together(people: Mapping[str, int], least: int) -> dict[str, str]:
    """Each label → itself, or OTHERS where fewer than `least` people have it.

    Where those put together are too few as well, the smallest of the rest join them: whoever knows the whole and all
    that are named would know them too. If all are OTHERS, they may still be fewer than `least`.
    """
    few = {label for label, n in people.items() if n < least or label == OTHERS}
    rest = sorted(set(people) - few, key=lambda label: (people[label], label))
    while few and rest and sum(people[label] for label in few) < least:
        few.add(rest.pop(0))
    return {label: OTHERS if label in few else label for label in people}
