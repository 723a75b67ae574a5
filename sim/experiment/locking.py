"""A lock on a folder: a file that one process holds, and that dies with it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

__all__ = ["hold", "release"]


def hold(place: Path) -> int | None:
    """Take the lock; what a killed process left behind does not count.

    Returns
    -------
    int or None
        A handle for `release`; None where another process has it.
    """
    while True:
        handle = os.open(place, os.O_RDWR | os.O_CREAT, 0o644)
        if not _lock(handle):
            os.close(handle)
            return None
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), place.stat()):
                return handle
        os.close(handle)  # Its owner removed the file in between.


def release(place: Path, handle: int) -> None:
    """Give the lock up."""
    # Removed while it is held: later it may be another's.
    with contextlib.suppress(OSError):
        place.unlink(missing_ok=True)
    os.close(handle)


def _lock(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    # A file system that knows no locks refuses with another error: nobody can be kept out there.
    with contextlib.suppress(OSError):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
