"""Holds the tutorial to its word: "the numbers below are what you will see"."""

import re
import tomllib
from datetime import timedelta

import pytest

import sim


@pytest.fixture(scope="module")
def text(repository):
    """The tutorial, each run of white space one blank."""
    return " ".join((repository / "docs" / "tutorial.md").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def history():
    return sim.run("after-the-strike", seed=14)


def told(estimate):
    """Mean, low and high in hundredths, as a text has them."""
    return [f"{100 * x:.2f}" for x in (estimate.mean, estimate.low, estimate.high)]


def test_the_history_that_it_tells(text, history):
    assert history.moves["rung"].max() < 6
    assert history.end == "settlement"
    ends = history.scenario.start + timedelta(days=history.days)
    told = f"{len(history.moves)} visible moves, no force, a settlement on {ends.day} {ends:%B}"
    assert told in text


def test_the_move_that_it_explains(text, history):
    explanation = history.explain(8)
    taken = explanation.options[explanation.chosen]
    assert (explanation.actor, taken.move) == ("us", "display")
    hold = next(option for option in explanation.options if option.move == "hold")
    said = f"to hold had a probability of {100 * hold.probability:.0f} %, "
    assert f"{said}to show force {100 * taken.probability:.0f} %" in text
    assert f"*base propensity* of {taken.base:.2f}" in text
    logits = [f"{rule.logits:.2f}" for rule in taken.rules if round(rule.logits, 2)]
    assert len(logits) == 3
    assert "three rules that add {}, {} and {} logits".format(*logits) in text
    precision = history.scenario.parameter("precision.us")
    assert f"at precision 1; the US has {precision:g}" in text


def test_the_experiment_that_it_sweeps(repository, text):
    file = repository / "scenarios" / "experiments" / "us-dead.toml"
    (factor,) = tomllib.loads(file.read_text(encoding="utf-8"))["factors"]
    levels = factor["levels"]
    assert f"has {len(levels)} points, from none to a hundred dead" in text
    assert (levels[0], levels[-1]) == (0, 100)


def test_its_scenario_and_its_experiment_can_be_read(repository, tmp_path):
    page = (repository / "docs" / "tutorial.md").read_text(encoding="utf-8")
    five, threats = re.findall(r"^```toml\n(.*?)^```", page, flags=re.M | re.S)
    (tmp_path / "five.toml").write_text(five, encoding="utf-8")
    (tmp_path / "threats.toml").write_text(threats, encoding="utf-8")
    assert sim.load(tmp_path / "five.toml").parameter("strike.dead") == 5
    assert sim.read_experiment(tmp_path / "threats.toml").name == "threats"


@pytest.mark.slow
def test_the_chances_that_it_tells(text):
    nobody, eighty = (sim.ensemble(name, 100_000) for name in ("after-the-strike", "eighty-dead"))
    for outcome in ("open_war", "settlement", "us_force_7d"):
        mean, low, high = told(nobody.probability(outcome))
        assert re.search(rf"{mean} %(?: of them)? \({low} to {high}\)", text), outcome
    mean, low, high = told(nobody.compare(eighty)["open_war"].estimate)
    assert f"higher by {mean} percentage points ({low} to {high})" in text
    force = eighty.probability("us_force_7d").mean
    assert f"within 7 days comes in {100 * force:.2f} % of histories" in text
    few = sim.ensemble("after-the-strike", 1_000).probability("open_war")
    many = nobody.probability("open_war")
    wider = (few.high - few.low) / (many.high - many.low)
    assert 8.0 < wider < 12.0
    assert "the interval of open war is some ten times wider" in text
