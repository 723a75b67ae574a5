"""A sheet: rows of words beside panels that share them, each panel under a heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.captions import Words
from sim.plots.page import EDGE, WIDTH, Room, draw_words, new_page
from sim.plots.rows import GAP, Row, bottom, headroom, heads, laid, name_row, panels

__all__ = ["Sheet"]

RIGHT, BELOW, CLEAR = 0.15, 0.3, 0.15  # inches: beside and below the panels, and of the words


@dataclass(frozen=True)
class Sheet:
    """What a picture of rows and panels is laid out by.

    Attributes
    ----------
    words : Words
    labels : sequence of (str, str)
        Of each row: its label, and what stands under it.
    headings : sequence of (str, str)
        Of each panel: what it shows, and what that means.
    left : float
        Inches that the words of the rows take.
    parts : sequence of float, optional
        Widths of the panels, in proportion; alike if there are none.
    indent : float
        Inches of `left` that stay free before the words of the rows.
    least : float
        Inches that a row takes at least.
    right, below, clear : float
        Inches beside and below the panels, and between the words and them.
    """

    words: Words
    labels: Sequence[tuple[str, str]]
    headings: Sequence[tuple[str, str]]
    left: float
    parts: Sequence[float] = ()
    indent: float = 0.0
    least: float = 0.0
    right: float = RIGHT
    below: float = BELOW
    clear: float = CLEAR

    @cached_property
    def rows(self) -> list[Row]:
        """The rows, laid out in inches downwards."""
        return laid(self.labels, self.left - self.indent - self.clear, least=self.least)

    @cached_property
    def widths(self) -> Sequence[float]:
        """Of the panels, in proportion."""
        return self.parts or [1.0] * len(self.headings)

    @cached_property
    def room(self) -> Room:
        """What is kept free around the panels."""
        free = WIDTH - 2.0 * EDGE - self.left - self.right - GAP * (len(self.widths) - 1)
        narrowest = free * min(self.widths) / sum(self.widths)
        above = 0.1 + headroom(self.headings, narrowest)
        return Room(self.left, self.right, above, self.below)

    def new_figure(self) -> Figure:
        """Return a figure with one empty Axes, sized for the rows."""
        return new_page(self.words, bottom(self.rows), self.room)

    def lay(self, ax: Axes, soft: Sequence[bool] = ()) -> list[Axes]:
        """Write all words, and return the panels to draw in.

        Parameters
        ----------
        ax : Axes
        soft : sequence of bool
            Of each row, whether its words stand back; of none if not given.
        """
        ax.set_ylim(bottom(self.rows), 0.0)
        drawn = panels(ax, self.widths)
        heads(drawn, self.headings)
        for row, faint in zip(self.rows, soft or [False] * len(self.rows), strict=True):
            name_row(ax, row, self.left - self.indent, soft=faint)
        draw_words(ax, self.words, self.room)
        return drawn
