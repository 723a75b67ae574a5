"""Who acts on whom: a row for each pair, a column for each rung, darker where there is more."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.analysis.intervals import Estimate
from sim.analysis.matrix import Matrix, Pair
from sim.plots import style
from sim.plots.axis import bare
from sim.plots.page import (
    EDGE,
    PRINTED,
    WIDTH,
    Room,
    demand,
    draw_words,
    new_page,
    shortened,
    width_of,
    wrapped,
)
from sim.plots.rows import beside

__all__ = ["alt_matrix", "new_figure", "plot_matrix"]

#: Inches, the unit of y: of a row, of a rung's sign, of a line of its name.
ROW, SIGN, LINE = 0.43, 0.24, 0.145
#: Inches between the names of a pair, and between a sign and the names around it.
GAP, PAD = 0.12, 0.05
#: Inches that the name of an actor may take, and of a target.
MOST = 1.5
SEAM = 0.012  # inches beside the colour of a cell
#: Columns after those of rungs, and the widths between them, in columns.
SUMS, APART = ("force", "all"), 0.08
#: Least inches of a column, and how far a row may be pressed together, in an Axes that is given.
LEAST, PRESSED = 0.5, 0.85
#: Parts of an even column: that a word may take before its column is widened, and then at most;
#: inches beside the word in one that is.
FULL, WIDEST, CLEAR = 0.97, 1.35, 0.02
FINE = style.SMALL - 0.5
HUE, PALEST, DARKEST = style.SERIES[2][0], 0.92, 0.4


def _names(summary: Matrix) -> tuple[float, float]:
    """Return the inches that actors take, and targets."""
    actors = [width_of(_actor(pair), style.TEXT, bold=True) for pair in summary.pairs]
    targets = [width_of(_target(pair), style.TEXT) for pair in summary.pairs]
    return max(actors, default=0.0) + GAP, max(targets, default=0.0) + GAP


def _actor(pair: Pair) -> str:
    return shortened(pair.actor, MOST, style.TEXT, bold=True)


def _target(pair: Pair) -> str:
    return shortened(f"→ {pair.target}", MOST, style.TEXT)


def _room(summary: Matrix) -> Room:
    return Room(left=sum(_names(summary)), right=0.02, above=0.02, below=0.02)


def _named(summary: Matrix) -> list[str]:
    return [*(level.label for level in summary.levels), *SUMS]


def _columns(summary: Matrix, wide: float) -> list[tuple[float, float]]:
    """Return where each column begins and how wide it is, inches.

    One whose name has a long word takes a little from those that have none.
    """
    names = _named(summary)
    even = wide / (len(names) + APART)
    needs = [max(width_of(word, FINE) for word in name.split()) / PRINTED for name in names]
    own = [min(need + CLEAR, WIDEST * even) if need > FULL * even else 0.0 for need in needs]
    rest = (wide - APART * even - sum(own)) / max(own.count(0.0), 1)
    found, left = [], 0.0
    for number, width in enumerate(own):
        left += APART * even if number == len(summary.levels) else 0.0
        found.append((left, width or rest))
        left += width or rest
    return found


def _heads(summary: Matrix, wide: float) -> list[list[str]]:
    """Break the names of the columns into lines."""
    columns = zip(_named(summary), _columns(summary, wide), strict=True)
    return [wrapped(name, inches, FINE, most=3) for name, (_, inches) in columns]


def _head(heads: list[list[str]]) -> float:
    return SIGN + 2.0 * PAD + LINE * max(len(lines) for lines in heads)


def _height(summary: Matrix, wide: float) -> float:
    return _head(_heads(summary, wide)) + ROW * max(len(summary.pairs), 1)


def new_figure(summary: Matrix) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    room = _room(summary)
    wide = WIDTH - 2.0 * EDGE - room.left - room.right
    return new_page(summary.words, _height(summary, wide), room)


def plot_matrix(summary: Matrix, *, ax: Axes | None = None) -> Axes:
    """Draw the moves of each actor at each target, by rung.

    Parameters
    ----------
    summary : Matrix
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    given = ax is not None
    ax = ax or new_figure(summary).axes[0]
    wide = ax.bbox.width / ax.figure.dpi
    columns, heads, whole = _columns(summary, wide), _heads(summary, wide), _height(summary, wide)
    if given:
        demand(ax, LEAST * (len(columns) + APART), PRESSED * whole)
    with style.styled():
        ax.set_xlim(0.0, wide)
        ax.set_ylim(whole, 0.0)
        ax.set_xticks([])
        ax.set_yticks([])
        bare(ax)
        first = _head(heads)
        for number, lines in enumerate(heads):
            _name_column(ax, summary, number, columns[number], lines, first)
        _rows(ax, summary, columns, first)
        draw_words(ax, summary.words, _room(summary))
    return ax


