"""The leaves of a classification tree: under which levels an outcome climbs, densest first."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.analysis.ranges import Leaf, Leaves
from sim.analysis.written import share
from sim.plots import style
from sim.plots.page import Room, demand, draw_words, new_page
from sim.plots.rows import HEAD, Row, beside, bottom, laid, name_row, over, panels, whisker

__all__ = ["alt_leaves", "new_figure", "plot_leaves"]

ROOM = Room(left=4.2, right=1.55, above=0.1 + HEAD, below=0.3)
THICK = 0.2  # inches of a bar
#: Inches of an Axes at least; how far rows may be pressed together before words overlap.
LEAST, PRESSED = 1.2, 0.9


def _rows(summary: Leaves) -> list[Row]:
    texts = [("\n".join(leaf.says), _held(leaf, summary)) for leaf in summary.leaves]
    return laid(texts, ROOM.left - 0.2)


def _held(leaf: Leaf, summary: Leaves) -> str:
    box = leaf.box
    mean, interval = summary.measure.written(box.mean.mean, box.mean.low, box.mean.high)
    return f"{100 * box.mass:.0f}% of the points; {summary.measure.label} {mean} ({interval})"


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
    rows = _rows(summary)
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        demand(ax, LEAST, PRESSED * bottom(rows, HEAD))
    with style.styled():
        ax.set_ylim(bottom(rows, HEAD), 0.0)
        (panel,) = panels(ax, [1.0])
        over(panel, "share of its points that get there", weight="bold")
        for row, leaf in zip(rows, summary.leaves, strict=True):
            box = leaf.box
            name_row(ax, row, ROOM.left, soft=not box.told)
            found = box.density
            look = style.bar_look(style.RUNG_COLOURS[6], told=box.told)
            panel.barh(row.y, found.mean, THICK, zorder=3, gid="leaf", **look)
            whisker(panel, row.y, found.low, found.high)
            mean, interval = share(found.mean, found.low, found.high)
            beside(panel, [f"{mean} ({interval})"], row.y, -0.1, size=style.SMALL, gid="number")
        panel.axvline(summary.before, color=style.INK, lw=1.2, ls=(0, (4, 2)), zorder=4, gid="all")
        tops = [leaf.box.density.high for leaf in summary.leaves]
        panel.set_xlim(0.0, min(1.0, 1.08 * max([summary.before, *tops])))
        panel.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g}%"))
        draw_words(ax, summary.words, ROOM)
    return ax


def alt_leaves(summary: Leaves) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for leaf in summary.leaves:
        found = leaf.box.density
        mean, interval = share(found.mean, found.low, found.high)
        end = "" if leaf.box.told else ", not told to be denser"
        told.append(f"{' and '.join(leaf.says)}: {mean} ({interval}{end})")
    return (
        f"Bars of how many points in each of a tree’s leaves have a {summary.reaches}, "
        f"{100 * summary.before:.2g}% of all. {'; '.join(told)}."
    )
