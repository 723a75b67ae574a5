"""Which statement carries the result: each is left out in turn, on the same luck."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario, citations, load
from sim.errors import InputError, nearest_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.analysis.influence import Effect, InfluenceSummary
    from sim.analysis.outcomes import Counted
    from sim.crisis import Statement
    from sim.engines.assemble import Assembly
    from sim.engines.moves import Moves
    from sim.growth import Told

__all__ = ["MOST", "REPLICATES", "Influence", "influence"]

REPLICATES = 20_000
#: The moves of all histories may have to be held, twice.
MOST = 200_000
SOON = 7


def influence(
    scenario: Scenario | str | Path,
    replicates: int = REPLICATES,
    seed: int = 1,
    *,
    actor: str | None = None,
    threads: int | None = None,
    progress: Told | None = None,
) -> Influence:
    """Leave out each statement in turn, and measure what that changes.

    Every rule loses the statement's share; replicate k meets the same luck with and without it.
    The changes are those in the probability of open war, in that of force by an actor within 7
    days, and in the mean number of dead.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, a bundled name, or a file.
    replicates : int, 2 to 200,000
        Histories with all statements, and without each.
    seed : int, 0 <= seed < 2**64
        They all share it.
    actor : str, optional
        Whose force is counted; whoever was struck last in the opening if not given.
    threads : int, optional
        All processors if not given; changes nothing but the time.
    progress : callable, optional
        Called with the histories finished and asked for, all statements together.

    Returns
    -------
    Influence

    Raises
    ------
    InputError
        Where there is no such actor, it has no move of force, or a number is out of range.

    Examples
    --------
    >>> import sim
    >>> found = sim.influence("after-the-strike", replicates=50)
    >>> found.summary.effects[0].statement.id in found.scenario.crisis.statements
    True
    """
    from sim.analysis.influence import InfluenceSummary, Silent, tested
    from sim.analysis.intervals import LEVEL, simultaneous

    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    if not 2 <= replicates <= MOST:
        raise InputError(f"{replicates} is out of range", key="replicates", allowed=f"2 to {MOST}")
    whose = _whose(chosen, actor)
    outcomes = _outcomes(chosen, whose)
    statements = tested(chosen)
    comparisons = len(statements) * len(outcomes)
    level = simultaneous(LEVEL, max(1, comparisons))
    lab = _Laboratory(chosen, replicates, seed, threads, progress, 1 + len(statements))
    began = time.perf_counter()
    base = lab.base
    effects = [lab.effect(statement, tuple(outcomes), level) for statement in statements.values()]
    informs = citations(chosen)
    summary = InfluenceSummary(
        chosen.name,
        tuple(outcomes),
        tuple(outcomes.values()),
        whose,
        tuple(base.estimate(name) for name in outcomes),
        tuple(sorted(effects, key=lambda found: -found.size)),
        tuple(
            Silent(statement, informs[name])
            for name, statement in chosen.crisis.statements.items()
            if name not in statements
        ),
        LEVEL,
        comparisons,
        replicates,
        seed,
    )
    return Influence(chosen, summary, time.perf_counter() - began)


def _whose(scenario: Scenario, actor: str | None) -> str | None:
    """Say whose force is counted; nobody's where nobody has a move of force."""
    kinetic = {move.id for move in scenario.crisis.moves if move.kinetic}
    able = [a.id for a in scenario.crisis.actors if kinetic & a.moves()]
    if actor is not None:
        if actor not in able:
            known = actor in [a.id for a in scenario.crisis.actors]
            raise InputError(
                f"{actor} has no move of force" if known else f"no such actor {actor!r}",
                key="actor",
                allowed=", ".join(able) or "nobody",
                nearest=None if known else nearest_name(actor, able),
            )
        return actor
    struck = [event.target for event in scenario.blows]
    return next((who for who in (*reversed(struck), *able) if who in able), None)


