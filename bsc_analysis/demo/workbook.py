"""A ledger as an accountant keeps it: a workbook with titles, months as columns, subtotals and its header again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from bsc_analysis.demo.clinics import MONTHS

SHEET = "Profit and loss"
NAMES = {
    "4000": ("Patient fees", "Revenue from patients"),
    "4900": ("Rent received and other", "Other revenue"),
    "5000": ("Physicians", "Provider pay"),
    "5100": ("Staff", "Staff pay"),
    "5200": ("Premises", "Rent"),
    "5300": ("Medical supplies", "Supplies"),
    "5400": ("Courses and fees", "Training"),
    "5900": ("Everything else", "Other cost"),
    "1200": ("Receivables, net, at month end", "Receivables"),
}
REVENUE, COST, BALANCE = ["4000", "4900"], ["5000", "5100", "5200", "5300", "5400", "5900"], ["1200"]
WRITTEN = datetime(2026, 10, 2, 9, 30)  # a workbook holds the time at which it was made


def write_workbook(path: Path, title: str, books: pd.DataFrame) -> tuple[int, int]:
    """Writes one practice's rows of the ledger; returns how many there are, and how many of the sheet are only layout.

    The same rows always give the same bytes.
    """
    months = [str(month) for month in pd.PeriodIndex(MONTHS, freq="M").strftime("%b %Y")]
    header = ["Account", "Description", "Group", *months]
    amounts = books.pivot(index="Account", columns="Month", values="Amount")
    lines: list[list] = [[title], [f"{SHEET}, {months[0]} to {months[-1]}"], header]
    for name, accounts in {"Total revenue": REVENUE, "Total cost": COST}.items():
        lines += [[account, *NAMES[account], *amounts.loc[account]] for account in accounts]
        lines.append([name, "", "", *np.round(amounts.loc[accounts].sum(), 2)])
    lines += [header, *([account, *NAMES[account], *amounts.loc[account]] for account in BALANCE)]
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": WRITTEN, "author": ""})
        sheet = book.add_worksheet(SHEET)
        for row, cells in enumerate(lines):
            sheet.write_row(row, 0, cells)
    return amounts.size, len(lines) - 1 - len(NAMES)  # the first header is counted nowhere
