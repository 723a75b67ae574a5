"""A counterfactual: the same crisis twice, sharing all its luck, with other values in one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario, load
from sim.errors import InputError
from sim.history import History, run
from sim.sizes import COUNTERFACTUAL_REPLICATES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from sim.analysis.alongside import Stretch
    from sim.analysis.parting import Difference, Parting, Step
    from sim.analysis.transitions import Transitions
    from sim.engines.assemble import Assembly
    from sim.engines.log import Event
    from sim.growth import Told

__all__ = ["Counterfactual", "changed", "counterfactual", "transitions"]


def counterfactual(
    scenario: Scenario | str | Path,
    change: Mapping[str, object],
    *,
    seed: int = 1,
    replicate: int = 0,
    source: str = "change",
) -> Counterfactual:
    """Simulate one history, and the same one with other values: and find where they part.

    Parameters
    ----------
    scenario : Scenario, str or Path
        The baseline.
    change : mapping of str to object
        Dotted paths and their values in the counterfactual.  An intervention is one such:
        ``{"injects.hotline.on": True}``.
    seed : int, 0 <= seed < 2**64
    replicate : int, >= 0
        Both histories are this replicate of this seed: every question that comes up in both is
        answered by the same random number.
    source : str
        Where the change comes from, as an error names it.

    Returns
    -------
    Counterfactual

    Raises
    ------
    InputError
        Where a path or a value is wrong, nothing changes, or the start does: histories that begin
        at different moments share no days.

    Examples
    --------
    >>> import sim
    >>> pair = sim.counterfactual("after-the-strike", {"strike.dead": 80}, seed=7)
    >>> pair.difference.kind, pair.parting.actor
    ('opening', 'iraq')
    """
    base = scenario if isinstance(scenario, Scenario) else load(scenario)
    other = changed(base, change, source)
    return Counterfactual(*(run(one, seed, replicate=replicate) for one in (base, other)))


def changed(base: Scenario, change: object, source: str = "change") -> Scenario:
    """Make the counterfactual's scenario, and refuse what makes no pair."""
    if not isinstance(change, Mapping) or not all(isinstance(path, str) for path in change):
        problem = f"{change!r} says no values"
        raise InputError(problem, key=source, allowed="values by dotted path")
    other = base.with_(dict(change), source=source)
    if other.start != base.start:
        raise InputError("two histories need the same start to share their days", key="start")
    if other == base:
        raise InputError("nothing is changed: the values are those of the baseline", key=source)
    return other


