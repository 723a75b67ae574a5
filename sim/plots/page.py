"""The page of a picture: one width, words above and below, and files that come out the same.

All pages are as wide as the README shows them, at twice its pixels: what is 10 points here is some
13 pixels there.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Bbox

from sim.analysis.captions import Words
from sim.errors import InputError, nearest_name
from sim.plots import style

__all__ = [
    "EDGE",
    "FORMATS",
    "WIDTH",
    "Room",
    "demand",
    "draw_words",
    "new_page",
    "render",
    "shortened",
    "words_of",
    "wrapped",
]

WIDTH = 9.0  # inches
EDGE = 0.18  # of white around everything
FORMATS = ("png", "svg", "pdf")

_POINTS = 72.0
#: Letters that are fitted to pixels take a little more than they measure.
PRINTED = 0.98
_LINE = 1.28
_GAP = 5.0  # points between title, subtitle and what is below
_PARTS = (0.6, 0.7, 0.8, 0.9)  # of the room for a line, to even lines out
_LINES: Mapping[str, int] = {"title": 2, "subtitle": 3, "caption": 4}
_SIZES: Mapping[str, float] = {
    "title": style.TITLE,
    "subtitle": style.TEXT + 0.5,
    "caption": style.SMALL,
}
#: What `draw_words` has written around an Axes, whole: on a page lines are broken and cut.
_WRITTEN: WeakKeyDictionary[Axes, Words] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Room:
    """Inches kept free around the Axes for labels of its own, between it and the words."""

    left: float = 0.5
    right: float = 0.2
    above: float = 0.1
    below: float = 0.45


def new_page(words: Words, body: float, room: Room, *, spare: int = 0) -> Figure:
    """Return a figure with one empty Axes, as tall as the words and the body need.

    Parameters
    ----------
    words : Words
        What `draw_words` will write.
    body : float
        Height of the Axes, inches.
    room : Room
    spare : int
        Lines that the caption may grow by.
    """
    inches = WIDTH - 2.0 * EDGE
    top = EDGE + room.above + _above(words, inches) / _POINTS
    caption = _lines("caption", words.caption, inches)
    bottom = EDGE + room.below
    bottom += ((len(caption) + spare) * _SIZES["caption"] * _LINE + _GAP) / _POINTS
    height = top + body + bottom
    with style.styled():
        figure = Figure(figsize=(WIDTH, height))
        # Agg's canvas keeps its renderer, by which texts are measured again and again.
        FigureCanvasAgg(figure)
        figure.add_axes(
            (
                (EDGE + room.left) / WIDTH,
                bottom / height,
                1.0 - (2.0 * EDGE + room.left + room.right) / WIDTH,
                body / height,
            )
        )
    return figure


def demand(ax: Axes, wide: float, high: float) -> None:
    """Refuse an Axes that somebody gave where it is too small for a picture to be read.

    Parameters
    ----------
    ax : Axes
    wide, high : float
        What the picture takes at least inside the Axes, inches.

    Raises
    ------
    InputError
    """
    figure: Any = ax.figure
    width, height = ax.bbox.width / figure.dpi, ax.bbox.height / figure.dpi
    if width < wide - 0.01 or height < high - 0.01:
        least = f"{math.ceil(10 * wide) / 10:g} by {math.ceil(10 * high) / 10:g}"
        raise InputError(
            f"an Axes of {width:.1f} by {height:.1f} inches is too small for this picture",
            key="ax",
            allowed=f"{least} inches or more",
        )


def draw_words(ax: Axes, words: Words, room: Room) -> None:
    """Write title and subtitle above an Axes and the caption below, where `new_page` left room."""
    _WRITTEN[ax] = words
    dpi = ax.figure.dpi
    inches = (ax.bbox.x1 - ax.bbox.x0) / dpi + room.left + room.right
    left = -room.left * _POINTS
    up = room.above * _POINTS + _GAP
    texts = {name: _lines(name, getattr(words, name), inches) for name in _SIZES}
    for name in ("subtitle", "title"):
        colour = style.INK if name == "title" else style.SOFT_INK
        weight = "bold" if name == "title" else "normal"
        look = {"va": "bottom", "weight": weight, "color": colour}
        _write(ax, name, texts[name], (0.0, 1.0), (left, up), **look)
        up += len(texts[name]) * _SIZES[name] * _LINE + (_GAP if texts[name] else 0.0)
    down = -(room.below * _POINTS + _GAP)
    look = {"va": "top", "color": style.SOFT_INK}
    _write(ax, "caption", texts["caption"], (0.0, 0.0), (left, down), **look)


def words_of(ax: Axes) -> Words:
    """Return the words that were written around an Axes, with what only drawing can tell."""
    return _WRITTEN[ax]


def _above(words: Words, inches: float) -> float:
    """Return the points that title and subtitle take."""
    total = _GAP
    for name in ("title", "subtitle"):
        lines = _lines(name, getattr(words, name), inches)
        total += len(lines) * _SIZES[name] * _LINE + (_GAP if lines else 0.0)
    return total


def _write(
    ax: Axes,
    name: str,
    lines: list[str],
    at: tuple[float, float],
    offset: tuple[float, float],
    **look: Any,
) -> Annotation:
    return ax.annotate(
        "\n".join(lines),
        at,
        offset,
        xycoords="axes fraction",
        textcoords="offset points",
        annotation_clip=False,
        ha="left",
        size=_SIZES[name],
        linespacing=_LINE / 1.16,
        gid=name,
        **look,
    )


def _lines(name: str, text: str, inches: float) -> list[str]:
    return wrapped(text, inches, _SIZES[name], bold=name == "title", most=_LINES[name])


def wrapped(
    text: str, inches: float, size: float, *, bold: bool = False, most: int = 100
) -> list[str]:
    """Break a text into lines by its width in print; cut its end off where there are too many.

    Parameters
    ----------
    text : str
    inches : float
        Room for a line.
    size : float
        Points.
    bold : bool
    most : int, >= 1
        Lines.
    """
    inches *= PRINTED
    lines = _filled(text, inches, size, bold)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    elif len(lines) > 1:
        # As many lines as are needed, and none of a single word.
        narrower = (_filled(text, inches * part, size, bold) for part in _PARTS)
        lines = next((other for other in narrower if len(other) == len(lines)), lines)
    return [_cut(line, inches, size, bold) for line in lines]


def shortened(text: str, inches: float, size: float, *, bold: bool = False) -> str:
    """Cut the end off a text that is wider in print than some inches."""
    if width_of(text, size, bold=bold) <= inches:
        return text
    return "".join(wrapped(text, inches, size, bold=bold, most=1))


def _filled(text: str, inches: float, size: float, bold: bool) -> list[str]:
    """Put words into lines; word by word, as measuring whole lines over and over takes long."""
    gap = width_of("n n", size, bold=bold) - 2.0 * width_of("n", size, bold=bold)
    lines: list[str] = []
    taken = 0.0
    for word in text.split():
        width = width_of(word, size, bold=bold)
        if lines and taken + gap + width <= inches:
            lines[-1] += f" {word}"
            taken += gap + width
        else:
            lines.append(word)
            taken = width
    return lines


def _cut(line: str, inches: float, size: float, bold: bool) -> str:
    """Cut the end of a line that is too wide, at a word where there are several."""
    while len(line) > 2 and width_of(line, size, bold=bold) > inches:
        kept = line.removesuffix(" …")
        line = (kept.rpartition(" ")[0] or kept[:-1]).rstrip(",;") + " …"
    return line


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in print, inches."""
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / _POINTS


