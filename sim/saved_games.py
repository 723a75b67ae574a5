"""Saved games: the choices, and what is needed to make the same history of them again."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from sim import __version__
from sim.crisis import Map, Scenario, load
from sim.crisis.complaints import Where, validated
from sim.crisis.content import plain
from sim.crisis.record import Finite, Flag, Name, Record
from sim.errors import InputError
from sim.games import Game, Taken
from sim.saving import write_files

__all__ = ["free_file", "load_game", "numbered", "save_game"]

FORMAT = 1
#: How a date is written where JSON has none.
DATE = "date"

#: What names a history: a seed or a replicate.
Number = Annotated[int, Field(strict=True, ge=0, lt=2**64)]


class SavedChoice(Record):
    """A decision that a player took, as `sim.games.Taken`."""

    turn: Annotated[int, Field(strict=True, ge=1)]
    actor: Name
    day: Finite
    option: Name
    until: Finite | None = None


class SavedGame(Record):
    """What stands in the file of a game; what says how it stood is for people to read."""

    game: int
    scenario: Name
    overrides: Map[str, Any] = Map()
    digest: Name
    seed: Number
    replicate: Number
    players: Annotated[tuple[Name, ...], Field(min_length=1)]
    blind: Flag = False
    over: Any = None
    taken: tuple[SavedChoice, ...]
    escalation: Any = None


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
        "taken": [_plain(taken) for taken in game.taken],
        "escalation": __version__,
    }
    text = json.dumps(record, indent=1, ensure_ascii=False, default=_dated) + "\n"
    write_files(path.parent, {path.name: text.encode()})
    return path


def free_file(game: Game, folder: Path) -> Path:
    """Name a file in a folder for a game, where nothing is yet."""
    name = "-".join(["play", game.scenario.name, *game.players, f"seed{game.seed}.json"])
    return next(path for path in numbered(folder / name) if not os.path.lexists(path))


def numbered(path: Path) -> Iterator[Path]:
    """Give a path, and without end the same with a number: game.json, game-2.json, ...

    Examples
    --------
    >>> names = numbered(Path("game.json"))
    >>> next(names).name, next(names).name
    ('game.json', 'game-2.json')
    """
    return (path.with_stem(f"{path.stem}-{n}") if n > 1 else path for n in count(1))


def load_game(path: Path, scenario: str | None) -> Game:
    """Read a game from a file and bring it to where it was left.

    Raises
    ------
    InputError
        Where the file is damaged, of another version, or of another scenario: file, key, what is
        wrong and what is allowed.
    """
    saved = _read(path)
    source = scenario or saved.scenario
    try:
        chosen = load(source)
    except InputError as error:
        if scenario is not None:
            raise
        raise InputError(str(error), file=str(path), key="scenario") from None
    chosen = _same(chosen, saved, scenario, path)
    taken = [Taken(**dict(known)) for known in saved.taken]
    try:
        return Game(
            chosen,
            saved.players,
            saved.seed,
            replicate=saved.replicate,
            blind=saved.blind,
            source=source,
            taken=taken,
        )
    except InputError as error:
        fields = {"allowed": error.allowed, "nearest": error.nearest}
        raise InputError(error.problem, file=str(path), key=error.key, **fields) from None


def _read(path: Path) -> SavedGame:
    """Read what stands in the file, every value of the type that it should have."""
    file = str(path)
    try:
        record = json.loads(path.read_text("utf-8"), object_hook=_undated)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot be read: {reason}", file=file) from None
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        problem = f"is no saved game, or only a part of one: no JSON{where}"
        raise InputError(problem, file=file) from None
    if not isinstance(record, dict) or "game" not in record:
        raise InputError("is no saved game", file=file, allowed="a file that play has saved")
    if record["game"] != FORMAT or isinstance(record["game"], bool):
        raise InputError(
            "is a game of another version of the program",
            file=file,
            key="game",
            allowed=str(FORMAT),
        )
    return validated(SavedGame, record, "game", Where({"game": file}))


def _same(scenario: Scenario, saved: SavedGame, asked: str | None, path: Path) -> Scenario:
    """Put the overrides in place; refuse a scenario that is not, or no longer, what was played."""
    moved = asked is not None and asked != saved.scenario
    try:
        changed = dict(saved.overrides)
        found = scenario.with_(changed, source=f"{path}: overrides:") if changed else scenario
    except InputError:
        if not moved:
            raise
        # Another scenario knows other values: that it is another one is what is wrong.
        found = scenario
    if found.digest() == saved.digest:
        return found
    if moved:
        raise InputError(
            f"the game was played on {saved.scenario}, and {asked} is another scenario, or has "
            "changed since",
            file=str(path),
            key="scenario",
            allowed="the scenario that was played, or none: the game names its own",
        )
    raise InputError(
        f"the scenario {found.name} is no longer the one that was played",
        file=str(path),
        key="digest",
        allowed=f"{found.digest()} as it is now",
    )


def _plain(taken: Taken) -> dict[str, Any]:
    """Write a decision as a table; of one that is no wait nothing is said of its end."""
    return {key: value for key, value in asdict(taken).items() if value is not None}


def _dated(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {DATE: value.isoformat()}
    raise TypeError(f"no way to save {value!r}")


def _undated(value: dict[str, Any]) -> object:
    """Make a date of what was written for one; whatever else is there is looked at later."""
    if list(value) == [DATE] and isinstance(value[DATE], str):
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(value[DATE])
    return value
