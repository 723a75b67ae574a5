"""What the pictures of studies draw, and that a reader can read all of it."""

import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from scipy import stats

import sim
from sim.analysis import carriers
from sim.analysis.captions import Words
from sim.analysis.contrasts import Swing
from sim.analysis.drivers import Column, Drivers, Mark, summarise_drivers
from sim.analysis.intervals import Estimate, difference, share
from sim.analysis.ranges import (
    Leaf,
    Leaves,
    Range,
    Ranges,
    Regime,
    summarise_leaves,
    summarise_ranges,
)
from sim.analysis.report_study import in_words
from sim.analysis.response import Line, Response, summarise_response
from sim.analysis.restrictions import AMONG, AT_LEAST, AT_MOST, Box, Restriction
from sim.analysis.sample import Sample
from sim.analysis.sensitivity import sensitivity
from sim.analysis.spread import Quantile, Spread, part_of_variance, summarise_spread
from sim.analysis.studied import Factor, Measure, Studied, level, measure_of
from sim.analysis.surface import Surface, summarise_surface
from sim.analysis.tornado import Reach, Tornado, summarise_tornado
from sim.drawing import draw, kinds_of, source_of
from sim.drawing_studies import studied
from sim.errors import InputError
from sim.plots import style
from sim.plots.drivers import alt_drivers, plot_drivers
from sim.plots.leaves import plot_leaves
from sim.plots.levels import places_of
from sim.plots.page import render
from sim.plots.ranges import plot_ranges
from sim.plots.response import alt_response, plot_response
from sim.plots.spread import plot_spread
from sim.plots.surface import plot_surface
from sim.plots.tornado import plot_tornado
from tests.plots.reading import complaints, gids, texts, words

WORDS = Words("What is seen", "How to read it.", "Study border, 10 design points.")
LONG = Words(*("A very long sentence that goes on and on and on and on and on. " * 9,) * 3)
WAR = Measure("open_war", "share", "chance of open war")
DEAD = Measure("dead", "mean", "mean number of dead")
ALPHA = 1e-4
REACHES = "chance of open war of 5% or more"
LONGEST = "rules.iran.presence-must-end.moves.notified_strike"
MEAN = Estimate(0.12, 0.1, 0.14, 100, "normal")


def a_factor(name="resolve", coded=None):
    return Factor(name, name, "", coded)


def response(words=WORDS, levels=(0, 1, 2, 5, 10, 100), lines=("0", "80")):
    middle = np.linspace(0.01, 0.2, len(levels))
    drawn = [
        Line(label, *(middle * part + 0.1 * k for part in (1.0, 0.8, 1.2)), 0 * middle + 400)
        for k, label in enumerate(lines)
    ]
    return Response(words, WAR, a_factor(coded=1), levels, a_factor("US dead"), tuple(drawn))


def surface(words=WORDS, rows=4, columns=5, measure=WAR):
    values = np.linspace(0.001, 0.3, rows * columns).reshape(rows, columns)
    beside, above = np.zeros((rows, columns - 1), bool), np.zeros((rows - 1, columns), bool)
    beside[0, 0] = above[1, 2] = True
    n = np.full((rows, columns), 400)
    levels = tuple(range(columns)), tuple(f"level {k}" for k in range(rows))
    x, y = a_factor(coded=1), a_factor("restraint", "level 2")
    bounds = values * 0.8, values * 1.3
    return Surface(words, measure, x, y, *levels, values, *bounds, n, beside, above)


def a_mark(mean, dummy=np.nan, told=True):
    return Mark(Estimate(mean, mean - 0.02, mean + 0.02, 100, "normal"), dummy, told)


def drivers(words=WORDS, name=LONGEST):
    factors = tuple(Factor(f"{name}{k}", f"{name}{k}", "what it says " * 6, 1) for k in range(6))
    told = (True, True, True, False, False, False)
    sizes = (0.5, 0.3, 0.2, 0.04, 0.01, -0.01)
    columns = (
        Column("alone", "what it explains by itself", ("first_order",), True, False,
               tuple((a_mark(x, told=x > 0.1),) for x in sizes)),
        Column("rank correlation", "which way it moves the outcome", ("prcc",), False, True,
               tuple((a_mark(-x, told=x > 0.1) if k != 2 else None,) for k, x in enumerate(sizes))),
        Column("PAWN", "change of the distribution", ("pawn",), False, False,
               tuple((a_mark(abs(x), 0.25, told=abs(x) > 0.25),) for x in sizes)),
    )  # fmt: skip
    return Drivers(words, factors, told, columns)


def tornado(words=WORDS, measure=WAR):
    swings = [
        Swing(LONGEST, 0.0, 95, 0.03, 0.13, Estimate(0.1, 0.08, 0.12, 100, "normal")),
        Swing("restraint", 0.1, 1.9, 0.06, 0.01, Estimate(-0.05, -0.07, -0.03, 100, "normal")),
        Swing("strike", "notified strike", "limited strike", 0.03, 0.04,
              Estimate(0.01, -0.01, 0.03, 100, "normal")),
    ]  # fmt: skip
    reaches = tuple(Reach(a_factor(s.factor), s, k < 2) for k, s in enumerate(swings))
    return Tornado(words, measure, reaches)


def spread(words=WORDS, chance=0.5):
    edges = np.linspace(0.0, 0.1, 11)
    shares = np.array([0.1, 0.3, 0.2, 0.1, 0.1, 0.05, 0.05, 0.03, 0.02, 0.05])
    alike = np.array([0.0, chance, 1 - chance, *[0.0] * 7])
    marks = tuple(
        Quantile(says, Estimate(x, x, x + 0.01, 99, "order statistics"), f"{100 * x:.0f}%", "")
        for says, x in [("one in twenty below", 0.005), ("half below", 0.02), ("above", 0.085)]
    )
    return Spread(words, WAR, edges, shares, alike, marks, 0.4)


def a_box(*restrictions, told=True):
    held = share(60, 100), share(10, 100), share(80, 100)
    return Box(restrictions, *held, 0.14, MEAN, MEAN, 0.7, 0.001, told)


def ranges(words=WORDS, told=True):
    numbers = (Restriction(LONGEST, AT_LEAST, 1.0, low=0.8, high=1.2),
               Restriction(LONGEST, AT_MOST, 1.8))  # fmt: skip
    text = Restriction("strike", AMONG, ("notified_strike",))
    box = a_box(*numbers, text, told=told)
    rows = (
        Range(a_factor(LONGEST), (0.000332, 2.0), (1.0, 1.8), numbers),
        Range(a_factor("strike"), ("notified_strike", "limited_strike"), text.limit, (text,)),
    )
    return Ranges(words, WAR, (Regime(box, rows), Regime(box, rows[:1])), REACHES)


