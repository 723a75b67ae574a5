"""What libraries warn of, told as a command tells things: in a line, with no place in the code."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator
from typing import Any

import click

__all__ = ["missing_glyphs_told"]

#: What matplotlib says of a character that its font lacks, once for each of them and each place.
_GLYPH = re.compile(r"Glyph (\d+) .*missing from")
MOST = 12


@contextlib.contextmanager
def missing_glyphs_told() -> Iterator[None]:
    """Say in the end, in one line on standard error, which characters pictures show as boxes."""
    lacked: dict[str, None] = {}
    with warnings.catch_warnings():
        other = warnings.showwarning

        def hear(message: Warning | str, *args: Any, **more: Any) -> None:
            if found := _GLYPH.match(str(message)):
                lacked[chr(int(found[1]))] = None
            else:
                other(message, *args, **more)

        warnings.filterwarnings("always", message="Glyph ", category=UserWarning)
        warnings.showwarning = hear
        try:
            yield
        finally:
            if lacked:
                click.echo(_told(list(lacked)), err=True)


def _told(lacked: list[str]) -> str:
    """Name the characters, by their numbers too: a terminal may lack them as well."""
    shown = [f"{character} (U+{ord(character):04X})" for character in lacked[:MOST]]
    more = f" and {len(lacked) - MOST} more" if len(lacked) > MOST else ""
    return (
        f"escalation: boxes in pictures stand for what their font lacks: {', '.join(shown)}{more}"
    )
