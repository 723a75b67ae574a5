"""What advise tells of the worlds: the verdict first, then each option's distribution over them."""

import json
import re
from dataclasses import replace

import click
import numpy as np
import pytest

import sim
from sim.analysis.robust import over_worlds
from sim.drawing import draw

ELICITED = ("advise", "eighty-dead", "--actor", "us", "--elicited", "--replicates")
ENOUGH, FEW = 1_600, 160  # 40 and 4 futures of an option in each world


def worlds_of(text):
    return text[text.index("In 100 worlds in which") :]


@pytest.fixture(scope="module")
def advice():
    return sim.advise("eighty-dead", "us", replicates=ENOUGH, elicited=True)


@pytest.fixture(scope="module")
def thin():
    return sim.advise("eighty-dead", "us", replicates=FEW, elicited=True)


def told(advice, width=80):
    from sim.cli.counsel import Counsel
    from sim.cli.foresight import worlds_lines
    from sim.cli.screen import Screen

    lines = worlds_lines(Counsel(advice, Screen(width, True), everything=False))
    return [click.unstyle(line) for line in lines]


def test_the_verdict_comes_before_the_tables(once, advice):
    text = worlds_of(once(*ELICITED, str(ENOUGH)))
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


def test_futures_that_tell_worst_tenths_too_low_are_said_to_be_too_few(advice):
    assert "With 40 futures of an option in each world" in " ".join(told(advice))
    rng = np.random.default_rng(1)
    assert "futures of an option in each world" not in " ".join(told(played(advice, rng, 0.0)))


def test_what_a_few_futures_a_world_cannot_tell_is_not_told(thin):
    found = [s for each in thin.over_worlds.values() for s in each.spreads.values()]
    for part in ("mean", "low", "high"):
        assert all(np.isnan(getattr(spread.worst, part)) for spread in found)
        assert all(np.isnan(getattr(spread.worst_regret, part)) for spread in found)
    assert all(np.isfinite(spread.mean.low) for spread in found)
    text = " ".join(" ".join(told(thin)).split())
    assert "4 futures of an option in each world are too few" in text
    assert "--replicates 1600 or more" in text
    assert not re.search(
        "median +worst tenth|best in|mean +dead worst|Most often|terrible|nan", text
    )
    assert thin.frame()["open_war_worst"].isna().all()
    first = next(iter(json.loads(thin.to_json())["over_worlds"].values()))
    assert first["criteria"]["open_war"]["worst"]["mean"] is None


def test_a_picture_of_a_few_futures_a_world_says_that_it_has_no_worst_tenth(thin, tmp_path):
    (_, drawn) = draw(thin.save(tmp_path))
    assert "From 4 futures of an option in each world its worst" in drawn.summary.words.subtitle
    assert "Regret" not in drawn.summary.words.caption
    assert drawn.render().startswith(b"\x89PNG")


def test_regret_is_told_with_intervals_as_all_else_is(advice, thin):
    for found, tables in ((advice, 2), (thin, 1)):
        text = "\n".join(told(found))
        assert text.count("Regret: over the option") == tables
        regret = text[text.index("Regret") :].partition("Each weight")[0]
        assert re.search(r"[+-][\d.]+ to [+-]?[\d.]+", regret)
        assert not re.search(r"\d,[+-]", regret)
        assert max(map(len, told(found, 60))) <= 60


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
