"""How an outcome spreads over the design points, beside what chance alone would do."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from sim.analysis.intervals import Estimate
from sim.analysis.spread import Spread, plain
from sim.plots import style
from sim.plots.axis import bare, key
from sim.plots.page import Room, demand, draw_words, new_page, shortened, width_of

__all__ = ["alt_spread", "new_figure", "plot_spread"]

ROOM = Room(left=0.55, right=0.2, above=0.35, below=0.6)
INCHES = 3.6
#: Times as high as the bars that the outline of chance may be before it is cut off.
HIGH = 1.6
#: It is not cut off where it is so little higher than that.
NEAR = 1.2
LEAST = (3.5, 2.0)  # inches of an Axes at least
#: Times as high as bars and outline the Axes is, for the quantiles above them.
TALL = 1.62
_FILL = style.faded(style.RUNG_COLOURS[7], 0.35)
_OUTLINE: dict[str, Any] = {"color": style.SERIES[2][0], "lw": 1.8, "ls": (0, (4, 1.5))}


def new_figure(summary: Spread) -> Figure:
    """Return a figure with one empty Axes."""
    return new_page(summary.words, INCHES, ROOM)


def plot_spread(summary: Spread, *, ax: Axes | None = None) -> Axes:
    """Draw how many design points have which estimate, and how many would by chance alone.

    Parameters
    ----------
    summary : Spread
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        demand(ax, *LEAST)
    with style.styled():
        edges, shares = summary.edges, summary.shares
        ax.stairs(shares, edges, fill=True, color=_FILL, zorder=2, gid="points")
        head = _chance(ax, summary)
        ax.set_ylim(0.0, TALL * head)
        ax.set_xlim(edges[0], edges[-1])
        _marks(ax, summary, head)
        _beyond(ax, summary)
        share = summary.measure.kind == "share"
        ax.xaxis.set_major_formatter(
            FuncFormatter(lambda x, _: f"{100 * x:g}%" if share else f"{x:g}")
        )
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:g}%"))
        ax.set_xlabel(shortened(summary.measure.label, _wide(ax), style.TEXT), size=style.TEXT)
        ax.set_ylabel("share of design points", size=style.SMALL)
        # The scale is of what is drawn below the quantiles.
        ax.set_yticks([tick for tick in ax.get_yticks() if 0.0 <= tick <= head])
        ax.spines["left"].set_bounds(0.0, head)
        ax.yaxis.set_label_coords(-ROOM.left * 0.93 / _wide(ax), 0.5 / TALL)
        ax.tick_params(labelsize=style.SMALL)
        bare(ax, "bottom", "left")
        _key(ax, summary)
        draw_words(ax, summary.words, ROOM)
    return ax


def _wide(ax: Axes) -> float:
    return float(ax.bbox.x1 - ax.bbox.x0) / ax.figure.dpi


def _chance(ax: Axes, summary: Spread) -> float:
    """Draw how chance alone would spread points that are all alike; return how high that is."""
    peak, most = float(summary.shares.max()), float(np.nanmax(summary.chance, initial=0.0))
    cut = HIGH * peak if most > NEAR * HIGH * peak else most
    if not np.isfinite(summary.chance).all():
        return peak
    ax.stairs(np.minimum(summary.chance, cut), summary.edges, zorder=3, gid="chance", **_OUTLINE)
    if most <= cut:
        return max(peak, most)
    k = int(np.argmax(summary.chance))
    middle = (summary.edges[k] + summary.edges[k + 1]) / 2.0
    right = middle <= (summary.edges[0] + summary.edges[-1]) / 2.0
    ax.annotate(
        f"by chance alone up to {100 * most:.0f}%", (middle, cut), (8.0 if right else -8.0, 10.0),
        textcoords="offset points", ha="left" if right else "right", va="center",
        size=style.SMALL, color=_OUTLINE["color"], gid="cut", zorder=6,
    ).set_path_effects([style.HALO])  # fmt: skip
    ax.plot(middle, cut, "^", ms=6, color=_OUTLINE["color"], zorder=6, gid="beyond-cut")
    return 1.05 * cut


