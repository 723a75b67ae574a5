"""What differs between two scenarios: rows of differences, those of rare outcomes by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.bars import RARE, Shift, Shifts
from sim.plots import style
from sim.plots.axis import bare
from sim.plots.page import Room, demand, draw_words, new_page, shortened, width_of
from sim.plots.rows import beside

__all__ = ["alt_shifts", "new_figure", "plot_shifts"]

#: Inches, the unit of y: of a row, of a heading, of a scale, of an interval, of a mean.
ROW, HEADING, SCALE, THICK, TALL = 0.3, 0.4, 0.45, 0.13, 0.2
#: Inches: beside the Axes and between columns, and the least width of the panels.
GAP, LEAST = 0.16, 2.0
#: Inches that a label may take.
MOST = 2.7
#: How far a row may be pressed together in an Axes that is given.
PRESSED = 0.75
#: Headings of the columns.
POINTS, SHARES = "points (95% interval)", "the two shares"


class _Block(NamedTuple):
    """Rows that share a scale: a heading, the rows, where they begin and what they take."""

    heading: str
    shifts: Sequence[Shift]
    top: float

    @property
    def height(self) -> float:
        return HEADING + ROW * len(self.shifts)


def _blocks(summary: Shifts) -> list[_Block]:
    """Part the rare outcomes from the others; that with the first outcome comes first."""
    rare = [shift for shift in summary.shifts if shift.rare]
    others = [shift for shift in summary.shifts if not shift.rare]
    below = f"{100 * RARE:g}%"
    named = [(f"Rare: below {below} in both", rare), (f"{below} or more in either", others)]
    if not summary.shifts[0].rare:
        named.reverse()
    found, down = [], 0.0
    for heading, shifts in named:
        if shifts:
            found.append(_Block(heading, shifts, down))
            down += found[-1].height + SCALE
    return found


def _height(blocks: Sequence[_Block]) -> float:
    return blocks[-1].top + blocks[-1].height


def _points(shift: Shift) -> str:
    said = shift.figures
    return f"{said.difference} ({said.interval})".replace("-", "−")


def _label(shift: Shift) -> str:
    """Cut a name that is too long in its heading: the rest tells the rows under it apart."""
    last = f" {shift.label}"
    heading = shift.name.removesuffix(last)
    if heading == shift.name:
        return shortened(shift.name, MOST, style.TEXT)
    return shortened(heading, MOST - width_of(last, style.TEXT), style.TEXT) + last


def _shares(shift: Shift) -> str:
    return f"{shift.figures.a}% → {shift.figures.b}%"


def _columns(summary: Shifts) -> tuple[float, float]:
    """Return the widths of the two columns of numbers."""
    size, shifts = style.SMALL, summary.shifts
    first = [POINTS, *(_points(shift) for shift in shifts)]
    second = [SHARES, *(_shares(shift) for shift in shifts)]
    return max(width_of(text, size) for text in first), max(width_of(t, size) for t in second)


def _room(summary: Shifts) -> Room:
    """Return the room that labels and numbers take, as wide as they are."""
    labels = max(width_of(_label(shift), style.TEXT) for shift in summary.shifts)
    return Room(labels + GAP, sum(_columns(summary)) + 2.0 * GAP, 0.02, SCALE + 0.15)


def new_figure(summary: Shifts) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return new_page(summary.words, _height(_blocks(summary)), _room(summary))


def plot_shifts(summary: Shifts, *, ax: Axes | None = None) -> Axes:
    """Draw the paired difference of each outcome with its interval, and the two shares beside it.

    What is rare in both scenarios has a panel and a scale of its own.

    Parameters
    ----------
    summary : Shifts
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    blocks = _blocks(summary)
    whole = _height(blocks)
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        demand(ax, LEAST, PRESSED * whole)
    room, (first, _) = _room(summary), _columns(summary)
    with style.styled():
        ax.set_xticks([])
        ax.set_yticks([])
        bare(ax)
        for block in blocks:
            bottom = 1.0 - (block.top + block.height) / whole
            panel = ax.inset_axes((0.0, bottom, 1.0, block.height / whole))
            _panel(panel, block, room, first, last=block is blocks[-1])
        draw_words(ax, summary.words, room)
    return ax


def _panel(panel: Axes, block: _Block, room: Room, first: float, *, last: bool) -> None:
    panel.set_ylim(block.height, 0.0)
    found = [shift.difference.estimate for shift in block.shifts]
    low, high = min([0.0, *(e.low for e in found)]), max([0.0, *(e.high for e in found)])
    pad = 0.05 * max(high - low, 0.001)
    panel.set_xlim(low - pad, high + pad)
    panel.plot([0.0, 0.0], [HEADING, block.height], color=style.INK, lw=0.9, zorder=1)
    panel.xaxis.set_major_locator(MaxNLocator(6))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _signed(100 * x)))
    panel.tick_params(axis="x", labelsize=style.SMALL)
    panel.vlines(
        [x for x in panel.get_xticks() if low - pad <= x <= high + pad and x],
        HEADING, block.height, color=style.GUIDE, lw=0.7, zorder=0,
    )  # fmt: skip
    panel.set_yticks([])
    bare(panel, "bottom")
    if last:
        panel.set_xlabel("difference, percentage points", size=style.SMALL)
    middle = HEADING / 2.0
    beside(panel, [block.heading], middle, room.left, weight="bold", gid="heading")
    size = style.SMALL
    for text, left in ((POINTS, GAP), (SHARES, first + 2.0 * GAP)):
        beside(panel, [text], middle, -left, size=size, va="center_baseline", gid="column")
    for number, shift in enumerate(block.shifts):
        y = HEADING + ROW * (number + 0.5)
        beside(panel, [_label(shift)], y, room.left, gid="label")
        _row(panel, shift, y)
        for text, left in ((_points(shift), GAP), (_shares(shift), first + 2.0 * GAP)):
            beside(panel, [text], y, -left, size=size, va="center_baseline", gid="number")


def _row(panel: Axes, shift: Shift, y: float) -> None:
    """Draw a line to the mean, the interval as a bar about it, and the mean as a stroke."""
    found = shift.difference.estimate
    colour = style.RISE if found.mean > 0.0 else style.SERIES[2][0]
    panel.plot([0.0, found.mean], [y, y], color=style.faded(colour, 0.5), lw=1.6, zorder=2)
    panel.add_patch(
        Rectangle(
            (found.low, y - THICK / 2.0), found.high - found.low, THICK, zorder=3, gid="interval",
            facecolor=style.faded(colour, 0.3) if shift.figures.marked else style.PAPER,
            edgecolor=colour, lw=1.0,
        )
    )  # fmt: skip
    half = TALL / 2.0
    look: dict[str, Any] = {"color": style.INK, "lw": 1.6, "solid_capstyle": "butt"}
    panel.plot([found.mean] * 2, [y - half, y + half], zorder=4, gid="shift", **look)


def _signed(value: float) -> str:
    return f"{round(value, 6):+g}".replace("-", "−") if round(value, 6) else "0"


def alt_shifts(summary: Shifts) -> str:
    """Say in a sentence what the picture shows."""
    told = [f"{shift.name} {_points(shift)}" for shift in summary.shifts]
    return (
        f"Paired differences in percentage points with 95% intervals, {summary.names[1]} minus "
        f"{summary.names[0]}: {'; '.join(told)}."
    )
