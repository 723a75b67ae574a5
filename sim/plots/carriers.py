"""The statements that carry a result: a row each, what leaving it out changes side by side."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.carriers import Carriers
from sim.analysis.influence import Effect
from sim.analysis.intervals import Estimate
from sim.analysis.studied import Measure, capital
from sim.plots import style
from sim.plots.page import EDGE, WIDTH, Room, draw_words, new_page
from sim.plots.rows import (
    GAP,
    Row,
    bottom,
    headroom,
    heads,
    laid,
    name_row,
    panels,
    whisker,
)

__all__ = ["alt_carriers", "new_figure", "plot_carriers"]

LEFT, RIGHT = 3.55, 0.15


def _rows(summary: Carriers) -> list[Row]:
    texts = [
        (effect.statement.id, f"line {effect.statement.line}: {effect.statement.says}")
        for effect in summary.effects
    ]
    return laid(texts, LEFT - 0.2)


def _texts(summary: Carriers) -> list[tuple[str, str]]:
    texts = []
    for measure, estimate in zip(summary.measures, summary.baseline, strict=True):
        mean, interval = measure.written(estimate.mean, estimate.low, estimate.high)
        texts.append((capital(measure.label), f"with all: {mean} ({interval})"))
    return texts


def _room(summary: Carriers) -> Room:
    many = len(summary.measures)
    wide = (WIDTH - 2.0 * EDGE - LEFT - RIGHT - GAP * (many - 1)) / many
    return Room(LEFT, RIGHT, 0.1 + headroom(_texts(summary), wide), 0.3)


def new_figure(summary: Carriers) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return new_page(summary.words, bottom(_rows(summary)), _room(summary))


def plot_carriers(summary: Carriers, *, ax: Axes | None = None) -> Axes:
    """Draw what leaving out each statement changes, in every outcome, with its interval.

    Parameters
    ----------
    summary : Carriers
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        rows = _rows(summary)
        ax.set_ylim(bottom(rows), 0.0)
        drawn = panels(ax, [1.0] * len(summary.measures))
        heads(drawn, _texts(summary))
        for row, effect in zip(rows, summary.effects, strict=True):
            name_row(ax, row, LEFT, soft=not any(effect.distinct))
        for k, (panel, measure) in enumerate(zip(drawn, summary.measures, strict=True)):
            found = [effect.differences[k].estimate for effect in summary.effects]
            _limits(panel, measure, found)
            for row, effect, estimate in zip(rows, summary.effects, found, strict=True):
                _change(panel, row.y, estimate, told=effect.distinct[k])
        draw_words(ax, summary.words, _room(summary))
    return ax


def _limits(panel: Axes, measure: Measure, found: list[Estimate]) -> None:
    low = min([0.0, *(estimate.low for estimate in found)])
    high = max([0.0, *(estimate.high for estimate in found)])
    span = (high - low) or 1.0
    panel.set_xlim(low - 0.05 * span, high + 0.05 * span)
    panel.axvline(0.0, color=style.INK, lw=0.9, zorder=1.5)
    panel.xaxis.set_major_locator(MaxNLocator(4))
    many = 100.0 if measure.kind == "share" else 1.0
    panel.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: f"{many * x:+g}".replace("-", "−") if round(x, 12) else "0")
    )


def _change(panel: Axes, y: float, estimate: Estimate, *, told: bool) -> None:
    colour = style.FAINT_INK
    if told:
        colour = style.RISE if estimate.mean > 0.0 else style.SERIES[2][0]
        panel.plot(
            [0.0, estimate.mean], [y, y], color=style.faded(colour, 0.5), lw=4.0, zorder=2,
            solid_capstyle="butt",
        )  # fmt: skip
    whisker(panel, y, estimate.low, estimate.high, style.INK if told else style.FAINT_INK)
    panel.plot(
        estimate.mean, y, "o", ms=5, mec=colour, mew=1.3, zorder=6, gid="change",
        mfc=colour if told else style.PAPER,
    )  # fmt: skip


def alt_carriers(summary: Carriers) -> str:
    """Say in a sentence what the picture shows."""
    return (
        "Changes when a statement is left out, shares in percentage points: "
        f"{'; '.join(_told(effect, summary) for effect in summary.effects)}."
    )


def _told(effect: Effect, summary: Carriers) -> str:
    parts: list[Any] = []
    for measure, pair, distinct in zip(
        summary.measures, effect.differences, effect.distinct, strict=True
    ):
        found = pair.estimate
        change, interval = measure.change(found.mean, found.low, found.high)
        end = "" if distinct else ", not told from none"
        parts.append(f"{measure.label} {change} ({interval}{end})")
    return f"{effect.statement.id}: {', '.join(parts)}"