def _marks(ax: Axes, summary: Spread, head: float) -> None:
    """Mark the quantiles above the bars, each with its interval and its name beside it."""
    first, last = summary.edges[0], summary.edges[-1]
    middle = (first + last) / 2.0
    # Names on the left are written to the right and those on the right to the left: from the edges
    # inwards each stands below the last, so that no line of another runs through it.
    order = [m for m in summary.marks if m.estimate.mean <= middle]
    order += [m for m in summary.marks if m.estimate.mean > middle][::-1]
    for number, mark in enumerate(order):
        found, y = mark.estimate, head * (1.5 - 0.16 * number)
        ax.plot([found.mean] * 2, [0.0, y], color=style.INK, lw=0.9, ls=(0, (1, 2)), zorder=3)
        ax.plot(
            [found.low, found.high], [y, y], color=style.INK, lw=2.2, zorder=4, gid="interval",
            solid_capstyle="butt",
        )  # fmt: skip
        look: dict[str, Any] = {"ms": 5, "color": style.INK, "zorder": 5, "clip_on": False}
        ax.plot(found.mean, y, "D", gid="quantile", **look)
        says = f"{mark.says} {mark.written}"
        x, offset, ha = _beside(ax, found, says, left=found.mean > middle)
        ax.annotate(
            says, (x, y), offset, textcoords="offset points", ha=ha, va="center",
            size=style.SMALL, zorder=6, gid="mark",
            # An upright of another mark may stand behind it.
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip


def _beside(
    ax: Axes, found: Estimate, says: str, *, left: bool
) -> tuple[float, tuple[float, float], str]:
    """Choose where a name stands: on one side of an interval, on the other, or above it."""
    first, last = ax.get_xlim()
    takes = (width_of(says, style.SMALL) + 0.12) / _wide(ax) * (last - first)
    low, high = (found.mean if np.isnan(x) else x for x in (found.low, found.high))
    fits = {True: low - takes >= first, False: high + takes <= last}
    side = left if fits[left] or not fits[not left] else not left
    if fits[side]:
        return (low if side else high), (-7.0 if side else 7.0, 0.0), "right" if side else "left"
    return (high if left else low), (0.0, 9.0), "right" if left else "left"


def _beyond(ax: Axes, summary: Spread) -> None:
    """Say that the last bin holds what lies beyond."""
    if summary.most > summary.edges[-1]:
        ax.annotate(
            f"and beyond,\nto {plain(summary.measure, summary.most)}",
            (summary.edges[-1], float(summary.shares[-1])),
            (0.0, 5.0), textcoords="offset points", ha="right", va="bottom",
            size=style.SMALL, color=style.SOFT_INK, gid="beyond",
        )  # fmt: skip


def _key(ax: Axes, summary: Spread) -> None:
    handles: list[Any] = [Patch(color=_FILL, label="design points")]
    if np.isfinite(summary.chance).all():
        handles.append(Line2D([], [], label="by chance alone, if all were alike", **_OUTLINE))
    place: dict[str, Any] = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.02), "ncols": 2}
    key(ax, handles, "", handlelength=2.0, columnspacing=1.5, **place)


def alt_spread(summary: Spread) -> str:
    """Say in a sentence what the picture shows."""
    told = [f"{mark.says} {mark.written}" for mark in summary.marks]
    widest = int(np.argmax(summary.shares))
    low, high = summary.edges[widest], summary.edges[widest + 1]
    often = " to ".join(plain(summary.measure, float(edge)) for edge in (max(low, 0.0), high))
    return (
        f"Histogram of the {summary.measure.label} over design points: {', '.join(told)}; most "
        f"often {often}; the largest is {plain(summary.measure, summary.most)}."
    )
