"""The escalation path of one history: a lane an actor, dates along the bottom, rungs upward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.path_summary import FORCE, PathSummary
from sim.plots import style
from sim.plots.frame import draw_key, draw_times, say
from sim.plots.labels import Labels
from sim.plots.lanes import BELOW, HEADROOM, Lanes, lay_lanes, number_of, ticks_between
from sim.plots.page import (
    PRINTED,
    Room,
    demand,
    draw_words,
    new_page,
    render,
    width_of,
    wrapped,
)

__all__ = ["alt_path", "new_figure", "plot_path", "render_png"]

#: Height of one rung in a figure of its own, and the least height of all lanes together, inches.
RUNG_INCHES, LEAST_INCHES = 0.17, 3.5
#: In an Axes that is given: its least width, and how far lanes may be pressed together.
LEAST_WIDTH, PRESSED = 4.5, 0.75
ROOM = Room(left=1.05, right=1.6, above=0.25, below=0.42)
#: Lines that the caption may grow by when all labels are placed.
SPARE = 2

#: How far the opening fades into the paper.
OPENING_FADE = 0.5


def plot_path(summary: PathSummary, *, ax: Axes | None = None) -> Axes:
    """Draw the escalation path of one history.

    Markers are moves: the height in its lane, the shape and the colour all say the rung. Where a
    target is not the lane's usual one, it stands beside the marker, as do the dead.

    Parameters
    ----------
    summary : PathSummary
    ax : Axes, optional
        Where to draw; a figure of its own if absent. Labels are placed for its size at the call.

    Returns
    -------
    Axes
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        _settle(ax)
        demand(ax, LEAST_WIDTH, PRESSED * _inches(summary))
    with style.styled():
        _draw(summary, ax)
    return ax


def new_figure(summary: PathSummary) -> Figure:
    """Return a figure with one empty Axes, sized for the lanes of a path."""
    return new_page(summary.words, _inches(summary), ROOM, spare=SPARE)


def _inches(summary: PathSummary) -> float:
    """Return how tall the lanes are in a figure of their own."""
    return max(lay_lanes(summary).height * RUNG_INCHES, LEAST_INCHES)


def render_png(summary: PathSummary) -> bytes:
    """Return the picture as a PNG; the same summary gives the same bytes."""
    figure = new_figure(summary)
    plot_path(summary, ax=figure.axes[0])
    return render(figure, "png", alt_path(summary))


def _draw(summary: PathSummary, ax: Axes) -> None:
    marks = style.markers_of(summary.ladder)
    draw_key(summary, ax, marks, ROOM.right)
    _settle(ax)
    lanes, labels = _arranged(summary, ax, marks)
    _ground(summary, ax, lanes)
    _dates(summary, ax, lanes)
    _moves(summary, ax, lanes, marks)
    draw_times(summary, ax)
    words = summary.words
    draw_words(ax, replace(words, caption=" ".join([words.caption, *labels.remarks])), ROOM)
    labels.draw()


def _arranged(
    summary: PathSummary, ax: Axes, marks: Mapping[str, tuple[Any, float]]
) -> tuple[Lanes, Labels]:
    """Place the labels; where a note finds no room, see whether room on top of its lane helps.

    Where it does not, the note may stand by another marker than its own.
    """
    plain = lay_lanes(summary)
    tried: list[tuple[Lanes, Labels]] = [(plain, Labels(summary, ax, plain, marks))]
    for headroom in HEADROOM:
        if tried[-1][1].homeless:
            wider = lay_lanes(summary, tried[-1][1].homeless, headroom)
            tried.append((wider, Labels(summary, ax, wider, marks)))
    lanes, labels = min(tried, key=lambda pair: pair[1].lack)
    if labels.homeless:
        crowded = [(way, Labels(summary, ax, way, marks, crowded=True)) for way, _ in tried]
        lanes, labels = min([(lanes, labels), *crowded], key=lambda pair: pair[1].lack)
    useful = [lane for lane in lanes.roomy if lane in labels.topping]
    if len(useful) < len(lanes.roomy):
        # Room that no note has come to use is but empty.
        tighter = lay_lanes(summary, useful, lanes.headroom)
        found = Labels(summary, ax, tighter, marks, crowded=labels.crowded)
        if found.lack <= labels.lack:
            lanes, labels = tighter, found
    ax.set_ylim(0.0, lanes.height)
    return lanes, labels


def _settle(ax: Axes) -> None:
    """Let a layout engine move the Axes before labels are placed in it."""
    figure = ax.figure
    while not isinstance(figure, Figure):
        figure = figure.figure
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()