def _outcomes(scenario: Scenario, actor: str | None) -> dict[str, str]:
    """Name what the changes are measured in, with what a reader calls it."""
    found = {"open_war": "open war"}
    if actor is not None:
        short = scenario.crisis.actor(actor).short
        found[f"{actor}_force_{SOON}d"] = f"{short} force within {SOON} days"
    return {**found, "dead": "dead"}


class _Laboratory:
    """Plays a scenario with all its statements and without each, on the same streams."""

    def __init__(
        self,
        scenario: Scenario,
        replicates: int,
        seed: int,
        threads: int | None,
        progress: Told | None,
        ensembles: int,
    ) -> None:
        from sim.engines.assemble import assemble
        from sim.engines.ensemble import compile_kernel

        self.scenario = scenario
        self.assembly = assemble(scenario)
        self.replicates = replicates
        self.seed = seed
        self.threads = threads
        self.progress = progress
        self.asked = replicates * ensembles
        self.finished = 0
        if progress is not None:
            progress(0, self.asked)
        compile_kernel(self.assembly)

    @cached_property
    def base(self) -> Counted:
        """The outcomes with all statements."""
        return self._count(self.assembly)

    @cached_property
    def moves(self) -> Moves:
        """The moves with all statements."""
        return self._moves(self.assembly)

    def effect(self, statement: Statement, outcomes: tuple[str, ...], level: float) -> Effect:
        """Measure what leaving a statement out changes."""
        from sim.analysis.influence import effect
        from sim.engines.assemble import assemble

        without = assemble(self.scenario.with_(f"statements.{statement.id}.counts", False))
        other = self._count(without)
        found = effect(self.scenario, statement, self.base, other, outcomes, level)
        if not found.identical:
            return found
        return replace(found, identical=self.moves.same(self._moves(without)))

    def _count(self, assembly: Assembly) -> Counted:
        from sim.analysis.outcomes import Counted
        from sim.engines.ensemble import play_ensemble

        outcomes = play_ensemble(
            assembly, self.replicates, self.seed, threads=self.threads, progress=self._finish
        )
        return Counted(outcomes, assembly.actors)

    def _moves(self, assembly: Assembly) -> Moves:
        from sim.engines.moves import play_moves

        return play_moves(assembly, self.replicates, self.seed, threads=self.threads)

    def _finish(self, more: int) -> None:
        self.finished += more
        if self.progress is not None:
            self.progress(self.finished, self.asked)


class Influence:
    """What each statement carries of a scenario's result.

    Attributes
    ----------
    scenario : Scenario
    summary : InfluenceSummary
        The changes, with intervals that hold together.
    seconds : float
        What it took.
    """

    def __init__(self, scenario: Scenario, summary: InfluenceSummary, seconds: float) -> None:
        self.scenario = scenario
        self.summary = summary
        self.seconds = seconds

    def __repr__(self) -> str:
        """Say what was measured."""
        found = self.summary
        return (
            f"<Influence of {len(found.effects)} statements on {self.scenario.name}: "
            f"{found.replicates} replicates of seed {found.seed}>"
        )

    def frame(self) -> pd.DataFrame:
        """Return a row per statement and outcome: the difference with its intervals."""
        return self.summary.frame()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw what leaving out each statement changes."""
        from sim.drawing import plot

        return plot(self, "influence", ax)

    def to_dict(self) -> dict[str, Any]:
        """Return everything, for JSON."""
        return {
            **self.summary.to_dict(),
            "digest": self.scenario.digest(),
            "overrides": dict(self.scenario.overrides),
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return it all as a JSON text: without the seconds, the same for the same input."""
        found = {name: value for name, value in self.to_dict().items() if name != "seconds"}
        return json.dumps(found, indent=2, ensure_ascii=False, default=str) + "\n"

    def save(self, folder: str | Path) -> Path:
        """Write influence.csv, influence.json and manifest.json into `folder`.

        All are complete or not there; the same input gives the same bytes.

        Raises
        ------
        OSError
            Where the folder cannot be written.
        """
        from sim.saving import save_influence

        return save_influence(self, Path(folder))
