"""The leaves of a classification tree: under which levels an outcome climbs, densest first."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.analysis.ranges import Leaf, Leaves
from sim.analysis.written import share
from sim.plots import style
from sim.plots.page import Room, draw_words, new_page
from sim.plots.rows import HEAD, Row, beside, bottom, laid, name_row, over, panels, whisker

__all__ = ["alt_leaves", "new_figure", "plot_leaves"]

ROOM = Room(left=4.2, right=1.55, above=0.1 + HEAD, below=0.3)
THICK = 0.2  # inches of a bar


def _rows(summary: Leaves) -> list[Row]:
    texts = [("\n".join(leaf.says), _held(leaf, summary)) for leaf in summary.leaves]
    return laid(texts, ROOM.left - 0.2)


def _held(leaf: Leaf, summary: Leaves) -> str:
    box = leaf.box
    mean, _ = summary.measure.written(box.mean.mean, box.mean.low, box.mean.high)
    return f"{100 * box.mass:.0f}% of the points; {summary.measure.label} {mean}"


def new_figure(summary: Leaves) -> Figure:
    """Return a figure with one empty Axes, sized for the leaves."""
    return new_page(summary.words, bottom(_rows(summary), HEAD), ROOM)


def plot_leaves(summary: Leaves, *, ax: Axes | None = None) -> Axes:
    """Draw the density of each leaf with its interval, beside that of all points.

    Parameters
    ----------
    summary : Leaves
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        rows = _rows(summary)
        ax.set_ylim(bottom(rows, HEAD), 0.0)
        (panel,) = panels(ax, [1.0])
        over(panel, "density", weight="bold")
        for row, leaf in zip(rows, summary.leaves, strict=True):
            box = leaf.box
            name_row(ax, row, ROOM.left, soft=not box.told)
            found = box.density
            colour = style.RUNG_COLOURS[6] if box.told else "#c4c4c4"
            panel.barh(row.y, found.mean, THICK, color=colour, zorder=3, gid="leaf")
            whisker(panel, row.y, found.low, found.high)
            mean, interval = share(found.mean, found.low, found.high)
            look: dict[str, Any] = {"size": style.SMALL, "gid": "number"}
            beside(panel, [f"{mean} ({interval})"], row.y, -0.1, **look)
        panel.axvline(
            summary.interest, color=style.INK, lw=1.2, ls=(0, (4, 2)), zorder=4, gid="all"
        )
        tops = [leaf.box.density.high for leaf in summary.leaves]
        panel.set_xlim(0.0, min(1.0, 1.08 * max([summary.interest, *tops])))
        panel.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g}%"))
        draw_words(ax, summary.words, ROOM)
    return ax


def alt_leaves(summary: Leaves) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for leaf in summary.leaves:
        found = leaf.box.density
        mean, interval = share(found.mean, found.low, found.high)
        end = "" if leaf.box.told else ", no denser than the rest"
        told.append(f"{' and '.join(leaf.says)}: {mean} ({interval}{end})")
    return f"Bars of the density of a tree’s leaves. {'; '.join(told)}."
