"""Advice: every option taken at once on common luck, counted from the moment on, and ranked."""

import json
import re

import click
import numpy as np
import pytest

import sim
from sim.analysis.futures import ADVERSARY, TO_SETTLEMENT
from sim.analysis.objectives import Objective
from sim.cli.counsel import Counsel
from sim.cli.screen import Screen
from sim.errors import InputError
from sim.kernel.layout import SETTLEMENT, WAR

SIZE = 120
DAY = 2.0


@pytest.fixture(scope="module")
def fork():
    return sim.run("eighty-dead", seed=7).at(DAY)


@pytest.fixture(scope="module")
def advice(fork):
    return sim.advise(fork, "us", seed=3, replicates=SIZE)


def futures(fork, option, seed=3, size=SIZE):
    move, _, target = option.partition(" ")
    return fork.force("us", move, target or None, now=True).ensemble(size, seed)


def test_every_option_is_there_once_in_order(advice, fork):
    assembly = fork.log.assembly
    names = [str(option) for option in assembly.options[assembly.actors.index("us")]]
    assert sorted(course.option for course in advice.courses) == sorted(names)
    assert [course.rank for course in advice.courses] == list(range(1, len(names) + 1))
    brackets = [course.bracket for course in advice.courses]
    assert brackets == sorted(brackets)
    assert brackets[0] == 1
    best = sorted(advice.best(), key=lambda course: course.rank)
    assert best == [course for course in advice.courses if course.bracket == 1]


def test_a_bracket_is_told_as_a_set_with_to_hold_first(advice):
    assert len(advice.best()) > 1
    order = [c.option for c in advice.best()]
    assert order[0] == "hold"
    assert order[1:] == [c.option for c in advice.courses if c.option in order[1:]]
    assert f"first bracket {', '.join(order)}>" in repr(advice)


def test_what_deaths_put_before_holding_is_told():
    told = sim.advise("eighty-dead", "us", at=451 / 1440, replicates=3_000, interventions="all")
    hold = told.course("hold")
    turning = told.turning()
    assert turning
    for course in turning:
        assert course.bracket < hold.bracket
        assert course.estimates["open_war"].mean > hold.estimates["open_war"].mean
        # Or nothing would put it there.
        assert course.estimates["dead"].mean < hold.estimates["dead"].mean
    assert json.loads(told.to_json())["turning"] == [course.option for course in turning]


@pytest.mark.parametrize("option", ["hold", "threaten iran", "limited_strike iran"])
def test_the_numbers_are_those_of_the_forks_ensembles(advice, fork, option):
    out, hold = futures(fork, option).outcomes, futures(fork, "hold").outcomes
    course = advice.course(option)
    war, settled = out.end == WAR, out.end == SETTLEMENT
    assert course.estimates["open_war"].mean == war.mean()
    before = fork.state.dead[: len(fork.log.assembly.actors)]
    dead = (out.dead - before).sum(axis=1)
    assert course.estimates["dead"].mean == pytest.approx(dead.mean())
    assert course.estimates["us_dead"].mean == pytest.approx((out.dead - before)[:, 0].mean())
    days = np.where(settled, out.day - DAY, fork.scenario.horizon_days - DAY)
    assert course.estimates[TO_SETTLEMENT].mean == pytest.approx(days.mean())
    assert course.adversary == "iran"
    soon = out.first_force[:, 1] <= DAY + 7
    assert course.estimates[ADVERSARY].mean == soon.mean()
    if option != "hold":
        apart = dead.mean() - (hold.dead - before).sum(axis=1).mean()
        assert course.differences["dead"].estimate.mean == pytest.approx(apart)
    else:
        assert course.differences == {}


