"""The states as Mesa agents, and what a decider gets to see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.crisis.actors import Actor
from sim.engines.assemble import INDEX, Option
from sim.errors import InputError, nearest_name
from sim.kernel import layout as at
from sim.kernel.covariates import observe

if TYPE_CHECKING:
    from sim.engines.model import CrisisModel


@dataclass(frozen=True)
class View:
    """What an actor that comes to a decision can go by: its own beliefs, not the truth.

    Attributes
    ----------
    actor : str
    day : float
    date : datetime
    options : tuple of Option
        Option 0 is to hold.
    utilities, probabilities : float64 arrays, shape (n_options,)
        The model's own: logits, and shares that sum to 1.
    choice : Option
        What the model would do.
    known_dead : int
        The actor's own dead, as far as it knows.
    """

    actor: str
    day: float
    date: datetime
    options: tuple[Option, ...]
    utilities: np.ndarray
    probabilities: np.ndarray
    choice: Option
    known_dead: int
    _state: np.record
    _params: np.record
    _actors: tuple[str, ...]

    @cached_property
    def covariates(self) -> Mapping[str, Mapping[str, float]]:
        """Every covariate of the actor by name, toward each other actor."""
        i = self._actors.index(self.actor)
        return {
            name: {
                other: float(observe(self._params, self._state, i, c, j))
                for j, other in enumerate(self._actors)
                if j != i
            }
            for name, c in INDEX.items()
        }

    def option(self, move: str, target: str | None = None) -> Option:
        """Return the option of that move and target.

        Raises
        ------
        InputError
            Where it is not in the actor's repertoire.
        """
        return self._find(Option(move, target))

    def _find(self, option: Option | str) -> Option:
        if isinstance(option, str):
            option = Option(option, None)
        if option not in self.options:
            names = [str(known) for known in self.options]
            raise InputError(
                f"{self.actor} cannot choose {str(option)!r}",
                key=f"decide({self.actor})",
                allowed=", ".join(names),
                nearest=nearest_name(str(option), names),
            )
        return option


Decide = Callable[[View], Option | str]


class StateActor(mesa.Agent):
    """A state that comes to decisions, as a Mesa agent.

    Override `decide` to put a person, a policy or another model in its place; the model's own
    choice is in ``view.choice``.  The random numbers that it would have used are spent all the
    same, so the other actors' luck does not change.

    Attributes
    ----------
    id : str
        Name in the scenario's files (``unique_id`` is Mesa's number).
    record : Actor
        Its entry in the scenario.
    """

    model: CrisisModel

    def __init__(self, model: CrisisModel, record: Actor, decider: Decide | None = None) -> None:
        super().__init__(model)
        self.record = record
        self.id = record.id
        self._decider = decider

    @property
    def index(self) -> int:
        """Position in the kernel's arrays."""
        return self.model.assembly.actors.index(self.id)

    @property
    def rung(self) -> int:
        """Rung of its latest visible move since the start; 1, to hold, if there is none."""
        return self.model.last_rung[self.id]

    @property
    def dead(self) -> int:
        """True dead, the opening's included."""
        return int(self.model.state.dead[self.index])

    @property
    def known_dead(self) -> int:
        """Dead that the actor itself knows of."""
        return int(self.model.state.known[self.index])

    @property
    def urgency(self) -> float:
        """How much faster than at rest it comes to decisions, relative; decays."""
        clock = self.model.state.clock[self.index]
        days = self.model.state.time[at.NOW] - clock[at.CLOCK_SINCE]
        decay = self.model.assembly.in_force(self.model.state).decay[self.index, at.URGENCY]
        return float(clock[at.CLOCK_URGENCY] * np.exp(-decay * days))

    def covariate(self, name: str, toward: str) -> float:
        """Return one of its covariates toward another actor, now."""
        assembly, state = self.model.assembly, self.model.state
        j = assembly.actors.index(toward)
        return float(observe(assembly.in_force(state), state, self.index, INDEX[name], j))

    @property
    def tension(self) -> float:
        """Harm that anyone has lately done to anyone, as this actor remembers it; harm units."""
        return self.covariate("tension", self.id)

    def decide(self, view: View) -> Option | str:
        """Choose one of ``view.options``; the model's own choice unless somebody else decides."""
        if self._decider is not None:
            return self._decider(view)
        return view.choice

    @property
    def replaced(self) -> bool:
        """Whether somebody else than the model decides for it."""
        return self._decider is not None or type(self).decide is not StateActor.decide

    def step(self) -> None:
        """Take the decision that is due."""
        self.model.take_decision(self)
