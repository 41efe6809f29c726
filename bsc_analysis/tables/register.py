"""What a register is: a table that is kept by hand, a row when something happens, its number first."""

from __future__ import annotations

from bsc_analysis.tables.table import Column, Table

SHORT, LINE, LONG = 60, 120, 300  # characters
WHO = "a role or a member of staff; never a patient"
SAYS = "in a few words; never a patient's name, number or birth date"
NUMBER = "any number or text that is used once"


def role(
    name: str = "by_role", means: str = "provider, nurse, admin, IT …; blank where nobody was to be known"
) -> Column:
    """The column that names a role."""
    return Column(name, "text", blank=True, longest=SHORT, means=means)


def topic(means: str = "what it is about, " + SAYS) -> Column:
    """The column that says in a few words what a row is about."""
    return Column("topic", "text", blank=True, longest=SHORT, means=means)


def dollars(name: str, means: str) -> Column:
    """A column of money."""
    return Column(name, "amount", blank=True, means=means)


def register(name: str, grain: str, *columns: Column, at: str, **more) -> Table:
    """A register whose rows have their number first and happen on the day `at`."""
    key = (columns[0].name,)
    return Table(name, grain, columns, key, at, closing_days=4, sparse=True, register=True, **more)
