"""Many paths among one another: single histories, their median, and a few that are told."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.analysis.levels import Level
from sim.analysis.strands import Strand, Strands
from sim.plots import style
from sim.plots.axis import bare, dated, name_ends
from sim.plots.lanes import number_of
from sim.plots.page import Room, demand, draw_words, new_page, wrapped

__all__ = ["alt_strands", "new_figure", "plot_strands"]

ROOM = Room(left=1.6, right=2.15, above=0.08, below=0.42)
INCHES = 0.36  # a rung
#: Inches that an Axes must have.
LEAST = (3.0, 2.4)
#: How far the paths of a rung are spread, and where those that are settled stand.
SPREAD, SETTLED = 0.62, -1.25
#: A step that meets every part of the spread before it comes near one again.
_GOLDEN = 0.6180339887
_THIN: dict[str, Any] = {"lw": 0.6, "alpha": 0.28, "drawstyle": "steps-post", "zorder": 2}
_DASHES: dict[str, Any] = {"open_war": (0, (5, 1.5)), "settlement": "-", "horizon": (0, (2, 1))}
#: Inches between the labels at the right, and to them.
_APART, _AWAY = 0.34, 0.22
_RUNG = 0.25  # inches that a rung takes beside the name of its level


def new_figure(summary: Strands) -> Figure:
    """Return a figure with one empty Axes, sized for the rungs."""
    rungs = summary.levels[-1].height - SETTLED + 1.0
    return new_page(summary.words, INCHES * rungs, ROOM)


def plot_strands(summary: Strands, *, ax: Axes | None = None) -> Axes:
    """Draw single paths as thin lines, the median and the told ones as thick lines.

    Parameters
    ----------
    summary : Strands
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    demand(ax, *LEAST)
    with style.styled():
        dates = np.array([number_of(date) for date in summary.dates])
        for number, strand in enumerate(summary.strands):
            shift = SPREAD * ((number * _GOLDEN) % 1.0 - 0.5)
            colour = style.END_COLOURS[strand.end]
            ax.plot(dates, _y(strand.heights) + shift, color=colour, gid="strand", **_THIN)
        _median(ax, summary, dates)
        _ladder(ax, summary)
        dated(ax, summary.dates[0], summary.dates[-1])
        ends = [(float(_y(summary.median)[-1]), "median of all", style.INK)]
        for number, strand in enumerate(summary.told):
            ends.append(_tell(ax, strand, dates, number, len(summary.told)))
        name_ends(ax, ends, _APART, _AWAY)
        draw_words(ax, summary.words, ROOM)
    return ax


def _y(heights: np.ndarray) -> np.ndarray:
    return np.where(heights < 0, SETTLED, heights)


def _median(ax: Axes, summary: Strands, dates: np.ndarray) -> None:
    low, high = _y(summary.low) - 0.08, _y(summary.high) + 0.08
    look: dict[str, Any] = {"step": "post", "lw": 0, "zorder": 4}
    ax.fill_between(dates, low, high, color=style.PAPER, alpha=0.5, **look)
    ax.fill_between(dates, low, high, color=style.INK, alpha=0.3, gid="interval", **look)
    ax.plot(
        dates,
        _y(summary.median),
        color=style.INK,
        lw=2.6,
        drawstyle="steps-post",
        zorder=7,
        path_effects=[withStroke(linewidth=4.2, foreground="white")],
        gid="median",
    )


def _look(strand: Strand) -> dict[str, Any]:
    worst = strand.told.startswith("the worst")
    return {
        "color": style.RISE if worst else style.END_COLOURS[strand.end],
        "lw": 2.0,
        "ls": "-" if worst else _DASHES[strand.end],
        "path_effects": [withStroke(linewidth=3.6, foreground="white")],
    }


def _tell(
    ax: Axes, strand: Strand, dates: np.ndarray, number: int, of: int
) -> tuple[float, str, Any]:
    """Draw a told path, a little beside the others so that none hides another; name its end."""
    shift = SPREAD * ((number + 0.5) / of - 0.5)
    look = _look(strand)
    y = _y(strand.heights) + shift
    ax.plot(dates, y, drawstyle="steps-post", zorder=6, gid="told", **look)
    return float(y[-1]), strand.told, look["color"]


def _ladder(ax: Axes, summary: Strands) -> None:
    heights = [level.height for level in summary.levels]
    names = [_name(level) for level in summary.levels[1:]]
    look: dict[str, Any] = {"fontsize": style.SMALL, "multialignment": "right"}
    ax.set_yticks([SETTLED, *heights[1:]], ["settled", *names], **look)
    for height in heights:
        ax.axhline(height if height >= 0 else SETTLED, color=style.GUIDE, lw=0.6, zorder=0.5)
    ax.axhline((SETTLED - 0.0) / 2.0, color=style.SOFT_INK, lw=0.7, ls=(0, (3, 2)), zorder=0.6)
    ax.set_ylim(SETTLED - 0.5, heights[-1] + 0.5)
    ax.tick_params(axis="y", length=0)
    bare(ax, "bottom")


def _name(level: Level) -> str:
    """Name a level beside the scale: in two lines where it is long, its rung in the last."""
    lines = wrapped(level.label, ROOM.left - _RUNG, style.SMALL, most=2)
    return f"{chr(10).join(lines)}  {level.height}"


def alt_strands(summary: Strands) -> str:
    """Say in a sentence what the picture shows."""
    labels = {level.height: level.label for level in summary.levels}
    middle = len(summary.dates) // 2
    told = ", ".join(f"{strand.told} (replicate {strand.replicate})" for strand in summary.told)
    return (
        f"Paths of {len(summary.strands):,} of {summary.replicates:,} histories over the ladder; "
        f"their median stands at {labels[int(summary.median[0])]} at the start, "
        f"{labels[int(summary.median[middle])]} half way and "
        f"{labels[int(summary.median[-1])]} at the end; picked out are: {told}."
    )
