"""Boxes in which an outcome climbs: the levels that they keep of each factor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.ranges import Range, Ranges, Regime
from sim.analysis.studied import level
from sim.analysis.written import digits, share
from sim.plots import style
from sim.plots.page import Room, demand, draw_words, new_page, shortened, width_of
from sim.plots.rows import FINE, Row, beside, bottom, laid, name_row, panels, whisker

__all__ = ["alt_ranges", "new_figure", "plot_ranges"]

ROOM = Room(left=3.3, right=1.9, above=0.05, below=0.1)
#: Inches: of the words over a box, between boxes, of a bar, of a row.
HEAD, GAP, THICK, TRACK = 0.66, 0.2, 0.2, 0.68
#: Inches of the words over a box whose first line would say what the title does.
LOW = 0.43
#: Inches of a track at least; how far rows may be pressed together before words overlap.
LEAST, PRESSED = 1.2, 0.9


def _blocks(summary: Ranges) -> tuple[list[tuple[Regime, float, list[Row]]], float]:
    """Lay the boxes below one another: each with where it begins, and its rows."""
    blocks, down = [], 0.0
    for regime in summary.regimes:
        texts = [_named(one) for one in regime.ranges]
        head = LOW if _in_title(summary) else HEAD
        rows = laid(texts, ROOM.left - 0.2, down + head, TRACK)
        blocks.append((regime, down, rows))
        down = bottom(rows, down + head) + GAP
    return blocks, max(down, HEAD)


def _in_title(summary: Ranges) -> bool:
    """Tell whether the title says how dense the only box is."""
    return len(summary.regimes) == 1 and summary.regimes[0].box.told


def _named(one: Range) -> tuple[str, str]:
    """Say what a row is of, and in which unit."""
    upper, lower = one.factor.row
    return upper, "; ".join(part for part in (lower, one.unit) if part)


def new_figure(summary: Ranges) -> Figure:
    """Return a figure with one empty Axes, sized for the boxes."""
    return new_page(summary.words, _blocks(summary)[1], ROOM)


def plot_ranges(summary: Ranges, *, ax: Axes | None = None) -> Axes:
    """Draw the range that each box keeps of each of its factors, within all that was drawn.

    Parameters
    ----------
    summary : Ranges
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    blocks, height = _blocks(summary)
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        demand(ax, LEAST, PRESSED * height)
    with style.styled():
        ax.set_ylim(height, 0.0)
        (panel,) = panels(ax, [1.0])
        panel.set_xlim(-0.02, 1.02)
        panel.set_xticks([])
        panel.spines["bottom"].set_visible(False)
        for number, (regime, top, rows) in enumerate(blocks, 1):
            _head(ax, summary, regime, top, number if len(blocks) > 1 else 0)
            for row, one in zip(rows, regime.ranges, strict=True):
                name_row(ax, row, ROOM.left, soft=not regime.box.told)
                (_track if one.numbers else _chips)(panel, row.y, one, regime.box.told)
                look: dict[str, Any] = {"size": style.SMALL, "gid": "kept"}
                beside(panel, [_kept(one)], row.y, -0.1, **look)
        draw_words(ax, summary.words, ROOM)
    return ax


def _head(ax: Axes, summary: Ranges, regime: Regime, top: float, number: int) -> None:
    first, second = _holds(summary, regime, later=number > 1)
    down = top + 0.14
    if not _in_title(summary):
        named = f"Box {number}: {first}" if number else first
        beside(ax, [named], down, ROOM.left, weight="bold", gid="box")
        down += HEAD - LOW
    look: dict[str, Any] = {"size": style.SMALL, "color": style.SOFT_INK, "gid": "holds"}
    wide = float(ax.bbox.width) / ax.figure.dpi + ROOM.left + ROOM.right
    beside(ax, [shortened(second, wide, style.SMALL)], down, ROOM.left, **look)