def _name_column(
    ax: Axes,
    summary: Matrix,
    number: int,
    column: tuple[float, float],
    lines: list[str],
    first: float,
) -> None:
    """Write a rung on its colour, and its name above it; of a sum only the name."""
    (left, wide), bottom = column, first - PAD
    middle = left + wide / 2.0
    look: dict[str, Any] = {"ha": "center", "va": "center"}
    if number < len(summary.levels):
        height = summary.levels[number].height
        colour = style.RUNG_COLOURS[height]
        ax.add_patch(
            Rectangle(
                (left + SEAM, bottom - SIGN), wide - 2.0 * SEAM, SIGN, facecolor=colour, lw=0,
                gid="rung",
            )
        )  # fmt: skip
        ink = style.on(colour)
        ax.text(middle, bottom - SIGN / 2.0, str(height), color=ink, size=style.SMALL,
                weight="bold", gid="sign", **look)  # fmt: skip
    up = bottom - SIGN - PAD - LINE * (len(lines) - 0.5)
    for line, text in enumerate(lines):
        ax.text(middle, up + LINE * line, text, size=FINE, gid="column", **look)


def _rows(ax: Axes, summary: Matrix, columns: list[tuple[float, float]], first: float) -> None:
    actors, _ = _names(summary)
    room = _room(summary)
    top = max([cell.mean for pair in summary.pairs for cell in pair.rungs], default=0.0)
    for number, pair in enumerate(summary.pairs):
        y = first + ROW * (number + 0.5)
        if number == 0 or summary.pairs[number - 1].actor != pair.actor:
            beside(ax, [_actor(pair)], y, room.left, weight="bold", gid="lane")
            if number:
                line = y - ROW / 2.0
                ax.axhline(line, color=style.FAINT_INK, lw=0.6, zorder=1, gid="parting")
        beside(ax, [_target(pair)], y, room.left - actors, gid="target")
        cells = (*pair.rungs, pair.force, pair.total)
        for k, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            if cell.mean > 0.0:
                of_rung = k < len(summary.levels)
                _cell(ax, summary, cell, column, y, top if of_rung else None)


def _cell(
    ax: Axes,
    summary: Matrix,
    cell: Estimate,
    column: tuple[float, float],
    y: float,
    top: float | None,
) -> None:
    """Write a mean and half of its interval, on a ground as dark as there is much."""
    ink, soft = style.INK, style.SOFT_INK
    left, wide = column
    middle = left + wide / 2.0
    if top is not None:
        share = float(np.sqrt(cell.mean / top))
        colour = style.faded(HUE, PALEST + share * (DARKEST - PALEST))
        box = (left + SEAM, y - 0.46 * ROW), wide - 2.0 * SEAM, 0.92 * ROW
        ax.add_patch(Rectangle(*box, facecolor=colour, lw=0, zorder=2, gid="cell"))
        soft = ink
    look: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 3}
    half = cell.half_width
    known = not np.isnan(half)
    up = 0.19 * ROW if known else 0.0
    weight = "normal" if top is not None else "bold"
    ax.text(middle, y - up, summary.written(cell.mean), color=ink, size=style.TEXT,
            weight=weight, gid="mean", **look)  # fmt: skip
    if known:
        text = f"±{summary.written(half)}"
        ax.text(middle, y + 0.24 * ROW, text, color=soft, size=FINE, gid="half", **look)


def alt_matrix(summary: Matrix) -> str:
    """Say in a sentence what the picture shows."""

    def said(found: Estimate) -> str:
        half = "" if np.isnan(found.half_width) else f" ±{summary.written(found.half_width)}"
        return f"{summary.written(found.mean)}{half}"

    told = []
    for pair in summary.pairs:
        force = f", of force {said(pair.force)}" if pair.force.mean > 0.0 else ""
        told.append(f"{pair.actor} on {pair.target} {said(pair.total)}{force}")
    return (
        "Matrix of the mean number of moves a history by who acts on whom and by rung, with half "
        f"of each 95% interval: {'; '.join(told) or 'no moves'}."
    )
