"""The fan of an ensemble: the share of its replicates at each level of the ladder over time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.analysis.fan import Fan, Fans
from sim.analysis.written import share
from sim.plots import style
from sim.plots.axis import dated, key, name_lane
from sim.plots.lanes import number_of
from sim.plots.page import PRINTED, Room, demand, draw_words, new_page, width_of

__all__ = ["alt_fans", "new_figure", "plot_fans"]

ROOM = Room(left=0.95, right=1.75, above=0.05, below=0.42)
#: Inches that the scale takes, and the name of a lane at most.
SCALE, LONGEST = 0.45, 1.3
#: Heights of the lanes, the gap between them, and inches for a unit.
FIRST, OTHER, GAP = 1.0, 0.42, 0.13
INCHES = 2.1
#: Inches that an Axes must have.
LEAST = (3.5, 3.4)


def new_figure(summary: Fans) -> Figure:
    """Return a figure with one empty Axes, sized for the lanes of a fan."""
    body = max(INCHES * _edges(summary)[0][1], LEAST[1])
    return new_page(summary.words, body, _room(summary))


def _room(summary: Fans) -> Room:
    """Return the room around the lanes, wider on the left where names are long."""
    widest = max(width_of(fan.who, style.SMALL, bold=True) for fan in summary.fans)
    return replace(ROOM, left=max(ROOM.left, SCALE + min(widest / PRINTED, LONGEST)))


def plot_fans(summary: Fans, *, ax: Axes | None = None) -> Axes:
    """Draw the share of replicates at each level over time, stacked, a lane for each actor.

    Bands lie in the order of the ladder, the mildest at the bottom. The white border on top of a
    band is as wide as the interval of the share of all up to it.

    Parameters
    ----------
    summary : Fans
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    demand(ax, *LEAST)
    with style.styled():
        dates = np.array([number_of(date) for date in summary.dates])
        edges = _edges(summary)
        for fan, (bottom, top) in zip(summary.fans, edges, strict=True):
            _stack(ax, summary, fan, dates, bottom, top)
        ax.set_ylim(0.0, edges[0][1])
        dated(ax, summary.dates[0], summary.dates[-1])
        _scale(ax, summary, edges)
        _key(ax, summary)
        draw_words(ax, summary.words, _room(summary))
    return ax


def _edges(summary: Fans) -> list[tuple[float, float]]:
    """Return bottom and top of each lane, the first on top."""
    heights = [FIRST] + [OTHER] * (len(summary.fans) - 1)
    edges: list[tuple[float, float]] = []
    bottom = 0.0
    for height in reversed(heights):
        edges.append((bottom, bottom + height))
        bottom += height + GAP
    return edges[::-1]


def _stack(ax: Axes, summary: Fans, fan: Fan, dates: np.ndarray, bottom: float, top: float) -> None:
    height = top - bottom
    under = np.zeros(len(dates))
    for k, level in enumerate(summary.levels):
        over = fan.below[k]
        if np.any(over > under):
            ax.fill_between(
                dates,
                bottom + height * under,
                bottom + height * over,
                step="post",
                gid=f"band-{level.height}",
                zorder=2,
                **style.level_look(level.height),
            )
        under = over
    for k in range(len(summary.levels) - 1):
        inside = (fan.below[k] > 0.0) & (fan.below[k] < 1.0)
        ax.fill_between(
            dates,
            bottom + height * fan.low[k],
            bottom + height * fan.high[k],
            where=inside.tolist(),
            step="post",
            color=style.PAPER,
            alpha=0.6,
            lw=0,
            zorder=3,
            gid="interval",
        )
    for edge in (bottom, top):
        ax.plot(dates[[0, -1]], [edge, edge], color=style.SOFT_INK, lw=0.7, zorder=4)


def _scale(ax: Axes, summary: Fans, edges: list[tuple[float, float]]) -> None:
    ticks, names = [], []
    for (bottom, top), fan in zip(edges, summary.fans, strict=True):
        for part in (0.0, 0.5, 1.0) if top - bottom < FIRST else (0.0, 0.25, 0.5, 0.75, 1.0):
            ticks.append(bottom + part * (top - bottom))
            names.append(f"{100 * part:.0f}%")
        name_lane(ax, fan.who, (bottom + top) / 2.0, _room(summary), SCALE)
    ax.set_yticks(ticks, names, fontsize=style.SMALL)
    for side in ("top", "bottom", "left", "right"):
        ax.spines[side].set_visible(False)


def _key(ax: Axes, summary: Fans) -> None:
    handles: list[Any] = []
    for level in reversed(summary.levels):
        rung = f"{level.height} " if level.height >= 0 else ""
        handles.append(Patch(label=f"{rung}{level.label}", **style.level_look(level.height)))
    key(ax, handles, "rung, highest move", ROOM.right)


def alt_fans(summary: Fans) -> str:
    """Say in a sentence what the picture shows."""
    parts = []
    for level, found in zip(summary.levels, summary.ends, strict=True):
        if found.mean > 0.0:
            mean, interval = share(found.mean, found.low, found.high)
            parts.append(f"{level.label} {mean} ({interval})")
    return (
        f"Stacked areas over time from {summary.dates[0]:%Y-%m-%d} to {summary.dates[-1]:%Y-%m-%d}"
        f" of the share of {summary.replicates:,} histories at each level of the ladder; "
        f"at the end: {', '.join(parts)}."
    )
