"""An ensemble, and what can be asked of it: estimates with intervals, pairs, told histories."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.crisis import Scenario, load
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.intervals import Difference, Estimate
    from sim.engines.assemble import Assembly
    from sim.engines.ensemble import Outcomes
    from sim.history import History

FIRST = 2_000  # replicates before `precision` first looks
MOST = 10_000_000  # replicates at which `precision` gives up

#: Called with replicates finished and replicates asked for.
Told = Callable[[int, int], None]


def ensemble(
    scenario: Scenario | str | Path,
    replicates: int | None = None,
    seed: int = 1,
    *,
    precision: float | None = None,
    outcome: str = "open_war",
    most: int = MOST,
    threads: int | None = None,
    paths: bool = False,
    progress: Told | None = None,
) -> Ensemble:
    """Simulate many replicates of a scenario in compiled code.

    Parameters
    ----------
    scenario : Scenario, str or Path
    replicates : int, optional
        How many; 100,000 if neither this nor `precision` is given.
    seed : int, 0 <= seed < 2**64
        Replicate k is the history ``run(scenario, seed, replicate=k)``, to the bit.
    precision : float, > 0, optional
        In place of `replicates`: go on until the interval of `outcome` is at most this far from its
        middle, or `most` replicates have been played (see ``Ensemble.reached``).
    outcome : str
        Which outcome `precision` is about.
    threads : int, optional
        All processors if not given; changes nothing but the time.
    paths : bool
        Whether to keep each actor's highest rung on each day: a byte each.
    progress : callable, optional
        Called with the replicates finished and asked for so far.

    Returns
    -------
    Ensemble

    Raises
    ------
    InputError
        Where a number is out of range, or both `replicates` and `precision` are given.

    Examples
    --------
    >>> import sim
    >>> estimate = sim.ensemble("after-the-strike", replicates=1000).probability("open_war")
    >>> estimate.low <= estimate.mean <= estimate.high
    True
    """
    from sim.engines.assemble import assemble

    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    return grow(
        assemble(chosen), None, replicates, seed, precision, outcome, most, threads, paths, progress
    )


def grow(
    assembly: Assembly,
    origin: np.record | None,
    replicates: int | None,
    seed: int,
    precision: float | None,
    outcome: str,
    most: int,
    threads: int | None,
    paths: bool,
    progress: Told | None,
) -> Ensemble:
    """Play an ensemble of a given size, or one that grows until it is precise."""
    from sim.engines.ensemble import Outcomes, play_ensemble

    if precision is not None and replicates is not None:
        raise InputError("give replicates or precision, not both", key="precision")
    if precision is not None and not precision > 0:
        raise InputError(f"{precision} is out of range", key="precision", allowed="above 0")
    began = time.perf_counter()
    parts: list[Outcomes] = []
    played = 0
    goal = replicates if replicates is not None else (100_000 if precision is None else FIRST)
    finished = 0

    def tell(more: int) -> None:
        nonlocal finished
        finished += more
        if progress is not None:
            progress(finished, goal)

    while True:
        parts.append(
            play_ensemble(
                assembly,
                goal - played,
                seed,
                first=played,
                origin=origin,
                threads=threads,
                paths=paths,
                progress=tell,
            )
        )
        played = goal
        result = Ensemble(
            assembly, Outcomes.joined(parts), seed, time.perf_counter() - began, origin
        )
        if precision is None:
            return result
        half = result.probability(outcome).half_width
        result.reached = bool(half <= precision)
        if result.reached or played >= most:
            return result
        # Intervals shrink with the root of the size; a tenth more, so as not to miss by a hair.
        wanted = played * (half / precision) ** 2 * 1.1 if np.isfinite(half) else played * 4
        goal = int(min(most, max(played * 1.2, min(wanted, played * 16))))


class Ensemble:
    """Replicates of one scenario, counted.

    Attributes
    ----------
    scenario : Scenario
    outcomes : Outcomes
        Typed columns, a row a replicate.
    seed : int
    seconds : float
        What it took.
    reached : bool or None
        Whether the precision asked for was reached; None where none was asked for.
    """

    def __init__(
        self,
        assembly: Assembly,
        outcomes: Outcomes,
        seed: int,
        seconds: float = 0.0,
        origin: np.record | None = None,
    ) -> None:
        from sim.analysis.outcomes import Counted

        self.assembly = assembly
        self.scenario = assembly.scenario
        self.outcomes = outcomes
        self.seed = seed
        self.seconds = seconds
        self.reached: bool | None = None
        self.counted = Counted(outcomes, assembly.actors)
        self._origin = origin

    def __len__(self) -> int:
        """Return the number of replicates."""
        return len(self.outcomes)

    def __repr__(self) -> str:
        """Say what it is an ensemble of."""
        return f"<Ensemble of {self.scenario.name}: {len(self)} replicates of seed {self.seed}>"

    def probability(self, outcome: str) -> Estimate:
        """Estimate one outcome, a share or a mean, with its interval."""
        return self.counted.estimate(outcome)

    def summary(self) -> pd.DataFrame:
        """Return every outcome's estimate, a row each: mean, low, high, n, method.

        Shares carry Wilson's interval, means that of normal theory, medians (``*_first_force``,
        over the replicates in which the actor used force) that of order statistics; all at 95 %.
        """
        import pandas as pd

        names = self.counted.names()
        rows = [self.probability(name).to_dict() for name in names]
        return pd.DataFrame(rows, index=pd.Index(names, name="outcome"))

    def frame(self) -> pd.DataFrame:
        """Return the outcomes, a row a replicate."""
        import pandas as pd

        names = [name for name in self.counted.names() if not name.endswith("_7d")]
        columns = {name: self.counted.values(name) for name in names}
        return pd.DataFrame(columns).rename_axis("replicate")

    @property
    def paths(self) -> np.ndarray:
        """Highest rung of each actor's moves on each day; -1 for none.

        int8, shape (replicates, days, actors).
        """
        if self.outcomes.paths.shape[1] == 0:
            raise InputError("daily paths were not kept: ask for them with paths=True", key="paths")
        return self.outcomes.paths

    def compare(self, other: Ensemble) -> dict[str, Difference]:
        """Estimate ``other - self`` for each outcome, paired replicate by replicate.

        Raises
        ------
        InputError
            Where the two do not share their streams: another seed, size or set of actors.
        """
        if (self.seed, len(self), self.assembly.actors) != (
            other.seed,
            len(other),
            other.assembly.actors,
        ):
            raise InputError(
                "two ensembles pair only with the same seed, size and actors", key="compare"
            )
        pairs = {
            name: self.counted.difference(other.counted, name) for name in self.counted.names()
        }
        return {name: pair for name, pair in pairs.items() if pair is not None}

    def history(self, k: int) -> History:
        """Tell replicate `k` in full, by the Mesa model.

        Raises
        ------
        InputError
            Where there is no such replicate.
        """
        from sim.engines.model import CrisisModel
        from sim.history import History

        if not 0 <= k < len(self):
            raise InputError(
                f"there is no replicate {k}", key="history", allowed=f"0 to {len(self) - 1}"
            )
        model = CrisisModel(self.scenario, self.seed, replicate=k, origin=self._origin)
        while model.running:
            model.advance(self.scenario.horizon_days)
        return History(model.log)

    def worst(self) -> History:
        """Tell the replicate that went worst: war first, then the highest rung, then most dead."""
        from sim.analysis.outcomes import worst

        return self.history(worst(self.counted))

    def typical(self, end: str | None = None) -> History:
        """Tell the replicate nearest to the middle of those with that end, or of all."""
        from sim.analysis.outcomes import typical

        return self.history(typical(self.counted, end))

    def to_dict(self) -> dict[str, Any]:
        """Return what the ensemble found, for JSON."""
        return {
            "scenario": self.scenario.name,
            "overrides": dict(self.scenario.overrides),
            "digest": self.scenario.digest(),
            "seed": self.seed,
            "replicates": len(self),
            "seconds": self.seconds,
            "reached": self.reached,
            "outcomes": {name: self.probability(name).to_dict() for name in self.counted.names()},
        }
