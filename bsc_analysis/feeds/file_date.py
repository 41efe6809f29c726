"""A date that stands in the name of a file, such as the day of a roster."""

from __future__ import annotations

import re
from datetime import datetime

import pandas as pd

from bsc_analysis.feeds.clock import EARLIEST, LATEST, is_date_format
from bsc_analysis.feeds.raw import refuse

FORMS = {"%Y": r"\d{4}", "%y": r"\d\d", "%m": r"\d\d", "%d": r"\d\d", "%b": "[A-Za-z]{3}", "%B": "[A-Za-z]{3,9}"}


def date_in(name: str, form: str, shown: str) -> pd.Timestamp:
    """The date in `name` written as `form` (strftime). Raises FeedError where there is none, or several."""
    parts = re.split("(%.)", form)
    pattern = "".join(FORMS.get(part, re.escape(part)) for part in parts)
    found = {date for text in re.findall(rf"(?<!\d){pattern}(?!\d)", name) if (date := _date(text, form)) is not None}
    if len(found) != 1:
        raise refuse(shown, "name", f"must hold one date written as {form}")
    return found.pop()


def is_file_date(form: str) -> bool:
    """True where a day, or a month, written so is found again."""
    codes = re.findall("%.?", form)
    return set(codes) <= set(FORMS) and len(set(codes)) == len(codes) and is_date_format(form)


def _date(text: str, form: str) -> pd.Timestamp | None:
    try:
        date = pd.Timestamp(datetime.strptime(text, form))
    except ValueError:
        return None
    return date if EARLIEST <= date < LATEST else None
