"""Loading a scenario: its file, the scenarios it extends, and the folder of its crisis."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sim.crisis.assembly import assembled
from sim.crisis.bundled import bundled, bundled_file, folder
from sim.crisis.complaints import Where, validated
from sim.crisis.draft import KINDS, Draft
from sim.crisis.interventions import check_sets
from sim.crisis.overrides import replaced
from sim.crisis.scenario import Scenario, ScenarioFile
from sim.crisis.toml import read, shown
from sim.errors import InputError

__all__ = ["is_file", "load"]

CRISIS_FILES = ("crisis", "ladder", "actors", "statements", "rules", "propensities")
Link = tuple[Path, ScenarioFile]


def load(scenario: str | os.PathLike[str]) -> Scenario:
    """Load a scenario by its bundled name or from its file.

    Parameters
    ----------
    scenario : str or path
        A name without a separator and without .toml is a bundled one; else a path.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        Where anything is wrong with the files, in one line.

    Examples
    --------
    >>> load("after-the-strike").name
    'after-the-strike'
    """
    chain = _chain(_located(scenario))
    draft = _draft(chain)
    loaded = assembled(draft)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for path, file in reversed(chain):
        values.update(file.set)
        sources.update({name: f"{shown(path)}: [set] {name}" for name in file.set})
    if values:
        loaded = replaced(loaded, values, sources)
    check_sets(loaded, draft.where)
    return loaded


def _located(scenario: object) -> Path:
    if not isinstance(scenario, (str, os.PathLike)):
        allowed = "a bundled name, a path, or what sim.load gives"
        raise InputError(f"{scenario!r} is no scenario", key="scenario", allowed=allowed)
    if not isinstance(scenario, str):
        return Path(scenario)
    if scenario.endswith(".toml") or "/" in scenario or os.sep in scenario:
        return Path(scenario)
    return bundled_file(scenario)


def _chain(path: Path) -> list[Link]:
    """Read a scenario file and those it extends, the youngest first."""
    chain: list[Link] = []
    seen: list[Path] = []
    while True:
        content = read(path)
        where = Where({"scenario": shown(path)})
        file = validated(ScenarioFile, content, "scenario", where)
        chain.append((path, file))
        seen.append(_real(path))
        if (file.crisis is None) == (file.extends is None):
            has = "neither" if file.crisis is None else "both"
            joint = "nor" if has == "neither" else "and"
            raise where.error(
                "scenario",
                (),
                f"has {has} crisis {joint} extends",
                allowed="exactly one of them",
            )
        if file.extends is None:
            return chain
        parent = _parent(path, file.extends, where)
        if _real(parent) in seen:
            names = [link.stem for link, _ in chain] + [parent.stem]
            raise where.error(
                "scenario", ("extends",), f"goes round in a loop: {' -> '.join(names)}"
            )
        path = parent


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _parent(path: Path, name: str, where: Where) -> Path:
    """Find what a scenario extends: a file beside it, else a bundled one."""
    beside = [path.parent / name, path.parent / f"{name}.toml"]
    found = [file for file in beside if is_file(file)]
    # A copy of a bundled scenario may extend the original, under the same name.
    if found and _real(found[0]) == _real(path) and name in bundled():
        found = [bundled_file(name)]
    if found:
        return found[0]
    if name in bundled():
        return bundled_file(name)
    names = [file.stem for file in path.parent.glob("*.toml") if file != path]
    raise where.error(
        "scenario",
        ("extends",),
        f"no such scenario: {name!r}",
        name=name,
        names=sorted({*names, *bundled()}),
    )


def is_file(path: Path) -> bool:
    """Tell whether there is a file, of whatever may stand in the place of a path."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _crisis_folder(path: Path, name: str, where: Where) -> Path:
    places = (path.parent, folder())
    for place in places:
        try:
            if (place / name).is_dir():
                return place / name
        except (OSError, ValueError):
            continue
    names = sorted({file.parent.name for p in places for file in p.glob("*/crisis.toml")})
    raise where.error("scenario", ("crisis",), f"no such crisis: {name!r}", name=name, names=names)


def _draft(chain: list[Link]) -> Draft:
    """Read the crisis and put the chain of scenarios together, the oldest first."""
    root, oldest = chain[-1]
    youngest = chain[0][0]
    home = _crisis_folder(root, oldest.crisis or "", Where({"scenario": shown(root)}))
    where = Where({"scenario": shown(youngest)})
    made: dict[str, Any] = {}
    for kind in CRISIS_FILES:
        file = home / f"{kind}.toml"
        where.files[kind] = shown(file)
        made[kind] = validated(KINDS[kind], read(file), kind, where)
    read_files = [path for path, _ in chain] + [home / f"{kind}.toml" for kind in CRISIS_FILES]
    return Draft(
        **made,
        scenario=_merged(chain, where),
        name=youngest.stem,
        crisis_name=home.name,
        files=tuple(Path(os.path.relpath(f, youngest.parent)).as_posix() for f in read_files),
        folder=home,
        where=where,
    )


def _merged(chain: list[Link], where: Where) -> ScenarioFile:
    fields: dict[str, Any] = {"background": None, "opening": (), "injects": ()}
    for path, file in reversed(chain):
        for table in ("opening", "injects"):
            items = getattr(file, table)
            for n in range(len(items)):
                where.items[table, len(fields[table]) + n] = (shown(path), n)
            fields[table] += items
        for name in ("title", "asks", "background", "start", "horizon_days"):
            if getattr(file, name) is not None:
                fields[name] = getattr(file, name)
    return ScenarioFile.model_construct(**fields)
