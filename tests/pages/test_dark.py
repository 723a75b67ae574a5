"""Pictures on a dark page: what stands out on white paper stands out there, in the same order."""

import re
from math import cos, pi, sin

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.plots import style

TEXTS = (style.INK, style.SOFT_INK, style.ALARM)
FAINT = (style.FAINT_INK,)


@pytest.fixture(scope="module")
def sheet(repository):
    """The style sheet of reports."""
    return (repository / "sim" / "pages" / "templates" / "report.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def dark(sheet):
    """What the sheet does to a colour where the reader prefers dark, by the filters' definition."""
    found = re.search(r"--sheet: invert\(([\d.]+)\) hue-rotate\((\d+)deg\);", sheet)
    share, angle = float(found[1]), float(found[2]) * pi / 180
    weights = np.array([[0.213, 0.715, 0.072]] * 3)
    turn = (
        weights
        + cos(angle) * (np.eye(3) - weights)
        + sin(angle)
        * np.array([[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]])
    )

    def call(colour):
        return np.clip(turn @ (share + (1 - 2 * share) * np.array(to_rgb(colour))), 0, 1)

    return call


def light(colour):
    """WCAG's relative luminance."""
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(np.array([0.2126, 0.7152, 0.0722]) @ linear)


def contrast(one, other):
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_filter_is_what_its_definition_says(dark):
    assert dark("#808080") == pytest.approx([0.4984] * 3, abs=0.005)
    # Black and white change places, a tenth short of it; a red stays a red.
    assert dark("#ffffff") == pytest.approx([0.1] * 3, abs=1e-3)
    assert dark("#000000") == pytest.approx([0.9] * 3, abs=1e-3)
    red, green, blue = dark(style.RUNG_COLOURS[7])
    assert red > max(green, blue)


def test_paper_of_pictures_is_nearly_that_of_the_page(sheet, dark):
    papers = re.findall(r"--paper: (#[0-9a-f]{6})", sheet)
    assert len(papers) == 2
    assert contrast(style.PAPER, papers[0]) == 1.0
    assert contrast(dark(style.PAPER), papers[1]) < 1.1


@pytest.mark.parametrize("ink", TEXTS)
def test_text_is_read_on_both_papers(ink, dark):
    for seen in (to_rgb, dark):
        assert contrast(seen(ink), seen(style.PAPER)) >= 4.5


@pytest.mark.parametrize("ink", FAINT)
def test_faint_text_is_no_fainter_than_on_white(ink, dark):
    for seen in (to_rgb, dark):
        assert contrast(seen(ink), seen(style.PAPER)) >= 3.0


def test_every_ink_stands_out_on_dark_about_as_on_white(dark):
    inks = [*style.RUNG_COLOURS, *(colour for colour, _ in style.SERIES), style.RISE, style.FALL]
    inks += [value for name, value in vars(style).items() if name.isupper() and _hex(value)]
    inks += style.END_COLOURS.values()
    assert len(set(inks)) > 20
    for ink in inks:
        before = contrast(ink, style.PAPER)
        assert contrast(dark(ink), dark(style.PAPER)) >= min(3.0, 0.75 * before), ink


def test_the_ladder_keeps_its_order(dark):
    lights = [light(dark(colour)) for colour in style.RUNG_COLOURS]
    assert lights == sorted(lights)
    assert [light(colour) for colour in style.RUNG_COLOURS] == sorted(
        map(light, style.RUNG_COLOURS), reverse=True
    )


def _hex(value):
    return isinstance(value, str) and bool(re.fullmatch(r"#[0-9a-f]{6}", value))
