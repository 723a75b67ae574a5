"""A tornado: how far each factor moves an outcome, the largest on top."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.studied import level
from sim.analysis.tornado import Reach, Tornado
from sim.plots import style
from sim.plots.page import Room, demand, draw_words, new_page, shortened
from sim.plots.rows import HEAD, Row, beside, bottom, laid, name_row, over, panels, whisker

__all__ = ["alt_tornado", "new_figure", "plot_tornado"]

ROOM = Room(left=2.9, right=1.75, above=0.1 + HEAD, below=0.3)
THICK = 0.2  # inches of a bar
#: Inches of an Axes at least; how far rows may be pressed together before words overlap.
LEAST, PRESSED = 1.5, 0.9


def _rows(summary: Tornado) -> list[Row]:
    texts = []
    for reach in summary.reaches:
        label, under = reach.factor.row
        ends = f"{level(reach.swing.low)} to {level(reach.swing.high)}"
        texts.append((label, f"{ends}; {under}" if under else ends))
    return laid(texts, ROOM.left - 0.15)


def new_figure(summary: Tornado) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return new_page(summary.words, bottom(_rows(summary)), ROOM)


def plot_tornado(summary: Tornado, *, ax: Axes | None = None) -> Axes:
    """Draw how far each factor moves the outcome from end to end of its levels, with the interval.

    Parameters
    ----------
    summary : Tornado
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    rows = _rows(summary)
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        demand(ax, LEAST, PRESSED * bottom(rows))
    with style.styled():
        ax.set_ylim(bottom(rows), 0.0)
        (panel,) = panels(ax, [1.0])
        _limits(panel, summary)
        unit = " in points" if summary.measure.kind == "share" else ""
        wide = float(panel.bbox.width) / panel.figure.dpi + ROOM.right
        label = shortened(
            f"change of the {summary.measure.label}", wide - 0.6, style.SMALL, bold=True
        )
        over(panel, f"{label}{unit}", weight="bold")
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
    changes = [reach.swing.change for reach in summary.reaches]
    ends = [0.0, *(x for c in changes for x in (c.mean, c.low, c.high) if np.isfinite(x))]
    span = (max(ends) - min(ends)) or 1.0
    panel.set_xlim(min(ends) - 0.04 * span, max(ends) + 0.04 * span)
    panel.axvline(0.0, color=style.INK, lw=1.1, zorder=4, gid="none")
    panel.xaxis.set_major_locator(MaxNLocator(6))
    many = 100.0 if summary.measure.kind == "share" else 1.0
    panel.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: f"{many * x:+g}".replace("-", "−") if abs(x) > 1e-12 else "0")
    )


def _bar(panel: Axes, y: float, reach: Reach) -> None:
    """Draw a bar from no change to the change, with its interval."""
    change = reach.swing.change
    look = style.bar_look(style.RISE if change.mean > 0 else style.FALL, told=reach.told)
    panel.barh(y, change.mean, THICK, zorder=3, gid="swing", **look)
    if np.isfinite(change.low):
        whisker(panel, y, change.low, change.high)


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
