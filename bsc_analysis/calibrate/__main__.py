"""`make calibrate`: runs what is not finished and writes docs/calibration.md."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

FOLDER, PAGE = Path("data/calibration"), Path("docs/calibration.md")


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m bsc_analysis.calibrate", description=__doc__)
    asked.add_argument("--slice", action="store_true", help="a few cells, in minutes; written beside the results")
    asked.add_argument("--jobs", type=int, default=2, help="processes")
    asked.add_argument("--page", action="store_true", help="only write the page from what is finished")
    given = asked.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy is there: each process has a core of its own

    from bsc_analysis.calibrate.cells import cells, slice_of
    from bsc_analysis.calibrate.finished import read
    from bsc_analysis.calibrate.page import page
    from bsc_analysis.calibrate.run import run
    from bsc_analysis.calibrate.trials import few, trials

    every, tried, folder, to = cells(), trials(), FOLDER, PAGE
    if given.slice:
        every, tried, folder, to = slice_of(every), few(tried), FOLDER / "slice", FOLDER / "slice.md"
    failed = 0 if given.page else run([*every, *tried], folder, given.jobs)
    to.parent.mkdir(parents=True, exist_ok=True)
    found = [(cell, read(folder, cell)) for cell in every]
    to.write_text(page(found, [(trial, read(folder, trial)) for trial in tried]), encoding="utf-8")
    print(f"{to} is written.")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
