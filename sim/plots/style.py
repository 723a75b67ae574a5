"""The look of every picture: one palette ordered like the ladder, one shape a rung, one font."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import matplotlib.style
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.textpath import TextPath

from sim.analysis.path_summary import MoveKind

__all__ = [
    "DIVERGING",
    "END_COLOURS",
    "HALO",
    "RUNG_COLOURS",
    "SEQUENTIAL",
    "SERIES",
    "UNTOLD",
    "UNTOLD_EDGE",
    "bar_look",
    "faded",
    "letter",
    "level_look",
    "markers_of",
    "on",
    "styled",
]

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

#: Colours and dashes of lines that stand beside one another, not above: lightness rises from each
#: to the next, and the dashes tell them apart where that is not enough. The lightest still has the
#: contrast of 3 to 1 with white that lines need.
SERIES: tuple[tuple[str, Any], ...] = (
    ("#17184f", "-"),
    ("#7d2233", (0, (6, 2))),
    ("#25658c", (0, (1, 1.2))),
    ("#9b7426", (0, (6, 2, 1, 2))),
    ("#669bb2", "-"),
)

#: Up the ladder and down it: what pushes towards a move and what holds it back, more and less.
RISE, FALL = "#a23433", "#5b96c0"
#: Fill and outline of a bar that is not told from none: paler than any other, and yet outlined.
UNTOLD, UNTOLD_EDGE = "#d6d6d6", "#8a8a8a"

#: From little to much, as up the ladder; from a pale yellow and not its blue, of which another hue
#: would part what differs least.
SEQUENTIAL = LinearSegmentedColormap.from_list("ladder", ["#fdf0cf", *RUNG_COLOURS[2:]])
#: From less over nothing (white) to more.
DIVERGING = LinearSegmentedColormap.from_list(
    "shift", ["#16355c", "#2f7fb0", "#a9cfe6", "#ffffff", "#f5b04f", "#c0502f", "#5d1236"]
)

#: Shape of the first move on each rung: round is peace, edges are pressure, points are force.
_SHAPES: tuple[Any, ...] = ("o", "8", "v", ">", "s", "D", "X", "^", "*", (8, 1, 0), (12, 1, 0))
#: Shapes of further moves on a rung, in turn.
_MORE: tuple[Any, ...] = ("P", "p", "h", "<", "d")
#: Relative size of the shapes, for equal weight to the eye.
_SIZES = {"*": 1.5, "P": 1.1, "D": 0.85, "s": 0.92, "X": 1.1, (8, 1, 0): 1.4, (12, 1, 0): 1.6}

INK = "#222222"
PAPER = "#ffffff"
SOFT_INK = "#555555"
FAINT_INK = "#6c6c6c"
GUIDE = "#e4e4e4"
BAND = "#f3f1ee"
FORCE_TINT = "#f7eeea"
FORCE_LINE = "#b5806c"
PATH_LINE = "#8f8f8f"
ALARM = "#7d1d3c"

#: How a history ends.
END_COLOURS = {"open_war": RUNG_COLOURS[10], "horizon": "#8f8a82", "settlement": "#25658c"}
#: Ground and lines of what is settled: it stands outside the ladder, and is hatched.
_SETTLED, _SETTLED_LINES = "#f4f8fb", "#9fb6c6"

#: Keeps text readable where a line runs behind it.
HALO = withStroke(linewidth=2.5, foreground="white", alpha=0.85)

#: Points.
TEXT = 10.0
SMALL = 9.0
TITLE = 14.0
MARKER = 8.5

_RC: dict[str, Any] = {
    # By name and not by family, so that nobody's own settings reach the picture.
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT,
    # A text of a user's own may hold two dollar signs.
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": SOFT_INK,
    "axes.labelcolor": INK,
    "xtick.color": SOFT_INK,
    "xtick.labelcolor": INK,
    "ytick.color": SOFT_INK,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 184.0,  # twice the pixels of the README's column
    "hatch.linewidth": 0.6,
    "svg.fonttype": "path",
    # Names within an SVG come from its content and not from chance.
    "svg.hashsalt": "escalation",
}


def styled() -> AbstractContextManager[None]:
    """Return a context in which matplotlib knows this style and no user's settings."""
    return matplotlib.style.context(["default", _RC])


def markers_of(ladder: Sequence[MoveKind]) -> dict[str, tuple[Any, float]]:
    """Return the marker of each move and its size in points.

    No two moves of a ladder share one, unless more than five share a rung with a milder one.

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


def bar_look(colour: str, *, told: bool = True, pale: bool = False) -> dict[str, Any]:
    """Return how a bar is filled: in its colour, or pale and outlined.

    Parameters
    ----------
    colour : str
    told : bool
        Whether it is told from none; else it is grey.
    pale : bool
        Whether it stands for a whole beside which a part of it is drawn.
    """
    if told and not pale:
        return {"facecolor": colour, "edgecolor": colour, "linewidth": 0.0}
    fill, edge = (faded(colour, 0.55), colour) if told else (UNTOLD, UNTOLD_EDGE)
    if pale and not told:
        fill = faded(UNTOLD, 0.55)
    return {"facecolor": fill, "edgecolor": edge, "linewidth": 0.8}


def level_look(height: int) -> dict[str, Any]:
    """Return how the area of a level is filled: the rung's colour, or hatched where settled.

    Parameters
    ----------
    height : int
        -1 for settled, else the rung, 0..10.
    """
    if height < 0:
        return {"facecolor": _SETTLED, "edgecolor": _SETTLED_LINES, "hatch": "////", "linewidth": 0}
    return {"facecolor": RUNG_COLOURS[height], "edgecolor": "none", "linewidth": 0}


def on(colour: str) -> str:
    """Return the ink that stands out more on a colour, dark or white, by WCAG's contrast."""

    def light(of: str) -> float:
        parts = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in to_rgb(of))
        return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), parts, strict=True)) + 0.05

    return PAPER if light(PAPER) / light(colour) > light(colour) / light(INK) else INK
