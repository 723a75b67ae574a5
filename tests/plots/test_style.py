"""The palette and the shapes: told apart in greyscale and without colour vision."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.analysis.path_summary import MoveKind
from sim.plots import style
from sim.plots.style import (
    END_COLOURS,
    FALL,
    RISE,
    RUNG_COLOURS,
    SEQUENTIAL,
    SERIES,
    faded,
    level_look,
    markers_of,
    on,
)

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
NO_GREEN = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
NO_RED = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)


def linear(colour):
    value = np.array(to_rgb(colour))
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lightness(rgb):
    y = float(np.clip(rgb, 0.0, 1.0) @ [0.2126, 0.7152, 0.0722])
    return 116.0 * y ** (1 / 3) - 16.0 if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize("sight", [np.eye(3), NO_GREEN, NO_RED], ids=["all", "deutan", "protan"])
def test_every_rung_is_darker_than_the_one_below(sight):
    values = [lightness(sight @ linear(colour)) for colour in RUNG_COLOURS]
    assert len(values) == 11
    # Rung 1 is to hold, and never drawn.
    drawn = values[:1] + values[2:]
    assert all(low - high > 3.0 for low, high in pairwise(drawn))
    assert values[0] > values[1] > values[2]


def test_no_two_moves_share_a_shape():
    ladder = [MoveKind(f"m{n}", "m", n // 2) for n in range(6)]
    ladder += [MoveKind(f"r{n}", "r", n) for n in range(3, 11)]
    shapes = [shape for shape, _ in markers_of(ladder).values()]
    assert len(set(shapes)) == len(shapes)


def test_fading_goes_to_white():
    assert faded("#000000", 1.0) == (1.0, 1.0, 1.0)
    assert faded("#123456", 0.0) == pytest.approx(to_rgb("#123456"))


SIGHTS = pytest.mark.parametrize(
    "sight", [np.eye(3), NO_GREEN, NO_RED], ids=["all", "deutan", "protan"]
)


@SIGHTS
@pytest.mark.parametrize(
    "colours",
    [
        [colour for colour, _ in SERIES],
        [END_COLOURS[end] for end in ("open_war", "settlement", "horizon")],
        [RISE, FALL],
    ],
    ids=["series", "ends", "up and down"],
)
def test_what_stands_side_by_side_differs_in_lightness(colours, sight):
    values = [lightness(sight @ linear(colour)) for colour in colours]
    assert all(high - low > 6.0 for low, high in pairwise(values))


def test_lines_differ_in_their_dashes_too():
    assert len({str(dashes) for _, dashes in SERIES[:4]}) == 4


@SIGHTS
def test_more_is_darker(sight):
    values = [lightness(sight @ linear(SEQUENTIAL(x))) for x in np.linspace(0.0, 1.0, 20)]
    assert all(low > high for low, high in pairwise(values))


def test_settled_is_hatched_and_lighter_than_every_rung():
    settled = level_look(-1)
    assert settled["hatch"]
    ground = lightness(linear(settled["facecolor"]))
    assert all(ground > lightness(linear(level_look(rung)["facecolor"])) for rung in range(11))


def contrast(one, other):
    """The ratio of WCAG 2.1."""
    dark, light = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) + 0.05 for c in (one, other))
    return light / dark


@pytest.mark.parametrize("colour", RUNG_COLOURS)
def test_text_can_be_read_on_every_rung(colour):
    # 1.4.3: at least 4.5 to 1.
    assert contrast(colour, on(colour)) >= 4.5


@pytest.mark.parametrize("ink", ["INK", "SOFT_INK", "FAINT_INK", "ALARM"])
@pytest.mark.parametrize("ground", ["PAPER", "BAND", "FORCE_TINT"])
def test_text_can_be_read_on_every_ground(ink, ground):
    assert contrast(getattr(style, ink), getattr(style, ground)) >= 4.5


LINES = {f"series {k}": colour for k, (colour, _) in enumerate(SERIES)}
LINES |= {name: getattr(style, name) for name in ("RISE", "FALL", "PATH_LINE", "FORCE_LINE")}
LINES |= {"outline of what is not told": style.UNTOLD_EDGE} | END_COLOURS


@pytest.mark.parametrize("name", LINES)
def test_lines_stand_out_from_the_paper(name):
    # 1.4.11: at least 3 to 1 for what has to be seen.
    assert contrast(LINES[name], style.PAPER) >= 3.0


@SIGHTS
def test_what_is_not_told_is_paler_than_what_is_told_in_greyscale_too(sight):
    grey = lightness(sight @ linear(style.UNTOLD))
    for colour in (RISE, FALL, RUNG_COLOURS[6], RUNG_COLOURS[7]):
        assert grey - lightness(sight @ linear(colour)) > 15.0
