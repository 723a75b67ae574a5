"""Reading an experiment, with every mistake told in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.crisis.bundled import bundled, folder
from sim.crisis.complaints import Key, Where, validated
from sim.crisis.experiment import (
    DESIGNS,
    ELICITED,
    SAMPLED,
    USES,
    ExperimentFile,
    Factor,
)
from sim.crisis.loading import load
from sim.crisis.scenario import Scenario
from sim.crisis.toml import read, shown
from sim.errors import InputError, listed, nearest_name

__all__ = ["Experiment", "experiment_names", "made_experiment", "read_experiment"]

FILE = "experiment"
_BOUNDS = ("low", "high", "mode", "mean", "sd")


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

    def changed(self, values: Mapping[str, object], source: str = "--set") -> Experiment:
        """Return the experiment with other values in its scenario, at every design point."""
        return replace(self, scenario=self.scenario.with_(values, source=source))

    def error(self, key: Key, problem: str, **more: Any) -> InputError:
        """Make the error for a place in its file."""
        return Where({FILE: self.shown}).error(FILE, key, problem, **more)


def experiment_names() -> tuple[str, ...]:
    """List the names of the bundled experiments, in alphabetical order."""
    return tuple(sorted(path.stem for path in (folder() / "experiments").glob("*.toml")))


def read_experiment(name: str | Path) -> Experiment:
    """Read an experiment by its bundled name or from its file.

    Raises
    ------
    InputError
        Where there is none, or anything is wrong with it or its scenario, in one line.
    """
    path = _located(name)
    where = Where({FILE: shown(path)})
    file = validated(ExperimentFile, read(path), FILE, where)
    beside = [path.parent / file.scenario, path.parent / f"{file.scenario}.toml"]
    found = next((place for place in beside if place.is_file()), None)
    if found is None and file.scenario not in bundled():
        problem = f"no such scenario: {file.scenario!r}"
        raise where.error(FILE, ("scenario",), problem, name=file.scenario, names=bundled())
    scenario = load(found or file.scenario)
    if file.set:
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
        else:
            levels = getattr(given, "tolist", lambda given=given: list(given))()  # type: ignore[misc]
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
        raise experiment.error(("points",), f"is missing: a {file.design} design draws points")
    if file.design not in SAMPLED and file.points is not None:
        allowed = ", ".join(SAMPLED)
        raise experiment.error(
            ("points",), f"means nothing to a {file.design} design", allowed=f"for {allowed}"
        )
    if (file.table is None) == (file.design == "table"):
        problem = "is missing" if file.table is None else f"means nothing to {file.design}"
        raise experiment.error(("table",), f"{problem}: a CSV file goes with design = 'table'")
    if file.second_order and file.design != "saltelli":
        raise experiment.error(("second_order",), "goes with design = 'saltelli' alone")
    if not file.factors and file.design not in ("table", ELICITED):
        raise experiment.error(
            ("factors",), "is missing: nothing is varied", allowed=listed(DESIGNS)
        )
    titles = [factor.title for factor in file.factors]
    paths = [path for factor in file.factors for path in factor.targets]
    for n, factor in enumerate(file.factors):
        _check_factor(experiment, factor, ("factors", n))
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
    if drawn == "table":
        return
    if bool(factor.levels) == (factor.distribution is not None):
        raise experiment.error(at, "needs one of levels and distribution")
    if factor.distribution is None:
        if drawn == "factorial" and len(set(map(repr, factor.levels))) < len(factor.levels):
            raise experiment.error((*at, "levels"), "has a level twice")
        if given := [name for name in _BOUNDS if getattr(factor, name) is not None]:
            raise experiment.error((*at, given[0]), "goes with a distribution")
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


def _check_order(experiment: Experiment, factor: Factor, at: Key) -> None:
    low, high = factor.low, factor.high
    if low is not None and high is not None and not low < high:
        raise experiment.error((*at, "low"), f"{low:g} is not below high, {high:g}")
    if factor.distribution == "log-uniform" and low is not None and low <= 0:
        raise experiment.error((*at, "low"), f"is {low:g}", allowed="above 0")
    if factor.distribution == "integer":
        for name in ("low", "high"):
            if getattr(factor, name) != int(getattr(factor, name)):
                raise experiment.error((*at, name), "must be a whole number")
    if factor.mode is not None and not (low or 0.0) <= factor.mode <= (high or 0.0):
        raise experiment.error((*at, "mode"), "lies outside low and high")


def _check_outcomes(experiment: Experiment) -> None:
    for n, name in enumerate(experiment.file.outcomes):
        if name in experiment.file.outcomes[:n]:
            raise experiment.error(("outcomes", n), f"{name!r} stands twice")
