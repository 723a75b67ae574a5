"""A sweep: every part of a study played, stored and merged; stopped and taken up at any moment.

The stages, in this order:

1. `begin` lays the study out, and looks at what its folder holds: nothing, or parts of this very
   study.  Changed inputs, torn and foreign files are refused by name.
2. `Sweep.play` hands out the parts that are not there, or in which something failed.
3. Each part is stored as soon as it is finished, and then merged into the tally: always in the
   order of the parts, whoever played them, so that the summary has the same bytes.
4. The summary is written, and the manifest says how it went.
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis.experiment_reading import Experiment
from sim.crisis.stored import from_json, to_json
from sim.errors import InputError, SimError
from sim.experiment.design_table import design_table
from sim.experiment.executors import Executor
from sim.experiment.manifests import digest_of
from sim.experiment.plan import Plan, plan
from sim.experiment.store import DESIGN, MANIFEST, SCENARIO, SUMMARY, Store
from sim.experiment.tally import Tally
from sim.experiment.versions import made_with
from sim.experiment.work import Failure, Part, Worker, tally_of, write_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.crisis.scenario import Scenario

__all__ = ["Sweep", "begin", "read_scenario", "tally_stored"]

FORMAT = 1
Summarise = Callable[[Tally, float], "pd.DataFrame"]


@dataclass
class Sweep:
    """A study on its way.

    Attributes
    ----------
    plan : Plan
    store : Store
    manifest : dict
    todo : tuple of int
        Parts to play, in the order in which they are handed out.
    failures : list of Failure
        What could not be played, in this sweep or, of the parts that it keeps, before.
    """

    plan: Plan
    store: Store
    manifest: dict[str, Any]
    todo: tuple[int, ...]
    failures: list[Failure] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Digest of the inputs."""
        return str(self.manifest["digest"])

    @property
    def rows(self) -> int:
        """Replicates that are still to be played."""
        layout = self.plan.layout
        return sum(len(p) * len(r) for p, r in map(layout.part, self.todo))

    def play(
        self,
        executor: Executor,
        summarise: Summarise,
        played: Callable[[int], None] = lambda n: None,
    ) -> None:
        """Play what is left, and write the summary.

        Parameters
        ----------
        executor : Executor
        summarise : callable
            Makes the summary of a tally, for a horizon in days.
        played : callable
            Called with the replicates just played.

        Raises
        ------
        InputError
            Where another sweep is at work in the folder, or a part that was stored is torn.
        StoreError
            Where the store cannot be written.  Whatever stops a sweep, the store stays whole.
        """
        worker = Worker(self.plan, self.digest)
        merged = Tally.none(self.plan.outcomes, self.plan.layout.points)
        with self.store.locked():
            try:
                self._tell("running")
                with contextlib.closing(executor.play(worker, self.todo, played)) as parts:
                    for tally in self._in_order(parts):
                        merged.add(tally)
                self.store.write_frame(SUMMARY, summarise(merged, self.plan.horizon))
                self._tell("incomplete" if self.failures else "complete")
            except BaseException:
                with contextlib.suppress(SimError):  # The disk may be full; the cause says more.
                    self._tell("interrupted")
                raise

    def _in_order(self, parts: Iterator[Part | Failure]) -> Iterator[Tally]:
        """Store parts as they come, and yield the tallies of all, in the order of the parts."""
        held: dict[int, Tally | None] = {}
        awaited = set(self.todo)
        for k in range(self.plan.layout.parts):
            if k not in awaited:
                yield self._tally(self.store.read_part(k, self.digest))
                continue
            while k not in held:
                part = next(parts)
                if isinstance(part, Failure):
                    self.failures.append(part)
                    held[part.part] = self._kept(part.part)
                    continue
                self.store.write(self.store.part(part.index), part.content)
                self.failures = [f for f in self.failures if f.part != part.index]
                self.failures += part.failures
                held[part.index] = part.tally
            tally = held.pop(k)
            if tally is not None:
                yield tally

    def _kept(self, k: int) -> Tally | None:
        """Return what is stored of a part that was to be retried and got lost."""
        if not self.store.part(k).exists():
            return None
        return self._tally(self.store.read_part(k, self.digest))

    def _tally(self, table: pa.Table) -> Tally:
        return tally_of(self.plan.outcomes, self.plan.horizon, table)

    def _tell(self, status: str) -> None:
        failed = sorted(self.failures, key=lambda f: (f.part, f.point or 0, f.replicate or 0))
        self.manifest |= {"status": status, "failures": [asdict(f) for f in failed]}
        self.store.write_json(MANIFEST, self.manifest)


