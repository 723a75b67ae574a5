"""What the pictures of ensembles and decisions draw, and that a reader can read all of it."""

import re
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

import sim
from sim.analysis.bars import Bar, Bars, Shift, Shifts
from sim.analysis.captions import Words
from sim.analysis.fan import Fan, Fans
from sim.analysis.incidence import Incidence
from sim.analysis.intervals import Difference, Estimate, share
from sim.analysis.levels import Level
from sim.analysis.matrix import Matrix, Pair
from sim.analysis.strands import Strand, Strands
from sim.analysis.tree import Branch, Tree
from sim.analysis.waiting import Event, Waiting
from sim.analysis.waterfall import Rival, Step, Waterfall
from sim.drawing import draw, kinds, source_of
from sim.errors import InputError
from sim.plots import style
from sim.plots.bars import plot_bars
from sim.plots.fan import plot_fans
from sim.plots.matrix import plot_matrix
from sim.plots.page import render
from sim.plots.shifts import plot_shifts
from sim.plots.strands import SETTLED, plot_strands
from sim.plots.tree import ALL, plot_tree
from sim.plots.waiting import plot_waiting
from sim.plots.waterfall import plot_waterfall
from tests.plots.reading import complaints, gids, texts, words

SCENARIOS = ["eighty-dead", pytest.param("after-the-strike", marks=pytest.mark.slow)]
WORDS = Words("What is seen", "How to read it.", "Scenario border, 10 replicates of seed 1.")
LONG = Words(*("A very long sentence that goes on and on and on and on and on. " * 9,) * 3)
START = datetime(2001, 3, 2, 6)
DATES = tuple(START + timedelta(days=day) for day in range(5))
LEVELS = (
    Level(-1, "settled"),
    Level(0, "conciliate"),
    Level(1, "no move"),
    Level(8, "strike"),
    Level(10, "open war"),
)
#: Every kind is drawn of every scenario, unless it takes two.
KINDS = [kind.name for kind in kinds() if kind.of in ("history", "ensemble", "pair")]


def a_fan(who="All"):
    below = np.cumsum([[0, 0, 0.1, 0.2, 0.2], [0.2] * 5, [0.3] * 5, [0.5, 0.5, 0.3, 0.2, 0.1]], 0)
    below = np.vstack([below, np.ones(5)])
    return Fan(who, below, np.maximum(below - 0.03, 0.0), np.minimum(below + 0.03, 1.0))


def fans(words=WORDS):
    ends = tuple(share(k, 10) for k in (2, 0, 0, 7, 1))
    return Fans(words, DATES, LEVELS, (a_fan(), a_fan("North"), a_fan("South")), ends, 10)


def strands(words=WORDS):
    heights = np.array([8, 1, 0, -1, -1], np.int8)
    told = (
        Strand(3, "settlement", heights, "a typical settlement"),
        Strand(4, "open_war", heights[::-1] + 9, "the worst, 1,234 dead"),
    )
    many = tuple(Strand(k, "horizon", heights) for k in range(12))
    middle = heights.astype(float)
    return Strands(words, DATES, LEVELS, many, told, middle, middle, middle + 1.0, 10)


def a_tree(words=WORDS):
    leaf = Branch("something else", "others", -1, share(150, 1000))
    second = Branch("South: strike", "move", 8, share(350, 1000))
    settled = Branch("settled", "settlement", -1, share(500, 1000))
    first = Branch("North: protest", "move", 2, share(850, 1000), (second, settled))
    return Tree(words, Branch("all histories", "move", -1, share(1000, 1000), (first, leaf)), 2)


def bars(words=WORDS):
    rows = [
        ("open_war", "open war", "Ends", 3),
        ("settlement", "settlement", "Ends", 97),
        ("north_force", "North", "Force", 100),
        ("south_force", "South", "Force", 0),
    ]
    return Bars(
        words, tuple(Bar(name, label, group, share(k, 100)) for name, label, group, k in rows)
    )


