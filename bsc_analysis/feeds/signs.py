"""Which way money goes is said by its kind, not by its sign; exports that write it by the sign say so in the params."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.raw import refuse
from bsc_analysis.tables import Table

LEAST = 10  # rows of a kind from which the sign of most of them is a habit and not a reversal


def unsigned(rows: pd.DataFrame, context: Context, table: Table, shown: str) -> pd.DataFrame:
    """The rows with the amounts of the kinds that the feed declares as `negative` turned round.

    Raises FeedError where most amounts of a kind are negative, as they would be subtracted twice.
    """
    if not table.signed_by:
        return rows
    turned = rows[table.signed_by].isin(context.spec.negative)
    rows = rows.assign(amount=rows["amount"].mask(turned, -rows["amount"]))
    below = (rows["amount"] < 0).groupby(rows[table.signed_by]).agg(["sum", "size"])
    wrong = below[(below["size"] >= LEAST) & (below["sum"] > below["size"] / 2)]
    if len(wrong):
        told = ", ".join(f"{kind} in {n['sum']:,} of {n['size']:,} rows" for kind, n in wrong.iterrows())
        place = f"feeds.{context.feed}.negative"
        message = f"are below 0 for {told}; the kind says which way money goes. If the export signs them, write "
        raise refuse(
            shown, "amounts", f"{message}{place}: [{', '.join(sorted({*context.spec.negative} ^ {*wrong.index}))}]"
        )
    return rows
