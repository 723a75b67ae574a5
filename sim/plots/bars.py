"""Outcomes as bars with their intervals, and what differs between two scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.analysis.bars import Bar, Bars, Shifts
from sim.analysis.written import share
from sim.plots import style
from sim.plots.axis import bare
from sim.plots.page import Room, draw_words, new_page
from sim.plots.rows import beside, whisker

__all__ = [
    "alt_bars",
    "alt_shifts",
    "new_bars_figure",
    "new_shifts_figure",
    "plot_bars",
    "plot_shifts",
]

ROOM = Room(left=1.75, right=1.75, above=0.05, below=0.42)
WIDER = Room(left=1.75, right=3.2, above=0.05, below=0.42)
#: Points from the Axes to the columns at its right.
FIRST, SECOND = 8.0, 146.0
#: Inches, the unit of y: of a row, of a heading, of a bar.
ROW, HEADING, THICK = 0.32, 0.38, 0.2


def _laid(rows: Sequence[Any]) -> tuple[list[tuple[str, float]], list[float], float]:
    """Return headings with their y, the y of each row, and the height."""
    headings, places, down = [], [], 0.0
    for group, members in groupby(rows, key=lambda row: row.group):
        headings.append((group, down + HEADING / 2.0))
        down += HEADING
        for _ in members:
            places.append(down + ROW / 2.0)
            down += ROW
    return headings, places, down


def new_bars_figure(summary: Bars) -> Figure:
    """Return a figure with one empty Axes, sized for the bars."""
    return new_page(summary.words, _laid(summary.bars)[2], ROOM)


def new_shifts_figure(summary: Shifts) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return new_page(summary.words, _laid(summary.shifts)[2], WIDER)


def plot_bars(summary: Bars, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each outcome as a bar, with its interval and its number.

    Parameters
    ----------
    summary : Bars
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_bars_figure(summary).axes[0]
    with style.styled():
        headings, places, height = _laid(summary.bars)
        for bar, y in zip(summary.bars, places, strict=True):
            found = bar.estimate
            ax.barh(y, found.mean, THICK, color=_colour(bar), zorder=2, gid="bar")
            whisker(ax, y, found.low, found.high)
            mean, interval = share(found.mean, found.low, found.high)
            _right(ax, y, f"{mean} ({interval})", FIRST)
        ax.set_xlim(0.0, 1.0)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:.0f}%"))
        _frame(ax, headings, [bar.label for bar in summary.bars], places, height, ROOM)
        draw_words(ax, summary.words, ROOM)
    return ax


def plot_shifts(summary: Shifts, *, ax: Axes | None = None) -> Axes:
    """Draw the paired difference of each outcome with its interval, and the two shares beside it.

    Parameters
    ----------
    summary : Shifts
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_shifts_figure(summary).axes[0]
    with style.styled():
        headings, places, height = _laid(summary.shifts)
        for shift, y in zip(summary.shifts, places, strict=True):
            found = shift.difference.estimate
            said = shift.figures
            colour = style.RISE if found.mean > 0.0 else style.SERIES[2][0]
            ax.plot([0.0, found.mean], [y, y], color=style.faded(colour, 0.5), lw=3.0, zorder=2)
            whisker(ax, y, found.low, found.high)
            ax.plot(
                found.mean, y, "o", ms=5, mec=colour, mew=1.4, zorder=3, gid="shift",
                mfc=colour if said.marked else style.PAPER,
            )  # fmt: skip
            points = f"{said.difference} ({said.interval})".replace("-", "−")
            _right(ax, y, points, FIRST, size=style.SMALL)
            _right(ax, y, f"{said.a}% → {said.b}%", SECOND, size=style.SMALL)
        edges = [abs(x) for s in summary.shifts for x in (s.difference.estimate.low,
                                                           s.difference.estimate.high)]  # fmt: skip
        low = min(0.0, *(s.difference.estimate.low for s in summary.shifts))
        high = max(0.0, *(s.difference.estimate.high for s in summary.shifts))
        pad = 0.06 * max(max(edges), 0.001)
        ax.set_xlim(low - pad, high + pad)
        ax.axvline(0.0, color=style.INK, lw=0.9, zorder=1)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _signed(100 * x)))
        _frame(ax, headings, [s.label for s in summary.shifts], places, height, WIDER)
        _right(ax, headings[0][1], "difference, points", FIRST, size=style.SMALL)
        _right(ax, headings[0][1], "shares", SECOND, size=style.SMALL)
        draw_words(ax, summary.words, WIDER)
    return ax


def _signed(value: float) -> str:
    return f"{value:+g}".replace("-", "−") if value else "0"


def _colour(bar: Bar) -> Any:
    return style.faded(style.END_COLOURS.get(bar.outcome, style.RUNG_COLOURS[6]), 0.15)


def _right(ax: Axes, y: float, text: str, points: float, **look: Any) -> None:
    beside(ax, [text], y, -points / 72.0, **({"gid": "number"} | look))


def _frame(
    ax: Axes,
    headings: list[tuple[str, float]],
    labels: list[str],
    places: list[float],
    height: float,
    room: Room,
) -> None:
    ax.set_ylim(height, 0.0)
    ax.set_yticks(places, labels, fontsize=style.TEXT)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", labelsize=style.SMALL)
    ax.grid(axis="x", color=style.GUIDE, lw=0.7, zorder=0)
    ax.set_axisbelow(True)
    for heading, y in headings:
        beside(ax, [heading], y, room.left, weight="bold", gid="heading")
    bare(ax, "bottom")


def alt_bars(summary: Bars) -> str:
    """Say in a sentence what the picture shows."""
    return f"Bars of the share of histories: {'; '.join(_each(summary))}."


def _each(summary: Bars) -> Iterator[str]:
    for group, bars in groupby(summary.bars, key=lambda bar: bar.group):
        told = []
        for bar in bars:
            found = bar.estimate
            mean, interval = share(found.mean, found.low, found.high)
            told.append(f"{bar.label} {mean} ({interval})")
        yield f"{group}: {', '.join(told)}"


def alt_shifts(summary: Shifts) -> str:
    """Say in a sentence what the picture shows."""
    told = [f"{s.group}: {s.label} {s.figures.difference}" for s in summary.shifts]
    return (
        f"Paired differences in percentage points, {summary.names[1]} minus {summary.names[0]}: "
        f"{'; '.join(told)}."
    )
