"""The scenarios that come with the package."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, nearest_name

__all__ = ["bundled", "bundled_file", "folder"]

PACKAGE = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Give the folder of the bundled scenarios: in the wheel, else in the repository."""
    inside = PACKAGE / "scenarios"
    return inside if inside.is_dir() else PACKAGE.parent / "scenarios"


def bundled() -> tuple[str, ...]:
    """List the names of the bundled scenarios, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder().glob("*.toml")))


def bundled_file(name: str) -> Path:
    """Give the file of a bundled scenario, or raise InputError with the nearest name."""
    names = bundled()
    if name in names:
        return folder() / f"{name}.toml"
    problem = "no bundled scenario has this name"
    if name and (folder() / name / "crisis.toml").is_file():
        problem = "is a crisis, not a scenario"
    raise InputError(
        problem,
        file=name or "''",
        allowed=f"{', '.join(names)}, or the path of a .toml file",
        nearest=nearest_name(name, names),
    )
