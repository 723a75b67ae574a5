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
from sim.plots.page import Room, draw_words, new_page
from sim.plots.rows import Row, beside, bottom, laid, name_row, panels

__all__ = ["alt_ranges", "new_figure", "plot_ranges"]

ROOM = Room(left=3.3, right=1.9, above=0.05, below=0.1)
#: Inches: of the words over a box, between boxes, of a bar, of a row.
HEAD, GAP, THICK, TRACK = 0.62, 0.2, 0.2, 0.5
_NONE = "No box holds more of such points than chance would put there."


def _blocks(summary: Ranges) -> tuple[list[tuple[Regime, float, list[Row]]], float]:
    """Lay the boxes below one another: each with where it begins, and its rows."""
    blocks, down = [], 0.0
    for regime in summary.regimes:
        texts = [(one.factor.label, one.factor.gloss) for one in regime.ranges]
        rows = laid(texts, ROOM.left - 0.2, down + HEAD, TRACK)
        blocks.append((regime, down, rows))
        down = bottom(rows, down + HEAD) + GAP
    return blocks, max(down, HEAD)


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
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        blocks, height = _blocks(summary)
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
        if not blocks:
            beside(ax, [_NONE], height / 2.0, ROOM.left, color=style.SOFT_INK)
        draw_words(ax, summary.words, ROOM)
    return ax


def _head(ax: Axes, summary: Ranges, regime: Regime, top: float, number: int) -> None:
    first, second = _holds(summary, regime, later=number > 1)
    named = f"Box {number}: {first}" if number else first[:1].upper() + first[1:]
    beside(ax, [named], top + 0.14, ROOM.left, weight="bold", gid="box")
    look: dict[str, Any] = {"size": style.SMALL, "color": style.SOFT_INK, "gid": "holds"}
    beside(ax, [second], top + 0.36, ROOM.left, **look)


def _holds(summary: Ranges, regime: Regime, later: bool = False) -> tuple[str, str]:
    """Say what a box holds: density; coverage, mass and mean."""
    box = regime.box
    dense, interval = share(box.density.mean, box.density.low, box.density.high)
    cover, covers = share(box.coverage.mean, box.coverage.low, box.coverage.high)
    others = "all points outside the first" if later else "all points"
    mean, means = summary.measure.written(box.mean.mean, box.mean.low, box.mean.high)
    return (
        f"density {dense} ({interval}), {100 * box.before.mean:.0f}% over {others}",
        f"coverage {cover} ({covers}) of such points; {100 * box.mass:.0f}% of all points; "
        f"{summary.measure.label} {mean} ({means})",
    )


def _colour(told: bool) -> str:
    return style.RUNG_COLOURS[6] if told else "#bdbdbd"


def _track(panel: Axes, y: float, one: Range, told: bool) -> None:
    """Draw a range within that of all levels, and where its limits fall in resamples."""
    low, high = (float(x) for x in one.levels)

    def place(value: float) -> float:
        return (value - low) / (high - low)

    panel.barh(y, 1.0, THICK, color=style.GUIDE, zorder=2, gid="all")
    ends = [place(float(x)) for x in one.kept]
    panel.barh(y, ends[1] - ends[0], THICK, ends[0], color=_colour(told), zorder=3, gid="range")
    for limit in one.limits:
        if np.isfinite(limit.low) and limit.high > limit.low:
            left, right = place(limit.low), place(limit.high)
            panel.barh(
                y, right - left, THICK, left, color=style.PAPER, alpha=0.55, zorder=4,
                gid="interval",
            )  # fmt: skip
        at = place(float(limit.limit))
        panel.plot([at, at], [y - 0.14, y + 0.14], color=style.INK, lw=1.8, zorder=5, gid="limit")
    places = digits((high - low) / 100.0)
    for at, value, ha in ((0.0, low, "left"), (1.0, high, "right")):
        panel.text(
            at, y + 0.15, level(round(value, places)), ha=ha, va="top", size=style.SMALL - 1.5,
            color=style.FAINT_INK, gid="end",
        )  # fmt: skip


def _chips(panel: Axes, y: float, one: Range, told: bool) -> None:
    """Draw a chip for each text, those that the box keeps coloured."""
    wide = 1.0 / len(one.levels)
    for k, value in enumerate(one.levels):
        kept = value in one.kept
        colour = _colour(told) if kept else style.GUIDE
        panel.barh(y, 0.94 * wide, THICK + 0.04, (k + 0.03) * wide, color=colour, zorder=3)
        panel.text(
            (k + 0.5) * wide, y, level(value), ha="center", va="center", size=style.SMALL - 1.0,
            color=style.on(colour) if kept else style.SOFT_INK, zorder=4, gid="chip",
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
    return f"Ranges that boxes keep of their factors. {'; '.join(_told(summary)) or _NONE}"


def _told(summary: Ranges) -> Iterator[str]:
    for number, regime in enumerate(summary.regimes):
        first, second = _holds(summary, regime, later=number > 0)
        end = "" if regime.box.told else " (not borne out)"
        yield f"{regime.box}: {first}; {second}{end}"
