"""Two steps: an option, the adversary's answer, and from each answer every reply.

The outer replicates go on from the option, all actors as the model has them, to the adversary's
first visible move within a window, the answer.  The state then is the origin of inner replicates
for each reply, taken at once.  After answers that are too seldom, the model's actor goes on.

The budget counts every future, outer and inner.  How many of each is settled before the first is
played as far as it can be: as if every answer were to be followed by every reply.  What the others
leave over goes to more inner ones, as far as memory has room for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.engines.assembly import Assembly
from sim.engines.ensemble import Outcomes, compile_kernel, cores, fill, play_block
from sim.engines.log import Forced
from sim.engines.pool import spread
from sim.engines.replay import impose
from sim.errors import InputError
from sim.kernel import ensemble as kernel
from sim.kernel import layout as at

__all__ = [
    "NONE",
    "OVER",
    "Answered",
    "Option",
    "Step",
    "answered",
    "joined",
    "outer_of",
    "play_steps",
]

NONE, OVER = -1, -2  # no answer within the window; the crisis ended before one
WINDOW = 7.0
ANSWERS = 3
FEWEST = 8  # outer replicates with an answer, for its replies to be played
INNER = 10  # inner replicates of each reply and outer replicate, where the budget allows
LEAST_INNER = 2
MOST_INNER = 1_000_000  # of one path, for they are held in memory together
LEAST, MOST = 20, 500  # outer replicates

Measure = Callable[[Outcomes], list[np.ndarray]]


@dataclass(frozen=True)
class Option:
    """An option of the actor that is advised.

    Attributes
    ----------
    assembly : Assembly
    origin : STATE record
        With the option forced at once.
    adversary : str
        Who answers; empty where nobody does.
    measure : callable
        Returns the criteria of futures, shape (replicates,) each.
    """

    assembly: Assembly
    origin: np.record
    adversary: str
    measure: Measure


@dataclass(frozen=True)
class Answered:
    """An outer replicate at the adversary's answer.

    Attributes
    ----------
    state : STATE record
    answer : int
        Option of the adversary, NONE or OVER.
    before : Outcomes
        One row: what was counted up to there.
    """

    state: np.record
    answer: int
    before: Outcomes


@dataclass(frozen=True)
class Step:
    """What follows an option.

    Attributes
    ----------
    answers : int array, shape (outer,)
        Option of the adversary, NONE or OVER.
    likeliest : tuple of int
        The answers after which every reply was played, the likeliest first.
    replies : list of float64 arrays, shape (outer, replies)
        By criterion, mean over the inner replicates; nan after other answers.
    as_model : list of float64 arrays, shape (outer,)
        By criterion, where the crisis was over or the model's actor goes on; nan elsewhere.
    futures : int
        Outer and inner replicates played.
    """

    answers: np.ndarray
    likeliest: tuple[int, ...]
    replies: list[np.ndarray]
    as_model: list[np.ndarray]
    futures: int


def outer_of(budget: int, options: int, replies: int) -> int:
    """Return how many outer replicates of each option a budget of futures allows.

    Raises
    ------
    InputError
        Where it does not allow the fewest that say anything, each with two inner ones a reply.
    """
    least = options * LEAST * (1 + LEAST_INNER * replies)
    if budget < least:
        problem = f"{budget:,} futures are too few for {options} options and {replies} replies"
        raise InputError(problem, key="budget", allowed=f"{least:,} or more")
    return max(LEAST, min(MOST, budget // (options * (1 + INNER * replies))))


def play_steps(
    options: Sequence[Option],
    actor: str,
    *,
    budget: int,
    seed: int,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Step]:
    """Play each option on to the adversary's answers, and every reply to the likeliest ones.

    Parameters
    ----------
    options : sequence of Option
        Of the same scenario, maybe with other injects.
    actor : str
        Who replies.
    budget : int
        The most futures, outer and inner, of all options together.
    seed : int
        Outer replicate j is replicate j of the seed; its inner ones are ``j * inner`` and those
        after it, one branch on: all options and all replies share their luck.
    progress : callable, optional
        Called with the number of futures just finished; they are the whole budget in the end.

    Raises
    ------
    InputError
        Where the budget is too small.
    """
    own = options[0].assembly.options[options[0].assembly.actors.index(actor)]
    outer = outer_of(budget, len(options), len(own))
    threads = threads or cores()
    compile_kernel(options[0].assembly)
    tell = progress or (lambda _: None)
    answers = []
    for option in options:
        answers.append(_answers(option, outer, seed, threads))
        tell(outer)
    likeliest = [_likeliest(found) for found in answers]
    paths = [
        int(np.isin(found, often).sum()) * len(own) + int((~np.isin(found, (*often, OVER))).sum())
        for found, often in zip(answers, likeliest, strict=True)
    ]
    left = budget - outer * len(options)
    inner = min(left // max(sum(paths), 1), MOST_INNER)
    steps = []
    for option, found, often, ways in zip(options, answers, likeliest, paths, strict=True):
        replies = [Forced(0.0, actor, str(reply), True) for reply in own]
        played = _play(option, found, often, replies, inner, seed, threads, tell)
        steps.append(_gather(found, often, played, len(own), outer + inner * ways))
    tell(left - inner * sum(paths))
    return steps


def _answers(option: Option, outer: int, seed: int, threads: int) -> np.ndarray:
    found: list[int] = []

    def answer(j: int) -> int:
        return answered(option, seed, j).answer

    spread(answer, range(outer), threads, found.append)
    return np.array(found)


def _likeliest(answers: np.ndarray) -> tuple[int, ...]:
    """Return the answers that are likely enough for every reply to be played."""
    counted = Counter(int(a) for a in answers if a != OVER)
    return tuple(a for a, count in counted.most_common(ANSWERS) if count >= FEWEST)


def _play(
    option: Option,
    answers: np.ndarray,
    likeliest: tuple[int, ...],
    replies: list[Forced],
    inner: int,
    seed: int,
    threads: int,
    tell: Callable[[int], None],
) -> list[list[list[float]]]:
    """Return of each outer replicate and criterion the mean of every reply, or of going on."""

    def play(j: int) -> list[list[float]]:
        # Played again rather than kept: states are large.
        found = answered(option, seed, j)
        if found.answer == OVER:
            return [[float(c[0])] for c in option.measure(found.before)]
        states = [found.state]
        if found.answer in likeliest:
            states = []
            for reply in replies:
                state = at.copied(found.state)
                impose(option.assembly, state, reply)
                states.append(state)
        means = []
        for state in states:
            out = play_block(option.assembly, inner, seed, j * inner, state)
            means.append([float(c.mean()) for c in option.measure(joined(found.before, out))])
        return [list(values) for values in zip(*means, strict=True)]

    played: list[list[list[float]]] = []

    def take(means: list[list[float]]) -> None:
        over = answers[len(played)] == OVER
        played.append(means)
        tell(0 if over else inner * len(means[0]))

    spread(play, range(len(answers)), threads, take)
    return played


def _gather(
    answers: np.ndarray,
    likeliest: tuple[int, ...],
    played: list[list[list[float]]],
    replies: int,
    futures: int,
) -> Step:
    outer, criteria = len(played), len(played[0])
    by_reply = [np.full((outer, replies), np.nan) for _ in range(criteria)]
    as_model = [np.full(outer, np.nan) for _ in range(criteria)]
    for j, found in enumerate(played):
        for c, means in enumerate(found):
            if int(answers[j]) in likeliest:
                by_reply[c][j] = means
            else:
                as_model[c][j] = means[0]
    return Step(answers, likeliest, by_reply, as_model, futures)


def answered(option: Option, seed: int, replicate: int) -> Answered:
    """Play an outer replicate to the adversary's answer, as the model does."""
    assembly, origin = option.assembly, option.origin
    who = assembly.actors.index(option.adversary) if option.adversary else -1
    n = len(assembly.actors)
    before = Outcomes.empty(1, n, 0)
    state, work = at.new_record(at.STATE), at.new_record(at.WORK)
    tally = np.zeros((1, kernel.N_TALLY), np.int32)
    kind, _ = kernel.play(
        assembly.phases,
        origin,
        state,
        work,
        np.uint64(seed),
        np.uint64(replicate),
        float(origin.time[at.NOW]) + WINDOW,
        who,
        tally[0],
        before.first_force[0],
        before.paths[0],
        np.zeros((0, at.N_ROW + at.MAX_ACTORS)),
    )
    fill(before, slice(0, 1), tally)
    before.day[0] = state.time[at.NOW]
    before.dead[0] = state.dead[:n]
    answer = {at.PAUSED: NONE, at.MOVE: int(work.pick)}.get(kind, OVER)
    return Answered(state, answer, before)


def joined(before: Outcomes, after: Outcomes) -> Outcomes:
    """Count the outer and the inner part of replicates as one; ends and dead are the inner's."""
    return replace(
        after,
        peak=np.maximum(after.peak, before.peak),
        moves=after.moves + before.moves,
        force_moves=after.force_moves + before.force_moves,
        exchanges=after.exchanges + before.exchanges,
        widened=after.widened | before.widened,
        decisions=after.decisions + before.decisions,
        first_force=np.minimum(after.first_force, before.first_force),
    )
