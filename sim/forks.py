"""Forks: any moment of a history as the start of other ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, nearest_name

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from sim.engines.actors import Decide, StateActor
    from sim.engines.assemble import Assembly
    from sim.engines.log import EventLog, Forced, Intervened
    from sim.ensembles import Ensemble
    from sim.growth import Told
    from sim.history import History


class Fork:
    """The whole state at a moment of a history, clocks and pending assessments included.

    Parameters
    ----------
    log : EventLog
        What happened up to then, with the state.
    day : float
        The moment, in days from the scenario's start.

    Attributes
    ----------
    state : STATE record
        Documented field by field in `sim.kernel.layout`.
    """

    def __init__(self, log: EventLog, day: float) -> None:
        self.log = log
        self.day = day
        self.scenario = log.assembly.scenario

    def __repr__(self) -> str:
        """Say what it is a fork of."""
        return f"<Fork of {self.scenario.name}, seed {self.log.seed}, on day {self.day:g}>"

    @property
    def state(self) -> np.record:
        """The state at that moment."""
        return self.log.state

    def force(self, actor: str, move: str, target: str | None = None, *, now: bool = False) -> Fork:
        """Return a fork in which the actor's next decision takes a given option.

        Parameters
        ----------
        actor, move : str
        target : str, optional
            None for a move without one.
        now : bool
            Whether that decision comes at once, at the fork's moment, whatever the actor's tempo.
            It is the one that would have come next: the other actors' luck stays what it was.

        Raises
        ------
        InputError
            Where there is no such actor, or the option is not in its repertoire.
        """
        from sim.engines.assemble import Option
        from sim.engines.log import Forced

        assembly = self.log.assembly
        if actor not in assembly.actors:
            raise InputError(
                f"no such actor {actor!r}",
                key="actor",
                allowed=", ".join(assembly.actors),
                nearest=nearest_name(actor, assembly.actors),
            )
        i = assembly.actors.index(actor)
        option = Option(move, target)
        if option not in assembly.options[i]:
            names = [str(known) for known in assembly.options[i]]
            raise InputError(
                f"{actor} cannot choose {str(option)!r}",
                key="force",
                allowed=", ".join(names),
                nearest=nearest_name(str(option), names),
            )
        return self._imposed(Forced(self.day, actor, str(option), now), assembly)

    def intervene(self, inject: str) -> Fork:
        """Return a fork in which one of the scenario's injects happens now, on or off.

        What it adds and sets holds from the fork's moment on.  The actors' luck stays what it was.

        Parameters
        ----------
        inject : str
            Its id.  One that is off happens this once; a dated one that is on happens now in place
            of its date, one that comes at a rate comes now besides.

        Raises
        ------
        InputError
            Where the scenario has no such inject.
        """
        from sim.engines.assemble import arm
        from sim.engines.log import Intervened

        found = {one.id: one for one in self.scenario.injects}
        if inject not in found:
            raise InputError(
                f"no such inject {inject!r}",
                key="intervene",
                allowed=", ".join(found) or "none: the scenario has no injects",
                nearest=nearest_name(inject, found),
            )
        assembly = arm(self.log.assembly, found[inject])
        return self._imposed(Intervened(self.day, inject), assembly)

    def _imposed(self, what: Forced | Intervened, assembly: Assembly) -> Fork:
        from sim.engines.log import Imposed
        from sim.engines.replay import copied, impose

        log = replace(copied(self.log), assembly=assembly)
        impose(assembly, log.state, what)
        log.imposed.append(Imposed(log.steps, what))
        return Fork(log, self.day)

    def advise(self, actor: str, **how: Any) -> pd.DataFrame:
        """Return what each option of an actor leads to from here, the best first.

        Parameters
        ----------
        actor : str
        **how
            As of `sim.advise`, which returns all that was found; this is its ``frame()``.
        """
        from sim.advice import advise

        return advise(self, actor, **how).frame()

    def run(self, decide: Mapping[str, Decide | type[StateActor]] | None = None) -> History:
        """Go on with the history itself: the same luck, and whatever was forced.

        Returns
        -------
        History
            From the scenario's start on; equal to the bit to the one forked where nothing else
            than what happened was forced.
        """
        from sim.engines.model import CrisisModel
        from sim.history import History

        model = CrisisModel(self.log.assembly, resume=self.log, decide=decide)
        while model.running:
            model.advance(self.scenario.horizon_days)
        return History(model.log)

    def ensemble(
        self,
        replicates: int | None = None,
        seed: int = 1,
        *,
        precision: float | None = None,
        outcome: str = "open_war",
        threads: int | None = None,
        paths: bool = False,
        progress: Told | None = None,
    ) -> Ensemble:
        """Simulate many futures from this moment, each with luck of its own.

        Parameters
        ----------
        replicates, seed, precision, outcome, threads, paths, progress
            As of `sim.ensemble`.  Outcomes count what happens from the fork on, except for the
            dead, which are all of them.
        """
        from sim.growth import MOST, grow

        return grow(
            self.log.assembly,
            origin=self.state,
            replicates=replicates,
            seed=seed,
            precision=precision,
            outcome=outcome,
            most=MOST,
            threads=threads,
            paths=paths,
            progress=progress,
        )