def test_the_moment_is_told_as_the_model_weighs_it(advice, fork):
    # An ensemble's first decisions, forced away by nobody, have these very probabilities.
    chance = {course.option: course.probability for course in advice.courses}
    assert sum(chance.values()) == pytest.approx(1.0)
    explanation = advice.explanation
    assert explanation.day == DAY
    hold = advice.course("hold")
    strike = advice.course("limited_strike iran")
    utility = {o.move: o.utility for o in explanation.options}
    odds = explanation.precision * (utility["limited_strike"] - utility["hold"])
    assert np.log(strike.probability / hold.probability) == pytest.approx(odds)
    pull = sum(share.logits for share in strike.rules) + strike.propensity
    assert pull == pytest.approx(utility["limited_strike"])
    known = set(fork.scenario.crisis.statements)
    assert strike.statements(1)
    assert set(strike.statements(1) + strike.statements(-1)) <= known


def test_the_frame_holds_what_the_courses_hold(advice, fork):
    frame = fork.advise("us", seed=3, replicates=SIZE)
    assert frame.equals(advice.frame())
    assert list(frame.index) == [course.option for course in advice.courses]
    row = frame.loc["limited_strike iran"]
    found = advice.course("limited_strike iran")
    assert row["dead_low"] == found.estimates["dead"].low
    assert row["dead_difference_high"] == found.differences["dead"].estimate.high
    assert (frame.loc["hold"].filter(like="_difference") == 0.0).all()


def test_threads_change_nothing_and_the_seed_does(fork, advice):
    one = sim.advise(fork, "us", seed=3, replicates=SIZE, threads=1)
    assert one.to_json() == advice.to_json()
    assert sim.advise(fork, "us", seed=4, replicates=SIZE).to_json() != advice.to_json()
    assert json.loads(advice.to_json())["options"][0]["rank"] == 1


def test_a_scenario_a_history_and_a_fork_are_one_moment():
    history = sim.run("eighty-dead", seed=7)
    told = [
        sim.advise("eighty-dead", "us", seed=7, at=DAY, replicates=50),
        sim.advise(history, "us", seed=7, at=DAY, replicates=50),
        sim.advise(history.at(DAY), "us", seed=7, replicates=50),
    ]
    assert len({advice.to_json() for advice in told}) == 1


def test_weights_make_one_sum_of_outcomes(fork):
    weights = {"us_dead": 1.0, "settlement": -50.0}
    advice = sim.advise(fork, "us", seed=3, replicates=SIZE, objective=weights)
    assert advice.objective == "1 x us_dead - 50 x settlement"
    cost = [
        c.estimates["us_dead"].mean - 50 * c.estimates["settlement"].mean for c in advice.courses
    ]
    brackets = [c.bracket for c in advice.courses]
    firsts = [cost[brackets.index(bracket)] for bracket in range(1, max(brackets) + 1)]
    assert firsts == sorted(firsts)
    assert cost[0] == min(cost)
    hold = next(c for c in advice.courses if c.option == "hold").estimates["weighted_sum"].mean
    for course, found in zip(advice.courses, cost, strict=True):
        assert course.estimates["weighted_sum"].mean == pytest.approx(found)
        if course.option != "hold":
            pair = course.differences["weighted_sum"].estimate
            assert pair.mean == pytest.approx(found - hold)
            assert pair.low <= pair.mean <= pair.high
    assert {"weighted_sum", "weighted_sum_difference_low"} <= set(advice.frame())
    assert advice.turning() == ()
    assert "weighted_sum" not in sim.advise(fork, "us", replicates=4).frame()


def test_no_interval_of_what_cannot_be_negative_reaches_below_nothing():
    told = sim.advise("after-the-strike", "us", replicates=20)
    lows = [found.low for c in told.courses for found in c.estimates.values()]
    assert min(lows) == 0.0
    clipped = [f for c in told.courses for f in c.estimates.values() if "clipped" in f.method]
    assert clipped


def test_no_interval_of_days_reaches_beyond_the_horizon(fork):
    told = sim.advise(fork, "us", replicates=20)
    days = [course.estimates[TO_SETTLEMENT] for course in told.courses]
    assert max(found.high for found in days) == pytest.approx(fork.scenario.horizon_days - DAY)
    # Where hardly any history settles, normal theory alone would go beyond.
    assert any("clipped" in found.method and found.low < found.mean for found in days)


def test_open_war_comes_last_by_default(advice):
    assert advice.courses[-1].option == "open_war iran"
    assert advice.courses[-1].estimates["open_war"].mean == 1.0