def _holds(summary: Ranges, regime: Regime, later: bool = False) -> tuple[str, str]:
    """Say what a box holds: density; coverage, mass and mean."""
    box = regime.box
    dense, interval = share(box.density.mean, box.density.low, box.density.high)
    cover, covers = share(box.coverage.mean, box.coverage.low, box.coverage.high)
    others = "of those outside the boxes before" if later else "of all"
    mean, means = summary.measure.written(box.mean.mean, box.mean.low, box.mean.high)
    return (
        f"{dense} ({interval}) of its points get there, {100 * box.before.mean:.2g}% {others}",
        f"It holds {100 * box.mass:.0f}% of all points and {cover} ({covers}) of those that get "
        f"there; {summary.measure.label} {mean} ({means})",
    )


def _look(told: bool) -> dict[str, Any]:
    return style.bar_look(style.RUNG_COLOURS[6], told=told)


def _track(panel: Axes, y: float, one: Range, told: bool) -> None:
    """Draw a range within that of all levels, and where its limits fall in resamples."""
    low, high = (float(x) for x in one.levels)

    def place(value: float) -> float:
        return (value - low) / (high - low)

    panel.barh(y, 1.0, THICK, color=style.GUIDE, zorder=2, gid="all")
    ends = [place(float(x)) for x in one.kept]
    panel.barh(y, ends[1] - ends[0], THICK, ends[0], zorder=3, gid="range", **_look(told))
    for limit in one.limits:
        at = place(float(limit.limit))
        panel.plot([at, at], [y - 0.14, y + 0.14], color=style.INK, lw=2.2, zorder=5, gid="limit")
        if np.isfinite(limit.low) and limit.high > limit.low:
            whisker(panel, y, place(limit.low), place(limit.high), tall=0.06)
    if one.coded:
        _coded(panel, place(float(one.factor.coded)), y, f"as coded {level(one.factor.coded)}")
    places = digits((high - low) / 100.0)
    for at, value, ha in ((0.0, low, "left"), (1.0, high, "right")):
        panel.text(
            at, y + 0.15, level(round(value, places)), ha=ha, va="top", size=FINE,
            color=style.SOFT_INK, gid="end",
        )  # fmt: skip


def _chips(panel: Axes, y: float, one: Range, told: bool) -> None:
    """Draw a chip for each text, those that the box keeps coloured."""
    wide = 1.0 / len(one.levels)
    for k, value in enumerate(one.levels):
        kept = value in one.kept
        look = _look(told) if kept else {"facecolor": style.GUIDE}
        panel.barh(y, 0.94 * wide, THICK + 0.04, (k + 0.03) * wide, zorder=3, **look)
        panel.text(
            (k + 0.5) * wide, y, level(value), ha="center", va="center", size=FINE,
            color=style.on(look["facecolor"]) if kept else style.SOFT_INK, zorder=4, gid="chip",
        )  # fmt: skip
        if one.coded and value == one.factor.coded:
            _coded(panel, (k + 0.5) * wide, y, "as coded")


def _coded(panel: Axes, at: float, y: float, says: str) -> None:
    """Mark the scenario's own level, with its name above the row."""
    panel.plot([at, at], [y - 0.19, y - THICK / 2.0], color=style.SOFT_INK, lw=1.2, zorder=4)
    # The name ends with the row where it would run out of it.
    half = (width_of(says, FINE) / 2.0 + 0.02) * panel.figure.dpi / panel.bbox.width
    middle = min(max(at, half), 1.0 - half)
    panel.text(
        middle, y - 0.2, says, ha="center", va="bottom", size=FINE, color=style.SOFT_INK,
        gid="coded",
    )  # fmt: skip


def _kept(one: Range) -> str:
    if not one.numbers:
        return f"{len(one.kept)} of {len(one.levels)} levels"
    low, high = (level(value) for value in one.kept)
    if len(one.limits) > 1:
        return f"{low} to {high}"
    return f"at least {low}" if one.limits[0].side == "at least" else f"at most {high}"


def alt_ranges(summary: Ranges) -> str:
    """Say in a sentence what the picture shows."""
    return f"Ranges that boxes keep of their factors. {'; '.join(_told(summary))}."


def _told(summary: Ranges) -> Iterator[str]:
    for number, regime in enumerate(summary.regimes):
        first, second = _holds(summary, regime, later=number > 0)
        end = "" if regime.box.told else " (not borne out)"
        yield f"{regime.box}: {first}. {second}{end}"
