"""By when something has come: a rising line for each event, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from sim.analysis.waiting import RARE, Event, Waiting
from sim.analysis.written import digits, share
from sim.plots import style
from sim.plots.axis import bare, dated, name_ends
from sim.plots.lanes import number_of
from sim.plots.page import EDGE, Room, demand, draw_words, new_page, wrapped

__all__ = ["alt_waiting", "new_figure", "plot_waiting"]

ROOM = Room(left=0.6, right=2.5, above=0.3, below=0.42)
#: Inches of a panel, and between two.
INCHES, BETWEEN = 3.0, 0.72
LEAST = 1.6  # of a panel
#: Inches between the labels at the right, of a line that one has more than two of, and to them.
_APART, _LINE, _AWAY = 0.36, 0.15, 0.25
#: Dashes of actors beyond those that have one of the series to themselves.
_MORE: tuple[Any, ...] = ((0, (3, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (2, 3)))
#: A colour for a fourth actor, as the crisis has one.
_FOURTH = ("#8b62a8", _MORE[0])


def new_figure(summary: Waiting) -> Figure:
    """Return a figure with one empty Axes, sized for its panels."""
    return new_page(summary.words, _tall(_heights(summary)), ROOM)


def _heights(summary: Waiting) -> list[float]:
    """Return how tall the panels are: as their lines need, more where these have many names."""
    needed = [_apart(events) * (len(events) + 1) for _, events in _parts(summary)]
    return [max(INCHES, need) for need in needed]


def _tall(heights: Sequence[float]) -> float:
    return sum(heights) + BETWEEN * (len(heights) - 1)


def _called(event: Event) -> list[str]:
    """Write what a line is of, then its last share and the interval of that."""
    found = event.incidence
    mean, interval = share(*(float(x[-1]) for x in (found.share, found.low, found.high)))
    named = wrapped(event.label, ROOM.right - _AWAY + EDGE / 2.0, style.SMALL, most=2)
    return [*named, f"{mean} ({interval})"]


def _apart(events: Sequence[Event]) -> float:
    """Return the inches from one name to the next."""
    most = max(len(_called(event)) for event in events)
    return _APART + _LINE * max(0, most - 2)


def plot_waiting(summary: Waiting, *, ax: Axes | None = None) -> Axes:
    """Draw by when each event has come, with pointwise intervals, named at the end of its line.

    What comes seldom is drawn below, on a scale of its own.

    Parameters
    ----------
    summary : Waiting
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    parts, heights = _parts(summary), _heights(summary)
    if ax is None:
        ax = new_figure(summary).axes[0]
    demand(ax, 3.0, _tall([max(LEAST, _apart(events) * len(events)) for _, events in parts]))
    with style.styled():
        bare(ax)
        ax.set_xticks([])
        ax.set_yticks([])
        looks = dict(zip((e.name for e in summary.events), _looks(summary.events), strict=True))
        tall = (ax.bbox.y1 - ax.bbox.y0) / ax.figure.dpi
        free = (tall - BETWEEN * (len(parts) - 1)) / sum(heights)
        bottom = tall + BETWEEN
        for (head, events), height in zip(parts, heights, strict=True):
            bottom -= BETWEEN + free * height
            panel = ax.inset_axes((0.0, bottom / tall, 1.0, free * height / tall))
            _panel(panel, summary, events, looks)
            panel.annotate(
                head, (0.0, 1.0), (-ROOM.left * 72.0, 8.0), xycoords="axes fraction",
                textcoords="offset points", size=style.SMALL, color=style.SOFT_INK, gid="head",
                annotation_clip=False,
            )  # fmt: skip
        draw_words(ax, summary.words, ROOM)
    return ax


def _parts(summary: Waiting) -> list[tuple[str, list[Event]]]:
    """Divide the events into those that come often and those that come seldom."""
    rare = [event for event in summary.events if event.rare]
    often = [event for event in summary.events if not event.rare]
    if not often or not rare:
        return [("share of histories", list(summary.events))]
    seldom = f"enlarged: what comes in fewer than {RARE:.0%} of histories"
    return [("share of histories", often), (seldom, rare)]


def _panel(
    panel: Axes, summary: Waiting, events: list[Event], looks: dict[str, dict[str, Any]]
) -> None:
    dates = np.array([number_of(date) for date in summary.dates])
    top = 1.05 * max(float(event.incidence.high.max()) for event in events)
    top = min(1.0, top) if top > RARE else top
    dated(panel, summary.dates[0], summary.dates[-1])
    panel.set_ylim(0.0, top)
    for event in events:
        found, look = event.incidence, looks[event.name]
        panel.fill_between(
            dates, found.low, found.high, color=look["color"], alpha=0.22, lw=0, zorder=2,
            step="post", gid="interval",
        )  # fmt: skip
        panel.plot(
            dates, found.share, lw=2.2, zorder=3, gid="incidence", drawstyle="steps-post",
            path_effects=[withStroke(linewidth=3.4, foreground="white")], **look,
        )  # fmt: skip
    ends = []
    for event in events:
        last, name = float(event.incidence.share[-1]), "\n".join(_called(event))
        ends.append((last, name, looks[event.name]["color"]))
    name_ends(panel, ends, _apart(events), _AWAY)
    _scale(panel, top)
    panel.grid(axis="y", color=style.GUIDE, lw=0.7)
    panel.set_axisbelow(True)
    bare(panel, "bottom", "left")


def _scale(ax: Axes, top: float) -> None:
    """Mark shares on the left, none beyond the top."""
    ticks = [float(tick) for tick in MaxNLocator(5).tick_values(0.0, top) if 0.0 <= tick <= top]
    places = digits(100.0 * (ticks[1] - ticks[0]))
    ax.set_yticks(
        ticks,
        [f"{100 * tick:.{places}f}%" if tick else "0" for tick in ticks],
        fontsize=style.SMALL,
    )


def _looks(events: tuple[Event, ...]) -> list[dict[str, Any]]:
    """Give war and settlement their colours, and each actor the same in every picture."""
    looks: list[dict[str, Any]] = []
    series = [look for look in style.SERIES if look[0] != style.END_COLOURS["settlement"]][1:]
    series.append(_FOURTH)
    dashes = [*(look[1] for look in series), *_MORE[1:]]
    for event in events:
        if event.name in style.END_COLOURS:
            looks.append({"color": style.END_COLOURS[event.name], "ls": "-"})
        elif event.name == "reply":
            looks.append({"color": style.SOFT_INK, "ls": (0, (1, 1))})
        else:
            again, k = divmod(event.place, len(series))
            # A colour that comes again has other dashes.
            looks.append({"color": series[k][0], "ls": dashes[(k + again) % len(dashes)]})
    return looks


def alt_waiting(summary: Waiting) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for event in summary.events:
        found = event.incidence
        half = len(found.share) // 2
        last, end = share(*(float(x[-1]) for x in (found.share, found.low, found.high)))
        early, then = share(*(float(x[half]) for x in (found.share, found.low, found.high)))
        told.append(f"{event.label}: {early} ({then}) half way, {last} ({end}) at the end")
    return (
        "Rising lines of the share of histories in which something has come by a date, from "
        f"{summary.dates[0]:%Y-%m-%d} to {summary.dates[-1]:%Y-%m-%d}. {'; '.join(told)}."
    )
