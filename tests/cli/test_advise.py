"""escalation advise: the ranking with its brackets, the JSON, saved histories, and refusals."""

import json
import re

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim

US = ("advise", "after-the-strike", "--actor", "us", "--replicates", "300", "--seed", "4")
IRAN = ("advise", "us-replies", "--actor", "iran", "--replicates", "100")


@pytest.fixture(scope="module")
def advice():
    return sim.advise("after-the-strike", "us", seed=4, replicates=300)


def test_json_is_the_advice(read, advice):
    assert read(*US) == json.loads(advice.to_json())


def test_the_answer_comes_first_and_all_fits_eighty_columns(once):
    text = once(*US)
    assert text.startswith("Advice to US, 8 Jan 2020 06:00 (day 0.00)\nNo single best by P(open")
    assert "First bracket: hold, " in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


def test_every_table_has_every_option_in_the_order_of_the_ranking(once, advice):
    text = once(*US)
    # A bracket, or two blanks, then the option.
    rows = re.findall(r"^[┌│└ ] (\w[\w ]*?(?: → \w+)?)  +\S", text, re.MULTILINE)
    labels = {move.id: move.label for move in advice.scenario.crisis.moves}
    names = [labels[c.move] + (" → Iran" if c.target == "iran" else "") for c in advice.courses]
    tables = [row for row in rows if row in names]
    for first in range(0, len(tables) - len(names), len(names)):
        assert tables[first : first + len(names)] == names
    assert len(tables) >= 2 * len(names)


def test_brackets_hold_what_is_not_told_apart(once, advice):
    table = once(*US).split("\n\n")[1]
    opened = len(re.findall(r"^┌", table, re.MULTILINE))
    brackets = [course.bracket for course in advice.courses]
    assert opened == sum(brackets.count(b) > 1 for b in set(brackets)) > 0
    assert len(re.findall(r"^└", table, re.MULTILINE)) == opened


def test_intervals_and_units_are_written_in_one_way(once, advice):
    text = once(*US, "--all")
    # No hyphen joins two bounds, nothing is called the same, and points have no per cent sign.
    assert not re.search(r"\d-[\d+-]", text.split("What pulls")[0].partition("\n")[2])
    assert "same" not in text.split("What pulls")[0]
    differences = text.split("Against holding")[1].split("\n\n")[0]
    assert "%" not in differences.partition("\n")[2]
    heads, units, *rows = differences.splitlines()[1:]
    assert heads.split() == ["open", "war", "Iran", "in", "7d", "dead"]
    assert units.split() == ["points", "points"]
    for option, row in zip(advice.courses, rows[::2], strict=False):
        assert (option.option == "hold") == (not re.search(r"\d", row))


def difference(mean, low, high):
    return sim.Estimate(mean, low, high, 100, "paired normal")


@pytest.mark.parametrize(
    "found, share, says",
    [
        ((0.012, 0.0004, 0.0236), False, ("+0.0120", "+0.0004 to +0.0236")),
        ((-0.0004, -0.0007, -0.0001), False, ("-0.0004", "-0.0007 to -0.0001")),
        ((0.0003321, 0.0003113, 0.0003529), False, ("+0.00033", "+0.00031 to +0.00035")),
        ((0.06, -0.0002, 0.1202), False, ("+0.06", "-0.00 to +0.12")),
        ((-0.2, -40.0, 39.6), False, ("0", "-40 to +40")),
        ((12.0, -0.3, 24.3), False, ("+12", "0 to +24")),
        ((0.00001, -0.00001, 0.00003), True, ("+0.001", "-0.001 to +0.003")),
        ((0.0, 0.0, 0.0), False, ("0", "no pair differs")),
        ((2.0, 2.0, 2.0), False, ("+2", "in every pair")),
    ],
)
def test_a_difference_never_reads_as_less_than_it_is(found, share, says):
    from sim.written import signed

    assert signed(difference(*found), share) == says


@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1e3), st.booleans())
def test_what_differs_from_holding_never_reads_as_nothing(mean, half, share):
    from sim.cli.cells import star
    from sim.written import signed

    found = difference(mean, mean - half, mean + half)
    value, interval = signed(found, share)
    if star(found) == "*":
        assert float(value) != 0.0
    low, high = map(float, interval.split(" to "))
    assert low <= float(value) <= high


