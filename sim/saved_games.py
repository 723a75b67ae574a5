"""Saved games: the choices, and what is needed to make the same history of them again."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sim import __version__
from sim.crisis import Scenario, load
from sim.crisis.content import plain
from sim.errors import InputError
from sim.games import Game, Taken
from sim.saving import write_files

__all__ = ["load_game", "save_game"]

FORMAT = 1
#: How a date is written where JSON has none.
DATE = "date"


def save_game(game: Game, path: Path) -> Path:
    """Write a game into a file.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    scenario = game.scenario
    record = {
        "game": FORMAT,
        "scenario": game.source,
        "overrides": plain(scenario.overrides),
        "digest": scenario.digest(),
        "seed": game.seed,
        "replicate": game.replicate,
        "players": list(game.players),
        "blind": game.blind,
        "over": game.over,
        "taken": [asdict(taken) for taken in game.taken],
        "escalation": __version__,
    }
    text = json.dumps(record, indent=1, ensure_ascii=False, default=_dated) + "\n"
    write_files(path.parent, {path.name: text.encode()})
    return path


def load_game(path: Path, scenario: str | None) -> Game:
    """Read a game from a file and bring it to where it was left."""
    try:
        record = json.loads(path.read_text("utf-8"), object_hook=_undated)
        if record["game"] != FORMAT:
            raise InputError("is a game of another version of the program", file=str(path))
        source = scenario or str(record["scenario"])
        taken = [Taken(**known) for known in record["taken"]]
        seed, replicate = int(record["seed"]), int(record["replicate"])
        players = [str(player) for player in record["players"]]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot be read: {reason}", file=str(path)) from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("is no saved game", file=str(path)) from error
    chosen = _same(load(source), record, path)
    try:
        return Game(
            chosen,
            players,
            seed,
            replicate=replicate,
            blind=bool(record.get("blind")),
            source=source,
            taken=taken,
        )
    except InputError as error:
        raise InputError(error.problem, file=str(path), key=error.key) from None


def _same(scenario: Scenario, record: dict[str, Any], path: Path) -> Scenario:
    """Put the overrides in place; refuse a scenario that is no longer what was played."""
    if record.get("overrides"):
        scenario = scenario.with_(record["overrides"], source=str(path))
    if scenario.digest() != record.get("digest"):
        raise InputError(
            f"the scenario {scenario.name} is no longer the one that was played",
            file=str(path),
            key="digest",
        )
    return scenario


def _dated(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {DATE: value.isoformat()}
    raise TypeError(f"no way to save {value!r}")


def _undated(value: dict[str, Any]) -> object:
    return datetime.fromisoformat(value[DATE]) if list(value) == [DATE] else value
