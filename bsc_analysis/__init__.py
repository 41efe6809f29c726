"""Balanced Scorecard workbook for medical practices. Notebooks import from here only; nothing heavy until used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bsc_analysis.version import __version__

if TYPE_CHECKING:
    from bsc_analysis.report.run import Run, open_run

_ROOMS = {"open_run": "bsc_analysis.report.run", "Run": "bsc_analysis.report.run"}
__all__ = ["Run", "__version__", "open_run"]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
