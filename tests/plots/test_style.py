"""The palette and the shapes: told apart in greyscale and without colour vision."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.analysis.path_summary import MoveKind
from sim.plots.style import RUNG_COLOURS, faded, markers_of

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
