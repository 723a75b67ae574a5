"""The futures of every option of an actor: played at once on common luck, and further if asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.errors import InputError, nearest_name

if TYPE_CHECKING:
    import numpy as np

    from sim.analysis.advice import Candidate
    from sim.analysis.explanation import Explanation
    from sim.analysis.futures import Futures
    from sim.analysis.objectives import Objective
    from sim.analysis.replies import Deep
    from sim.analysis.robust import OverWorlds
    from sim.crisis import Scenario
    from sim.engines.ensemble import Outcomes
    from sim.forks import Fork
    from sim.growth import Told

__all__ = ["FEWEST_WORLDS", "MOST_WORLDS", "Meter", "Question", "possible"]

HOLD = "hold"
TENSION = "tension"
FEWEST_WORLDS, MOST_WORLDS = 10, 10_000
TREES = 4  # futures of an option for each tree of its rare ends


class Meter:
    """Tells of several pieces of work as one.

    Parameters
    ----------
    progress : callable or None
        Called with what is finished and what was asked for; first with none finished.
    asked : int
        Replicates of all the pieces together.
    """

    def __init__(self, progress: Told | None, asked: int) -> None:
        self.progress = progress
        self.asked = asked
        self.finished = 0
        self.tell()

    def tell(self, more: int = 0) -> None:
        """Count `more` as finished."""
        self.finished += more
        if self.progress is not None:
            self.progress(min(self.finished, self.asked), self.asked)

    def piece(self) -> Told:
        """Return what tells of one piece of the work."""
        before = self.finished

        def tell(finished: int, _: int) -> None:
            if finished:
                self.tell(before + finished - self.finished)

        return tell


def possible(scenario: Scenario) -> tuple[str, ...]:
    """Name the injects that somebody could bring about to calm a crisis, and has not.

    Those that are off, kill nobody and add to nobody's tension.
    """
    return tuple(
        inject.id
        for inject in scenario.injects
        if not inject.on
        and not any(inject.dead.values())
        and not any(e.covariate == TENSION and e.add > 0 for e in inject.effects)
    )


@dataclass(frozen=True)
class Question:
    """Who asks for advice, when, and by what the options are to be ranked.

    Attributes
    ----------
    fork : Fork
    actor : str
    aim : Objective
    replicates, seed : int
    threads : int or None
    interventions : tuple of str
        Injects of the scenario to be compared with the moves, the actor holding.
    """

    fork: Fork
    actor: str
    aim: Objective
    replicates: int
    seed: int
    threads: int | None
    interventions: tuple[str, ...] = ()

    def check(self) -> None:
        """Refuse what cannot be meant before anything is played."""
        from sim.analysis.futures import Futures
        from sim.engines.ensemble import Outcomes, check_sizes, most_replicates

        assembly = self.fork.log.assembly
        if self.actor not in assembly.actors:
            raise InputError(
                f"no such actor {self.actor!r}",
                key="actor",
                allowed=", ".join(assembly.actors),
                nearest=nearest_name(self.actor, assembly.actors),
            )
        if self.fork.log.end is not None:
            raise InputError(
                f"the crisis is over on day {self.fork.day:g}: nothing to decide", key="at"
            )
        threads = 1 if self.threads is None else self.threads
        check_sizes(assembly, self.replicates, self.seed, threads, paths=False)
        if self.replicates < 2:
            raise InputError("a pair is no sample", key="replicates", allowed="2 or more")
        self._check_interventions()
        options = len(assembly.options[assembly.actors.index(self.actor)])
        options += len(self.interventions)
        room = most_replicates(assembly, False) // options
        if self.replicates > room:
            raise InputError(
                f"{self.replicates} futures of each of {options} options take more memory than is "
                "free",
                key="replicates",
                allowed=f"2 to {room} here and now",
            )
        none = Outcomes.empty(0, len(assembly.actors), 0)
        self.aim.criteria(Futures(none, assembly.actors, 0.0, self.actor))

    def _check_interventions(self) -> None:
        """Refuse injects that are none, or that no row could be told apart by."""
        assembly = self.fork.log.assembly
        known = [inject.id for inject in self.fork.scenario.injects]
        options = [str(o) for o in assembly.options[assembly.actors.index(self.actor)]]
        for inject in self.interventions:
            if inject not in known:
                raise InputError(
                    f"no such inject {inject!r}",
                    key="interventions",
                    allowed=", ".join(known) or "none: the scenario has no injects",
                    nearest=nearest_name(inject, known),
                )
            if self.interventions.count(inject) > 1:
                raise InputError(f"inject {inject!r} is named twice", key="interventions")
            if inject in options:
                raise InputError(
                    f"inject {inject!r} is named as an option of {self.actor} is",
                    key="interventions",
                    allowed="injects with names of their own",
                )

    def candidates(self, explanation: Explanation, meter: Meter) -> list[Candidate]:
        """Play the futures of every option, taken at once, holding first."""
        from sim.analysis.advice import INTERVENTION, MOVE, adversary_of, threat

        assembly = self.fork.log.assembly
        threatening = ""
        found: list[Candidate] = []
        for place, option in enumerate(explanation.options):
            forced = self.fork.force(self.actor, option.move, option.target, now=True)
            name = option.move if option.target is None else f"{option.move} {option.target}"
            told = self._played(forced, meter, name, option.move, option.target, MOVE, place)
            if place == 0:
                threatening = threat(told.futures, assembly, self.actor)
            adversary = adversary_of(assembly, self.actor, option.target) or threatening
            found.append(replace(told, futures=told.futures.against(adversary)))
        for inject in self.interventions:
            forced = self.fork.intervene(inject).force(self.actor, HOLD, now=True)
            told = self._played(forced, meter, inject, HOLD, None, INTERVENTION, None)
            found.append(replace(told, futures=told.futures.against(threatening)))
        return found

    def _played(
        self,
        forced: Fork,
        meter: Meter,
        name: str,
        move: str,
        target: str | None,
        kind: str,
        place: int | None,
    ) -> Candidate:
        """Play the futures of one option."""
        from sim.analysis.advice import Candidate

        ensemble = forced.ensemble(
            self.replicates, self.seed, threads=self.threads, progress=meter.piece()
        )
        futures = self._futures(ensemble.outcomes)
        assembly, origin = forced.log.assembly, forced.state
        return Candidate(name, move, target, kind, futures, place, assembly, origin)

    def rarely(self, candidates: list[Candidate], meter: Meter) -> list[Candidate]:
        """Estimate P(open war) of every option by splitting, paired with holding."""
        from sim.forks import Fork
        from sim.rare_ends import RareEstimate, rare

        found = []
        hold: RareEstimate | None = None
        for candidate in candidates:
            log = replace(self.fork.log, assembly=candidate.assembly, state=candidate.origin)
            estimate = rare(
                Fork(log, self.fork.day),
                seed=self.seed,
                replicates=self.trees,
                threads=self.threads,
                progress=meter.piece(),
                like=hold,
            )
            hold = hold or estimate
            found.append(replace(candidate, war=estimate.account))
        return found

    @property
    def trees(self) -> int:
        """How many trees estimate the probability of a rare end."""
        return max(2, self.replicates // TREES)

    def over_worlds(
        self, candidates: list[Candidate], worlds: int, replicates: int, meter: Meter
    ) -> dict[str, OverWorlds]:
        """Play every option in worlds whose rules weigh otherwise."""
        from sim.analysis.robust import over_worlds
        from sim.engines.worlds import play_worlds

        def measure(k: int, outcomes: Outcomes) -> list[np.ndarray]:
            futures = self._futures(outcomes).against(candidates[k].futures.adversary)
            return self.aim.criteria(futures)

        arrays = play_worlds(
            [(candidate.assembly, candidate.origin) for candidate in candidates],
            measure,
            worlds=worlds,
            replicates=replicates,
            seed=self.seed,
            threads=self.threads,
            progress=meter.tell,
        )
        moves = len(candidates) - len(self.interventions)
        found = over_worlds(dict(zip(self.aim.names, arrays, strict=True)), moves)
        return {c.option: told for c, told in zip(candidates, found, strict=True)}

    def two_deep(
        self, candidates: list[Candidate], budget: int, meter: Meter
    ) -> tuple[dict[str, Deep], int]:
        """Find the best replies to the adversary's likeliest answers, and what that took."""
        from sim.analysis.replies import reply
        from sim.engines.nested import Option, play_steps

        assembly = self.fork.log.assembly
        own = assembly.options[assembly.actors.index(self.actor)]
        options, answers = [], []
        for candidate in candidates:
            adversary = candidate.futures.adversary

            def measure(outcomes: Outcomes, adversary: str = adversary) -> list[np.ndarray]:
                return self.aim.criteria(self._futures(outcomes).against(adversary))

            options.append(Option(candidate.assembly, candidate.origin, adversary, measure))
            theirs = assembly.options[assembly.actors.index(adversary)] if adversary else ()
            answers.append([str(option) for option in theirs])
        steps = play_steps(
            options,
            self.actor,
            budget=budget,
            seed=self.seed,
            threads=self.threads,
            progress=meter.tell,
        )
        moves = len(candidates) - len(self.interventions)
        found = reply(steps, self.aim.names, [str(option) for option in own], answers, moves)
        deep = {c.option: told for c, told in zip(candidates, found, strict=True)}
        return deep, sum(step.futures for step in steps)

    def _futures(self, outcomes: Outcomes) -> Futures:
        from sim.analysis.futures import Futures

        actors, horizon = self.fork.log.assembly.actors, self.fork.scenario.horizon_days
        return Futures.of(outcomes, actors, self.fork.state, horizon)
