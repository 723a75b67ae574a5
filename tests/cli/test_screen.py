"""Widths, styles and the stand-ins of a terminal without blocks."""

import io
from datetime import datetime

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.cli.dates import Calendar, days_in_words, shown
from sim.cli.screen import BOLD, DIM, PLAIN, Screen, rung_style
from sim.cli.timeline import Timeline
from sim.cli.weighing import Weighing
from sim.written import percent

text = st.text(st.sampled_from("abc-→ "), max_size=200)


@given(text, text, st.integers(60, 100), st.integers(0, 20), st.integers(0, 20))
def test_flow_keeps_every_letter_within_the_width(one, two, width, first, rest):
    lines = Screen(width).flow(" " * first, " " * rest, (one, BOLD), (two, DIM), right=6)
    plain = [click.unstyle(line) for line in lines]
    assert max(map(len, plain)) <= width - 6
    assert "".join("".join(plain).split()) == "".join((one + two).split())


def test_flow_styles_neighbours_together():
    (line,) = Screen().flow("", "", ("a b", BOLD), ("c", PLAIN))
    assert line == click.style("a b", **BOLD) + " c"


def test_a_command_is_continued_with_backslashes():
    lines = Screen(60).command(["escalation run", *[f"--set tempo.us={n}" for n in range(9)]])
    assert max(map(len, lines)) <= 60
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert not lines[-1].endswith("\\")


def test_bars():
    assert Screen().bar(0.7) == "███████░░░"
    assert Screen(blocks=False).bar(0.7) == "#######..."
    assert [len(Screen().bar(share)) for share in (-1, 0, 1, 2)] == [10] * 4


@pytest.mark.parametrize("width", [60, 71, 80, 100])
@pytest.mark.parametrize("blocks", [True, False])
def test_everything_fits_the_width(width, blocks):
    history = sim.run(sim.load("after-the-strike").with_("strike.dead", 80), seed=3)
    screen = Screen(width, blocks)
    lines = list(Timeline(history, screen).lines())
    for k in range(1, len(history.visible) + 1):
        lines += Weighing(history.explain(k), history.scenario, screen, k % 2 == 0).lines()
    plain = [click.unstyle(line) for line in lines]
    assert len(plain) > 100
    assert max(map(len, plain)) <= width
    assert "\n".join(plain).isascii() or blocks
    assert any("\x1b[" in line for line in lines)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_ascii_where_the_encoding_has_no_blocks(monkeypatch, encoding):
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert Screen.current() == Screen(80, blocks=False)


def test_without_standard_output_nothing_fails(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert Screen.current().width == 80


def test_colours_rise_with_the_rung():
    assert [rung_style(rung)["fg"] for rung in (0, 2, 5, 6, 10)] == [
        "green",
        "yellow",
        "yellow",
        "red",
        "red",
    ]


def test_numbers_and_dates_in_words():
    assert [percent(p) for p in (0.0, 0.001, 0.234, 1.0)] == ["  0%", " <1%", " 23%", "100%"]
    assert [days_in_words(d) for d in (0.5, 1.0, 1.5, 2.25, 1 / 24)] == [
        "12 hours",
        "1 day",
        "36 hours",
        "2.2 days",
        "1 hour",
    ]
    assert [shown(v) for v in (True, 2.0, None, "drawn")] == ["true", "2", "absent", "drawn"]
    new_year = Calendar(datetime(2020, 12, 31), datetime(2021, 1, 2))
    assert new_year.moment(datetime(2021, 1, 2, 3, 4)) == " 2 Jan 2021 03:04"
    assert Calendar(datetime(2020, 1, 1), datetime(2020, 2, 1)).day(datetime(2020, 1, 2)) == "2 Jan"