def leaves(words=WORDS):
    first = Leaf((f"{LONGEST} ≥ −0.693", "restraint ≤ 0.5"), a_box())
    return Leaves(words, WAR, (first, Leaf(("all points",), a_box(told=False))), REACHES, 0.1)


PICTURES = [
    (response, plot_response), (surface, plot_surface), (drivers, plot_drivers),
    (tornado, plot_tornado), (spread, plot_spread), (ranges, plot_ranges), (leaves, plot_leaves),
]  # fmt: skip


@pytest.fixture(params=PICTURES, ids=lambda pair: pair[0].__name__)
def picture(request):
    return request.param


def test_all_text_can_be_read(picture):
    make, plot = picture
    ax = plot(make())
    assert len(texts(ax)) > 5
    assert list(complaints(ax)) == []
    assert words(ax, "title") == WORDS.title
    # A map says what is in its cells, which hangs on their size.
    assert words(ax, "caption").startswith(WORDS.caption)
    least = min(text.get_fontsize() for text in texts(ax))
    assert least * 830 / (72 * ax.figure.get_size_inches()[0]) >= 10.5


def test_very_long_words_are_cut_and_not_the_picture(picture):
    make, plot = picture
    assert list(complaints(plot(make(LONG)))) == []


def test_an_outcome_with_a_very_long_name_is_cut_and_not_the_picture(picture):
    make, plot = picture
    summary = make()
    if hasattr(summary, "measure"):
        long = replace(summary.measure, label="chance of force by " + "Unbreakably " * 30)
        assert list(complaints(plot(replace(summary, measure=long)))) == []
    else:
        assert make is drivers  # it has the outcome's name in its words alone


def test_it_draws_into_the_axes_given_and_no_settings_leak(picture):
    make, plot = picture
    before = dict(matplotlib.rcParams)
    ax = Figure(figsize=(14, 12)).add_axes((0.4, 0.2, 0.4, 0.5))
    assert plot(make(), ax=ax) is ax
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("wide,high", [(0.08, 0.6), (0.6, 0.08)])
def test_an_axes_too_small_is_refused_in_a_line(picture, wide, high):
    make, plot = picture
    ax = Figure(figsize=(9, 9)).add_axes((0.3, 0.3, wide, high))
    with pytest.raises(InputError, match=r"too small for this picture; allowed: .* inches or more"):
        plot(make(), ax=ax)
    assert len(ax.texts) == 0


def test_the_same_summary_gives_the_same_bytes(picture):
    make, plot = picture
    first, second = (render(plot(make()).figure, "svg") for _ in range(2))
    assert first == second


def test_a_response_stands_at_its_levels_with_its_band():
    summary = response()
    ax = plot_response(summary)
    lines = gids(ax, "response")
    assert [line.get_ydata().tolist() for line in lines] == [
        line.estimate.tolist() for line in summary.lines
    ]
    assert all(np.all(np.diff(line.get_xdata()) > 0) for line in lines)
    assert len(gids(ax, "interval")) == 2
    # Each line is named where it ends, at its height or as near as there is room.
    names = {text.get_text(): text for text in gids(ax, "name")}
    assert {name: text.xy[1] for name, text in names.items()} == {
        f"US dead {line.label}": line.estimate[-1] for line in summary.lines
    }
    assert ax.get_legend() is None
    assert words(ax, "scale") == WAR.label
    assert gids(ax, "coded")[0].get_xdata()[0] == lines[0].get_xdata()[1]


def test_a_response_that_never_comes_leaves_a_gap():
    summary = response(lines=("",))
    line = summary.lines[0]
    hole = replace(line, estimate=np.array([np.nan, *line.estimate[1:]]))
    drawn = replace(summary, other=None, lines=(hole,))
    ax = plot_response(drawn)
    assert np.isnan(gids(ax, "response")[0].get_ydata()[0])
    assert gids(ax, "name") == []
    assert "nothing at 1 of the levels" in alt_response(drawn)
    assert "nan" not in alt_response(drawn)


def test_a_level_whose_neighbours_have_no_interval_has_a_bar():
    summary = response(lines=("",))
    (line,) = summary.lines
    kept = np.array([True, False, True, True, False, True])
    columns = {name: np.where(kept, getattr(line, name), np.nan) for name in ("low", "high")}
    few = replace(line, n=np.where(kept, 400, 3), **columns)
    ax = plot_response(replace(summary, other=None, lines=(few,)))
    bars = [(bar.get_xdata()[0], *bar.get_ydata()) for bar in gids(ax, "bar")]
    at = gids(ax, "response")[0].get_xdata()
    assert bars == [(at[k], few.low[k], few.high[k]) for k in (0, 5)]
    # Those that have too few histories for one are hollow.
    (hollow,) = gids(ax, "unsure")
    assert hollow.get_xydata().tolist() == [[at[k], few.estimate[k]] for k in (1, 4)]
    assert hollow.get_mfc() == style.PAPER
    assert gids(plot_response(replace(summary, other=None)), "bar") == []


def answers(estimates, measure=WAR, n=400, compare=None, **how):
    """Lay out a response at levels 0, 1, 2 ..., with intervals of a tenth of the estimate."""
    middle = np.asarray(estimates, np.float64)
    table = pd.DataFrame({"x": np.arange(len(middle)), "estimate": middle, "n": n})
    table["low"], table["high"] = 0.9 * middle, 1.1 * middle
    return summarise_response(table, measure, replace(a_study(("x",)), **how), compare)


def test_the_title_of_a_response_names_the_levels_that_have_an_estimate():
    war = "Chance of open war"
    assert answers([0.1, 0.2, 0.4]).words.title == (
        f"{war} rises from 10.0% (9.0 to 11.0%) to 40% (36 to 44%) with x 0 to 2"
    )
    # Lowest and highest are not the ends, and say where they are.
    flat = answers([0.1, 0.2, 0.1]).words
    assert flat.title == f"{war}: between 10.0% (at 0) and 20.0% (at 1) over x 0 to 2"
    assert "No rise or fall is told from one end to the other." in flat.subtitle
    first = Measure("us_first_force", "median", "median day, where any")
    told = [
        answers(e, first).words.title
        for e in ([np.nan] * 3, [np.nan, 4.0, 2.0], [3.0, np.nan, np.nan])
    ]
    assert told == [
        "Median day, where any: never comes over x 0 to 2",
        "Median day, where any, falls from 4.0 (3.6 to 4.4) to 2.00 (1.80 to 2.20) with x 1 to 2; "
        "it comes at 2 of 3 levels",
        "Median day, where any: 3.0 (2.7 to 3.3) over x 0; it comes at 1 of 3 levels",
    ]