def test_sixty_columns_are_enough():
    from sim.cli.counsel import Counsel
    from sim.cli.screen import Screen

    advice = sim.advise("us-replies", "iran", replicates=100)
    for blocks in (True, False):
        told = Counsel(advice, Screen(60, blocks), everything=True).lines()
        lines = [click.unstyle(line) for line in told]
        assert max(map(len, lines)) <= 60
    assert "".join(lines).isascii()


def test_another_objective_ranks_otherwise(read):
    found = read(*IRAN, "--objective", "iran_dead=-1")
    assert found["objective"] == "-1 x iran_dead"
    dead = {o["option"]: o["estimates"]["iran_dead"]["mean"] for o in found["options"]}
    assert dead.pop("open_war us") is None
    assert next(iter(dead.values())) == max(dead.values())


def test_the_horizon_can_be_another(read):
    found = read(*US, "--days", "10")
    scenario = sim.load("after-the-strike").with_("horizon_days", 10.0)
    assert found == json.loads(sim.advise(scenario, "us", seed=4, replicates=300).to_json())
    settled = [o["estimates"]["days_to_settlement"]["high"] for o in found["options"]]
    assert max(settled) == 10.0


def test_a_saved_history_is_advised_on(told, read, tmp_path):
    history = sim.run(sim.load("eighty-dead").with_("strike.dead", 10), 7, replicate=2)
    fork = history.at(1.0).intervene("hotline").force("us", "display", "iran", now=True)
    forced = fork.run()
    forced.save(tmp_path / "saved")
    saved = str(tmp_path / "saved")
    how = ("--actor", "us", "--at", "2", "--replicates", "50", "--json")
    found = json.loads(told("advise", "eighty-dead", "--history", saved, *how))
    assert found == json.loads(sim.advise(forced, "us", at=2.0, replicates=50).to_json())
    assert found["overrides"] == {"strike.dead": 10}
    file = str(tmp_path / "saved" / "history.json")
    assert json.loads(told("advise", "eighty-dead", "--history", file, *how)) == found


def test_what_is_not_a_saved_history_of_the_scenario_is_refused(refused, tmp_path):
    plain = sim.run("eighty-dead", 7)
    how = ("--actor", "us", "--replicates", "50", "--history")
    plain.save(tmp_path / "plain")
    assert "of the scenario 'eighty-dead'" in refused(
        "advise", "after-the-strike", *how, str(tmp_path / "plain")
    )
    told = json.loads((tmp_path / "plain" / "history.json").read_text())
    told["moves"][0]["day"] += 0.1
    (tmp_path / "other.json").write_text(json.dumps(told))
    assert "other moves" in refused("advise", "eighty-dead", *how, str(tmp_path / "other.json"))
    plain.at(1.0).ensemble(5).history(2).save(tmp_path / "fork")
    assert "from a fork" in refused("advise", "eighty-dead", *how, str(tmp_path / "fork"))
    assert "no such file" in refused("advise", "eighty-dead", *how, str(tmp_path / "gone"))
    (tmp_path / "odd.json").write_text("[1]")
    odd = refused("advise", "eighty-dead", *how, str(tmp_path / "odd.json"))
    assert "odd.json: is foreign: it is no table" in odd


