"""All files of a feed together: a row delivered twice counts once, contradicting rows are set aside, all balances."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.delivery import REFUSED, Account, Delivery, FileRows, balance
from bsc_analysis.tables import Table


def settle(files: dict[str, FileRows], context: Context, table: Table) -> Delivery:
    """The delivery of `files` (name as shown → its rows).

    Raises FeedError where a file's rows do not add up to those that its bytes hold.
    """
    rows = pd.concat([read.rows.assign(file=name, line=read.rows.index) for name, read in files.items()])
    refused = pd.concat([read.refused.assign(file=name) for name, read in files.items()])
    content = ["practice", *(c.name for c in table.columns)]
    rows = rows.reset_index(drop=True)
    twice = rows.duplicated(content)
    once = rows[~twice]
    clash = once.duplicated(["practice", *table.key], keep=False)
    clashing = once.loc[clash, ["practice", "file", "line"]].assign(
        column=", ".join(table.key), rule="the same key with other values"
    )
    refused = pd.concat([refused, clashing])[REFUSED].sort_values(["file", "line"]).reset_index(drop=True)
    used = once[~clash]
    counts = pd.DataFrame(
        {
            "used": used["file"].value_counts(),
            "quarantined": refused["file"].value_counts(),
            "deduplicated": rows.loc[twice, "file"].value_counts(),
        }
    ).reindex(list(files), fill_value=0)
    counts = counts.fillna(0).astype(int)
    accounts = [
        balance(Account(context.feed, context.practice, name, read.sha256, read.physical, *map(int, counts.loc[name])))
        for name, read in files.items()
    ]
    warnings = [w for read in files.values() for w in read.warnings]
    return Delivery(table.name, used[content].reset_index(drop=True), refused, accounts, warnings)
