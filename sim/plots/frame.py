"""What stands around the lanes of a path: title, caption, times, and the key to the markers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

from sim.analysis.path_summary import PathSummary
from sim.analysis.turning import HOLD_RUNG as HOLD
from sim.analysis.wording import day_of
from sim.plots import style
from sim.plots.axis import key
from sim.plots.lanes import number_of
from sim.plots.phrases import label_of
from sim.plots.placing import text_box

__all__ = ["draw_key", "draw_times", "say"]

_END_LINES: dict[str, dict[str, Any]] = {
    "open_war": {"color": style.RUNG_COLOURS[10], "lw": 3.0, "ls": "-"},
    "settlement": {"color": style.SOFT_INK, "lw": 1.6, "ls": "-"},
    "horizon": {"color": style.SOFT_INK, "lw": 1.4, "ls": (0, (4, 2))},
    "running": {"color": style.SOFT_INK, "lw": 1.4, "ls": (0, (1, 2))},
}


def say(
    ax: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], **look: Any
) -> Annotation:
    """Write beside the Axes: at a point in fractions of it, moved by an offset in points."""
    coordinates = look.pop("coordinates", "axes fraction")
    return ax.annotate(
        text,
        at,
        offset,
        xycoords=coordinates,
        textcoords="offset points",
        annotation_clip=False,
        **look,
    )


def draw_times(summary: PathSummary, ax: Axes) -> None:
    """Mark the start, the injects and the end."""
    start, end = number_of(summary.start), number_of(summary.end)
    ax.axvline(start, color=style.INK, lw=1.2, zorder=1.5, gid="start")
    for inject in summary.injects:
        ax.axvline(
            number_of(inject.date),
            color=style.SOFT_INK,
            lw=0.9,
            ls=":",
            zorder=1.5,
            gid="inject-line",
        )
    ax.axvline(end, zorder=1.6, gid="end", **_END_LINES[summary.end_kind])
    side = ("data", "axes fraction")
    look: dict[str, Any] = {"coordinates": side, "size": style.TEXT, "va": "bottom"}
    last = say(
        ax,
        summary.end_label,
        (end, 1.0),
        (0.0, 4.0),
        ha="right",
        weight="bold",
        gid="end-label",
        **look,
    )
    first = say(
        ax,
        f"simulated from {day_of(summary.start)}, {summary.start:%H:%M}",
        (start, 1.0),
        (0.0, 4.0),
        ha="left",
        gid="start-label",
        **look,
    )
    if text_box(first).meets(text_box(last), 6.0):
        first.set_text("start")
    if text_box(first).meets(text_box(last), 6.0):
        first.remove()
    # Not "as it happened": of an opening that a scenario changed or invented that would be false.
    before = say(
        ax,
        "before",
        (start, 1.0),
        (-5.0, 4.0),
        ha="right",
        color=style.FAINT_INK,
        gid="opening-label",
        **look,
    )
    crowded = text_box(before).left < ax.bbox.x0 or text_box(before).meets(text_box(last), 6.0)
    if crowded or not any(p.opening for p in summary.points):
        before.remove()


def draw_key(
    summary: PathSummary, ax: Axes, marks: Mapping[str, tuple[Any, float]], wide: float
) -> None:
    """Draw the ladder as a key on the right, highest rung on top, then what else is drawn.

    It has some inches there.
    """
    handles = []
    held = all(kind.rung != HOLD for kind in summary.ladder)
    for kind in reversed(summary.ladder):
        if held and kind.rung < HOLD:
            handles.append(_held())
            held = False
        shape, size = marks[kind.move]
        handles.append(
            Line2D(
                [],
                [],
                ls="none",
                marker=shape,
                ms=size,
                mfc=style.RUNG_COLOURS[kind.rung],
                mec=style.INK,
                mew=0.7,
                label=f"{kind.rung:>2} {kind.label}",
            )
        )
    handles += [_held()] if held else []
    handles.append(Line2D([], [], color=style.PATH_LINE, lw=0.9, label="last move’s rung"))
    plain: dict[str, Any] = {"ls": "none", "color": style.SOFT_INK}
    handles.append(
        Line2D([], [], color=style.FORCE_LINE, lw=0.9, ls=(0, (3, 2)), label="force begins")
    )
    said = [label_of(point, summary.lanes[point.lane].usual) for point in summary.points]
    if any("†" in text for text in said):
        handles.append(
            Line2D(
                [],
                [],
                marker=style.letter("†"),
                ms=8,
                mfc=style.ALARM,
                mec="none",
                ls="none",
                label="dead",
            )
        )
    if any("→" in text for text in said):
        handles.append(
            Line2D(
                [],
                [],
                marker=style.letter("→"),
                ms=9,
                mfc=style.SOFT_INK,
                mec="none",
                ls="none",
                label="at another one",
            )
        )
    if summary.assessments:
        handles.append(Line2D([], [], marker="|", ms=7, mew=1.5, label="learns its dead", **plain))
    if summary.injects:
        handles.append(Line2D([], [], color=style.SOFT_INK, lw=0.9, ls=":", label="from outside"))
    key(ax, handles, "rung, move", wide)


def _held() -> Line2D:
    """Make the entry of the rung that has no marker."""
    return Line2D([], [], ls="none", label=f"{HOLD:>2} no move")
