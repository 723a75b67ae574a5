"""A saved history, simulated again from what its files say of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from sim.crisis import Scenario
from sim.crisis.complaints import Where, validated
from sim.crisis.json_files import read_json
from sim.crisis.record import Finite, Flag, Map, Name, Record
from sim.errors import InputError
from sim.forks import Fork
from sim.history import History, run

__all__ = ["recall"]

MANIFEST = "manifest.json"
Whole = Annotated[int, Field(strict=True, ge=0, lt=2**64)]


class _Saved(Record):
    """What the files of a history say that it takes to have it again."""

    model_config = ConfigDict(extra="ignore")

    scenario: Name
    overrides: Map[str, Any]
    seed: Whole
    replicate: Whole
    digest: Name | None = None
    fork: Map[str, Any] | None = None
    decided_by_others: Any = None
    forced: tuple[tuple[Finite, Name, Name, Flag], ...] = ()
    interventions: tuple[tuple[Finite, Name], ...] = ()
    moves: tuple[Map[str, Any], ...] | None = None


def recall(saved: str | Path, scenario: Scenario) -> History:
    """Simulate a saved history again.

    Parameters
    ----------
    saved : str or Path
        The folder that ``History.save`` wrote, or its history.json or manifest.json.
    scenario : Scenario
        The one that it is of; values that were put in its place are put there again.

    Returns
    -------
    History
        The same to the bit, what was forced included.

    Raises
    ------
    InputError
        Where the file cannot be read, is of another scenario, or does not say all that is needed:
        a history with luck of its own from a fork on, or with decisions by somebody else.
    """
    path = Path(saved)
    read = read_json(path / MANIFEST if path.is_dir() else path)
    beside = path if path.is_dir() else path.parent
    if "forced" not in read and (beside / MANIFEST).exists():
        read = read_json(beside / MANIFEST) | {"moves": read.get("moves")}
    missing = [key for key in ("scenario", "overrides", "seed", "replicate") if key not in read]
    if missing:
        raise InputError(f"says nothing of {', '.join(missing)}: no saved history", file=str(saved))
    told = validated(_Saved, read, "saved", Where({"saved": str(saved)}))
    if told.scenario != scenario.name:
        problem = f"is of the scenario {told.scenario!r}, not of {scenario.name!r}"
        raise InputError(problem, file=str(saved))
    if told.fork or told.decided_by_others:
        problem = "goes on from a fork, or others decided in it: it cannot be simulated from a file"
        raise InputError(problem, file=str(saved))
    chosen = scenario.with_(told.overrides, source=str(saved)) if told.overrides else scenario
    if told.digest not in (None, chosen.digest()):
        problem = "is of another version of the scenario, or --set changes it"
        raise InputError(problem, file=str(saved))
    history = run(chosen, told.seed, replicate=told.replicate)
    forced, intervened = {one[0] for one in told.forced}, {one[0] for one in told.interventions}
    for day in sorted(forced | intervened):
        history = _imposed(history.at(day), told).run()
    _same(history, told.moves, str(saved))
    return history


def _imposed(fork: Fork, told: _Saved) -> Fork:
    """Let happen what was forced and what intervened at the moment of a fork."""
    for day, inject in told.interventions:
        if day == fork.day:
            fork = fork.intervene(inject)
    for day, actor, option, now in told.forced:
        if day == fork.day:
            move, _, target = option.partition(" ")
            fork = fork.force(actor, move, target or None, now=now)
    return fork


def _same(history: History, moves: tuple[Map[str, Any], ...] | None, file: str) -> None:
    """Refuse a file whose moves are not those of the history that its seed gives."""
    if moves is None:
        return
    keys = ("day", "actor", "move", "target")
    written = [tuple(move.get(key) for key in keys) for move in moves]
    if written != [tuple(getattr(event, key) for key in keys) for event in history.visible]:
        problem = (
            "tells of other moves than its scenario and seed give: it was made by a fork, by other "
            "deciders, or by another version"
        )
        raise InputError(problem, file=file)
