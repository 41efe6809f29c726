"""What a register is: a table that is kept by hand, a row when something happens, its number first."""

from __future__ import annotations

from bsc_analysis.tables.table import Column, Table

SHORT, LINE, LONG = 60, 120, 300  # characters
ROLES = (
    "provider",
    "nurse",
    "admin",
    "billing",
    "IT",
    "other",
)  # a closed list, so that registers can be set side by side
WHO = "a role or a member of staff; never a patient"
SAYS = "in a few words; never a patient's name, number or birth date"
NUMBER = "any number or text that is used once"


def role(means: str, name: str = "role", blank: bool = False) -> Column:
    """The column that says of which role somebody is."""
    return Column(name, "category", blank=blank, allowed=ROLES, means=means)


def topic(means: str = "what it is about, " + SAYS) -> Column:
    """The column that says in a few words what a row is about."""
    return Column("topic", "text", blank=True, longest=SHORT, means=means)


def dollars(name: str, means: str) -> Column:
    """A column of money."""
    return Column(name, "amount", blank=True, means=means)


def register(name: str, grain: str, *columns: Column, at: str, **more) -> Table:
    """The register whose rows have their number first and happen on the day `at`."""
    key = (columns[0].name,)
    return Table(name, grain, columns, key, at, closing_days=4, sparse=True, register=True, **more)