def test_what_open_war_itself_brings_is_withheld_wherever_it_is_told(fork):
    how = {"replicates": 160, "elicited": True, "worlds": 10, "depth": 2, "budget": 5_000}
    told = sim.advise(fork, "us", seed=3, **how)
    frame = told.frame()
    parts = [f"adversary_force_7d{end}" for end in ("", "_low", "_difference", "_difference_high")]
    parts += ["dead", "us_dead_high", "dead_difference", "dead_between", "dead_q50", "dead_regret"]
    hidden = frame.loc["open_war iran", [*parts, "deep_dead", "deep_dead_low"]]
    assert hidden.isna().all()
    shown = frame.loc["open_war iran", ["open_war", "open_war_difference", "deep_open_war"]]
    assert shown.notna().all()
    assert frame.loc[frame["move"] != "open_war", parts].notna().all().all()
    read = json.loads(told.to_json())
    for option in (course.option for course in told.courses):
        war = option == "open_war iran"
        dead = read["over_worlds"][option]["criteria"]["dead"]
        assert [dead[part]["mean"] is None for part in ("mean", "regret")] == [war] * 2
        assert (dead["quantiles"]["0.5"]["mean"] is None) is war
        assert (read["two_deep"][option]["estimates"]["dead"]["mean"] is None) is war


def test_a_course_says_in_a_line_what_it_is(advice):
    text = repr(advice.course("open_war iran"))
    assert re.fullmatch(r"<Course open_war iran: bracket \d+, open war >\S+% \([^()]+%\)>", text)
    assert len(repr(advice.best())) < 100 * len(advice.best())


def test_open_war_before_holding_by_dead_that_are_not_simulated_is_told(repository):
    told = sim.advise(repository / "tests" / "kernel" / "plain.toml", "ann", replicates=100)
    war = told.course("open_war bob")
    # Whatever is done, open war comes: only the dead part the options.
    assert told.courses[0] is war
    assert war.differences["open_war"].estimate.mean == 0.0
    assert told.turning() == (war,)
    lines = " ".join(map(click.unstyle, Counsel(told, Screen(80, True), False).lines()))
    said = "open war → B stands before holding only because the dead of open war itself are not"
    assert said in " ".join(lines.split())
    assert "The order turns on deaths" not in lines


def test_who_cannot_be_threatened_by_the_target_looks_to_the_most_threatening():
    advice = sim.advise("us-replies", "iran", replicates=100)
    adversary = {course.option: course.adversary for course in advice.courses}
    # Iraq has no move of force.
    assert adversary["limited_strike iraq"] == "us"
    assert adversary["hold"] == adversary["limited_strike us"] == "us"


@pytest.mark.parametrize(
    "how, key, says",
    [
        ({"actor": "usa"}, "actor", "did you mean 'us'"),
        ({"objective": {"open_wars": 1}}, "objective", "did you mean 'open_war'"),
        ({"objective": {"us_first_force": 1}}, "objective", "median"),
        ({"objective": {"dead": 0}}, "objective", "nothing to rank by"),
        ({"objective": {"dead": float("nan")}}, "objective", "finite"),
        ({"objective": {"dead": "x"}}, "objective", "'x' is no weight of dead; allowed: a finite"),
        ({"objective": {"dead": True}}, "objective", "True is no weight of dead"),
        ({"objective": "dead"}, "objective", "weights by outcome"),
        ({"objective": {3: 1}}, "objective", "no such outcome 3"),
        ({"objective": {"dead": 10**400}}, "objective", "finite"),
        ({"objective": {"dead": 1e31}}, "objective", r"0, or from 1e-30 to 1e\+30 in size"),
        ({"objective": {"dead": -1e-170}}, "objective", "is no weight of dead"),
        ({"interventions": 3}, "interventions", "ids of injects, or 'all'"),
        ({"interventions": [3]}, "interventions", "no such inject 3"),
        ({"interventions": "hotlin"}, "interventions", "did you mean 'hotline'"),
        ({"interventions": ["mediators"]}, "interventions", "did you mean 'mediator'"),
        ({"interventions": ["hotline", "hotline"]}, "interventions", "'hotline' is named twice"),
        ({"threads": 0}, "threads", "0 is out of range"),
        ({"replicates": 1}, "replicates", "2 or more"),
        ({"replicates": "10"}, "replicates", "whole number"),
        ({"at": 1.0}, "at", "moment already"),
        ({"depth": True}, "depth", "True is no whole number"),
        ({"depth": 2, "budget": "x"}, "budget", "'x' is no whole number"),
        ({"budget": 5_000}, "budget", "with a depth of 2"),
        ({"worlds": 12.5}, "worlds", "no whole number"),
    ],
)
def test_what_cannot_be_meant_is_told_in_a_line(fork, how, key, says):
    with pytest.raises(InputError, match=says) as refused:
        sim.advise(fork, **({"actor": "us", "replicates": 50} | how))
    assert refused.value.key == key


