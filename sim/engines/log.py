"""What an engine tells of one history: dated events, and what each decision weighed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from sim.engines.assemble import DAY, Assembly
from sim.kernel import layout as at

#: Names of the kinds of event, by the kernel's number.
KINDS = {
    at.MOVE: "move",
    at.ASSESSMENT: "assessment",
    at.INJECT: "inject",
    at.WAR: "open_war",
    at.SETTLEMENT: "settlement",
    at.HORIZON: "horizon",
}
ENDS = {kind: KINDS[kind] for kind in (at.WAR, at.SETTLEMENT, at.HORIZON)}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a move, an assessment, an inject, the end.

    Attributes
    ----------
    day : float
        Days from the scenario's start; negative in the opening.
    date : datetime
        The same on the crisis's clock, to the second.
    kind : str
        move, assessment, inject, open_war, settlement or horizon.
    actor : str or None
        Who moved, or who learnt of its dead.
    move : str or None
        Id of the move, or of the inject.
    rung : int or None
    target : str or None
        At whom the move was; by whom the dead that an assessment counts were killed.
    place, launched_from : str or None
        Where a blow fell, and the host from whose soil it came.
    dead : dict of str to int
        True dead by actor (of an assessment: those that it counts), without zeros.
    claimed : int
        Dead that the actor claims.
    noticed, attributed, answers : bool
        Whether notice arrived; whether it is known who struck; whether the blow answers one.
    """

    day: float
    date: datetime
    kind: str
    actor: str | None = None
    move: str | None = None
    rung: int | None = None
    target: str | None = None
    place: str | None = None
    launched_from: str | None = None
    dead: dict[str, int] = field(default_factory=dict)
    claimed: int = 0
    noticed: bool = False
    attributed: bool = True
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What one decision weighed: enough to explain it exactly, held back or not.

    Attributes
    ----------
    day : float
    actor : str
    ramps : float64 array, shape (rules of the actor,)
        How strongly each rule pulled, 0..1, in the order of the assembly's rows.
    repetition, utility, probability : float64 arrays, shape (options of the actor,)
        Logits of the brake on repetition; utilities in logits; probabilities.
    option, model : int
        The option taken, and the one that the model picked: they differ where somebody else
        decided.
    phase : int
        Which of the assembly's phases it was taken in.
    """

    day: float
    actor: str
    ramps: np.ndarray
    repetition: np.ndarray
    utility: np.ndarray
    probability: np.ndarray
    option: int
    model: int
    phase: int = 0


class Forced(NamedTuple):
    """What a fork forces on an actor's next decision.

    Attributes
    ----------
    day : float
        Moment of the fork.
    actor, option : str
    now : bool
        Whether that decision comes at once, at the fork's moment.
    """

    day: float
    actor: str
    option: str
    now: bool


class Intervened(NamedTuple):
    """An inject that a fork lets happen.

    Attributes
    ----------
    day : float
        Moment of the fork.
    inject : str
    """

    day: float
    inject: str


class Imposed(NamedTuple):
    """What a fork does to a history, and when.

    Attributes
    ----------
    steps : int
        Decisions, and events that are no moves, since the start: what happens in the same moment
        has its order too.
    what : Forced or Intervened
    """

    steps: int
    what: Forced | Intervened


@dataclass
class EventLog:
    """Everything that was recorded of one history.

    Attributes
    ----------
    assembly : Assembly
    seed, replicate : int
    opening, events : list of Event
        Before the start, and from it on.
    decisions : list of Decision
        All of them, in order of time, holds included.
    acted : list of int
        Index in `decisions` of each visible move in `events`.
    origin : STATE record or None
        Where the history starts with luck of its own, if not before the opening.
    imposed : list of Imposed
        What forks have done to it, in order of time.
    replaced : list of str
        Actors for whom somebody else than the model has decided.
    rows : list of float64 arrays, shape (N_ROW + MAX_ACTORS,)
        The kernel's own record of each event from the start on.
    state : STATE record
        As it is now; at the end of a history, its last.
    """

    assembly: Assembly
    seed: int
    replicate: int
    state: np.record
    opening: list[Event] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    acted: list[int] = field(default_factory=list)
    origin: np.record | None = None
    imposed: list[Imposed] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    rows: list[np.ndarray] = field(default_factory=list)

    @property
    def end(self) -> str | None:
        """How the history ended: open_war, settlement or horizon; None while it goes on."""
        return ENDS.get(int(self.state.end))

    @property
    def forced(self) -> list[Forced]:
        """What forks have forced on actors' next decisions, in order of time."""
        return [imposed.what for imposed in self.imposed if isinstance(imposed.what, Forced)]

    @property
    def intervened(self) -> list[Intervened]:
        """Injects that forks have let happen, in order of time."""
        return [imposed.what for imposed in self.imposed if isinstance(imposed.what, Intervened)]

    @property
    def steps(self) -> int:
        """Decisions, and events that are no moves, since the start."""
        return len(self.decisions) + len(self.rows) - len(self.acted)

    def counts(self, tally: np.ndarray) -> dict[str, int]:
        """Name the entries of an array over actors."""
        return {name: int(tally[i]) for i, name in enumerate(self.assembly.actors)}


