"""What the pictures of advice draw, and that a reader can read all of it."""

import json
import math
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.analysis.captions import Words
from sim.analysis.intervals import Estimate
from sim.analysis.over_worlds import OptionOverWorlds, Worlds, summarise_worlds
from sim.analysis.robust import over_worlds
from sim.analysis.standing import Option, Standing, summarise_standing
from sim.analysis.studied import Measure
from sim.drawing import draw, source_of
from sim.errors import InputError
from sim.plots.standing import alt_standing, plot_standing
from sim.plots.worlds import alt_worlds, plot_worlds
from tests.plots.reading import complaints, gids, texts, words

WORDS = Words("What is seen", "How to read it.", "What it rests on.")
LONG = "A very long sentence that goes on and on and on and on and on. " * 9


def near(mean, half=0.01):
    return Estimate(mean, mean - half, mean + half, 1_000, "normal")


def an_option(label, bracket, change, **other):
    shown = {"war": near(0.02), "force": near(0.2), "dead": near(3.0)} | other
    return Option(label, "open war 2.0% (1.0 to 3.0%); picked 12%", bracket, change, **shown)


WAR = Measure("open_war", "share", "chance of open war")
DEAD = Measure("dead", "mean", "mean number of dead")
SUM = Measure("weighted_sum", "mean", "weighted sum")


def standing(*options):
    return Standing(WORDS, "Iran", WAR, options)


MANY = standing(
    an_option("hotline", 1, near(-0.02)),
    an_option("hold", 2, None),
    an_option("protest → Iran", 2, near(0.001)),
    an_option("a move with quite a long name → Somewhere far away", 9, near(0.03)),
    an_option("major strike → Iran", 10, near(0.04), force=near(0.98), dead=near(80.0)),
    an_option("open war → Iran", 11, near(0.98), war=near(1.0, 0.0), force=None, dead=None),
)


@pytest.mark.parametrize(
    "summary",
    [
        MANY,
        standing(an_option("hold", 1, None)),
        standing(*(an_option(f"option {k}", k + 1, near(0.001 * k)) for k in range(30))),
        replace(MANY, words=Words(LONG, LONG, LONG), whose="A state with a long name"),
    ],
    ids=["many", "one", "thirty", "long words"],
)
def test_nothing_overlaps_or_is_cut_off(summary):
    assert list(complaints(plot_standing(summary))) == []


def test_each_option_has_its_change_with_an_interval_hollow_where_none_is_told():
    ax = plot_standing(MANY)
    drawn = gids(ax, "change")
    assert [round(float(mark.get_xdata()[0]), 3) for mark in drawn] == [-0.02, 0.001, 0.03, 0.04]
    assert [mark.get_markerfacecolor() == "#ffffff" for mark in drawn] == [
        False,
        True,
        False,
        False,
    ]
    assert len(gids(ax, "holding")) == 1
    # Of open war itself neither force nor dead are simulated.
    assert len(gids(ax, "value")) == 2 * len(MANY.options) - 2
    assert [text.get_text() for text in gids(ax, "number")].count("not simulated") == 2
    ends = {tuple(line.get_xdata()) for line in gids(ax, "interval")}
    assert {(o.change.low, o.change.high) for o in MANY.options[2:5]} <= ends


def test_what_is_far_off_is_an_arrow_with_its_number_and_does_not_squeeze_the_rest():
    ax = plot_standing(MANY)
    assert ax.child_axes[0].get_xlim()[1] < 0.1
    said = [text.get_text() for text in texts(ax)]
    assert {"+98.0", "+97.0 to +99.0"} <= set(said)
    below = standing(*(replace(o, change=near(-50.0, 0.5) if o.bracket > 10 else o.change)
                       for o in MANY.options))  # fmt: skip
    ax = plot_standing(replace(below, measure=SUM))
    assert "−50.5 to −49.5" in [text.get_text() for text in texts(ax)]
    assert list(complaints(ax)) == []


