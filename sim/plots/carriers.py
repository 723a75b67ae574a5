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
from sim.plots.rows import whisker
from sim.plots.sheet import Sheet

__all__ = ["alt_carriers", "new_figure", "plot_carriers"]

LEFT = 3.55


def _sheet(summary: Carriers) -> Sheet:
    labels = [
        (effect.statement.id, f"line {effect.statement.line}: {effect.statement.says}")
        for effect in summary.effects
    ]
    headings = []
    for measure, estimate in zip(summary.measures, summary.baseline, strict=True):
        mean, interval = measure.written(estimate.mean, estimate.low, estimate.high, estimate.n)
        headings.append((capital(measure.label), f"with all: {mean} ({interval})"))
    return Sheet(summary.words, labels, headings, LEFT)


def new_figure(summary: Carriers) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return _sheet(summary).new_figure()


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
        sheet = _sheet(summary)
        drawn = sheet.lay(ax, [not any(effect.distinct) for effect in summary.effects])
        for k, (panel, measure) in enumerate(zip(drawn, summary.measures, strict=True)):
            found = [effect.differences[k].estimate for effect in summary.effects]
            _limits(panel, measure, found)
            for row, effect, estimate in zip(sheet.rows, summary.effects, found, strict=True):
                _change(panel, row.y, estimate, told=effect.distinct[k])
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