def test_pairs_tell_a_rise_that_the_bands_cannot():
    luck = np.random.default_rng(3).random(400)
    chances = np.array([0.50, 0.52, 0.54])

    def compare(a, b):
        return difference(luck < chances[a], luck < chances[b])

    seen = [float(np.mean(luck < chance)) for chance in chances]
    assert "No rise" in answers(seen).words.subtitle
    told = answers(seen, compare=compare).words
    found = compare(0, 2).estimate
    assert found.low > 0
    low, high = (100 * x for x in (found.low, found.high))
    assert (
        f"by {100 * found.mean:.1f} points ({low:.1f} to {high:.1f}), with x 0 to 2" in told.title
    )
    assert "may still be told apart" in told.caption


def test_lines_of_a_response_are_told_by_their_change_and_its_interval():
    luck = np.random.default_rng(3).random(400)
    chances = {(x, y): 0.1 + 0.2 * x * y for x in (0, 1) for y in (0, 1)}
    points = list(chances)
    frame = pd.DataFrame(points, columns=["x", "y"])
    found = [share(int(np.sum(luck < chances[point])), 400) for point in points]
    for name in ("mean", "low", "high", "n"):
        frame["estimate" if name == "mean" else name] = [getattr(e, name) for e in found]

    def compare(a, b):
        return difference(*(luck < chances[points[k]] for k in (a, b)))

    title = summarise_response(frame, WAR, a_study(), compare).words.title
    none, some = (
        WAR.change(e.mean, e.low, e.high)
        for e in (compare(points.index((0, y)), points.index((1, y))).estimate for y in (0, 1))
    )
    assert title == (
        f"Chance of open war, over x 0 to 1: {none[0]} points ({none[1]}) with y 0; "
        f"{some[0]} ({some[1]}) with 1"
    )


def test_a_zero_on_a_logarithmic_axis_stands_beyond_a_break():
    ax = plot_response(response(levels=(0, 1, 2, 5, 10, 100)))
    (gap,) = gids(ax, "break")
    at = gids(ax, "response")[0].get_xdata()
    assert at[0] < gap.xy[0] < at[1]
    assert "but for 0" in ax.get_xlabel()
    whole = plot_response(response(levels=(0.1, 1, 2, 5, 10, 100)))
    assert gids(whole, "break") == []
    assert whole.get_xlabel().endswith("(logarithmic)")


def test_an_unfinished_study_says_how_much_of_it_is_there():
    left = {"status": "interrupted", "held": (70, 0)}
    found = answers([0.1, np.nan, np.nan], n=[70, 0, 0], **left)
    assert "never" not in found.words.title
    assert found.words.subtitle == "Interrupted: 70 of 400 histories. Why? X sets strike.dead."
    assert "at least 0 of 100 replicates of seed 1" in found.words.caption
    assert "not yet known" in answers([np.nan] * 3, n=0, **left).words.title
    whole = answers([0.1, 0.2, 0.4])
    assert whole.words.subtitle == "Why? X sets strike.dead."
    assert "4 design points × 100 replicates" in whole.words.caption


@pytest.mark.parametrize(
    "levels,logs",
    [
        ((0, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 80, 100), True),
        ((0.1, 0.2, 0.4, 0.8, 1.6, 6.0), True),
        ((0.0, 0.25, 0.5, 1.0, 2.0), False),
        ((0, 50, 100, 150, 200), False),
        ((0, 80), False),
        (("notified strike", "limited strike"), False),
        ((False, True), False),
    ],
)
def test_levels_stand_by_their_ratios_where_they_are_spread_so(levels, logs):
    places = places_of(levels)
    assert places.logs is logs
    assert np.all(np.diff(places.at) > 0)
    assert len(places.edges) == len(levels) + 1
    assert np.all((places.edges[:-1] < places.at) & (places.at < places.edges[1:]))


def test_a_map_says_what_it_cannot_tell_apart():
    summary = surface()
    ax = plot_surface(summary)
    (dots,) = gids(ax, "alike")
    assert dots.get_xydata().tolist() == [[0.5, 0.0], [2.0, 1.5]]
    # Each cell has its estimate and half of its interval.
    figures = [text.get_text() for text in gids(ax, "figure")]
    assert len(figures) == 2 * summary.estimate.size
    assert figures[-2:] == ["30%", "24 to 39"]
    assert len(gids(ax, "coded")) == 1
    (mesh,) = gids(ax, "map")
    assert np.allclose(mesh.get_array(), summary.estimate)


def test_contours_part_the_cells_below_a_value_from_those_above():
    values = np.array([[0.1, 0.1], [0.1, 0.9]])
    alike, n = np.zeros((2, 1), bool), np.full((2, 2), 9)
    levels = (0, 1), (0, 1)
    x, y = a_factor(), a_factor("restraint")
    cells = values, values, values, n
    ax = plot_surface(Surface(WORDS, WAR, x, y, *levels, *cells, alike, alike.T))
    (drawn,) = gids(ax, "contour")
    sides = {tuple(map(tuple, segment)) for segment in drawn.get_segments()}
    assert sides == {((0.5, 0.5), (0.5, 1.5)), ((0.5, 0.5), (1.5, 0.5))}
    # Between two that cannot be told apart it is thinner, and dashed.
    doubt = alike.copy()
    doubt[1] = True
    ax = plot_surface(Surface(WORDS, WAR, x, y, *levels, *cells, doubt, alike.T))
    (sure,), (unsure,) = gids(ax, "contour"), gids(ax, "unsure")
    assert [part.tolist() for part in unsure.get_segments()] == [[[0.5, 0.5], [0.5, 1.5]]]
    assert [part.tolist() for part in sure.get_segments()] == [[[0.5, 0.5], [1.5, 0.5]]]
    assert unsure.get_linewidth()[0] < sure.get_linewidth()[0]
    assert unsure.get_linestyle()[0][1] is not None


@pytest.mark.parametrize("least", [0.0, 0.001, 0.2])
def test_every_colour_of_a_map_is_on_its_bar(least):
    values = np.linspace(least, 0.4, 20).reshape(4, 5)
    ax = plot_surface(replace(surface(), estimate=values))
    (mesh,), (bar,) = gids(ax, "map"), ax.child_axes
    shown = next(part for part in bar.collections if hasattr(part, "get_coordinates"))
    cells, scale = (part.to_rgba(part.get_array().ravel()) for part in (mesh, shown))
    nearest = np.abs(cells[:, None, :3] - scale[None, :, :3]).max(axis=2).min(axis=1)
    assert nearest.max() < 0.02
    # Each stands at its own value.
    edges, middles = shown.get_coordinates()[:, 0, 1], shown.get_array().ravel()
    assert np.all((edges[:-1] < middles) & (middles < edges[1:]))
    assert words(ax, "scale") == WAR.label


