"""escalation scenarios, statements, rules, check."""

import shutil

import pytest

import sim
from sim import studies


def test_scenarios_are_listed_with_their_question(told):
    text = told("scenarios")
    words = " ".join(text.split())
    assert sim.bundled()
    for name in sim.bundled():
        scenario = sim.load(name)
        assert f"{name} {scenario.title}: {scenario.asks}" in words
    assert max(map(len, text.splitlines())) <= 80


def test_experiments_are_listed_with_their_question(told):
    words = " ".join(told("scenarios").split())
    listed = words.split("Experiments, for escalation sweep:")[1]
    names = studies.experiment_names()
    assert len(names) >= 6
    for name in names:
        file = studies.experiment_file(name)
        assert f"{name} {file.title}: {file.asks}" in listed


def test_statements_say_who_where_how_firmly_and_which_rules_cite_them(told):
    text = told("statements")
    words = " ".join(text.split())
    scenario = sim.load("after-the-strike")
    for name, statement in scenario.crisis.statements.items():
        head = f"{name} ({statement.kind}, {statement.strength}) {statement.speaker}, "
        says = " ".join(statement.says.split())
        assert f"{head}line {statement.line}: {says}" in words
    for rule in scenario.crisis.rules:
        assert words.count(rule.id) == len(rule.because)
    assert max(map(len, text.splitlines())) <= 80


def test_statements_of_one_actor(read):
    everything = read("statements")
    own = read("statements", "--actor", "iran")
    assert own == [statement for statement in everything if statement["actor"] == "iran"]
    assert 0 < len(own) < len(everything)
    for statement in own:
        assert {"id", "speaker", "line", "kind", "strength", "says"} <= set(statement)
    cited = {(rule["id"], name) for rule in read("rules") for name in rule["because"]}
    assert {(rule, s["id"]) for s in everything for rule in s["rules"]} == cited


def test_facts_are_listed_as_nobody_s(read):
    assert {statement["actor"] for statement in read("statements", "--actor", "none")} == {"none"}


def test_rules_say_when_towards_what_and_why(told):
    text = told("rules")
    words = " ".join(text.split())
    crisis = sim.load("after-the-strike").crisis
    for rule in crisis.rules:
        assert f"{rule.id} because {rule.says} when {rule.when} toward {rule.toward}" in words
        assert f"cites {', '.join(rule.because)}" in words
        for move, weight in rule.moves.items():
            assert f"{crisis.move(move).label} {weight:+g}" in words
    assert max(map(len, text.splitlines())) <= 80


def test_rules_of_one_actor(read):
    own = read("rules", "--actor", "uk")
    assert own == [rule for rule in read("rules") if rule["actor"] == "uk"]
    assert own
    for rule in own:
        assert {"id", "says", "when", "toward", "scale", "moves", "because"} <= set(rule)


def test_rules_show_the_weights_in_force(told, read):
    value = ("--set", "statements.us-so-far-so-good.counts=false")
    words = " ".join(told("rules", "--actor", "us", *value).split())
    crisis = sim.load("after-the-strike").crisis
    rule = crisis.rule("us.own-dead")
    whole = sum(crisis.statements[name].logits for name in rule.because)
    left = 1 - crisis.statements["us-so-far-so-good"].logits / whole
    assert 0 < left < 1
    weight = left * rule.moves["limited_strike"]
    assert f"limited strike {weight:+.3g}, " in words
    assert (
        f"({left:.3g} of what was coded) cites us-protect-personnel, us-so-far-so-good (does"
        in (words)
    )
    factors = {rule["id"]: rule["factor"] for rule in read("rules", *value)}
    assert factors["us.own-dead"] == pytest.approx(left)
    assert factors["uk.own-dead"] == 1.0


def test_statements_say_how_they_are_read(told, read):
    values = ("--set", "weights.kinds.threat=0.5", "--set", "statements.ir-slap.counts=false")
    text = told("statements", *values)
    crisis = sim.load("after-the-strike").crisis
    cited = {name for rule in crisis.rules for name in rule.because}
    threats = [n for n, s in crisis.statements.items() if n in cited and s.kind == "threat"]
    assert threats
    assert text.count("weighs ") == len(threats)
    assert text.count("does not count here") == 1
    for statement in read("statements", *values):
        assert statement["logits"] == (
            0.0
            if statement["id"] == "ir-slap"
            else crisis.statements[statement["id"]].logits
            * (0.5 if statement["kind"] == "threat" else 1.0)
        )


