"""Feeds: one module per kind of export. `deliver` reads every file of a feed and settles them together.

A kind has `table(context)`, the Table it fills, `read_file(context, path)`, one file as FileRows, and
`finish(delivery, context)`, the Delivery of all files with what only this kind adds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from bsc_analysis.feeds import cms_aco, readings_file, table_file
from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.delivery import Account, Delivery, FileRows
from bsc_analysis.feeds.settle import settle

KINDS = {"table_file": table_file, "readings": readings_file, "cms_aco": cms_aco}
ReadFile = Callable[[Context, Path], FileRows]


def deliver(context: Context, keep: Callable[[ReadFile], ReadFile] = lambda read: read) -> Delivery:
    """What the feed of `context` delivers; `keep` may wrap the reading of a file, so that none is read twice.

    Raises FeedError where a file of it cannot be used.
    """
    kind = KINDS[context.spec.kind]
    read = keep(kind.read_file)
    files = {context.shown(path): read(context, path) for path in context.files()}
    settled = settle(files, context, kind.table(context))
    overlap = [file.overlap for file in files.values() if file.overlap is not None]
    return kind.finish(replace(settled, overlap=pd.concat(overlap)) if overlap else settled, context)


__all__ = ["KINDS", "Account", "Context", "Delivery", "FileRows", "ReadFile", "deliver"]
