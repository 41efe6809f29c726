"""Evidence of leading: what was due is counted, what is not due yet waits, what has no date is told."""

from __future__ import annotations

import pandas as pd
import pytest

from bsc_analysis.analysis.interval import share
from bsc_analysis.analysis.people_registers import done_by_role, in_time, owners_who_commented, reviewed, reviews

TODAY = pd.Timestamp("2026-09-30")


def register(text: str, columns: str, days: str) -> pd.DataFrame:
    """Rows a line, ~ is missing; the columns `days` are days."""
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=columns.split()).replace("~", None)
    return frame.astype(dict.fromkeys(days.split(), "datetime64[us]"))


def test_ideas_are_decided_in_time_late_or_still_in_time():
    ideas = register(
        """
        2026-07-01 2026-07-20
        2026-07-01 2026-09-01
        2026-07-01 ~
        2026-09-20 ~
        2026-09-20 2026-09-21
        2026-09-01 2026-10-02
        ~          2026-09-02
        2026-09-10 2026-09-02
        """,
        "received_at decided_at",
        "received_at decided_at",
    )
    found = in_time(ideas, opened="received_at", closed="decided_at", within_days=30, as_of=TODAY)
    assert (found.count, found.of, found.pending, found.undated) == (2, 4, 2, 2)
    assert found.share == share(2, 4)


def test_nothing_due_is_no_share():
    none = register("", "received_at decided_at", "received_at decided_at")
    found = in_time(none, opened="received_at", closed="decided_at", within_days=30, as_of=TODAY)
    assert (found.of, found.share.reason) == (0, "no_denominator")


def test_a_definition_never_reviewed_is_overdue():
    told = register("2026-01-01\n2025-01-01\n~\n2026-12-01", "reviewed_at", "reviewed_at")
    assert (reviewed(told, every_days=365, as_of=TODAY).count, reviewed(told, every_days=365, as_of=TODAY).of) == (1, 4)


def test_reviews_are_held_with_a_quorum_and_decide():
    told = register(
        """
        2026-07-10 2026-07-12 6 4 3
        2026-08-10 2026-08-10 6 2 1
        2026-09-10 2026-09-10 6 3 0
        2026-09-20 ~          6 ~ ~
        2026-10-10 ~          6 ~ ~
        ~          2026-07-12 6 4 3
        """,
        "planned_at held_at invited attended decisions",
        "planned_at held_at",
    ).astype({"invited": float, "attended": float, "decisions": float})
    found = reviews(told, quorum=0.5, as_of=TODAY)
    parts = {name: getattr(found, name) for name in ("held", "quorate", "decided", "sound")}
    assert {name: (each.count, each.of) for name, each in parts.items()} == {
        "held": (3, 4),
        "quorate": (2, 3),
        "decided": (2, 3),
        "sound": (1, 3),
    }
    assert (found.decisions, found.held.pending, found.held.undated) == (4, 1, 1)
    with pytest.raises(ValueError, match="give the share of the invited"):
        reviews(told, quorum=50, as_of=TODAY)


def test_an_owner_has_commented_when_all_was_commented_in_time():
    asked = register(
        """
        ann 2026-09-01
        ann ~
        bob 2026-09-29
        cy  2026-10-05
        ~   ~
        """,
        "owner commented_at",
        "commented_at",
    )
    found, silent = owners_who_commented(asked, by=TODAY)
    assert (found.count, found.of, found.undated, silent) == (1, 3, 1, ("ann", "cy"))


def test_taking_part_before_go_live_is_counted_by_role_and_once_per_person():
    roster = register("p1 provider\np2 provider\na1 admin\na2 admin\na3 admin\nx ~", "person role", "")
    deeds = register(
        """
        p1 2026-05-01
        p1 2026-06-01
        a1 2026-09-30T16:00
        a2 2026-10-01
        a3 ~
        zz 2026-05-01
        """,
        "person at",
        "at",
    )
    found = done_by_role(roster, deeds, by=TODAY)
    assert {role: (each.count, each.of) for role, each in found.items()} == {
        "": (2, 6),
        "admin": (1, 3),
        "provider": (1, 2),
    }
    assert (found[""].unknown, found[""].undated) == (1, 1)
    with pytest.raises(ValueError, match="names a person twice"):
        done_by_role(pd.concat([roster, roster]), deeds, by=TODAY)
    with pytest.raises(ValueError, match="has no at"):
        done_by_role(roster, roster, by=TODAY)
