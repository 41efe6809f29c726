"""What makes a folder whole: every file matches the manifest in it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

MANIFEST = "manifest.json"


def is_whole(folder: Path) -> bool:
    """Whether every file of the folder matches its manifest."""
    try:
        listed = json.loads((folder / MANIFEST).read_bytes())["files"]
        return all(hashlib.sha256((folder / n).read_bytes()).hexdigest() == h for n, h in listed.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
