"""Evidence of leading: what was due is counted, what is not due yet waits, what has no date is told."""

from __future__ import annotations

import pandas as pd
import pytest

from bsc_analysis.analysis.interval import share
from bsc_analysis.analysis.people_registers import in_time, involved_before, owners_who_commented, reviewed, reviews

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
    assert (found.count, found.of, found.pending, found.undated) == (1, 3, 3, 2)
    assert found.share == share(1, 3)


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
        2026-07-10 held    4 4 3
        2026-08-10 held    3 4 1
        2026-09-10 held    5 4 0
        2026-09-12 held    5 ~ 2
        2026-09-13 held    ~ 4 ~
        2026-09-20 missed  ~ 4 ~
        2026-09-25 planned ~ 4 ~
        2026-10-10 planned ~ 4 ~
        ~          held    4 4 3
        """,
        "scheduled_at status attended quorum decisions",
        "scheduled_at",
    ).astype({"attended": "Float64", "quorum": "Float64", "decisions": "Float64"})
    found = reviews(told, as_of=TODAY)
    parts = {name: getattr(found, name) for name in ("held", "quorate", "decided", "sound")}
    assert {name: (each.count, each.of) for name, each in parts.items()} == {
        "held": (5, 6),
        "quorate": (2, 5),
        "decided": (3, 5),
        "sound": (1, 5),
    }
    assert (found.decisions, found.held.pending, found.held.undated) == (6, 1, 1)


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


def test_taking_part_counts_before_the_day_of_going_live_by_role_and_once_per_action():
    actions = register(
        "A1 2026-05-01\nA2 2026-07-01\nA3 2026-09-30\nA4 2026-11-01\nA5 ~", "action_id starts_at", "starts_at"
    )
    taken = register(
        """
        A1 provider 2026-04-30
        A1 provider 2026-04-02
        A1 admin    2026-05-01
        A2 admin    2026-06-30
        A4 admin    2026-09-01
        A3 IT       2026-10-01
        ZZ IT       2026-01-01
        """,
        "action_id role took_part_at",
        "took_part_at",
    )
    found = involved_before(actions, taken, as_of=TODAY)
    assert {role: (each.count, each.of) for role, each in found.items()} == {
        "": (2, 3),
        "IT": (0, 3),
        "admin": (1, 3),
        "provider": (1, 3),
    }
    assert (found[""].pending, found[""].undated, found[""].unknown) == (1, 1, 1)
    with pytest.raises(ValueError, match="has no took_part_at"):
        involved_before(actions, actions.assign(role=""), as_of=TODAY)


def test_what_was_answered_early_does_not_stand_for_what_is_still_open():
    """Half are answered in time, in truth; a register of 40 days shows the early ones of the last 30 first."""
    early = "2026-09-10 2026-09-12\n2026-09-10 ~\n"
    told = register(
        "2026-08-21 2026-09-15\n2026-08-21 ~\n" + 5 * early, "raised_at answered_at", "raised_at answered_at"
    )
    found = in_time(told, opened="raised_at", closed="answered_at", within_days=30, as_of=TODAY)
    assert (found.count, found.of, found.pending) == (1, 2, 10)