def test_cells_too_small_for_figures_have_bars_as_long_as_the_intervals():
    summary = surface(rows=15, columns=15)
    ax = plot_surface(summary)
    assert gids(ax, "figure") == []
    bars = gids(ax, "interval")
    half = (summary.high - summary.low).ravel()
    sizes = np.array([np.ptp(bar.get_xdata()) for bar in bars])
    assert sizes == pytest.approx(sizes.max() * half / half.max())
    assert f"the longest is {100 * half.max():.2g} points" in words(ax, "caption")
    assert "Below each estimate" not in words(ax, "caption")
    assert list(complaints(ax)) == []


@pytest.mark.parametrize("columns", range(5, 13))
def test_figures_of_the_framed_cell_keep_clear_of_the_frame(columns):
    values = np.full((4, columns), 0.0089)
    shown = replace(surface(columns=columns), estimate=values, low=values * 0.7, high=values * 1.36)
    ax = plot_surface(shown)
    renderer = ax.figure.canvas.get_renderer()
    (frame,) = gids(ax, "coded")
    box = frame.get_window_extent(renderer)
    boxes = [text.get_window_extent(renderer) for text in gids(ax, "figure")]
    inside = [one for one in boxes if box.x0 < (one.x0 + one.x1) / 2 < box.x1]
    assert len(inside) == (8 if boxes else 0)
    assert bool(boxes) != bool(gids(ax, "interval"))
    assert all(box.x0 + 3 < one.x0 and one.x1 < box.x1 - 3 for one in inside)
    # Pixels at the width of the README, which is half of the picture's.
    sizes = [text.get_size() * ax.figure.dpi / 72 / 2 for text in gids(ax, "figure")]
    assert min(sizes, default=10.5) >= 10.5


def test_drivers_not_told_from_none_are_grey():
    summary = drivers()
    ax = plot_drivers(summary)
    bars = [bar for panel in ax.child_axes for c in panel.containers for bar in c]
    assert len(bars) == 17
    grey = {bar.get_facecolor() for bar in bars if len(set(bar.get_facecolor()[:3])) == 1}
    assert len(grey) == 1
    # By each measure's own test: the third factor is told by the first of them and not by PAWN.
    assert [
        [bar.get_facecolor() in grey for c in panel.containers for bar in c]
        for panel in ax.child_axes
    ] == [[False] * 3 + [True] * 3, [False] * 2 + [True] * 3, [False] * 2 + [True] * 4]
    # Up the ladder and down it differ where a sign says so.
    ranked = [bar.get_facecolor() for c in ax.child_axes[1].containers for bar in c]
    assert ranked[0] == to_rgba(style.FALL)
    assert len(gids(ax, "dummy")) == 6


def test_intervals_of_shares_of_the_variance_end_at_none_and_all():
    summary = drivers()
    wide = Mark(Estimate(-0.1, -0.3, 1.2, 100, "normal"), np.nan, False)
    column = replace(summary.columns[0], marks=((wide,),) * 6)
    ax = plot_drivers(replace(summary, columns=(column,)))
    (panel,) = ax.child_axes
    lines = gids(ax, "interval")
    assert all(list(line.get_xdata()) == [0.0, 1.0] for line in lines)
    # No end is drawn where it is not that of the interval.
    assert len(panel.lines) == len(lines) + 1
    assert [bar.get_width() for c in panel.containers for bar in c] == [0.0] * 6
    assert "(0 to 100%)" in alt_drivers(replace(summary, columns=(column,)))


def test_long_paths_of_rules_are_written_whole():
    drawn = [text.get_text() for text in texts(plot_drivers(drivers()))]
    assert f"{LONGEST}0" in [text.replace("\n", "") for text in drawn]


def test_a_tornado_draws_changes_on_an_axis_of_change():
    summary = tornado()
    ax = plot_tornado(summary)
    (panel,) = ax.child_axes
    whiskers = gids(ax, "interval")
    for container, line, reach in zip(panel.containers, whiskers, summary.reaches, strict=True):
        change = reach.swing.change
        ends = container[0].get_x(), container[0].get_x() + container[0].get_width()
        assert sorted(ends) == pytest.approx(sorted((0.0, change.mean)))
        assert list(line.get_xdata()) == [change.low, change.high]
    assert gids(ax, "none")[0].get_xdata()[0] == 0.0
    under = [text.get_text() for text in gids(ax, "gloss")]
    assert under == ["0 to 95", "0.1 to 1.9", "notified strike to limited strike"]
    assert gids(ax, "number")[0].get_text() == "+10.0 (+8.0 to +12.0)"
    assert "change of the chance of open war in points" in [t.get_text() for t in gids(ax, "head")]


def test_a_spread_shows_chance_beside_the_points():
    summary = spread()
    ax = plot_spread(summary)
    (points,), (chance,) = gids(ax, "points"), gids(ax, "chance")
    assert points.get_data().values.tolist() == summary.shares.tolist()
    # So little higher than the cut that all of it is drawn; what is far higher is cut.
    assert chance.get_data().values.max() == 0.5
    assert gids(ax, "cut") == []
    assert len(gids(ax, "quantile")) == 3
    assert "to 40%" in gids(ax, "beyond")[0].get_text()
    # What is cut off says how high it is.
    cut = gids(plot_spread(spread(chance=1.0)), "cut")[0].get_text()
    assert cut == "by chance alone up to 100%"
    none = replace(summary, chance=np.full(10, np.nan))
    assert gids(plot_spread(none), "chance") == []


def test_boxes_keep_their_ranges_within_all_levels():
    summary = ranges()
    ax = plot_ranges(summary)
    kept = [text.get_text() for text in gids(ax, "kept")]
    assert kept == ["1 to 1.8", "1 of 2 levels", "1 to 1.8"]
    assert [text.get_text()[:12] for text in gids(ax, "box")] == ["Box 1: 60% (", "Box 2: 60% ("]
    assert len(gids(ax, "limit")) == 4
    assert gids(ax, "coded") == []
    # The whisker is where the limit falls in resamples.
    least, most = 0.000332, 2.0
    ends = [(x - least) / (most - least) for x in (0.8, 1.2)]
    assert list(gids(ax, "interval")[0].get_xdata()) == pytest.approx(ends)


