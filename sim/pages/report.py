"""A report as one HTML file: everything is in it, and nothing in it runs."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

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
    ("histories", "Histories, told"),
    ("drives", "What drives the result"),
    ("evidence", "The evidence"),
    ("limits", "Assumptions and limits"),
    ("again", "The same again"),
)


def render_report(summary: ReportSummary) -> str:
    """Return a report as the text of an HTML file, the same for the same summary.

    All text is escaped; the pictures alone are taken as markup, of which `inlined` makes theirs.
    """
    parts = {"design": summary.design, "pictures": summary.pictures, "drives": summary.drives}
    sections = [(key, title) for key, title in SECTIONS if parts.get(key, True)]
    numbers = iter(range(1, 1000))

    def picture(shown: Shown) -> Markup:
        return Markup(inlined(shown.svg, f"p{next(numbers)}", shown.title, shown.alt))

    template = _environment().get_template("report.html")
    return template.render(
        report=summary, sections=sections, picture=picture, rungs=enumerate(RUNG_COLOURS)
    )


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