MEDIATE = """
extends = "after-the-strike"
title = "An inject with the name of a move"
asks = "Which of the two is meant?"

[[injects]]
id = "mediate"
says = "Somebody mediates."
at = 2020-01-09T06:00:00
set = { "tempo.iraq" = 2.5 }
hypothetical = true
"""


def test_an_inject_is_not_taken_for_the_move_of_its_name(tmp_path):
    file = tmp_path / "mediate.toml"
    file.write_text(MEDIATE)
    with pytest.raises(InputError, match="'mediate' is named as an option of uk is"):
        sim.advise(file, "uk", replicates=4, interventions="mediate")
    # The US has no such move.
    told = sim.advise(file, "us", replicates=4, interventions="mediate")
    assert told.course("mediate").kind == "intervention"


def test_futures_of_all_options_must_find_room_before_the_first_is_played(fork, monkeypatch):
    from sim.engines import ensemble

    options = len(sim.advise(fork, "us", replicates=2).courses) + 1
    how = {"interventions": "hotline"}
    room = ensemble.bytes_per_replicate(fork.log.assembly, False) * (4 * options + 1)
    monkeypatch.setattr(ensemble, "available_memory", lambda: room)
    with pytest.raises(InputError, match=f"each of {options} options .*; allowed: 2 to 4 here"):
        sim.advise(fork, "us", replicates=5, **how)
    assert sim.advise(fork, "us", replicates=4, **how).replicates == 4


def test_a_moment_outside_the_history_is_refused_by_the_name_of_the_parameter():
    with pytest.raises(InputError, match="outside this history") as refused:
        sim.advise("after-the-strike", "us", at=99.0, replicates=10)
    assert refused.value.key == "at"
    for at in ("2020", True):
        with pytest.raises(InputError, match="is no day; allowed: days from the start") as refused:
            sim.advise("after-the-strike", "us", at=at, replicates=10)
        assert refused.value.key == "at"


def test_advice_cannot_be_changed(advice):
    with pytest.raises(AttributeError):
        advice.worlds = 3


def test_one_intervention_needs_no_list(fork):
    one = sim.advise(fork, "us", replicates=4, interventions="hotline")
    assert (
        one.to_json() == sim.advise(fork, "us", replicates=4, interventions=["hotline"]).to_json()
    )
    assert one.course("hotline").kind == "intervention"


@pytest.mark.parametrize(
    "weights, says",
    [
        ({"dead": 1, "open_war": 1000}, "1 x dead + 1000 x open_war"),
        ({"open_war": 1.5, "settlement": -1}, "1.5 x open_war - 1 x settlement"),
        ({"iran_dead": -1, "us_dead": -2}, "-1 x iran_dead - 2 x us_dead"),
    ],
)
def test_a_sum_is_written_as_a_sum(weights, says):
    assert str(Objective.of(weights)) == says


def test_a_crisis_that_is_over_has_nothing_to_decide():
    history = sim.run("eighty-dead", seed=7)
    with pytest.raises(InputError, match="over"):
        history.at(history.days).advise("us", replicates=10)