def shifts(words=WORDS):
    def difference(base, other, half):
        found = Estimate(
            other - base, other - base - half, other - base + half, 100, "paired shares"
        )
        return Difference(base, other, found, 2.0)

    rows = [("open_war", "open war", "Ends", difference(0.03, 0.2, 0.05)),
            ("settlement", "settlement", "Ends", difference(0.9, 0.3, 0.1)),
            ("north_force", "by North", "Force", difference(0.5, 0.52, 0.09)),
            ("south_force", "by South", "Force", difference(0.001, 0.003, 0.001))]  # fmt: skip
    return Shifts(words, ("one", "two"), tuple(Shift(*row) for row in rows))


def waiting(words=WORDS):
    def event(name, label, top):
        rising = np.linspace(0.0, top, 5)
        return Event(name, label, Incidence(rising, rising * 0.9, np.minimum(rising * 1.1, 1.0)))

    events = [event("settlement", "settled", 0.8), event("open_war", "open war", 0.01),
              event("north", "North has used force", 0.008)]  # fmt: skip
    return Waiting(words, DATES, tuple(events))


def matrix(words=WORDS):
    def found(mean, half):
        return Estimate(mean, mean - half, mean + half, 10, "normal")

    none = found(0.0, 0.0)
    pairs = (
        Pair("North", "South", (found(4.0, 0.4), found(0.5, 0.2), found(0.001, 0.002)),
             found(0.501, 0.2), found(4.5, 0.4)),
        Pair("South", "nobody", (found(1.0, 0.2), none, none), none, found(1.0, 0.2)),
    )  # fmt: skip
    return Matrix(words, (LEVELS[1], *LEVELS[3:]), pairs, 2)


def waterfall(words=WORDS):
    steps = (Step("base propensity", (), 0.0, -4.0), Step("it was struck", ("blow",), -4.0, -1.5),
             Step("it is afraid of what would then come of it all", ("fear", "awe"), -1.5, -2.0),
             Step("it has no rules to speak of", (), -2.0, -2.0))  # fmt: skip
    rivals = (Rival("hold", 0.0, 0.8, False), Rival("strike → South", -2.0, 0.15, True))
    return Waterfall(words, "strike → South", steps, -2.0, rivals, (3, 0.05))


MADE = {
    "fan": (plot_fans, fans),
    "paths": (plot_strands, strands),
    "tree": (plot_tree, a_tree),
    "outcomes": (plot_bars, bars),
    "difference": (plot_shifts, shifts),
    "incidence": (plot_waiting, waiting),
    "matrix": (plot_matrix, matrix),
    "decision": (plot_waterfall, waterfall),
}


@pytest.fixture(scope="module", params=SCENARIOS)
def pictures(request):
    against = sim.load(request.param).with_("tempo.us", 2.0)
    source = source_of(request.param, replicates=300, seed=3, against=against)
    return {picture.kind.name: picture for picture in draw(source)}


def test_a_scenario_shows_every_kind(pictures):
    assert list(pictures) == KINDS


@pytest.mark.parametrize("name", KINDS)
def test_all_text_can_be_read(pictures, name):
    ax = pictures[name].figure.axes[0]
    assert len(texts(ax)) > 8
    assert list(complaints(ax)) == []


@pytest.mark.parametrize("name", KINDS)
def test_every_picture_says_what_it_rests_on(pictures, name):
    picture = pictures[name]
    ax = picture.figure.axes[0]
    said = words(ax, "caption")
    assert "seed 3" in said
    assert "digest" in said
    assert ("replicate 0" if picture.kind.of == "history" else "300 replicates") in said
    assert words(ax, "title") == picture.title


@pytest.mark.parametrize("name", KINDS)
def test_every_picture_has_one_sentence_for_those_who_cannot_see_it(pictures, name):
    alt = pictures[name].alt
    assert 40 < len(alt) < 1200
    assert alt.endswith(".")
    assert "\n" not in alt
    assert "nan" not in alt


@pytest.mark.parametrize("name", KINDS)
def test_small_letters_are_large_enough_at_the_width_of_the_readme(pictures, name):
    ax = pictures[name].figure.axes[0]
    width = ax.figure.get_size_inches()[0]
    least = min(text.get_fontsize() for text in texts(ax))
    assert least * 830 / (72 * width) >= 10.5