def test_a_box_alone_has_no_heading_that_says_what_the_title_does():
    (first, _) = ranges().regimes
    alone = replace(ranges(), regimes=(first,))
    assert (gids(plot_ranges(alone), "box"), len(gids(plot_ranges(alone), "holds"))) == ([], 1)
    # The title of one that is not borne out does not say how dense it is.
    unsure = replace(ranges(told=False), regimes=ranges(told=False).regimes[:1])
    assert len(gids(plot_ranges(unsure), "box")) == 1


@pytest.mark.parametrize("coded,says", [(1.4, "as coded 1.4"), (2.0, "as coded 2"), (3.0, None)])
def test_the_coded_level_is_marked_in_its_place_and_weights_have_their_unit(coded, says):
    row = ranges().regimes[0].ranges[0]
    weight = replace(row.factor, coded=coded, says="US, open war: it is afraid")
    regime = replace(ranges().regimes[0], ranges=(replace(row, factor=weight),))
    ax = plot_ranges(replace(ranges(), regimes=(regime,)))
    assert [text.get_text() for text in gids(ax, "coded")] == ([says] if says else [])
    assert "weight, logits" in " ".join(text.get_text() for text in gids(ax, "gloss"))
    assert list(complaints(ax)) == []


def a_study(names=("x", "y"), common=True):
    scenario = sim.load("after-the-strike")
    targets = dict.fromkeys(names, ("strike.dead",))
    return Studied(
        "border", "Why?", scenario, targets, "factorial", 4, 100, 1, common, "ab" * 32, "complete"
    )


def grid_of(shares, n=400):
    shares = np.asarray(shares, np.float64)
    rows = [(x, y) for x in range(shares.shape[1]) for y in range(shares.shape[0])]
    frame = pd.DataFrame(rows, columns=["x", "y"])
    found = [share(int(shares[y, x] * n), n) for x, y in rows]
    for name in ("mean", "low", "high"):
        frame["estimate" if name == "mean" else name] = [getattr(e, name) for e in found]
    frame["n"] = n
    return frame


def test_a_map_keeps_every_point_in_its_place():
    shares = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
    frame = grid_of(shares)
    mixed = frame.sample(frac=1, random_state=1)
    for table in (frame, mixed):
        found = summarise_surface(table, WAR, a_study())
        assert found.estimate == pytest.approx(shares)
        assert (found.x_levels, found.y_levels) == ((0, 1, 2), (0, 1))


def test_neighbours_are_told_apart_where_they_differ_and_only_there():
    found = summarise_surface(grid_of([[0.1, 0.1, 0.5], [0.1, 0.12, 0.5]]), WAR, a_study())
    assert found.beside.tolist() == [[True, False], [True, False]]
    assert found.above.tolist() == [[True, True, True]]


def test_a_map_leaves_out_what_has_no_value():
    day = Measure("us_first_force", "median", "median day")
    frame = grid_of([[0.1, 0.1, 0.5], [0.1, 0.5, 0.5]])
    hole = (frame["x"] == 1) & (frame["y"] == 0)
    frame.loc[hole, ["estimate", "low", "high"]] = np.nan
    few = (frame["x"] == 0) & (frame["y"] == 1)
    frame.loc[few, ["low", "high", "n"]] = np.nan, np.nan, 3
    found = summarise_surface(frame, day, a_study())
    # No dot beside the hole; the cell of three histories is told from none of its neighbours.
    assert found.beside.tolist() == [[False, False], [True, True]]
    assert found.above.tolist() == [[True, False, True]]
    assert "None of 4 pairs of neighbours" in found.words.caption
    assert "Grey: it never comes." in found.words.caption
    assert "too few for one (1 cells)" in found.words.caption
    ax = plot_surface(found)
    assert [text.get_text() for text in gids(ax, "figure")][4:6] == ["0.1", "n=3"]
    assert len(gids(ax, "figure")) == 10
    assert gids(ax, "contour")[0].get_segments() == []
    (drawn,) = gids(ax, "unsure")
    sides = [tuple(map(tuple, segment)) for segment in drawn.get_segments()]
    around = {((0.5, -0.5), (0.5, 0.5)), ((1.5, -0.5), (1.5, 0.5)), ((0.5, 0.5), (1.5, 0.5))}
    assert sides
    assert not around & set(sides)
    assert list(complaints(ax)) == []
    frame[["estimate", "low", "high"]] = np.nan
    nowhere = summarise_surface(frame, day, a_study())
    assert nowhere.words.title == "Median day: never comes over x and y"
    assert gids(plot_surface(nowhere), "figure") == []
    assert not nowhere.beside.any()
    assert not nowhere.above.any()


def test_what_is_written_alike_is_written_once():
    title = summarise_surface(grid_of(np.zeros((2, 2)), n=40), WAR, a_study()).words.title
    assert title == "Chance of open war: <9% over x and y; no neighbouring cells can be told apart"


def test_the_figures_of_a_cell_are_its_whole_interval():
    """Half the width of an interval that leans to one side would reach below 0."""
    ax = plot_surface(summarise_surface(grid_of([[0.005, 0.1], [0.2, 0.3]]), WAR, a_study()))
    found = share(2, 400)
    assert found.mean - found.half_width < 0
    figures = [text.get_text() for text in gids(ax, "figure")]
    assert figures[:2] == ["0.5%", f"{100 * found.low:.1f} to {100 * found.high:.1f}"]


def test_pairs_tell_neighbours_apart_that_intervals_cannot():
    luck = np.random.default_rng(3).random(400)
    chances = (0.50, 0.54)
    frame = grid_of([chances, chances])

    def compare(a, b):
        return difference(*(luck < chances[int(frame.loc[k, "x"])] for k in (a, b)))

    assert summarise_surface(frame, WAR, a_study()).beside.all()
    paired = summarise_surface(frame, WAR, a_study(), compare)
    assert not paired.beside.any()
    assert paired.above.all()


def test_no_neighbours_of_points_that_are_all_alike_are_told_apart():
    """A pair is told apart in 5 % of grids at most; were each tested alone, in a third."""
    rng = np.random.default_rng(8)
    wrong = alone = 0
    for _ in range(60):
        shares = rng.binomial(400, 0.3, (3, 3)) / 400
        found = summarise_surface(grid_of(shares), WAR, a_study())
        wrong += not (found.beside.all() and found.above.all())
        steps = np.concatenate([np.diff(shares, axis=k).ravel() for k in (0, 1)])
        alone += bool(np.any(np.abs(steps) > 1.96 * np.sqrt(2 * 0.3 * 0.7 / 400)))
    assert stats.binomtest(wrong, 60, 0.05, alternative="greater").pvalue >= ALPHA
    assert stats.binomtest(alone, 60, 0.05, alternative="greater").pvalue < ALPHA


