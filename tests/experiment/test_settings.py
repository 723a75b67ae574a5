"""A design point laid out quickly is the scenario with those values, to the bit."""

from datetime import timedelta

import pytest

from sim.crisis import load
from sim.engines.assemble import assemble
from sim.errors import InputError
from sim.experiment.design import Design, design_points
from sim.experiment.settings import Settings


@pytest.fixture(scope="module")
def strike():
    return load("after-the-strike")


@pytest.fixture(scope="module")
def weights(strike) -> list[str]:
    """A weight of each of several rules."""
    return [f"rules.{rule.id}.moves.{next(iter(rule.moves))}" for rule in strike.crisis.rules[::7]]


def laid_out(strike, factors: dict[tuple[str, ...], list]) -> Design:
    """A design with the factors side by side, level by level."""
    names = tuple(paths[0] for paths in factors)
    return Design("table", names, tuple(factors), tuple(zip(*factors.values(), strict=True)))


def bits(assembly) -> bytes:
    """Every field of the records; what lies between them means nothing."""
    return b"".join(assembly.phases[name].tobytes() for name in assembly.phases.dtype.names)


def check(scenario, design: Design) -> None:
    settings = Settings(scenario, design)
    assert len(design) > 1
    seen = set()
    for point in [*range(len(design)), 0]:  # the first again: what is kept must not have moved
        ours = settings.assembly(point)
        theirs = assemble(scenario.with_(design.values(point)))
        assert bits(ours) == bits(theirs)
        seen.add(bits(ours))
    assert len(seen) == len(set(design.rows))


def test_weights(strike, weights):
    factors = {(path,): [0.25 * n, -1.5, 3.0, 0.0] for n, path in enumerate(weights, start=1)}
    check(strike, laid_out(strike, factors))


@pytest.mark.parametrize(
    "path, levels",
    [
        ("strike.dead", [0, 3, 80, "drawn"]),
        ("strike.move", ["limited_strike", "major_strike"]),
        ("tempo.iran", [0.1, 1, 6.0]),
        ("precision.us", [0.5, 2.0]),
        ("half_lives.default.grievance", [1.0, 30.0]),
        ("actors.us.assessment_days", [0.1, 5.0]),
        ("horizon_days", [5.0, 60.0]),
        ("weights.all", [0.0, 0.5, 2.0]),
        ("weights.actors.iran", [0.0, 1.5]),
        ("weights.kinds.threat", [0.0, 2.0]),
        ("statements.ir-concluded.strength", [0.0, "weak", 4]),
        ("statements.ir-concluded.counts", [True, False]),
    ],
)
def test_one_value(strike, path, levels):
    check(strike, laid_out(strike, {(path,): levels}))


def test_a_date(strike):
    date = strike.parameter("strike.date")
    check(strike, laid_out(strike, {("strike.date",): [date, date - timedelta(hours=5)]}))


def test_injects_on_and_off(strike):
    names = [f"injects.{inject.id}.on" for inject in strike.injects]
    assert names
    factors = {(name,): [n % 2 == 0, n % 2 == 1] for n, name in enumerate(names)}
    check(strike, laid_out(strike, factors))


def test_weights_beside_multipliers_and_everything_else(strike, weights):
    factors = {
        (weights[0],): [0.5, -2.0, 0.5, 1.0],
        ("strike.dead",): [0, 80, 80, "drawn"],
        (weights[1], weights[2]): [1.0, 2.0, 3.0, 1.0],
        ("weights.all",): [0.5, 1.0, 2.0, 0.5],
        ("statements.ir-concluded.counts",): [True, False, True, False],
        ("tempo.iran",): [1.0, 1.0, 2.0, 0.5],
    }
    check(strike, laid_out(strike, factors))


def test_a_factor_of_a_weight_and_of_something_else(strike, weights):
    factors = {("tempo.iran", weights[0]): [0.5, 2.0], (weights[1],): [0.5, 2.0]}
    check(strike, laid_out(strike, factors))


def test_over_a_scenario_that_is_changed_already(strike, weights):
    changed = strike.with_({"weights.kinds.threat": 0.5, "strike.dead": 5, weights[1]: 0.75})
    factors = {(weights[0],): [0.5, -2.0], ("weights.actors.us",): [2.0, 0.5]}
    check(changed, laid_out(strike, factors))


def test_every_weight_there_is(make):
    scenario = load("from-the-killing")
    check(scenario, design_points(make({}, scenario=scenario, design="elicited", points=4)))


def test_every_weight_of_the_small_crisis(make, raid):
    check(raid, design_points(make({}, design="elicited", points=8)))


def test_values_that_cannot_stand_together(strike):
    start, date = strike.parameter("start"), strike.parameter("strike.date")
    assert date < start
    factors = {("strike.date",): [date, start], ("start",): [start, date + timedelta(hours=1)]}
    settings = Settings(strike, laid_out(strike, factors))
    settings.assembly(0)
    with pytest.raises(InputError, match=r"^strike.date: ") as caught:
        settings.assembly(1)
    assert "--set" not in str(caught.value)