@pytest.mark.parametrize("name", MADE)
def test_very_long_words_are_cut_and_not_the_picture(name):
    plot, made = MADE[name]
    assert list(complaints(plot(made()))) == []
    assert list(complaints(plot(made(LONG)))) == []


@pytest.mark.parametrize("name", MADE)
def test_it_draws_into_the_axes_given(name):
    plot, made = MADE[name]
    figure = Figure(figsize=(14, 10))
    ax = figure.add_axes((0.3, 0.2, 0.45, 0.6))
    assert plot(made(), ax=ax) is ax
    assert len(figure.axes) == 1


@pytest.mark.parametrize("name", ["path", "decision", "outcomes", "tree", "matrix", "difference"])
def test_an_axes_is_large_enough_or_refused(pictures, name):
    picture = pictures[name]
    refused, drawn = [], 0
    for wide, high in [(2.0, 6.0), (3.1, 2.3), (4.6, 4.0), (5.0, 6.0), (8.0, 9.0)]:
        page = wide + 8.0, high + 6.0
        figure = Figure(figsize=page)
        place = (4.0 / page[0], 3.0 / page[1], wide / page[0], high / page[1])
        ax = figure.add_axes(place)
        try:
            picture.kind.plot(picture.summary, ax)
        except InputError as error:
            refused.append(str(error))
        else:
            drawn += 1
            assert list(complaints(ax)) == []
    assert refused
    assert drawn
    said = r"ax: an Axes of [\d.]+ by [\d.]+ inches is too small for this picture; allowed: "
    assert all(re.fullmatch(said + r"[\d.]+ by [\d.]+ inches or more", text) for text in refused)


@pytest.mark.parametrize("name", ["decision", "fan", "incidence"])
def test_no_settings_leak_in_or_out(name):
    plot, made = MADE[name]
    first = render(plot(made()).figure)
    before = dict(matplotlib.rcParams)
    with matplotlib.rc_context({"font.family": "monospace", "axes.facecolor": "red"}):
        assert render(plot(made()).figure) == first
    assert dict(matplotlib.rcParams) == before


def test_bands_of_a_fan_are_as_high_as_their_shares():
    ax = plot_fans(fans())
    band = gids(ax, "band-8")[0]
    path = band.get_paths()[0].vertices
    top = ax.get_ylim()[1]
    at_start = path[path[:, 0] == path[:, 0].min()][:, 1]
    # The first lane is one unit high and ends on top of the Axes.
    assert at_start.min() == pytest.approx(top - 1.0 + 0.5)
    assert at_start.max() == pytest.approx(top - 1.0 + 1.0)
    assert len(gids(ax, "interval")) == 3 * (len(LEVELS) - 1)
    assert [text.get_text() for text in gids(ax, "lane")] == ["All", "North", "South"]


def test_the_bands_of_a_fan_lie_in_the_order_of_the_ladder():
    ax = plot_fans(fans())
    middles = [
        np.mean(gids(ax, f"band-{level.height}")[0].get_paths()[0].vertices[:, 1])
        for level in LEVELS
        if gids(ax, f"band-{level.height}")
    ]
    assert len(middles) >= 4
    assert middles == sorted(middles)
    key = [text.get_text() for text in ax.get_legend().get_texts()]
    assert key == ["10 open war", "8 strike", "1 no move", "0 conciliate", "settled"]


def test_single_paths_are_drawn_apart_and_the_median_at_its_rung():
    ax = plot_strands(strands())
    drawn = [line.get_ydata()[0] for line in gids(ax, "strand")]
    assert len(set(drawn)) == len(drawn) == 12
    assert all(7.6 < y < 8.4 for y in drawn)
    (median,) = gids(ax, "median")
    assert list(median.get_ydata()) == [8, 1, 0, SETTLED, SETTLED]
    assert len(gids(ax, "told")) == 2
    assert {text.get_text().split(",")[0] for text in gids(ax, "name")} == {
        "a typical settlement", "the worst", "median of all",
    }  # fmt: skip
    assert len(gids(ax, "interval")) == 1


