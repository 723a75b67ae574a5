"""Who acts on whom: a matrix of actors and targets, in each cell the moves by rung."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from sim.analysis.intervals import Estimate
from sim.analysis.matrix import Matrix
from sim.analysis.written import number
from sim.plots import style
from sim.plots.axis import bare, key, name_lane
from sim.plots.page import Room, draw_words, new_page

__all__ = ["alt_matrix", "new_figure", "plot_matrix"]

ROOM = Room(left=0.75, right=1.75, above=0.35, below=0.05)
CELL = 1.0  # inches, of a row
#: Parts of a cell: the edge left free, and the height that bars may take.
_EDGE, _BARS = 0.07, 0.54


def new_figure(summary: Matrix) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return new_page(summary.words, CELL * len(summary.actors), ROOM)


def plot_matrix(summary: Matrix, *, ax: Axes | None = None) -> Axes:
    """Draw the moves of each actor at each target, by rung.

    Parameters
    ----------
    summary : Matrix
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        rows, columns = len(summary.actors), len(summary.targets)
        ax.set_xlim(0.0, columns)
        ax.set_ylim(rows, 0.0)
        top = float(summary.rungs.max()) or 1.0
        for i in range(rows):
            name_lane(ax, summary.actors[i], i + 0.5, ROOM, scale=0.08)
            for j in range(columns):
                _cell(ax, summary, i, j, top)
        for j, target in enumerate(summary.targets):
            ax.annotate(
                target if j == rows else f"→ {target}",
                (j + 0.5, 0.0),
                (0.0, 6.0),
                textcoords="offset points",
                annotation_clip=False,
                ha="center",
                weight="bold",
                size=style.TEXT,
                gid="target",
            )
        ax.set_xticks([])
        ax.set_yticks([])
        bare(ax)
        _key(ax, summary)
        draw_words(ax, summary.words, ROOM)
    return ax


def _cell(ax: Axes, summary: Matrix, i: int, j: int, top: float) -> None:
    own = i == j
    ax.add_patch(
        Rectangle(
            (j + 0.02, i + 0.02), 0.96, 0.96, lw=0, zorder=1,
            facecolor=style.PAPER if own else "#f5f5f3", gid="cell",
        )
    )  # fmt: skip
    if own:
        return
    counts = summary.rungs[i, j]
    drawn = [level.height for level in summary.levels if level.height != 1]
    width = (1.0 - 2.0 * _EDGE) / len(drawn)
    floor = i + 1.0 - _EDGE
    ax.plot([j + _EDGE, j + 1.0 - _EDGE], [floor, floor], color=style.FAINT_INK, lw=0.6, zorder=2)
    for place, rung in enumerate(drawn):
        if counts[rung] > 0.0:
            height = _BARS * np.sqrt(counts[rung] / top)
            ax.add_patch(
                Rectangle(
                    (j + _EDGE + place * width, floor - height), width, height,
                    facecolor=style.RUNG_COLOURS[rung], edgecolor=style.SOFT_INK, lw=0.5,
                    zorder=3, gid="moves",
                )
            )  # fmt: skip
    _numbers(ax, summary.totals[i][j], j + _EDGE, i + _EDGE)


def _numbers(ax: Axes, total: Estimate, x: float, y: float) -> None:
    if total.mean == 0.0:
        ax.text(x, y, "none", size=style.SMALL, color=style.FAINT_INK, va="top", gid="total")
        return
    look: dict[str, Any] = {"va": "top", "zorder": 5, "gid": "total"}
    mean, interval = number(total.mean, total.low, total.high, total.n, every=True)
    ax.text(x, y, mean, size=style.TEXT, weight="bold", **look)
    ax.text(x, y + 0.16, f"({interval})", size=style.SMALL - 0.5, color=style.SOFT_INK, **look)


def _key(ax: Axes, summary: Matrix) -> None:
    handles = [
        Patch(
            facecolor=style.RUNG_COLOURS[level.height],
            edgecolor=style.SOFT_INK,
            lw=0.5,
            label=f"{level.height} {level.label}",
        )
        for level in reversed(summary.levels)
        if level.height != 1
    ]
    key(ax, handles, "rung, move")


def alt_matrix(summary: Matrix) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for i, actor in enumerate(summary.actors):
        row = summary.totals[i]
        parts = [
            f"{target} {row[j].mean:.3g} (of force {summary.force[i][j].mean:.2g})"
            for j, target in enumerate(summary.targets)
            if row[j].mean > 0.0
        ]
        told.append(f"{actor} on {', '.join(parts) or 'nobody'}")
    return f"Matrix of moves a history by who acts on whom: {'; '.join(told)}."