def test_the_number_of_an_arrow_stands_where_it_has_room():
    # Nothing but what lowers the chance: right of holding there is no room for a number.
    ax = plot_standing(standing(*(
        replace(o, change=near(-0.02 * k, 0.001) if 0 < k < 5 else o.change)
        for k, o in enumerate(MANY.options)
    )))  # fmt: skip
    panel = ax.child_axes[0]
    number = next(text for text in texts(ax) if text.get_text() == "+97.0 to +99.0")
    ax.figure.draw_without_rendering()
    box = number.get_window_extent()
    assert panel.bbox.x0 <= box.x0
    assert box.x1 <= panel.bbox.x1
    assert list(complaints(ax)) == []


def test_pictures_write_as_many_digits_as_the_terminal():
    from sim.written import span

    seventeen = Estimate(17.0312, 16.7816, 17.2808, 20_000, "normal")
    ax = plot_standing(standing(an_option("hold", 1, None, dead=seventeen)))
    assert span(seventeen, share=False)[0] == "17.0"
    assert "17.0" in [text.get_text() for text in gids(ax, "number")]


def test_a_bracket_is_numbered_once_and_every_second_has_a_band():
    ax = plot_standing(MANY)
    assert [text.get_text() for text in gids(ax, "bracket")] == ["1", "2", "9", "10", "11"]
    assert len(gids(ax, "band")) == 3


@pytest.fixture(scope="module")
def advice():
    return sim.advise("after-the-strike", "us", replicates=200, interventions="all")


def test_rows_are_the_advice_in_its_order(advice):
    summary = summarise_standing(advice.to_dict(), advice.scenario)
    assert len(summary.options) == len(advice.courses)
    for row, course in zip(summary.options, advice.courses, strict=True):
        assert row.bracket == course.bracket
        assert row.war == course.estimates["open_war"]
        # The dead of a war itself are not simulated: none is no number of them.
        assert row.dead == (None if course.move == "open_war" else course.estimates["dead"])
        force = course.estimates["adversary_force_7d"]
        assert row.force == (None if course.move == "open_war" else force)
        pair = course.differences.get("open_war")
        assert row.change == (pair.estimate if pair else None)
        assert ("intervention" in row.says) == (course.kind == "intervention")
    assert summary.measure == WAR
    assert "200 replicates of seed 1" in summary.words.caption


def test_a_saved_advice_draws_the_same_picture(advice, tmp_path):
    advice.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "advice.csv", "advice.json", "manifest.json", "options.png",
    ]  # fmt: skip
    (now,), (again,) = draw(advice), draw(tmp_path)
    assert now.kind.name == "options"
    assert again.summary == now.summary
    assert (tmp_path / "options.png").read_bytes() == again.render()
    assert "open war" in alt_standing(now.summary)


@pytest.mark.parametrize("key", ["options", "date", "history", "objective"])
def test_a_damaged_folder_is_refused_in_a_line(advice, tmp_path, key):
    advice.save(tmp_path)
    place = tmp_path / "advice.json"
    told = json.loads(place.read_text(encoding="utf-8"))
    del told[key]
    place.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match="not what `escalation advise` writes"):
        source_of(tmp_path)


def titled(advice):
    summary = summarise_standing(advice.to_dict(), advice.scenario)
    return words(plot_standing(summary), "title"), sum(row.bracket == 1 for row in summary.options)


def test_a_single_best_is_called_so_and_a_bracket_begins_with_to_hold(advice):
    title, many = titled(sim.advise("after-the-strike", "us", replicates=200))
    assert many > 2
    assert title.startswith("No single best for US: hold, ")
    assert f"{many - 2} more of their bracket" in " ".join(title.split())
    only = replace(advice.courses[0], bracket=1)
    rest = tuple(replace(course, bracket=2) for course in advice.courses[1:])
    title, many = titled(replace(advice, courses=(only, *rest)))
    assert many == 1
    assert title.startswith("Best for US: ")