@pytest.mark.parametrize("command", ["statements", "rules"])
def test_an_unknown_actor_gets_the_nearest(refused, command):
    assert refused(command, "--actor", "Irak").endswith("did you mean 'iraq'?")


@pytest.fixture
def files(repository, tmp_path):
    """A copy of the scenarios, to break."""
    return shutil.copytree(repository / "scenarios", tmp_path / "scenarios")


def test_check_counts_what_it_found(told, files):
    crisis = sim.load("after-the-strike").crisis
    counts = (
        f"({len(crisis.actors)} actors, {len(crisis.rules)} rules, "
        f"{len(crisis.statements)} statements)"
    )
    names = [
        "after-the-strike",
        "scenarios/eighty-dead.toml",
        "scenarios/us-iran-2020",
        "scenarios/us-iran-2020/rules.toml",
        "scenarios/us-iran-2020/crisis.toml",
    ]
    assert told("check", *names).splitlines() == [f"{name}: ok {counts}" for name in names]


def test_check_tries_the_levels_of_experiments(cli, files):
    broken = files / "experiments" / "us-dead.toml"
    text = broken.read_text(encoding="utf-8")
    broken.write_text(text.replace("levels = [0,", "levels = [-1,", 1), encoding="utf-8")
    names = ["us-dead", "scenarios/experiments/elicited.toml"]
    result = cli("check", *names, "scenarios/experiments/us-dead.toml")
    assert result.exit_code == 2
    first, second = result.stdout.splitlines()
    assert first == "us-dead: ok (13 design points of 1 factor, 20,000 replicates each)"
    assert second.startswith("scenarios/experiments/elicited.toml: ok (4,096 design points of ")
    assert result.stderr.splitlines() == [
        "scenarios/experiments/us-dead.toml: factor 'US dead': strike.dead: must be a number of "
        "dead, is -1; allowed: a whole number from 0, or 'drawn'"
    ]


def test_no_bundled_name_is_both_a_scenario_and_an_experiment():
    assert set(sim.bundled()).isdisjoint(studies.experiment_names())


def test_check_says_what_is_wrong_and_goes_on(cli, files):
    rules = files / "us-iran-2020" / "rules.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace('when = "answered"', 'when = "anwsered"', 1), encoding="utf-8")
    names = ["scenarios/us-iran-2020/ladder.toml", "scenarios/eighty-dead.toml", "no-notice"]
    result = cli("check", *names)
    assert result.exit_code == 2
    assert result.stdout.startswith("no-notice: ok")
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    for name, line in zip(names, lines, strict=False):
        assert line.startswith(f"{name}: scenarios/us-iran-2020/rules.toml: rules[")
        assert line.endswith("did you mean 'answered'?")


@pytest.mark.parametrize(
    "name, problem",
    [
        ("missing.toml", "there is no such file"),
        ("scenarios", "is a directory"),
        ("scenarios/schema/rules.schema.json", "is not valid TOML"),
        ("eighty-ded", "did you mean 'eighty-dead'?"),
        ("empty.toml", "is empty"),
        ("", "'': no bundled scenario has this name"),
        ("elsewhere/rules.toml", "crisis.toml: there is no such file"),
    ],
)
def test_check_of_what_is_no_scenario(cli, files, tmp_path, name, problem):
    (tmp_path / "empty.toml").touch()
    (tmp_path / "elsewhere").mkdir()
    result = cli("check", name)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert problem in result.stderr


def test_check_goes_on_past_what_cannot_be_read(cli, monkeypatch):
    read = studies.is_experiment

    def denied(file):
        if file == "shut.toml":
            raise PermissionError(13, "Permission denied", file)
        return read(file)

    monkeypatch.setattr(studies, "is_experiment", denied)
    result = cli("check", "shut.toml", "no-notice")
    assert result.exit_code == 2
    assert result.stderr == "shut.toml: cannot be read: permission denied\n"
    assert result.stdout.startswith("no-notice: ok")