def sample_of(values, n, common=False):
    frame = pd.DataFrame({"x": np.arange(len(values), dtype=float)})
    return Sample(frame, values, values * (1 - values) / n, common)


def test_a_spread_of_points_that_are_all_alike_is_that_of_chance():
    rng = np.random.default_rng(2)
    values = rng.binomial(500, 0.04, 4_000) / 500
    found = summarise_spread(sample_of(values, 500), np.full(4_000, 500), WAR, a_study(), ())
    assert found.shares.sum() == pytest.approx(1.0)
    assert found.chance.sum() == pytest.approx(1.0)
    assert np.abs(found.shares - found.chance).max() < 0.03
    # And where they differ it is not.
    other = rng.binomial(500, rng.beta(1, 24, 4_000)) / 500
    far = summarise_spread(sample_of(other, 500), np.full(4_000, 500), WAR, a_study(), ())
    assert np.abs(far.shares - far.chance).max() > 0.1


def test_no_bin_and_no_mark_of_a_spread_lies_below_nothing():
    rng = np.random.default_rng(4)
    values = np.concatenate([np.zeros(80), rng.binomial(100, 0.02, 120) / 100, [1.0]])
    found = summarise_spread(sample_of(values, 100), np.full(201, 100), WAR, a_study(), ())
    assert (found.edges[0], found.edges[-1] <= 1.0) == (0.0, True)
    assert found.shares.sum() == pytest.approx(1.0)
    assert found.marks[0].says == "at least one in twenty at"
    assert plot_spread(found).get_xlim()[0] == 0.0


def test_a_quantile_whose_interval_has_no_width_says_in_which_steps_estimates_come():
    values = np.repeat([0.001, 0.01, 0.03], [60, 400, 60])
    found = summarise_spread(sample_of(values, 1000), np.full(520, 1000), WAR, a_study(), ())
    assert found.marks[1].written == "1.0% (both ends 1.0%)"
    assert "Estimates come in steps of one history in 1,000." in found.words.caption


@pytest.mark.parametrize(
    "found, said",
    [
        ((0.0009, 0.00003, 0.0018), ("+0.090", "+0.003 to +0.180")),
        ((0.0009, 1e-9, 0.0018), ("+0.09", "0.00 to +0.18")),
        ((-0.04, -0.08, 0.0), ("−4", "−8 to 0")),
        ((0.02, -0.01, 0.05), ("+2", "−1 to +5")),
    ],
)
def test_a_change_that_is_none_has_no_sign_and_any_other_is_not_written_as_none(found, said):
    assert WAR.change(*found) == said


def test_a_part_of_the_variance_is_none_to_all_of_it():
    assert part_of_variance(Estimate(0.7, 0.55, 1.04, 9, "normal")) == ("70%", "55 to 100%")
    assert part_of_variance(Estimate(-0.01, -0.1, 0.02, 9, "normal")) == ("<2%", "0 to 2%")


def found_leaves(boxes, leaves):
    """Return what a discovery found, of which these pictures need a part."""
    return SimpleNamespace(
        told=tuple(box for box in boxes if box.told), boxes=boxes, leaves=leaves,
        told_leaves=tuple(leaf for leaf in leaves if leaf.told), threshold=0.05,
        outcome="open_war", cautions=(), written=lambda x: f"{100 * x:g}%",
    )  # fmt: skip


def test_nothing_found_is_refused_and_not_drawn():
    design = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})
    found = found_leaves((), (a_box(),))
    with pytest.raises(InputError, match="no box was found where it reaches 5% more often"):
        summarise_ranges(found, design, WAR, a_study())
    with pytest.raises(InputError, match="no split of the points was found"):
        summarise_leaves(found, WAR, a_study())


def test_boxes_and_leaves_are_set_beside_the_points_that_they_are_counted_in():
    design = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})
    one = replace(a_box(Restriction("x", AT_LEAST, 0.5)), before=share(10, 200))
    found = found_leaves((one,), (one, replace(one, told=False)))
    leaves, boxes = (
        summarise_leaves(found, WAR, a_study()),
        summarise_ranges(found, design, WAR, a_study()),
    )
    end = "have a chance of open war of 5% or more; of all, 5%"
    assert leaves.words.title == f"60% (50 to 69%) of the points in the densest leaf {end}"
    assert boxes.words.title == f"60% (50 to 69%) of the points in the box {end}"
    assert "Upright: all points of that other half, 5%." in leaves.words.caption
    assert "Grey: not told to be denser, all leaves tested together." in leaves.words.caption
    ax = plot_leaves(leaves)
    assert [t.get_text() for t in gids(ax, "gloss")] == [
        "14% of the points; chance of open war 12.0% (10.0 to 14.0%)"
    ] * 2
    sure = summarise_leaves(found_leaves((one,), (one,)), WAR, a_study())
    assert "Grey" not in sure.words.caption
    (upright,) = gids(ax, "all")
    assert upright.get_xdata()[0] == leaves.before == 0.05


def test_no_bin_of_shares_holds_more_of_their_values_than_another():
    values = np.repeat([0, 1, 2, 3, 50, 90, 99], 3) / 100
    found = summarise_spread(sample_of(values, 100), np.full(21, 100), WAR, a_study(), ())
    held = np.histogram(np.arange(101) / 100, found.edges)[0]
    assert len(set(held[:-1].tolist())) == 1
    assert found.shares.sum() == pytest.approx(1.0)


def test_factors_and_outcomes_in_words():
    scenario = sim.load("after-the-strike")
    name = "rules.iran.account-settled.moves.limited_strike"
    of = replace(a_study(), targets={name: (name,), "dead": ("strike.dead", "strike.claimed")})
    assert of.factor(name).label == "iran.account-settled → limited strike"
    assert of.factor(name).gloss == "its own account is settled"
    assert of.factor(name).coded == scenario.parameter(name)
    assert of.factor("dead").label == "dead"
    assert of.factor("dead").row == ("dead", "sets strike.dead, strike.claimed")
    # Words above, names below.
    says = "Iran, limited strike: its own account is settled"
    assert of.factor(name).row == (says, "iran.account-settled → limited strike")
    assert of.sets(of.factor(name), of.factor("dead")) == "Dead sets strike.dead, strike.claimed."
    assert measure_of(scenario, "us_force_7d", "share").label == "chance of US force in 7 days"
    assert measure_of(scenario, "iran_first_force", "median").label == (
        "median day of the first Iran force, where it comes"
    )
    assert measure_of(scenario, "open_war", "share") == WAR
    assert measure_of(scenario, "nobody_knows", "mean").label == "nobody_knows"
    assert [level(x) for x in (-1.41, 20_000, True, "drawn_by_lot")] == [
        "−1.41", "20,000", "true", "drawn by lot",
    ]  # fmt: skip
    assert WAR.change(-0.035, -0.056, -0.014) == ("−3.5", "−5.6 to −1.4")


