import json
import re

import pytest

RARE = ("ensemble", "after-the-strike", "--rare", "--replicates", "500")
PAIR = ("compare", "after-the-strike", "--set-b", "strike.dead=1", "--rare", "--replicates", "300")


def test_a_rare_end_in_words(told):
    text = " ".join(told(*RARE).split())
    assert text.startswith("The chance of open war within 30 days is 0.")
    assert "The 95% interval is" in text
    assert "plain histories" in text
    assert "500 replicates of seed 1" in text


def test_another_outcome_with_another_value(told):
    text = " ".join(told(*RARE, "--outcome", "rung_9", "--set", "precision.us=3").split())
    assert "a move on rung 9 or above" in text
    assert "With precision.us = 3 (0.8 before)" in text
    assert re.search(r" within 30 days is \d\.\d in 10,000, about 1 in 1,\d00\. ", text)


def test_a_tiny_chance_is_written_so_that_it_can_be_read(told):
    values = ("--set", "precision.us=2.5", "--set", "precision.iran=3")
    text = " ".join(told(*RARE, *values).split())
    assert "in 10 billion" in text
    assert "e-" not in text


def test_json_holds_the_estimate(told):
    found = json.loads(told(*RARE, "--json"))
    assert found["low"] < found["mean"] < found["high"]
    assert (found["outcome"], found["method"]) == ("open_war", "splitting")


def test_few_trees_are_said_to_be_few_and_enough_are_not(told):
    said = "trees intervals may be too narrow: take --replicates"
    assert said not in " ".join(told(*RARE).split())
    few = " ".join(told(*RARE[:3], "--replicates", "40").split())
    assert f"From 40 {said} 500 or more." in few
    assert f"From 300 {said} 500 or more." in " ".join(told(*PAIR).split())
    advise = ("advise", "eighty-dead", "--actor", "us", "--replicates", "160")
    assert f"From 40 {said} 2000 or more." in " ".join(told(*advise, "--rare").split())
    assert said not in " ".join(told(*advise).split())


def test_two_scenarios_and_their_difference(told):
    text = " ".join(told(*PAIR).split())
    assert text.startswith("In B open war is more probable:")
    assert "percentage points (95% interval +" in text
    assert "B: after-the-strike with strike.dead = 1" in text
    found = json.loads(told(*PAIR, "--json"))
    assert found["difference"]["mean"] == pytest.approx(found["b"]["mean"] - found["a"]["mean"])


def test_the_same_twice_is_told_so(told):
    same = (*PAIR[:3], "strike.dead=0", *PAIR[4:])
    assert told(*same).startswith("In B open war is exactly as probable as in A: 0.")


@pytest.mark.parametrize("more", [("--precision", "0.1"), ("--most", "5"), ("--out", "x")])
def test_what_does_not_go_with_it_is_refused(refused, more):
    assert "--rare goes with neither" in refused(*RARE[:3], *more)


def test_an_outcome_that_no_choice_reaches_is_refused(refused):
    assert "rung_2 to rung_10" in refused(*RARE, "--outcome", "days")
    assert "did you mean 'us_force_7d'" in refused(*RARE, "--outcome", "us_frce_7d")
    assert "no outcome that a choice reaches" in refused(*RARE, "--outcome", "")
    assert "did you mean 'force'" in refused(*PAIR, "--outcome", "forces")


def test_an_outcome_of_compare_goes_with_it_alone(refused):
    assert "--rare" in refused(*PAIR[:4], "--outcome", "force")
