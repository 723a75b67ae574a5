"""Pictures as parts of a page: SVG without what belongs to a file, its names made its own."""

from __future__ import annotations

import re
from xml.etree import ElementTree

__all__ = ["inlined"]

_HREFS = ("{http://www.w3.org/1999/xlink}href", "href")
_LONG = re.compile(r"(-?\d+\.\d\d)\d+")
_SPACE = re.compile(r"\s+")
_URL = re.compile(r"url\(#([^)]*)\)")
#: What a file says about itself, and a rule that would reach the whole page.
_LEFT_OUT = ("metadata", "style")
#: What that rule says, for this picture alone.
_LOOK = "stroke-linejoin: round; stroke-linecap: butt"


def inlined(svg: bytes, salt: str, title: str, alt: str) -> str:
    """Return an SVG file as an element of a page.

    Of the names within it those are kept that something refers to, told from those of other
    pictures by `salt`; coordinates are rounded to a hundredth of a point; and whatever reads the
    page aloud finds one image with `alt`.

    Parameters
    ----------
    svg : bytes
        As matplotlib writes it.
    salt : str
        Letters and digits, another one for each picture of the page.
    title, alt : str
        Plain text.
    """
    root = ElementTree.fromstring(svg)
    _clean(root, salt, _used(root))
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib.update(
        {"role": "img", "aria-label": alt, "class": "picture", "style": _LOOK, "focusable": "false"}
    )
    heading = ElementTree.Element("title")
    heading.text = title
    root.insert(0, heading)
    return ElementTree.tostring(root, encoding="unicode")


def _used(root: ElementTree.Element) -> set[str]:
    """Find the names that something refers to: others, which matplotlib repeats, do nothing."""
    names = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            names.update(_URL.findall(value))
            if name in _HREFS:
                names.add(value.removeprefix("#"))
    return names


def _clean(element: ElementTree.Element, salt: str, used: set[str]) -> None:
    """Take namespaces off, leave out what is no drawing, and salt the names that are used."""
    for child in list(element):
        if _local(child.tag) in _LEFT_OUT:
            element.remove(child)
        else:
            _clean(child, salt, used)
    element.tag = _local(element.tag)
    element.tail = None
    if element.text is not None and not element.text.strip():
        element.text = None
    for name, value in list(element.attrib.items()):
        del element.attrib[name]
        if name == "id":
            if value in used:
                element.set("id", f"{salt}-{value}")
        elif name in _HREFS:
            element.set("href", f"#{salt}-{value.removeprefix('#')}")
        elif name in ("d", "points"):
            element.set(name, _SPACE.sub(" ", _LONG.sub(r"\1", value)).strip())
        else:
            element.set(_local(name), _URL.sub(rf"url(#{salt}-\1)", value))


def _local(name: str) -> str:
    return name.rpartition("}")[2]
