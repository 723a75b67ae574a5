"""The most common courses of an ensemble: a tree of its first telling moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.courses import Courses
from sim.analysis.intervals import Estimate, share
from sim.analysis.written import share as written
from sim.engines import measures
from sim.kernel import layout as at

__all__ = ["Branch", "Tree", "summarise_tree"]

LEAST_RUNG = 4
DEPTH = 3
#: Branches of a node that are told by name, from the first move on.
WIDTHS = (4, 2, 2)
#: What fewer histories do next is told together, and in so few open war is named there.
LEAST_SHARE, LEAST_WAR = 0.02, 0.005
#: What follows a step that fewer histories take is not told.
LEAST_FOLLOWED = 0.1
#: Courses that fit on a page.
MOST_LEAVES = 18
#: Kinds of branch.
MOVE, OTHERS = "move", "others"

#: What a history does next: (actor, move), or how it ended.
Key = tuple[int, int]
#: How branches call the ends.
ENDINGS = ("settled", "no step", "open war")
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
        The most common first, then ends, and the rest together last.
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
        Steps in a row that are drawn.
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
    makes it for the first time: talk and repetition would hide the course. Targets are left out,
    and the move to open war is the end that it brings. Every share is one of all histories, with
    Wilson's interval.

    Parameters
    ----------
    courses : Courses
    least_rung : int, 0..10
        Lowest rung that tells.
    depth : int, >= 1
        Moves in a row, at most: a last one is left out that could name no move, or would make the
        tree too tall to be seen at once.
    widths : sequence of int
        Branches told by name, by the number of moves before them.
    """
    told = _told(courses, least_rung, depth)
    counted = _Counted(courses, widths, len(told))
    while True:
        root = counted.branch("all histories", MOVE, -1, told, 0, depth)
        telling = any(branch.kind == MOVE for branch in _at(root, depth))
        if depth == 1 or (telling and root.leaves <= MOST_LEAVES):
            return Tree(_words(courses, root, least_rung), root, depth)
        depth -= 1


def _at(branch: Branch, depth: int) -> list[Branch]:
    """Return the branches some steps after a branch."""
    if depth == 0:
        return [branch]
    return list(chain.from_iterable(_at(child, depth - 1) for child in branch.branches))


def _told(courses: Courses, least_rung: int, depth: int) -> list[list[Key]]:
    """Return the first telling moves of each replicate, and its end where there are fewer."""
    moves = courses.moves
    told: list[list[Key]] = [[] for _ in range(len(courses))]
    war = np.array([move.war for move in courses.scenario.crisis.moves])
    fits = (moves.day >= courses.first) & (moves.rung >= least_rung) & ~war[moves.move]
    fits = np.flatnonzero(fits)
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
        self.ends = {
            at.WAR: ENDINGS[2],
            at.SETTLEMENT: ENDINGS[0],
            at.HORIZON: f"{ENDINGS[1]} by day {courses.scenario.horizon_days:g}",
        }

    def branch(
        self, label: str, kind: str, rung: int, told: list[list[Key]], at_depth: int, depth: int
    ) -> Branch:
        """Make the branch of all the courses `told`, which are alike up to `at_depth`."""
        estimate = share(len(told), self.n)
        if at_depth == depth or kind != MOVE or estimate.mean < LEAST_FOLLOWED:
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
        war = (-1, at.WAR)
        ends = [key for key in common if key[0] < 0 and key != war]
        if sizes[war] >= LEAST_WAR * self.n:
            ends.append(war)
        found = []
        for actor, move in named:
            label = f"{self.shorts[actor]}: {self.labels[move]}"
            courses = groups[actor, move]
            found.append(self.branch(label, MOVE, self.rungs[move], courses, at_depth + 1, depth))
        for key in ends:
            found.append(Branch(self.ends[key[1]], ENDS[key[1]], -1, share(sizes[key], self.n)))
        rest = [key for key in order if key not in named and key not in ends]
        # What comes next is not worth a branch where nothing of it has a name, but at the root.
        if rest and (found or at_depth == 0):
            count = sum(sizes[key] for key in rest)
            found.append(Branch(self._together(rest), OTHERS, -1, share(count, self.n)))
        return found

    def _together(self, rest: list[Key]) -> str:
        """Say what is told together: how many other steps, and which ends."""
        moves = [key for key in rest if key[0] >= 0]
        parts = [f"{len(moves)} other steps"] if len(moves) > 1 else []
        if len(moves) == 1:
            parts = [f"{self.shorts[moves[0][0]]}: {self.labels[moves[0][1]]}"]
        for end in (at.SETTLEMENT, at.HORIZON, at.WAR):
            if (-1, end) in rest:
                parts.append(self.ends[end])
        *first, last = parts
        return f"{', '.join(first)} or {last}" if first else last