def test_of_very_many_factors_the_largest_are_drawn_and_the_rest_said():
    names = [f"f{k}" for k in range(150)]
    indices = {
        name: SimpleNamespace(
            factor=name,
            measure="first_order",
            estimate=a_mark(0.3 - k / 500).estimate,
            dummy=0.1,
            p=0.01 if k < 23 else 1.0,
        )
        for k, name in enumerate(names)
    }
    standings = [SimpleNamespace(factor=n, told=k < 23, last=9) for k, n in enumerate(names)]
    found = SimpleNamespace(
        standings=standings,
        told=tuple(names[:23]),
        method="given",
        indices=tuple(indices.values()),
        index=lambda name, measure: indices[name] if measure == "first_order" else None,
        says=("", "Places 1 to 3 are settled.", ""),
        correlation="",
        noise=share(5, 100),
        common=True,
        cautions=(),
    )
    summary = summarise_drivers(
        found, WAR, replace(a_study(), targets=dict.fromkeys(names, ("strike.dead",)))
    )
    assert [factor.name for factor in summary.factors] == names[:10]
    assert "Not drawn: 13 that move it less, 127 that cannot" in summary.words.caption
    assert summary.words.title.endswith("; which moves it most is not settled")
    assert list(complaints(plot_drivers(summary))) == []
    standings[0].last = 1
    settled = summarise_drivers(
        found, WAR, replace(a_study(), targets=dict.fromkeys(names, ("strike.dead",)))
    )
    assert settled.words.title == "23 of 150 factors move the chance of open war, most f0"
    assert "f0: first order 30.0% (28.0 to 32.0%)" in alt_drivers(summary)


def swung(low, high, name="resolve"):
    middle = (low + high) / 2
    return Swing(name, 0, 3, 0.1, 0.1 + middle, Estimate(middle, low, high, 100, "paired shares"))


@pytest.mark.parametrize(
    "swings,title",
    [
        (
            [swung(0.1, 0.2), swung(-0.09, -0.01, "n")],
            "Resolve, 0 to 3, moves the chance of open war most: +15 points (+10 to +20)",
        ),
        (
            [swung(0.1, 0.2), swung(-0.11, -0.01, "n")],
            "2 of 2 factors move the chance of open war; resolve, 0 to 3, by +15 points",
        ),
        ([swung(0.1, 0.2)], "Resolve, 0 to 3, moves the chance of open war: +15 points"),
        (
            [swung(-0.1, 0.2), swung(0.01, 0.02, "n")],
            "Of 2 factors only n, 0 to 3, can be shown to move",
        ),
        ([swung(-0.1, 0.2)], "resolve cannot be shown to move the chance of open war"),
    ],
)
def test_what_moves_an_outcome_most_is_said_only_where_it_is_told(swings, title):
    names = tuple(swing.factor for swing in swings)
    found = SimpleNamespace(swings=swings, told=names)
    of = replace(a_study(), targets=dict.fromkeys(names, ("strike.dead",)))
    summary = summarise_tornado(found, WAR, of)
    assert title in summary.words.title
    assert [reach.told for reach in summary.reaches] == [
        not s.change.low <= 0 <= s.change.high
        for s in sorted(swings, key=lambda s: -abs(s.change.mean))
    ]


@pytest.mark.parametrize("design", ["one-at-a-time", "factorial"])
def test_medians_of_chosen_points_are_refused_in_one_line(design):
    levels = {"x": [0, 1, 2, 0, 1, 2], "y": [0, 0, 0, 1, 1, 1]}
    points = Sample(pd.DataFrame(levels), np.arange(6.0), np.full(6, np.nan))
    with pytest.raises(InputError, match="is a median: how far chance alone moves one"):
        sensitivity(points, "us_first_force", "median", design)
    assert sensitivity(points, "dead", "mean", "factorial").swings
    assert DEAD.change(-3.0, np.nan, np.nan) == ("−3", "no interval")


def test_one_factor_is_no_number_of_factors():
    points = Sample(pd.DataFrame({"x": [0, 1, 2]}), np.array([0.1, 0.2, 0.9]), np.full(3, 1e-6))
    found = sensitivity(points, "open_war", "share", "factorial")
    assert found.says[0] == "x moves open_war, as far as 3 design points tell."
    title = summarise_drivers(found, WAR, a_study(("x",))).words.title
    assert title == "x moves the chance of open war"


def test_the_outcome_in_which_a_statement_carries_most_is_named_first():
    found = sim.influence("after-the-strike", replicates=400, seed=3).summary
    # The picture's first is the first of the outcome that its title names, as the report tells it.
    told = [effect for effect in found.ranked("us_force_7d") if effect.distinct[1]]
    drawn = carriers.summarise_carriers(found, sim.load("after-the-strike"))
    assert "US force within 7 days" in drawn.words.title
    assert drawn.effects[0] is told[0]
    measures = tuple(Measure(n, "share", n.upper()) for n in ("a", "b", "c"))
    pairs = [difference(*(np.arange(1_000) < k for k in (100, other))) for other in (110, 300, 160)]
    first = SimpleNamespace(
        statement=SimpleNamespace(id="word"), distinct=(False, True, True), differences=pairs,
        sizes=[0.9, 0.6, 0.2],
    )  # fmt: skip
    told = carriers._title(first, measures)
    assert told.startswith("Without word: B +20.0 points (+17.")
    # Both that are told from none, the larger first.
    assert re.findall(r"[A-C] \+[\d.]+", told) == ["B +20.0", "C +6.0"]


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """Small studies of several designs, by name."""
    folder = tmp_path_factory.mktemp("studies")
    dead = {"distribution": "integer", "low": 0, "high": 80}
    weights = {"distribution": "uniform", "low": 0.5, "high": 2.0}
    grids = {"weights.kinds.threat": [0.5, 1, 2], "strike.dead": [0, 1, 80]}
    made = {
        "curve": ({"strike.dead": [0, 1, 10, 80]}, {}),
        "map": (grids, {}),
        "single": (grids, {"design": "one-at-a-time"}),
        "drawn": ({"strike.dead": dead, "weights.kinds.threat": weights},
                  {"design": "latin-hypercube", "points": 200, "streams": "independent"}),
    }  # fmt: skip
    return {
        name: sim.sweep(
            "after-the-strike", factors, replicates=40, seed=2, out=folder / name, workers=2,
            outcomes=("us_force_7d", "uk_force_7d", "iraq_force_7d", "dead"), **how,
        )
        for name, (factors, how) in made.items()
    }  # fmt: skip


