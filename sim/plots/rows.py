"""Rows of words with panels beside them: a label, what it means, and a bar or a dot in each panel.

The unit of y is an inch, downwards, so that rows are as tall as their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from sim.plots import style
from sim.plots.axis import bare
from sim.plots.page import Room, wrapped

__all__ = ["HEAD", "Row", "beside", "head", "laid", "name_row", "panels", "whisker"]

#: Inches: of a line of a label, of a line under it, between rows, of a line above a panel.
LINE, UNDER, BETWEEN, HEAD = 0.175, 0.155, 0.15, 0.17
#: Points of what stands under a label.
FINE = style.SMALL - 0.5


class Row(NamedTuple):
    """A row: its label in lines, what stands under it, and where its middle is."""

    upper: list[str]
    lower: list[str]
    y: float

    @property
    def height(self) -> float:
        """Inches that its words take."""
        return LINE * len(self.upper) + UNDER * len(self.lower)


def laid(texts: Iterable[tuple[str, str]], wide: float, top: float = 0.0) -> list[Row]:
    """Lay rows below one another.

    Parameters
    ----------
    texts : iterable of (str, str)
        A label, and what stands under it.
    wide : float
        Inches that they may take.
    top : float
        Where the first begins.
    """
    rows, down = [], top
    for label, under in texts:
        upper = wrapped(label, wide, style.TEXT, bold=True, most=2)
        lower = wrapped(under, wide, FINE, most=2)
        row = Row(upper, lower, 0.0)
        rows.append(row._replace(y=down + (BETWEEN + row.height) / 2.0))
        down += BETWEEN + row.height
    return rows


def bottom(rows: Sequence[Row], top: float = 0.0) -> float:
    """Return where the last row ends."""
    return rows[-1].y + (BETWEEN + rows[-1].height) / 2.0 if rows else top


def name_row(ax: Axes, row: Row, left: float, *, soft: bool = False) -> None:
    """Write a row's label and what stands under it, some inches to the left of an Axes."""
    first = row.y - row.height / 2.0
    ink = style.FAINT_INK if soft else style.INK
    if row.upper:
        middle = first + LINE * len(row.upper) / 2.0
        beside(ax, row.upper, middle, left, weight="bold", color=ink, gid="label")
    if row.lower:
        middle = first + row.height - UNDER * len(row.lower) / 2.0
        look = {"size": FINE, "color": style.FAINT_INK if soft else style.SOFT_INK, "gid": "gloss"}
        beside(ax, row.lower, middle, left, **look)


def beside(ax: Axes, lines: Sequence[str], y: float, left: float, **look: Any) -> None:
    """Write lines at a height, some inches to the left of an Axes; to its right where negative."""
    side = 0.0 if left > 0.0 else 1.0
    given: dict[str, Any] = {"ha": "left", "va": "center", "size": style.TEXT, "linespacing": 1.1}
    ax.annotate(
        "\n".join(lines),
        (side, y),
        (-left * 72.0, 0.0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        annotation_clip=False,
        **(given | look),
    )


def panels(ax: Axes, parts: Sequence[float], room: Room, gap: float = 0.25) -> list[Axes]:
    """Divide an Axes into panels side by side that share its rows.

    Parameters
    ----------
    ax : Axes
        Laid out in inches downwards; it is left bare.
    parts : sequence of float
        Widths, in proportion.
    room : Room
    gap : float
        Inches between them.
    """
    ax.set_xlim(0.0, 1.0)
    ax.set_xticks([])
    ax.set_yticks([])
    bare(ax)
    inches = (ax.bbox.x1 - ax.bbox.x0) / ax.figure.dpi
    free = inches - gap * (len(parts) - 1)
    left = 0.0
    found = []
    for part in parts:
        wide = free * part / sum(parts)
        panel = ax.inset_axes((left / inches, 0.0, wide / inches, 1.0))
        panel.set_ylim(ax.get_ylim())
        panel.set_yticks([])
        panel.tick_params(axis="x", labelsize=style.SMALL)
        panel.grid(axis="x", color=style.GUIDE, lw=0.7, zorder=0)
        panel.set_axisbelow(True)
        bare(panel, "bottom")
        found.append(panel)
        left += wide + gap
    return found


def head(panel: Axes, lines: Sequence[str], bold: int = 1) -> None:
    """Write lines above a panel, the first ones bold."""
    for number, line in enumerate(reversed(lines)):
        first = len(lines) - number <= bold
        panel.annotate(
            line,
            (0.0, 1.0),
            (0.0, 4.0 + 72.0 * HEAD * number),
            xycoords="axes fraction",
            textcoords="offset points",
            annotation_clip=False,
            ha="left",
            va="bottom",
            size=style.SMALL,
            weight="bold" if first else "normal",
            color=style.INK if first else style.SOFT_INK,
            gid="head",
        )


def whisker(panel: Axes, y: float, low: float, high: float, colour: Any = style.INK) -> None:
    """Draw an interval along a row."""
    look: dict[str, Any] = {"color": colour, "zorder": 5, "solid_capstyle": "butt"}
    panel.plot([low, high], [y, y], lw=1.4, gid="interval", **look)
    for x in (low, high):
        panel.plot([x, x], [y - 0.045, y + 0.045], lw=1.2, **look)
