"""What moves an outcome of a study: a row for each factor, its measures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.drivers import Column, Drivers, Mark
from sim.analysis.spread import part_of_variance
from sim.analysis.written import number
from sim.plots import style
from sim.plots.page import demand
from sim.plots.rows import GAP, bottom, whisker
from sim.plots.sheet import Sheet

__all__ = ["alt_drivers", "new_figure", "plot_drivers"]

LEFT = 3.4
THICK = 0.18  # inches of the bars of a row
#: Inches of a panel at least; how far rows may be pressed together before words overlap.
LEAST, PRESSED = 0.9, 0.9


def _sheet(summary: Drivers) -> Sheet:
    labels = [factor.row for factor in summary.factors]
    headings = [(column.heading, column.says) for column in summary.columns]
    return Sheet(summary.words, labels, headings, LEFT)


def new_figure(summary: Drivers) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return _sheet(summary).new_figure()


def plot_drivers(summary: Drivers, *, ax: Axes | None = None) -> Axes:
    """Draw the measures of each factor, with intervals; grey where one is not told from none.

    Parameters
    ----------
    summary : Drivers
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    sheet = _sheet(summary)
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        many = len(summary.columns)
        demand(ax, LEAST * many + GAP * (many - 1), PRESSED * bottom(sheet.rows))
    with style.styled():
        drawn = sheet.lay(ax, [not told for told in summary.told])
        for panel, column in zip(drawn, summary.columns, strict=True):
            _limits(panel, column)
            for row, marks in zip(sheet.rows, column.marks, strict=True):
                _marks(panel, row.y, marks, column)
    return ax


def _marks(panel: Axes, y: float, marks: Sequence[Mark | None], column: Column) -> None:
    """Draw the bars of a row below one another, each with its interval."""
    thick = THICK if len(marks) == 1 else 0.62 * THICK
    top = y - thick * (len(marks) - 1) / 2.0
    for k, mark in enumerate(marks):
        if mark is None:
            continue
        at = top + k * thick
        mean, low, high = _drawn(mark, column)
        look = _look(mark, k, len(marks), column)
        panel.barh(at, mean, thick, zorder=3, gid="measure", **look)
        ends = (low == mark.estimate.low, high == mark.estimate.high)
        whisker(panel, at, low, high, tall=min(0.045, thick / 3.0), caps=ends)
        if np.isfinite(mark.dummy):
            # Under the whisker, which it must not hide.
            panel.plot(
                [mark.dummy] * 2, [y - 0.15, y + 0.15], color=style.SERIES[2][0], lw=2.2, zorder=4,
                solid_capstyle="butt", gid="dummy",
            )  # fmt: skip


def _drawn(mark: Mark, column: Column) -> tuple[float, float, float]:
    """Return where a measure and its interval are drawn: a share of the variance within 0 to 1."""
    found = mark.estimate
    ends = found.mean, found.low, found.high
    mean, low, high = (min(1.0, max(0.0, x)) for x in ends) if column.percent else ends
    return mean, low, high


def _limits(panel: Axes, column: Column) -> None:
    marks = [mark for row in column.marks for mark in row if mark is not None]
    drawn = [_drawn(mark, column) for mark in marks]
    low = min([0.0, *(ends[1] for ends in drawn)])
    high = max([0.0, *(ends[2] for ends in drawn), *np.nan_to_num([m.dummy for m in marks])])
    span = (high - low) or 1.0
    if column.signed:
        low, high = -max(-low, high), max(-low, high)
    panel.set_xlim(low - 0.03 * span, high + 0.03 * span)
    panel.axvline(0.0, color=style.INK, lw=0.9, zorder=4)
    panel.xaxis.set_major_locator(MaxNLocator(4))
    many, sign = (100.0, "%") if column.percent else (1.0, "")
    panel.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: f"{many * x:g}{sign}".replace("-", "−"))
    )


def _look(mark: Mark, k: int, of: int, column: Column) -> dict[str, Any]:
    """Choose how a bar is filled: by its sign; grey if not told; pale for what holds the next."""
    colour = style.RUNG_COLOURS[7]
    if column.signed:
        colour = style.RISE if mark.estimate.mean > 0 else style.FALL
    return style.bar_look(colour, told=mark.told, pale=k < of - 1)


def alt_drivers(summary: Drivers) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for k, factor in enumerate(summary.factors):
        parts = []
        for column in summary.columns:
            for name, mark in zip(column.measures, column.marks[k], strict=True):
                if mark is not None:
                    value, interval = _written(mark, percent=column.percent)
                    parts.append(f"{name.replace('_', ' ')} {value} ({interval})")
        end = "" if summary.told[k] else " (not told from none)"
        told.append(f"{factor.name}: {', '.join(parts)}{end}")
    return f"Bars of what each factor counts for, with 95% intervals. {'; '.join(told)}."


def _written(mark: Mark, *, percent: bool) -> tuple[str, str]:
    """Write a measure and its interval; a share of the variance in percent."""
    found = mark.estimate
    if percent and np.isfinite(found.low):
        return part_of_variance(found)
    value, interval = number(found.mean, found.low, found.high)
    return value.replace("-", "−"), interval.replace("-", "−")
