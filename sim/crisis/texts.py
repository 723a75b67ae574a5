"""Which characters a text may hold: none that steers a terminal, breaks a file or hides another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

__all__ = ["LINE", "TEXT", "Place", "unprintable"]

Place = tuple[str | int, ...]

#: Controls but tab and newline; the separators of lines and paragraphs; what makes the characters
#: after it run the other way, so that a text reads as another; and what XML cannot hold. Joiners
#: and marks of direction stay: Persian, Arabic and Hebrew are written with them.
_NEVER = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff"
#: Halves of characters, which no file can be written with; the patterns of Rust have no word for
#: them, and need none.
_HALVES = r"\ud800-\udfff"

#: A line of text, and a text of one or more lines, as regular expressions.
LINE = rf"^[^\s{_NEVER}][^\t\n{_NEVER}]*$"
TEXT = rf"^[^{_NEVER}]+$"

_FOUND = re.compile(f"[{_NEVER}{_HALVES}]")


def unprintable(content: Any, place: Place = ()) -> tuple[Place, str] | None:
    r"""Find the first text, of those in tables and lists too, that holds what no text may hold.

    Parameters
    ----------
    content : object
        As a TOML or JSON file gives it.
    place : tuple of str and int
        Where it stands in the file.

    Returns
    -------
    tuple of Place and str, or None
        Where the text stands, and what is wrong with it.

    Examples
    --------
    >>> unprintable({"title": "A \x1b[31mred"})
    (('title',), 'holds U+001B, a control character')
    """
    if isinstance(content, str):
        found = _FOUND.search(content)
        return (place, f"holds {_called(found[0])}") if found else None
    if isinstance(content, Mapping):
        for key, value in content.items():
            if isinstance(key, str) and (found := _FOUND.search(key)):
                return (*place, key), f"has a name that holds {_called(found[0])}"
            if fault := unprintable(value, (*place, key)):
                return fault
    elif isinstance(content, list | tuple):
        for k, value in enumerate(content):
            if fault := unprintable(value, (*place, k)):
                return fault
    return None


def _called(character: str) -> str:
    """Name a character by its number, and by what it is."""
    kinds = {"Cc": "a control character", "Cs": "half of a character", "Cn": "no character"}
    name = kinds.get(unicodedata.category(character)) or unicodedata.name(character).lower()
    return f"U+{ord(character):04X}, {name}"
