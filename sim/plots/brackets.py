"""Brackets of rows: a number each, and every second one on a band."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from matplotlib.axes import Axes

from sim.plots import style
from sim.plots.rows import Row

__all__ = ["NUMBER", "draw_brackets"]

NUMBER = 0.34  # inches for the number of a bracket


def draw_brackets(
    ax: Axes, brackets: Sequence[int], rows: Sequence[Row], left: float, right: float
) -> None:
    """Lay every second bracket on a band, and number them all.

    Parameters
    ----------
    ax : Axes
    brackets : sequence of int
        Of each row, those of one bracket next to one another.
    rows : sequence of Row
    left, right : float
        Inches that a band reaches beyond the Axes; its number stands at the left end.
    """
    width = (ax.bbox.x1 - ax.bbox.x0) / ax.figure.dpi
    for bracket, group in groupby(zip(rows, brackets, strict=True), key=lambda pair: pair[1]):
        own = [row for row, _ in group]
        low, high = own[0].y - own[0].room / 2.0, own[-1].y + own[-1].room / 2.0
        if bracket % 2:
            ax.axhspan(
                low, high, -left / width, 1.0 + right / width, color=style.BAND, lw=0.0, zorder=0,
                clip_on=False, gid="band",
            )  # fmt: skip
        ax.annotate(
            f"{bracket}", (0.0, (low + high) / 2.0), (-72.0 * (left - 0.06), 0.0),
            xycoords=("axes fraction", "data"), textcoords="offset points", ha="left", va="center",
            size=style.TEXT + 2.0, weight="bold", color=style.SOFT_INK, annotation_clip=False,
            gid="bracket",
        )  # fmt: skip
