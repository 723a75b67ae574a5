"""A scenario as one JSON text, and back."""

from datetime import datetime, timedelta

import pytest

from sim.crisis import bundled, load
from sim.crisis.stored import dumps, from_json, loads, to_json
from sim.engines.assemble import assemble
from sim.errors import InputError


def changes(scenario) -> dict[str, object]:
    """A value of every kind: number, word, flag, date, weight, none at all."""
    first = next(event for event in scenario.opening if event.place)
    return {
        f"{first.id}.dead": 7,
        f"{first.id}.place": None,
        f"{first.id}.date": first.date - timedelta(hours=1),
        "weights.all": 0.5,
        f"statements.{scenario.crisis.rules[0].because[0]}.counts": False,
        **({f"injects.{scenario.injects[0].id}.on": True} if scenario.injects else {}),
    }


@pytest.fixture(params=[*bundled(), "raid.toml", "ten-dead.toml"])
def scenario(request, data):
    name = request.param
    return load(data / name) if name.endswith(".toml") else load(name)


@pytest.mark.parametrize("changed", [False, True])
def test_a_scenario_comes_back_as_it_was(scenario, changed):
    if changed:
        scenario = scenario.with_(changes(scenario))
        assert scenario.overrides
    text = to_json(scenario)
    back = from_json(text, "scenario.json")
    assert back == scenario
    assert back.digest() == scenario.digest()
    assert dict(back.overrides) == dict(scenario.overrides)
    assert to_json(back) == text
    ours, theirs = assemble(back).phases, assemble(scenario).phases
    assert all(ours[name].tobytes() == theirs[name].tobytes() for name in ours.dtype.names)


def test_what_comes_back_can_be_changed_and_changed_back(scenario):
    back = from_json(to_json(scenario.with_(changes(scenario))), "scenario.json")
    undone = back.with_(dict(back.replaced))
    assert undone == scenario
    assert not undone.overrides


def test_dates_come_back_as_dates():
    values = [None, True, 1, 1.5, "word", datetime(2020, 1, 8, 6)]
    assert loads(dumps(values)) == values


def test_what_json_has_no_form_for_is_refused():
    with pytest.raises(TypeError, match="no JSON for"):
        dumps(object())


def test_a_wrong_value_names_the_file(scenario):
    text = to_json(scenario).replace('"horizon_days": ', '"horizon_days": -', 1)
    with pytest.raises(InputError, match=r"^kept.json: horizon_days: -\d+.0 is too small"):
        from_json(text, "kept.json")
