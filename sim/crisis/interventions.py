"""Interventions in time: which values an inject may set from its moment on, and what then holds."""

from __future__ import annotations

from collections.abc import Mapping

from sim.crisis.complaints import Key, Where
from sim.crisis.overrides import replaced
from sim.crisis.paths import slot, slots
from sim.crisis.scenario import Inject, Scenario
from sim.errors import InputError

__all__ = ["changed_by", "check_sets"]

#: First words of the paths that can change while a crisis unfolds.  The others say what was before
#: it, when and how it ends, or are another inject's.
SETTABLE = (
    "weights",
    "statements",
    "rules",
    "actors",
    "places",
    "moves",
    "tempo",
    "precision",
    "urgency",
    "attention",
    "base",
    "half_lives",
    "prompt",
    "urgency_ceiling",
    "harm",
    "notice",
)
#: Last words of paths below these that say what a thing is, or how sure its coding was.
LASTING = {
    "moves": ("rung", "goldstein", "mid", "directed", "deniable", "notice", "major", "war"),
    "rules": ("sd",),
}


def changed_by(scenario: Scenario, values: Mapping[str, object]) -> Scenario:
    """Make the scenario that holds once injects have set these values.

    Raises
    ------
    InputError
        Where they do not go together.
    """
    if not values:
        return scenario
    setting = [f"injects.{i.id}.set" for i in scenario.injects if set(i.set) & set(values)]
    return replaced(scenario, values, {path: f"{', '.join(setting)} {path}" for path in values})


def check_sets(scenario: Scenario, where: Where) -> None:
    """Raise InputError at the first value that an inject cannot set."""
    for n, inject in enumerate(scenario.injects):
        if inject.set:
            _check(scenario, inject, ("injects", n, "set"), where)


def _check(scenario: Scenario, inject: Inject, at: Key, where: Where) -> None:
    known = slots(scenario)
    for path in inject.set:
        try:
            slot(known, path)
        except InputError as error:
            raise _told(error, (*at, path), where) from None
        head, last = path.partition(".")[0], path.rpartition(".")[2]
        if head not in SETTABLE or last in LASTING.get(head, ()):
            raise where.error(
                "scenario",
                (*at, path),
                "cannot change in the middle of a crisis",
                allowed=", ".join(SETTABLE),
            )
    try:
        replaced(scenario, inject.set, {path: path for path in inject.set})
    except InputError as error:
        path = error.file or ""
        spot = (*at, path) if path in inject.set else at
        raise _told(error, spot, where) from None


def _told(error: InputError, at: Key, where: Where) -> InputError:
    """Tell an error of a value as one of the inject that sets it."""
    told = where.error("scenario", at, error.problem, allowed=error.allowed)
    told.nearest = error.nearest
    return told