def test_an_intervention_at_the_head_of_a_picture_is_no_move():
    how = {"replicates": 1_600, "interventions": ["warning"], "elicited": True, "worlds": 10}
    told = sim.advise("eighty-dead", "us", **how)
    assert [course.option for course in told.best()] == ["warning"]
    own = [course.option for course in told.own()]
    assert "warning" not in own
    pictures = draw(told)
    assert len(pictures) == 2
    for picture in pictures:
        title, under = picture.summary.words.title, picture.summary.words.subtitle
        assert "the intervention warning" in title
        assert "est of its own moves: " in under.partition(". ")[0]
    single = "Best" if len(own) == 1 else "No single best"
    assert pictures[0].summary.words.subtitle.startswith(f"{single} of its own moves: ")
    ax = plot_standing(pictures[0].summary)
    # Nothing of it is cut off.
    assert " ".join(words(ax, "subtitle").split()).endswith("expected deaths.")
    (row,) = (row for row in pictures[1].summary.options if row.intervention)
    assert row.label == "warning"


def test_a_picture_and_the_text_write_how_likely_the_actor_picks_it_alike(advice):
    summary = summarise_standing(advice.to_dict(), advice.scenario)
    for row, course in zip(summary.options, advice.courses, strict=True):
        if course.kind == "move":
            assert row.says.endswith(f"picked {course.picked}")
        else:
            assert ("hypothetical" in row.says) == course.hypothetical


def test_the_first_panel_shows_what_is_ranked_by():
    told = sim.advise("us-replies", "iran", replicates=100, objective={"dead": 1, "open_war": 10})
    summary = summarise_standing(told.to_dict(), told.scenario)
    assert summary.measure == SUM
    for row, course in zip(summary.options, told.courses, strict=True):
        pair = course.differences.get("weighted_sum")
        assert row.change == (pair.estimate if pair else None)
    ax = plot_standing(summary)
    assert list(complaints(ax)) == []
    said = " ".join(" ".join(text.get_text().split()) for text in texts(ax))
    assert "Weighted sum" in said
    assert "changes in the weighted sum against holding" in said
    assert "leaves out the dead" not in said


def test_a_sum_that_leaves_out_the_dead_of_open_war_is_said_to():
    told = sim.advise(
        "us-replies", "iran", replicates=160, objective={"dead": 1}, elicited=True, worlds=10
    )
    options, over = (picture.summary for picture in draw(told))
    for summary in (options, over):
        assert "leaves out the dead of open war itself" in summary.words.caption
        assert "if open war itself costs nothing: " in summary.words.title
    assert over.measure == SUM
    counted = sim.advise("us-replies", "iran", replicates=20, objective={"dead": 1, "open_war": 9})
    assert "costs" not in summarise_standing(counted.to_dict(), counted.scenario).words.title


def test_open_war_that_leads_for_want_of_its_dead_is_not_called_the_best(repository):
    told = sim.advise(repository / "tests" / "kernel" / "plain.toml", "ann", replicates=100)
    title = summarise_standing(told.to_dict(), told.scenario).words.title
    assert title == "Best for A if open war itself costs no dead: open war → B"


NO_INTERVAL = Estimate(0.3, math.nan, math.nan, 10, "worlds")


def over(label, bracket=1, terrible=False, **other):
    shown = {"mean": near(0.05), "worst": near(0.3, 0.1), "worst_regret": near(0.02, 0.03)}
    shown |= {"best": near(0.9)} | other
    quantiles = other.pop("quantiles", (0.01, 0.03, 0.05, 0.08, 0.2))
    shown.pop("quantiles", None)
    return OptionOverWorlds(label, 1, bracket, terrible, quantiles, **shown)


def worlds(*options, words=WORDS, measure=WAR):
    return Worlds(words, measure, options)