def test_branches_are_as_high_as_they_are_probable():
    ax = plot_tree(a_tree())
    heights = sorted(patch.get_height() for patch in gids(ax, "branch"))
    assert heights == pytest.approx([ALL * p for p in (0.15, 0.35, 0.5, 0.85, 1.0)])
    said = [text.get_text() for text in gids(ax, "share")]
    assert said[1] == "35.0% (32.1 to 38.0%)"


def test_bars_carry_their_share_and_interval():
    ax = plot_bars(bars())
    assert [bar.get_width() for bar in gids(ax, "bar")] == [0.03, 0.97, 1.0, 0.0]
    whiskers = [tuple(line.get_xdata()) for line in gids(ax, "interval")]
    found = [bar.estimate for bar in bars().bars]
    assert whiskers == [(one.low, one.high) for one in found]
    numbers = [text.get_text() for text in gids(ax, "number")]
    assert numbers[0] == "3% (1 to 8%)"
    assert numbers[3] == "<4% (0 to 4%)"


def test_differences_are_hollow_where_they_may_be_none():
    ax = plot_shifts(shifts())
    bars = gids(ax, "interval")
    hollow = [to_rgba(bar.get_facecolor()) == to_rgba(style.PAPER) for bar in bars]
    assert hollow == [False, False, True, False]
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
    made = [shift.difference.estimate for shift in shifts().shifts]
    assert ends == [pytest.approx((one.low, one.high)) for one in made]
    assert [float(mark.get_xdata()[0]) for mark in gids(ax, "shift")] == pytest.approx(
        [0.17, -0.6, 0.02, 0.002]
    )
    numbers = [text.get_text() for text in gids(ax, "number")]
    assert "+17 (+12 to +22)" in numbers
    assert "90% → 30%" in numbers


def test_rare_differences_have_a_scale_of_their_own():
    common, rare = plot_shifts(shifts()).child_axes
    assert len(gids(common, "shift")) == 3
    (mark,) = gids(rare, "shift")
    wide = rare.get_xlim()[1] - rare.get_xlim()[0]
    assert float(mark.get_xdata()[0]) / wide > 0.4
    heads = [text.get_text() for text in gids(plot_shifts(shifts()), "heading")]
    assert heads == ["10% or more in either", "Rare: below 10% in both"]


@pytest.mark.parametrize("war", [0.9980, 0.00012])
def test_numbers_as_wide_as_they_get_stay_on_the_page(war):
    n = 20_000
    rows = [("open_war", "open war", "Ends", share(round(war * n), n)),
            ("x_force", "within 30 days of the very start", "Force by North", share(n, n)),
            ("y_force", "within 7 days", "Force", share(19_930, n))]  # fmt: skip
    ax = plot_bars(Bars(WORDS, tuple(Bar(*row) for row in rows)))
    assert list(complaints(ax)) == []
    edges = [text.get_window_extent().x1 for text in gids(ax, "number")]
    assert max(edges) < ax.figure.bbox.x1 - 0.1 * ax.figure.dpi
    far = Difference(war, 1 - war, Estimate(-0.9943, -0.9955, -0.99312, n, "paired shares"), 2.0)
    ax = plot_shifts(Shifts(WORDS, ("a", "b"), (Shift("open_war", "open war", "Ends", far),)))
    assert list(complaints(ax)) == []
    edges = [text.get_window_extent().x1 for text in gids(ax, "number")]
    assert max(edges) < ax.figure.bbox.x1 - 0.1 * ax.figure.dpi


def test_lines_of_incidence_rise_and_are_named_with_their_interval():
    ax = plot_waiting(waiting())
    often, rare = ax.child_axes
    assert [line.get_ydata()[-1] for line in gids(often, "incidence")] == pytest.approx([0.8])
    # What comes seldom has a scale of its own.
    lines = gids(rare, "incidence")
    assert [line.get_ydata()[-1] for line in lines] == pytest.approx([0.01, 0.008])
    assert rare.get_ylim()[1] < 0.02
    assert len({(line.get_color(), str(line.get_linestyle())) for line in lines}) == 2
    (named,) = gids(often, "name")
    assert named.get_text().startswith("settled\n80% (72 to 88%)")
    assert [len(gids(panel, "interval")) for panel in (often, rare)] == [1, 2]


