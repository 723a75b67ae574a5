"""How to have the very same again: commands, or what to call in Python, and what they rest on."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.dates import shown
from sim.analysis.report import Again, Fact
from sim.crisis.bundled import bundled
from sim.ensembles import Ensemble
from sim.experiment.plan import usual_outcomes
from sim.history import History
from sim.saving import OF_ENSEMBLES, OF_HISTORIES, manifest
from sim.studies import Study, experiment_names

if TYPE_CHECKING:
    from sim.analysis.influence import InfluenceSummary
    from sim.analysis.studied import Studied
    from sim.crisis import Scenario

__all__ = ["MADE_IN_PYTHON", "again", "command", "place", "swept", "told_again", "told_again_of"]

LIBRARIES = tuple(dict.fromkeys((*OF_ENSEMBLES, *OF_HISTORIES, "jinja2")))
#: What a version says where the package was never installed.
UNKNOWN = "0+unknown"
#: What `sim.sweep` calls an experiment that no file holds.
MADE_IN_PYTHON = "sweep"
#: Fields of an experiment that a call names, and what they are where it does not.
USUAL = {"design": "factorial", "points": None, "second_order": False, "seed": 1}


def place(path: str | None, absent: str = "FOLDER") -> str:
    """Call a file or folder by its name alone: where it lies is nobody else's business.

    Examples
    --------
    >>> place("/home/me/results/killing"), place("after-the-strike"), place(None)
    ('killing', 'after-the-strike', 'FOLDER')
    """
    return absent if path is None else Path(path).name or absent


def command(*words: str) -> str:
    """Write a command for a shell.

    Examples
    --------
    >>> command("run", "my crisis.toml", "--seed", "1")
    "escalation run 'my crisis.toml' --seed 1"
    """
    return shlex.join(["escalation", *words])


def _sets(scenario: Scenario) -> list[str]:
    """Write what was put in place of a scenario's own values as options, to the last digit."""
    pairs = (("--set", f"{path}={_exact(value)}") for path, value in scenario.overrides.items())
    return [word for pair in pairs for word in pair]


def _exact(value: object) -> str:
    """Write a value as a command takes it: what is shown of a number may be rounded."""
    if isinstance(value, float) and float(shown(value)) != value:
        return repr(value)
    return shown(value)


def told_again(history: History, name: str | None) -> str:
    """Write the command that tells a history; none does where something was imposed on it."""
    if history.log.forced or history.log.intervened:
        return ""
    which = ["--seed", str(history.seed), "--replicate", str(history.replicate)]
    return command("run", place(name, history.scenario.name), *which, *_sets(history.scenario))


def told_again_of(folder: str | None, point: int, replicate: int) -> str:
    """Write the call that tells a history of a study."""
    return f"sim.study({place(folder)!r}).history({point}, {replicate})"


def again(
    kind: str,
    played: Ensemble,
    first: History | None,
    found: InfluenceSummary,
    given: str | None,
    called: str | None,
) -> Again:
    """Say how to have the very same report of a scenario, an ensemble or a history.

    Parameters
    ----------
    kind, played, first
        As of `sim.report_parts.summarise`.
    found : InfluenceSummary
    given, called : str or None
        The folder of the results, and the scenario, as the command line calls them.
    """
    scenario = played.scenario
    many = ["--replicates", str(len(played))]
    of = [place(called, scenario.name), "--seed", str(played.seed)]
    folder = place(given)
    commands: list[str] = []
    if kind == "scenario":
        made = [*of, *many, *_sets(scenario)]
    elif kind == "ensemble":
        commands.append(command("ensemble", *of, *many, *_sets(scenario), "--out", folder))
        made = [folder]
    else:
        assert first is not None
        if told := told_again(first, called):
            commands.append(f"{told} {shlex.join(['--out', folder])}")
        made = [folder, *many]
    if kind != "scenario" and called is not None:
        made += ["--scenario", place(called)]
    commands.append(command("report", *made, "--without", str(found.replicates)))
    facts = (
        Fact("Scenario", scenario.name),
        Fact("Digest of its content", scenario.digest()),
        Fact("Seed", str(played.seed)),
        Fact("Histories", f"{len(played):,}"),
        Fact("Histories without each statement", f"{found.replicates:,}"),
        *_versions(manifest(scenario, LIBRARIES, seed=played.seed)),
    )
    return Again(tuple(commands), facts)


def swept(study: Study, about: Studied, given: str | None) -> Again:
    """Say how to have the very same study and report."""
    inputs = study.manifest["inputs"]
    folder = place(given)
    if about.name == MADE_IN_PYTHON and about.name not in experiment_names():
        made = _call(about, inputs, folder)
    else:
        known = about.name in experiment_names()
        many = ["--replicates", str(about.replicates), "--seed", str(about.seed)]
        if inputs.get("points") is not None:
            many += ["--points", str(inputs["points"])]
        name = about.name if known else f"{about.name}.toml"
        made = command("sweep", name, *many, "--out", folder, *_sets(about.scenario))
    facts = (
        Fact("Study", about.name),
        Fact("Digest of its inputs", about.digest),
        Fact("Scenario", about.scenario.name),
        Fact("Digest of its content", about.scenario.digest()),
        Fact("Seed", str(about.seed)),
        Fact("Histories", f"{about.points:,} x {about.replicates:,}"),
        Fact("Simulated with", _simulated(study)),
        *_versions(manifest(about.scenario, LIBRARIES)),
    )
    return Again((made, command("report", folder)), facts)


def _call(about: Studied, inputs: Mapping[str, Any], folder: str) -> str:
    """Write the call of `sim.sweep` that made a study; no command does."""
    scenario = about.scenario
    own = scenario.name not in bundled()
    of = repr(f"{scenario.name}.toml" if own else scenario.name)
    if own or scenario.overrides:
        of = f"sim.load({of})"
    if scenario.overrides:
        of = f"{of}.with_({dict(scenario.overrides)!r})"
    factors = {}
    for factor in inputs.get("factors", ()):
        fields = {name: value for name, value in factor.items() if value not in (None, [])}
        simple = fields.keys() == {"path", "levels"}
        label = factor.get("path") or factor.get("name") or factor["paths"][0]
        factors[label] = fields["levels"] if simple else fields
    usual = USUAL | {"streams": "common" if inputs["design"] == "factorial" else None}
    options = {"replicates": about.replicates} | {
        key: inputs[key]
        for key, value in usual.items()
        if key in inputs and inputs[key] not in (None, value)
    }
    if tuple(inputs["outcomes"]) != usual_outcomes(scenario):
        options["outcomes"] = inputs["outcomes"]
    words = [of, *([repr(factors)] if factors else [])]
    words += [f"{key}={value!r}" for key, value in (options | {"out": folder}).items()]
    return f"sim.sweep({', '.join(words)})"


def _versions(said: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Give the versions of a manifest, and what it was made on."""
    return (
        Fact("Versions", _listed(said["versions"])),
        Fact("Made on", f"Python {said['python']}, {said['machine']}"),
    )


def _listed(versions: Mapping[str, str]) -> str:
    """Write versions, and honestly that a bare checkout has none."""
    return ", ".join(
        f"{name} {'from a checkout, no release' if number == UNKNOWN else number}"
        for name, number in versions.items()
    )


def _simulated(study: Study) -> str:
    """Name the versions that the study was simulated with."""
    said = study.manifest
    start = "version of "
    libraries = {
        name.removeprefix(start): number
        for name, number in said["inputs"].items()
        if name.startswith(start)
    }
    return f"{_listed(said['versions'] | libraries)}; {said['machine']}"
