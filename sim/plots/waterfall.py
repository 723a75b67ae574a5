"""One decision as a waterfall: each reason a bar from where the last one ended."""

from __future__ import annotations

from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.telling import chance
from sim.analysis.waterfall import Rival, Step, Waterfall
from sim.plots import style
from sim.plots.axis import bare
from sim.plots.page import Room, demand, draw_words, new_page, wrapped
from sim.plots.rows import beside

__all__ = ["alt_waterfall", "new_figure", "plot_waterfall"]

ROOM = Room(left=3.45, right=0.55, above=0.05, below=0.45)
#: Heights in inches, which are the unit of y: of a line of a label, of what is under it, of bars.
_LINE, _UNDER, _BAR, _BREAK = 0.18, 0.16, 0.26, 0.3
_ROW = 0.16  # inches between labels
_WIDE = 3.3  # inches that a label may take
#: Least inches of the bars, and how far rows may be pressed together, in an Axes that is given.
LEAST, PRESSED = 2.0, 0.9
_PAD = 4.0  # points between a bar and its number
_SMALL = style.SMALL - 0.5


class _Row(NamedTuple):
    """A row: its label in lines, what stands under it, and where its middle is."""

    upper: list[str]
    lower: list[str]
    y: float


def _rows(summary: Waterfall) -> tuple[list[_Row], float, float]:
    """Return the rows of steps, total and rivals, the break between them, and the height."""
    texts = [(step.label, ", ".join(step.statements), False) for step in summary.steps]
    texts.append((f"= utility of “{summary.option}”", "", True))
    texts += [
        (rival.name, ("taken, " if rival.taken else "") + f"utility {_signed(rival.utility)}",
         rival.taken) for rival in summary.rivals
    ]  # fmt: skip
    rows, down, parting = [], 0.0, 0.0
    for number, (label, under, bold) in enumerate(texts):
        if number == len(summary.steps) + 1:
            parting = down + _BREAK / 2.0
            down += _BREAK
        upper = wrapped(label[:1].upper() + label[1:], _WIDE, style.TEXT, bold=bold, most=2)
        lower = wrapped(under, _WIDE, _SMALL, most=2)
        height = _ROW + _LINE * len(upper) + _UNDER * len(lower)
        rows.append(_Row(upper, lower, down + height / 2.0))
        down += height
    return rows, parting, down


def new_figure(summary: Waterfall) -> Figure:
    """Return a figure with one empty Axes, sized for the rows of a waterfall."""
    return new_page(summary.words, _rows(summary)[2], ROOM)