FEW = worlds(over("hold", worst=NO_INTERVAL, worst_regret=NO_INTERVAL))
SPREAD = worlds(
    over("hold"),
    over("a move with quite a long name → Somewhere far away", terrible=True),
    over("open war → Iran", 2, quantiles=(1.0,) * 5, mean=near(1.0, 0.0), worst=near(1.0, 0.0),
         worst_regret=near(0.98), best=near(0.0, 0.0)),
)  # fmt: skip


@pytest.mark.parametrize(
    "summary",
    [FEW, SPREAD, replace(SPREAD, words=Words(LONG, LONG, LONG)), replace(SPREAD, measure=DEAD)],
    ids=["few worlds", "spread", "long words", "dead"],
)
def test_nothing_overlaps_or_is_cut_off_over_worlds(summary):
    assert list(complaints(plot_worlds(summary))) == []


def test_over_worlds_what_is_far_off_is_told_and_not_drawn():
    ax = plot_worlds(SPREAD)
    assert len(gids(ax, "box")) == len(gids(ax, "median")) == 2
    said = [text.get_text() for text in gids(ax, "number")]
    assert said == ["100%", "100 to 100%", "+98.0", "+97.0 to +99.0"]
    hollow = [mark.get_markerfacecolor() == "#ffffff" for mark in gids(ax.child_axes[0], "mark")]
    assert hollow == [False, True]


def test_what_only_reaches_far_beyond_the_others_is_drawn_whole():
    wide = over("wide", quantiles=(0.03, 0.04, 0.05, 0.6, 0.9))
    panel = plot_worlds(worlds(over("hold"), wide)).child_axes[0]
    assert panel.get_xlim()[1] > 0.9
    assert len(gids(panel, "box")) == 2


def test_brackets_over_worlds_are_numbered_once_and_every_second_has_a_band():
    ax = plot_worlds(SPREAD)
    assert [text.get_text() for text in gids(ax, "bracket")] == ["1", "2"]
    assert len(gids(ax, "band")) == 1


NONE = Estimate(math.nan, math.nan, math.nan, 100, "worlds")
THIN = worlds(
    *(over(f"option {k}", worst=NONE, worst_regret=NONE, mean=near(0.02 * k)) for k in (1, 2))
)


def test_from_too_few_futures_a_world_only_the_spread_and_the_mean_are_drawn():
    ax = plot_worlds(THIN)
    assert THIN.thin
    assert not SPREAD.thin
    (panel,) = ax.child_axes
    assert [float(mark.get_xdata()[0]) for mark in gids(panel, "mark")] == [0.02, 0.04]
    assert len(gids(panel, "interval")) == len(gids(panel, "box")) == 2
    said = " ".join(text.get_text() for text in texts(ax))
    assert "Regret" not in said
    assert "Among the best" not in said
    assert list(complaints(ax)) == []
    assert len(plot_worlds(SPREAD).child_axes) == 3


def test_costs_below_nothing_are_on_the_scale():
    below = over(
        "hold", quantiles=(-9.0, -8.0, -7.0, -6.0, -5.0), mean=near(-7.0), worst=near(-5.0)
    )
    low, high = plot_worlds(worlds(below, measure=SUM)).child_axes[0].get_xlim()
    assert low < -9.0
    assert high > 0.0


def test_where_nothing_comes_in_any_world_the_scale_can_be_read():
    none = Estimate(0.0, 0.0, 0.0, 10, "worlds")
    same = over("hold", quantiles=(0.0,) * 5, mean=none, worst=none, worst_regret=none)
    ax = plot_worlds(worlds(same))
    ax.figure.draw_without_rendering()
    for panel in ax.child_axes[:2]:
        ticks = [text.get_text() for text in panel.get_xticklabels()]
        assert "0" in ticks
        assert not [tick for tick in ticks if "e" in tick]


def test_where_worlds_are_few_there_is_no_whisker():
    assert len(gids(plot_worlds(FEW), "interval")) == 1
    assert len(gids(plot_worlds(SPREAD), "interval")) == 2 + 2 + 3


