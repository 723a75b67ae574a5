"""An ensemble, and what can be asked of it: estimates with intervals, pairs, told histories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.crisis import Scenario, load
from sim.errors import InputError
from sim.growth import MOST, Told, grow

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.analysis.intervals import Difference, Estimate
    from sim.analysis.transitions import Transitions
    from sim.engines.assemble import Assembly
    from sim.engines.ensemble import Outcomes
    from sim.history import History

__all__ = ["MOST", "Ensemble", "Told", "ensemble"]


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
    most : int, >= 1
        Where `precision` gives up; sooner where the memory has no room for so many.
    threads : int, 1..1024, optional
        As many as there are processors if not given; changes nothing but the time.
    paths : bool
        Whether to keep each actor's highest rung on each day: a byte each.
    progress : callable, optional
        Called with the replicates finished and asked for so far; first with none, before anything
        is compiled.

    Returns
    -------
    Ensemble

    Raises
    ------
    InputError
        Where a number is out of range, both `replicates` and `precision` are given, there is no
        such outcome, or no memory for so many replicates.

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
        assemble(chosen),
        origin=None,
        replicates=replicates,
        seed=seed,
        precision=precision,
        outcome=outcome,
        most=most,
        threads=threads,
        paths=paths,
        progress=progress,
    )


class Ensemble:
    """Replicates of one scenario, counted.

    Attributes
    ----------
    scenario : Scenario
    outcomes : Outcomes
        Typed columns, a row a replicate.
    seed : int
    seconds : float
        What it took, without compiling.
    reached : bool or None
        Whether the precision asked for was reached; None where none was asked for.
    threads : int
        On how many it was played.
    """

    def __init__(
        self,
        assembly: Assembly,
        outcomes: Outcomes,
        seed: int,
        seconds: float = 0.0,
        origin: np.record | None = None,
        threads: int = 1,
    ) -> None:
        from sim.analysis.outcomes import Counted

        self.assembly = assembly
        self.scenario = assembly.scenario
        self.outcomes = outcomes
        self.seed = seed
        self.seconds = seconds
        self.threads = threads
        self.reached: bool | None = None
        self.counted = Counted(outcomes, assembly.actors)
        self.origin = origin

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

    def _streams(self) -> tuple[object, ...]:
        """Return what two ensembles must share to meet the same luck."""
        from sim.kernel.layout import NOW

        fork = None
        if self.origin is not None:
            fork = (*(int(part) for part in self.origin.key), float(self.origin.time[NOW]))
        return self.seed, len(self), self.assembly.actors, fork

    def _check_pair(self, other: Ensemble, key: str) -> None:
        if self._streams() != other._streams():
            raise InputError(
                "two ensembles pair only with the same seed, size, actors and moment of a fork",
                key=key,
            )

    def transitions(self, other: Ensemble) -> Transitions:
        """Count how many histories differ in `other` at all, and how; both are played again.

        Raises
        ------
        InputError
            As of `compare`, or where the actors have other options there.
        """
        from sim.counterfactuals import transitions

        self._check_pair(other, "transitions")
        origins = self.origin, other.origin
        return transitions(self.assembly, other.assembly, len(self), self.seed, origins=origins)

    def compare(self, other: Ensemble) -> dict[str, Difference]:
        """Estimate ``other - self`` for each outcome, paired replicate by replicate.

        Raises
        ------
        InputError
            Where the two do not share their streams: another seed, size or set of actors; or
            where there is but one pair.
        """
        if len(self) < 2:
            raise InputError("a pair is no sample", key="replicates", allowed="2 or more")
        self._check_pair(other, "compare")
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
        model = CrisisModel(self.assembly, self.seed, replicate=k, origin=self.origin)
        while model.running:
            model.advance(self.scenario.horizon_days)
        return History(model.log)

    def worst(self) -> History:
        """Tell the replicate that went worst, by the Mesa model."""
        return self.history(self.worst_replicate())

    def worst_replicate(self) -> int:
        """Return which replicate went worst: war first, then the highest rung, then most dead."""
        from sim.analysis.outcomes import worst

        return worst(self.counted)

    def typical(self, end: str | None = None) -> History:
        """Tell the replicate nearest to the middle of those with that end, by the Mesa model."""
        return self.history(self.typical_replicate(end))

    def typical_replicate(self, end: str | None = None) -> int:
        """Return which replicate is nearest to the middle of those with that end, or of all.

        Raises
        ------
        InputError
            Where no replicate ends so.
        """
        from sim.analysis.outcomes import typical

        return typical(self.counted, end)

    def plot(self, kind: str = "fan", ax: Axes | None = None) -> Axes:
        """Draw a picture: outcomes, fan, paths, tree, incidence or matrix (see `sim.drawing`)."""
        from sim.drawing import plot

        return plot(self, kind, ax)

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

    def to_json(self) -> str:
        """Return what it found as a JSON text: without the seconds, the same for the same input."""
        found = {name: value for name, value in self.to_dict().items() if name != "seconds"}
        return json.dumps(found, indent=2, ensure_ascii=False, default=str) + "\n"

    def save(self, folder: str | Path) -> Path:
        """Write summary.csv, ensemble.json, outcomes.npz and manifest.json into `folder`.

        All are complete or not there; the same input gives the same bytes.  outcomes.npz holds the
        columns of `sim.engines.ensemble.Outcomes`, each under its name and with its type, a row a
        replicate, and `actors`, which names what the last axis of `first_force`, `dead` and `paths`
        counts: ``numpy.load(folder / "outcomes.npz")["end"]``.

        Raises
        ------
        OSError
            Where the folder cannot be written.
        """
        from sim.saving import save_ensemble

        return save_ensemble(self, Path(folder))
