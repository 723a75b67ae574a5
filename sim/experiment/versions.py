"""What else than the inputs decides about every byte that is stored."""

from __future__ import annotations

from importlib.metadata import version

from sim.kernel.compiled import DIGEST

__all__ = ["made_with"]

#: Libraries whose version can change a byte of what is stored.
LIBRARIES = ("numpy", "numba", "scipy", "pandas", "pyarrow")


def made_with() -> dict[str, str]:
    """Return the digest of the kernel's code, and the versions of the libraries."""
    return {"code of the kernel": DIGEST, **{f"version of {n}": version(n) for n in LIBRARIES}}
