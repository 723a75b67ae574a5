"""Holds the page on advice to the model: who would choose what, and what it leads to."""

import re

import pytest

import sim

MOMENTS = {
    "The US with nobody dead": ("after-the-strike", {}, "us", 451 / 1440),
    "The US with five dead": ("after-the-strike", {"strike.dead": 5}, "us", 451 / 1440),
    "The US with eighty dead": ("eighty-dead", {}, "us", 451 / 1440),
    "Iran after a US reply": ("us-replies", {}, "iran", 121 / 1440),
}


def table(repository, title):
    """The rows of the table below a heading, by option."""
    text = (repository / "docs" / "advice.md").read_text(encoding="utf-8")
    section = text.split(f"### {title}\n")[1].split("\n#")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row] for row in rows[1:]]
    return {row[1].strip("`*"): row for row in cells}


def advice(title, replicates, **how):
    scenario, values, actor, at = MOMENTS[title]
    chosen = sim.load(scenario)
    if values:
        chosen = chosen.with_(values)
    return sim.advise(chosen, actor, at=at, replicates=replicates, interventions="all", **how)


def numbers(cell):
    """A number and its interval."""
    return [float(number) for number in re.findall(r"[+-]?\d+\.?\d*", cell)]


@pytest.mark.parametrize("title", MOMENTS)
def test_who_would_choose_what(repository, title):
    told, page = advice(title, 2), table(repository, title)
    assert {course.option for course in told.courses} == set(page)
    for course in told.courses:
        written = page[course.option][-1]
        if course.probability is None:
            assert written == ""
        elif written.startswith("<"):
            assert course.probability < 0.0005
        else:
            assert float(written) == pytest.approx(100 * course.probability, rel=0.06, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("title", MOMENTS)
def test_what_the_options_lead_to(repository, title):
    told, page = advice(title, 4_000, seed=8), table(repository, title)
    for course in told.courses:
        for name, column, scale in (("open_war", 2, 100), ("dead", 5, 1)):
            found, cell = course.estimates[name], numbers(page[course.option][column])
            if len(cell) == 1:
                assert found.mean * scale == cell[0]
                continue
            # Twice the sum of two half widths: one false alarm in some ten thousand cells.
            room = 2 * (found.half_width * scale + (cell[2] - cell[1]) / 2)
            assert abs(found.mean * scale - cell[0]) < room, course.option
