"""The options of an actor, ranked: a row each, those of a bracket on one band."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.brief import signed, span
from sim.analysis.intervals import Estimate
from sim.analysis.standing import Option, Standing
from sim.analysis.studied import Measure, capital
from sim.analysis.written import share
from sim.plots import style
from sim.plots.brackets import NUMBER, draw_brackets
from sim.plots.page import width_of
from sim.plots.rows import whisker
from sim.plots.sheet import Sheet

__all__ = ["alt_standing", "new_figure", "plot_standing"]

LEFT, RIGHT = 3.55, 0.2
PARTS = (1.1, 0.8, 0.8)
LEAST = 0.44  # inches of a row
OFF = 6.0  # points between the line of holding and a number
#: A change so many times the next one is not drawn to scale: an arrow says how large it is.
BEYOND = 6.0


def _sheet(summary: Standing) -> Sheet:
    labels = [(option.label, option.says) for option in summary.options]
    headings = [
        (capital(summary.measure.label), f"change against holding{_unit(summary.measure)}"),
        (f"{summary.whose} uses force within 7 days", "chance"),
        ("Dead", "expected, short of open war"),
    ]
    return Sheet(
        summary.words, labels, headings, LEFT, PARTS, NUMBER, LEAST, RIGHT, below=0.34, clear=0.1
    )


def _unit(measure: Measure) -> str:
    return ", points" if measure.kind == "share" else ""


def new_figure(summary: Standing) -> Figure:
    """Return a figure with one empty Axes, sized for the rows."""
    return _sheet(summary).new_figure()


def plot_standing(summary: Standing, *, ax: Axes | None = None) -> Axes:
    """Draw what each option changes and leads to, with its intervals.

    Parameters
    ----------
    summary : Standing
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        sheet = _sheet(summary)
        change, force, dead = sheet.lay(ax)
        draw_brackets(ax, [o.bracket for o in summary.options], sheet.rows, LEFT, RIGHT)
        reach = _reach(summary.options)
        change.set_xlim(*reach)
        change.axvline(0.0, color=style.INK, lw=0.9, zorder=1.5)
        force.set_xlim(-0.04, 1.0)
        most = 1.3 * max([1.0, *(o.dead.high for o in summary.options if o.dead is not None)])
        dead.set_xlim(-0.04 * most, most)
        for row, option in zip(sheet.rows, summary.options, strict=True):
            _change(change, row.y, option, summary.measure, reach)
            _value(force, row.y, option.force, share=True)
            _value(dead, row.y, option.dead, share=False)
        many = 100 if summary.measure.kind == "share" else 1
        _ticks(change, lambda x: f"{many * x:+g}".replace("-", "−") if round(x, 12) else "0")
        _ticks(force, lambda x: f"{100 * x:.0f}%")
        _ticks(dead, lambda x: f"{x:g}")
    return ax


def _bounds(found: Estimate) -> tuple[float, float, float]:
    return found.mean, found.low, found.high


def _reach(options: Iterable[Option]) -> tuple[float, float]:
    """Return from where to where changes are drawn to scale."""
    ends = sorted(
        max(abs(option.change.low), abs(option.change.high)) for option in options if option.change
    )
    while len(ends) > 1 and ends[-1] > BEYOND * max(ends[-2], 1e-6):
        ends.pop()
    most = ends[-1] if ends else 0.01
    lows = [o.change.low for o in options if o.change and abs(o.change.mean) <= most]
    highs = [o.change.high for o in options if o.change and abs(o.change.mean) <= most]
    low, high = min([0.0, *lows]), max([0.0, *highs])
    span = (high - low) or 0.01
    return low - 0.08 * span, high + 0.08 * span


def _change(
    panel: Axes, y: float, option: Option, measure: Measure, reach: tuple[float, float]
) -> None:
    found = option.change
    if found is None:
        panel.plot(0.0, y, "|", ms=12, mew=2.0, color=style.INK, zorder=6, gid="holding")
        return
    told = found.low > 0.0 or found.high < 0.0
    colour = style.FAINT_INK
    if told:
        colour = style.RISE if found.mean > 0.0 else style.SERIES[2][0]
    if not reach[0] <= found.mean <= reach[1]:
        edge = reach[found.mean > 0.0]
        panel.plot([0.0, edge], [y, y], color=style.faded(colour, 0.5), lw=4.0, zorder=2)
        panel.plot(edge, y, ">" if edge > 0.0 else "<", ms=7, color=colour, zorder=6, clip_on=False)
        _beside_arrow(panel, y, signed(found, measure.kind == "share"), reach, edge > 0.0)
        return
    panel.plot(
        [0.0, found.mean], [y, y], color=style.faded(colour, 0.5), lw=4.0, zorder=2,
        solid_capstyle="butt",
    )  # fmt: skip
    whisker(panel, y, found.low, found.high, style.INK if told else style.FAINT_INK)
    panel.plot(
        found.mean, y, "o", ms=5, mec=colour, mew=1.3, zorder=6, gid="change",
        mfc=colour if told else style.PAPER,
    )  # fmt: skip


def _beside_arrow(
    panel: Axes, y: float, told: tuple[str, str], reach: tuple[float, float], right: bool
) -> None:
    """Write a number above an arrow and its interval below, on the other side if that has room."""
    texts = [text.replace("-", "−") for text in told]
    wide = max(width_of(text, style.SMALL) for text in texts) + OFF / 72.0
    inches = (panel.bbox.x1 - panel.bbox.x0) / panel.figure.dpi / (reach[1] - reach[0])
    if inches * abs(reach[right]) < wide <= inches * abs(reach[not right]):
        right = not right
    for text, up in zip(texts, (9.0, -9.0), strict=True):
        panel.annotate(
            text, (0.0, y), (OFF if right else -OFF, up), textcoords="offset points",
            size=style.SMALL, color=style.INK, ha="left" if right else "right", va="center",
            gid="number",
        )  # fmt: skip


def _value(panel: Axes, y: float, found: Estimate | None, *, share: bool) -> None:
    if found is None:
        panel.annotate(
            "not simulated", (0.0, y), size=style.SMALL, color=style.SOFT_INK, va="center",
            gid="number",
        )  # fmt: skip
        return
    text = span(found, share)[0]
    whisker(panel, y, found.low, found.high)
    panel.plot(found.mean, y, "o", ms=5, color=style.RUNG_COLOURS[6], zorder=6, gid="value")
    low, high = panel.get_xlim()
    left = found.high > low + 0.7 * (high - low)
    panel.annotate(
        text, (found.low if left else found.high, y), (-7.0 if left else 7.0, 0.0),
        textcoords="offset points", size=style.SMALL, color=style.INK, va="center",
        ha="right" if left else "left", gid="number",
    )  # fmt: skip


def _ticks(panel: Axes, write: object) -> None:
    panel.xaxis.set_major_locator(MaxNLocator(3))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda x, _: write(x)))  # type: ignore[operator]


def alt_standing(summary: Standing) -> str:
    """Say in a sentence what the picture shows."""
    told = []
    for option in summary.options:
        war, interval = share(*_bounds(option.war))
        told.append(f"{option.bracket}: {option.label}, open war {war} ({interval})")
    return f"Options in their order, each with its bracket: {'; '.join(told)}."