def test_terrible_is_said_in_the_picture_where_the_text_says_it():
    plain = sim.advise("eighty-dead", "us", replicates=100)
    rng = np.random.default_rng(1)
    values = rng.exponential(1.0, (100, len(plain.courses), 200))
    # In a tenth of the worlds the first and the last are terrible; the last is never good.
    values[::10, [0, -1]] += 80.0
    values[:, -1] += 1.0
    names = [course.option for course in plain.courses]
    found = replace(
        plain, over_worlds=dict(zip(names, over_worlds({"open_war": values}), strict=True))
    )
    assert plain.courses[-1].bracket > 1
    assert [bool(found.over_worlds[names[k]].terrible) for k in (0, 1, -1)] == [True, False, True]
    summary = summarise_worlds(found.to_dict() | {"worlds": 100}, found.scenario)
    ordered = sorted(names, key=lambda option: found.over_worlds[option].rank)
    told = [option for option, row in zip(ordered, summary.options, strict=True) if row.terrible]
    assert told == [names[0]] == [option for option in names if found.fragile(option)]


def test_rows_over_worlds_are_those_of_the_advice(tmp_path):
    found = sim.advise("eighty-dead", "us", replicates=160, elicited=True, worlds=10)
    summary = summarise_worlds(found.to_dict(), found.scenario)
    rows = {row.label: row for row in summary.options}
    told = found.over_worlds["hold"]
    assert rows["hold"].best == told.best
    assert rows["hold"].mean == told.spreads["open_war"].mean
    assert rows["hold"].quantiles[2] == told.spreads["open_war"].quantiles[0.5].mean
    assert [row.bracket for row in summary.options] == sorted(row.bracket for row in rows.values())
    assert [row.rank for row in summary.options] == list(range(1, len(rows) + 1))
    found.save(tmp_path)
    assert (tmp_path / "worlds.png").is_file()
    assert [picture.kind.name for picture in draw(tmp_path)] == ["options", "worlds"]
    assert "among the best in" in alt_worlds(summary)
    place = tmp_path / "advice.json"
    told = json.loads(place.read_text(encoding="utf-8"))
    del told["over_worlds"]["hold"]["criteria"]["open_war"]["quantiles"]
    place.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match="not what `escalation advise` writes"):
        source_of(tmp_path)


def disarmed(repository, tmp_path):
    """The file of two states of which only ann has moves of force."""
    there = repository / "tests" / "analysis"
    shutil.copytree(there / "pair", tmp_path / "pair")
    shutil.copy(there / "pair.toml", tmp_path)
    for name, before, after in (
        ("actors", r"\nann = \[[^]]*\]", '\nann = ["protest"]'),
        ("rules", r'("bob\.answers".*?moves = \{) limited_strike = 2\.0,', r"\1"),
        ("propensities", r"(\[base\.bob\]\nprotest = -1\.0\n).*", r"\1"),
    ):
        file = tmp_path / "pair" / f"{name}.toml"
        file.write_text(re.sub(before, after, file.read_text(), flags=re.DOTALL))
    return tmp_path / "pair.toml"


@pytest.fixture
def unarmed(repository, tmp_path):
    """Two states of which only ann has moves of force."""
    return sim.load(disarmed(repository, tmp_path))


def test_where_nobody_else_can_use_force_the_picture_says_so(unarmed, tmp_path):
    told = sim.advise(unarmed, "ann", replicates=20)
    summary = summarise_standing(told.to_dict(), told.scenario)
    assert {(row.force.mean, row.force.high) for row in summary.options} == {(0.0, 0.0)}
    assert "Nobody else can use force." in summary.words.caption
    assert list(complaints(plot_standing(summary))) == []
    assert (told.save(tmp_path / "told") / "options.png").exists()
    # The control: the other one sees who can.
    threatened = sim.advise(unarmed, "bob", replicates=20)
    other = summarise_standing(threatened.to_dict(), threatened.scenario)
    assert max(row.force.high for row in other.options) > 0
    assert "Nobody else" not in other.words.caption
