"""What the picture of a path draws, and that a reader can read all of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise

import matplotlib
import pytest
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.image import imread

import sim
from sim.analysis.path import summarise_path
from sim.analysis.path_summary import Inject, Lane, MoveKind, Note, PathSummary, Point
from sim.analysis.wording import title_of
from sim.plots.path import plot_path, render_png
from sim.plots.phrases import casualties, label_of
from sim.plots.placing import Box, overlapping
from tests.plots.reading import complaints, gids, texts, words

HISTORIES = [
    *(("after-the-strike", seed) for seed in (1, 3, 4, 7, 8, 12)),
    *(("eighty-dead", seed) for seed in (3, 5, 8)),
    *(("from-the-killing", seed) for seed in (2, 3)),
    *(("us-replies", seed) for seed in (3, 4)),
]
START = datetime(2001, 3, 2, 6)
LADDER = tuple(
    MoveKind(label.replace(" ", "_"), label, rung)
    for label, rung in [
        ("conciliate", 0), ("mediate", 0), ("protest", 2), ("threaten", 3), ("coerce", 4),
        ("show force", 5), ("proxy strike", 6), ("notified strike", 7), ("limited strike", 8),
        ("major strike", 9), ("open war", 10),
    ]
)  # fmt: skip


def of_history(name, seed):
    history = sim.run(sim.load(name), seed=seed)
    return summarise_path(history.log, history.because)


def a_point(day, lane=0, rung=2, **more):
    kind = next(kind for kind in LADDER if kind.rung == rung)
    given = {"target": "S" if lane == 0 else "N", "dead": (), "claimed": 0, "opening": day < 0}
    date = START + timedelta(days=day)
    return Point(day, date, lane, rung, kind.move, kind.label, **(given | more))


def a_summary(points=(), *, days=10.0, end_kind="settlement", notes=(), **more):
    points = tuple(points)
    end = START + timedelta(days=days)
    lanes = tuple(
        Lane(name[0].upper(), "SN"[n],
             max([1, *(p.rung for p in points if p.lane == n)]))
        for n, name in enumerate(["north", "south"])
    )  # fmt: skip
    given = PathSummary(
        title="North climbs",
        question="Does it?",
        caption="Scenario border, seed 1.",
        opened=min([START, *(p.date for p in points)]),
        start=START,
        end=end,
        end_kind=end_kind,
        end_label="the end",
        ladder=LADDER,
        lanes=lanes,
        points=points,
        steps=tuple(tuple((p.date, p.rung) for p in points if p.lane == n) for n in (0, 1)),
        assessments=(),
        injects=(),
        notes=tuple(notes),
    )
    return replace(given, **more)


@pytest.fixture(scope="module", params=HISTORIES, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def history(request):
    summary = of_history(*request.param)
    return summary, plot_path(summary)


def test_all_text_can_be_read(history):
    _, ax = history
    assert len(texts(ax)) > 20
    assert list(complaints(ax)) == []


def test_no_note_hides_a_move_or_another_note(history):
    _, ax = history
    boxes = [Box(*patch.get_window_extent().extents) for patch in gids(ax, "note-box")]
    assert overlapping(boxes) == []
    for marker in gids(ax, "move"):
        x, y = ax.transData.transform(marker.get_xydata())[0]
        assert not any(box.meets(Box(x, y, x, y)) for box in boxes)


def test_every_move_stands_at_its_date_and_rung(history):
    summary, ax = history
    markers = gids(ax, "move")
    assert len(markers) == len(summary.points) > 0
    names = [text.xy[1] for text in gids(ax, "lane")]
    assert names == sorted(names, reverse=True)
    bases = {}
    for marker, point in zip(markers, summary.points, strict=True):
        (x, y) = marker.get_xydata()[0]
        assert x == date2num(point.date)
        bases.setdefault(point.lane, set()).add(round(y - point.rung, 9))
        assert ax.get_xlim()[0] < x < ax.get_xlim()[1]
        assert ax.get_ylim()[0] < y < ax.get_ylim()[1]
    assert all(len(base) == 1 for base in bases.values())


def test_start_end_title_caption_and_key(history):
    summary, ax = history
    assert gids(ax, "start")[0].get_xdata()[0] == date2num(summary.start)
    assert gids(ax, "end")[0].get_xdata()[0] == date2num(summary.end)
    assert words(ax, "title") == summary.title
    assert words(ax, "caption").startswith(summary.caption)
    key = [text.get_text().strip() for text in ax.get_legend().get_texts()]
    ladder = [f"{k.rung} {k.label}" for k in reversed(summary.ladder)]
    ladder.insert(next(n for n, text in enumerate(ladder) if text[0] == "0"), "1 no move")
    assert key[: len(ladder)] == ladder


def test_the_most_telling_moves_are_explained(history):
    summary, ax = history
    top = max(summary.points[note.point].rung for note in summary.notes)
    assert summary.points[summary.notes[0].point].rung == top
    said = " ".join(text.get_text().replace("\n", " ") for text in gids(ax, "note"))
    assert 2 <= len(gids(ax, "note")) <= 4
    assert summary.notes[0].why in said


def test_deaths_are_marked(history):
    summary, ax = history
    said = [text.get_text() for text in gids(ax, "label")]
    wanted = [f"† {sum(count for _, count in p.dead):,}" for p in summary.points if p.dead]
    assert len(wanted) >= 1
    for text in set(wanted):
        assert sum(text in label.split(" (")[0] for label in said) >= wanted.count(text)


def test_only_the_worst_blows_say_who_died():
    dead = [(("S", 10 * n), ("N", 1)) for n in range(1, 6)]
    places = [(1.0, 1), (3.0, 1), (5.0, 1), (9.0, 0), (28.0, 0)]
    points = [
        a_point(day, lane, rung=8, dead=n, claimed=90)
        for (day, lane), n in zip(places, dead, strict=True)
    ]
    ax = plot_path(a_summary(points, days=36.0))
    said = sorted(text.get_text() for text in gids(ax, "label"))
    assert said == [
        "† 11", "† 21", "† 31", "† 41 (40 S, 1 N; 90 claimed)", "† 51 (50 S, 1 N; 90 claimed)",
    ]  # fmt: skip
    assert "only beside the worst blows" in words(ax, "caption")
    assert list(complaints(ax)) == []


def test_labels_stand_close_to_their_markers(history):
    _, ax = history
    lines = [line.get_xydata() for line in gids(ax, "leader")]
    ends = [tuple(ax.transData.transform(xy[1])) for xy in lines]
    centres = [ax.transData.transform(m.get_xydata())[0] for m in gids(ax, "move")]
    for text in gids(ax, "label"):
        left, bottom, right, top = text.get_window_extent().extents
        near = min(
            max(left - x, x - right, 0.0) + max(bottom - y, y - top, 0.0) for x, y in centres
        )
        led = any(left - 2 <= x <= right + 2 and bottom - 2 <= y <= top + 2 for x, y in ends)
        assert led or near < 12.0 * ax.figure.dpi / 72.0


def test_the_check_of_overlaps_finds_one():
    ax = plot_path(a_summary([a_point(1.0)]))
    assert list(complaints(ax)) == []
    ax.text(0.5, 0.5, "one thing", transform=ax.transAxes)
    ax.text(0.52, 0.5, "another", transform=ax.transAxes)
    ax.text(1.3, 0.5, "far away", transform=ax.transAxes)
    x, y = gids(ax, "move")[0].get_xydata()[0]
    ax.text(x, y, "on top")
    low = ax.get_ylim()[0]
    ax.barh(low, 0.5, 0.4, left=x + 4.0, gid="bar")
    ax.plot([x + 6.0, x + 7.0], [y, y], gid="interval")
    ax.text(x + 4.1, low, "in a bar")
    ax.text(x + 6.4, y, "on a whisker", va="center")
    assert sorted(complaints(ax)) == [
        "'another' overlaps 'one thing'",
        "'far away' is cut off",
        "'in a bar' covers a bar",
        "'on a whisker' covers a interval",
        "'on top' covers a marker",
    ]


def test_the_same_summary_gives_the_same_bytes():
    summary = of_history("after-the-strike", 7)
    first = render_png(summary)
    with matplotlib.rc_context({"font.family": "monospace", "axes.facecolor": "red"}):
        assert render_png(summary) == first
    assert first.startswith(b"\x89PNG")
    assert b"Software" not in first
    height, width, _ = imread(BytesIO(first)).shape
    assert width == 1656
    assert 600 < height < 2000


def test_no_settings_leak():
    before = dict(matplotlib.rcParams)
    plot_path(a_summary())
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("end_kind", ["open_war", "settlement", "horizon", "running"])
def test_an_empty_history(end_kind):
    ax = plot_path(a_summary(end_kind=end_kind))
    assert gids(ax, "move") == []
    assert list(complaints(ax)) == []


def test_a_history_that_ends_soon_after_a_long_opening():
    points = [a_point(-6.0, rung=8), a_point(-1.0), a_point(0.01)]
    for days in (0.01, 0.5, 1.0, 2.0):
        ax = plot_path(a_summary(points, days=days, opened=START - timedelta(days=6.0)))
        assert list(complaints(ax)) == []


def test_a_history_that_ends_at_once():
    assert list(complaints(plot_path(a_summary([a_point(0.0, rung=10)], days=0.0)))) == []


def test_very_many_moves_are_all_drawn_and_nothing_overlaps():
    rungs = [kind.rung for kind in LADDER]
    points = [
        a_point(
            n / 10,
            lane=n % 2,
            rung=rungs[n % len(rungs)],
            target="elsewhere" if n % 3 else None,
            dead=(("N", n),) if n % 4 == 0 else (),
        )
        for n in range(200)
    ]
    notes = [Note(n, f"reason number {n} of very many reasons", ("why",)) for n in range(0, 60, 9)]
    ax = plot_path(a_summary(points, days=30.0, notes=notes))
    assert len(gids(ax, "move")) == 200
    found = [text for text in complaints(ax) if "marker" not in text]
    assert found == []
    assert "small labels left out for want of room" in words(ax, "caption")


def test_injects_and_older_moves_are_said():
    inject = Inject(START + timedelta(days=3), "rocket", (("N", 2),))
    ax = plot_path(a_summary([a_point(1.0)], injects=(inject,), earlier=3))
    assert gids(ax, "inject")[0].get_text() == "rocket † 2 (N)"
    assert gids(ax, "inject-line")[0].get_xdata()[0] == date2num(inject.date)
    assert "3 older moves" in words(ax, "caption")
    assert "from outside" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_it_draws_into_the_axes_given():
    figure = Figure(figsize=(9, 6), layout="constrained")
    ax = figure.add_subplot()
    summary = a_summary([a_point(1.0)], notes=[Note(0, "it had to", ("word",))])
    assert plot_path(summary, ax=ax) is ax
    figure.draw_without_rendering()
    assert len(gids(ax, "note")) == 1


def test_a_changed_scenario_is_not_asked_what_it_was_asked():
    changed = sim.load("after-the-strike").with_("strike.dead", 80)
    history = sim.run(changed, seed=0)
    found = summarise_path(history.log, history.because)
    assert "nobody has died" not in found.question
    assert "as changed: strike.dead = 80" in found.question
    assert "strike.dead = 80" in found.caption
    assert "nobody has died" in of_history("after-the-strike", 0).question


def test_force_before_the_start_is_not_denied():
    history = of_history("after-the-strike", 14)
    assert history.title.startswith("No further force, nobody above rung 5 (show force)")
    calm = [point for point in history.points if not (point.opening and point.rung >= 6)]
    end = history.end_kind, history.end, 30.0
    assert title_of(calm, (), history.lanes, *end).startswith("No force used, nobody above rung 5")


def test_moves_of_one_rung_are_all_named():
    def point(lane, label):
        return Point(1.0, START, lane, 8, label, label, None, (), 0, False)

    lanes = (Lane("A", None, 8), Lane("B", None, 8))
    points = [point(0, "raid"), point(1, "blockade"), point(0, "raid")]
    title = title_of(points, (), lanes, "horizon", START, 30.0)
    assert title == "A and B climb to rung 8 (raid or blockade); unsettled after 30 days"


def test_a_settlement_says_what_it_took():
    caption = of_history("after-the-strike", 14).caption
    assert (
        "Settled on 3 Feb, after 14 days of quiet: no force used and nothing threatened" in caption
    )
    assert "no grievance above 0.5" in caption


def test_every_reason_told_is_the_strongest_and_chance_is_called_chance():
    unlikely = 0
    for name, seed in HISTORIES[:8]:
        history = sim.run(name, seed=seed)
        summary = summarise_path(history.log, history.because)
        opening = sum(point.opening for point in summary.points)
        for note in summary.notes:
            explanation = history.explain(note.point - opening + 1)
            option = explanation.options[explanation.chosen]
            assert note.unlikely == (option.probability < 0.05)
            assert note.why.startswith("against the odds") == note.unlikely
            pulls = {rule.says: rule.logits for rule in option.rules}
            if pulls and max(pulls.values()) >= 0.1:
                assert note.why.endswith(max(pulls, key=pulls.get))
            else:
                assert note.why.endswith("no rule of weight spoke for it")
            unlikely += note.unlikely
    assert unlikely > 5


def test_very_long_words_are_cut_and_not_the_picture():
    long = "What if a very long question is asked of a very long scenario? " * 9
    ax = plot_path(a_summary([a_point(1.0)], title=long, question=long, caption=long))
    assert list(complaints(ax)) == []


@pytest.mark.parametrize(
    "dead,claimed,target,said",
    [
        ((), 0, "N", ""),
        ((), 80, "N", "† 0 (80 claimed)"),
        ((("N", 3),), 0, "N", "† 3"),
        ((("N", 3),), 3, "N", "† 3"),
        ((("S", 1),), 44, "N", "† 1 (S; 44 claimed)"),
        ((("N", 1200), ("S", 1)), 0, "N", "† 1,201 (1,200 N, 1 S)"),
    ],
)
def test_how_the_dead_are_said(dead, claimed, target, said):
    assert casualties(dead, claimed, target) == said


def test_a_target_is_said_only_where_it_is_not_the_usual_one():
    assert label_of(a_point(1.0), "S") == ""
    assert label_of(a_point(1.0), "N") == "→ S"
    assert label_of(a_point(1.0, target=None), "N") == ""
    assert label_of(a_point(-1.0, rung=8, event="raid", dead=(("S", 2),)), "S") == "raid † 2"


@pytest.mark.parametrize("seed", [3, 12, 14])
def test_what_was_claimed_of_the_strike_is_told_before_reasons_take_the_room(seed):
    ax = plot_path(of_history("after-the-strike", seed))
    assert "strike † 0 (80 claimed)" in [text.get_text() for text in gids(ax, "label")]


def test_the_opening_is_lighter():
    ax = plot_path(a_summary([a_point(-1.0, rung=8), a_point(1.0, rung=8)]))
    old, new = gids(ax, "move")
    assert all(a > b for a, b in zip(old.get_mfc(), matplotlib.colors.to_rgb(new.get_mfc()),
                                     strict=True))  # fmt: skip
    # A scenario may change or invent it: nothing says that it happened.
    assert words(ax, "opening-label") == "before"


def test_ticks_rise():
    for days in (0.3, 2.0, 10.0, 35.0, 400.0):
        ax = plot_path(a_summary([a_point(0.1)], days=days))
        ticks = list(ax.get_xticks())
        assert 2 <= len(ticks) <= 12
        assert all(a < b for a, b in pairwise(ticks))
        assert list(complaints(ax)) == []
