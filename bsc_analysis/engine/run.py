"""A run: the store once, then every page in a process of its own, then the group's index and summary."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import pandas as pd

from bsc_analysis.check import faults_of
from bsc_analysis.disclosure import with_named_practices
from bsc_analysis.engine.job import Job, Outcome
from bsc_analysis.engine.lock import locked
from bsc_analysis.engine.worker import make_report
from bsc_analysis.errors import ParamsError, UsageError, did_you_mean
from bsc_analysis.params import PORTFOLIO, Group, load_group
from bsc_analysis.periods import grain_in
from bsc_analysis.readings import newest_complete, readings
from bsc_analysis.report.index import index_page
from bsc_analysis.report.publish import as_json, state_of, sweep, write_whole
from bsc_analysis.report.sections import has_portfolio
from bsc_analysis.store import Store, open_store

PRACTICE_SECONDS = 600
Admit = Callable[[Group, Store, str, list[str]], None]


@dataclass(frozen=True)
class Summary:
    """What a run brought, and where it lies; `portfolio`: how the page across practices ended, if it was made."""

    folder: Path
    period: str
    outcomes: list[Outcome]
    portfolio: Outcome | None = None

    @property
    def exit_status(self) -> int:
        """0 all done, 1 a bug, 3 some pages failed, 5 the disk refused."""
        statuses = {o.status for o in [*self.outcomes, *([self.portfolio] if self.portfolio else [])]}
        return next((s for s in (1, 5) if s in statuses), 3 if statuses - {0} else 0)


def run(
    group_id: str,
    workspace: Path,
    data: Path | None = None,
    period: str | None = None,
    practices: Sequence[str] = (),
    jobs: int = 1,
    report: Callable[[Outcome, int, int], None] = lambda *_: None,
    *,
    on: str = "",
    by: str = "",
    admit: Admit = lambda *_: None,
) -> Summary:
    """Make the reports of a group's practices (all, or those named) for a period (default: newest complete).

    Of all of them the portfolio is made too. `report(outcome, done, of)` is called as each page ends. With `on`, a
    day, the reports are made final by `by`; `admit(group, store, period, practices)` may refuse before any starts.
    Nothing starts where params, names or a file of the whole group are faulty: ParamsError, UsageError, FeedError.
    LockHeld where another run is at work.
    """
    group = load_group(group_id, workspace, data)
    if faults := faults_of(group):
        raise ParamsError(faults)
    reports = workspace / "reports" / group_id
    with locked(reports):
        store = open_store(group)
        if store.accounts.empty:
            raise UsageError(f"{group.data / group.id}: none of the group's files could be read{store.reasons()}")
        wanted = period or newest_complete(group, store)
        _refuse_empty(wanted, readings(group, store), group_id)
        group = with_named_practices(group, store, group.calendar.parse(wanted))
        _refuse_reserved(group)
        chosen = _chosen(group, practices, wanted)
        folder = reports / wanted
        admit(group, store, wanted, chosen)
        for each in [*reports.iterdir(), *(workspace / "ledger" / group_id).glob("*/*/")]:
            sweep(each)
        pages = [*chosen, *([""] if not practices and _is_compared(group) else [])]
        todo = [Job(str(workspace), str(group.data), group_id, page, wanted, on, by) for page in pages]
        outcomes = _all(todo, group, jobs, report)
        portfolio = next((o for o in outcomes if not o.practice), None)
        summary = Summary(folder, wanted, [o for o in outcomes if o.practice], portfolio)
        write_index(group, summary)
        return summary


def _refuse_empty(period: str, frame: pd.DataFrame, group: str) -> None:
    """Raise UsageError where the group has no readings of the period: its report would be empty."""
    grain = grain_in(period)
    known = frame.loc[frame["grain"] == grain, "period"]
    if period not in set(known):
        hint = f"there are {known.min()} to {known.max()}" if len(known) else f"it reports no {grain}"
        raise UsageError(f"{group} has no data for {period}; {hint}")


def _refuse_reserved(group: Group) -> None:
    """Raise UsageError where a feed names a practice as the portfolio's folder is called."""
    if taken := [id for id in group.practices if id.lower() == PORTFOLIO]:
        raise UsageError(f"{group.id}: its feed names a practice {taken[0]!r}; the page across practices is called so")


