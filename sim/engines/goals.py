"""Which options reach an outcome: what rare ends are estimated of."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from sim.engines.assemble import Assembly
from sim.errors import InputError, nearest_name
from sim.kernel import layout as at

WAR = "open_war"
_RUNG = re.compile(r"rung_(\d{1,6})")
_FORCE = re.compile(r"force(?:_(\d{1,4})d)?")


@dataclass(frozen=True)
class Goal:
    """An outcome that a history reaches by a choice.

    Attributes
    ----------
    outcome : str
    options : bool array, shape (n_actors, MAX_OPTIONS)
        The options that reach it outright.
    exchange : bool
        Whether an exchange of major strikes reaches it as well.
    until : float
        Day after which it no longer counts; inf for never.
    """

    outcome: str
    options: np.ndarray
    exchange: bool = False
    until: float = math.inf


def goal_names(assembly: Assembly) -> tuple[str, ...]:
    """List the outcomes that a goal can be made of."""
    top = int(_rungs(assembly).max())
    per_actor = (f"{actor}_{what}" for actor in assembly.actors for what in ("force_7d", "force"))
    return (WAR, *(f"rung_{rung}" for rung in range(2, top + 1)), "force", *per_actor)


def goal_of(assembly: Assembly, outcome: str) -> Goal:
    """Find the options that reach an outcome.

    Parameters
    ----------
    assembly : Assembly
    outcome : str
        open_war; rung_N (a move on rung N or above, N from 2); force; ACTOR_force, ACTOR_force_7d
        (any whole number of days): the outcomes of those names of an ensemble.

    Raises
    ------
    InputError
        Where there is no such outcome, or an inject moves it about on the ladder.
    """
    if not isinstance(outcome, str):
        raise _unknown(assembly, str(outcome))
    moves, rungs = assembly.params.move, _rungs(assembly)
    for column in (at.MOVE_WAR, at.MOVE_RUNG):
        if np.any(assembly.phases["move"][:, :, column] != moves[:, column]):
            raise InputError(
                "what is war and what is on which rung must stay so all the while",
                file=assembly.scenario.name,
                key="injects",
            )
    if outcome == WAR:
        return Goal(WAR, _marked(assembly, moves[:, at.MOVE_WAR] > 0), exchange=True)
    rung = _RUNG.fullmatch(outcome)
    if rung and 2 <= int(rung[1]) <= rungs.max():
        return Goal(outcome, _marked(assembly, rungs >= int(rung[1])))
    kinetic = _marked(assembly, rungs >= at.FORCE_RUNG)
    if outcome == "force":
        return Goal(outcome, kinetic)
    for i, actor in enumerate(assembly.actors):
        within = _FORCE.fullmatch(outcome.removeprefix(f"{actor}_"))
        if outcome.startswith(f"{actor}_") and within:
            kinetic[np.arange(len(kinetic)) != i] = False
            return Goal(outcome, kinetic, until=float(within[1] or math.inf))
    raise _unknown(assembly, outcome)


def _unknown(assembly: Assembly, outcome: str) -> InputError:
    top, names = int(_rungs(assembly).max()), goal_names(assembly)
    rung = _RUNG.fullmatch(outcome)
    # Of numbers the nearest is not the one that is spelt most alike.
    nearest = f"rung_{min(max(int(rung[1]), 2), top)}" if rung else nearest_name(outcome, names)
    return InputError(
        f"{outcome!r} is no outcome that a choice reaches",
        key="outcome",
        allowed=f"{WAR}, rung_2 to rung_{top}, force, and ACTOR_force or ACTOR_force_Nd (within N "
        f"days, up to 9999) of {', '.join(assembly.actors)}",
        nearest=nearest,
    )


def _rungs(assembly: Assembly) -> np.ndarray:
    """Return the rung of each move of the ladder; 0 beyond it."""
    return np.asarray(assembly.params.move[:, at.MOVE_RUNG])


def _marked(assembly: Assembly, moves: np.ndarray) -> np.ndarray:
    """Mark the options of each actor whose move is marked."""
    options = np.zeros((len(assembly.actors), at.MAX_OPTIONS), np.bool_)
    for i, known in enumerate(assembly.options):
        options[i, : len(known)] = moves[assembly.params.option[i, : len(known), 0]]
    return options