@pytest.mark.parametrize(
    "option, args, says",
    [
        ("--actor", ("--actor", "usa"), "did you mean 'us'"),
        ("--objective", ("--objective", "deaths=1"), "no such outcome 'deaths'"),
        ("--objective", ("--objective", "dead=many"), "'many' is no weight of dead"),
        ("--objective", ("--objective", "dead=nan"), "allowed: a finite number"),
        ("--objective", ("--objective", "dead="), "'' is no weight of dead"),
        ("--objective", ("--objective", "dead"), "cannot read 'dead'; allowed: OUTCOME=WEIGHT"),
        ("--objective", ("--objective", "us_first_force=1"), "median"),
        ("--intervention", ("--intervention", "hotlin"), "did you mean 'hotline'"),
        ("--at", ("--at", "99"), "outside this history"),
        ("--at", ("--days", "2", "--at", "3"), "outside this history"),
        ("--at", ("--at", "soon"), "cannot read 'soon' as a day"),
        ("--rare", ("--rare", "--objective", "dead=1"), "no sum of outcomes"),
        ("--budget", ("--budget", "100"), "one step takes no budget; allowed: with a depth of 2"),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_line_that_names_the_option(refused, option, args, says):
    actor = () if option == "--actor" else ("--actor", "us")
    line = refused("advise", "after-the-strike", "--replicates", "50", *actor, *args)
    assert f"{option}: " in line
    assert says in line


FURTHER = ("--elicited", "--depth", "2", "--budget", "5000", "--intervention", "mediator")


def test_worlds_and_replies_are_told_in_tables(once):
    text = once("advise", "after-the-strike", "--actor", "us", "--replicates", "1600", *FURTHER)
    assert max(map(len, text.splitlines())) <= 80
    assert "In 100 worlds in which the rules weigh otherwise" in text
    assert "terrible in a tenth of the worlds" in " ".join(text.split())
    assert "Two steps deep: if US then gives the best reply to Iran's answer" in text
    assert re.search(
        r", \d+% \(\d+ to \d+%\); (no single )?best reply:? \w+", " ".join(text.split())
    )
    assert re.search(r"^[┌│└ ] mediator +\S", text, re.MULTILINE)
    assert 0 < int(re.search(r"([\d,]+) futures of two steps", text)[1].replace(",", "")) <= 5_000


def test_two_steps_have_an_order_of_their_own(once):
    advice = sim.advise("after-the-strike", "us", replicates=160, depth=2, budget=5_000)
    how = ("--actor", "us", "--replicates", "160", "--depth", "2", "--budget", "5000")
    deep = once("advise", "after-the-strike", *how).split("Two steps deep")[1]
    labels = {move.id: move.label for move in advice.scenario.crisis.moves}
    named = {c.option: labels[c.move] + (" → Iran" if c.target else "") for c in advice.courses}
    table = deep.split("What each option then leads to")[1].split("\n\n")[0]
    rows = re.findall(r"^[┌│└ ] (\w[\w ]*?(?: → \w+)?)  +\S", table, re.MULTILINE)
    assert sorted(rows) == sorted(named.values())
    brackets = {named[option]: found.bracket for option, found in advice.deep.items()}
    assert [brackets[row] for row in rows] == sorted(brackets.values())
    ranks = {named[option]: found.rank for option, found in advice.deep.items()}
    assert [ranks[row] for row in rows] == list(range(1, len(rows) + 1))
    first = re.search(r"First bracket: (.*?)\.", " ".join(deep.split()))[1].split(", ")
    assert sorted(first) == sorted(row for row in rows if brackets[row] == 1)
    assert first[0] == "hold"
    replies = [reply for found in advice.deep.values() for reply in found.replies]
    assert any(reply.alike for reply in replies)
    # What cannot be told apart is no best reply, and to hold is named first of it.
    alike = [(reply.reply, *reply.alike) for reply in replies if reply.alike]
    said = re.findall(r"no single best reply: (\w+)", " ".join(deep.split()))
    assert len(said) == len(alike)
    assert said.count("hold") == sum("hold" in options for options in alike) > 0


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_simulated(cli, tmp_path):
    (tmp_path / "taken").touch()
    result = cli("advise", "after-the-strike", "--actor", "us", "--out", "taken/below")
    assert result.exit_code == 1
    assert "cannot write taken/below" in result.stderr
    assert "futures" not in result.stdout + result.stderr


def test_what_was_found_is_told_even_where_it_cannot_be_kept(cli, tmp_path):
    (tmp_path / "here" / "advice.csv").mkdir(parents=True)
    how = ("advise", "after-the-strike", "--actor", "us", "--replicates", "50", "--out", "here")
    for form, said in (((), "P(open war)"), (("--json",), '"options"')):
        result = cli(*how, *form)
        assert result.exit_code == 1
        assert said in result.stdout
        assert "Written" not in result.stdout
        assert "cannot write here" in result.stderr
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["advice.csv"]


def test_a_budget_that_is_too_small_is_refused_in_a_line(refused):
    how = ("--actor", "us", "--replicates", "50", "--depth", "2", "--budget", "2088")
    line = refused("advise", "after-the-strike", *how)
    assert "2,088 futures are too few for 10 options and 10 replies" in line
    assert "4,200 or more" in line


def test_the_dead_of_open_war_and_force_in_it_are_not_told_as_none(once, read):
    text = once(*US, "--all")
    assert re.search(r"open war → Iran +>9\S+ +- +- ", text)
    against = text.split("Against holding")[1].split("\n\n")[0]
    # The difference in P(open war), that in force, and that in dead.
    assert re.search(r"open war → Iran +\+\S+\* +- +- *$", against, re.MULTILINE)
    assert "Dead and force: short of open war" in " ".join(text.split())
    for option in read(*US)["options"]:
        for part in ("estimates", "against_holding"):
            for name in ("adversary_force_7d", "dead", "iran_dead"):
                if option[part]:
                    found = option[part][name]
                    told = [found[key] is not None for key in ("mean", "low", "high")]
                    assert told == [option["move"] != "open_war"] * 3


def test_an_intervention_at_the_head_is_called_one_beside_the_best_of_the_own_moves(once, read):
    how = ("advise", "eighty-dead", "--actor", "us", "--replicates", "2000")
    with_it, without = (*how, "--intervention", "warning"), how
    head = " ".join(once(*with_it).split("\n\n")[0].split())
    assert "expected deaths: the intervention warning. " in head
    own = [option["option"] for option in read(*with_it)["options"] if option["own"]]
    # By the tests with the intervention; without it there are fewer, and they tell no less.
    alone = [o["option"] for o in read(*without)["options"] if o["bracket"] == 1]
    assert own == alone
    assert "Best of US's own moves: notified strike → Iran." in head
    none = once("advise", "after-the-strike", "--actor", "us", "--replicates", "2000",
                "--intervention", "hotline")  # fmt: skip
    head = " ".join(none.split("\n\n")[0].split())
    assert "the intervention hotline" in head
    assert "No single best of US's own moves: hold, " in head


def test_the_notes_tell_of_nothing_that_is_not_there(once, repository, tmp_path):
    from tests.plots.test_advice_pictures import disarmed

    file = disarmed(repository, tmp_path)
    for actor, shown in (("ann", False), ("bob", True)):
        text = once("advise", str(file), "--actor", actor, "--replicates", "20")
        assert ("In 7d:" in text) is shown
        assert (" in 7d" in text.partition("In 7d:")[0]) is shown


def test_what_is_ranked_by_is_shown(once):
    text = once(*IRAN, "--objective", "dead=1", "--objective", "open_war=1000")
    heads = [line.split() for line in text.splitlines() if line.split()[:1] == ["sum"]]
    assert heads[0][:5] == ["sum", "open", "war", "dead", "picked"]
    assert len(heads) == 2
    assert "Sum: 1 x dead + 1000 x open_war." in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80


def test_interventions_are_said_to_be_hypothetical_or_from_statements(once):
    text = " ".join(once(*US, "--intervention", "all").split())
    assert "hotline (hypothetical): a direct line" in text
    assert re.search(r"warning \(from [a-z, -]+\): Baghdad", text)
    assert "An intervention costs nothing here, and always succeeds." in text


def test_where_the_order_turns_on_deaths_it_is_said():
    from sim.cli.counsel import Counsel
    from sim.cli.screen import Screen

    advice = sim.advise("eighty-dead", "us", at=451 / 1440, replicates=3_000, interventions="all")
    names = [course.option for course in advice.turning()]
    told = " ".join(map(click.unstyle, Counsel(advice, Screen(80, True), False).lines()))
    fewer = re.findall(r"The order turns on deaths: .*?--rare may tell the chances apart", told)
    level = re.findall(r"There stands before holding .*?--rare may tell the chances apart", told)
    spared = [c for c in advice.turning() if c.differences["dead"].estimate.high < 0]
    assert 0 < len(spared) < len(names)
    assert [said.count("points") for said in fewer] == [len(spared)]
    assert [said.count("points") for said in level] == [len(names) - len(spared)]


def test_rules_that_are_left_out_are_counted(once):
    text = " ".join(once("advise", "us-replies", "--actor", "iran", "--replicates", "4").split())
    assert re.search(r"[+-]\d\.\d by \d+ more;", text)
    assert "more;" not in once(
        "advise", "us-replies", "--actor", "iran", "--replicates", "4", "--all"
    )


@pytest.mark.parametrize(
    "weights, blind",
    [
        ({"dead": 1}, True),
        ({"iran_dead": 2, "open_war": 0}, True),
        ({"dead": 1, "open_war": 1000}, False),
        ({"dead": -1}, False),
        ({"adversary_force_7d": 1}, True),
        ({"us_force_7d": 1, "open_war": 1}, False),
        ({"force_moves": 1}, True),
        ({"settlement": -1}, False),
        ({}, False),
    ],
)
def test_who_counts_dead_but_no_war_is_told_what_is_missing(once, weights, blind):
    given = [
        word for name, weight in weights.items() for word in ("--objective", f"{name}={weight}")
    ]
    text = " ".join(once(*IRAN, *given).split())
    said = "The dead of open war itself and the force in it are not simulated: what starts"
    assert (said in text) is blind
    assert sim.advise("us-replies", "iran", replicates=2, objective=weights).blind is blind
