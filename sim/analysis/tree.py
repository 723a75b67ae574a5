"""The most common courses of an ensemble: a tree of its first telling moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.courses import Courses
from sim.analysis.intervals import Estimate, share
from sim.engines import measures
from sim.kernel import layout as at

__all__ = ["Branch", "Tree", "summarise_tree"]

LEAST_RUNG = 4
DEPTH = 3
#: Branches of a node that are told by name, from the first move on.
WIDTHS = (4, 2, 2)
#: What fewer histories do next is told as something else.
LEAST_SHARE = 0.02
#: Kinds of branch.
MOVE, OTHERS = "move", "others"

#: What a history does next: (actor, move), or how it ended.
Key = tuple[int, int]
_ENDS = {at.WAR: "open war", at.SETTLEMENT: "settled", at.HORIZON: "goes on to the horizon"}
ENDS = {number: name for name, number in measures.ENDS.items()}


@dataclass(frozen=True)
class Branch:
    """One thing that can come next, and what can follow it.

    Attributes
    ----------
    label : str
    kind : str
        move, others, open_war, settlement or horizon.
    rung : int
        Of a move; -1 otherwise.
    estimate : Estimate
        Share of all histories that take this course up to here.
    branches : tuple of Branch
        The most common first, others and ends last.
    """

    label: str
    kind: str
    rung: int
    estimate: Estimate
    branches: tuple[Branch, ...] = field(default=())

    @property
    def leaves(self) -> int:
        """How many courses end in it."""
        return sum(branch.leaves for branch in self.branches) or 1


@dataclass(frozen=True)
class Tree:
    """All that the picture of the most common courses draws.

    Attributes
    ----------
    words : Words
    root : Branch
        All histories.
    depth : int
    """

    words: Words
    root: Branch
    depth: int


def summarise_tree(
    courses: Courses,
    least_rung: int = LEAST_RUNG,
    depth: int = DEPTH,
    widths: Sequence[int] = WIDTHS,
) -> Tree:
    """Count the courses by their first telling moves.

    A move tells where it comes after the start, at a rung that is high enough, and where its actor
    makes it for the first time: talk and repetition would hide the course. Targets are left out.
    Every share is one of all histories, with Wilson's interval.

    Parameters
    ----------
    courses : Courses
    least_rung : int, 0..10
        Lowest rung that tells.
    depth : int, >= 1
        Moves in a row.
    widths : sequence of int
        Branches told by name, by the number of moves before them.
    """
    told = _told(courses, least_rung, depth)
    counted = _Counted(courses, widths, len(told))
    root = counted.branch("all histories", MOVE, -1, told, 0, depth)
    return Tree(_words(courses, root, least_rung), root, depth)


def _told(courses: Courses, least_rung: int, depth: int) -> list[list[Key]]:
    """Return the first telling moves of each replicate, and its end where there are fewer."""
    moves = courses.moves
    told: list[list[Key]] = [[] for _ in range(len(courses))]
    fits = np.flatnonzero((moves.day >= courses.first) & (moves.rung >= least_rung))
    for replicate, actor, move in zip(
        moves.replicate[fits].tolist(),
        moves.actor[fits].tolist(),
        moves.move[fits].tolist(),
        strict=True,
    ):
        so_far = told[replicate]
        if len(so_far) < depth and (actor, move) not in so_far:
            so_far.append((actor, move))
    for replicate, end in enumerate(courses.end.tolist()):
        if len(told[replicate]) < depth:
            told[replicate].append((-1, end))
    return told


class _Counted:
    """Counts the courses that begin alike."""

    def __init__(self, courses: Courses, widths: Sequence[int], n: int) -> None:
        self.courses = courses
        self.widths = widths
        self.n = n
        self.labels, self.shorts = courses.labels, courses.shorts
        self.rungs = [move.rung for move in courses.scenario.crisis.moves]

    def branch(
        self, label: str, kind: str, rung: int, told: list[list[Key]], at_depth: int, depth: int
    ) -> Branch:
        """Make the branch of all the courses `told`, which are alike up to `at_depth`."""
        estimate = share(len(told), self.n)
        if at_depth == depth or kind != MOVE:
            return Branch(label, kind, rung, estimate)
        groups: dict[Key, list[list[Key]]] = defaultdict(list)
        for course in told:
            groups[course[at_depth]].append(course)
        return Branch(label, kind, rung, estimate, tuple(self._below(groups, at_depth, depth)))

    def _below(self, groups: dict[Key, list[list[Key]]], at_depth: int, depth: int) -> list[Branch]:
        sizes = Counter({key: len(courses) for key, courses in groups.items()})
        width = self.widths[min(at_depth, len(self.widths) - 1)]
        order = sorted(groups, key=lambda key: (-sizes[key], key))
        common = [key for key in order if sizes[key] >= LEAST_SHARE * self.n]
        named = [key for key in common if key[0] >= 0][:width]
        ends = [key for key in common if key[0] < 0]
        found = []
        for actor, move in named:
            label = f"{self.shorts[actor]}: {self.labels[move]}"
            courses = groups[actor, move]
            found.append(self.branch(label, MOVE, self.rungs[move], courses, at_depth + 1, depth))
        for key in ends:
            found.append(Branch(_ENDS[key[1]], ENDS[key[1]], -1, share(sizes[key], self.n)))
        rest = sum(sizes.values()) - sum(sizes[key] for key in (*named, *ends))
        # What comes next is not worth a branch where nothing of it has a name.
        if rest and found:
            found.append(Branch("something else", OTHERS, -1, share(rest, self.n)))
        return found


def _words(courses: Courses, root: Branch, least_rung: int) -> Words:
    scenario = courses.scenario
    grave = next(move.label for move in scenario.crisis.moves if move.rung >= least_rung)
    first = max(root.branches, key=lambda branch: branch.estimate.mean)
    chance = f"{100 * first.estimate.mean:.0f}%"
    if first.kind == MOVE:
        title = f"The most common first step is “{first.label}”: it opens {chance} of histories"
    else:
        title = f"The most common course has no such step: {first.label}, {chance} of histories"
    subtitle = (
        f"The first moves from rung {least_rung} ({grave}) up, read from the left; a move that its "
        "actor makes again is not told again. The height of a branch is the share of all histories "
        "that take it."
    )
    caption = captions.source(
        scenario,
        len(courses),
        courses.seed,
        captions.forked(courses.first),
        "In brackets: 95% intervals. “Settled”: with no further such move. “Something else”: what "
        f"comes next in fewer than {100 * LEAST_SHARE:.0f}% of histories, or is less common.",
    )
    return Words(title, subtitle, caption)
