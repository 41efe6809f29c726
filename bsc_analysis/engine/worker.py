"""One page, of a practice or across all, from its sections to its published folder, in a process of its own."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

from bsc_analysis.disclosure import Disclosed, disclose_group
from bsc_analysis.engine.freeze import finalise, give_back, held_since
from bsc_analysis.engine.job import Job, Outcome
from bsc_analysis.engine.pages import manifest, pages, portfolio_manifest, portfolio_pages
from bsc_analysis.errors import PracticeFailed, UserError
from bsc_analysis.ledger.edition import draft_of
from bsc_analysis.ledger.entry import final_of
from bsc_analysis.params import load_group
from bsc_analysis.report.publish import publish


def make_report(job: Job) -> Outcome:
    """Make and publish one practice's report, or the portfolio; a fault of its own becomes its outcome and stops nobody
    else.

    A period that is final stays so: its report is what the ledger keeps. The portfolio is always a draft.
    """
    title = job.practice
    try:
        os.environ["BSC_WORKSPACE"], os.environ["BSC_DATA"] = job.workspace, job.data
        group = load_group(job.group, Path(job.workspace), Path(job.data))
        if not job.practice:
            title = group.shared.title
            across = disclose_group(group, job.period)
            publish(job.reports, portfolio_pages(job, across), portfolio_manifest(job, across))
            return Outcome(job.practice, title, "published")
        if entry := final_of(group, job.practice, job.period):
            give_back(job, entry)
            title = entry.facts("params.json")["practice"]["title"]
            return Outcome(job.practice, title, "final", held_since(job.group, entry))
        seen, edition = draft_of(group, job.practice, job.period)
        title = seen.practice.title
        refuse_required(seen)
        if job.on:
            finalise(job, seen, edition)
            return Outcome(job.practice, title, "final")
        publish(job.reports, pages(job, seen, "draft"), manifest(job, seen))
        return Outcome(job.practice, title, "published")
    except PracticeFailed as error:
        return Outcome(job.practice, title, "failed", error.reason, error.section, error.cell, error.exit_status)
    except UserError as error:
        return Outcome(job.practice, title, "failed", str(error), status=error.exit_status)
    except Exception as error:
        traceback.print_exc()  # a bug is for its maker to read
        return Outcome(job.practice, title, "failed", f"a bug: {type(error).__name__}: {error}", status=1)


def refuse_required(seen: Disclosed) -> None:
    """Raise PracticeFailed where a feed that the params call required was refused."""
    bad = seen.troubles[seen.troubles["required"].astype(bool)]
    if len(bad):
        raise PracticeFailed(f"required feed {bad['feed'].iloc[0]}: {bad['message'].iloc[0]}", section="feeds")
