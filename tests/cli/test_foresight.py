"""What advise tells of the worlds: the verdict first, then each option's distribution over them."""

import re
from dataclasses import replace

import click
import numpy as np
import pytest

import sim
from sim.analysis.robust import over_worlds

ELICITED = ("advise", "eighty-dead", "--actor", "us", "--replicates", "160", "--elicited")


def worlds_of(text):
    return text[text.index("In 100 worlds in which") :]


@pytest.fixture(scope="module")
def advice():
    return sim.advise("eighty-dead", "us", replicates=160, elicited=True)


def told(advice, width=80):
    from sim.cli.counsel import Counsel
    from sim.cli.foresight import worlds_lines
    from sim.cli.screen import Screen

    lines = worlds_lines(Counsel(advice, Screen(width, True), everything=False))
    return [click.unstyle(line) for line in lines]


def test_the_verdict_comes_before_the_tables(once, advice):
    text = worlds_of(once(*ELICITED))
    head = " ".join(text[: text.index("P(open war) over the worlds")].split())
    most = max(found.best.mean for found in advice.over_worlds.values())
    assert re.search(rf"Most often among the best: .*in {most:.0%} of them\.", head)
    assert "terrible in a tenth of the worlds" in head
    assert max(map(len, text.splitlines())) <= 80


def test_each_option_has_its_median_and_what_nine_worlds_of_ten_lie_between(advice):
    text = "\n".join(told(advice))
    found = advice.over_worlds["hold"].spreads["dead"].quantiles
    low, middle, high = (found[q].mean for q in (0.05, 0.5, 0.95))
    rows = text[text.index("Dead over the worlds") : text.index("Regret")].splitlines()
    place = next(k for k, row in enumerate(rows) if " hold " in row)
    assert float(rows[place].split()[-2]) == pytest.approx(middle, abs=(high - low) / 20)
    ends = re.findall(r"([\d.]+) to ([\d.]+)", rows[place + 1])
    assert float(ends[1][0]) == pytest.approx(low, abs=(high - low) / 20)
    assert float(ends[1][1]) == pytest.approx(high, abs=(high - low) / 20)


def test_too_few_futures_a_world_are_said_to_be_too_few(advice):
    assert "With 4 futures of an option in each world" in " ".join(told(advice))
    rng = np.random.default_rng(1)
    assert "futures of an option in each world" not in " ".join(told(played(advice, rng, 0.0)))


def played(advice, rng, worse):
    """Advice whose first option costs so much more in each tenth world; all others like it."""
    bad = (np.arange(100) % 10 == 0)[:, None, None]
    values = np.repeat(rng.exponential(10.0, (100, 1, 200)), len(advice.courses), axis=1)
    values[:, 1:] += 0.1 * rng.standard_normal((100, len(advice.courses) - 1, 200))
    values[:, :1] += worse * bad
    found = over_worlds({"dead": values})
    names = [course.option for course in advice.courses]
    return replace(advice, over_worlds=dict(zip(names, found, strict=True)))


def test_what_is_among_the_best_and_terrible_in_a_tenth_is_told_so_first(advice):
    from sim.cli.counsel import Counsel
    from sim.cli.screen import Screen

    first = Counsel(advice, Screen(80, True), False).name(advice.courses[0])
    for worse, so in ((0.0, False), (80.0, True)):
        lines = told(played(advice, np.random.default_rng(1), worse))
        head = " ".join(" ".join(lines[: lines.index("Dead over the worlds")]).split())
        assert (f"{first} is among the best, and terrible in a tenth of the worlds" in head) is so
        assert ("No option that is among the best is terrible" in head) is not so


def test_the_frame_has_the_distribution_with_intervals(advice):
    row = advice.frame().loc["hold"]
    spread = advice.over_worlds["hold"].spreads["open_war"]
    for q in (5, 25, 50, 75, 95):
        assert row[f"open_war_q{q:02}"] == spread.quantiles[q / 100].mean
    for part in ("worst", "regret", "worst_regret"):
        found = getattr(spread, part)
        cells = [row[f"open_war_{part}{end}"] for end in ("", "_low", "_high")]
        assert cells == [found.mean, found.low, found.high]
