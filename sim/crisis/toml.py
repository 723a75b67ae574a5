"""Reading TOML files, with every way in which that fails told in one line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sim.crisis.texts import unprintable
from sim.errors import InputError, nearest_name

__all__ = ["read", "shown"]

MOST_BYTES = 8_000_000


def shown(path: Path) -> str:
    """Give a path as an error names it: relative to the working directory where it is below."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def read(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        Its content, unchecked.

    Raises
    ------
    InputError
        Where the file is missing, a directory, unreadable, empty, binary, not UTF-8 or not TOML, or
        has a name that cannot be printed.
    """
    text = _text(path)
    if fault := unprintable(path.name):
        # It becomes the name of the scenario, in its pictures too.
        raise InputError(
            f"its name {fault[1]}", file=shown(path), allowed="a name that can be printed"
        )
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise InputError("is nested too deeply", file=shown(path)) from None
    except ValueError as error:
        raise InputError(f"is not valid TOML: {error}", file=shown(path)) from None
    if not content:
        raise InputError("is empty", file=shown(path), allowed="a TOML file with content")
    return content


def _text(path: Path) -> str:
    raw = _bytes(path)
    if b"\0" in raw:
        raise InputError("is a binary file", file=shown(path), allowed="a TOML file in UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"is not UTF-8: byte 0x{raw[error.start]:02x} in line {line}",
            file=shown(path),
            allowed="a TOML file in UTF-8",
        ) from None


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError("is a directory", file=shown(path), allowed="a TOML file")
        if path.exists() and not path.is_file():
            raise InputError("is not a regular file", file=shown(path), allowed="a TOML file")
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            raise InputError(
                "is too large", file=shown(path), allowed=f"at most {MOST_BYTES} bytes"
            )
        return path.read_bytes()
    except FileNotFoundError:
        beside = [p.name for p in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        raise InputError(
            "there is no such file", file=shown(path), nearest=nearest_name(path.name, beside)
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason.lower()}", file=shown(path)) from None
