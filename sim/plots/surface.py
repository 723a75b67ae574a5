"""An outcome over two factors as a map, with contours, and what it cannot tell apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize, PowerNorm, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from sim.analysis.captions import Words
from sim.analysis.studied import level
from sim.analysis.surface import Surface
from sim.plots import style
from sim.plots.axis import bare
from sim.plots.cells import FRAME, framed_cell, texts_of
from sim.plots.levels import Places, side_by_side, tick
from sim.plots.page import (
    EDGE,
    WIDTH,
    Room,
    demand,
    draw_words,
    new_page,
    wrapped,
)

__all__ = ["alt_surface", "new_figure", "plot_surface"]

ROOM = Room(left=0.75, right=1.15, above=0.32, below=0.6)
#: Inches of a cell at least, and of the map.
SMALLEST, LEAST_WIDE = 0.14, 2.5
#: Inches: of a row; of the map in all, at least and at most.
ROW, LEAST, MOST = 0.5, 2.6, 5.2
CONTOURS = 5
SMALL = 0.4  # inches of a cell, in which dots are small, too
#: Times the least that the largest value may be before equal steps of colour hide the small ones.
SPREAD = 8.0
_STEPS = (1.0, 2.0, 5.0)


def new_figure(summary: Surface) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    rows, columns = summary.estimate.shape
    high = min(MOST, max(LEAST, ROW * rows))
    wide = WIDTH - 2.0 * EDGE - ROOM.left - ROOM.right
    return new_page(_words(summary, wide / columns, high / rows), high, ROOM)


def _words(summary: Surface, wide: float, high: float) -> Words:
    """Add to the caption what is in the cells, which depends on how many inches they have."""
    half = (summary.high - summary.low) / 2.0
    if not np.isfinite(half).any():
        return summary.words
    note = "Below each estimate: the cell’s 95% interval, by itself."
    if texts_of(summary, wide, high) is None:
        size, share = 2.0 * float(np.nanmax(half)), summary.measure.kind == "share"
        longest = f"{100 * size:.2g} points" if share else f"{size:.2g}"
        note = f"Bars: how wide each cell’s 95% interval is, by itself; the longest is {longest}."
    # After the digest, as a caption that is too long is cut off at its end.
    first, dot, rest = summary.words.caption.partition(". ")
    return replace(
        summary.words, caption=" ".join(part for part in (first + dot.strip(), note, rest) if part)
    )


def plot_surface(summary: Surface, *, ax: Axes | None = None) -> Axes:
    """Draw an outcome over two factors: colour and contours, its figures, what is not told apart.

    Where the cells are too small for figures, a bar in each is as long as its interval.

    Parameters
    ----------
    summary : Surface
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        rows, columns = summary.estimate.shape
        demand(ax, max(LEAST_WIDE, SMALLEST * columns), max(1.0, SMALLEST * rows))
    with style.styled():
        x, y = side_by_side(summary.x_levels), side_by_side(summary.y_levels)
        ax.set_xlim(x.edges[0], x.edges[-1])
        ax.set_ylim(y.edges[0], y.edges[-1])
        norm = _norm(summary.estimate)
        ax.set_facecolor(style.GUIDE)
        ax.pcolormesh(
            x.edges, y.edges, np.ma.masked_invalid(summary.estimate), cmap=style.SEQUENTIAL,
            norm=norm, edgecolors=style.PAPER, linewidth=0.6, zorder=1, gid="map",
        )  # fmt: skip
        contours = _contours(ax, summary, x, y)
        _figures(ax, summary, x, y, norm)
        _links(ax, summary, x, y)
        _coded(ax, summary, x, y, norm)
        tick(ax, x, summary.x.label)
        tick(ax, y, summary.y.label, along="y")
        ax.tick_params(length=0)
        bare(ax)
        _scale(ax, summary, norm, contours)
        draw_words(ax, _words(summary, *_inches(ax)), ROOM)
    return ax


def _norm(values: np.ndarray) -> Normalize:
    """Choose how values become colours: by their roots where small ones would all look alike."""
    there = values[np.isfinite(values)]
    if not len(there):
        return Normalize(0.0, 1.0)
    low, high = float(there.min()), float(there.max())
    if low >= 0.0 and high > SPREAD * low:
        return PowerNorm(0.5, low, high or 1.0)
    return Normalize(low, high if high > low else low + 1.0)