def begin(experiment: Experiment, folder: Path, release: str, resume: bool = False) -> Sweep:
    """Lay a study out in its folder, or take up the one that is there.

    Parameters
    ----------
    experiment : Experiment
    folder : Path
    release : str
        Version of this package, for the record.
    resume : bool
        Whether to go on with the study that the folder holds; with one that is complete there is
        nothing left to do.

    Raises
    ------
    InputError
        Where the folder holds a study and `resume` is not given; where the inputs are not those
        of the study it holds; where it holds a torn or foreign file.
    StoreError
        Where the folder cannot be written.
    """
    store = Store(folder)
    found = plan(experiment)
    design = write_table(design_table(found.design))
    fresh = _manifest(experiment, found, design, release)
    store.make()
    with store.locked():
        if not store.exists():
            store.write(store.path(SCENARIO), to_json(found.scenario).encode())
            store.write(store.path(DESIGN), design)
            store.write_json(MANIFEST, fresh)
        elif not resume:
            raise InputError(
                "holds a study already",
                file=str(folder),
                allowed="--resume to go on with it, --out for another folder",
            )
        _check_same(store.manifest(), fresh, folder)
        _check_laid(store, found, design)
        store.clear()
        there = set(store.stored(found.layout.parts))
        told = [f for k in sorted(there) for f in store.about(k, fresh["digest"])["failures"]]
        failures = [Failure(**failure) for failure in told]
        failed = {failure.part for failure in failures}
        todo = tuple(k for k in range(found.layout.parts) if k not in there or k in failed)
        return Sweep(found, store, fresh, todo, failures)


def _manifest(experiment: Experiment, found: Plan, design: bytes, release: str) -> dict[str, Any]:
    """Return the manifest of a study that has not been begun: no times, the same for the same."""
    scenario = found.scenario
    said = experiment.file.model_dump(mode="json", exclude={"title", "asks"}, exclude_none=True)
    inputs = {
        **said,
        "scenario": scenario.name,
        "set": {path: _shown(value) for path, value in scenario.overrides.items()},
        "outcomes": list(found.outcomes),
        "content of the scenario": scenario.digest(),
        "design points": sha256(design).hexdigest(),
        "format of the store": FORMAT,
        **made_with(),
    }
    layout = found.layout
    return {
        "study": experiment.name,
        "title": experiment.title,
        "asks": experiment.file.asks or "",
        "status": "running",
        "digest": digest_of(inputs),
        "inputs": inputs,
        "points": layout.points,
        "replicates": layout.points * layout.replicates,
        "parts": layout.parts,
        "block": layout.block,
        "targets": [list(paths) for paths in found.design.targets],
        "horizon_days": found.horizon,
        "versions": {"escalation": release, "python": platform.python_version()},
        "machine": platform.machine(),
        "failures": [],
    }


def tally_stored(store: Store, manifest: dict[str, Any]) -> Tally:
    """Count the parts that are there, of a study that is not finished."""
    outcomes = tuple(manifest["inputs"]["outcomes"])
    merged = Tally.none(outcomes, manifest["points"])
    for k in store.stored(manifest["parts"]):
        table = store.read_part(k, manifest["digest"])
        merged.add(tally_of(outcomes, manifest["horizon_days"], table))
    return merged


def _check_laid(store: Store, found: Plan, design: bytes) -> None:
    """Refuse a study whose scenario or design points are no longer what was written."""
    place = store.path(DESIGN)
    if store.read(place) != design:
        raise InputError("is torn: its design points are other ones", file=str(place))
    place = store.path(SCENARIO)
    if read_scenario(store).digest() != found.scenario.digest():
        raise InputError("is torn: its scenario is another one", file=str(place))


def read_scenario(store: Store) -> Scenario:
    """Read a study's own copy of its scenario, in which the factors were set.

    Raises
    ------
    InputError
        Where it is missing or torn.
    """
    place = store.path(SCENARIO)
    try:
        return from_json(store.read(place).decode(), str(place))
    except ValueError:
        raise InputError("is torn: it is not UTF-8", file=str(place)) from None


def _shown(value: object) -> object:
    return value if isinstance(value, bool | int | float | str) else str(value)


def _flat(inputs: dict[str, Any]) -> dict[str, Any]:
    """Give the inputs with an entry for every path that is set."""
    values = {f"set {path}": value for path, value in inputs.get("set", {}).items()}
    return {name: value for name, value in inputs.items() if name != "set"} | values


def _check_same(stored: dict[str, Any], fresh: dict[str, Any], folder: Path) -> None:
    """Refuse to go on with other inputs than the study was begun with, and say which."""
    if stored.get("digest") == fresh["digest"]:
        return
    before, now = _flat(stored["inputs"]), _flat(fresh["inputs"])
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    told = []
    for name in changed:
        old, new = before.get(name, "nothing"), now.get(name, "nothing")
        short = all(len(str(value)) < 40 for value in (old, new))
        told.append(f"{name} is {new}, was {old}" if short else f"{name} changed")
    raise InputError(
        f"its inputs have changed since it was begun: {'; '.join(told)}",
        file=str(folder),
        allowed="the same inputs, or --out for another folder",
    )