def date_of(assembly: Assembly, day: float) -> datetime:
    """Return the date of a day, to the second."""
    return assembly.scenario.start + timedelta(seconds=round(day * DAY))


def read_event(assembly: Assembly, row: np.ndarray) -> Event:
    """Give the kernel's record of an event its names.

    Parameters
    ----------
    assembly : Assembly
    row : float64 array, shape (N_ROW + MAX_ACTORS,)
    """

    def name(column: int, names: tuple[str, ...]) -> str | None:
        index = int(row[column])
        return names[index] if 0 <= index < len(names) else None

    kind = int(row[at.ROW_KIND])
    day = float(row[at.ROW_TIME])
    when = Event(day, date_of(assembly, day), KINDS[kind])
    dead = {
        actor: int(row[at.N_ROW + i])
        for i, actor in enumerate(assembly.actors)
        if row[at.N_ROW + i] > 0
    }
    if kind == at.INJECT:
        inject = assembly.injects[int(row[at.ROW_MOVE])]
        blamed = name(at.ROW_TARGET, assembly.actors)
        return replace(when, move=inject.id, target=blamed, dead=dead)
    if kind == at.ASSESSMENT:
        actor = name(at.ROW_ACTOR, assembly.actors)
        return replace(when, actor=actor, target=name(at.ROW_TARGET, assembly.actors), dead=dead)
    if kind != at.MOVE:
        return when
    move = assembly.scenario.crisis.moves[int(row[at.ROW_MOVE])]
    return replace(
        when,
        actor=name(at.ROW_ACTOR, assembly.actors),
        move=move.id,
        rung=move.rung,
        target=name(at.ROW_TARGET, assembly.actors) if move.directed else None,
        place=name(at.ROW_PLACE, assembly.places),
        launched_from=name(at.ROW_LAUNCHED, assembly.actors),
        dead=dead,
        claimed=int(row[at.ROW_CLAIMED]),
        noticed=bool(row[at.ROW_NOTICE]),
        attributed=bool(row[at.ROW_ATTRIBUTED]),
        answers=bool(row[at.ROW_ANSWERS]),
    )


def read_decision(
    assembly: Assembly, work: np.record, i: int, day: float, option: int, model: int, phase: int
) -> Decision:
    """Keep what actor `i` has just weighed in `work`."""
    first, last = assembly.params.rule_first[i : i + 2]
    options = len(assembly.options[i])
    return Decision(
        day,
        assembly.actors[i],
        work.ramp[first:last].copy(),
        work.repetition[:options].copy(),
        work.utility[:options].copy(),
        work.probability[:options].copy(),
        option,
        model,
        phase,
    )
