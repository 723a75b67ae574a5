"""A history, and what can be asked of it: the moves, the reasons, the picture, the files."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.crisis import Scenario, load
from sim.errors import InputError, nearest_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.analysis.explanation import Explanation, RuleShare
    from sim.engines.actors import Decide, StateActor
    from sim.engines.log import Event, EventLog
    from sim.forks import Fork

COLUMNS = (
    "day",
    "date",
    "actor",
    "move",
    "rung",
    "target",
    "place",
    "launched_from",
    "dead",
    "claimed",
    "noticed",
    "attributed",
)


def run(
    scenario: Scenario | str | Path,
    seed: int = 1,
    *,
    replicate: int = 0,
    decide: Mapping[str, Decide | type[StateActor]] | None = None,
) -> History:
    """Simulate one history of a scenario with the Mesa model.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, or the name or path of one.
    seed : int, 0 <= seed < 2**64
    replicate : int, >= 0
        Which history of that seed.
    decide : mapping of actor id to callable or StateActor subclass, optional
        Who decides in the model's place.

    Returns
    -------
    History
        The same, to the bit, for the same scenario, seed and replicate.

    Examples
    --------
    >>> import sim
    >>> sim.run("after-the-strike", seed=7).end in ("open_war", "settlement", "horizon")
    True
    """
    from sim.engines.model import CrisisModel

    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    model = CrisisModel(chosen, seed, replicate=replicate, decide=decide)
    while model.running:
        model.advance(chosen.horizon_days)
    return History(model.log)


class History:
    """One simulated history of a scenario.

    Parameters
    ----------
    log : EventLog
        What an engine recorded (``CrisisModel.log``).

    Attributes
    ----------
    scenario : Scenario
    seed, replicate : int
    opening, events : tuple of Event
        What happened before the start, and from it on: moves, assessments, injects, the end.
    visible : tuple of Event
        The moves from the start on; the K of `explain` counts them from 1.
    """

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self.scenario = log.assembly.scenario
        self.seed = log.seed
        self.replicate = log.replicate
        self.opening: tuple[Event, ...] = tuple(log.opening)
        self.events: tuple[Event, ...] = tuple(log.events)
        self.visible: tuple[Event, ...] = tuple(
            e for e in log.events if e.move and e.rung is not None
        )

    def __repr__(self) -> str:
        """Say which history it is, and how it ended."""
        return (
            f"<History of {self.scenario.name}, seed {self.seed}: "
            f"{len(self.visible)} moves, {self.end} on day {self.days:.1f}>"
        )

    @property
    def end(self) -> str | None:
        """How it ended: open_war, settlement or horizon; None where it was broken off."""
        return self.log.end

    @property
    def days(self) -> float:
        """Day on which it ended, from the scenario's start."""
        from sim.kernel.layout import NOW

        return float(self.log.state.time[NOW])

    @property
    def peak_rung(self) -> int:
        """Highest rung that a move from the start on reached; 1, to hold, if there was none."""
        return max((event.rung or 0 for event in self.visible), default=1)

    @property
    def dead(self) -> dict[str, int]:
        """True dead by actor, those of the opening included."""
        return self.log.counts(self.log.state.dead)

    @property
    def known_dead(self) -> dict[str, int]:
        """Dead by actor as that actor itself knows them at the end."""
        return self.log.counts(self.log.state.known)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """The visible moves, a row each, numbered from 1.

        Columns: day (days from the start), date, actor, move, rung, target, place, launched_from,
        dead (all actors together), claimed, noticed, attributed, probability (that the actor would
        choose it then), because (ids of the rules that weighed for it, the strongest first).
        """
        import pandas as pd

        records = self.records()
        frame = pd.DataFrame(records, columns=[*COLUMNS, "probability", "because"])
        frame.index = pd.RangeIndex(1, len(records) + 1, name="number")
        return frame

    def records(self) -> list[dict[str, Any]]:
        """Return the rows of `moves` as dictionaries."""
        records = []
        for k, event in enumerate(self.visible, start=1):
            decision = self.log.decisions[self.log.acted[k - 1]]
            records.append(
                {name: getattr(event, name) for name in COLUMNS}
                | {
                    "dead": sum(event.dead.values()),
                    "probability": float(decision.probability[decision.option]),
                    "because": tuple(s.rule for s in self.because(k) if s.logits > 0),
                }
            )
        return records

    def explain(self, k: int) -> Explanation:
        """Explain the decision behind the k-th visible move, counted from 1.

        Raises
        ------
        InputError
            Where there is no such move.
        """
        from sim.analysis.explanation import explain

        if not 1 <= k <= len(self.visible):
            raise InputError(
                f"there is no move {k}",
                key="move",
                allowed=f"1 to {len(self.visible)}" if self.visible else "none: nobody moved",
            )
        return explain(self.log.assembly, self.log.decisions[self.log.acted[k - 1]], k)

    def explain_at(self, actor: str, day: float) -> Explanation:
        """Explain the decision of `actor` that lies nearest to `day`, a decision to hold included.

        Raises
        ------
        InputError
            Where there is no such actor, or it came to no decision.
        """
        from sim.analysis.explanation import explain

        actors = self.log.assembly.actors
        if actor not in actors:
            raise InputError(
                f"no such actor {actor!r}",
                key="actor",
                allowed=", ".join(actors),
                nearest=nearest_name(actor, actors),
            )
        if not math.isfinite(day):
            raise InputError(f"{day} is no day", key="day", allowed="a finite number of days")
        own = [index for index, d in enumerate(self.log.decisions) if d.actor == actor]
        if not own:
            raise InputError(f"{actor} came to no decision in this history", key="actor")
        nearest = min(own, key=lambda index: abs(self.log.decisions[index].day - day))
        acted = self.log.acted
        number = acted.index(nearest) + 1 if nearest in acted else None
        return explain(self.log.assembly, self.log.decisions[nearest], number)

    def at(self, day: float) -> Fork:
        """Return the whole state on `day`, from which other histories can go on.

        Raises
        ------
        InputError
            Where the day lies outside the history.
        """
        from sim.engines.replay import log_until
        from sim.forks import Fork
        from sim.kernel.layout import NOW

        origin = self.log.origin
        first = 0.0 if origin is None else float(origin.time[NOW])
        if not first <= day <= self.days:
            raise InputError(
                f"day {day:g} lies outside this history",
                key="day",
                allowed=f"{first:g} to {self.days:.4f}, when it ended",
            )
        return Fork(log_until(self.log, day), day)

    def because(self, k: int) -> tuple[RuleShare, ...]:
        """Return what each rule added to the k-th visible move, the strongest first.

        Nothing where somebody else than the model chose it: its rules are not the reason then.
        """
        explanation = self.explain(k)
        if explanation.chosen != explanation.model:
            return ()
        return explanation.options[explanation.chosen].rules

    def _by_model(self, k: int) -> bool:
        decision = self.log.decisions[self.log.acted[k - 1]]
        return decision.option == decision.model

    def plot(self, ax: Axes | None = None, *, kind: str = "path", move: int | None = None) -> Axes:
        """Draw the escalation path, or (kind "decision") why the `move`-th move was made."""
        from sim.drawing import plot

        return plot(self, kind, ax, move=move)

    def to_dict(self) -> dict[str, Any]:
        """Return the history as JSON holds it."""
        moves = []
        for k, event in enumerate(self.visible, start=1):
            moves.append(
                {
                    "number": k,
                    "day": event.day,
                    "date": event.date.isoformat(),
                    "actor": event.actor,
                    "move": event.move,
                    "rung": event.rung,
                    "target": event.target,
                    "place": event.place,
                    "launched_from": event.launched_from,
                    "dead": sum(event.dead.values()),
                    "dead_by_actor": event.dead,
                    "claimed": event.claimed,
                    "noticed": event.noticed,
                    "attributed": event.attributed,
                    "by_model": self._by_model(k),
                    "because": [share.to_dict() for share in self.because(k)],
                }
            )
        return {
            "scenario": self.scenario.name,
            "overrides": dict(self.scenario.overrides),
            "seed": self.seed,
            "replicate": self.replicate,
            "start": self.scenario.start.isoformat(),
            "end": self.end,
            "days": self.days,
            "peak_rung": self.peak_rung,
            "dead": self.dead,
            "moves": moves,
        }

    def to_json(self) -> str:
        """Return the history as a JSON text, the same for the same history."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, default=str) + "\n"

    def save(self, folder: str | Path) -> Path:
        """Write history.csv, history.json, path.png and manifest.json into `folder`.

        Each file is complete or not there; the same history gives the same bytes.

        Raises
        ------
        OSError
            Where the folder cannot be written.
        """
        from sim.saving import save_history

        return save_history(self, Path(folder))
