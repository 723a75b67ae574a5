"""Pictures within a page: names of their own, the same drawing, nothing of a file."""

import re
from xml.etree import ElementTree

import pytest

from sim.drawing import draw
from sim.pages.svg import inlined


@pytest.fixture(scope="module")
def file(repository):
    (picture,) = draw(repository / "tests" / "data" / "raid.toml", ["outcomes"], replicates=50)
    return picture.render("svg")


def test_without_its_words_a_picture_is_the_rest_and_as_wide(repository):
    (picture,) = draw(repository / "tests" / "data" / "raid.toml", ["outcomes"], replicates=50)
    whole, bare = picture.render("svg"), picture.render("svg", words=False)
    roots = [ElementTree.fromstring(svg) for svg in (whole, bare)]
    boxes = [[float(x) for x in root.attrib["viewBox"].split()] for root in roots]
    assert boxes[0][2] == pytest.approx(boxes[1][2], abs=0.5)
    assert boxes[1][3] < boxes[0][3] - 30
    ids = [{e.attrib.get("id") for e in root.iter()} for root in roots]
    assert {"title", "caption"} <= ids[0]
    assert not {"title", "subtitle", "caption"} & ids[1]
    # What is left out for a page is there again in the file.
    assert picture.render("svg") == whole


def numbers(paths):
    return [float(x) for path in paths for x in re.findall(r"-?\d+\.?\d*", path)]


def test_the_drawing_stays_what_it_was(file):
    before = ElementTree.fromstring(file)
    after = ElementTree.fromstring(inlined(file, "p1", "title", "alt"))
    drawn = [[e.attrib["d"] for e in root.iter() if "d" in e.attrib] for root in (before, after)]
    one, two = map(numbers, drawn)
    assert len(one) == len(two) > 500
    assert max(abs(a - b) for a, b in zip(one, two, strict=True)) <= 0.01
    assert after.attrib["viewBox"] == before.attrib["viewBox"]


def test_two_pictures_on_a_page_share_no_name(file):
    found = [set(re.findall(r'\bid="([^"]*)"', inlined(file, salt, "t", "a"))) for salt in "ab"]
    assert found[0]
    assert not found[0] & found[1]
    same = [set(re.findall(r'\bid="([^"]*)"', inlined(file, "a", "t", "a"))) for _ in "ab"]
    assert same[0] == same[1]


def test_every_use_finds_what_it_uses(file):
    svg = inlined(file, "p1", "t", "a")
    ids = set(re.findall(r'\bid="([^"]*)"', svg))
    uses = set(re.findall(r'\bhref="#([^"]*)"', svg)) | set(re.findall(r"url\(#([^)]*)\)", svg))
    assert uses
    assert uses == ids
    named = re.findall(r'\bid="([^"]*)"', svg)
    assert len(named) == len(ids)
    # As the file comes, names are there many times.
    assert file.count(b'id="number"') > 1


def test_nothing_of_the_file_is_left(file):
    svg = inlined(file, "p1", "t", "a")
    for gone in ("<?xml", "<!", "<style", "metadata", "xmlns", "rdf:"):
        assert gone in file.decode()
        assert gone not in svg


def test_texts_are_escaped(file):
    svg = inlined(file, "p1", "</title><script>", 'a" onload="x')
    root = ElementTree.fromstring(svg)
    assert root.attrib["aria-label"] == 'a" onload="x'
    assert root[0].text == "</title><script>"
    assert "<script>" not in svg
