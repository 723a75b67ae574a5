"""The most common courses as a tree: bands that part, each as high as it is probable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from sim.analysis.tree import MOVE, Branch, Tree
from sim.analysis.written import share
from sim.plots import style
from sim.plots.axis import bare
from sim.plots.page import EDGE, WIDTH, Room, demand, draw_words, new_page, wrapped

__all__ = ["alt_tree", "new_figure", "plot_tree"]

ROOM = Room(left=0.0, right=0.0, above=0.1, below=0.1)
#: Inches: of a branch that all histories take, of a line of text, between the rows, of a bar.
ALL, LINE, GAP, BAR = 3.2, 0.16, 0.08, 0.07
#: Inches from the blocks of one column to the bars of the next that are left for the ribbons.
RIBBON = 0.6
ROOT = 0.35
#: Inches: above the branches, between a bar and its words, and the least width of a column.
HEAD, PAD, LEAST = 0.3, 0.06, 2.2
#: How far all may be pressed together in an Axes that is given.
PRESSED = 0.9
#: How far the blocks, which hold words, and the ribbons fade into the paper.
_BLOCK, _RIBBON = 0.78, 0.5
_GREY = "#b9b9b9"


@dataclass(frozen=True)
class _Node:
    """A branch in its place: inches from the top, and what is written of it."""

    branch: Branch
    depth: int
    middle: float
    lines: list[str]
    nodes: tuple[_Node, ...]

    @property
    def height(self) -> float:
        return ALL * self.branch.estimate.mean

    @property
    def top(self) -> float:
        return self.middle - self.height / 2.0


class _Layout:
    """Where the columns stand on a page of some inches, and what each branch takes there."""

    def __init__(self, summary: Tree, wide: float) -> None:
        self.wide = wide
        self.column = (wide - ROOT) / summary.depth
        self.root = self._placed(summary.root, 0, HEAD)
        self.height = HEAD + self._room_of(summary.root, 0)

    def left(self, depth: int) -> float:
        """Return where the bars of a column stand."""
        return 0.0 if depth == 0 else ROOT + RIBBON + (depth - 1) * self.column

    def right(self, depth: int) -> float:
        """Return where the blocks of a column end."""
        return ROOT if depth == 0 else self.left(depth) + self.column - RIBBON

    def _lines(self, branch: Branch, depth: int) -> list[str]:
        """Return the words of a branch: its name, then its share."""
        if depth == 0:
            return []
        inches = self.right(depth) - self.left(depth) - BAR - 2.0 * PAD
        found = branch.estimate
        mean, interval = share(found.mean, found.low, found.high)
        bold = branch.kind == MOVE
        name = wrapped(branch.label, inches, style.SMALL, bold=bold, most=2)
        return [*name, *wrapped(f"{mean} ({interval})", inches, style.SMALL, most=1)]

    def _room_of(self, branch: Branch, depth: int) -> float:
        """Return the inches that a branch needs, with all that follows it."""
        words = LINE * len(self._lines(branch, depth))
        own = max(ALL * branch.estimate.mean, words) + GAP
        return max(own, sum(self._room_of(child, depth + 1) for child in branch.branches))

    def _placed(self, branch: Branch, depth: int, top: float) -> _Node:
        room = self._room_of(branch, depth)
        rooms = [self._room_of(child, depth + 1) for child in branch.branches]
        edge = top + (room - sum(rooms)) / 2.0
        nodes = []
        for child, own in zip(branch.branches, rooms, strict=True):
            nodes.append(self._placed(child, depth + 1, edge))
            edge += own
        lines = self._lines(branch, depth)
        return _Node(branch, depth, top + room / 2.0, lines, tuple(nodes))


def new_figure(summary: Tree) -> Figure:
    """Return a figure with one empty Axes, sized for the branches."""
    return new_page(summary.words, _Layout(summary, WIDTH - 2.0 * EDGE).height, ROOM)


def plot_tree(summary: Tree, *, ax: Axes | None = None) -> Axes:
    """Draw the first moves of the most common courses, from the left.

    Bars, blocks and ribbons are as high as the branch is probable; colours are those of the rungs.

    Parameters
    ----------
    summary : Tree
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    given = ax is not None
    ax = ax or new_figure(summary).axes[0]
    laid = _Layout(summary, ax.bbox.width / ax.figure.dpi)
    if given:
        demand(ax, ROOT + summary.depth * LEAST, PRESSED * laid.height)
    with style.styled():
        ax.set_xlim(0.0, laid.wide)
        ax.set_ylim(laid.height, 0.0)
        for node in _all(laid.root):
            _draw(ax, laid, node)
        for depth in range(1, summary.depth + 1):
            ordinal = ("First", "Second", "Third", "Fourth", "Fifth")[depth - 1 : depth]
            words = f"{ordinal[0] if ordinal else f'{depth}th'} step"
            ax.text(laid.left(depth), 0.08, words, weight="bold", size=style.TEXT, va="center")
        ax.set_xticks([])
        ax.set_yticks([])
        bare(ax)
        draw_words(ax, summary.words, ROOM)
    return ax


