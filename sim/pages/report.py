"""A report as one HTML file: everything is in it, and nothing in it runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.analysis.report import ReportSummary, Shown
from sim.pages.svg import inlined
from sim.plots.style import RUNG_COLOURS

__all__ = ["render_report"]

#: What has a heading of its own, in order: its anchor, and what the table of contents calls it.
SECTIONS = (
    ("scenario", "The scenario"),
    ("design", "What was varied"),
    ("numbers", "The numbers"),
    ("pictures", "The pictures"),
    ("drives", "What drives the result"),
    ("histories", "Histories, told"),
    ("evidence", "The evidence"),
    ("limits", "Assumptions and limits"),
    ("again", "The same again"),
)

#: By its width, the height above which a picture gets a printed page's width whatever it takes.
HIGH = 0.75


def render_report(summary: ReportSummary) -> str:
    """Return a report as the text of an HTML file, the same for the same summary.

    All text is escaped; the pictures alone are taken as markup, of which `inlined` makes theirs.
    """
    parts = {"design": summary.design, "pictures": summary.pictures, "drives": summary.drives}
    sections = [(key, title) for key, title in SECTIONS if parts.get(key, True)]
    numbers = iter(range(1, 1000))

    def picture(shown: Shown) -> Drawn:
        name = f"p{next(numbers)}"
        svg = inlined(shown.svg, name, shown.title, shown.alt)
        return Drawn(name, svg, _height(svg) > HIGH)

    template = _environment().get_template("report.html")
    return template.render(
        report=summary,
        sections=sections,
        picture=picture,
        rungs=enumerate(RUNG_COLOURS),
        running=_css_text(f"{summary.title}: a report"),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of a page: what it is called there, its markup, and whether it is a high one."""

    name: str
    svg: str
    high: bool


def _height(svg: str) -> float:
    """Give the height of a picture by its width."""
    found = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', svg)
    return float(found[2]) / float(found[1]) if found else 1.0


def _css_text(text: str) -> str:
    """Write a text for the quotes of a style sheet: all but letters and digits by their numbers."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sim.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
