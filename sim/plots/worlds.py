"""The options of an actor over many worlds: a box each, its worst tenth, its regret there."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.brief import signed
from sim.analysis.intervals import Estimate
from sim.analysis.over_worlds import OptionOverWorlds, Worlds
from sim.analysis.studied import capital
from sim.analysis.written import share
from sim.plots import style
from sim.plots.brackets import NUMBER, draw_brackets
from sim.plots.rows import Row, whisker
from sim.plots.sheet import Sheet

__all__ = ["alt_worlds", "new_figure", "plot_worlds"]

LEFT, RIGHT = 2.5, 0.2
PARTS = (1.5, 0.9, 0.8)
LEAST = 0.48  # inches of a row
THICK, LOWER = 0.15, 0.12  # inches of a box, and from its middle to that of the worst tenth
#: An option that costs so many times the next one is not drawn to scale.
BEYOND = 1.6
LEAST_SCALE = 0.01


def _sheet(summary: Worlds) -> Sheet:
    labels = [(o.label, _under(o)) for o in summary.options]
    unit = ", points" if summary.measure.kind == "share" else ""
    headings = [
        (capital(summary.measure.label), "over the worlds"),
        ("Regret", f"in its worst tenth{unit}"),
        ("Among the best", "share of worlds"),
    ]
    many = 1 if summary.thin else len(headings)
    return Sheet(
        summary.words,
        labels,
        headings[:many],
        LEFT,
        PARTS[:many],
        NUMBER,
        least=LEAST,
        right=RIGHT,
        below=0.34,
        clear=0.1,
    )


def _under(option: OptionOverWorlds) -> str:
    """Say under a label what the option is besides its numbers."""
    said = ("intervention" * option.intervention, "terrible in a tenth" * option.terrible)
    return ", ".join(filter(None, said))


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
        panels = sheet.lay(ax)
        draw_brackets(ax, [o.bracket for o in summary.options], sheet.rows, LEFT, RIGHT)
        _costs(panels[0], summary, sheet.rows)
        if not summary.thin:
            _regrets(panels[1], summary, sheet.rows)
            panels[2].set_xlim(-0.05, 1.05)
            for row, option in zip(sheet.rows, summary.options, strict=True):
                _mark(panels[2], row.y, option.best)
            _ticks(panels[2], 100.0, "{:g}%")
    return ax


def _costs(panel: Axes, summary: Worlds, rows: Sequence[Row]) -> None:
    """Draw what each option costs over the worlds, and what it costs on average or in the worst."""
    marks = [o.mean if summary.thin else o.worst for o in summary.options]
    pairs = zip(marks, summary.options, strict=True)
    most = _scale([(o.quantiles[0], _most(mark, *o.quantiles)) for mark, o in pairs])
    least = min([0.0, *(min(_least(o.mean), o.quantiles[0]) for o in summary.options)])
    span = most - least
    panel.set_xlim(least - 0.03 * span, most + 0.05 * span)
    for row, option, mark in zip(rows, summary.options, marks, strict=True):
        if option.quantiles[0] > most + 0.05 * span:
            found = option.mean
            _beyond(panel, row.y, summary.measure.written(found.mean, found.low, found.high))
        else:
            shape = "o" if summary.thin else "D"
            _mark(panel, row.y + LOWER, mark, shape, hollow=option.terrible)
            _spread(panel, row.y - LOWER / 2.0, option)
    many, unit = (100.0, "%") if summary.measure.kind == "share" else (1.0, "")
    _ticks(panel, many, f"{{:g}}{unit}")


def _regrets(panel: Axes, summary: Worlds, rows: Sequence[Row]) -> None:
    """Draw how much more each option costs in its worst tenth than the best would."""
    found = [o.worst_regret for o in summary.options]
    most = _scale([(_least(one), _most(one)) for one in found])
    lows = [_least(o.worst_regret) for o in summary.options]
    least = min([0.0, *(low for low in lows if low > -most)])
    span = most - least
    panel.set_xlim(least - 0.05 * span, most + 0.05 * span)
    panel.axvline(0.0, color=style.INK, lw=0.9, zorder=1.5)
    share = summary.measure.kind == "share"
    for row, option in zip(rows, summary.options, strict=True):
        if option.worst_regret.mean > most + 0.05 * span:
            _beyond(panel, row.y, signed(option.worst_regret, share))
        else:
            _mark(panel, row.y, option.worst_regret, hollow=option.terrible)
    _ticks(panel, 100.0 if share else 1.0, "{:+g}")


def _most(found: Estimate, *others: float) -> float:
    return max((x for x in (found.mean, found.high, *others) if math.isfinite(x)), default=0.0)


def _least(found: Estimate) -> float:
    return found.low if math.isfinite(found.low) else found.mean


def _scale(spans: list[tuple[float, float]]) -> float:
    """Return what the scale must reach; what lies as a whole far beyond all others is left out."""
    left = sorted(spans, key=lambda span: span[1])
    while len(left) > 1 and min(left[-1][0], left[-1][1] / BEYOND) > max(left[-2][1], 1e-6):
        left.pop()
    most = left[-1][1]
    # Where there is nothing in all of them, the scale still has to be one that can be read.
    return most if most > 1e-6 else LEAST_SCALE


def _beyond(panel: Axes, y: float, told: tuple[str, str]) -> None:
    """Say how much it is that is not drawn to scale, with its interval below."""
    edge = panel.get_xlim()[1]
    panel.plot(edge, y, ">", ms=7, color=style.RISE, zorder=6, clip_on=False)
    for text, up in zip(told, (6.0, -7.0), strict=True):
        panel.annotate(
            text.replace("-", "−"), (edge, y), (-10.0, up), textcoords="offset points",
            size=style.SMALL, color=style.INK, ha="right", va="center", gid="number",
        ).set_path_effects([style.HALO])  # fmt: skip


def _spread(panel: Axes, y: float, option: OptionOverWorlds) -> None:
    low, lower, middle, upper, high = option.quantiles
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
