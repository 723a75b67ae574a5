"""The options of an actor over many worlds: a box each, its worst tenth, its regret there."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.intervals import Estimate
from sim.analysis.over_worlds import OptionOverWorlds, Worlds
from sim.analysis.studied import capital
from sim.analysis.written import share
from sim.plots import style
from sim.plots.rows import whisker
from sim.plots.sheet import Sheet

__all__ = ["alt_worlds", "new_figure", "plot_worlds"]

LEFT, RIGHT = 2.2, 0.2
PARTS = (1.5, 0.9, 0.8)
LEAST = 0.48  # inches of a row
THICK, LOWER = 0.15, 0.12  # inches of a box, and from its middle to that of the worst tenth
#: An option that costs so many times the next one is not drawn to scale.
BEYOND = 1.6
LEAST_SCALE = 0.01


def _sheet(summary: Worlds) -> Sheet:
    labels = [(o.label, "terrible in a tenth" if o.terrible else "") for o in summary.options]
    unit = ", points" if summary.measure.kind == "share" else ""
    headings = [
        (capital(summary.measure.label), "over the worlds"),
        ("Regret", f"in its worst tenth{unit}"),
        ("Among the best", "share of worlds"),
    ]
    return Sheet(
        summary.words,
        labels,
        headings,
        LEFT,
        PARTS,
        least=LEAST,
        right=RIGHT,
        below=0.34,
        clear=0.1,
    )


def new_figure(summary: Worlds) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return _sheet(summary).new_figure()


def plot_worlds(summary: Worlds, *, ax: Axes | None = None) -> Axes:
    """Draw how an option does over the worlds, in the worst of them, and how often it is best.

    Parameters
    ----------
    summary : Worlds
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        sheet = _sheet(summary)
        cost, regret, best = sheet.lay(ax)
        costs = [_most(o.worst, *o.quantiles) for o in summary.options]
        most = _scale(costs)
        cost.set_xlim(-0.03 * most, 1.05 * most)
        regrets = [_most(o.worst_regret) for o in summary.options]
        highest = _scale(regrets)
        lows = [_least(o.worst_regret) for o in summary.options]
        lowest = min([0.0, *(low for low in lows if low > -highest)])
        span = highest - lowest
        regret.set_xlim(lowest - 0.05 * span, highest + 0.05 * span)
        regret.axvline(0.0, color=style.INK, lw=0.9, zorder=1.5)
        best.set_xlim(-0.05, 1.05)
        share_of = summary.measure.kind == "share"
        many, unit = (100.0, "%") if share_of else (1.0, "")
        for row, option in zip(sheet.rows, summary.options, strict=True):
            if option.quantiles[0] > 1.05 * most:
                _beyond(cost, row.y, f"{many * option.mean.mean:.3g}{unit}")
            else:
                _spread(cost, row.y, option)
            if option.worst_regret.mean > highest + 0.05 * span:
                _beyond(regret, row.y, f"{many * option.worst_regret.mean:+.3g}")
            else:
                _mark(regret, row.y, option.worst_regret, hollow=option.terrible)
            _mark(best, row.y, option.best)
        _ticks(cost, many, f"{{:g}}{unit}")
        _ticks(regret, many, "{:+g}")
        _ticks(best, 100.0, "{:g}%")
    return ax


def _most(found: Estimate, *others: float) -> float:
    return max((x for x in (found.mean, found.high, *others) if math.isfinite(x)), default=0.0)


def _least(found: Estimate) -> float:
    return found.low if math.isfinite(found.low) else found.mean


def _scale(ends: list[float]) -> float:
    """Return what the scale must reach; what is far beyond all others is left out."""
    left = sorted(ends)
    while len(left) > 1 and left[-1] > BEYOND * max(left[-2], 1e-6):
        left.pop()
    # Where there is nothing in all of them, the scale still has to be one that can be read.
    return left[-1] if left[-1] > 1e-6 else LEAST_SCALE


def _beyond(panel: Axes, y: float, text: str) -> None:
    """Say how much it is that is not drawn to scale."""
    edge = panel.get_xlim()[1]
    panel.plot(edge, y, ">", ms=7, color=style.RISE, zorder=6, clip_on=False)
    panel.annotate(
        text, (edge, y), (-10.0, 0.0), textcoords="offset points", size=style.SMALL,
        color=style.INK, ha="right", va="center", gid="number",
    )  # fmt: skip


def _spread(panel: Axes, y: float, option: OptionOverWorlds) -> None:
    low, lower, middle, upper, high = option.quantiles
    _mark(panel, y + LOWER, option.worst, "D", hollow=option.terrible)
    y -= LOWER / 2.0
    panel.plot([low, high], [y, y], color=style.SOFT_INK, lw=1.2, zorder=2, gid="line")
    panel.add_patch(
        Rectangle(
            (lower, y - THICK / 2.0), upper - lower, THICK, lw=0.8, zorder=3, gid="box",
            facecolor=style.RUNG_COLOURS[3], edgecolor=style.SOFT_INK,
        )
    )  # fmt: skip
    half = THICK / 2.0
    panel.plot([middle] * 2, [y - half, y + half], color=style.INK, lw=2.0, zorder=4, gid="median")


def _mark(panel: Axes, y: float, found: Estimate, shape: str = "o", hollow: bool = False) -> None:
    if not math.isfinite(found.mean):
        return
    if math.isfinite(found.low):
        whisker(panel, y, found.low, found.high)
    panel.plot(
        found.mean, y, shape, ms=5.5, mec=style.RISE, mew=1.3, zorder=6, gid="mark",
        mfc=style.PAPER if hollow else style.RISE,
    )  # fmt: skip


def _ticks(panel: Axes, many: float, text: str) -> None:
    def write(x: float, _: object) -> str:
        return text.format(many * x).replace("-", "−") if round(x, 12) else "0"

    panel.xaxis.set_major_locator(MaxNLocator(3))
    panel.xaxis.set_major_formatter(FuncFormatter(write))


def alt_worlds(summary: Worlds) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for option in summary.options:
        often, interval = share(option.best.mean, option.best.low, option.best.high)
        mean, around = summary.measure.written(option.mean.mean, option.mean.low, option.mean.high)
        told.append(
            f"{option.label}: mean {mean} ({around}), among the best in {often} ({interval})"
        )
    return f"Options over the worlds, {summary.measure.label}: {'; '.join(told)}."
