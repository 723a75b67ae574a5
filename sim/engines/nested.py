"""Two steps: an option, the adversary's answer, and from each answer every reply.

The outer replicates go on from the option, all actors as the model has them, to the adversary's
first visible move within a window, the answer.  The state then is the origin of inner replicates
for each reply, taken at once.  After answers that are too seldom, the model's actor goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from sim.engines.assembly import Assembly
from sim.engines.ensemble import Outcomes, cores, play_block
from sim.engines.log import Forced
from sim.engines.replay import impose, reseeded
from sim.kernel import ensemble as kernel
from sim.kernel import layout as at
from sim.kernel import loop, phases

__all__ = ["NONE", "OVER", "Answered", "Step", "play_step", "sizes"]

NONE, OVER = -1, -2  # no answer within the window; the crisis ended before one
WINDOW = 7.0
ANSWERS = 3
FEWEST = 8  # outer replicates with an answer, for its replies to be played
INNER = 10  # inner replicates of each reply and outer replicate, where the budget allows
LEAST, MOST = 20, 500  # outer replicates


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
    inner : int
        Inner replicates played.
    """

    answers: np.ndarray
    likeliest: tuple[int, ...]
    replies: list[np.ndarray]
    as_model: list[np.ndarray]
    inner: int


def sizes(budget: int, options: int, replies: int) -> tuple[int, int]:
    """Share a budget of inner replicates: outer replicates of each option, inner ones of each."""
    outer = max(LEAST, min(MOST, budget // (options * replies * INNER)))
    return outer, max(2, budget // (options * replies * outer))


def play_step(
    assembly: Assembly,
    origin: np.record,
    actor: str,
    adversary: str,
    measure: Callable[[Outcomes], list[np.ndarray]],
    *,
    outer: int,
    inner: int,
    seed: int,
    threads: int | None = None,
) -> Step:
    """Play an option on to the adversary's answers, and every reply to the likeliest ones.

    Parameters
    ----------
    origin : STATE record
        With the option forced at once.
    actor, adversary : str
        Who replies, and to whom.
    measure : callable
        Returns the criteria of futures, shape (replicates,) each.
    outer, inner : int
        Outer replicate j is replicate j of the seed; its inner ones are ``j * inner`` and those
        after it, one branch on: all options and all replies share their luck.
    """
    until = float(origin.time[at.NOW]) + WINDOW
    who = assembly.actors.index(adversary) if adversary else -1
    begun = [
        _answer(assembly, reseeded(assembly, origin, seed, j), who, until) for j in range(outer)
    ]
    answers = np.array([found.answer for found in begun])
    counted = Counter(int(a) for a in answers if a != OVER)
    likeliest = tuple(a for a, count in counted.most_common(ANSWERS) if count >= FEWEST)
    options = assembly.options[assembly.actors.index(actor)]

    def play(j: int) -> list[list[float]]:
        """Return each criterion's mean: of every reply, or of going on as the model does."""
        found = begun[j]
        if found.answer == OVER:
            return [[float(c[0])] for c in measure(found.before)]
        states = [found.state]
        if found.answer in likeliest:
            states = []
            for option in options:
                state = at.copied(found.state)
                impose(assembly, state, Forced(0.0, actor, str(option), True))
                states.append(state)
        means = []
        for state in states:
            out = play_block(assembly, inner, seed, j * inner, state)
            means.append([float(c.mean()) for c in measure(_joined(found.before, out))])
        return [list(values) for values in zip(*means, strict=True)]

    with ThreadPoolExecutor(threads or cores()) as pool:
        played = list(pool.map(play, range(outer)))
    return _gather(answers, likeliest, played, len(options), inner)


def _gather(
    answers: np.ndarray,
    likeliest: tuple[int, ...],
    played: list[list[list[float]]],
    replies: int,
    inner: int,
) -> Step:
    outer, criteria = len(played), len(played[0])
    by_reply = [np.full((outer, replies), np.nan) for _ in range(criteria)]
    as_model = [np.full(outer, np.nan) for _ in range(criteria)]
    count = 0
    for j, found in enumerate(played):
        for c, means in enumerate(found):
            if int(answers[j]) in likeliest:
                by_reply[c][j] = means
            else:
                as_model[c][j] = means[0]
        count += inner * len(found[0]) * int(answers[j] != OVER)
    return Step(answers, likeliest, by_reply, as_model, count)


def _answer(assembly: Assembly, state: np.record, adversary: int, until: float) -> Answered:
    """Go on to the adversary's first visible move, as the model does."""
    n = len(assembly.actors)
    work = at.new_record(at.WORK)
    tally = np.zeros(kernel.N_TALLY, np.int32)
    tally[kernel.TALLY_PEAK] = 1
    first = np.full(n, np.inf)
    path = np.zeros((0, n), np.int8)
    answer = OVER
    while state.end == at.RUNNING:
        kind = phases.proceed(assembly.phases, state, work, until)
        if kind == at.PAUSED:
            answer = NONE
            break
        if kind != at.DECISION:
            continue
        who, option = int(work.actor), int(work.pick)
        tally[kernel.TALLY_DECISIONS] += 1
        if loop.perform(assembly.in_force(state), state, work, option) == at.HELD:
            continue
        kernel.book(assembly.params, work.row, tally, first, path)
        if who == adversary and state.end == at.RUNNING:
            answer = option
            break
    tally[kernel.TALLY_END] = state.end
    return Answered(state, answer, _row(assembly, state, tally, first))


def _row(assembly: Assembly, state: np.record, tally: np.ndarray, first: np.ndarray) -> Outcomes:
    """Write what was counted of one replicate as Outcomes of one row."""
    out = Outcomes.empty(1, len(assembly.actors), 0)
    out.end[0] = tally[kernel.TALLY_END]
    out.day[0] = state.time[at.NOW]
    out.peak[0] = tally[kernel.TALLY_PEAK]
    out.moves[0] = tally[kernel.TALLY_MOVES]
    out.force_moves[0] = tally[kernel.TALLY_FORCE]
    out.exchanges[0] = tally[kernel.TALLY_EXCHANGES]
    out.widened[0] = tally[kernel.TALLY_WIDENED]
    out.decisions[0] = tally[kernel.TALLY_DECISIONS]
    out.first_force[0] = first
    out.dead[0] = state.dead[: len(assembly.actors)]
    return out


def _joined(before: Outcomes, after: Outcomes) -> Outcomes:
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
