"""A tornado: how far each factor moves an outcome, the largest on top."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.analysis.studied import level
from sim.analysis.tornado import Reach, Tornado
from sim.plots import style
from sim.plots.page import Room, draw_words, new_page
from sim.plots.rows import HEAD, Row, beside, bottom, laid, name_row, over, panels, whisker

__all__ = ["alt_tornado", "new_figure", "plot_tornado"]

ROOM = Room(left=2.9, right=1.75, above=0.1 + HEAD, below=0.3)
THICK = 0.2  # inches of a bar
_GREY = "#c4c4c4"


def _rows(summary: Tornado) -> list[Row]:
    return laid([(r.factor.label, r.factor.gloss) for r in summary.reaches], ROOM.left - 0.15)


def new_figure(summary: Tornado) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return new_page(summary.words, bottom(_rows(summary)), ROOM)


def plot_tornado(summary: Tornado, *, ax: Axes | None = None) -> Axes:
    """Draw the outcome at both ends of each factor's levels, and the interval of the change.

    Parameters
    ----------
    summary : Tornado
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        rows = _rows(summary)
        ax.set_ylim(bottom(rows), 0.0)
        (panel,) = panels(ax, [1.0])
        _limits(panel, summary)
        unit = ", points" if summary.measure.kind == "share" else ""
        over(panel, summary.measure.label, weight="bold")
        over(panel, f"change{unit}", right=0.1, weight="bold")
        for row, reach in zip(rows, summary.reaches, strict=True):
            name_row(ax, row, ROOM.left, soft=not reach.told)
            _bar(panel, row.y, reach)
            change = reach.swing.change
            mean, interval = summary.measure.change(change.mean, change.low, change.high)
            ink = style.INK if reach.told else style.FAINT_INK
            look: dict[str, Any] = {"size": style.SMALL, "color": ink, "gid": "number"}
            beside(panel, [f"{mean} ({interval})"], row.y, -0.1, **look)
        draw_words(ax, summary.words, ROOM)
    return ax


def _limits(panel: Axes, summary: Tornado) -> None:
    edges = [] if summary.middle is None else [summary.middle]
    for reach in summary.reaches:
        swing = reach.swing
        edges += [swing.at_low, swing.at_high]
        edges += [swing.at_low + swing.change.low, swing.at_low + swing.change.high]
    low, high = min(edges), max(edges)
    span = (high - low) or 1.0
    # Room for the levels at the ends of the bars.
    panel.set_xlim(low - 0.14 * span, high + 0.14 * span)
    if summary.middle is not None:
        panel.axvline(summary.middle, color=style.INK, lw=1.1, zorder=4, gid="middle")
    share = summary.measure.kind == "share"
    panel.xaxis.set_major_formatter(
        FuncFormatter(
            lambda x, _: "" if share and x < 0 else f"{100 * x:g}%" if share else f"{x:g}"
        )
    )


def _bar(panel: Axes, y: float, reach: Reach) -> None:
    """Draw a bar from one end to the other, each end with its level."""
    swing = reach.swing
    rise = style.RISE if swing.change.mean > 0 else style.FALL
    colour = rise if reach.told else _GREY
    panel.barh(
        y, swing.at_high - swing.at_low, THICK, swing.at_low, color=colour, zorder=3, gid="swing"
    )
    low, high = swing.at_low + swing.change.low, swing.at_low + swing.change.high
    whisker(panel, y, low, high, style.INK if reach.told else style.FAINT_INK)
    right = swing.at_high >= swing.at_low
    far = max(high, swing.at_high) if right else min(low, swing.at_high)
    near = min(low, swing.at_low) if right else max(high, swing.at_low)
    for x, value, way in ((far, swing.high, right), (near, swing.low, not right)):
        panel.annotate(
            level(value), (x, y), (4.0 if way else -4.0, 0.0), textcoords="offset points",
            ha="left" if way else "right", va="center", size=style.SMALL, zorder=6, gid="level",
            color=style.INK if reach.told else style.FAINT_INK,
        )  # fmt: skip


def alt_tornado(summary: Tornado) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for reach in summary.reaches:
        swing = reach.swing
        change = swing.change
        mean, interval = summary.measure.change(change.mean, change.low, change.high)
        end = "" if reach.told else ", not told from none"
        span = f"{level(swing.low)} to {level(swing.high)}"
        told.append(f"{reach.factor.name} from {span}: {mean} ({interval}){end}")
    points = " in percentage points" if summary.measure.kind == "share" else ""
    return f"Tornado of the change of the {summary.measure.label}{points}. {'; '.join(told)}."
