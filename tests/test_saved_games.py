"""Saved games that something has happened to: one line that says where and what, or the game."""

import copy
import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.errors import InputError
from sim.games import Game

#: One of every type that JSON has, and numbers that only look right.
OTHERS = [None, True, -1, 2**64, 1e300, "", "\x00", [], [["us"]], {}, {"date": 5}]
OTHERS += [{"date": "2020-01-08T06:00:00"}]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A game of two players with values of its own, as it is saved."""
    scenario = sim.load("after-the-strike").with_({"strike.dead": 3, "horizon_days": 5.0})
    game = Game(scenario, ["us", "iran"], seed=3)
    for _ in range(3):
        game.choose(0)
    return game.save(tmp_path_factory.mktemp("saved") / "game.json")


@pytest.fixture(scope="module")
def record(file):
    return json.loads(file.read_text())


def places(value, path=()) -> Iterator[tuple]:
    """Every place in a record: keys of its tables, and indices of its lists."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def mutated(record, path, **put):
    """A copy without what stands at a place, or with something else there."""
    damaged = copy.deepcopy(record)
    inside = damaged
    for key in path[:-1]:
        inside = inside[key]
    if put:
        inside[path[-1]] = put["other"]
    else:
        del inside[path[-1]]
    return damaged


def tried(file, text) -> str | None:
    """The one line that refuses a text as a saved game; None where it is one."""
    damaged = file.with_name("damaged.json")
    damaged.write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        game = Game.load(damaged)
    except InputError as error:
        told = str(error)
        assert told.startswith(str(damaged)), told
        assert told.isprintable()
        return told
    assert not game.over
    return None


def test_what_is_left_of_a_file_cut_off_anywhere_is_no_game(file):
    text = file.read_text()
    for length in range(0, len(text.rstrip()), 23):
        assert "no saved game" in tried(file, text[:length])


def test_every_key_is_needed_or_is_for_people_alone(file, record):
    refused = {path[0] for path in places(record) if tried(file, json.dumps(mutated(record, path)))}
    assert set(record) - refused == {"blind", "over", "escalation"}


@pytest.mark.parametrize("other", OTHERS, ids=repr)
def test_another_value_anywhere_is_refused_or_makes_a_game(file, record, other):
    for path in places(record):
        tried(file, json.dumps(mutated(record, path, other=other)))


@settings(max_examples=120)
@given(st.data())
def test_whatever_stands_anywhere_nothing_but_an_input_error_comes_of_it(file, record, data):
    damaged = record
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(damaged))))
        other = data.draw(st.one_of(st.none(), st.builds(dict, other=json_values)))
        damaged = mutated(damaged, path, **(other or {}))
        if not damaged:
            break
    tried(file, json.dumps(damaged))


@settings(max_examples=80)
@given(st.data())
def test_letters_put_in_or_left_out_are_no_crash(file, data):
    text = file.read_text()
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(at, min(len(text), at + 20)))
    tried(file, text[:at] + data.draw(st.text(max_size=6)) + text[end:])


@pytest.mark.parametrize(
    "path, other, told",
    [
        (("game",), "1", "game: is a game of another version of the program; allowed: 1"),
        (("seed",), "3", "seed: must be a whole number, is '3'"),
        (("seed",), True, "seed: must be a whole number, is true; allowed: at least 0"),
        (("seed",), -1, "seed: -1 is too small; allowed: at least 0"),
        (("players",), [], "players: must not be empty"),
        (("players",), "us", "players: must be a list, is 'us'"),
        (
            ("players", 1),
            "irann",
            "players: no such actor 'irann'; allowed: us, iran, iraq, uk; did you",
        ),
        (("players", 1), 7, "players[1]: must be a text, is 7"),
        (("taken",), {}, "taken: must be a list, is a table"),
        (("taken", 0), "hold", "taken[0]: must be a table, is 'hold'"),
        (("taken", 1, "option"), True, "taken[1].option: must be a text, is true"),
        (("taken", 1, "option"), 0, "taken[1].option: must be a text, is 0"),
        (("taken", 1, "option"), "hlod", "taken[1].option: no option 'hlod'; allowed: a number"),
        (("taken", 0, "day"), "soon", "taken[0].day: must be a number, is 'soon'"),
        (("taken", 0, "day"), 1.25, "taken[0]: the crisis no longer takes the course that it took"),
        (("taken", 0, "turn"), 2, "taken[0].turn: turn 2 is out of order; allowed: 1"),
        (("taken", 2, "turn"), 7, "taken[2].turn: turn 7 is out of order; allowed: 3"),
        (("taken", 1, "until"), "soon", "taken[1].until: must be a number, is 'soon'"),
        (("taken", 2, "turn"), 0, "taken[2].turn: 0 is too small; allowed: at least 1"),
        (("scenario",), "after-the-strik", "scenario: after-the-strik: no bundled scenario"),
        (("scenario",), ["x"], "scenario: must be a text, is a list"),
        (("overrides",), 5, "overrides: must be a table, is 5"),
        (("overrides", "strike.dead"), "many", "overrides: strike.dead: "),
        (("overrides", "strike.daed"), 3, "did you mean 'strike.dead'?"),
        (("digest",), "0" * 64, "digest: the scenario after-the-strike is no longer the one"),
        (("blind",), 1, "blind: must be true or false, is 1"),
        (("player",), ["us"], "player: unknown key"),
    ],
)
def test_the_line_says_which_key_what_is_wrong_and_what_is_allowed(file, record, path, other, told):
    assert told in tried(file, json.dumps(mutated(record, path, other=other)))


def test_only_a_wait_has_an_end(file, record):
    game = Game("from-the-killing", "us", seed=1)
    game.choose("threaten iran")
    other = json.loads(game.save(file.with_name("threat.json")).read_text())
    assert "until" not in other["taken"][0]
    told = tried(file, json.dumps(mutated(other, ("taken", 0, "until"), other=9.0)))
    assert "taken[0].until: only who holds can wait" in told


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 10_000, '{"game": 1', "\ufeff{}", "\udcff"])
def test_texts_that_are_hard_to_read_are_refused(file, text):
    assert "no saved game" in tried(file, text)


def test_a_folder_is_no_game(tmp_path):
    with pytest.raises(InputError, match="cannot be read: is a directory"):
        Game.load(tmp_path)
