"""Results opened from the folder that they were saved in, whichever they are."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field

from sim.advice_folder import ADVICE_FILE, SavedAdvice, read_advice
from sim.crisis import Scenario, bundled, load
from sim.crisis.complaints import Where, validated
from sim.crisis.json_files import read_json
from sim.crisis.record import Map, Name, Record
from sim.drawing_kinds import ADVICE, ENSEMBLE, HISTORY, INFLUENCE, MANIFEST, STUDY
from sim.ensembles import Ensemble
from sim.errors import InputError
from sim.history import History
from sim.influence_folder import INFLUENCE_FILE, read_influence
from sim.influences import Influence
from sim.recall import recall
from sim.studies import Study, study

if TYPE_CHECKING:
    from sim.engines.assembly import Assembly
    from sim.engines.ensemble import Outcomes

__all__ = ["NEEDS_NONE", "Opened", "opened", "opened_or_loaded"]

OUTCOMES = "outcomes.npz"

#: What a folder can hold.
Opened = History | Ensemble | Study | Influence | SavedAdvice

#: Said of a scenario that is given beside another, or beside what is simulated already.
NEEDS_NONE = "says what the results in a folder are of: nothing else needs one"

#: What a manifest is of, by a key that no other kind of manifest has, besides `scenario`.
_TOLD_BY = {
    "inputs": STUDY,
    "replicate": HISTORY,
    "objective": ADVICE,
    "outcomes": INFLUENCE,
    "replicates": ENSEMBLE,
}


class _Manifest(Record):
    """What the manifest says of results that one scenario and seed give."""

    model_config = ConfigDict(extra="ignore")

    scenario: Name
    digest: Name
    overrides: Map[str, Any]
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**64)]


class _OfEnsemble(_Manifest):
    replicates: Annotated[int, Field(strict=True, ge=1)]
    fork: Map[str, Any] | None


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
        Where there are no such results, they are damaged, or they are of another version of the
        scenario; the line names the file.
    """
    place = folder / MANIFEST
    said = read_json(place)
    kind = next((kind for key, kind in _TOLD_BY.items() if key in said), None)
    if kind is None or (kind != STUDY and "scenario" not in said):
        raise InputError("is no manifest of a history, an ensemble or a study", file=str(place))
    if kind == STUDY:
        if scenario is not None:
            raise InputError("a study keeps its own: none can be given", key="scenario")
        return study(folder)
    model = _OfEnsemble if kind == ENSEMBLE else _Manifest
    told = validated(model, said, "manifest", Where({"manifest": str(place)}))
    chosen = load(told.scenario) if scenario is None else scenario
    if kind == HISTORY:
        return recall(folder, chosen)
    matching = _matching(folder, told, chosen)
    if kind == INFLUENCE:
        return read_influence(folder / INFLUENCE_FILE, matching)
    if kind == ADVICE:
        return read_advice(folder / ADVICE_FILE, matching)
    assert isinstance(told, _OfEnsemble)
    return _ensemble(folder, told, matching)


def opened_or_loaded(results: str | Path, scenario: Scenario | None = None) -> Opened | Scenario:
    """Open a folder of results, as `opened` does; or load a scenario, by its name or from its file.

    Raises
    ------
    InputError
        Where it is neither, or a `scenario` is given beside one.
    """
    folder = Path(results)
    if (folder / MANIFEST).is_file():
        return opened(folder, scenario)
    if folder.is_dir() and results not in bundled():
        raise InputError(f"has no {MANIFEST}: no results", file=str(folder))
    if scenario is not None:
        raise InputError(NEEDS_NONE, key="scenario")
    return load(results)


def _matching(folder: Path, said: _Manifest, scenario: Scenario) -> Scenario:
    """Return the scenario with the values that a manifest says; refuse another one."""
    if said.scenario != scenario.name:
        problem = f"is of the scenario {said.scenario!r}, not of {scenario.name!r}"
        raise InputError(problem, file=str(folder))
    chosen = scenario.with_(said.overrides, source=str(folder)) if said.overrides else scenario
    if said.digest != chosen.digest():
        raise InputError("is of another version of the scenario", file=str(folder))
    return chosen


def _ensemble(folder: Path, said: _OfEnsemble, scenario: Scenario) -> Ensemble:
    """Read an ensemble: its columns from the file, what they are of from the scenario."""
    from sim.engines.assemble import assemble

    if said.fork:
        raise InputError("goes on from a fork: it cannot be read from a file", file=str(folder))
    assembly = assemble(scenario)
    return Ensemble(assembly, _outcomes(folder / OUTCOMES, said, assembly), said.seed)


def _outcomes(place: Path, said: _OfEnsemble, assembly: Assembly) -> Outcomes:
    """Read the columns of an ensemble, and refuse what are no columns of this one."""
    import numpy as np

    from sim.engines.ensemble import Outcomes

    try:
        # A file of one's own, for NumPy leaves that of a torn archive open.
        with place.open("rb") as file, np.load(file) as stored:
            columns = {name: stored[name] for name in stored.files if name != "actors"}
        found = Outcomes(**columns)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot be read: {reason}", file=str(place)) from None
    except (ValueError, TypeError, LookupError, EOFError, zipfile.BadZipFile, zlib.error):
        raise InputError("cannot be read: it is torn or foreign", file=str(place)) from None
    days = found.paths.shape[1] if found.paths.ndim == 3 else 0
    expected = Outcomes.empty(said.replicates, len(assembly.actors), days).columns()
    for name, column in found.columns().items():
        like = expected[name]
        if (column.dtype, column.shape) != (like.dtype, like.shape):
            raise InputError(f"is torn or foreign: its column {name!r} is another", file=str(place))
    return found
