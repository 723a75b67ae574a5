"""How an outcome answers to a factor: a line with its band, or a line for each level of another."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter

from sim.analysis.response import Line, Response
from sim.analysis.studied import level
from sim.plots import style
from sim.plots.axis import bare, key
from sim.plots.levels import places_of, tick
from sim.plots.page import Room, draw_words, new_page

__all__ = ["alt_response", "new_figure", "plot_response"]

ALONE = Room(left=0.6, right=0.35, above=0.1, below=0.6)
KEYED = Room(left=0.6, right=1.75, above=0.1, below=0.6)
INCHES = 3.9
_MARKS = ("o", "s", "^", "D", "v")


def _room(summary: Response) -> Room:
    return ALONE if summary.other is None else KEYED


def new_figure(summary: Response) -> Figure:
    """Return a figure with one empty Axes."""
    return new_page(summary.words, INCHES, _room(summary))


def plot_response(summary: Response, *, ax: Axes | None = None) -> Axes:
    """Draw an outcome along the levels of a factor, with pointwise intervals.

    Parameters
    ----------
    summary : Response
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        places = places_of(summary.levels)
        margin = 0.02 * (places.edges[-1] - places.edges[0])
        ax.set_xlim(places.at[0] - margin, places.at[-1] + margin)
        for number, line in enumerate(summary.lines):
            _draw(ax, line, places.at, number)
        values = [v for line in summary.lines for v in (line.estimate, line.low, line.high)]
        low, high = (float(of(values, initial=0.0)) for of in (np.nanmin, np.nanmax))
        top = 1.06 * high or 1.0
        ax.set_ylim(low, min(top, 1.0) if summary.measure.kind == "share" else top)
        coded = places.of(summary.factor.coded)
        if coded is not None:
            look: dict[str, Any] = {"color": style.SOFT_INK, "lw": 1.0, "ls": (0, (4, 3))}
            ax.axvline(coded, zorder=1, gid="coded", **look)
        tick(ax, places, summary.factor.label)
        if summary.measure.kind == "share":
            ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:g}%"))
        ax.tick_params(axis="y", labelsize=style.SMALL)
        ax.grid(axis="y", color=style.GUIDE, lw=0.7)
        ax.set_axisbelow(True)
        bare(ax, "bottom", "left")
        _key(ax, summary)
        draw_words(ax, summary.words, _room(summary))
    return ax


def _look(number: int) -> dict[str, Any]:
    colour, dashes = style.SERIES[number % len(style.SERIES)]
    return {"color": colour, "ls": dashes, "marker": _MARKS[number % len(_MARKS)], "lw": 2.0}


def _draw(ax: Axes, line: Line, at: np.ndarray, number: int) -> None:
    look = _look(number)
    ax.fill_between(
        at, line.low, line.high, color=look["color"], alpha=0.22, lw=0, zorder=2, gid="interval"
    )
    for k in _alone(line):
        ax.plot(
            [at[k]] * 2, [line.low[k], line.high[k]], color=look["color"], alpha=0.6, lw=2.0,
            marker="_", ms=9, mew=1.4, zorder=2, clip_on=False, gid="bar",
        )  # fmt: skip
    ax.plot(
        at, line.estimate, ms=5.5, mec=style.PAPER, mew=0.8, zorder=3 + number, gid="response",
        clip_on=False, path_effects=[withStroke(linewidth=3.2, foreground="white")], **look,
    )  # fmt: skip
    if line.unsure.any():
        ax.plot(
            at[line.unsure], line.estimate[line.unsure], ls="none", marker=look["marker"], ms=5.5,
            mfc=style.PAPER, mec=look["color"], mew=1.4, zorder=4 + number, clip_on=False,
            gid="unsure",
        )  # fmt: skip


def _alone(line: Line) -> np.ndarray:
    """Return the levels whose interval no band can show: their neighbours have none."""
    there = np.pad(np.isfinite(line.low) & np.isfinite(line.high), 1)
    return np.flatnonzero(there[1:-1] & ~there[:-2] & ~there[2:])


def _key(ax: Axes, summary: Response) -> None:
    if summary.other is None:
        return
    handles = [
        Line2D([], [], ms=5.5, mec=style.PAPER, mew=0.8, label=line.label, **_look(number))
        for number, line in enumerate(summary.lines)
    ]
    # The highest line on top, as it is drawn.
    order = np.argsort([-float(line.estimate[(line.known or [-1])[-1]]) for line in summary.lines])
    key(ax, [handles[k] for k in order], summary.other.label, handlelength=2.6)


def alt_response(summary: Response) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for line in summary.lines:
        ends = []
        known = line.known
        for k in dict.fromkeys([known[0], known[len(known) // 2], known[-1]] if known else []):
            mean, interval = summary.measure.written(*line.at(k))
            ends.append(f"{mean} ({interval}) at {level(summary.levels[k])}")
        if len(known) < len(summary.levels):
            ends.append(f"nothing at {len(summary.levels) - len(known)} of the levels")
        start = f"with {summary.other.label} {line.label}: " if summary.other else ""
        told.append(start + ", ".join(ends))
    return (
        f"Lines of the {summary.measure.label} along {summary.factor.label}, with 95% intervals. "
        f"{'; '.join(told)}."
    )
