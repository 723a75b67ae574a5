"""A crisis of as many actors as asked for: clones of the United States and Iran, pair by pair.

Each pair has the two actors' rules, options, numbers and places toward one another; what happens in
one pair stirs the others through tension and attention alone.  It means nothing, and costs what a
crisis of that size costs.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sim.crisis import Scenario, load

SOURCE = "us-iran-2020"
PAIR = ("us", "iran")
START = datetime(2020, 1, 3, 6)
STATEMENT = {
    "made-up": {
        "actor": "none",
        "speaker": "nobody",
        "line": 1,
        "kind": "context",
        "strength": "weak",
        "says": "Nothing: this crisis is for measuring.",
        "bears_on": "Nothing.",
    }
}


def _folder() -> Path:
    """Find the folder of scenarios that `load` reads."""
    import sim

    package = Path(sim.__file__).parent
    return next(f for f in (package / "scenarios", package.parent / "scenarios") if f.is_dir())


def _inline(value: Any) -> str:
    """Write a value in TOML; strings of JSON are strings of TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, (bool, str)):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _write(path: Path, content: dict[str, Any]) -> None:
    lines = [f"{json.dumps(key)} = {_inline(value)}" for key, value in content.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _renamed(content: Any, names: dict[str, str]) -> Any:
    """Put other actors' names in place of those of the pair, in keys and in values."""
    if isinstance(content, dict):
        return {names.get(k, k): _renamed(v, names) for k, v in content.items()}
    if isinstance(content, list):
        return [_renamed(value, names) for value in content]
    return names.get(content, content) if isinstance(content, str) else content


def _of_pair(content: dict[str, Any]) -> dict[str, Any]:
    """Keep the entries of the pair, and those that are not about actors' names."""
    return {k: v for k, v in content.items() if k in (*PAIR, "alone")}


def _actor(table: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in table.items() if key != "because"}
    for key in ("expects", "hostile_intent", "launches_from", "repertoire"):
        kept[key] = _of_pair(kept.get(key, {}))
    kept["partners"] = []
    return kept


def _place(name: str) -> dict[str, Any]:
    other = PAIR[1 - PAIR.index(name)]
    return {
        "name": f"bases of {name}",
        "soil": other,
        "exposure": 0.5,
        "forces": {name: 0.9, other: 0.1},
        "struck": {name: 1},
    }


def _opening(k: int, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": f"killing-{k + 1}",
        "date": START - timedelta(hours=5),
        "actor": names["us"],
        "move": "limited_strike",
        "target": names["iran"],
        "dead": 1,
        "provocation": 3.0,
    }


def _rules(rules: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    """Clone the rules of one of the pair toward the other."""
    clones = []
    for rule in rules:
        if {rule["actor"], rule["toward"], rule.get("against", rule["toward"])} <= set(PAIR):
            head, slug = rule["id"].split(".", 1)
            clone = {**_renamed(rule, names), "id": f"{names[head]}.{slug}"}
            clones.append({**clone, "because": list(STATEMENT)})
    return clones


def _judged(read: dict[str, Any], every: list[dict[str, str]]) -> dict[str, Any]:
    """Clone the propensities, for the moves that are left in the repertoires."""
    judged = {key: value for key, value in read["propensities"].items() if key != "because"}
    base = {}
    for name in PAIR:
        own = set(read["actors"]["actors"][name]["repertoire"][PAIR[1 - PAIR.index(name)]])
        base[name] = {move: n for move, n in judged["base"][name].items() if move in own}
    judged["base"] = base
    for key in ("tempo", "precision", "urgency", "attention", "base"):
        table = {name: judged[key][name] for name in PAIR}
        judged[key] = {k: v for names in every for k, v in _renamed(table, names).items()}
    lives = judged["half_lives"]
    own_lives = {name: lives[name] for name in PAIR if name in lives}
    judged["half_lives"] = {"default": lives["default"]}
    for names in every:
        judged["half_lives"] |= {names[name]: table for name, table in own_lives.items()}
    return judged


def write(folder: Path, actors: int, horizon: float = 30.0) -> Scenario:
    """Write a crisis of `actors` actors (even) into an empty folder, and load a scenario on it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     len(write(Path(folder), 6).crisis.actors)
    6
    """
    source = _folder() / SOURCE
    read = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in source.glob("*.toml")}
    every = [{name: f"{name}-{k + 1}" for name in PAIR} for k in range(actors // 2)]
    cast, places, rules = {}, {}, []
    for names in every:
        for name in PAIR:
            cast[names[name]] = _renamed(_actor(read["actors"]["actors"][name]), names)
            places[f"bases-{names[name]}"] = _renamed(_place(name), names)
        rules += _rules(read["rules"]["rules"], names)
    for key in ("harm", "notice", "war", "settlement"):
        read["crisis"][key].pop("because", None)
    crisis = folder / "cloned"
    crisis.mkdir()
    shutil.copy(source / "ladder.toml", crisis)
    _write(crisis / "crisis.toml", read["crisis"])
    _write(crisis / "actors.toml", {"actors": cast, "places": places})
    _write(crisis / "rules.toml", {"rules": rules})
    _write(crisis / "statements.toml", STATEMENT)
    _write(crisis / "propensities.toml", _judged(read, every))
    path = folder / f"cloned-{actors}.toml"
    _write(
        path,
        {
            "title": f"{actors} actors",
            "asks": "What does a crisis of that size cost?",
            "crisis": "cloned",
            "start": START,
            "horizon_days": horizon,
            "opening": [_opening(k, names) for k, names in enumerate(every)],
        },
    )
    return load(path)
