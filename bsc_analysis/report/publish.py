"""Publishing: a practice's folder is the old whole one or the new whole one, never a mixture."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from bsc_analysis.errors import CannotWrite
from bsc_analysis.ledger.whole import MANIFEST, is_whole

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # linux/fs.h
LEFTOVER = ".new-"


def publish(folder: Path, files: Mapping[str, str], manifest: Mapping[str, object], *, replace: bool = True) -> None:
    """Write `files` and their manifest (sha256 of each) beside `folder`, then swap the two folders at once.

    With `replace=False` a folder that is there is never touched. Raises CannotWrite where it is, and where the disk
    is full or refuses; what was there is then still whole.
    """
    fresh = folder.with_name(f"{LEFTOVER}{folder.name}-{os.getpid()}")
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    everything = {**files, MANIFEST: as_json({**manifest, "files": hashes})}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        refuse_link(folder)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        for name, text in everything.items():
            write_synced(fresh / name, text)
        _sync(fresh)
        if replace:
            _swap(fresh, folder)
        else:
            _settle(fresh, folder)
        _sync(folder.parent)
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else (error.strerror or type(error).__name__)
        stays = "; the report of an earlier run stays as it was" if replace else "; nothing was added"
        raise CannotWrite(f"{folder}: {reason}{stays}") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """One file, old or new but never half. Raises CannotWrite."""
    part = path.with_name(f"{LEFTOVER}{path.name}-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        refuse_link(path)
        write_synced(part, text)
        part.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror or type(error).__name__}") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def sweep(folder: Path) -> None:
    """Remove what a killed run left behind, as far as the disk lets it; publishing tells where it does not."""
    for path in folder.glob(f"{LEFTOVER}*"):
        shutil.rmtree(path, ignore_errors=True)
        with contextlib.suppress(OSError):
            path.unlink()


def state_of(folder: Path) -> str:
    """'draft' or 'final' as a whole report's manifest says; '' where no whole report lies there."""
    return json.loads((folder / MANIFEST).read_bytes()).get("state", "draft") if is_whole(folder) else ""


def as_json(facts: Mapping[str, object]) -> str:
    """JSON in one form: sorted keys, no NaN, a line end at the end."""
    return json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def refuse_link(path: Path) -> None:
    """Raise OSError where the folder or file, or a folder above it within reports/, is a symbolic link."""
    for each in (path, path.parent, path.parent.parent):
        if each.is_symlink():
            raise OSError(errno.ELOOP, f"{each.name} is a symbolic link")


def write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _settle(fresh: Path, folder: Path) -> None:
    """Rename into a place where nothing is; a rename alone would replace an empty folder."""
    if folder.exists():
        raise FileExistsError(errno.EEXIST, "is there already and is never overwritten")
    fresh.rename(folder)


def _swap(fresh: Path, folder: Path) -> None:
    """Exchange two folders in one step; where the system cannot, file by file with the manifest last."""
    if not folder.exists():
        fresh.rename(folder)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    exchange = getattr(libc, "renameat2", None)
    if (
        exchange is not None
        and exchange(AT_FDCWD, os.fsencode(fresh), AT_FDCWD, os.fsencode(folder), RENAME_EXCHANGE) == 0
    ):
        return
    (folder / MANIFEST).unlink(missing_ok=True)  # not whole until the new manifest is there
    names = sorted(p.name for p in fresh.iterdir() if p.name != MANIFEST)
    for name in [*names, MANIFEST]:
        (fresh / name).replace(folder / name)
    for old in {p.name for p in folder.iterdir()} - {*names, MANIFEST}:
        (folder / old).unlink()


__all__ = [
    "MANIFEST",
    "as_json",
    "is_whole",
    "publish",
    "refuse_link",
    "state_of",
    "sweep",
    "write_synced",
    "write_whole",
]
