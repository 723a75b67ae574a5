"""Outcomes as bars with their intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.analysis.bars import Bar, Bars
from sim.analysis.written import share
from sim.plots import style
from sim.plots.axis import bare
from sim.plots.page import Room, demand, draw_words, new_page, shortened, width_of
from sim.plots.rows import beside, whisker

__all__ = ["alt_bars", "new_figure", "plot_bars"]

#: Inches, the unit of y: of a row, of a heading, of a bar.
ROW, HEADING, THICK = 0.32, 0.36, 0.2
#: Inches: beside the Axes to either side, and the least width of the bars.
GAP, LEAST = 0.12, 2.0
#: Inches that a label may take.
MOST = 3.4
#: How far a row may be pressed together in an Axes that is given.
PRESSED = 0.75


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


def _number(bar: Bar) -> str:
    found = bar.estimate
    mean, interval = share(found.mean, found.low, found.high)
    return f"{mean} ({interval})"


def _room(summary: Bars) -> Room:
    """Return the room that labels and numbers take, as wide as they are."""
    size = style.TEXT
    labels = [width_of(text, size) for text in _labels(summary)]
    labels += [width_of(_heading(bar.group), size, bold=True) for bar in summary.bars]
    numbers = [width_of(_number(bar), size) for bar in summary.bars]
    return Room(max(labels) + 2.0 * GAP, max(numbers) + 2.0 * GAP, 0.05, 0.42)


def _labels(summary: Bars) -> list[str]:
    return [shortened(bar.label, MOST, style.TEXT) for bar in summary.bars]


def _heading(group: str) -> str:
    return shortened(group, MOST, style.TEXT, bold=True)


def new_figure(summary: Bars) -> Figure:
    """Return a figure with one empty Axes, sized for the bars."""
    return new_page(summary.words, _laid(summary.bars)[2], _room(summary))


def plot_bars(summary: Bars, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each outcome as a bar, with its interval and its number.

    Parameters
    ----------
    summary : Bars
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    headings, places, height = _laid(summary.bars)
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        demand(ax, LEAST, PRESSED * height)
    room = _room(summary)
    with style.styled():
        for bar, y in zip(summary.bars, places, strict=True):
            found = bar.estimate
            ax.barh(y, found.mean, THICK, color=_colour(bar), zorder=2, gid="bar")
            whisker(ax, y, found.low, found.high)
            beside(ax, [_number(bar)], y, -GAP, gid="number")
        ax.set_xlim(0.0, 1.0)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:.0f}%"))
        _frame(ax, headings, _labels(summary), places, height, room)
        draw_words(ax, summary.words, room)
    return ax


def _colour(bar: Bar) -> Any:
    return style.faded(style.END_COLOURS.get(bar.outcome, style.RUNG_COLOURS[6]), 0.35)


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
        beside(ax, [_heading(heading)], y, room.left, weight="bold", gid="heading")
    bare(ax, "bottom")


def alt_bars(summary: Bars) -> str:
    """Say in a sentence what the picture shows."""
    return f"Bars of the share of histories: {'; '.join(_each(summary))}."


def _each(summary: Bars) -> Iterator[str]:
    for group, bars in groupby(summary.bars, key=lambda bar: bar.group):
        told = [f"{bar.label} {_number(bar)}" for bar in bars]
        yield f"{group}: {', '.join(told)}"
