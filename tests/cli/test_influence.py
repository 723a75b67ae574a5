"""escalation influence."""

import json

import pytest

import sim

ASKED = ("influence", "after-the-strike", "--replicates", "500")


@pytest.fixture(scope="module")
def found():
    return sim.influence("after-the-strike", 500)


def test_every_statement_has_a_row_or_stands_in_a_list(once, found):
    text = once(*ASKED)
    words = " ".join(text.split())
    for rank, effect in enumerate(found.summary.effects, start=1):
        said = effect.statement
        row = f"line {said.line}: {' '.join(said.says.split())}"
        assert (f"{rank} {said.id} " in words) is any(effect.distinct)
        assert (row in words) is any(effect.distinct)
        assert said.id in words
    lists = words[words.index("Not told from") :]
    for silent in found.summary.silent:
        assert silent.statement.id in lists
    assert max(map(len, text.splitlines())) <= 80
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_the_answer_names_the_first_that_is_told_apart(once, found):
    first = next(effect for effect in found.summary.effects if any(effect.distinct))
    words = " ".join(once(*ASKED).split())
    assert words.startswith(f"{found.summary.largest} Without it: ")
    assert first.statement.id in found.summary.largest


def test_json_is_what_python_returns(read, found):
    told = read(*ASKED)
    assert told.pop("seconds") > 0
    assert told == json.loads(found.to_json())


def test_a_sample_too_small_says_so(told):
    text = told("influence", "after-the-strike", "--replicates", "2")
    assert text.startswith("2 pairs tell no statement's part in the result from none.")


def test_overrides_actor_and_files(told, tmp_path):
    values = ("--set", "strike.dead=1", "--actor", "iran", "--out", "kept")
    text = told("influence", "after-the-strike", "--replicates", "50", *values)
    assert "With strike.dead = 1 (0 before)" in text
    assert "Iran force, 7 d" in text
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == [
        "influence.csv",
        "influence.json",
        "manifest.json",
    ]


@pytest.mark.parametrize(
    "args, says",
    [
        (("--actor", "iraq"), "iraq has no move of force"),
        (("--actor", "irann"), "did you mean 'iran'?"),
        (("--replicates", "1"), "allowed: 2 to 200000"),
        (("--set", "statements.us-all-is-wel.counts=false"), "'statements.us-all-is-well.counts'?"),
    ],
)
def test_bad_input_is_one_line(refused, args, says):
    assert says in refused("influence", "after-the-strike", *args)
