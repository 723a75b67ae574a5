"""Results opened from the folder that they were saved in, whichever they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.advice_folder import ADVICE_FILE, SavedAdvice, read_advice
from sim.crisis import Scenario, load
from sim.drawing_kinds import MANIFEST
from sim.ensembles import Ensemble
from sim.errors import InputError
from sim.history import History
from sim.influence_folder import INFLUENCE_FILE, read_influence
from sim.influences import Influence
from sim.recall import recall
from sim.studies import Study, study

__all__ = ["Opened", "opened"]

OUTCOMES = "outcomes.npz"

#: What a folder can hold.
Opened = History | Ensemble | Study | Influence | SavedAdvice


def opened(folder: Path, scenario: Scenario | None = None) -> Opened:
    """Open a saved history, ensemble, study or advice, or what was found of its statements.

    A history is simulated again, to the bit; an ensemble is read, and a study left where it is.

    Parameters
    ----------
    folder : Path
        As ``History.save``, ``Ensemble.save``, ``Influence.save``, ``Advice.save`` or a sweep
        wrote it.
    scenario : Scenario, optional
        What a history or an ensemble is of, where it is no bundled scenario.

    Raises
    ------
    InputError
        Where there are no such results, or they are of another version of the scenario.
    """
    place = folder / MANIFEST
    said = _read(place)
    if "inputs" in said:
        return study(folder)
    if "scenario" not in said:
        raise InputError("is no manifest of a history, an ensemble or a study", file=str(place))
    chosen = load(said["scenario"]) if scenario is None else scenario
    if "replicate" in said:
        return recall(folder, chosen)
    if (folder / INFLUENCE_FILE).is_file():
        return read_influence(folder / INFLUENCE_FILE, _matching(folder, said, chosen))
    if (folder / ADVICE_FILE).is_file():
        return read_advice(folder / ADVICE_FILE, _matching(folder, said, chosen))
    return _ensemble(folder, said, chosen)


def _read(place: Path) -> dict[str, Any]:
    try:
        said = json.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot be read: {reason}", file=str(place)) from None
    except ValueError:
        raise InputError("is no JSON", file=str(place)) from None
    if not isinstance(said, dict):
        raise InputError("is no manifest", file=str(place))
    return said


def _matching(folder: Path, said: dict[str, Any], scenario: Scenario) -> Scenario:
    """Return the scenario with the values that a manifest says; refuse another one."""
    if said["scenario"] != scenario.name:
        problem = f"is of the scenario {said['scenario']!r}, not of {scenario.name!r}"
        raise InputError(problem, file=str(folder))
    values = said.get("overrides")
    chosen = scenario.with_(values, source=str(folder)) if values else scenario
    if said.get("digest") != chosen.digest():
        raise InputError("is of another version of the scenario", file=str(folder))
    return chosen


def _ensemble(folder: Path, said: dict[str, Any], scenario: Scenario) -> Ensemble:
    """Read an ensemble: its columns from the file, what they are of from the scenario."""
    import numpy as np

    from sim.engines.assemble import assemble
    from sim.engines.ensemble import Outcomes

    if said.get("fork"):
        raise InputError("goes on from a fork: it cannot be read from a file", file=str(folder))
    chosen = _matching(folder, said, scenario)
    place = folder / OUTCOMES
    try:
        with np.load(place) as stored:
            columns = {name: stored[name] for name in stored.files if name != "actors"}
        outcomes = Outcomes(**columns)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"cannot be read: {error}", file=str(place)) from None
    return Ensemble(assemble(chosen), outcomes, int(said["seed"]))
