"""The Mesa model, broken off wherever somebody outside has to decide, and gone on with after."""

from __future__ import annotations

from collections.abc import Iterable

from sim.engines.actors import View
from sim.engines.assemble import Assembly, Option
from sim.engines.log import EventLog
from sim.engines.model import CrisisModel
from sim.engines.replay import copied

__all__ = ["Asking"]


class _Asked(Exception):
    """Leaves the engine where a player's decision is due, before anything of it has happened."""

    def __init__(self, view: View) -> None:
        self.view = view


class Asking:
    """One history that waits for the decisions of some of its actors.

    Parameters
    ----------
    assembly : Assembly
    seed, replicate : int
    players : iterable of str
        Actors whose decisions come from outside.

    Attributes
    ----------
    view : View or None
        The decision that is due; None where the crisis is over.
    log : EventLog
        What has happened so far; it goes on with the history.
    """

    def __init__(
        self, assembly: Assembly, seed: int, replicate: int, players: Iterable[str]
    ) -> None:
        self.view: View | None = None
        self._next: Option | None = None
        self._model = CrisisModel(
            assembly, seed, replicate=replicate, decide=dict.fromkeys(players, self._decide)
        )
        self._go_on()

    @property
    def log(self) -> EventLog:
        """What has happened so far."""
        return self._model.log

    def so_far(self) -> EventLog:
        """Return a copy of the log, which stays as it is."""
        return copied(self.log)

    def take(self, option: Option) -> None:
        """Take the decision that is due, and go on to the next one or to the end."""
        self._next = option
        self._go_on()

    def _decide(self, view: View) -> Option:
        """Give the engine the option that was chosen, or break off to have one chosen."""
        if self._next is None:
            raise _Asked(view)
        option, self._next = self._next, None
        return option

    def _go_on(self) -> None:
        try:
            self._model.advance(self._model.assembly.scenario.horizon_days)
        except _Asked as asked:
            self.view = asked.view
        else:
            self.view = None