def _ground(summary: PathSummary, ax: Axes, lanes: Lanes) -> None:
    """Draw the lanes: guides at the rungs, where force begins, names on the left."""
    ticks, names = [], []
    for number, lane in enumerate(summary.lanes):
        base, top = lanes.base[number], lanes.top[number]
        for rung in range(max(lane.peak, FORCE) + 1):
            ax.axhline(base + rung, color=style.GUIDE, lw=0.6, zorder=0.5)
            if rung % 3 == 0:
                ticks.append(base + rung)
                names.append(str(rung))
        # Room for notes above the rungs is no room for force.
        ax.axhspan(base + FORCE - 0.5, lanes.peak[number], color=style.FORCE_TINT, lw=0, zorder=0.2)
        ax.axhline(
            base + FORCE - 0.5,
            color=style.FORCE_LINE,
            lw=0.9,
            ls=(0, (3, 2)),
            zorder=0.6,
            gid="force",
        )
        ax.axhline(top, color=style.SOFT_INK, lw=0.8, zorder=1)
        _name(summary, ax, lanes, number)
    ax.set_yticks(ticks, names, fontsize=style.SMALL)
    ax.tick_params(axis="y", length=2.5, pad=2)


def _name(summary: PathSummary, ax: Axes, lanes: Lanes, number: int) -> None:
    lane = summary.lanes[number]
    middle = (lanes.bottom(number) + lanes.top[number]) / 2.0
    at, side = (0.0, middle), ("axes fraction", "data")
    look: dict[str, Any] = {"coordinates": side, "ha": "right"}
    inches = ax.bbox.x0 / ax.figure.dpi - 26.0 / 72.0
    size = 13.0
    while size > style.SMALL and width_of(lane.short, size, bold=True) > PRINTED * inches:
        size -= 0.5
    name = "\n".join(wrapped(lane.short, inches, size, bold=True, most=2))
    say(ax, name, at, (-22.0, 0.0), size=size, weight="bold", va="bottom", gid="lane", **look)
    if lane.usual is not None:
        marked = any(
            point.lane == number and point.target not in (None, lane.usual)
            for point in summary.points
        )
        towards = "\n".join(wrapped(f"towards {lane.usual}", inches, style.SMALL, most=2))
        say(
            ax,
            towards + (",\nor else →" if marked else ""),
            at,
            (-22.0, -2.0),
            size=style.SMALL,
            color=style.SOFT_INK,
            va="top",
            gid="usual",
            **look,
        )


def _dates(summary: PathSummary, ax: Axes, lanes: Lanes) -> None:
    margin = timedelta(days=number_of(summary.opened) - lanes.left)
    ticks = ticks_between(summary.opened - margin, summary.end + margin)
    ax.set_xticks(
        [number_of(date) for date, _ in ticks],
        [label for _, label in ticks],
        fontsize=style.TEXT,
    )


def _moves(
    summary: PathSummary, ax: Axes, lanes: Lanes, marks: Mapping[str, tuple[Any, float]]
) -> None:
    """Draw the steps, the assessments and a marker for each move."""
    for number, steps in enumerate(summary.steps):
        dates = [number_of(date) for date, _ in steps]
        ax.plot(
            dates,
            [lanes.y(number, rung) for _, rung in steps],
            drawstyle="steps-post",
            color=style.PATH_LINE,
            lw=0.9,
            zorder=2,
            gid="path",
        )
    for tick in summary.assessments:
        bottom = lanes.bottom(tick.lane)
        ax.plot(
            [number_of(tick.date)] * 2,
            [bottom, bottom + 0.55 * BELOW],
            color=style.SOFT_INK,
            lw=1.5,
            zorder=2.5,
            solid_capstyle="butt",
            gid="assessment",
        )
    for point in summary.points:
        shape, size = marks[point.move]
        fade = OPENING_FADE if point.opening else 0.0
        ax.plot(
            number_of(point.date),
            lanes.y(point.lane, point.rung),
            ls="none",
            marker=shape,
            ms=size,
            mfc=style.faded(style.RUNG_COLOURS[point.rung], fade),
            mec=style.faded(style.INK, fade),
            mew=0.7,
            zorder=4 - fade,
            gid="move",
        )


def alt_path(summary: PathSummary) -> str:
    """Say in a sentence what the picture shows."""
    moves = sum(not point.opening for point in summary.points)
    peaks = []
    for number, lane in enumerate(summary.lanes):
        own = [point for point in summary.points if point.lane == number and not point.opening]
        top = max(own, key=lambda point: point.rung, default=None)
        peaks.append(f"{lane.short} {f'up to {top.label}' if top else 'no move'}")
    return (
        f"{summary.title}. Escalation path of {moves} move{'s' if moves != 1 else ''} over time, "
        "a lane for each state: "
        f"{', '.join(peaks)}."
    )
