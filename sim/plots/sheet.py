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
    """

    words: Words
    labels: Sequence[tuple[str, str]]
    headings: Sequence[tuple[str, str]]
    left: float

    @cached_property
    def rows(self) -> list[Row]:
        """The rows, laid out in inches downwards."""
        return laid(self.labels, self.left - CLEAR)

    @cached_property
    def room(self) -> Room:
        """What is kept free around the panels."""
        many = len(self.headings)
        wide = (WIDTH - 2.0 * EDGE - self.left - RIGHT - GAP * (many - 1)) / many
        return Room(self.left, RIGHT, 0.1 + headroom(self.headings, wide), BELOW)

    def new_figure(self) -> Figure:
        """Return a figure with one empty Axes, sized for the rows."""
        return new_page(self.words, bottom(self.rows), self.room)

    def lay(self, ax: Axes, soft: Sequence[bool]) -> list[Axes]:
        """Write all words, and return the panels to draw in.

        Parameters
        ----------
        ax : Axes
        soft : sequence of bool
            Of each row, whether its words stand back.
        """
        ax.set_ylim(bottom(self.rows), 0.0)
        drawn = panels(ax, [1.0] * len(self.headings))
        heads(drawn, self.headings)
        for row, faint in zip(self.rows, soft, strict=True):
            name_row(ax, row, self.left, soft=faint)
        draw_words(ax, self.words, self.room)
        return drawn
