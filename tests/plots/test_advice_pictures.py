"""What the pictures of advice draw, and that a reader can read all of it."""

import json
from dataclasses import replace

import pytest

import sim
from sim.analysis.captions import Words
from sim.analysis.intervals import Estimate
from sim.analysis.standing import Option, Standing, summarise_standing
from sim.drawing import draw, source_of
from sim.errors import InputError
from sim.plots.standing import alt_standing, plot_standing
from sim.saving import save_advice
from tests.plots.reading import complaints, gids, texts, words

LONG = "A very long sentence that goes on and on and on and on and on. " * 9


def near(mean, half=0.01):
    return Estimate(mean, mean - half, mean + half, 1_000, "normal")


def an_option(label, bracket, change, **other):
    shown = {"war": near(0.02), "force": near(0.2), "dead": near(3.0)} | other
    return Option(label, "open war 2.0% (1.0 to 3.0%); picked 12%", bracket, change, **shown)


def standing(*options):
    return Standing(Words("What is seen", "How to read it.", "What it rests on."), "Iran", options)


MANY = standing(
    an_option("hotline", 1, near(-0.02)),
    an_option("hold", 2, None),
    an_option("protest → Iran", 2, near(0.001)),
    an_option("a move with quite a long name → Somewhere far away", 9, near(0.03)),
    an_option("major strike → Iran", 10, near(0.04), force=near(0.98), dead=near(80.0)),
    an_option("open war → Iran", 11, near(0.98), war=near(1.0, 0.0), force=near(0.0, 0.0)),
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
    assert [mark.get_markerfacecolor() == "#ffffff" for mark in drawn] == [False, True, False, False]
    assert len(gids(ax, "holding")) == 1
    assert len(gids(ax, "value")) == 2 * len(MANY.options)
    ends = {tuple(line.get_xdata()) for line in gids(ax, "interval")}
    assert {(o.change.low, o.change.high) for o in MANY.options[2:5]} <= ends


def test_what_is_far_off_is_an_arrow_with_its_number_and_does_not_squeeze_the_rest():
    ax = plot_standing(MANY)
    assert ax.child_axes[0].get_xlim()[1] < 0.1
    assert "+98.0" in [text.get_text() for text in texts(ax)]


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
        assert row.dead == course.estimates["dead"]
        pair = course.differences.get("open_war")
        assert row.change == (pair.estimate if pair else None)
        assert ("intervention" in row.says) == (course.kind == "intervention")
    assert summary.options[0].label in summary.words.title
    assert "200 replicates of seed 1" in summary.words.caption


def test_a_saved_advice_draws_the_same_picture(advice, tmp_path):
    save_advice(advice, tmp_path)
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
    save_advice(advice, tmp_path)
    place = tmp_path / "advice.json"
    told = json.loads(place.read_text(encoding="utf-8"))
    del told[key]
    place.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match="not what `escalation advise` writes"):
        source_of(tmp_path).advice


def test_the_title_says_how_many_more_cannot_be_told_apart(advice):
    summary = summarise_standing(advice.to_dict(), advice.scenario)
    first = [row for row in summary.options if row.bracket == 1]
    ax = plot_standing(summary)
    assert (f"{len(first) - 2} more" in words(ax, "title")) == (len(first) > 2)
