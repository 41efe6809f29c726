"""Feeds: one module per kind of export, each `read(context) -> Delivery`. `deliver` picks the module by kind."""

from __future__ import annotations

from bsc_analysis.feeds import cms_aco, readings_file, table_file
from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.delivery import Account, Delivery

KINDS = {"table_file": table_file, "readings": readings_file, "cms_aco": cms_aco}


def deliver(context: Context) -> Delivery:
    """What the feed of `context` delivers. Raises FeedError where a file of it cannot be used."""
    return KINDS[context.spec.kind].read(context)


__all__ = ["KINDS", "Account", "Context", "Delivery", "deliver"]
