"""What moves an outcome of a study: a row for each factor, its measures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.drivers import Column, Drivers, Mark
from sim.analysis.written import number
from sim.plots import style
from sim.plots.rows import whisker
from sim.plots.sheet import Sheet

__all__ = ["alt_drivers", "new_figure", "plot_drivers"]

LEFT = 3.4
THICK = 0.18  # inches of the bars of a row
_GREY = "#c4c4c4"


def _sheet(summary: Drivers) -> Sheet:
    labels = [(factor.label, factor.gloss) for factor in summary.factors]
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
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        sheet = _sheet(summary)
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
        found, at = mark.estimate, top + k * thick
        colour = _colour(mark, k, len(marks), column)
        panel.barh(at, found.mean, thick, color=colour, zorder=3, gid="measure")
        whisker(panel, at, found.low, found.high, tall=min(0.045, thick / 3.0))
        if np.isfinite(mark.dummy):
            # Under the whisker, which it must not hide.
            for colour, wide in ((style.PAPER, 4.2), (style.SERIES[2][0], 2.2)):
                panel.plot(
                    [mark.dummy] * 2, [y - 0.14, y + 0.14], color=colour, lw=wide, zorder=4,
                    solid_capstyle="butt", gid="dummy",
                )  # fmt: skip


def _limits(panel: Axes, column: Column) -> None:
    marks = [mark.estimate for row in column.marks for mark in row if mark is not None]
    dummies = [m.dummy for row in column.marks for m in row if m is not None]
    low = min([0.0, *(m.low for m in marks)])
    high = max([0.0, *(m.high for m in marks), *np.nan_to_num(dummies)])
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


def _colour(mark: Mark, k: int, of: int, column: Column) -> Any:
    """Choose a bar's colour: grey if not told; by its sign; pale for what holds the next one."""
    if not mark.told:
        base = _GREY
    elif column.signed:
        base = style.RISE if mark.estimate.mean > 0 else style.FALL
    else:
        base = style.RUNG_COLOURS[7]
    return style.faded(base, 0.55) if k < of - 1 else base


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
    found, many = mark.estimate, 100.0 if percent else 1.0
    value, interval = number(many * found.mean, many * found.low, many * found.high)
    sign = "%" if percent else ""
    told = value + sign, interval + (sign if np.isfinite(found.low) else "")
    return told[0].replace("-", "−"), told[1].replace("-", "−")
