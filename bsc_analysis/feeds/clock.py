"""Dates and times as written into the practice's own: naive local time, so that a quarter ends by the local clock."""

from __future__ import annotations

import numpy as np
import pandas as pd

EARLIEST, LATEST = pd.Timestamp("2000-01-01"), pd.Timestamp("2050-01-01")  # the plausible range of what is counted
LONG_AGO = pd.Timestamp("1940-01-01")  # before which no date is read
DAY = r"\d{4}-\d\d(-\d\d)?"
TIME = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?"
ZONED = rf"{TIME} ?(Z|[+-]\d\d:?\d\d)"
SERIAL = r"\d{5}([.,]\d+)?"
EXCEL_SERIAL = "excel_serial"
EXCEL_1900 = "1899-12-30"  # Excel's 1900 is a leap year


def local_times(
    raw: pd.Series,
    date_format: str | None,
    origin: str | None,
    written_in: str | None,
    zones: pd.Series,
    earliest: pd.Timestamp = EARLIEST,
) -> tuple[pd.Series, pd.Series]:
    """Naive local times, missing where blank or not to be read, and the rule that each missing one breaks.

    `date_format`: strftime, 'excel_serial', or None for ISO 8601; ISO is read beside it in a workbook (`origin`: day 0
    of its numbers). `written_in`: the zone of times that name none, None for the practice's own. `zones`: each row's
    practice's zone, None where it is unknown; a time with an offset is then not read. A date without a time stays.
    Nothing before `earliest` is read. An hour that comes twice in autumn is read as the first; one that spring skips
    is missing.
    """
    when, timed = _as_written(raw, date_format, origin)
    rule = pd.Series(_expected(date_format, earliest), index=raw.index)
    zoned = raw.str.fullmatch(ZONED) if date_format is None or origin else pd.Series(False, index=raw.index)
    instants = _plausible(pd.to_datetime(raw.where(zoned), format="ISO8601", utc=True, errors="coerce"))
    for zone in zones.unique():
        here = zones.isna() if pd.isna(zone) else zones == zone
        if pd.isna(zone):
            if written_in:
                when = when.mask(here & timed)
                rule = rule.mask(here & timed, "a time of another zone, and the practice's own is not known")
            continue
        clocked = here & timed & when.notna()
        moved = _moved(when[clocked], written_in or zone, zone)
        rule[clocked] = f"a time that the clocks of {written_in or zone} skip"
        when[clocked] = moved
        arrived = here & instants.notna()
        when[arrived] = instants[arrived].dt.tz_convert(zone).dt.tz_localize(None).astype("datetime64[us]")
    plausible = when.where((when >= earliest) & (when < LATEST))
    return plausible, rule.mask(when.notna() & plausible.isna(), _expected(date_format, earliest))


def is_date_format(text: str) -> bool:
    """True where dates written so are read back: year and month at least, no zone, nothing to guess ('mixed')."""
    month = pd.Timestamp("2026-09-01")
    if not any(year in text for year in ("%Y", "%y", "%G")):
        return False
    try:
        return bool(pd.to_datetime(month.strftime(text), format=text) == month)
    except (ValueError, TypeError):
        return False


def _as_written(raw: pd.Series, date_format: str | None, origin: str | None) -> tuple[pd.Series, pd.Series]:
    """What the text says, its zone left aside, and where it tells a time of the day."""
    when = pd.Series(pd.NaT, index=raw.index, dtype="datetime64[us]")
    timed = pd.Series(False, index=raw.index)
    if date_format == EXCEL_SERIAL:
        serial = raw.str.fullmatch(SERIAL)
        days = pd.to_numeric(raw.where(serial).str.replace(",", ".", regex=False))
        day0 = pd.Timestamp(origin or EXCEL_1900)
        when = (day0 + pd.to_timedelta((days * 86_400).round(), unit="s")).astype("datetime64[us]")
        timed = serial & (days % 1 != 0)
    elif date_format:
        dated = raw.where(raw.str.contains("[0-9]"))  # pandas reads 'now' and '+0200'
        when = pd.to_datetime(dated, format=date_format, errors="coerce").astype("datetime64[us]")
        timed |= any(hour in date_format for hour in ("%H", "%I", "%X", "%c"))
    if date_format is None or origin:
        clock = raw.str.fullmatch(TIME)
        iso = pd.to_datetime(raw.where(clock | raw.str.fullmatch(DAY)), format="ISO8601", errors="coerce")
        when = when.fillna(iso.astype("datetime64[us]"))
        if origin and clock.any():  # a workbook writes midnight as a date alone
            clock |= iso.notna()
        timed |= clock
    return _plausible(when), timed


def _moved(times: pd.Series, written_in: str, zone: str) -> pd.Series:
    """Times of the clocks of `written_in` on those of `zone`."""
    first = np.ones(len(times), dtype=bool)
    there = times.dt.tz_localize(written_in, ambiguous=first, nonexistent="NaT")
    return there.dt.tz_convert(zone).dt.tz_localize(None).astype("datetime64[us]")


def _plausible(when: pd.Series) -> pd.Series:
    """The times within a range that any zone's rules reach, a day more than is read; to the year 9999 they do not."""
    early, late = (edge.tz_localize(when.dt.tz) for edge in (LONG_AGO, LATEST))
    return when.where((when >= early - pd.Timedelta(days=1)) & (when < late + pd.Timedelta(days=1)))


def _expected(date_format: str | None, earliest: pd.Timestamp) -> str:
    shape = {
        None: "an ISO date in local time (2026-09-30 or 2026-09-30 08:40)",
        EXCEL_SERIAL: "a date of Excel, as a date or its number,",
    }.get(date_format, f"a date as {date_format}")
    return f"not {shape} between {earliest:%Y} and {LATEST:%Y}"