def test_rare_ends_are_estimated_by_trees(fork):
    advice = sim.advise(fork, "us", seed=3, replicates=80, rare=True)
    hold = sim.rare(fork.force("us", "hold", now=True), seed=3, replicates=20)
    for course in advice.courses[::4]:
        found = course.estimates["open_war"]
        assert (found.method, found.n) == ("splitting", 20)
        move, _, target = course.option.partition(" ")
        forced = fork.force("us", move, target or None, now=True)
        assert found == sim.rare(forced, seed=3, replicates=20, like=hold).estimate
    assert advice.courses[-1].option == "open_war iran"


def test_interventions_are_ranked_with_the_moves():
    fork = sim.run("after-the-strike", seed=7).at(DAY)
    advice = sim.advise(fork, "us", seed=3, replicates=200, interventions=["mediator"])
    told = advice.course("mediator")
    assert (told.kind, told.move, told.probability) == ("intervention", "hold", None)
    forced = fork.intervene("mediator").force("us", "hold", now=True).ensemble(200, 3)
    dead = forced.outcomes.dead.sum(axis=1) - fork.state.dead.sum()
    assert told.estimates["dead"].mean == pytest.approx(dead.mean())
    assert len(advice.courses) == 1 + len(advice.explanation.options)
    everything = sim.advise(fork, "us", seed=3, replicates=4, interventions="all")
    injects = [c.option for c in everything.courses if c.kind == "intervention"]
    assert set(injects) == {"mediator", "warning", "hotline", "promise-withdrawn"}
    coded = {inject.id: inject for inject in fork.scenario.injects}
    for course in everything.courses:
        own = coded.get(course.option)
        assert course.hypothetical == (own is not None and not own.because)
        assert course.because == (tuple(own.because) if own else ())
        assert everything.frame().loc[course.option, "hypothetical"] == course.hypothetical
    assert {c.hypothetical for c in everything.courses if c.kind == "intervention"} == {True, False}


def test_worlds_and_second_steps_are_told_when_asked_for(fork):
    heard = []
    advice = sim.advise(
        fork,
        "us",
        seed=3,
        replicates=160,
        elicited=True,
        worlds=12,
        depth=2,
        budget=5_000,
        progress=lambda finished, asked: heard.append((finished, asked)),
    )
    options = {course.option for course in advice.courses}
    assert set(advice.over_worlds) == set(advice.deep) == options
    assert 0 < advice.spent <= 5_000
    assert heard[0][0] == 0
    assert heard == sorted(heard)
    assert heard[-1][0] == heard[-1][1]
    frame = advice.frame()
    war = advice.deep["hold"].estimates["open_war"]
    assert frame.loc["hold", "deep_open_war_high"] == war.high
    regret = advice.over_worlds["major_strike iran"].spreads["dead"].regret
    assert frame.loc["major_strike iran", "dead_regret"] == regret.mean > 0
    for column, places in (("worlds_rank", advice.over_worlds), ("deep_rank", advice.deep)):
        assert sorted(frame[column]) == list(range(1, len(options) + 1))
        ordered = frame.sort_values(column)
        assert ordered[column.replace("rank", "bracket")].is_monotonic_increasing
        assert all(places[option].rank == rank for option, rank in frame[column].items())
    told = json.loads(advice.to_json())
    assert all(told["over_worlds"][o]["fragile"] == list(advice.fragile(o)) for o in options)
    assert told["budget_spent"] == advice.spent
    assert set(told["two_deep"]) == set(told["over_worlds"]) == options
    plain = sim.advise(fork, "us", seed=3, replicates=160)
    assert json.loads(plain.to_json())["options"] == told["options"]


@pytest.mark.parametrize(
    "how, says",
    [
        ({"depth": 3}, "1 or 2"),
        ({"budget": 0, "depth": 2}, "1 or more"),
        ({"elicited": True, "worlds": 9}, "worlds: 9 is out of range; allowed: 10 to 10000"),
        ({"elicited": True, "worlds": 10**9}, "allowed: 10 to 10000"),
        ({"rare": True, "objective": {"dead": 1}}, "no sum of outcomes"),
    ],
)
def test_more_than_there_is_is_refused_before_anything_is_played(fork, how, says):
    with pytest.raises(InputError, match=says):
        sim.advise(fork, "us", replicates=50, **how)
