"""The Mesa face: one crisis, told in full, over the same kernel as every other engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np

from sim.crisis import Scenario, load
from sim.engines.actors import Decide, StateActor, View
from sim.engines.assemble import Assembly, Option, assemble
from sim.engines.log import Event, EventLog, date_of, read_decision, read_event
from sim.engines.replay import copied, reseeded
from sim.errors import InputError, nearest_name
from sim.kernel import layout as at
from sim.kernel import loop, phases

HOLD_RUNG = 1


def _seed_of(rng: Any) -> int:
    """Turn what Mesa takes as `rng` into the one integer that names a history."""
    if rng is None:
        return int(np.random.SeedSequence().generate_state(1)[0])
    if isinstance(rng, (bool, str, bytes, float)):
        raise InputError(
            f"{rng!r} is no seed", key="seed", allowed="a whole number from 0 to 2**64 - 1"
        )
    if isinstance(rng, (int, np.integer)):
        if not 0 <= rng < 2**64:
            raise InputError(f"seed {rng} is out of range", key="seed", allowed="0 to 2**64 - 1")
        return int(rng)
    return int(np.random.default_rng(rng).integers(2**63))


def _assembly_of(scenario: Scenario | Assembly | str, overrides: Mapping[str, Any]) -> Assembly:
    """Lay a scenario out, unless that has been done and nothing is overridden."""
    if isinstance(scenario, Assembly):
        if not overrides:
            return scenario
        scenario = scenario.scenario
    chosen = load(scenario) if isinstance(scenario, str) else scenario
    return assemble(chosen.with_(overrides) if overrides else chosen)


class CrisisModel(mesa.Model):
    """One history of a crisis as a Mesa model.

    Time is continuous inside; ``step()`` goes on by one day, so that Mesa's data collector, batch
    runner and SolaraViz have a rhythm; ``run_model()`` goes on to the end.

    Parameters
    ----------
    scenario : Scenario, Assembly or str
        A scenario, one that is laid out already (for many histories of it), or a name or path.
    rng, seed : int, numpy Generator, SeedSequence or None
        Seed of the history, by either of Mesa's names for it; None takes one from the operating
        system, kept in ``history_seed``.
    replicate : int, >= 0
        Which replicate of that seed.
    origin : STATE record, optional
        Where the history starts, with luck of its own from there on; before the opening if not
        given.
    resume : EventLog, optional
        A history to go on with, its luck unchanged; `rng` and `replicate` are the log's own.
    decide : mapping of actor id to callable or StateActor subclass, optional
        Who decides in the model's place: ``decide(view) -> Option``.
    **overrides
        Values by dotted path, as ``CrisisModel(**{"strike.dead": 5})``.

    Attributes
    ----------
    assembly : Assembly
        The scenario, laid out for the kernel.
    state : STATE record
        The whole state now.
    log : EventLog
        What has happened.
    datacollector : mesa.DataCollector
        Collects once a day: per model day, peak_rung, total_dead and end; per agent rung and dead.

    Raises
    ------
    InputError
        Where an override or the name of an actor is wrong.

    Notes
    -----
    Randomness is the kernel's own, addressed by (seed, replicate, actor, decision); Mesa's
    ``model.random`` and ``model.rng`` are seeded too, and unused.
    """

    def __init__(
        self,
        scenario: Scenario | Assembly | str = "after-the-strike",
        rng: Any = None,
        *,
        seed: int | None = None,
        replicate: int = 0,
        origin: np.record | None = None,
        resume: EventLog | None = None,
        decide: Mapping[str, Decide | type[StateActor]] | None = None,
        **overrides: Any,
    ) -> None:
        if seed is not None and rng is not None:
            raise InputError("seed and rng are one and the same: give either", key="seed")
        if resume is not None and overrides:
            raise InputError("a history goes on in its own scenario", key="resume")
        seed = _seed_of(rng if seed is None else seed) if resume is None else resume.seed
        if not 0 <= replicate < 2**64:
            raise InputError(
                f"replicate {replicate} is out of range", key="replicate", allowed="0 to 2**64 - 1"
            )
        super().__init__(rng=seed)
        self.assembly = _assembly_of(scenario, overrides)
        self.history_seed = seed
        if resume is not None:
            self.log = copied(resume)
        elif origin is not None:
            state = reseeded(self.assembly, origin, seed, replicate)
            self.log = EventLog(self.assembly, seed, replicate, state, origin=at.copied(origin))
        else:
            self.log = EventLog(self.assembly, seed, replicate, at.new_state(seed, replicate))
        self.state = self.log.state
        self.last_rung = dict.fromkeys(self.assembly.actors, HOLD_RUNG)
        self.peak_rung = HOLD_RUNG
        for event in self.log.events:
            self._climb(event)
        self._first_day = self.day
        self._work = at.new_record(at.WORK)
        self._turn: StateActor | None = None
        self.actor: dict[str, StateActor] = self._create_actors(decide or {})
        if not self.state.begun:
            self._play_opening()
        self.running = bool(self.state.end == at.RUNNING)
        replaced = {actor.id for actor in self.actor.values() if actor.replaced}
        self.log.replaced = sorted(replaced | set(self.log.replaced))
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "day": "day",
                "peak_rung": "peak_rung",
                "total_dead": lambda model: int(model.state.dead.sum()),
                "end": "end",
            },
            agent_reporters={"actor": "id", "rung": "rung", "dead": "dead"},
        )

    def _create_actors(
        self, decide: Mapping[str, Decide | type[StateActor]]
    ) -> dict[str, StateActor]:
        for name, who in decide.items():
            if not callable(who):
                raise InputError(
                    f"{who!r} cannot decide",
                    key=f"decide[{name!r}]",
                    allowed="a function of a view, or a subclass of StateActor",
                )
            if name not in self.assembly.actors:
                raise InputError(
                    f"no such actor {name!r}",
                    key="decide",
                    allowed=", ".join(self.assembly.actors),
                    nearest=nearest_name(name, self.assembly.actors),
                )
        actors = {}
        for record in self.assembly.scenario.crisis.actors:
            other = decide.get(record.id)
            if isinstance(other, type):
                actors[record.id] = other(self, record)
            else:
                actors[record.id] = StateActor(self, record, other)
        return actors

    @property
    def day(self) -> float:
        """Days from the scenario's start."""
        return float(self.state.time[at.NOW])

    @property
    def end(self) -> str | None:
        """How the history ended: open_war, settlement or horizon; None while it goes on."""
        return self.log.end

    def _play_opening(self) -> None:
        played = 0
        while True:
            kind = loop.begin(self.assembly.params, self.state, self._work, played)
            if kind == at.PAUSED:
                break
            self.log.opening.append(read_event(self.assembly, self._work.row))
            played += kind == at.MOVE

    def step(self) -> None:
        """Go on by one day of the crisis, or to its end."""
        self.advance(self._first_day + self.steps)
        self.datacollector.collect(self)

    def advance(self, until: float) -> None:
        """Go on to day `until`, or to the end if that comes first."""
        while self.running:
            kind = phases.proceed(self.assembly.phases, self.state, self._work, until)
            if kind == at.PAUSED:
                return
            if kind == at.DECISION:
                self._turn = self.actor[self.assembly.actors[self._work.actor]]
                self._turn.step()
                self._turn = None
            else:
                self._book()

    def take_decision(self, agent: StateActor) -> None:
        """Let `agent` take the decision that is due: stages 3 to 5 of `sim.kernel.loop`."""
        if agent is not self._turn:
            # Mesa's model.agents.do("step") would come here, and take another's decision.
            raise InputError(f"{agent.id} has no decision due", key="step", allowed="model.step()")
        work = self._work
        model, option = int(work.model), int(work.pick)
        options = self.assembly.options[agent.index]
        # What a fork forces goes before whoever decides.
        if agent.replaced and self.state.forced[agent.index] < 0:
            view = self._view(agent, options)
            option = options.index(view._find(agent.decide(view)))
        decided = agent.index, self.day, option, model, int(self.state.phase)
        self.log.decisions.append(read_decision(self.assembly, work, *decided))
        kind = loop.perform(self.assembly.in_force(self.state), self.state, work, option)
        if kind != at.HELD:
            self.log.acted.append(len(self.log.decisions) - 1)
            self._book()

    def _view(self, agent: StateActor, options: tuple[Option, ...]) -> View:
        return View(
            agent.id,
            self.day,
            date_of(self.assembly, self.day),
            options,
            self._work.utility[: len(options)].copy(),
            self._work.probability[: len(options)].copy(),
            options[int(self._work.model)],
            agent.known_dead,
            at.copied(self.state),
            self.assembly.in_force(self.state),
            self.assembly.actors,
        )

    def _book(self) -> None:
        """Write the event that has just happened into the log."""
        self.log.rows.append(self._work.row.copy())
        event = read_event(self.assembly, self._work.row)
        self.log.events.append(event)
        self._climb(event)
        self.running = bool(self.state.end == at.RUNNING)

    def _climb(self, event: Event) -> None:
        """Note the rung of a move."""
        if event.kind == "move" and event.actor is not None and event.rung is not None:
            self.last_rung[event.actor] = event.rung
            self.peak_rung = max(self.peak_rung, event.rung)
