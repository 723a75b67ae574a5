"""What pictures have in common inside their frame: dates along the bottom, keys, names of lanes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from matplotlib.axes import Axes
from matplotlib.legend import Legend

from sim.plots import style
from sim.plots.lanes import number_of, ticks_between
from sim.plots.page import EDGE, Room, width_of, wrapped

_TICK = 0.62  # inches that the label of a date takes
_SIGN = 0.25  # and the sign before a label of a key

__all__ = ["bare", "dated", "key", "name_ends", "name_lane"]


def dated(ax: Axes, first: datetime, last: datetime) -> None:
    """Let an Axes run from one date to another, with dates for ticks."""
    ax.set_xlim(number_of(first), number_of(last))
    inches = (ax.bbox.x1 - ax.bbox.x0) / ax.figure.dpi
    ticks = ticks_between(first, last, most=max(3, int(inches / _TICK)))
    ax.set_xticks(
        [number_of(date) for date, _ in ticks],
        [label for _, label in ticks],
        fontsize=style.TEXT,
    )


def key(
    ax: Axes, handles: Sequence[Any], title: str, wide: float | None = None, **look: Any
) -> Legend:
    """Draw a key to the right of an Axes, from its top.

    Parameters
    ----------
    ax : Axes
    handles : sequence of artists
        Each with its label.
    title : str
    wide : float, optional
        Inches to the right of the Axes, to which labels are broken and cut.
    **look
        As of matplotlib's legend.
    """
    if wide is not None:
        room = wide + EDGE / 2.0 - 0.015 * float(ax.bbox.width) / ax.figure.dpi - _SIGN
        for handle in handles:
            lines = wrapped(handle.get_label(), room, style.SMALL, most=2)
            # Figures before the name of a rung are set off by spaces, which wrapping would close.
            handle.set_label("\n".join(lines) if len(lines) > 1 else handle.get_label())
    given: dict[str, Any] = {
        "loc": "upper left",
        "bbox_to_anchor": (1.015, 1.0),
        "borderaxespad": 0.0,
        "frameon": False,
        "fontsize": style.SMALL,
        "alignment": "left",
        "title_fontproperties": {"weight": "bold", "size": style.SMALL},
        "labelspacing": 0.5,
        "handlelength": 1.4,
        "handletextpad": 0.6,
        "borderpad": 0.0,
    }
    return ax.legend(handles=handles, title=title, **(given | look))


def name_ends(ax: Axes, ends: Sequence[tuple[float, str, Any]], apart: float, away: float) -> None:
    """Write names to the right of an Axes at the ends of its lines, apart from one another.

    Parameters
    ----------
    ax : Axes
        Its limits are set.
    ends : sequence of (float, str, colour)
        Where a line ends, its name, and its colour.
    apart, away : float
        Inches between names, and from the Axes to them.
    """
    low, high = ax.get_ylim()
    dpi = ax.figure.dpi
    least = apart * (high - low) * dpi / (ax.bbox.y1 - ax.bbox.y0)
    right = away * dpi / (ax.bbox.x1 - ax.bbox.x0)
    places: list[float] = []
    # From the lowest upwards: each at its line, or as near above the last as there is room.
    ordered = sorted(ends, key=lambda end: end[0])
    for end, _, _ in ordered:
        places.append(max(end, places[-1] + least if places else low))
    # Those that this has driven beyond the top come down again.
    above = high
    for k in reversed(range(len(places))):
        places[k] = min(places[k], above)
        above = places[k] - least
    for (end, name, colour), place in zip(ordered, places, strict=True):
        ax.annotate(
            name,
            (1.0, end),
            (1.0 + right, place),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            annotation_clip=False,
            va="center",
            size=style.SMALL,
            linespacing=1.15,
            gid="name",
        )
        ax.plot(
            [1.0, 1.0 + 0.8 * right],
            [end, place],
            transform=ax.get_yaxis_transform(),
            clip_on=False,
            # Thinner than any line, which it must not be taken for: lines may be dashed.
            lw=0.8,
            color=colour,
            gid="leader",
        )


def name_lane(ax: Axes, name: str, y: float, room: Room, scale: float) -> None:
    """Write the name of a lane to the left of its scale, which takes some inches itself.

    A long one is written smaller, then in two lines, then cut.
    """
    size, wide = 12.0, room.left - scale
    while size > style.SMALL and width_of(name, size, bold=True) > wide:
        size -= 0.5
    if width_of(name, size, bold=True) > wide:
        name = "\n".join(wrapped(name, wide, size, bold=True, most=2))
    ax.annotate(
        name,
        (0.0, y),
        (-room.left * 72.0, 0.0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        annotation_clip=False,
        ha="left",
        va="center",
        size=size,
        weight="bold",
        gid="lane",
    )


def bare(ax: Axes, *keep: str) -> None:
    """Take the frame away, but for the sides to keep."""
    for side in ("top", "bottom", "left", "right"):
        ax.spines[side].set_visible(side in keep)
