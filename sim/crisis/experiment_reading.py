"""Reading an experiment, with every mistake told in one line."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.crisis.bundled import bundled, folder
from sim.crisis.complaints import Key, Where, validated
from sim.crisis.experiment import (
    ELICITED,
    RESERVED,
    SAMPLED,
    USES,
    ExperimentFile,
    Factor,
)
from sim.crisis.loading import is_file, load
from sim.crisis.scenario import Scenario
from sim.crisis.toml import read, shown
from sim.errors import InputError, nearest_name

__all__ = [
    "Experiment",
    "article",
    "experiment_file",
    "experiment_names",
    "is_experiment",
    "made_experiment",
    "read_experiment",
]

FILE = "experiment"
_BOUNDS = ("low", "high", "mode", "mean", "sd")
_SAID = ("levels", "distribution", *_BOUNDS)


@dataclass(frozen=True)
class Experiment:
    """A design over a scenario, checked, with the scenario loaded.

    Attributes
    ----------
    name : str
    file : ExperimentFile
        What it says, every field checked.
    scenario : Scenario
        With the values of `set` in place.
    folder : Path
        Where a table is looked for.
    shown : str
        The file as an error names it.
    """

    name: str
    file: ExperimentFile
    scenario: Scenario
    folder: Path
    shown: str

    @property
    def title(self) -> str:
        """The name in print."""
        return self.file.title or self.name

    def with_(self, **fields: Any) -> Experiment:
        """Return the experiment with other replicates, points, seed or outcomes.

        Raises
        ------
        InputError
            Where a value may not stand there.
        """
        content = self.file.model_dump(exclude_unset=True) | fields
        file = validated(ExperimentFile, content, FILE, Where({FILE: self.shown}))
        return _checked(replace(self, file=file))

    def changed(self, values: Mapping[str, object], source: str = "") -> Experiment:
        """Return the experiment with other values in its scenario, at every design point.

        Raises
        ------
        InputError
            Where a value may not stand there, or is varied.
        """
        _check_apart(self.file, values, source)
        return replace(self, scenario=self.scenario.with_(values, source=source))

    def error(self, key: Key, problem: str, **more: Any) -> InputError:
        """Make the error for a place in its file."""
        return Where({FILE: self.shown}).error(FILE, key, problem, **more)


def experiment_names() -> tuple[str, ...]:
    """List the names of the bundled experiments, in alphabetical order."""
    return tuple(sorted(path.stem for path in (folder() / "experiments").glob("*.toml")))


def is_experiment(name: str) -> bool:
    """Tell whether a name or a file is meant as an experiment; what is wrong with it, reading says.

    A bundled scenario is none, and of files those are that say what only an experiment does.
    """
    path = Path(name)
    if not is_file(path):
        return name not in bundled() and name in experiment_names()
    try:
        return not {"design", "streams", "factors", "replicates"}.isdisjoint(read(path))
    except InputError:
        return False


def experiment_file(name: str | Path) -> ExperimentFile:
    """Read what an experiment says, its scenario unread."""
    path = _located(name)
    return validated(ExperimentFile, read(path), FILE, Where({FILE: shown(path)}))


def read_experiment(name: str | Path) -> Experiment:
    """Read an experiment by its bundled name or from its file.

    Raises
    ------
    InputError
        Where there is none, or anything is wrong with it or its scenario, in one line.
    """
    path = _located(name)
    where = Where({FILE: shown(path)})
    file = experiment_file(name)
    beside = [path.parent / file.scenario, path.parent / f"{file.scenario}.toml"]
    # An experiment may have the name of its scenario.
    found = next((p for p in beside if is_file(p) and not p.samefile(path)), None)
    if found is None and file.scenario not in bundled():
        problem = f"no such scenario: {file.scenario!r}"
        near = {place.stem for place in path.parent.glob("*.toml")} - {path.stem}
        names = sorted({*near, *bundled()})
        raise where.error(FILE, ("scenario",), problem, name=file.scenario, names=names)
    scenario = load(found or file.scenario)
    if file.set:
        _check_apart(file, file.set, f"{shown(path)}: [set]")
        scenario = scenario.with_(file.set, source=f"{shown(path)}: [set]")
    return _checked(Experiment(path.stem, file, scenario, path.parent, shown(path)))


def made_experiment(
    scenario: Scenario, factors: Mapping[str, object], name: str, **fields: Any
) -> Experiment:
    """Make an experiment from Python: levels by dotted path, or a table of a factor's fields."""
    tables = []
    for path, given in factors.items():
        if isinstance(given, Mapping):
            spec = dict(given)
            tables.append(spec if "path" in spec or "paths" in spec else {"path": path, **spec})
        elif isinstance(given, str) or not isinstance(given, Iterable):
            allowed = "a list of levels, or a table such as {'distribution': 'uniform', ...}"
            raise InputError(f"is {given!r}", file=name, key=path, allowed=allowed)
        else:
            # Numbers of NumPy's are numbers: designs are arrays.
            levels = [getattr(level, "item", lambda level=level: level)() for level in given]
            tables.append({"path": path, "levels": levels})
    content = {"scenario": scenario.name, "factors": tables, **fields}
    file = validated(ExperimentFile, content, FILE, Where({FILE: name}))
    return _checked(Experiment(name, file, scenario, Path.cwd(), name))


