"""Holds what the documentation site adds to Markdown: formulas, citations, files outside docs/."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

MATH = re.compile(r"^```math\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def tools(repository):
    """The modules of tools/, which is no package."""
    sys.path.insert(0, str(repository / "tools"))
    try:
        import docs_site
        import mathml

        yield docs_site, mathml
    finally:
        sys.path.remove(str(repository / "tools"))


def tree(tools, latex):
    found = ElementTree.fromstring(tools[1].mathml(latex))
    return [(part.tag.rpartition("}")[2], part.text) for part in found.iter()]


def test_every_formula_is_set(tools, repository):
    pages = (repository / "docs").glob("*.md")
    formulas = [f for page in pages for f in MATH.findall(page.read_text(encoding="utf-8"))]
    assert len(formulas) > 10
    for formula in formulas:
        said = "".join(text or "" for _, text in tree(tools, formula))
        assert "\\" not in said
        assert "{" not in said.replace("{", "", formula.count("cases") // 2)


def test_a_formula_by_hand(tools):
    assert tree(tools, r"P_i^2 = \frac{1.5}{a'} \text{ if }x") == [
        ("math", None),
        ("mrow", None),
        ("msubsup", None),
        ("mi", "P"),
        ("mi", "i"),
        ("mn", "2"),
        ("mo", "="),
        ("mfrac", None),
        ("mrow", None),
        ("mn", "1.5"),
        ("mrow", None),
        ("msup", None),
        ("mi", "a"),
        ("mo", "\N{PRIME}"),
        ("mtext", "\N{NO-BREAK SPACE}if\N{NO-BREAK SPACE}"),
        ("mi", "x"),
    ]


@pytest.mark.parametrize("latex", [r"\oint x", r"\frac12"])
def test_what_cannot_be_set_is_refused(tools, latex):
    with pytest.raises(ValueError, match=r"unknown|expected"):
        tools[1].mathml(latex)


def test_every_reference_can_be_read(tools, repository):
    bibliography = (repository / "docs" / "references.bib").read_text(encoding="utf-8")
    found = tools[0].entries(bibliography)
    assert len(found) == bibliography.count("\n@")
    page = tools[0].references(found)
    for key, entry in found.items():
        assert entry["year"] == key[-4:]
        assert f'id="{key}"' in page
        assert tools[0].short(entry).split()[0]
    assert not re.search(r"[{}\\]", page)


def test_names_are_short_in_a_text(tools):
    entry = {"author": "Agresti, Alan and Min, Yongyi", "year": "2005"}
    assert tools[0].short(entry) == "Agresti and Min 2005"
    assert tools[0].short(entry | {"author": "A, B and C, D and E, F"}) == "A et al. 2005"
    assert tools[0].plain(r"R{\"o}hl \& Sø{\o}n--{\'E}") == "Röhl & Søøn\N{EN DASH}É".replace(
        "ö", "o\u0308"
    ).replace("É", "E\u0301")


@pytest.mark.parametrize(
    "page, link, there",
    [
        ("docs/model.md", "../sim/kernel/loop.py", "repository/sim/kernel/loop.py.md"),
        ("docs/model.md", "evidence.md#a", "evidence.md#a"),
        ("docs/model.md", "references.bib", "references.md"),
        ("docs/model.md", "../README.md", "repository/README.md"),
        ("README.md", "docs/model.md", "../model.md"),
        ("notebooks/README.md", "../docs/model.md", "../../model.md"),
        ("docs/plots.md", "../results/gallery/fan.png", "repository/results/gallery/fan.png"),
        ("docs/model.md", "https://example.org/", "https://example.org/"),
    ],
)
def test_links_lead_to_where_files_are_on_the_site(tools, page, link, there):
    assert tools[0].relinked(f"[x]({link})", page) == f"[x]({there})"


def test_code_has_no_links(tools):
    assert tools[0].links("[a](b.md)\n\n    [c](d.md)\n\n```\n[e](f.md)\n```\n") == ["b.md"]


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_asks_nothing_of_the_network(repository, tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 30
    fetched = r'<(?:script|img|iframe|link)[^>]+(?:src|href)="(?:https?:)?//'
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(fetched, text), page
        assert not re.search(r"\[@[a-z]+\d{4}", text), page