def plot_waterfall(summary: Waterfall, *, ax: Axes | None = None) -> Axes:
    """Draw what adds up to the utility of an option, and how the likeliest options compare.

    Parameters
    ----------
    summary : Waterfall
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    rows, parting, height = _rows(summary)
    if ax is None:
        ax = new_figure(summary).axes[0]
    else:
        demand(ax, LEAST, PRESSED * height)
    with style.styled():
        _limits(ax, summary)
        ax.set_ylim(height, 0.0)
        steps = len(summary.steps)
        for row, below, step in zip(rows, rows[1:], summary.steps, strict=False):
            _step(ax, step, row.y, below.y)
        _total(ax, summary, rows[steps].y)
        ax.axhline(parting, color=style.GUIDE, lw=1.0)
        for row, rival in zip(rows[steps + 1 :], summary.rivals, strict=True):
            _rival(ax, rival, row.y, rival.name == summary.option)
        for number, row in enumerate(rows):
            taken = number > steps and summary.rivals[number - steps - 1].taken
            _label(ax, row, bold=number == steps or taken)
        _ground(ax)
        draw_words(ax, summary.words, ROOM)
    return ax


def _ground(ax: Axes) -> None:
    ax.axvline(0.0, color=style.SOFT_INK, lw=0.9, zorder=1)
    ax.set_yticks([])
    ax.tick_params(axis="x", labelsize=style.SMALL)
    ax.set_xlabel("utility, logits (further right: likelier to be chosen)", size=style.SMALL)
    bare(ax, "bottom")


def _limits(ax: Axes, summary: Waterfall) -> None:
    places = [0.0, *(step.end for step in summary.steps), *(r.utility for r in summary.rivals)]
    low, high = min(places), max(places)
    span = max(high - low, 1.0)
    ax.set_xlim(low - 0.14 * span, high + 0.14 * span)


def _signed(logits: float) -> str:
    """Write logits with their sign, as the axis writes it."""
    return f"{logits:+.2f}".replace("-", "−") if round(logits, 2) else "0"


def _step(ax: Axes, step: Step, y: float, below: float) -> None:
    colour = style.FAINT_INK
    if step.statements:
        colour = style.RISE if step.logits > 0 else style.FALL
    ax.barh(y, step.logits, _BAR, step.start, color=colour, zorder=3, gid="step")
    ax.plot([step.end] * 2, [y, below], color=style.SOFT_INK, lw=0.8, zorder=2)
    _number(ax, _signed(step.logits), step.end, y, step.logits)


def _total(ax: Axes, summary: Waterfall, y: float) -> None:
    ax.barh(y, summary.utility, _BAR, color=style.INK, zorder=3, gid="total")
    _number(ax, _signed(summary.utility), summary.utility, y, summary.utility, bold=True)


def _rival(ax: Axes, rival: Rival, y: float, shown: bool) -> None:
    colour = style.INK if shown else style.FAINT_INK
    marker = "D" if rival.taken else "o"
    ax.plot(rival.utility, y, marker, ms=7, color=colour, zorder=3, gid="rival")
    ax.plot([0.0, rival.utility], [y, y], color=colour, lw=1.2, zorder=2)
    _number(ax, rival.chance, rival.utility, y, rival.utility, bold=rival.taken, clear=5.0)


def _number(
    ax: Axes, text: str, x: float, y: float, way: float, *, bold: bool = False, clear: float = 0.0
) -> None:
    """Write a number beyond the end of a bar."""
    side = 1.0 if way >= 0 else -1.0
    ax.annotate(
        text,
        (x, y),
        (side * (_PAD + clear), 0.0),
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="center",
        size=style.TEXT,
        weight="bold" if bold else "normal",
        annotation_clip=False,
        zorder=5,
        gid="number",
    ).set_path_effects([style.HALO])


def _label(ax: Axes, row: _Row, *, bold: bool) -> None:
    """Write what a row is, to the left of the Axes, and the statements under it."""
    height = _LINE * len(row.upper) + _UNDER * len(row.lower)
    top = row.y - height / 2.0
    weight = "bold" if bold else "normal"
    first = top + _LINE * len(row.upper) / 2.0
    beside(ax, row.upper, first, ROOM.left, weight=weight, gid="label")
    if row.lower:
        middle = top + height - _UNDER * len(row.lower) / 2.0
        look: dict[str, Any] = {"size": _SMALL, "style": "italic", "color": style.SOFT_INK}
        beside(ax, row.lower, middle, ROOM.left, gid="label", **look)


def _others(summary: Waterfall) -> str:
    options, probability = summary.rest
    return f"; {options} more together {chance(probability)}" if options else ""


def alt_waterfall(summary: Waterfall) -> str:
    """Say in a sentence what the picture shows."""
    parts = [f"{step.label} {step.logits:+.2f}" for step in summary.steps]
    likely = ", ".join(
        f"{rival.name} {rival.chance}{' (taken)' if rival.taken else ''}"
        for rival in summary.rivals
    )
    return (
        f"Waterfall of the utility of {summary.option}: {'; '.join(parts)}; "
        f"in all {summary.utility:+.2f} logits. Probabilities: {likely}{_others(summary)}."
    )
