"""The most common courses as a tree: branches as high as they are probable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from sim.analysis.tree import Branch, Tree
from sim.analysis.written import share
from sim.plots import style
from sim.plots.axis import bare
from sim.plots.page import EDGE, WIDTH, Room, draw_words, new_page, wrapped

__all__ = ["alt_tree", "new_figure", "plot_tree"]

ROOM = Room(left=0.0, right=0.0, above=0.1, below=0.1)
#: Inches: of a branch that all histories take, of two lines of text, between the rows, of a bar.
ALL, TEXT, GAP, BAR = 2.6, 0.32, 0.07, 0.07
#: Inches from the bars of one column to those of the next that are left for the ribbons.
RIBBON = 0.5
ROOT = 0.35
_PAD = 0.06
_GREY = "#b9b9b9"


@dataclass(frozen=True)
class _Node:
    """A branch in its place: inches from the left and from the top."""

    branch: Branch
    depth: int
    middle: float
    nodes: tuple[_Node, ...]

    @property
    def height(self) -> float:
        return ALL * self.branch.estimate.mean


def new_figure(summary: Tree) -> Figure:
    """Return a figure with one empty Axes, sized for the branches."""
    return new_page(summary.words, _room_of(summary.root) + 0.3, ROOM)


def plot_tree(summary: Tree, *, ax: Axes | None = None) -> Axes:
    """Draw the first moves of the most common courses, from the left.

    Bars and ribbons are as high as the branch is probable; colours are those of the rungs.

    Parameters
    ----------
    summary : Tree
    ax : Axes, optional
        Where to draw; a figure of its own if absent.
    """
    if ax is None:
        ax = new_figure(summary).axes[0]
    with style.styled():
        root = _placed(summary.root, 0, 0.3)
        ax.set_xlim(0.0, WIDTH - 2.0 * EDGE)
        ax.set_ylim(_room_of(summary.root) + 0.3, 0.0)
        for node in _all(root):
            _draw(ax, summary, node)
        for depth in range(1, summary.depth + 1):
            ordinal = ("First", "Second", "Third", "Fourth", "Fifth")[depth - 1 : depth]
            words = f"{ordinal[0] if ordinal else f'{depth}th'} step"
            ax.text(_left(summary, depth), 0.08, words, weight="bold", size=style.TEXT, va="center")
        ax.set_xticks([])
        ax.set_yticks([])
        bare(ax)
        draw_words(ax, summary.words, ROOM)
    return ax


def _room_of(branch: Branch) -> float:
    """Return the inches that a branch needs, with all that follows it."""
    own = max(ALL * branch.estimate.mean, TEXT) + GAP
    return max(own, sum(_room_of(child) for child in branch.branches))


def _placed(branch: Branch, depth: int, top: float) -> _Node:
    room = _room_of(branch)
    below = sum(_room_of(child) for child in branch.branches)
    edge = top + (room - below) / 2.0
    nodes = []
    for child in branch.branches:
        nodes.append(_placed(child, depth + 1, edge))
        edge += _room_of(child)
    return _Node(branch, depth, top + room / 2.0, tuple(nodes))


def _all(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.nodes:
        yield from _all(child)


def _column(summary: Tree) -> float:
    return (WIDTH - 2.0 * EDGE - ROOT) / summary.depth


def _left(summary: Tree, depth: int) -> float:
    """Return where the bars of a column stand."""
    return 0.0 if depth == 0 else ROOT + RIBBON + (depth - 1) * _column(summary)


def _colour(branch: Branch) -> str:
    if branch.rung >= 0:
        return style.RUNG_COLOURS[branch.rung]
    return style.END_COLOURS.get(branch.kind, _GREY)


def _draw(ax: Axes, summary: Tree, node: _Node) -> None:
    left = _left(summary, node.depth)
    width = BAR if node.depth else ROOT
    colour = _colour(node.branch) if node.depth else style.GUIDE
    top = node.middle - node.height / 2.0
    ax.add_patch(
        Rectangle((left, top), width, node.height, facecolor=colour, lw=0, zorder=3, gid="branch")
    )
    right = _left(summary, node.depth + 1) - RIBBON
    if node.depth:
        _write(ax, node, left + BAR + _PAD, right - left - BAR - 2.0 * _PAD)
    else:
        ax.text(
            ROOT / 2.0, node.middle, "all histories", rotation=90, ha="center", va="center",
            size=style.SMALL, gid="root",
        )  # fmt: skip
    for child in node.nodes:
        goal = _left(summary, child.depth), child.middle - child.height / 2.0
        _ribbon(ax, (right, top), goal, child)
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
    colour = style.faded(_colour(child.branch), 0.35)
    ax.add_patch(
        PathPatch(Path(points, codes), facecolor=colour, edgecolor="white", lw=0.4, zorder=2)
    )


def _write(ax: Axes, node: _Node, x: float, inches: float) -> None:
    """Write what a branch is, and how probable, beside its bar."""
    estimate = node.branch.estimate
    mean, interval = share(estimate.mean, estimate.low, estimate.high)
    named = node.branch.kind == "move"
    lines = wrapped(node.branch.label, inches, style.SMALL, bold=named, most=1)
    look: dict[str, Any] = {"size": style.SMALL, "va": "center", "zorder": 4}
    ax.text(
        x, node.middle - TEXT / 4.0, lines[0], weight="bold" if named else "normal",
        gid="name", **look,
    )  # fmt: skip
    numbers = f"{mean} ({interval})"
    ax.text(x, node.middle + TEXT / 4.0, numbers, color=style.SOFT_INK, gid="share", **look)


def alt_tree(summary: Tree) -> str:
    """Say in a sentence what the picture shows."""
    parts = [_told(branch) for branch in summary.root.branches]
    return f"Tree of the first {summary.depth} telling moves. First step: {'; '.join(parts)}."


def _told(branch: Branch) -> str:
    mean, _ = share(branch.estimate.mean, branch.estimate.low, branch.estimate.high)
    if not branch.branches:
        return f"{branch.label} {mean}"
    after = max(branch.branches, key=lambda child: child.estimate.mean)
    then, _ = share(after.estimate.mean, after.estimate.low, after.estimate.high)
    return f"{branch.label} {mean} (then most often {after.label}, {then} of all)"
