"""Loading what is right: extension, canonical form, frozen records, citations."""

import pickle
from datetime import datetime
from pathlib import Path

import pytest

from sim.crisis import Map, citations, covariate, load
from sim.crisis.covariates import COVARIATES, HALF_LIVES
from sim.errors import InputError, SimError


def test_a_child_adds_events_and_replaces_the_rest(data: Path) -> None:
    raid, ten = load(data / "raid.toml"), load(data / "ten-dead.toml")
    assert [event.id for event in raid.opening] == ["warning", "raid"]
    assert [event.id for event in ten.opening] == ["warning", "raid", "reply"]
    assert (ten.name, ten.title, ten.start) == ("ten-dead", "Ten dead in the raid", raid.start)
    assert ten.parameter("raid.dead") == 10
    assert ten.parameter("injects.mine.on") is True
    assert ten.overrides == {}
    assert ten.files[:2] == ("ten-dead.toml", "raid.toml")
    assert "border/rules.toml" in ten.files


def test_a_grandchild_merges_set(copy: Path) -> None:
    (copy / "fewer.toml").write_text(
        'extends = "ten-dead.toml"\nhorizon_days = 5\n[set]\n"raid.dead" = 3\n'
    )
    fewer = load("fewer.toml")
    assert fewer.parameter("raid.dead") == 3
    assert fewer.parameter("injects.mine.on") is True
    assert fewer.horizon_days == 5.0


def test_a_file_may_extend_a_bundled_scenario(copy: Path) -> None:
    (copy / "after-the-strike.toml").write_text('extends = "after-the-strike"\ntitle = "Mine"\n')
    mine, theirs = load("after-the-strike.toml"), load("after-the-strike")
    assert (mine.title, mine.crisis) == ("Mine", theirs.crisis)


def test_path_and_name_load_the_same(repository: Path) -> None:
    path = repository / "scenarios" / "after-the-strike.toml"
    assert load(path) == load(str(path)) == load("after-the-strike")


def test_defaults_are_filled_in(data: Path) -> None:
    raid = load(data / "ten-dead.toml")
    crisis = raid.crisis
    assert crisis.rule("north.retaliation").sd == 0.5
    assert crisis.rule("south.calm").sd == 1.5
    assert raid.opening[-1].dead == "drawn"
    assert raid.opening[0].dead is None
    assert crisis.actor("south").expects == {"north": 0.0}
    assert crisis.place("fort").shares() == {"north": 0.25, "south": 0.75}
    assert crisis.propensities.half_life("south", "grievance") == 40.0
    assert crisis.propensities.half_life("north", "grievance") == 20.0
    assert crisis.actor("south").options() == (
        ("protest", "north"),
        ("limited_strike", "north"),
        ("mediate", None),
    )


def test_the_order_of_keys_does_not_count(copy: Path) -> None:
    before = load("raid.toml")
    rules, actors = copy / "border" / "rules.toml", copy / "border" / "actors.toml"
    swaps = {
        rules: ("{ limited_strike = -3.0, mediate = 1.0 }", "{ mediate = 1, limited_strike = -3 }"),
        actors: ("{ south = 3.0, north = 1.0 }", "{ north = 1, south = 3 }"),
    }
    for path, (old, new) in swaps.items():
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
    after = load("raid.toml")
    assert after == before
    assert after.digest() == before.digest()
    assert list(after.crisis.rules[1].moves) == list(before.crisis.rules[1].moves)


def test_names_of_files_do_not_count_in_the_digest(copy: Path) -> None:
    before = load("raid.toml")
    (copy / "border").rename(copy / "frontier")
    text = (copy / "raid.toml").read_text().replace('"border"', '"frontier"')
    (copy / "assault.toml").write_text(text)
    after = load("assault.toml")
    assert after.digest() == before.digest()
    assert after.name == "assault"


