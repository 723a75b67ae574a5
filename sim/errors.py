"""What can go wrong, as exceptions that carry their fields."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["FrozenError", "InputError", "SimError", "nearest_name", "not_installed"]

LISTED = 12


class SimError(Exception):
    """Base of every error that the package raises on purpose."""


class FrozenError(SimError, AttributeError):
    """An attempt to change a frozen record in place."""


class InputError(SimError):
    """A mistake in what was read or asked for, told in one line.

    ``str()`` gives ``FILE: KEY: problem; allowed: ...; did you mean 'x'?`` and leaves out the
    parts that are not known.

    Parameters
    ----------
    problem : str
        What is wrong.
    file : str, optional
        The file, or whatever else the value came from (``--set strike.dead``).
    key : str, optional
        Path of the key within the file, such as ``rules[3].because[0]``.
    allowed : str, optional
        What may stand there.
    nearest : str, optional
        The valid name that resembles the wrong one most.

    Examples
    --------
    >>> str(InputError("no such move 'hld'", file="rules.toml", key="rules[0]", nearest="hold"))
    "rules.toml: rules[0]: no such move 'hld'; did you mean 'hold'?"
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        key: str | None = None,
        allowed: str | None = None,
        nearest: str | None = None,
    ) -> None:
        self.problem = problem
        self.file = file
        self.key = key
        self.allowed = allowed
        self.nearest = nearest
        super().__init__(problem)

    def __str__(self) -> str:
        """Give the one line."""
        line = ": ".join(part for part in (self.file, self.key, self.problem) if part)
        if self.allowed:
            line += f"; allowed: {self.allowed}"
        if self.nearest:
            line += f"; did you mean '{self.nearest}'?"
        return " ".join("".join(c if c.isprintable() else " " for c in line).split())

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with all fields: errors cross process borders too."""
        fields = {k: getattr(self, k) for k in ("file", "key", "allowed", "nearest")}
        return (_rebuilt, (type(self), self.problem, fields))


def _rebuilt(kind: type[InputError], problem: str, fields: dict[str, str | None]) -> InputError:
    return kind(problem, **fields)


def not_installed(package: str, extra: str, key: str, otherwise: str = "") -> InputError:
    """Make the error for a package that only some uses need.

    Parameters
    ----------
    package : str
    extra : str
        The optional dependencies, as pyproject.toml calls them, that hold it.
    key : str
        What asked for it.
    otherwise : str
        What does without it, if anything.
    """
    allowed = f"in the project's folder: pip install -e '.[{extra}]'"
    problem = f"needs {package}, which is not installed"
    return InputError(problem, key=key, allowed=allowed + (f"; {otherwise}" if otherwise else ""))


def nearest_name(name: object, names: Iterable[str]) -> str | None:
    """Give the one of `names` that resembles `name` most, if any does.

    Parameters
    ----------
    name : object
        What was written; anything but a string resembles nothing.
    names : iterable of str
        What could have been meant.

    Returns
    -------
    str or None

    Examples
    --------
    >>> nearest_name("irann", ["us", "iran", "iraq"])
    'iran'
    """
    if not isinstance(name, str):
        return None
    lower = {n.lower(): n for n in names}
    found = get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
    return lower[found[0]] if found else None


def listed(names: Iterable[str]) -> str:
    """Join `names` for the ``allowed`` part of an error, cut short where there are many."""
    all_names = list(names)
    if not all_names:
        return "nothing"
    shown = ", ".join(all_names[:LISTED])
    return shown if len(all_names) <= LISTED else f"{shown}, ... ({len(all_names)} in all)"
