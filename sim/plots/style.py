"""The look of every picture: one palette ordered like the ladder, one shape a rung, one font."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import matplotlib.style
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from sim.analysis.path_summary import MoveKind

__all__ = ["RUNG_COLOURS", "faded", "figure_png", "markers_of", "styled"]

#: Colour of each rung, 0 to 10. Lightness falls from rung to rung, so that the order survives
#: greyscale; hue goes from blue to red over yellow, so that no step hangs on red against green.
RUNG_COLOURS = (
    "#deeffa",
    "#dbe3dd",
    "#f8cd72",
    "#f5b04f",
    "#ec9440",
    "#d97434",
    "#c0502f",
    "#a23433",
    "#7d1d3c",
    "#531038",
    "#240720",
)

#: Shape of the first move on each rung: round is peace, edges are pressure, points are force.
_SHAPES: tuple[Any, ...] = ("o", "8", "v", ">", "s", "D", "X", "^", "*", (8, 1, 0), (12, 1, 0))
#: Shapes of further moves on a rung, in turn.
_MORE: tuple[Any, ...] = ("P", "p", "h", "<", "d")
#: Relative size of the shapes, for equal weight to the eye.
_SIZES = {"*": 1.5, "P": 1.1, "D": 0.85, "s": 0.92, "X": 1.1, (8, 1, 0): 1.4, (12, 1, 0): 1.6}

INK = "#222222"
SOFT_INK = "#555555"
FAINT_INK = "#8a8a8a"
GUIDE = "#e4e4e4"
FORCE_TINT = "#f7eeea"
FORCE_LINE = "#c8a79a"
PATH_LINE = "#b4b4b4"
ALARM = "#7d1d3c"

#: Points.
TEXT = 10.0
SMALL = 9.0
TITLE = 15.0
MARKER = 8.5

_RC: dict[str, Any] = {
    # By name and not by family, so that nobody's own settings reach the picture.
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT,
    "mathtext.fontset": "dejavusans",
    "text.color": INK,
    "axes.edgecolor": SOFT_INK,
    "axes.labelcolor": INK,
    "xtick.color": SOFT_INK,
    "xtick.labelcolor": INK,
    "ytick.color": SOFT_INK,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 150.0,
}


def styled() -> AbstractContextManager[None]:
    """Return a context in which matplotlib knows this style and no user's settings."""
    return matplotlib.style.context(["default", _RC])


def markers_of(ladder: Sequence[MoveKind]) -> dict[str, tuple[Any, float]]:
    """Return the marker of each move and its size in points; no two moves of a ladder share one.

    Parameters
    ----------
    ladder : sequence of MoveKind
    """
    seen: set[int] = set()
    spare = 0
    markers = {}
    for kind in ladder:
        shape = _SHAPES[kind.rung]
        if kind.rung in seen:
            shape = _MORE[spare % len(_MORE)]
            spare += 1
        seen.add(kind.rung)
        markers[kind.move] = (shape, MARKER * _SIZES.get(shape, 1.0))
    return markers


def faded(colour: str, share: float) -> tuple[float, float, float]:
    """Return a colour mixed with the paper: opaque, so that no line shines through."""
    red, green, blue = to_rgb(colour)
    return (
        red + share * (1.0 - red),
        green + share * (1.0 - green),
        blue + share * (1.0 - blue),
    )


def letter(character: str) -> Path:
    """Return a character as the shape of a marker, centred and one unit wide or high."""
    # A TextPath, as matplotlib's own "$...$" takes a parser of formulas to load and run.
    outline = TextPath((0.0, 0.0), character, prop=FontProperties(family="DejaVu Sans"))
    box = outline.get_extents()
    centre = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return Path((outline.vertices - centre) / max(box.width, box.height), outline.codes)


def figure_png(figure: Figure) -> bytes:
    """Return a figure as a PNG that is the same, byte for byte, for the same figure."""
    buffer = io.BytesIO()
    with styled():
        figure.savefig(buffer, format="png", dpi=figure.dpi, metadata={"Software": None})
    return buffer.getvalue()