def _words(courses: Courses, root: Branch, least_rung: int) -> Words:
    scenario = courses.scenario
    high = [move for move in scenario.crisis.moves if move.rung >= least_rung and not move.war]
    least = min((move.rung for move in high), default=least_rung)
    labels = " or ".join(move.label for move in high if move.rung == least)
    above = f"rung {least} ({labels})" if labels else f"rung {least}"
    title = _title(root, above)
    subtitle = (
        f"A step is a move of {above} or higher that its actor has not made before; read from the "
        "left. Bands are as high as the share of all histories that go that way."
    )
    war = share(int(np.sum(courses.end == at.WAR)), len(courses))
    mean, interval = written(war.mean, war.low, war.high)
    caption = captions.source(
        scenario,
        len(courses),
        courses.seed,
        captions.forked(courses.first),
        f"In brackets: 95% intervals. {_explained(root)}"
        f"Steps of fewer than {100 * LEAST_FOLLOWED:.0f}% are not followed. Open "
        f"war in all, after more steps too: {mean} ({interval}).",
    )
    return Words(title, subtitle, caption)


def _title(root: Branch, above: str) -> str:
    """Say what comes first most often; only where no other interval reaches it."""
    first = max(root.branches, key=lambda branch: branch.estimate.mean)
    chance = f"{_chance(first)} of histories"
    if first.kind == OTHERS:
        return f"No first step from {above} up is common: {first.label}, {chance}"
    kinds = (MOVE,) if first.kind == MOVE else (MOVE, *ENDS.values())
    rival = next(
        (
            branch
            for branch in sorted(root.branches, key=lambda branch: -branch.estimate.high)
            if branch is not first and branch.kind in kinds
        ),
        None,
    )
    if rival is not None and rival.estimate.high >= first.estimate.low:
        both = (f"“{branch.label}”, {_chance(branch)}" for branch in (first, rival))
        start = f"Which first step from {above} up is the most common is not settled"
        return f"{start}: {', or '.join(both)}"
    if first.kind == MOVE:
        return f"From {above} up, the most common first step is “{first.label}”: {chance}"
    return f"Most often there is no step from {above} up: {first.label}, {chance}"


def _chance(branch: Branch) -> str:
    found = branch.estimate
    mean, interval = written(found.mean, found.low, found.high)
    return f"{mean} ({interval})"


def _explained(root: Branch) -> str:
    """Explain the ends and the rest, those that are drawn."""
    drawn = [branch for branch in _below(root) if branch.kind != MOVE]
    ends = [end for end in ENDINGS if any(end in branch.label for branch in drawn)]
    quoted = ", ".join(f"“{end}”" for end in ends)
    told = f"{quoted[:1]}{quoted[1:2].upper()}{quoted[2:]}: without a further step. "
    rest = (
        f"Told together: what comes next in fewer than {100 * LEAST_SHARE:.0f}% of histories, or "
        "ranks too low to be drawn. "
    )
    together = any(branch.kind == OTHERS for branch in drawn)
    return (told if ends else "") + (rest if together else "")


def _below(branch: Branch) -> list[Branch]:
    """Return a branch and all that follow it."""
    return [branch, *chain.from_iterable(_below(child) for child in branch.branches)]
