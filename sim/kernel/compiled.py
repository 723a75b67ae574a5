"""How the kernel is compiled: once per machine, kept on disk, never stale.

Numba's own disk cache looks at the file of the compiled function alone, so a change in a function
that it calls would go unnoticed; and wheels give every file the same date.  The kernel's cache
therefore lives in a folder named after a digest of all kernel sources.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])

_HERE = Path(__file__).parent
_OPTIONS = numba.njit(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True)


def _digest() -> str:
    sources = hashlib.sha256()
    for path in sorted(_HERE.glob("*.py")):
        sources.update(path.name.encode() + path.read_bytes())
    return sources.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def cache_folder() -> Path:
    """Return the folder of compiled code: beside the sources, else the user's cache."""
    if numba.config.CACHE_DIR:
        return Path(numba.config.CACHE_DIR) / f"escalation-{DIGEST}"
    beside = _HERE / "__pycache__"
    if _writable(beside):
        return beside / f"kernel-{DIGEST}"
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "escalation" / f"kernel-{DIGEST}"


#: Of all sources of the kernel: other sources, other numbers.
DIGEST = _digest()
_FOLDER = cache_folder()


def is_compiled(function: str = "") -> bool:
    """Tell whether code of this very kernel, compiled by this Python, is on disk.

    Parameters
    ----------
    function : str, optional
        The function of the kernel that is meant; any if not given.
    """
    version = "py{}{}".format(*sys.version_info)
    return any(_FOLDER.rglob(f"*{function}-*.{version}*.nbc"))


def compiled(function: F) -> F:
    """Compile in nopython mode, cached on disk; strict IEEE arithmetic, no reordering."""
    # Numba settles on a function's cache folder when it is decorated.
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_FOLDER)
    try:
        return _OPTIONS(function)  # type: ignore[no-any-return]
    finally:
        numba.config.CACHE_DIR = before
