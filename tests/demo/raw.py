"""The demo's exports as frames, each file read as its practice's params say it is written, with pandas alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

WRITTEN = {  # what differs from plain CSV, told here a second time
    "maple_street/appointments.csv": {"sep": ";", "encoding": "cp1252"},
    "maple_street/claims.csv": {"sep": ";", "encoding": "cp1252", "decimal": ","},
}
CODES = {
    "COMP": "kept",
    "NS": "no_show",
    "N/S": "no_show",
    "Cxl <24h": "late_cancel",
    "Cxl": "cancelled",
    "SCH": "booked",
}


def each(folder: Path, pattern: str) -> pd.DataFrame:
    """The rows of all practices' files of that name as text, each once, with its practice in `p`."""
    files = sorted(folder.glob(f"*/{pattern}"))
    parts = [read(folder, file).assign(p=file.parent.name) for file in files]
    return pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)


def read(folder: Path, file: Path) -> pd.DataFrame:
    """The rows of one CSV file as text; blanks are missing."""
    form = {k: v for k, v in WRITTEN.get(file.relative_to(folder).as_posix(), {}).items() if k != "decimal"}
    return pd.read_csv(file, dtype=str, na_values=[""], keep_default_na=False, **form)


def visits(folder: Path) -> pd.DataFrame:
    """The appointments, with times as times (missing where unreadable) and statuses decoded."""
    rows = each(folder, "appointments.csv")
    for column in ("ApptTime", "CheckInTime", "RoomedTime"):
        rows[column] = pd.to_datetime(rows[column], format="%Y-%m-%d %H:%M", errors="coerce")
    return rows.assign(ApptStatus=rows["ApptStatus"].replace(CODES))


def answers(folder: Path) -> pd.DataFrame:
    """The survey's answers."""
    rows = each(folder, "survey.csv")
    return rows.assign(AnsweredOn=pd.to_datetime(rows["AnsweredOn"]), Score=rows["Score"].astype(int))


def calls(folder: Path) -> pd.DataFrame:
    """The calls, all in New York's time."""
    rows = each(folder, "phones.csv")
    start = pd.to_datetime(rows["Start"], format="%Y-%m-%d %H:%M:%S")
    moved = start.dt.tz_localize("UTC").dt.tz_convert("America/New_York").dt.tz_localize(None)
    wait = pd.to_numeric(rows["WaitSec"])
    return rows.assign(Start=start.where(rows["p"] != "east_clinic", moved), WaitSec=wait)


def claims(folder: Path) -> pd.DataFrame:
    """The claims as last delivered, with dates as dates and charges as numbers; one unreadable date is missing."""
    rows = each(folder, "claims*.csv").drop_duplicates(["p", "ClaimNo"], keep="last", ignore_index=True)
    for column in ("DOS", "Submitted", "Adjudicated", "Denied"):
        rows[column] = pd.to_datetime(rows[column], format="%Y-%m-%d", errors="coerce")
    return rows.assign(Charge=rows["Charge"].str.replace(",", ".").astype(float))


def journal(folder: Path) -> pd.DataFrame:
    """The postings, with dates as dates and amounts as numbers; what is no number is missing."""
    rows = each(folder, "transactions.csv")
    for column in ("DOS", "Posted"):
        rows[column] = pd.to_datetime(rows[column], format="%m/%d/%Y")
    return rows.assign(Amount=pd.to_numeric(rows["Amount"], errors="coerce"))


def kept(folder: Path, name: str) -> pd.DataFrame:
    """A register of the group, or of each practice, with its practice in `p`."""
    whole = folder / f"{name}.csv"
    return read(folder, whole).rename(columns={"practice": "p"}) if whole.exists() else each(folder, f"{name}.csv")


def month(days: pd.Series) -> pd.Series:
    """The months of days written as text."""
    return pd.Series(pd.PeriodIndex(days.str[:7], freq="M"), days.index, name="month")


def ledger(folder: Path) -> pd.DataFrame:
    """Account groups by practice and month, from the group's ledger and the accountant's workbook.

    The row of a practice that is not in the group is left out.
    """
    rows = pd.read_csv(folder / "ledger.csv", dtype=str)
    rows = rows[rows["Clinic"] != "willow_bend"].assign(Amount=pd.to_numeric(rows["Amount"], errors="coerce"))
    rows["month"] = pd.PeriodIndex(rows["Month"].str[:7], freq="M")
    shared = rows.pivot_table(index=["Clinic", "month"], columns="AccountGroup", values="Amount", aggfunc="sum")
    return pd.concat([shared.rename_axis(["practice", "month"]), of_workbook(folder / "summit_heart" / "ledger.xlsx")])


def of_workbook(file: Path) -> pd.DataFrame:
    """The same from a workbook: its accounts are digits, its third row the header."""
    sheet = pd.read_excel(file, header=2, engine="calamine", dtype=str)
    rows = sheet[sheet["Account"].str.isdigit()].set_index("Group").drop(columns=["Account", "Description"])
    by_month = rows.T.astype(float).rename(columns=lambda name: name.lower().replace(" ", "_"))
    by_month = by_month.rename(columns={"revenue_from_patients": "patient_revenue"}).rename_axis(columns=None)
    months = pd.PeriodIndex(pd.to_datetime(by_month.index, format="%b %Y"), freq="M")
    return by_month.set_index(pd.MultiIndex.from_product([[file.parent.name], months], names=["practice", "month"]))