def test_a_cell_of_the_matrix_is_darker_where_there_is_more_and_says_how_sure_it_is():
    ax = plot_matrix(matrix())
    cells = gids(ax, "cell")
    assert len(cells) == 4  # nothing is drawn where there is nothing
    light = [sum(cell.get_facecolor()[:3]) for cell in cells]
    assert light[0] < light[3] < light[1] < light[2]
    assert len({cell.get_x() for cell in cells}) == 3
    assert [text.get_text() for text in gids(ax, "mean")] == [
        "4.00", "0.50", "<0.01", "0.50", "4.50", "1.00", "1.00",
    ]  # fmt: skip
    assert [text.get_text() for text in gids(ax, "half")][:3] == ["±0.40", "±0.20", "±<0.01"]
    assert [text.get_text() for text in gids(ax, "sign")] == ["0", "8", "10"]
    assert [text.get_text() for text in gids(ax, "target")] == ["→ South", "→ nobody"]


@pytest.mark.parametrize("value,said", [(0.004, "<0.01"), (0.0, "0.00"), (99.996, "100.00"),
                                        (123.4, "123.40")])  # fmt: skip
def test_numbers_of_a_matrix_have_the_same_digits(value, said):
    assert matrix().written(value) == said


def test_the_steps_of_a_waterfall_meet():
    ax = plot_waterfall(waterfall())
    steps = gids(ax, "step")
    edges = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in steps]
    assert edges == [(0.0, -4.0), (-4.0, -1.5), (-1.5, -2.0), (-2.0, -2.0)]
    (total,) = gids(ax, "total")
    assert total.get_width() == -2.0
    assert [to_rgba(bar.get_facecolor()) for bar in steps[1:3]] == [
        to_rgba(style.RISE),
        to_rgba(style.FALL),
    ]
    said = " ".join(text.get_text() for text in gids(ax, "label"))
    assert "fear, awe" in said
    assert len(gids(ax, "rival")) == 2


def test_a_decision_to_hold_shows_what_was_not_done():
    from sim.analysis.waterfall import summarise_waterfall

    history = sim.run("after-the-strike", seed=3)
    held = history.explain_at("us", 0.2)
    summary = summarise_waterfall(held, history.scenario, 3, 0)
    assert summary.option != "hold"
    assert "hold" in summary.words.title
    assert summary.steps[-1].end == pytest.approx(summary.utility, abs=0.05)
    assert list(complaints(plot_waterfall(summary))) == []


def test_terms_that_round_to_nothing_are_left_out_and_counted():
    from dataclasses import replace

    from sim.analysis.waterfall import summarise_waterfall

    history = sim.run("after-the-strike", seed=3)
    found = history.explain(1)
    option = found.options[found.chosen]
    tiny = replace(option.rules[0], rule="tiny", says="next to nothing", logits=0.004)
    changed = replace(option, rules=(*option.rules, tiny), utility=option.utility + 0.004)
    options = list(found.options)
    options[found.chosen] = changed
    plain, odd = (
        summarise_waterfall(one, history.scenario, 3, 0)
        for one in (found, replace(found, options=tuple(options)))
    )
    assert odd.steps == plain.steps
    assert all(abs(step.logits) >= 0.005 for step in odd.steps[1:])
    assert "Rules of less than 0.005 logits are left out: 1." in odd.words.caption


def test_a_choice_by_chance_is_called_so():
    from dataclasses import replace

    from sim.analysis.waterfall import summarise_waterfall

    history = sim.run("after-the-strike", seed=3)
    found = history.explain(1)
    for probability, said in ((0.0014, "against the odds, its probability 0.14%"), (0.3, "why ")):
        options = list(found.options)
        options[found.chosen] = replace(options[found.chosen], probability=probability)
        changed = replace(found, options=tuple(options))
        assert said in summarise_waterfall(changed, history.scenario, 3, 0).words.title


