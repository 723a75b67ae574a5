"""Pattern-oriented validation: what a model of a crisis must reproduce, measured [@grimm2005].

Each measure takes the moves or the outcomes of an ensemble and gives an estimate with its interval;
nothing here plays a history or reads a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.analysis import intervals
from sim.analysis.intervals import Estimate
from sim.analysis.outcomes import Counted
from sim.analysis.ratios import clustered_share, risk_ratio
from sim.crisis.patterns import DOER, Pattern, Range, Which
from sim.engines.assemble import Assembly
from sim.engines.moves import Moves
from sim.errors import InputError

HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"


@dataclass(frozen=True)
class Told:
    """An ensemble's moves with their names.

    Attributes
    ----------
    moves : Moves
    assembly : Assembly
    """

    moves: Moves
    assembly: Assembly

    def fitting(self, which: Which) -> np.ndarray:
        """Tell which moves fit: bool, shape (n_moves,)."""
        moves, actors = self.moves, self.assembly.actors
        fits = np.ones(len(moves.day), np.bool_)
        for name, column in (
            (which.by, moves.actor),
            (which.toward, moves.target),
            (which.soil, moves.soil),
        ):
            if name is not None and name != DOER:
                fits &= column == actors.index(name)
        if which.moves:
            fits &= np.isin(moves.move, [self.assembly.moves.index(m) for m in which.moves])
        if which.rungs:
            fits &= (moves.rung >= which.rungs[0]) & (moves.rung <= which.rungs[1])
        return fits & moves.known if which.known else fits

    def anchor(self, event: str | None) -> float:
        """Day from which days count: that of an opening event, or the start."""
        if event is None:
            return 0.0
        dates = {known.id: known.date for known in self.assembly.scenario.opening}
        return float(self.assembly.day(dates[event]))

    def first(self, fits: np.ndarray) -> np.ndarray:
        """Index of the first move that fits in each replicate; -1 for none."""
        found = np.full(self.moves.replicates, -1)
        at = np.flatnonzero(fits)[::-1]
        found[self.moves.replicate[at]] = at
        return found

    def day_of(self, index: np.ndarray) -> np.ndarray:
        """Days of the moves of those indices; inf for -1."""
        if len(self.moves.day) == 0:
            return np.full(len(index), np.inf)
        return np.where(index >= 0, self.moves.day[index], np.inf)


@dataclass(frozen=True)
class Finding:
    """What a measure gave.

    Attributes
    ----------
    estimate : Estimate
    left_out : int
        Triggers whose window the end of the history cut off, or replicates that missed the
        condition.
    steps : tuple of float
        The shares along a path.
    """

    estimate: Estimate
    left_out: int = 0
    steps: tuple[float, ...] = ()


def verdict(estimate: Estimate, holds: Range) -> str:
    """Say whether the whole interval lies where the pattern holds, or none of it.

    Returns
    -------
    str
        holds, fails, or undecided where the interval straddles an end or there is none.
    """
    low = -np.inf if holds.at_least is None else holds.at_least
    high = np.inf if holds.at_most is None else holds.at_most
    if low <= estimate.low and estimate.high <= high:
        return HOLDS
    return FAILS if estimate.high < low or estimate.low > high else UNDECIDED


def came(told: Told, pattern: Pattern) -> np.ndarray:
    """Tell in which replicates the first such move after the start comes within the days."""
    assert pattern.move is not None
    assert pattern.within_days is not None
    day = told.day_of(_first_after_start(told, pattern.move))
    return np.asarray(day - told.anchor(pattern.after) <= pattern.within_days)


def _first_after_start(told: Told, which: Which) -> np.ndarray:
    return told.first(told.fitting(which) & (told.moves.day >= 0.0))


def share(told: Told, pattern: Pattern) -> Finding:
    """Share of replicates in which a move comes in time, if given, where nothing came before.

    A condition leaves out each replicate in which its event came before the move and within the
    days.
    """
    assert pattern.move is not None
    assert pattern.within_days is not None
    yes = came(told, pattern)
    kept = np.ones(len(yes), np.bool_)
    if pattern.given is not None:
        until = told.anchor(pattern.after) + pattern.within_days
        move = np.minimum(told.day_of(_first_after_start(told, pattern.move)), until)
        if pattern.given.none_of is not None:
            other = told.day_of(_first_after_start(told, pattern.given.none_of))
        else:
            victim = told.assembly.actors.index(pattern.given.no_dead or "")
            other = told.day_of(told.first(told.moves.dead[:, victim] > 0))
        kept = ~(other < move)
    n = int(kept.sum())
    if n == 0:
        return Finding(Estimate(np.nan, np.nan, np.nan, 0, "wilson"), len(kept))
    return Finding(intervals.share(int(yes[kept].sum()), n), len(kept) - n)


def delay(told: Told, pattern: Pattern) -> Finding:
    """Median day of the first such move, where there is one, from the anchor on."""
    assert pattern.move is not None
    day = told.day_of(_first_after_start(told, pattern.move))
    made = np.isfinite(day)
    return Finding(intervals.quantile(day[made] - told.anchor(pattern.after)), int((~made).sum()))


def first_kind(told: Told, pattern: Pattern) -> Finding:
    """Share of the first such moves, of those in time, whose rung lies in a range."""
    assert pattern.move is not None
    assert pattern.rungs is not None
    index = _first_after_start(told, pattern.move)
    in_time = came(told, pattern)
    rung = told.moves.rung[index[in_time]]
    if len(rung) == 0:
        return Finding(Estimate(np.nan, np.nan, np.nan, 0, "wilson"), len(in_time))
    low, high = pattern.rungs
    limited = int(((rung >= low) & (rung <= high)).sum())
    return Finding(intervals.share(limited, len(rung)), int((~in_time).sum()))


def reaction(told: Told, pattern: Pattern) -> Finding:
    """Share of triggers that a move follows in time, or comes shortly before.

    Windows that the end of a history cuts off before the move came are left out and counted.
    """
    assert pattern.move is not None
    assert pattern.trigger is not None
    assert pattern.within_days is not None
    moves = told.moves
    calls = told.fitting(pattern.trigger)
    if pattern.move.by is not None:
        calls &= moves.actor != told.assembly.actors.index(pattern.move.by)
    if not pattern.opening:
        calls &= moves.day >= 0.0
    answers = told.fitting(pattern.move)
    at = np.flatnonzero(calls)
    met = np.zeros(len(at), np.bool_)
    # Moves stand in order of replicate and time: the next answer is the next index.
    for doer in np.unique(moves.actor[at]) if pattern.move.toward == DOER else [None]:
        mine = np.full(len(at), True) if doer is None else moves.actor[at] == doer
        fits = answers if doer is None else answers & (moves.target == doer)
        met[mine] = _met(moves, at[mine], np.flatnonzero(fits), pattern)
    whole = moves.day[at] + pattern.within_days <= moves.end[moves.replicate[at]]
    kept = met | whole
    successes, trials = (
        np.bincount(moves.replicate[at[chosen]], minlength=moves.replicates)
        for chosen in (met, kept)
    )
    return Finding(clustered_share(successes, trials), int((~kept).sum()))


def _met(moves: Moves, at: np.ndarray, answers: np.ndarray, pattern: Pattern) -> np.ndarray:
    """Tell which of the moves `at` have an answer next to them in time."""
    if len(answers) == 0:
        return np.zeros(len(at), np.bool_)
    place = np.searchsorted(answers, at, side="right")

    def near(neighbour: np.ndarray, exists: np.ndarray, days: float | None) -> np.ndarray:
        gap = np.abs(moves.day[neighbour] - moves.day[at])
        same = moves.replicate[neighbour] == moves.replicate[at]
        return np.asarray(exists & same & (gap <= (days or 0.0)))

    last = len(answers) - 1
    after = near(answers[np.minimum(place, last)], place <= last, pattern.within_days)
    if pattern.before_days is None:
        return after
    before = near(answers[np.maximum(place - 1, 0)], place > 0, pattern.before_days)
    return np.asarray(after | before)


def rising(along: list[Told], pattern: Pattern) -> Finding:
    """Least step of a share along a path, paired: the one with the lowest interval.

    The level is shared out over the steps, so that all of them hold together.
    """
    yes = [came(told, pattern) for told in along]
    level = 1 - (1 - intervals.LEVEL) / (len(yes) - 1)
    steps = [intervals.difference(base, other, level).estimate for base, other in pairwise(yes)]
    least = min(steps, key=lambda step: step.low)
    return Finding(least, steps=tuple(float(values.mean()) for values in yes))


def outcome(counted: Counted, pattern: Pattern) -> Finding:
    """Share or mean of an outcome."""
    assert pattern.outcome is not None
    return Finding(counted.estimate(pattern.outcome))


def difference(base: Counted, own: Counted, pattern: Pattern) -> Finding:
    """Paired difference of an outcome, this scenario minus the one compared with."""
    assert pattern.outcome is not None
    found = intervals.difference(base.values(pattern.outcome), own.values(pattern.outcome))
    return Finding(found.estimate, steps=(found.base, found.other))


def ratio(base: Counted, own: Counted, pattern: Pattern) -> Finding:
    """Share of an outcome over that in the scenario compared with."""
    assert pattern.outcome is not None
    less, more = base.values(pattern.outcome), own.values(pattern.outcome)
    if less.dtype != np.bool_:
        raise InputError(f"the ratio of {pattern.outcome} is not one of shares", key=pattern.id)
    return Finding(risk_ratio(less, more), steps=(float(less.mean()), float(more.mean())))


#: Measures of moves in one scenario, by name.
OF_MOVES = {"share": share, "delay": delay, "first_kind": first_kind, "reaction": reaction}
#: Measures of an outcome in two scenarios, by name.
OF_PAIRS = {"difference": difference, "ratio": ratio}
