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
    key = ["practice", *table.key]
    twice = _superseded(rows, key, list(files), context)
    twice |= rows[~twice].duplicated(content).reindex(rows.index, fill_value=False)
    once = rows[~twice]
    clash = once.duplicated(key, keep=False)
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
        balance(
            Account(
                feed=context.feed,
                practice=context.practice,
                file=name,
                sha256=read.sha256,
                physical=read.physical,
                layout=read.layout,
                **{kind: int(count) for kind, count in counts.loc[name].items()},
            )
        )
        for name, read in files.items()
    ]
    warnings = [w for read in files.values() for w in read.warnings]
    return Delivery(table.name, used[content].reset_index(drop=True), refused, accounts, warnings)


def _superseded(rows: pd.DataFrame, key: list[str], files: list[str], context: Context) -> pd.Series:
    """True where a later file holds a row of the same key and the feed says that the last file has the word."""
    if getattr(context.spec, "same_key", "refuse") == "refuse" or rows.empty:
        return pd.Series(False, index=rows.index)
    order = rows["file"].map({name: i for i, name in enumerate(files)})
    return order < order.groupby([rows[name] for name in key], dropna=False).transform("max")
