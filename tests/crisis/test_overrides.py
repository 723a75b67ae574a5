"""Dotted paths and what they change."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.crisis import Scenario, load, parsed
from sim.errors import InputError

RAID = load(Path(__file__).parent.parent / "data" / "raid.toml")
BUNDLED = load("after-the-strike")
FORCELESS = tuple(f"moves.{m.id}." for m in RAID.crisis.moves if not m.kinetic)
NUMBERS = [
    path
    for path in RAID.paths()
    if type(RAID.parameter(path)) is float
    and not (path.startswith(FORCELESS) and path.endswith(("munitions", "lethality")))
]


def refused(scenario: Scenario, path: str, value: object) -> str:
    with pytest.raises(InputError) as caught:
        scenario.with_(path, value)
    return str(caught.value)


def test_every_path_takes_the_value_that_it_has() -> None:
    paths = [path for path in RAID.paths() if RAID.parameter(path) is not None]
    assert len(paths) > 100
    for path in paths:
        same = RAID.with_(path, RAID.parameter(path))
        assert same == RAID, path
        assert same.digest() == RAID.digest(), path


def test_all_values_at_once_change_nothing() -> None:
    values = {path: BUNDLED.parameter(path) for path in BUNDLED.paths()}
    same = BUNDLED.with_({path: v for path, v in values.items() if v is not None})
    assert same == BUNDLED


@pytest.mark.parametrize(
    "path, value",
    [
        ("strike.dead", 5),
        ("actors.us.alert", 0.25),
        ("actors.us.expects.iran", 0.125),
        ("moves.major_strike.munitions", 3.5),
        ("rules.iran.account-settled.scale", 0.375),
        ("tempo.iran", 0.3125),
        ("precision.us", 2.25),
        ("urgency.us", 0.875),
        ("attention.uk", 0.0625),
        ("half_lives.default.grievance", 33.0),
        ("half_lives.us.dead", 34.0),
        ("base.us.limited_strike", -4.125),
        ("repetition.brake", -1.125),
        ("prompt", 0.625),
        ("harm.per_log_dead", 1.375),
        ("notice.averts", 0.4375),
        ("war.major_strikes", 3),
        ("settlement.quiet_days", 11.0),
        ("horizon_days", 12.0),
        ("places.al-asad.exposure", 0.7),
    ],
)
def test_a_path_of_the_bundled_crisis_changes_one_value(path: str, value: float) -> None:
    assert BUNDLED.parameter(path) != value
    new = BUNDLED.with_(path, value)
    assert new.parameter(path) == value
    assert new.overrides == {path: value}
    assert new.replaced == {path: BUNDLED.parameter(path)}
    assert new.digest() != BUNDLED.digest()
    others = [p for p in BUNDLED.paths() if p != path and not p.startswith("half_lives.")]
    assert all(new.parameter(p) == BUNDLED.parameter(p) for p in others[::25])
    assert new.with_(path, BUNDLED.parameter(path)) == BUNDLED


@given(st.sampled_from(NUMBERS), st.floats(0.0078125, 1.0))
def test_any_number_can_be_set_and_set_back(path: str, value: float) -> None:
    new = RAID.with_(path, value)
    assert new.parameter(path) == value
    assert new.with_(path, RAID.parameter(path)) == RAID


@given(st.floats() | st.integers() | st.text() | st.booleans() | st.none())
def test_any_value_is_taken_or_refused_in_one_line(value: object) -> None:
    for path in ("raid.dead", "actors.north.alert", "start", "raid.move", "tempo.north"):
        try:
            new = RAID.with_(path, value)
        except InputError as error:
            line = str(error)
            told = line.startswith(f"{path}: ") and line.isprintable()
        else:
            now = new.parameter(path)
            told = not isinstance(now, float) or math.isfinite(now)
        assert told, (path, value)


def test_order_and_detours_do_not_count() -> None:
    one = RAID.with_({"raid.dead": 7, "tempo.north": 2})
    two = RAID.with_("tempo.north", 9).with_("raid.dead", 7).with_("tempo.north", 2.0)
    assert one == two
    assert one.overrides == {"raid.dead": 7, "tempo.north": 2.0}
    assert one.replaced == {"raid.dead": 2, "tempo.north": 0.5}
    assert type(one.overrides["tempo.north"]) is float


def test_numbers_of_numpy_are_numbers() -> None:
    assert RAID.with_("raid.dead", np.int64(5)) == RAID.with_("raid.dead", 5)
    assert RAID.with_("raid.dead", np.float64(5)) == RAID.with_("raid.dead", 5)
    assert RAID.with_("tempo.north", np.float32(0.25)) == RAID.with_("tempo.north", 0.25)


def test_an_override_leaves_defaults_of_the_file_alone() -> None:
    new = RAID.with_("rules.south.calm.moves.limited_strike", -8.0)
    assert new.crisis.rule("south.calm").sd == RAID.crisis.rule("south.calm").sd == 1.5


def test_values_that_depend_on_each_other_change_together() -> None:
    new = RAID.with_(
        {"raid.move": "protest", "raid.dead": None, "raid.place": None, "raid.also_dead.south": 0}
    )
    assert new.opening[1].dead is None
    both = RAID.with_({"injects.envoy.rate": None, "injects.envoy.at": RAID.start})
    assert both.injects[0].at == RAID.start


@pytest.mark.parametrize(
    "path, value, line",
    [
        ("raid.dad", 5, "raid.dad: no such path; did you mean 'raid.dead'?"),
        (
            "raid.dead",
            -1,
            "raid.dead: must be a number of dead, is -1; "
            "allowed: a whole number from 0, or 'drawn'",
        ),
        (
            "war",
            5,
            "war: is a table, not a single value; allowed: war.major_strikes, war.within_days",
        ),
        (
            "actors.north.alert",
            1.5,
            "actors.north.alert: 1.5 is too large; allowed: at least 0 and at most 1",
        ),
        (
            "tempo.north",
            "often",
            "tempo.north: must be a number, is 'often'; allowed: more than 0 and at most 1000",
        ),
        (
            "raid.move",
            "limited",
            "raid.move: no such move: 'limited'; allowed: mediate, "
            "hold, protest, limited_strike, major_strike; did you mean 'limited_strike'?",
        ),
        (
            "places.fort.exposure",
            26,
            "places.fort.exposure: major_strike would kill 520 "
            "here on average (munitions * lethality * exposure); allowed: at most 500",
        ),
        (
            "moves.major_strike.lethality",
            26,
            "moves.major_strike.lethality: actors.toml: "
            "places.fort.exposure: major_strike would kill 520 here on average "
            "(munitions * lethality * exposure); allowed: at most 500",
        ),
        (
            "raid",
            None,
            "raid: is a table, not a single value; allowed: raid.date, "
            "raid.actor, raid.move, raid.target, raid.place, raid.dead, raid.claimed, "
            "raid.provocation, raid.munitions, raid.also_dead.north, "
            "raid.also_dead.south",
        ),
    ],
)
def test_a_value_that_may_not_stand_is_refused(path: str, value: object, line: str) -> None:
    assert refused(RAID, path, value) == line


def test_probabilities_of_hosts_sum_to_one_at_most() -> None:
    with pytest.raises(InputError, match=r"actors\.us\.launches_from: probabilities sum to 1\.5"):
        BUNDLED.with_({"actors.us.launches_from.iraq": 0.75, "actors.us.launches_from.uk": 0.75})


def test_several_faults_name_the_one_that_is_told() -> None:
    with pytest.raises(InputError) as caught:
        RAID.with_({"tempo.north": 2.0, "tempo.south": -1.0}, source="design")
    assert str(caught.value) == (
        "design tempo.south: -1.0 is too small; allowed: more than 0 and at most 1000"
    )


def test_a_path_without_a_value_is_a_slip_of_the_caller() -> None:
    with pytest.raises(TypeError, match="needs a value"):
        RAID.with_("raid.dead")


def test_reading_an_unknown_path() -> None:
    with pytest.raises(InputError, match=r"tempo\.nort: no such path; did you mean 'tempo\.north'"):
        RAID.parameter("tempo.nort")


@pytest.mark.parametrize(
    "text, value",
    [
        ("a.b=5", 5),
        ("a.b = 0.5", 0.5),
        ("a.b=drawn", "drawn"),
        ("a.b='drawn'", "drawn"),
        ("a.b=true", True),
        ("a.b=x=y", "x=y"),
        ("a.b=1\nc=2", "1\nc=2"),
        ("a.b=2001-03-02T06:00:00", RAID.start),
    ],
)
def test_values_on_the_command_line_are_toml(text: str, value: object) -> None:
    assert parsed(text) == ("a.b", value)


@pytest.mark.parametrize("text", ["", "a.b", "=5", "a.b="])
def test_what_is_no_assignment_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="allowed: PATH=VALUE"):
        parsed(text)


@pytest.mark.parametrize("wrong", [3, None, ["raid.dead"]])
def test_what_names_no_path_is_refused(wrong: object) -> None:
    allowed = "allowed: a dotted path and a value"
    with pytest.raises(InputError, match=rf"^with_: .* is no path; {allowed}"):
        RAID.with_(wrong)  # type: ignore[arg-type]


def test_where_values_come_from_is_said_before_their_path() -> None:
    with pytest.raises(InputError, match=r"^--set raid\.dad: no such path"):
        RAID.with_("raid.dad", 5, source="--set")