def _contours(ax: Axes, summary: Surface, x: Places, y: Places) -> list[float]:
    """Draw lines at round values, along the borders of cells, and return the values.

    A line between the levels would say more than is known, and run through the figures.
    """
    values = summary.estimate
    there = np.isfinite(values)
    if not there.any():
        return []
    heights = _round(float(np.nanmin(values)), float(np.nanmax(values)))
    sure: list[Any] = []
    unsure: list[Any] = []
    for height in heights:
        over = values >= height
        # None runs beside a cell that has no value.
        across = (over[:, 1:] != over[:, :-1]) & there[:, 1:] & there[:, :-1]
        up = (over[1:] != over[:-1]) & there[1:] & there[:-1]
        for i, j in np.argwhere(across):
            border = ((x.edges[j + 1], y.edges[i]), (x.edges[j + 1], y.edges[i + 1]))
            (unsure if summary.beside[i, j] else sure).append(border)
        for i, j in np.argwhere(up):
            border = ((x.edges[j], y.edges[i + 1]), (x.edges[j + 1], y.edges[i + 1]))
            (unsure if summary.above[i, j] else sure).append(border)
    for gid, segments, wide, dashes in (
        ("unsure", unsure, 1.1, (0, (3.0, 2.0))),
        ("contour", sure, 2.0, "-"),
    ):
        # A border of two contours is one line: dashes over dashes would fill their gaps.
        own = list(dict.fromkeys(segments))
        ax.add_collection(LineCollection(own, colors=style.PAPER, linewidths=wide + 2.2, zorder=3))
        ends = "projecting" if gid == "contour" else "butt"
        look: dict[str, Any] = {"colors": style.INK, "linewidths": wide, "linestyles": dashes}
        ax.add_collection(LineCollection(own, zorder=3.1, capstyle=ends, gid=gid, **look))
    return heights


def _round(low: float, high: float) -> list[float]:
    """Return round values between two, 1, 2 and 5 times a power of ten where they lie far apart."""
    if not high > low:
        return []
    if low >= 0.0 and high > SPREAD * low:
        top = int(np.floor(np.log10(high)))
        found = [s * 10.0**p for p in range(top - 2, top + 1) for s in _STEPS]
        return [value for value in found if low < value < high][-CONTOURS:]
    rough = (high - low) / CONTOURS
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(s * power for s in (*_STEPS, 10.0) if s * power >= rough)
    return [float(v) for v in np.arange(np.ceil(low / step), high / step) * step if low < v < high]


def _figures(ax: Axes, summary: Surface, x: Places, y: Places, norm: Normalize) -> None:
    """Write estimate and interval in each cell, or draw how wide the interval is."""
    inch = _inches(ax)
    texts = texts_of(summary, *inch)
    if texts is None:
        _bars(ax, summary, x, y, norm)
        return
    up = 0.085 / inch[1]
    for (i, j), (upper, lower) in texts.says.items():
        colour = _colour(norm, float(summary.estimate[i, j]))
        look: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 4, "gid": "figure"}
        for text, dy, size in ((upper, up, texts.sizes[0]), (lower, -up, texts.sizes[1])):
            at = float(x.at[j]), float(y.at[i]) + dy
            ax.text(*at, text, size=size, color=style.on(colour), **look)


def _inches(ax: Axes) -> tuple[float, float]:
    """Return how many inches a unit of x and of y is."""
    box, dpi = ax.bbox, ax.figure.dpi
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    return (box.x1 - box.x0) / dpi / (right - left), (box.y1 - box.y0) / dpi / (top - bottom)


def _colour(norm: Normalize, value: float) -> str:
    return str(to_hex(style.SEQUENTIAL(norm(value))))


def _bars(ax: Axes, summary: Surface, x: Places, y: Places, norm: Normalize) -> None:
    """Draw a bar in each cell, as long as its interval beside the longest of all."""
    half = (summary.high - summary.low) / 2.0
    longest = float(np.nanmax(half, initial=0.0)) or 1.0
    for i, j in np.ndindex(half.shape):
        if np.isfinite(half[i, j]):
            out = 0.36 * half[i, j] / longest
            ink = style.on(_colour(norm, float(summary.estimate[i, j])))
            ax.plot(
                [x.at[j] - out, x.at[j] + out], [y.at[i]] * 2, color=ink, lw=1.6, zorder=4,
                solid_capstyle="butt", gid="interval",
            )  # fmt: skip


