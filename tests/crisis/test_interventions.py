"""What an inject may set from its moment on, and what it may not: told in one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.crisis import Scenario, load
from sim.crisis.interventions import LASTING, SETTABLE, changed_by
from sim.errors import InputError

INJECT = """
[[injects]]
id = "line"
says = "A line between the two is opened."
at = 2031-05-03T12:00:00
hypothetical = true
set = {{ {path} = {value} }}
"""


@pytest.fixture
def setting(copy: Path) -> Callable[..., Scenario]:
    """Load the raid with an inject that sets one value."""

    def make(path: str, value: object) -> Scenario:
        text = (copy / "raid.toml").read_text(encoding="utf-8")
        inject = INJECT.format(path=f'"{path}"', value=value)
        (copy / "line.toml").write_text(text + inject, encoding="utf-8")
        return load(copy / "line.toml")

    return make


@pytest.fixture
def refused(setting: Callable[..., Scenario]) -> Callable[..., str]:
    """The line that an inject is refused with, the name of its file and place taken off."""

    def line(path: str, value: object) -> str:
        with pytest.raises(InputError) as caught:
            setting(path, value)
        text = str(caught.value)
        assert text == " ".join(text.split())
        key = path if path.replace("_", "").isalnum() else f'"{path}"'
        head, _, rest = text.partition(f"set.{key}: ")
        assert head.endswith(f"line.toml: injects[{len(load('raid.toml').injects)}].")
        return rest

    return line


def test_every_group_of_paths_is_either_settable_or_not(copy: Path) -> None:
    scenario = load("raid.toml")
    heads = {path.partition(".")[0] for path in scenario.paths()}
    events = {event.id for event in scenario.opening}
    never = {"war", "settlement", "repetition", "injects", "start", "horizon_days"}
    assert heads - events == {*SETTABLE, *never}
    assert set(LASTING) < set(SETTABLE)


@pytest.mark.parametrize(
    "path, value",
    [
        ("tempo.north", 3),
        ("actors.north.assessment_days", 0.1),
        ("weights.kinds.restraint", 1.5),
        ("moves.limited_strike.lethality", 0.1),
        ("half_lives.south.grievance", 3.0),
        ("statements.south-calm.counts", "false"),
    ],
)
def test_what_is_set_is_a_path_of_its_own(
    setting: Callable[..., Scenario], path: str, value: object
) -> None:
    scenario = setting(path, value)
    here = f"injects.line.set.{path}"
    given = scenario.parameter(here)
    assert here in scenario.paths()
    assert changed_by(scenario, {path: given}).parameter(path) == given
    assert scenario.parameter(path) != given
    assert load("raid.toml").parameter(path) == scenario.parameter(path)


@pytest.mark.parametrize(
    "path, value",
    [
        ("raid.dead", 3),
        ("start", "2031-05-01T00:00:00"),
        ("horizon_days", 3.0),
        ("war.within_days", 3.0),
        ("settlement.quiet_days", 3.0),
        ("repetition.brake", -1.0),
        ("injects.envoy.on", "true"),
        ("moves.limited_strike.rung", 8),
        ("moves.limited_strike.major", "true"),
        ("rules.north.answers.sd", 0.1),
    ],
)
def test_what_was_before_or_is_lasting_cannot_be_set(
    refused: Callable[..., str], path: str, value: object
) -> None:
    if path.startswith("rules"):
        path = f"rules.{load('raid.toml').crisis.rules[0].id}.sd"
    line = refused(path, value)
    assert line.startswith("cannot change in the middle of a crisis; allowed: weights, statements")


@pytest.mark.parametrize(
    "path, value, told",
    [
        ("tempo.nroth", 3, "no such path; did you mean 'tempo.north'?"),
        ("tempo.north", -3, "-3 is too small; allowed: more than 0 and at most 1000"),
        (
            "tempo.north",
            '"fast"',
            "must be a number, is 'fast'; allowed: more than 0 and at most 1000",
        ),
        ("weights.all", 300, "300 is too large; allowed: at least 0 and at most 100"),
    ],
)
def test_a_wrong_value_is_told_where_it_stands(
    refused: Callable[..., str], path: str, value: object, told: str
) -> None:
    assert refused(path, value) == told


def test_a_changed_value_is_checked_too(setting: Callable[..., Scenario]) -> None:
    scenario = setting("tempo.north", 3)
    assert scenario.with_("injects.line.set.tempo.north", 4).injects[-1].set["tempo.north"] == 4
    with pytest.raises(InputError) as caught:
        scenario.with_("injects.line.set.tempo.north", -4)
    assert str(caught.value).startswith("injects.line.set.tempo.north: -4 is too small")


def test_values_that_do_not_go_together_are_told_when_laid_out(copy: Path) -> None:
    from sim.engines.assemble import assemble

    head = 'extends = "after-the-strike"\ntitle = "A host"\nasks = "From where?"\n'
    inject = INJECT.format(path='"actors.us.launches_from.iraq"', value=0.9)
    (copy / "host.toml").write_text(head + inject.replace("2031-05-03", "2020-01-12"))
    scenario = load(copy / "host.toml").with_("actors.us.launches_from.uk", 0.5)
    assemble(scenario)
    with pytest.raises(InputError, match=r"injects\.line\.set actors\.us.*sum to 1\.4") as caught:
        assemble(scenario.with_("injects.line.on", True))
    assert "\n" not in str(caught.value)


def test_a_scenario_whose_injects_set_nothing_has_the_digest_that_it_had(copy: Path) -> None:
    from sim.crisis.content import content

    scenario = load("raid.toml")
    assert scenario.injects
    assert all("set" not in inject for inject in content(scenario, "scenario")["injects"])


@pytest.mark.parametrize("name", ["after-the-strike", "from-the-killing"])
def test_the_bundled_interventions_are_off_and_say_what_they_rest_on(name: str) -> None:
    scenario = load(name)
    found = {inject.id: inject for inject in scenario.injects}
    assert "warning" in found
    assert not any(inject.on for inject in found.values())
    assert all(bool(inject.because) != inject.hypothetical for inject in found.values())
    if name == "after-the-strike":
        assert {"warning", "mediator", "hotline", "promise-withdrawn"} < set(found)
        assert found["hotline"].set["weights.kinds.restraint"] > 1.0
