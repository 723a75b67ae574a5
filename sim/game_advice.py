"""Advice to a player: what each option would lead to, ranked as a game counts, and so told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.counsel import HOLD, SUM, Advice
from sim.option_futures import Question
from sim.written import number, share

if TYPE_CHECKING:
    from sim.analysis.advice import Course
    from sim.analysis.ranking import Ranking
    from sim.forks import Fork
    from sim.growth import Told

__all__ = ["COLUMNS", "Row", "game_advice", "rows_of", "told_of"]

#: What stands of each option.
COLUMNS = ("open war", "settled", "dead")
NOT_SIMULATED = "-"
DEAD = "dead"


class Row(NamedTuple):
    """An option as a player reads it.

    Attributes
    ----------
    option : str
    bracket : int
        From 1.
    cells : tuple of str
        Of each of `COLUMNS` between what and what it lies.
    """

    option: str
    bracket: int
    cells: tuple[str, ...]


def game_advice(
    fork: Fork, actor: str, seed: int, replicates: int, progress: Told | None = None
) -> Advice:
    """Simulate what each option of an actor leads to, ranked by what counts in a game.

    By a loss against a win, then by the expected deaths, in brackets.  Within a bracket, which
    proves no order, to hold comes first, then fewer dead, and open war last, whose own are not
    simulated.

    Parameters
    ----------
    fork : Fork
        The moment.
    actor : str
    seed : int
        Of the futures.
    replicates : int, >= 2
        Futures of each option.
    progress : callable, optional
        Called with the futures finished and asked for, all options together.

    Raises
    ------
    InputError
        Where there are too few replicates, or more than memory has room for.
    """
    from sim.advice import advice_on
    from sim.analysis.played import score_of_a_game

    aim = score_of_a_game()
    question = Question(fork, actor, aim, replicates, seed, None)
    question.check()
    call = {"objective": dict(aim.weights), "then": DEAD}
    advice = advice_on(question, call, progress=progress)
    courses, ranking = _placed(advice)
    return replace(advice, courses=courses, ranking=ranking)


def _placed(advice: Advice) -> tuple[tuple[Course, ...], Ranking]:
    """Order the options of each bracket so that what stands first in it can be answered for."""

    def place(course: Course) -> tuple[float, ...]:
        found = course.estimates
        last = course.option != HOLD, course.war
        return (course.bracket, *last, found[DEAD].mean, found[SUM].mean, course.rank)

    ordered = sorted(advice.courses, key=place)
    before = advice.ranking.order
    ranking = replace(advice.ranking, order=tuple(before[course.rank - 1] for course in ordered))
    return tuple(replace(course, rank=n) for n, course in enumerate(ordered, start=1)), ranking


def rows_of(advice: Advice) -> tuple[Row, ...]:
    """Write each option in order; a dash for the dead of open war, which are not simulated."""
    rows = []
    for course in advice.courses:
        war, settled, dead = (course.estimates[n] for n in ("open_war", "settlement", DEAD))
        cells = [share(found.mean, found.low, found.high)[1] for found in (war, settled)]
        killed = number(dead.mean, dead.low, dead.high)[1]
        if dead.low == dead.high:
            killed = f"{dead.mean:g}"
        cells.append(killed if course.simulates(DEAD) else NOT_SIMULATED)
        rows.append(Row(course.option, course.bracket, tuple(cells)))
    return tuple(rows)


def told_of(
    advice: Advice, named: Callable[[str], str], parted: str
) -> tuple[list[str], list[str]]:
    """Say what is best and what the order turns on; and how the table is to be read.

    Parameters
    ----------
    advice : Advice
    named : callable
        Writes an option.
    parted : str
        How the table shows the brackets.
    """
    best = advice.best()
    first = [named(course.option) for course in best]
    if len(first) == 1 and best[0].war:
        answer = [
            f"No single best: {first[0]} leads for want of its dead, which are not simulated."
        ]
    elif len(first) == 1:
        answer = [f"Best as the game counts: {first[0]}."]
    elif len(first) == len(advice.courses):
        answer = ["No single best: all options stand in the first bracket."]
    else:
        answer = [f"No single best. First bracket: {', '.join(first)}."]
    own = advice.course(HOLD).bracket
    above = [course for course in advice.courses if course.bracket < own and not course.war]
    if deadlier := [c for c in above if c.differences[DEAD].estimate.low > 0]:
        names = ", ".join(named(course.option) for course in deadlier)
        answer.append(
            f"Before holding, though with more dead: {names}. To the game a win against a loss "
            "comes first."
        )
    worse = [course for course in above if course.differences[SUM].estimate.mean > 0]
    spared = [course for course in worse if course.differences[DEAD].estimate.high < 0]
    for told, some in (
        ("Before holding by fewer dead alone", spared),
        ("Before holding, not told from the best", [c for c in worse if c not in spared]),
    ):
        if some:
            names = ", ".join(named(course.option) for course in some)
            answer.append(f"{told}: {names}. By estimate a loss against a win is likelier there.")
    notes = [
        f"From {advice.replicates:,} futures each, in which the model decides for everybody "
        "afterwards: between what and what the chances lie, and the mean dead of all sides from "
        "now on, short of open war, whose own are not simulated "
        f"({NOT_SIMULATED}). They start from how things really are, which you may not know.",
        "Ranked as the game counts, by a win against a loss and then by fewer dead, in brackets "
        f"({parted}): in one stand, of what is left, those that are not told from the best, and "
        "what is no worse than one of them by estimate. Within a bracket no order is proven: to "
        "hold stands first, then fewer dead.",
    ]
    return answer, notes