def render(figure: Figure, kind: str = "png", alt: str = "", *, words: bool = True) -> bytes:
    """Return a picture as the bytes of a file: the same figure, the same bytes.

    Parameters
    ----------
    figure : Figure
    kind : str
        png, svg or pdf.
    alt : str
        What the picture shows, for those who cannot see it; kept in the file.
    words : bool
        Whether title, subtitle and caption are in it; without them it is as much lower.
    """
    if kind not in FORMATS:
        raise InputError(
            f"no such format {kind!r}",
            key="format",
            allowed=", ".join(FORMATS),
            nearest=nearest_name(kind, FORMATS),
        )
    buffer = io.BytesIO()
    with style.styled(), nullcontext() if words else _wordless(figure) as box:
        figure.savefig(
            buffer, format=kind, dpi=figure.dpi, metadata=_metadata(kind, alt), bbox_inches=box
        )
    return buffer.getvalue()


@contextmanager
def _wordless(figure: Figure) -> Iterator[Bbox]:
    """Hide the words around a picture for a while, and give the box of the rest, as wide."""
    words = figure.findobj(lambda artist: artist.get_gid() in _SIZES and artist.get_visible())
    for artist in words:
        artist.set_visible(False)
    try:
        rest = figure.get_tightbbox(figure.canvas.get_renderer())  # type: ignore[attr-defined]
        yield Bbox.from_extents(0.0, rest.y0 - EDGE / 2, figure.get_figwidth(), rest.y1 + EDGE / 2)
    finally:
        for artist in words:
            artist.set_visible(True)


def _metadata(kind: str, alt: str) -> dict[str, Any]:
    """Return what is said in the file: no date and no program, which change."""
    if kind == "png":
        return {"Software": None} | ({"Description": alt} if alt else {})
    if kind == "svg":
        return {"Date": None, "Creator": None} | ({"Description": alt} if alt else {})
    return {"CreationDate": None, "Creator": None, "Producer": None} | (
        {"Subject": alt} if alt else {}
    )
