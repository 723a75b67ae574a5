"""Reading the patterns of a crisis, with every mistake told in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.crisis.bundled import folder
from sim.crisis.complaints import Key, Where, validated
from sim.crisis.loading import load
from sim.crisis.patterns import DOER, SPECIAL, USES, Pattern, PatternsFile, Which
from sim.crisis.scenario import Scenario
from sim.crisis.toml import read, shown
from sim.errors import InputError, nearest_name

__all__ = ["read_patterns"]

FILE = "patterns"


def read_patterns(crisis: str) -> tuple[tuple[Pattern, tuple[Scenario, ...]], ...]:
    """Read the patterns of a crisis, each with the scenarios that it is measured in.

    Parameters
    ----------
    crisis : str
        Name of a bundled crisis, or path of a crisis's folder.

    Returns
    -------
    tuple of (Pattern, tuple of Scenario)
        One scenario a pattern; for a comparison that compared with and then its own; along a path
        one for each value. None where the crisis has no patterns.

    Raises
    ------
    InputError
        Where there is no such crisis, or anything is wrong with its file, in one line.
    """
    home = _home(crisis)
    path = home / f"{FILE}.toml"
    if not path.is_file():
        return ()
    where = Where({FILE: shown(path)})
    file = validated(PatternsFile, read(path), FILE, where)
    loaded: dict[Path, Scenario] = {}
    found = []
    for n, pattern in enumerate(file.patterns):
        at: Key = ("patterns", n)
        if pattern.id in [other.id for other in file.patterns[:n]]:
            raise where.error(FILE, (*at, "id"), f"duplicate id {pattern.id!r}")
        _check_fields(pattern, at, where)
        found.append((pattern, _scenarios(pattern, home, at, where, loaded)))
    return tuple(found)


def _home(crisis: str) -> Path:
    for home in (folder() / crisis, Path(crisis).absolute()):
        try:
            if (home / "crisis.toml").is_file():
                return home
        except (OSError, ValueError):
            continue
    names = sorted(file.parent.name for file in folder().glob("*/crisis.toml"))
    raise InputError(
        "there is no crisis of this name",
        file=crisis or "''",
        allowed=f"{', '.join(names)}, or the path of a crisis's folder",
        nearest=nearest_name(crisis, names),
    )


def _check_fields(pattern: Pattern, at: Key, where: Where) -> None:
    """Hold a pattern to the fields of its measure."""
    needs, may = USES[pattern.measure]
    given = {name for name in pattern.model_fields_set if name in SPECIAL}
    for name in sorted(given - needs - may):
        allowed = ", ".join(sorted(needs | may))
        raise where.error(
            FILE, (*at, name), f"has no meaning for the measure {pattern.measure}", allowed=allowed
        )
    for name in sorted(needs - given):
        raise where.error(FILE, (*at, name), f"is missing: the measure {pattern.measure} needs it")
    if pattern.measure == "rising" and len(pattern.values) < 2:
        raise where.error(FILE, (*at, "values"), "must have at least two values")
    _check_rungs(pattern, at, where)
    low, high = pattern.holds.at_least, pattern.holds.at_most
    if low is None and high is None:
        raise where.error(FILE, (*at, "holds"), "is empty", allowed="at_least, at_most or both")
    if low is not None and high is not None and low > high:
        raise where.error(FILE, (*at, "holds"), f"at_least {low:g} is above at_most {high:g}")
    condition = pattern.given
    if condition is not None and (condition.none_of is None) == (condition.no_dead is None):
        raise where.error(FILE, (*at, "given"), "needs one condition", allowed="none_of or no_dead")
    if not pattern.lines and not pattern.because:
        raise where.error(FILE, at, "rests on nothing", allowed="lines, because or both")


def _selections(pattern: Pattern) -> list[tuple[Key, Which]]:
    """List the selections of moves in a pattern, with their keys."""
    listed: list[tuple[Key, Which | None]] = [
        (("move",), pattern.move),
        (("trigger",), pattern.trigger),
        (("given", "none_of"), pattern.given.none_of if pattern.given else None),
    ]
    return [(key, which) for key, which in listed if which is not None]


def _check_rungs(pattern: Pattern, at: Key, where: Where) -> None:
    ranges: list[tuple[Key, tuple[int, ...] | None]] = [(("rungs",), pattern.rungs)]
    ranges += [((*key, "rungs"), which.rungs) for key, which in _selections(pattern)]
    for key, rungs in ranges:
        if rungs is not None and (len(rungs) != 2 or rungs[0] > rungs[1]):
            raise where.error(
                FILE,
                (*at, *key),
                f"{list(rungs)} is no range of rungs",
                allowed="the lowest and the highest, such as [7, 10]",
            )


def _scenarios(
    pattern: Pattern, home: Path, at: Key, where: Where, loaded: dict[Path, Scenario]
) -> tuple[Scenario, ...]:
    """Load what a pattern is measured in, and check every name that it uses."""

    def prepared(name: str, values: Mapping[str, Any], key: Key) -> Scenario:
        beside = home.parent / (name if name.endswith(".toml") else f"{name}.toml")
        if not beside.is_file():
            names = [path.stem for path in home.parent.glob("*.toml")]
            problem = f"no such scenario: {name!r}"
            raise where.error(FILE, (*key, "scenario"), problem, name=name, names=names)
        if beside not in loaded:
            loaded[beside] = load(beside)
        source = f"{where.files[FILE]}: patterns[{at[1]}]: set"
        return loaded[beside].with_(values, source=source) if values else loaded[beside]

    own = prepared(pattern.scenario, pattern.set, at)
    _check_names(pattern, own, at, where)
    if pattern.than is not None:
        return prepared(pattern.than.scenario, pattern.than.set, (*at, "than")), own
    if pattern.along is not None:
        source = f"{where.files[FILE]}: patterns[{at[1]}]: along"
        return tuple(own.with_({pattern.along: value}, source=source) for value in pattern.values)
    return (own,)


def _check_names(pattern: Pattern, scenario: Scenario, at: Key, where: Where) -> None:
    def known(key: Key, name: str | None, names: Iterable[str], what: str) -> None:
        if name is not None and name not in (names := list(names)):
            problem = f"no such {what}: {name!r}"
            raise where.error(FILE, (*at, *key), problem, name=name, names=names)

    crisis = scenario.crisis
    actors = [actor.id for actor in crisis.actors]
    for n, name in enumerate(pattern.because):
        known(("because", n), name, crisis.statements, "statement")
    known(("after",), pattern.after, [event.id for event in scenario.opening], "opening event")
    if pattern.given is not None:
        known(("given", "no_dead"), pattern.given.no_dead, actors, "actor")
    for key, which in _selections(pattern):
        more = [DOER] if key == ("move",) and pattern.measure == "reaction" else []
        known((*key, "by"), which.by, actors, "actor")
        known((*key, "toward"), which.toward, [*actors, *more], "actor")
        known((*key, "soil"), which.soil, actors, "actor")
        for n, name in enumerate(which.moves):
            known((*key, "moves", n), name, [move.id for move in crisis.moves], "move")
