"""How an outcome answers to a factor: a line with its band, or a line for each level of another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter

from sim.analysis.response import Line, Response
from sim.analysis.studied import level
from sim.plots import style
from sim.plots.axis import bare, name_ends
from sim.plots.levels import places_of, tick
from sim.plots.page import Room, demand, draw_words, new_page, shortened, width_of, wrapped
from sim.plots.rows import above

__all__ = ["alt_response", "new_figure", "plot_response"]

ROOM = Room(left=0.6, right=0.35, above=0.34, below=0.6)
INCHES = 3.9
#: Inches: of an Axes at least; between names of lines, from the lines to them, of a name at most.
LEAST = (2.5, 1.5)
APART, AWAY, NAME = 0.19, 0.26, 1.9
_MARKS = ("o", "s", "^", "D", "v")


def _room(summary: Response) -> Room:
    if summary.other is None:
        return ROOM
    widest = max(width_of(name, style.SMALL) for name in _called(summary))
    return replace(ROOM, right=AWAY + widest + 0.08)


def _called(summary: Response) -> list[str]:
    """Name the lines: a text says enough by itself, a number or a flag is one of something."""
    names = []
    for line in summary.lines:
        other = None if summary.texts else summary.other
        says = line.label if other is None else f"{other.label} {line.label}"
        names += wrapped(says, NAME, style.SMALL, most=1)
    return names


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
    else:
        demand(ax, *LEAST)
    with style.styled():
        places = places_of(summary.levels)
        margin = 0.02 * (places.edges[-1] - places.edges[0])
        # Names stand at the ends of lines, so that nothing may lie between.
        beyond = margin if summary.other is None else 0.0
        ax.set_xlim(places.at[0] - margin, places.at[-1] + beyond)
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
        above(ax, shortened(summary.measure.label, _wide(ax), style.SMALL))
        _names(ax, summary)
        draw_words(ax, summary.words, _room(summary))
    return ax


def _wide(ax: Axes) -> float:
    return float(ax.bbox.width) / ax.figure.dpi


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


def _names(ax: Axes, summary: Response) -> None:
    """Name each line where it ends."""
    if summary.other is None:
        return
    ends = [
        (float(line.estimate[line.known[-1]]), name, _look(number)["color"])
        for number, (line, name) in enumerate(zip(summary.lines, _called(summary), strict=True))
        if line.known
    ]
    name_ends(ax, ends, APART, AWAY)


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