def test_an_actor_keeps_its_look_whatever_its_rank():
    first = waiting().events[2]
    events = [first, *(replace(first, name=f"a{k}", place=k) for k in range(1, 5))]

    def looks(order):
        (panel,) = plot_waiting(replace(waiting(), events=tuple(order))).child_axes
        lines = zip(order, gids(panel, "incidence"), strict=True)
        return {e.name: (line.get_color(), line._unscaled_dash_pattern) for e, line in lines}

    assert looks(events) == looks(events[::-1])
    assert len(set(map(str, looks(events).values()))) == 5


def test_many_names_at_the_ends_of_lines_have_room_and_looks_of_their_own():
    first = waiting().events[0]
    rising = np.linspace(0.0, 0.5, 5)
    same = Incidence(rising, rising * 0.9, rising * 1.1)
    events = [first]
    events += [Event(f"a{k}", f"State {k} has used force", same, k) for k in range(16)]
    ax = plot_waiting(replace(waiting(), events=tuple(events)))
    assert list(complaints(ax)) == []
    (panel,) = ax.child_axes
    edges = [text.get_window_extent() for text in gids(panel, "name")]
    assert min(edge.y0 for edge in edges) > panel.bbox.y0 - 0.25 * ax.figure.dpi
    lines = gids(panel, "incidence")
    assert len({(line.get_color(), str(line._unscaled_dash_pattern)) for line in lines}) == 17
    # Four states, as there are in the crisis, have a colour each.
    assert len({line.get_color() for line in lines[:5]}) == 5


#: Names that a user may give, and a word without an end.
NAMES = {
    "sentences": ("Confederation of the Northern Republics", "a public protest in the Council"),
    "a word": (f"{'Unbreakably' * 9}long", "Unbreakably" * 9),
    "other letters": ("Ελληνική Δημοκρατία & <b>$x$", "протест в Совете Безопасности"),
}


@pytest.mark.parametrize("names", NAMES)
def test_names_of_any_length_stay_on_the_page(names, repository, tmp_path):
    data = repository / "tests" / "data"
    shutil.copytree(data / "border", tmp_path / "border")
    shutil.copy(data / "raid.toml", tmp_path)
    actor, move = NAMES[names]
    for name, old, new in (
        ("actors", 'short = "N"', f'short = "{actor}"'),
        ("actors", 'short = "S"', f'short = "S {actor}"'),
        ("ladder", 'label = "protest"', f'label = "{move}"'),
        ("ladder", 'label = "limited strike"', f'label = "strike, {move}"'),
    ):
        path = tmp_path / "border" / f"{name}.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    scenario = sim.load(tmp_path / "raid.toml")
    against = scenario.with_("raid.dead", 9)
    pictures = draw(source_of(scenario, replicates=60, seed=1, against=against))
    assert [picture.kind.name for picture in pictures] == KINDS
    for picture in pictures:
        ax = picture.figure.axes[0]
        assert list(complaints(ax)) == [], picture.kind.name
        rows = [text.get_text() for text in gids(ax, "label")]
        if picture.kind.name == "difference":
            assert len(set(rows)) == len(rows) == 9
        ElementTree.fromstring(picture.render("svg"))


def test_a_fan_of_one_actor_is_large_enough():
    ax = plot_fans(replace(fans(), fans=fans().fans[:2]))
    assert len(gids(ax, "lane")) == 2
    assert list(complaints(ax)) == []


def test_the_longest_word_over_a_matrix_is_written_whole(pictures):
    heads = [text.get_text() for text in gids(pictures["matrix"].figure.axes[0], "column")]
    assert "threaten" in heads
    assert not any("…" in head for head in heads)


def test_a_tree_explains_the_ends_that_it_draws_and_no_others(pictures):
    ax = pictures["tree"].figure.axes[0]
    drawn = " ".join(t.get_text() for t in texts(ax) if t.get_gid() not in ("caption", "title"))
    explained = re.findall(r"“(\w+ ?\w*)”", words(ax, "caption"))
    assert explained
    for end in ("settled", "no step", "open war"):
        assert (end in drawn) == (end in [said.lower() for said in explained])
