"""Cells run side by side, each kept as soon as it is finished, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import multiprocessing
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bsc_analysis.calibrate import demo_group, fan_cells, finished
from bsc_analysis.calibrate.cells import Cell
from bsc_analysis.calibrate.measure import measured
from bsc_analysis.calibrate.trials import Trial

MEASURES: dict[str, Callable[[Cell], dict[str, Any]]] = {  # of other cells: measure.measured
    "demo": demo_group.measured,
    "fan": fan_cells.measured,
}


def run(every: Sequence[Cell | Trial], folder: Path, jobs: int) -> int:
    """How many cells failed; those that are not finished are run on `jobs` processes, and kept in `folder`."""
    open_cells = [cell for cell in every if finished.read(folder, cell) is None]
    print(f"{len(every) - len(open_cells)} of {len(every)} cells are finished.", flush=True)
    if not open_cells:
        return 0
    started, done, whole, failed = time.monotonic(), 0.0, sum(map(seconds, open_cells)), 0
    with multiprocessing.get_context("spawn").Pool(min(jobs, len(open_cells)), _deaf) as pool:
        for at, (cell, counts, why) in enumerate(pool.imap_unordered(_answered, open_cells), start=1):
            if counts is None:
                failed += 1
                print(f"{cell.id} failed:\n{why}", flush=True)
            else:
                finished.write(folder, cell, counts)
            done += seconds(cell)
            left = (time.monotonic() - started) * max(whole - done, 0) / done / 60
            print(f"{at} of {len(open_cells)}, about {left:.0f} min left: {cell.id}", flush=True)
    return failed


def seconds(cell: Cell | Trial) -> float:
    """About how long the cell takes; only what it is beside other cells matters."""
    if isinstance(cell, Trial):
        return cell.seconds
    points, practices = cell.size.periods, cell.size.practices
    if cell.asks == "demo":
        return 40.0
    if cell.asks == "fan":
        return cell.repetitions * 0.02
    if cell.asks == "naive":
        each = 0.001 if practices == 1 else 0.002 + practices * points * 1e-6
    elif practices == 1:
        each = 0.008 + points * 1.2e-4 + cell.draws * (6e-6 + points * 3e-7)
    else:
        each = 0.035 + practices * points**0.5 * 3.2e-4
    return cell.repetitions * each


def _answered(cell: Cell | Trial) -> tuple[Cell | Trial, dict[str, Any] | None, str]:
    try:
        if isinstance(cell, Trial):
            return cell, cell.answer(), ""
        return cell, MEASURES.get(cell.asks, measured)(cell), ""
    except Exception:  # one cell must not cost the others their hours; its words are printed and the run fails
        return cell, None, traceback.format_exc()


def _deaf() -> None:
    """Workers leave Ctrl-C to the process that started them, which then ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