@pytest.mark.parametrize(
    "file, old, new",
    [
        ("raid.toml", "dead = 2", "dead = 3"),
        ("border/rules.toml", "= -3.0", "= -3.5"),
        ("border/actors.toml", "exposure = 1.0", "exposure = 2.0"),
        ("border/ladder.toml", "lethality = 0.5", "lethality = 0.6"),
        ("border/crisis.toml", "averts = 0.8", "averts = 0.7"),
        ("border/propensities.toml", "prompt = 1.0", "prompt = 2.0"),
        ("border/statements.toml", "Wants calm", "Wants peace"),
    ],
)
def test_the_digest_sees_every_file(copy: Path, file: str, old: str, new: str) -> None:
    before = load("raid.toml").digest()
    text = (copy / file).read_text()
    assert old in text
    (copy / file).write_text(text.replace(old, new))
    assert load("raid.toml").digest() != before


def test_records_refuse_change_and_say_what_to_do(data: Path) -> None:
    raid = load(data / "raid.toml")
    for record in (raid, raid.crisis.rules[0], raid.opening[0], raid.crisis.moves[0]):
        with pytest.raises(SimError, match="with_"):
            record.id = "other"  # type: ignore[union-attr]
        with pytest.raises(AttributeError, match="frozen"):
            del record.id  # type: ignore[union-attr]
    with pytest.raises(SimError, match="with_"):
        raid.crisis.rules[0].moves["protest"] = 1.0  # type: ignore[index]


def test_records_pickle_and_hash(data: Path) -> None:
    raid = load(data / "raid.toml").with_("raid.dead", 4)
    again = pickle.loads(pickle.dumps(raid))
    assert again == raid
    assert hash(again) == hash(raid)
    assert again.digest() == raid.digest()
    assert again.with_("raid.dead", 2) == load(data / "raid.toml")


def test_maps_compare_and_hash_by_content() -> None:
    one, other = Map({"a": 1.0, "b": 2.0}), Map({"b": 2, "a": 1})
    assert one == other == {"a": 1.0, "b": 2.0}
    assert hash(one) == hash(other)
    assert one != Map({"a": 1.0})
    with pytest.raises(SimError):
        one._items = {}
    assert pickle.loads(pickle.dumps(one)) == one


def test_errors_pickle_with_their_fields() -> None:
    error = InputError("is wrong", file="a.toml", key="b[0]", allowed="c, d", nearest="c")
    again = pickle.loads(pickle.dumps(error))
    assert vars(again) == vars(error)
    assert str(again) == "a.toml: b[0]: is wrong; allowed: c, d; did you mean 'c'?"


def test_an_error_is_one_line_whatever_it_holds() -> None:
    assert str(InputError("two\nlines\x1b[31m\r here")) == "two lines [31m here"


def test_citations_of_the_small_crisis(data: Path) -> None:
    assert citations(load(data / "raid.toml")) == {
        "north-counts": ("actors.north.assessment_days",),
        "north-will-answer": ("rules.north.retaliation",),
        "south-calm": ("rules.south.calm",),
        "raid-report": ("opening.raid",),
        "weather": (),
    }


def test_every_bundled_statement_informs_or_says_why_not() -> None:
    scenario = load("after-the-strike")
    cited = citations(scenario)
    assert len(cited) > 20
    for name, statement in scenario.crisis.statements.items():
        assert not (cited[name] and statement.unused), name


def test_a_statement_may_serve_a_scenario_beside(copy: Path) -> None:
    text = (copy / "raid.toml").read_text()
    assert 'because = ["raid-report"]\n' in text
    (copy / "calm.toml").write_text(text.replace('because = ["raid-report"]\n', ""))
    assert citations(load("calm.toml"))["raid-report"] == ()
    (copy / "raid.toml").unlink()
    with pytest.raises(InputError, match="raid-report: informs no rule"):
        load("calm.toml")


def test_covariates_have_units_and_fade() -> None:
    assert len(set(COVARIATES)) == len(COVARIATES) == 17
    assert [name for name in COVARIATES if covariate(name).undirected] == [
        "tension",
        "mediation",
        "constant",
    ]
    assert set(HALF_LIVES) - set(COVARIATES) == {"line", "urgency"}
    assert set(COVARIATES) - set(HALF_LIVES) == {"constant", "awaiting_assessment", "warned"}


def test_dates_are_local(data: Path) -> None:
    assert load(data / "raid.toml").start == datetime(2001, 3, 2, 6)