def _links(ax: Axes, summary: Surface, x: Places, y: Places) -> None:
    """Put a dot on the border of two cells that cannot be told apart, if others can."""
    if not summary.told:
        return
    spots = [(x.edges[j + 1], y.at[i]) for i, j in np.argwhere(summary.beside)]
    spots += [(x.at[j], y.edges[i + 1]) for i, j in np.argwhere(summary.above)]
    if spots:
        across, up = zip(*spots, strict=True)
        size = 4.5 if min(_inches(ax)) > SMALL else 2.5
        ax.plot(
            across, up, "o", ms=size, mfc=style.PAPER, mec=style.INK, mew=0.8, ls="none", zorder=5,
            gid="alike",
        )  # fmt: skip


def _coded(ax: Axes, summary: Surface, x: Places, y: Places, norm: Normalize) -> None:
    """Outline the cell at which both factors are as coded."""
    framed = framed_cell(summary)
    if framed is not None:
        i, j = framed
        # Inside the borders, which contours and dots take; in small cells by their size.
        dx, dy = (min(0.07, (FRAME - 0.01) / inches) for inches in _inches(ax))
        corner, size = (x.edges[j] + dx, y.edges[i] + dy), (1.0 - 2.0 * dx, 1.0 - 2.0 * dy)
        value = float(summary.estimate[i, j])
        ink = style.on(_colour(norm, value)) if np.isfinite(value) else style.INK
        ax.add_patch(Rectangle(corner, *size, fill=False, ec=ink, lw=1.4, zorder=4.5, gid="coded"))


def _scale(ax: Axes, summary: Surface, norm: Normalize, contours: list[float]) -> None:
    """Draw the key to the colours to the right, with the contours marked on it."""
    if not np.isfinite(summary.estimate).any():
        return
    bar = ax.inset_axes((1.035, 0.0, 0.035, 1.0))
    low, high = float(norm.vmin or 0.0), float(norm.vmax or 1.0)
    # Even steps of colour, whatever the norm: the lightest is on the bar as it is on the map.
    steps = np.asarray(norm.inverse(np.linspace(0.0, 1.0, 257)))
    middles = np.asarray(norm.inverse((np.arange(256) + 0.5) / 256.0))
    bar.pcolormesh([0.0, 1.0], steps, middles[:, None], cmap=style.SEQUENTIAL, norm=norm)
    if isinstance(norm, PowerNorm):
        bar.set_yscale("function", functions=(lambda v: np.sqrt(np.maximum(v, 0.0)), np.square))
    bar.set_ylim(low, high)
    for height in contours:
        bar.axhline(height, color=style.PAPER, lw=2.6)
        bar.axhline(height, color=style.INK, lw=1.0)
    bar.set_xticks([])
    bar.yaxis.tick_right()
    ticks = contours or [low, high]
    bar.set_yticks(ticks, [], minor=False)
    bar.set_yticks([], minor=True)
    share = summary.measure.kind == "share"
    bar.yaxis.set_major_formatter(
        FuncFormatter(lambda v, _: f"{100 * v:g}%" if share else f"{v:g}")
    )
    bar.tick_params(labelsize=style.SMALL, length=3)
    bare(bar)
    name = wrapped(
        summary.measure.label,
        ROOM.left + ROOM.right + _inches(ax)[0] * len(summary.x_levels),
        style.SMALL,
        most=1,
    )[0]
    ax.annotate(
        name, (1.0, 1.0), (72.0 * ROOM.right, 7.0), xycoords="axes fraction",
        textcoords="offset points", annotation_clip=False, ha="right", va="bottom",
        size=style.SMALL, color=style.SOFT_INK, gid="scale",
    )  # fmt: skip


def alt_surface(summary: Surface) -> str:
    """Say in a sentence what the picture shows."""
    corners = []
    rows, columns = summary.estimate.shape
    for i, j in dict.fromkeys([(0, 0), (0, columns - 1), (rows - 1, 0), (rows - 1, columns - 1)]):
        grids = (summary.estimate, summary.low, summary.high, summary.n)
        mean, interval = summary.measure.written(*(float(grid[i, j]) for grid in grids))
        where = f"{level(summary.x_levels[j])} by {level(summary.y_levels[i])}"
        corners.append(f"{mean} ({interval}) at {where}")
    return (
        f"Map of the {summary.measure.label} over {summary.x.label} ({columns} levels, across) and "
        f"{summary.y.label} ({rows} levels, upwards). In the corners: {'; '.join(corners)}."
    )
