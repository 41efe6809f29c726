"""The cells of goals' forecasts: what each counts, and their tables in docs/calibration.md."""

from __future__ import annotations

from bsc_analysis.calibrate.cells import Cell
from bsc_analysis.calibrate.fans import DESIGNS, HORIZONS, coverage
from bsc_analysis.calibrate.tables import Result, grid


def measured(cell: Cell) -> dict[str, int]:
    """How many of the repetitions each interval held, as 'held_80_12' for that of 80 % at 12 months ahead."""
    rows = coverage({cell.name: cell.design}, [cell.size.periods], repetitions=cell.repetitions)
    held = [name for name in rows if name.startswith("held_")]
    return {f"{name}_{row['horizon']}": int(row[name]) for _, row in rows.iterrows() for name in held}


def tables(results: list[Result]) -> list[str]:
    """A heading and a table for each horizon: intervals of 80 % that held what came, by design and length."""
    parts = []
    for ahead in HORIZONS:
        reached = [r for r in results if r.bar(f"held_80_{ahead}")]
        parts += [
            f"### {ahead} ahead: intervals of 80 % hold what came, %",
            grid(reached, list(DESIGNS), f"held_80_{ahead}"),
        ]
    return parts
