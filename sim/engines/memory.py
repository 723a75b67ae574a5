"""How much memory there is to work in."""

from __future__ import annotations

import os
import re
from pathlib import Path

_SYSTEM = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def available_memory() -> int | None:
    """Return the bytes that this process could still take, or None where nobody says.

    What the system could free and, on Linux, what the process's control group allows.
    """
    known = [size for size in (_of_system(), _of_group()) if size is not None]
    return min(known) if known else None


def _of_system() -> int | None:
    found = re.search(r"^MemAvailable: *(\d+) kB$", _text(_SYSTEM), re.MULTILINE)
    if found:
        return int(found[1]) * 1024
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows has no such call.
        return None


def _of_group() -> int | None:
    limit = _text(_GROUP / "memory.max").strip()
    # Files kept in memory count as the group's too, but make room when it is needed.
    taken = re.search(r"^anon (\d+)$", _text(_GROUP / "memory.stat"), re.MULTILINE)
    return max(0, int(limit) - int(taken[1])) if limit.isdigit() and taken else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return ""