def _located(name: str | Path) -> Path:
    text = str(name)
    if isinstance(name, Path) or text.endswith(".toml") or "/" in text or "\\" in text:
        return Path(name)
    if text in experiment_names():
        return folder() / "experiments" / f"{text}.toml"
    raise InputError(
        "no bundled experiment has this name",
        file=text or "''",
        allowed=f"{', '.join(experiment_names())}, or the path of a .toml file",
        nearest=nearest_name(text, experiment_names()),
    )


def _checked(experiment: Experiment) -> Experiment:
    """Refuse what cannot be meant, before anything is drawn or simulated."""
    file = experiment.file
    if file.design in SAMPLED and file.points is None:
        raise experiment.error(
            ("points",), f"is missing: {article(file.design)} design draws points"
        )
    if file.design not in SAMPLED and file.points is not None:
        allowed = ", ".join(SAMPLED)
        raise experiment.error(
            ("points",), f"means nothing to {article(file.design)} design", allowed=f"for {allowed}"
        )
    if (file.table is None) == (file.design == "table"):
        problem = "is missing" if file.table is None else f"means nothing to {file.design}"
        raise experiment.error(("table",), f"{problem}: a CSV file goes with design = 'table'")
    if file.second_order and file.design != "saltelli":
        raise experiment.error(("second_order",), "goes with design = 'saltelli' alone")
    if not file.factors and file.design not in ("table", ELICITED):
        raise experiment.error(
            ("factors",), "is missing: nothing is varied", allowed="[[factors]] with a path each"
        )
    titles = [factor.title for factor in file.factors]
    paths = [path for factor in file.factors for path in factor.targets]
    for n, factor in enumerate(file.factors):
        _check_factor(experiment, factor, ("factors", n))
        if factor.title in RESERVED:
            problem = f"is {factor.title!r}, which another column of the tables has"
            raise experiment.error(("factors", n, "name"), problem)
        if factor.title in titles[:n]:
            raise experiment.error(("factors", n), f"a second factor named {factor.title!r}")
    for path in paths:
        if paths.count(path) > 1:
            raise experiment.error(("factors",), f"{path!r} is varied twice")
    _check_outcomes(experiment)
    return experiment


def _check_factor(experiment: Experiment, factor: Factor, at: Key) -> None:
    if (factor.path is None) == (not factor.paths):
        raise experiment.error(at, "needs one of path and paths")
    drawn = experiment.file.design
    given = [name for name in _SAID if getattr(factor, name) not in (None, ())]
    if drawn == "table":
        if given:
            raise experiment.error((*at, given[0]), "means nothing: the table has the values")
        return
    if bool(factor.levels) == (factor.distribution is not None):
        raise experiment.error(at, "needs one of levels and distribution")
    if factor.distribution is None:
        twice = len(set(map(_alike, factor.levels))) < len(factor.levels)
        if twice and drawn not in SAMPLED:
            raise experiment.error((*at, "levels"), "has a level twice")
        if bounds := [name for name in _BOUNDS if getattr(factor, name) is not None]:
            raise experiment.error((*at, bounds[0]), "goes with a distribution")
        return
    if drawn == "factorial":
        raise experiment.error((*at, "distribution"), "a factorial design needs levels")
    needs, may = USES[factor.distribution]
    given_fields = {name for name in _BOUNDS if getattr(factor, name) is not None}
    for name in sorted(needs - given_fields):
        raise experiment.error((*at, name), f"is missing: {factor.distribution} needs it")
    for name in sorted(given_fields - needs - may):
        allowed = ", ".join(sorted(needs | may))
        raise experiment.error(
            (*at, name), f"has no meaning for {factor.distribution}", allowed=allowed
        )
    _check_order(experiment, factor, at)


def article(design: str) -> str:
    """Put the article before the name of a design."""
    return f"an {design}" if design[0] in "aeio" else f"a {design}"


def _alike(level: object) -> Hashable:
    """Give what two levels have in common that set the same value."""
    if isinstance(level, int | float) and not isinstance(level, bool):
        return level
    return repr(level)


def _check_apart(file: ExperimentFile, values: Iterable[str], source: str) -> None:
    """Refuse to set what is varied: it would change nothing."""
    varied = {path: factor.title for factor in file.factors for path in factor.targets}
    for path in values:
        if path in varied:
            raise InputError(f"is varied by the factor {varied[path]!r}", file=source, key=path)


def _check_order(experiment: Experiment, factor: Factor, at: Key) -> None:
    low, high = factor.low, factor.high
    if low is not None and high is not None and not low < high:
        raise experiment.error((*at, "low"), f"{low:g} is not below high, {high:g}")
    if factor.distribution == "log-uniform" and low is not None and low <= 0:
        raise experiment.error((*at, "low"), f"is {low:g}", allowed="above 0")
    if factor.distribution == "integer":
        for name in ("low", "high"):
            if getattr(factor, name) != int(getattr(factor, name)):
                problem = f"must be a whole number, is {getattr(factor, name):g}"
                raise experiment.error((*at, name), problem)
    if factor.mode is not None and not (low or 0.0) <= factor.mode <= (high or 0.0):
        allowed = f"{low:g} to {high:g}"
        raise experiment.error((*at, "mode"), f"is {factor.mode:g}", allowed=allowed)


def _check_outcomes(experiment: Experiment) -> None:
    for n, name in enumerate(experiment.file.outcomes):
        if name in experiment.file.outcomes[:n]:
            raise experiment.error(("outcomes", n), f"{name!r} stands twice")
