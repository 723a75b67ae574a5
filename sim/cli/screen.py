"""What the output is written on: its width, words flowed into lines, blocks or ASCII."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click

__all__ = ["BOLD", "DIM", "PLAIN", "WARNING", "Screen", "Style", "rung_style", "watched"]

NARROWEST, DEFAULT, WIDEST = 60, 80, 100
CELLS = 10

Style = Mapping[str, Any]
PLAIN: Style = {}
BOLD: Style = {"bold": True}
DIM: Style = {"dim": True}
WARNING: Style = {"fg": "yellow", "bold": True}


def rung_style(rung: int) -> Style:
    """Give the colour of a rung: green for restraint, yellow short of force, red for force."""
    if rung <= 1:
        return {"fg": "green"}
    if rung <= 5:
        return {"fg": "yellow"}
    return {"fg": "red", "bold": rung >= 9}


def watched() -> bool:
    """Whether a bar can be drawn on standard error: on a terminal that is no dumb one."""
    err = sys.stderr
    # Python's own word for a descriptor that was closed before it began.
    return err is not None and err.isatty() and os.environ.get("TERM") != "dumb"


@dataclass(frozen=True)
class Screen:
    """A place to write on.

    Parameters
    ----------
    width : int
        Characters in a line.
    blocks : bool
        Whether blocks and arrows can be written; else ASCII stands in for them.
    """

    width: int = DEFAULT
    blocks: bool = True

    @classmethod
    def current(cls) -> Screen:
        """Give what standard output is: 80 wide unless it is a terminal."""
        out = sys.stdout
        width = DEFAULT
        if out is not None and out.isatty():
            columns = shutil.get_terminal_size((DEFAULT, 24)).columns
            width = max(NARROWEST, min(columns, WIDEST))
        try:
            "█░→".encode(getattr(out, "encoding", None) or "ascii")
        except (UnicodeEncodeError, LookupError):
            return cls(width, blocks=False)
        return cls(width)

    def bar(self, share: float) -> str:
        """Draw a share, 0..1, as ten cells."""
        full = max(0, min(CELLS, round(share * CELLS)))
        on, off = "█░" if self.blocks else "#."
        return on * full + off * (CELLS - full)

    def option(self, label: str, target: str | None) -> str:
        """Write a move and its target."""
        arrow = "→" if self.blocks else "->"
        return f"{label} {arrow} {target}" if target else label

    def flow(self, first: str, rest: str, *pieces: tuple[str, Style], right: int = 0) -> list[str]:
        """Fill lines with words, each piece in its own style.

        Parameters
        ----------
        first, rest : str
            What the first line and the other ones begin with, in characters that count.
        *pieces : tuple of str and Style
        right : int
            Characters to leave free at the right.

        Returns
        -------
        list of str
            Lines of at most `width` - `right` characters, escape sequences not counted.
        """
        room = self.width - right
        lines: list[list[tuple[str, Style]]] = [[]]
        starts = [first]
        used = len(first)
        words = ((word, style) for text, style in pieces for word in text.split())
        for word, style in _split(words, room):
            gap = bool(lines[-1])
            if used + gap + len(word) > room:
                # A word that fits on no indented line gets one with less of an indent.
                start = rest[: max(0, room - len(word))]
                if gap or starts[-1].strip():
                    lines.append([])
                    starts.append(start)
                else:
                    starts[-1] = start
                used, gap = len(start), False
            lines[-1].append((word, style))
            used += len(word) + gap
        return [
            start + _styled(line) if line else start.rstrip() if len(lines) > 1 else start
            for start, line in zip(starts, lines, strict=True)
        ]

    def labelled(self, text: str, path: str) -> list[str]:
        """Write a text and a path, which is never broken: on a line of its own where it is long."""
        if len(text) + 1 + len(path) <= self.width:
            return [f"{text} {path}"]
        return [*self.flow("", "  ", (text, PLAIN)), path]

    def command(self, words: Iterable[str], indent: str = "  ") -> list[str]:
        """Write a command so that it can be copied, continued over lines with backslashes.

        Nothing is put into a word, however long: a terminal breaks its line by itself, and what is
        copied from there is whole.
        """
        units = [part for word in words for part in ([word] if "'" in word else word.split())]
        lines = [indent]
        for unit in units:
            if lines[-1].strip() and len(lines[-1]) + 1 + len(unit) > self.width - 2:
                lines.append(indent * 2)
            lines[-1] += f"{' ' * bool(lines[-1].strip())}{unit}"
        return [f"{line} \\" for line in lines[:-1]] + lines[-1:]


def _split(words: Iterable[tuple[str, Style]], room: int) -> Iterable[tuple[str, Style]]:
    """Cut words that fit on no line."""
    for word, style in words:
        for at in range(0, len(word), room):
            yield word[at : at + room], style


def _styled(line: list[tuple[str, Style]]) -> str:
    """Join the words of a line, one escape sequence for neighbours of the same style."""
    runs: list[tuple[list[str], Style]] = []
    for word, style in line:
        if runs and runs[-1][1] == style:
            runs[-1][0].append(word)
        else:
            runs.append(([word], style))
    texts = (" ".join(words) for words, _ in runs)
    return " ".join(
        click.style(text, **style) if style else text
        for text, (_, style) in zip(texts, runs, strict=True)
    )