def _is_compared(group: Group) -> bool:
    """Whether the group gets a portfolio: there are notebooks for it, links or goals, and practices that share them."""
    shares = bool(group.shared.links or group.shared.goals)
    return shares and len(group.practices) > 1 and has_portfolio(group.workspace)


def _chosen(group: Group, practices: Sequence[str], period: str) -> list[str]:
    unknown = [p for p in practices if p not in group.practices]
    if unknown:
        hints = [
            f"{p!r} is not a practice of {group.id} in {period}.{did_you_mean(p, group.practices)}" for p in unknown
        ]
        raise UsageError("\n".join(hints) + "  (bsc list practices)")
    return sorted(set(practices)) or sorted(group.practices)


def _all(todo: list[Job], group: Group, at_once: int, report: Callable) -> list[Outcome]:
    """Every job in a forked process of its own process group, at most `at_once` at a time."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bsc_analysis.engine.worker"])
    waiting, outcomes = list(reversed(todo)), []
    running: dict[Any, tuple[Any, Job, float]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < max(1, at_once):
                job = waiting.pop()
                receiver, sender = context.Pipe(duplex=False)
                process = context.Process(target=_child, args=(job, sender))
                process.start()
                sender.close()
                running[receiver] = (process, job, time.monotonic() + PRACTICE_SECONDS)
            soonest = min(deadline for _, _, deadline in running.values())
            ready = wait(list(running), timeout=max(0.0, soonest - time.monotonic()))
            late = [r for r, (_, _, deadline) in running.items() if deadline <= time.monotonic() and r not in ready]
            for receiver in [*ready, *late]:
                process, job, _ = running.pop(receiver)
                outcomes.append(_ended(receiver, process, job, group, receiver in late))
                report(outcomes[-1], len(outcomes), len(todo))
    finally:
        for process, _, _ in running.values():
            _kill(process)
    return sorted(outcomes, key=lambda o: o.practice)


def _child(job: Job, sender) -> None:
    os.setsid()  # its kernels die with it
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_follow, daemon=True).start()
    sender.send(make_report(job))
    sender.close()


def _follow() -> None:
    """End this practice's processes when the run is gone, however it went: nobody else would."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.killpg(0, signal.SIGKILL)


def _ended(receiver, process, job: Job, group: Group, late: bool) -> Outcome:
    title = group.practices[job.practice].title if job.practice else group.shared.title
    try:
        outcome = None if late else receiver.recv()
    except EOFError:
        outcome = None
    _kill(process)
    receiver.close()
    if outcome is not None:
        return outcome
    reason = f"took longer than {PRACTICE_SECONDS} s" if late else f"its process died ({process.exitcode}; memory?)"
    return Outcome(job.practice, title, "failed", reason, status=3)


def _kill(process) -> None:
    """End the process and every process it started."""
    try:
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:
        pass
    process.join()


def write_index(group: Group, summary: Summary) -> None:
    """index.html and summary.json of the period: every page there is, and what failed and why."""
    states = {o.practice: o for o in summary.outcomes}
    rows = []
    for practice in group.practices.values():
        there = state_of(summary.folder / practice.id)
        outcome = states.get(practice.id)
        if there or outcome:
            rows.append((practice, outcome, there))
    across = (summary.portfolio, state_of(summary.folder / PORTFOLIO))
    write_whole(summary.folder / "index.html", index_page(group, summary.period, rows, across))
    facts = {
        "group": group.id,
        "period": summary.period,
        "asked": len(summary.outcomes),
        "published": sum(o.state != "failed" for o in summary.outcomes),
        "practices": [asdict(o) for o in summary.outcomes],
    }
    if summary.portfolio:
        facts["portfolio"] = {name: fact for name, fact in asdict(summary.portfolio).items() if name != "practice"}
    write_whole(summary.folder / "summary.json", as_json(facts))