class Counterfactual:
    """Two histories of one seed and replicate.

    Parameters
    ----------
    base, other : History
        The baseline and the counterfactual.

    Raises
    ------
    InputError
        Where the two share no luck: another seed, replicate, set of actors or of their options.
    """

    def __init__(self, base: History, other: History) -> None:
        luck = [
            (one.seed, one.replicate, one.log.assembly.actors, one.log.assembly.options)
            for one in (base, other)
        ]
        if luck[0] != luck[1]:
            problem = "two histories pair only with the same seed, replicate, actors and options"
            raise InputError(problem, key="other")
        self.base = base
        self.other = other

    def __repr__(self) -> str:
        """Say what it compares, and where the two part."""
        where = "nothing differs" if self.difference is None else "no decision parts them"
        if self.parting is not None:
            where = f"{self.parting.actor} parts them on day {self.parted:.2f}"
        return f"<Counterfactual of {self.base.scenario.name}, seed {self.base.seed}: {where}>"

    @property
    def parted(self) -> float:
        """Day of the decision at which they part: of the earlier of the two; inf for none."""
        if self.parting is None:
            return float("inf")
        return min(self.parting.base.day, self.parting.other.day)

    @cached_property
    def difference(self) -> Difference | None:
        """The first thing at all that is not the same; None where everything is."""
        from sim.analysis.parting import difference

        return difference(self.base.log, self.other.log)

    @cached_property
    def parting(self) -> Parting | None:
        """The earliest decision that takes another option; None where none does."""
        from sim.analysis.parting import parting

        return parting(self.base.log, self.other.log)

    def frame(self) -> pd.DataFrame:
        """Return the visible moves of both in order of time, those that both have once.

        Columns: day, date, actor, move, rung, target, dead, in (both, baseline or counterfactual).
        """
        import pandas as pd

        names = ("day", "date", "actor", "move", "rung", "target")
        rows = [
            {name: getattr(event, name) for name in names}
            | {"dead": sum(event.dead.values()), "in": where}
            for where, event in self.events()
            if event.rung is not None
        ]
        return pd.DataFrame(rows, columns=[*names, "dead", "in"])

    def events(self) -> list[tuple[str, Event]]:
        """List the events from the start on in order of time, and where each is.

        That is both, baseline or counterfactual.
        """
        from sim.analysis.alongside import aligned

        return aligned(self.base.events, self.other.events)

    def stretches(self, everything: bool = False) -> list[Stretch]:
        """Choose what to tell of both side by side.

        That is the first events that differ and what is learnt up to the parting, with what both
        have counted; or every event.
        """
        from sim.analysis.alongside import stretches

        return stretches(self.events(), self.parted, everything)

    def settings(self) -> list[tuple[str, Any, Any, Any]]:
        """List the values that are not the file's: path, of the file, baseline, counterfactual."""
        base, other = self.base.scenario, self.other.scenario
        return [
            (path, before, base.parameter(path), other.parameter(path))
            for path, before in other.replaced.items()
        ]

    def transitions(
        self,
        replicates: int = COUNTERFACTUAL_REPLICATES,
        seed: int | None = None,
        *,
        threads: int | None = None,
        progress: Told | None = None,
    ) -> Transitions:
        """Count over many pairs how many histories the change changes, and how.

        Parameters
        ----------
        replicates : int, >= 1
        seed : int, optional
            The pair's own if not given.
        threads, progress
            As of `sim.ensemble`.
        """
        return transitions(
            self.base.log.assembly,
            self.other.log.assembly,
            replicates,
            self.base.seed if seed is None else seed,
            threads=threads,
            progress=progress,
        )

    def to_dict(self, ensemble: Transitions | None = None) -> dict[str, Any]:
        """Return both histories and where they part, for JSON, with the ensemble where given."""
        first, part = self.difference, self.parting
        return {
            "scenario": self.base.scenario.name,
            "seed": self.base.seed,
            "replicate": self.base.replicate,
            "change": {
                path: {"baseline": before, "counterfactual": after}
                for path, before, after in changes(self.base.scenario, self.other.scenario)
            },
            "difference": {
                "kind": first.kind,
                "day": first.day,
                "baseline": _told(first.base),
                "counterfactual": _told(first.other),
            }
            if first
            else None,
            "parting": part.to_dict() if part else None,
            "baseline": self.base.to_dict(),
            "counterfactual": self.other.to_dict(),
            **({"ensemble": ensemble.to_dict()} if ensemble else {}),
        }

    def to_json(self, ensemble: Transitions | None = None) -> str:
        """Return it as a JSON text, the same for the same pair."""
        told = self.to_dict(ensemble)
        return json.dumps(told, indent=2, ensure_ascii=False, default=str) + "\n"


def changes(base: Scenario, other: Scenario) -> list[tuple[str, Any, Any]]:
    """List the values that differ: path, baseline, counterfactual."""
    return [
        (path, base.parameter(path), value)
        for path in {**base.overrides, **other.overrides}
        if base.parameter(path) != (value := other.parameter(path))
    ]


def _told(step: Step | None) -> dict[str, Any] | None:
    if step is None:
        return None
    event = step.event
    return {
        "day": step.day,
        "actor": step.actor,
        "kind": event.kind if event else "hold",
        "move": event.move if event else None,
        "target": event.target if event else None,
        "dead": event.dead if event else {},
    }


def transitions(
    base: Assembly,
    other: Assembly,
    replicates: int,
    seed: int,
    *,
    origins: tuple[np.record | None, np.record | None] = (None, None),
    threads: int | None = None,
    progress: Told | None = None,
) -> Transitions:
    """Play pairs of histories and count how many differ, and how.

    Parameters
    ----------
    base, other : Assembly
    replicates : int, >= 1
    seed : int
    origins : pair of STATE record or None
        Where the histories of each start.
    threads, progress
        As of `sim.ensemble`.
    """
    from sim.analysis.transitions import transitions as counted
    from sim.engines.pairs import play_pairs

    finished = 0

    def tell(more: int) -> None:
        nonlocal finished
        finished += more
        if progress is not None:
            progress(finished, replicates)

    if progress is not None:
        progress(0, replicates)
    found = play_pairs(
        base, other, replicates, seed, origins=origins, threads=threads, progress=tell
    )
    return counted(found, base, seed)
