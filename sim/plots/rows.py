"""Rows of words with panels beside them: a label, what it means, and a bar or a dot in each panel.

The unit of y is an inch, downwards, so that rows are as tall as their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from sim.plots import style
from sim.plots.axis import bare
from sim.plots.page import width_of, wrapped

__all__ = [
    "FINE",
    "GAP",
    "HEAD",
    "Row",
    "above",
    "beside",
    "bottom",
    "headroom",
    "heads",
    "laid",
    "name_row",
    "over",
    "panels",
    "whisker",
]

#: Inches: of a line of a label, of a line under it, between rows, of a line above a panel.
LINE, UNDER, BETWEEN, HEAD = 0.175, 0.155, 0.15, 0.17
GAP = 0.25  # inches between panels
#: Points of what stands under a label.
FINE = style.SMALL - 0.5


class Row(NamedTuple):
    """A row: its label in lines, what stands under it, its middle, and what it takes at least."""

    upper: list[str]
    lower: list[str]
    y: float
    least: float = 0.0

    @property
    def height(self) -> float:
        """Inches that its words take."""
        return LINE * len(self.upper) + UNDER * len(self.lower)

    @property
    def room(self) -> float:
        """Inches from the row above to the one below."""
        return max(BETWEEN + self.height, self.least)


def laid(
    texts: Iterable[tuple[str, str]], wide: float, top: float = 0.0, least: float = 0.0
) -> list[Row]:
    """Lay rows below one another.

    Parameters
    ----------
    texts : iterable of (str, str)
        A label, its lines apart where it has several; and what stands under it.
    wide : float
        Inches that they may take.
    top : float
        Where the first begins.
    least : float
        Inches that a row takes at least.
    """
    rows, down = [], top
    for label, under in texts:
        parts = label.split("\n")
        most = 2 if len(parts) == 1 else 1
        upper = [line for part in parts for line in _label(part, wide, most)]
        row = Row(upper, wrapped(under, wide, FINE, most=2), 0.0, least)
        rows.append(row._replace(y=down + row.room / 2.0))
        down += row.room
    return rows


def _label(text: str, wide: float, most: int) -> list[str]:
    """Break a label into lines; a dotted path that is too long, at a dot."""
    ends = [k + 1 for k, letter in enumerate(text) if letter == "."]
    fitting = [k for k in ends if width_of(text[:k], style.TEXT, bold=True) <= wide]
    if " " in text or most < 2 or not fitting or width_of(text, style.TEXT, bold=True) <= wide:
        return wrapped(text, wide, style.TEXT, bold=True, most=most)
    last = fitting[-1]
    return [text[:last], *wrapped(text[last:], wide, style.TEXT, bold=True, most=most - 1)]


def bottom(rows: Sequence[Row], top: float = 0.0) -> float:
    """Return where the last row ends."""
    return rows[-1].y + rows[-1].room / 2.0 if rows else top


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


def panels(ax: Axes, parts: Sequence[float], gap: float = GAP) -> list[Axes]:
    """Divide an Axes into panels side by side that share its rows.

    Parameters
    ----------
    ax : Axes
        Laid out in inches downwards; it is left bare.
    parts : sequence of float
        Widths, in proportion.
    gap : float
        Inches between them.
    """
    ax.set_xlim(0.0, 1.0)
    ax.set_xticks([])
    ax.set_yticks([])
    bare(ax)
    inches = _inches(ax)
    free = inches - gap * (len(parts) - 1)
    left = 0.0
    found = []
    for part in parts:
        wide = free * part / sum(parts)
        panel = ax.inset_axes((left / inches, 0.0, wide / inches, 1.0))
        panel.set_ylim(ax.get_ylim())
        panel.set_yticks([])
        panel.patch.set_visible(False)  # Words of the rows may run under a panel.
        panel.tick_params(axis="x", labelsize=style.SMALL)
        panel.grid(axis="x", color=style.GUIDE, lw=0.7, zorder=0)
        panel.set_axisbelow(True)
        bare(panel, "bottom")
        found.append(panel)
        left += wide + gap
    return found


def heads(found: Sequence[Axes], texts: Sequence[tuple[str, str]]) -> None:
    """Write above each panel what it shows: a heading, and under it what that means.

    `headroom` says how many inches that takes.
    """
    lines = [_head(text, _inches(panel)) for panel, text in zip(found, texts, strict=True)]
    most = max(len(own) for own in lines)
    for panel, own in zip(found, lines, strict=True):
        for number, (line, bold) in enumerate(own):
            look: dict[str, Any] = {"color": style.INK if bold else style.SOFT_INK}
            over(panel, line, most - 1 - number, weight="bold" if bold else "normal", **look)


def _inches(panel: Axes) -> float:
    return float(panel.bbox.x1 - panel.bbox.x0) / panel.figure.dpi


def _head(text: tuple[str, str], inches: float) -> list[tuple[str, bool]]:
    """Break a heading and what it means into lines, each with whether it is bold."""
    says = wrapped(text[1], inches, style.SMALL, most=3) if text[1] else []
    bold = wrapped(text[0], inches, style.SMALL, bold=True, most=3)
    return [*((line, True) for line in bold), *((line, False) for line in says)]


def headroom(texts: Sequence[tuple[str, str]], wide: float) -> float:
    """Return the inches that headings over panels of a width take."""
    return HEAD * max(len(_head(text, wide)) for text in texts)


def over(panel: Axes, text: str, line: int = 0, *, right: float | None = None, **look: Any) -> None:
    """Write above a panel, some lines up; some inches to its right where given."""
    panel.annotate(
        text,
        (0.0 if right is None else 1.0, 1.0),
        (72.0 * (right or 0.0), 4.0 + 72.0 * HEAD * line),
        xycoords="axes fraction",
        textcoords="offset points",
        annotation_clip=False,
        ha="left",
        va="bottom",
        size=style.SMALL,
        gid="head",
        **look,
    )


def above(ax: Axes, text: str, *, right: float | None = None, **look: Any) -> None:
    """Name the scale of an Axes above its left edge; what is to its right, some inches away."""
    given: dict[str, Any] = {"color": style.SOFT_INK, "size": style.SMALL}
    ax.annotate(
        text,
        (0.0 if right is None else 1.0, 1.0),
        (72.0 * (right or 0.0), 7.0),
        xycoords="axes fraction",
        textcoords="offset points",
        annotation_clip=False,
        ha="left",
        va="bottom",
        gid="scale",
        **(given | look),
    )


def whisker(
    panel: Axes,
    y: float,
    low: float,
    high: float,
    colour: Any = style.INK,
    tall: float = 0.05,
    caps: tuple[bool, bool] = (True, True),
) -> None:
    """Draw an interval along a row, with a cap at each end that is its own."""
    look: dict[str, Any] = {"color": colour, "zorder": 5, "solid_capstyle": "butt"}
    panel.plot([low, high], [y, y], lw=1.4, gid="interval", **look)
    for x, own in zip((low, high), caps, strict=True):
        if own:
            panel.plot([x, x], [y - tall, y + tall], lw=1.2, **look)