@pytest.mark.parametrize(
    "name,outcome,wanted",
    [
        ("curve", "us_force_7d", ["response"]),
        ("map", "us_force_7d", ["response", "map"]),
        ("single", "us_force_7d", ["tornado"]),
        ("drawn", "us_force_7d", ["spread", "drivers"]),
        pytest.param("drawn", "dead", ["boxes", "leaves"], marks=pytest.mark.slow),
    ],
)
def test_each_design_shows_what_it_can_and_all_of_it_can_be_read(studies, name, outcome, wanted):
    source = source_of(studies[name].folder, outcome=outcome)
    able = [kind.name for kind in kinds_of(source)]
    assert able == (["spread", "drivers", "boxes", "leaves"] if name == "drawn" else wanted)
    for picture in draw(source, wanted):
        (ax,) = picture.figure.axes
        assert list(complaints(ax)) == []
        assert len(picture.title) <= 130
        assert {"us_force_7d": "US force in 7 days", "dead": "number of dead"}[outcome] in (
            picture.title
        )
        assert "after-the-strike" in words(ax, "caption")
        assert len(picture.alt) > 60
        assert "nan" not in picture.alt


def test_a_study_draws_on_the_axes_that_it_is_given(studies):
    ax = Figure(figsize=(9, 6)).add_axes((0.2, 0.3, 0.6, 0.5))
    assert studies["curve"].plot("response", "us_force_7d", ax) is ax
    assert words(ax, "title").startswith("Chance of US force in 7 days")


def test_an_outcome_that_was_not_kept_is_refused(studies):
    with pytest.raises(InputError, match="kept no outcome 'us_dead'"):
        draw(source_of(studies["curve"], outcome="us_dead"))
    with pytest.raises(InputError, match="nothing that 'tornado' could show"):
        draw(studies["curve"], ["tornado"])


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """Stop a sweep when half of it is there."""

    class Enough(Exception):
        pass

    def until(played, asked):
        if played >= asked / 2:
            raise Enough

    folder = tmp_path_factory.mktemp("stopped") / "study"
    scenario = sim.load("after-the-strike").with_("horizon_days", 1.0)
    with pytest.raises(Enough):
        sim.sweep(scenario, {"strike.dead": [0, 1, 10, 80]}, replicates=9_000, out=folder,
                  workers=1, progress=until)  # fmt: skip
    return sim.study(folder)


def test_a_study_of_which_nothing_is_there_is_refused(stopped, tmp_path):
    empty = tmp_path / "empty"
    shutil.copytree(stopped.folder, empty)
    for part in (empty / "outcomes").iterdir():
        part.unlink()
    with pytest.raises(InputError, match=r"interrupted and holds no history yet.*--resume"):
        draw(empty)
    with pytest.raises(InputError, match=r"holds no (history|outcomes) yet"):
        sim.report(empty)


def test_a_study_of_which_some_is_there_says_how_much(stopped):
    (picture,) = draw(stopped, ["response"])
    stored = stopped.dataset().to_table(columns=["point"])["point"].to_pandas().value_counts()
    assert 0 < stored.sum() < 36_000
    (ax,) = picture.figure.axes
    told = f"Interrupted: {stored.sum():,} of 36,000 histories."
    assert words(ax, "subtitle").startswith(told)
    least = int(stored.reindex(range(4), fill_value=0).min())
    assert f"× at least {least:,} of 9,000 replicates of seed 1" in words(ax, "caption")
    assert "nan" not in picture.alt
    assert list(complaints(ax)) == []
    said = in_words(studied(stopped))
    assert told in said
    assert not any("Each was simulated" in sentence for sentence in said)


@pytest.mark.slow
def test_an_ensemble_that_cannot_be_simulated_is_no_picture_passed_over():
    left = []
    with pytest.raises(InputError, match="is out of range"):
        draw(
            "after-the-strike",
            replicates=2**40,
            passed_over=lambda kind, error: left.append(kind.name),
        )
    assert left == []


def test_kinds_that_there_is_too_little_for_are_passed_over(studies):
    left = {}
    drawn = draw(
        studies["drawn"],
        passed_over=lambda kind, error: left.update({kind.name: str(error)}),
        outcome="uk_force_7d",
    )
    assert [picture.kind.name for picture in drawn] == ["spread", "drivers"]
    assert list(left) == ["boxes", "leaves"]
    assert "nothing can be learnt" in left["boxes"]
    # Where nothing is left to draw, that is an error.
    with pytest.raises(InputError, match="is 0 at every design point"):
        draw(studies["drawn"], passed_over=lambda *_: None, outcome="iraq_force_7d")


def test_saved_influence_gives_the_picture_of_the_influence(tmp_path):
    found = sim.influence("after-the-strike", replicates=60)
    (now,) = draw(found)
    (then,) = draw(found.save(tmp_path))
    assert now.kind.name == "influence"
    read = source_of(tmp_path).influence.summary
    assert read.to_dict() == found.summary.to_dict()
    assert now.render() == then.render()
    assert list(complaints(now.figure.axes[0])) == []
    # Each outcome has a panel, each statement a dot in every one.
    panels = now.figure.axes[0].child_axes
    assert len(panels) == len(found.summary.outcomes) == 3
    assert len(gids(now.figure.axes[0], "change")) == 3 * len(now.summary.effects)
    effect = now.summary.effects[0]
    hollow = [dot.get_mfc() == style.PAPER for dot in gids(panels[1], "change")]
    assert hollow == [not e.distinct[1] for e in now.summary.effects]
    assert effect.statement.says[:20] in " ".join(
        text.get_text().replace("\n", " ") for text in gids(now.figure.axes[0], "gloss")
    )
    place = tmp_path / "influence.json"
    place.write_text(place.read_text().replace('"digest": "', '"digest": "0'))
    with pytest.raises(InputError, match="another version of the scenario"):
        source_of(tmp_path)
    place.write_text("{}")
    with pytest.raises(InputError, match="not what `escalation influence` writes"):
        source_of(tmp_path)
    assert len(found.plot().child_axes) == 3


def test_the_caption_of_a_response_says_how_far_its_intervals_reach_at_most():
    found = summarise_response(grid_of([[0.1, 0.5, 0.9]]), WAR, a_study())
    (line,) = found.lines
    said = float(re.search(r"at most ±([\d.]+) points", found.words.caption)[1])
    reach = 100 * max(np.max(line.high - line.estimate), np.max(line.estimate - line.low))
    assert reach <= said <= 1.1 * reach