def _all(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.nodes:
        yield from _all(child)


def _colour(branch: Branch) -> str:
    if branch.rung >= 0:
        return style.RUNG_COLOURS[branch.rung]
    return style.END_COLOURS.get(branch.kind, _GREY)


def _draw(ax: Axes, laid: _Layout, node: _Node) -> None:
    """Draw a branch: a bar, a block that holds its words, and ribbons to what follows it."""
    left, right = laid.left(node.depth), laid.right(node.depth)
    colour = _colour(node.branch) if node.depth else style.GUIDE
    width = BAR if node.depth else ROOT
    look: dict[str, Any] = {"lw": 0, "facecolor": colour, "zorder": 3, "gid": "branch"}
    ax.add_patch(Rectangle((left, node.top), width, node.height, **look))
    if node.depth and node.nodes:
        look = {"lw": 0, "facecolor": style.faded(colour, _BLOCK), "zorder": 1, "gid": "block"}
        ax.add_patch(Rectangle((left, node.top), right - left, node.height, **look))
    if node.depth:
        _write(ax, node, left + BAR + PAD)
    else:
        ax.text(
            ROOT / 2.0, node.middle, "all histories", rotation=90, ha="center", va="center",
            size=style.SMALL, gid="root",
        )  # fmt: skip
    top = node.top
    for child in node.nodes:
        _ribbon(ax, (right, top), (laid.left(child.depth), child.top), child)
        top += child.height


def _ribbon(ax: Axes, start: tuple[float, float], goal: tuple[float, float], child: _Node) -> None:
    (x0, y0), (x1, y1), height = start, goal, child.height
    middle = (x0 + x1) / 2.0
    points = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1),
        (x1, y1 + height), (middle, y1 + height), (middle, y0 + height), (x0, y0 + height),
        (x0, y0),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    colour = style.faded(_colour(child.branch), _RIBBON)
    look: dict[str, Any] = {"edgecolor": "white", "lw": 0.4, "zorder": 2, "gid": "ribbon"}
    ax.add_patch(PathPatch(Path(points, codes), facecolor=colour, **look))


def _write(ax: Axes, node: _Node, x: float) -> None:
    """Write what a branch is, and how probable, beside its bar."""
    first = node.middle - LINE * (len(node.lines) - 1) / 2.0
    weight = "bold" if node.branch.kind == MOVE else "normal"
    *name, numbers = node.lines
    look: dict[str, Any] = {"size": style.SMALL, "va": "center", "zorder": 4}
    for number, line in enumerate(name):
        ax.text(x, first + LINE * number, line, weight=weight, gid="name", **look)
    last = first + LINE * len(name)
    ax.text(x, last, numbers, color=style.SOFT_INK, gid="share", **look)


def alt_tree(summary: Tree) -> str:
    """Say in a sentence what the picture shows."""
    parts = [_told(branch) for branch in summary.root.branches]
    steps = "step" if summary.depth == 1 else f"{summary.depth} steps"
    return (
        f"Tree of the first {steps}, with 95% intervals of the shares of all histories. First "
        f"step: {'; '.join(parts)}."
    )


def _numbers(branch: Branch) -> str:
    mean, interval = share(branch.estimate.mean, branch.estimate.low, branch.estimate.high)
    return f"{mean} ({interval})"


def _told(branch: Branch) -> str:
    if not branch.branches:
        return f"{branch.label} {_numbers(branch)}"
    after = max(branch.branches, key=lambda child: child.estimate.mean)
    then = f"{after.label}, {_numbers(after)} of all"
    return f"{branch.label} {_numbers(branch)}, then most often {then}"
