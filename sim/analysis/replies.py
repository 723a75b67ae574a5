"""Two steps deep: the best reply to each answer, and what an option is worth if it is given.

The best of many replies by noisy numbers looks better than it is.  So the reply to an answer is
chosen by one half of the outer replicates and valued by the other, both ways round; what is
reported as the reply is chosen by all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.analysis import intervals, rare
from sim.analysis.advice import expected
from sim.analysis.intervals import Estimate
from sim.analysis.ranking import rank
from sim.engines.nested import NONE, Step

NO_ANSWER = "no visible move"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the adversary and the best reply to it.

    Attributes
    ----------
    answer : str
    probability : Estimate
    reply : str
        The first in order; the best only where there is none alike.
    alike : tuple of str
        Replies that cannot be told from it, itself not among them.
    """

    answer: str
    probability: Estimate
    reply: str
    alike: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "answer": self.answer,
            "probability": self.probability.to_dict(),
            "reply": self.reply,
            "alike": list(self.alike),
        }


@dataclass(frozen=True, slots=True)
class Deep:
    """An option, two steps deep.

    Attributes
    ----------
    rank, bracket : int
        Place in the order two steps deep, and bracket, from 1.
    own : bool
        Whether it is a move in the first bracket of the moves alone.
    estimates : dict of str to Estimate
        By criterion, with the best reply given to each of the likeliest answers.
    replies : tuple of Reply
        To the likeliest answers, the likeliest first.
    """

    rank: int
    bracket: int
    own: bool
    estimates: dict[str, Estimate]
    replies: tuple[Reply, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {
            "rank": self.rank,
            "bracket": self.bracket,
            "own": self.own,
            "estimates": {name: found.to_dict() for name, found in self.estimates.items()},
            "replies": [reply.to_dict() for reply in self.replies],
        }


def reply(
    steps: Sequence[Step],
    names: Sequence[str],
    options: Sequence[str],
    answers: Sequence[Sequence[str]],
    moves: int | None = None,
) -> list[Deep]:
    """Find the best replies, and rank the options given them.

    Parameters
    ----------
    steps : sequence of Step
        One an option, on common luck.
    names : sequence of str
        The criteria.
    options : sequence of str
        The actor's own, which reply.
    answers : sequence of sequences of str
        For each step, the options of its adversary.
    moves : int, optional
        So many of the first steps are the actor's moves; all of them if not given.
    """
    found = [_valued(step, options, theirs) for step, theirs in zip(steps, answers, strict=True)]
    values = [np.array([valued[0][c] for valued in found]) for c in range(len(names))]
    ranking = rank(values)
    own = ranking.first(range(len(steps) if moves is None else moves))
    return [
        Deep(
            ranking.order.index(k) + 1,
            ranking.bracket[k],
            k in own,
            {name: _estimate(name, values[c][k]) for c, name in enumerate(names)},
            replies,
        )
        for k, (_, replies) in enumerate(found)
    ]


def _estimate(name: str, values: np.ndarray) -> Estimate:
    """Estimate a criterion over the outer replicates."""
    found = rare.probability(values) if name == "open_war" else expected(values)
    return replace(found, method="nested")


def _valued(
    step: Step, options: Sequence[str], theirs: Sequence[str]
) -> tuple[list[np.ndarray], tuple[Reply, ...]]:
    """Value one option: each criterion by outer replicate, and the replies."""
    values = [own.copy() for own in step.as_model]
    replies = []
    for answer in step.likeliest:
        rows = np.flatnonzero(step.answers == answer)
        halves = rows[::2], rows[1::2]
        for own, other in (halves, halves[::-1]):
            chosen = rank([c[other].T for c in step.replies]).order[0]
            for value, by_reply in zip(values, step.replies, strict=True):
                value[own] = by_reply[own, chosen]
        ranking = rank([c[rows].T for c in step.replies])
        best = ranking.order[0]
        alike = (o for o in ranking.order[1:] if ranking.bracket[o] == 1)
        replies.append(
            Reply(
                NO_ANSWER if answer == NONE else theirs[answer],
                intervals.share(len(rows), len(step.answers)),
                options[best],
                tuple(options[o] for o in alike),
            )
        )
    return values, tuple(replies)
