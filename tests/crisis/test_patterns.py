"""The file of patterns: what is bundled, and every mistake in one line."""

import shutil
import time
import tomllib

import jsonschema
import pytest

from sim.crisis import load
from sim.crisis.pattern_reading import read_patterns
from sim.crisis.schema import schema
from sim.errors import InputError

PATTERN = """[[patterns]]
id = "P1"
says = "The north answers the raid"
lines = [5]
because = ["north-will-answer"]
scenario = "raid"
measure = "share"
move = { by = "north", toward = "south", rungs = [6, 10] }
after = "raid"
within_days = 7.0
holds = { at_least = 0.5 }
"""


@pytest.fixture
def refused(copy):
    """Write a patterns file that is wrong and give the line."""

    def line(text: str) -> str:
        (copy / "border" / "patterns.toml").write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read_patterns("border")
        told = str(caught.value)
        assert told == " ".join(told.split())
        assert told.startswith("border/patterns.toml: ") or "raid.toml" in told
        return told

    return line


def test_the_bundled_patterns_are_those_of_the_design(repository):
    found = read_patterns("us-iran-2020")
    assert {pattern.id[:2] for pattern, _ in found} == {f"P{n}" for n in range(1, 9)}
    for pattern, scenarios in found:
        assert len(scenarios) == (len(pattern.values) or (2 if pattern.than else 1))
    by_id = {pattern.id: scenarios for pattern, scenarios in found}
    assert [s.parameter("strike.dead") for s in by_id["P3c"]] == [0, 1, 5, 10, 20, 40, 80]
    assert [s.name for s in by_id["P8b"]] == ["after-the-strike", "eighty-dead"]


def test_the_bundled_file_fits_its_schema(repository):
    text = (repository / "scenarios" / "us-iran-2020" / "patterns.toml").read_text("utf-8")
    content = tomllib.loads(text)
    jsonschema.validate(content, schema("patterns"))
    content["patterns"][0]["mesure"] = "share"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema("patterns"))


def test_a_good_file_is_read(copy):
    (copy / "border" / "patterns.toml").write_text(PATTERN, encoding="utf-8")
    ((pattern, (scenario,)),) = read_patterns("border")
    assert (pattern.id, scenario.name) == ("P1", "raid")


def test_a_crisis_without_patterns_has_none(copy):
    assert read_patterns("border") == ()


def test_patterns_are_no_part_of_a_scenario(copy):
    before = load("raid.toml")
    (copy / "border" / "patterns.toml").write_text("not even TOML", encoding="utf-8")
    after = load("raid.toml")
    assert before.digest() == after.digest()
    assert before.files == after.files


@pytest.mark.parametrize("name", ["us-iran", "", "a\0b", "x" * 300])
def test_no_such_crisis_is_told_in_a_line(name):
    with pytest.raises(InputError, match="no crisis of this name"):
        read_patterns(name)


@pytest.mark.parametrize(
    "old, new, says",
    [
        ('"P1"', '"p 1"', "patterns[0].id: 'p 1' is not the id of a pattern"),
        ("measure =", "mesure =", "did you mean 'measure'?"),
        ('"share"', '"shares"', "must be one of a few words, is 'shares'"),
        ('"raid"\nmeasure', '"raids"\nmeasure', "no such scenario: 'raids'"),
        ('by = "north"', 'by = "nort"', "patterns[0].move.by: no such actor: 'nort'"),
        ('toward = "south"', 'toward = "doer"', "patterns[0].move.toward: no such actor: 'doer'"),
        ("rungs = [6, 10]", "rungs = [6, 11]", "patterns[0].move.rungs[1]: 11 is too large"),
        ("rungs = [6, 10]", "rungs = [6]", "patterns[0].move.rungs: [6] is no range"),
        ("rungs = [6, 10]", 'moves = ["strike"]', "patterns[0].move.moves[0]: no such move"),
        ("rungs = [6, 10]", "rungs = [10, 6]", "[10, 6] is no range of rungs; allowed: the lowest"),
        ('after = "raid"', 'after = "rain"', "no such opening event: 'rain'"),
        ('"north-will-answer"', '"north-answers"', "no such statement: 'north-answers'"),
        ("within_days = 7.0", "within_days = 0", "within_days: 0 is too small"),
        ("within_days = 7.0\n", "", "within_days: is missing: the measure share needs it"),
        ("within_days = 7.0", 'within_days = 7.0\noutcome = "days"', "has no meaning for"),
        ("{ at_least = 0.5 }", "{}", "holds: is empty; allowed: at_least, at_most or both"),
        ("at_least = 0.5", "at_least = 0.5, at_most = 0.4", "at_least 0.5 is above at_most 0.4"),
        ("within_days = 7.0", "within_days = 7.0\ngiven = {}", "given: needs one condition"),
        ("within_days = 7.0", 'within_days = 7.0\ngiven = { no_dead = "us" }', "no such actor"),
        ("measure", 'set = { "raid.deaths" = 1 }\nmeasure', "did you mean 'raid.dead'"),
        ('lines = [5]\nbecause = ["north-will-answer"]\n', "", "rests on nothing"),
        ("holds", PATTERN.replace("holds = { at_least = 0.5 }", "") + "holds", "holds: is missing"),
    ],
)
def test_every_mistake_is_told_in_a_line(refused, old, new, says):
    assert old in PATTERN
    assert says in refused(PATTERN.replace(old, new, 1))


def test_an_id_stands_once(refused):
    assert "patterns[1].id: duplicate id 'P1'" in refused(PATTERN + PATTERN)


def test_a_rise_needs_two_values(refused):
    rising = PATTERN.replace('"share"', '"rising"') + 'along = "raid.dead"\nvalues = [1]\n'
    assert "values: must have at least two values" in refused(rising)


def test_reading_scenarios_is_not_slowed(copy):
    # Nothing of the patterns is even looked at: a file that takes long to read costs nothing.
    load("raid.toml")
    began = time.perf_counter()
    load("raid.toml")
    plain = time.perf_counter() - began
    (copy / "border" / "patterns.toml").write_text(PATTERN * 5_000, encoding="utf-8")
    began = time.perf_counter()
    load("raid.toml")
    assert time.perf_counter() - began < plain + 0.5


def test_a_copy_of_the_bundled_crisis_reads(repository, tmp_path):
    shutil.copytree(repository / "scenarios", tmp_path / "scenarios")
    assert len(read_patterns(str(tmp_path / "scenarios" / "us-iran-2020"))) > 10
