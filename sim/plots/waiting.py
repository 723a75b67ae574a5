"""By when something has come: a rising line for each event, with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from sim.analysis.waiting import Event, Waiting
from sim.analysis.written import digits, share
from sim.plots import style
from sim.plots.axis import bare, dated
from sim.plots.lanes import number_of
from sim.plots.page import Room, draw_words, new_page

__all__ = ["alt_waiting", "new_figure", "plot_waiting"]

ROOM = Room(left=0.5, right=2.5, above=0.1, below=0.42)
INCHES = 4.2
#: Inches between the labels at the right, and to them.
_APART, _AWAY = 0.38, 0.25


def new_figure(summary: Waiting) -> Figure:
    """Return a figure with one empty Axes."""
    return new_page(summary.words, INCHES, ROOM)


def plot_waiting(summary: Waiting, *, ax: Axes | None = None) -> Axes:
    """Draw by when each event has come, with pointwise intervals, named at the end of its line.

    Parameters
    ----------
    summary : Waiting
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        dates = np.array([number_of(date) for date in summary.dates])
        tops = [float(event.incidence.high.max()) for event in summary.events]
        top = min(1.0, 1.05 * max(tops, default=1.0))
        dated(ax, summary.dates[0], summary.dates[-1])
        ax.set_ylim(0.0, top)
        looks = _looks(summary.events)
        for event, look in zip(summary.events, looks, strict=True):
            found = event.incidence
            ax.fill_between(
                dates, found.low, found.high, color=look["color"], alpha=0.22, lw=0, zorder=2,
                gid="interval",
            )  # fmt: skip
            ax.plot(
                dates, found.share, lw=2.2, zorder=3, gid="incidence",
                path_effects=[withStroke(linewidth=3.4, foreground="white")], **look,
            )  # fmt: skip
        _name(ax, summary.events, looks, top)
        _scale(ax, top)
        ax.grid(axis="y", color=style.GUIDE, lw=0.7)
        ax.set_axisbelow(True)
        bare(ax, "bottom", "left")
        draw_words(ax, summary.words, ROOM)
    return ax


def _scale(ax: Axes, top: float) -> None:
    """Mark shares on the left, none beyond the top."""
    ticks = [float(tick) for tick in MaxNLocator(6).tick_values(0.0, top) if 0.0 <= tick <= top]
    places = digits(100.0 * (ticks[1] - ticks[0]))
    ax.set_yticks(ticks, [f"{100 * tick:.{places}f}%" for tick in ticks], fontsize=style.SMALL)


def _looks(events: tuple[Event, ...]) -> list[dict[str, Any]]:
    """Give war and settlement their colours, and actors those of the series."""
    looks: list[dict[str, Any]] = []
    series = [look for look in style.SERIES if look[0] != style.END_COLOURS["settlement"]][1:]
    others = 0
    for event in events:
        if event.name in style.END_COLOURS:
            looks.append({"color": style.END_COLOURS[event.name], "ls": "-"})
        else:
            colour, dashes = series[others % len(series)]
            looks.append({"color": colour, "ls": dashes})
            others += 1
    return looks


def _name(ax: Axes, events: tuple[Event, ...], looks: list[dict[str, Any]], top: float) -> None:
    """Write names and numbers at the ends of the lines, apart from one another."""
    inches = (ax.bbox.y1 - ax.bbox.y0) / ax.figure.dpi
    away = _AWAY * ax.figure.dpi / (ax.bbox.x1 - ax.bbox.x0)
    least = _APART * top / inches
    ends = [float(event.incidence.share[-1]) for event in events]
    places: list[float] = []
    # From the lowest upwards: each at its line, or as near above the last as there is room.
    for end in reversed(ends):
        places.append(max(end, places[-1] + least if places else 0.0))
    places.reverse()
    for event, look, end, place in zip(events, looks, ends, places, strict=True):
        found = event.incidence
        mean, interval = share(end, float(found.low[-1]), float(found.high[-1]))
        ax.annotate(
            f"{event.label}\n{mean} ({interval})",
            (1.0, end),
            (1.0 + away, place),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            annotation_clip=False,
            va="center",
            size=style.SMALL,
            linespacing=1.15,
            gid="name",
        )
        ax.plot(
            [1.0, 1.0 + 0.8 * away],
            [end, place],
            transform=ax.get_yaxis_transform(),
            clip_on=False,
            lw=1.2,
            color=look["color"],
            gid="leader",
        )


def alt_waiting(summary: Waiting) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for event in summary.events:
        found = event.incidence
        half = len(found.share) // 2
        last, _ = share(*(float(x[-1]) for x in (found.share, found.low, found.high)))
        early, _ = share(*(float(x[half]) for x in (found.share, found.low, found.high)))
        told.append(f"{event.label}: {early} half way, {last} at the end")
    return (
        "Rising lines of the share of histories in which something has come by a date, from "
        f"{summary.dates[0]:%Y-%m-%d} to {summary.dates[-1]:%Y-%m-%d}. {'; '.join(told)}."
    )
