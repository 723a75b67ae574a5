"""Holds what the documentation site adds to Markdown: formulas, citations, files outside docs/."""

import base64
import json
import re
import subprocess
import sys
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

import sim
from sim import drawing

NARROWER = "() => document.documentElement.scrollWidth - window.innerWidth"
#: What sticks out of the window and cannot be scrolled to.
CUT = """() => [...document.querySelectorAll("article *")].filter((one) => {
  const box = one.getBoundingClientRect();
  if (!box.width || box.right <= innerWidth + 1) return false;
  for (let around = one.parentElement; around; around = around.parentElement) {
    if (["auto", "scroll"].includes(getComputedStyle(around).overflowX)) return false;
  }
  return true;
}).map((one) => one.outerHTML.slice(0, 80))"""
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


def test_every_public_name_is_on_a_page_of_the_reference(repository):
    pages = [
        path.read_text(encoding="utf-8") for path in (repository / "docs" / "api").glob("*.md")
    ]
    names = {
        name for page in pages for name in re.findall(r"^::: sim\.(?:.*\.)?(\w+)$", page, re.M)
    }
    without_a_page = {"__version__", "is_compiled", "FORMATS"}
    assert {*sim.__all__, *drawing.__all__} - without_a_page == names


def test_the_overview_leads_to_every_entry_of_the_reference(repository):
    overview = (repository / "docs" / "api.md").read_text(encoding="utf-8")
    for path in (repository / "docs" / "api").glob("*.md"):
        entries = re.findall(r"^::: (\S+)$", path.read_text(encoding="utf-8"), re.M)
        assert entries
        for entry in entries:
            assert f"[`{entry.rpartition('.')[2]}`](api/{path.name}#{entry})" in overview


def test_what_a_docstring_only_names_has_no_dash_behind_it(tools):
    page = SimpleNamespace(url="api/histories.html")
    empty = '(<code>int</code>)\n –\n <div class="doc-md-description">\n \n </div>'
    told = empty.replace("\n \n", "\n <p>Which.</p>")
    assert tools[0].on_page_content(empty, page) == "(<code>int</code>)"
    assert tools[0].on_page_content(told, page) == told


def test_a_picture_of_a_notebook_keeps_its_alt_text(tools, tmp_path, monkeypatch):
    picture = {
        "data": {"image/png": base64.b64encode(b"png").decode()},
        "metadata": {"image/png": {"alt": "Lines [of two]"}},
    }
    cell = {"cell_type": "code", "source": ["plot()"], "outputs": [picture]}
    monkeypatch.setattr(tools[0], "ROOT", tmp_path)
    (tmp_path / "one.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    text, pictures = tools[0].notebook("one.ipynb")
    assert pictures == {"repository/one-1.png": b"png"}
    assert "![Lines (of two)](one-1.png)" in text


@pytest.fixture(scope="module")
def site(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_asks_nothing_of_the_network(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    fetched = r'<(?:script|img|iframe|link)[^>]+(?:src|href)="(?:https?:)?//'
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(fetched, text), page
        assert not re.search(r"\[@[a-z]+\d{4}", text), page


@pytest.mark.slow
def test_the_search_works_from_a_disk_and_without_a_network(site, browser):
    page = browser.new_page()
    page.set_default_timeout(60_000)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "model.html").as_uri())
    page.click("input.md-search__input")
    page.keyboard.type("propensity", delay=50)
    page.wait_for_selector(".md-search-result__link")
    assert asked
    assert [url for url in asked if not url.startswith("file:")] == []
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("name", ["index", "model", "plots", "api/questions", "experiments"])
def test_no_page_is_wider_than_its_window(site, browser, name, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((site / f"{name}.html").as_uri())
    assert page.evaluate(NARROWER) == 0
    assert page.evaluate(CUT) == []
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "model", "api/questions"])
def test_a_page_passes_the_accessibility_check(site, browser, name, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = browser.new_page(color_scheme=scheme)
    page.goto((site / f"{name}.html").as_uri())
    # What a browser scrolls it focuses by itself; the theme's frame around a table says no more.
    rules = {"scrollable-region-focusable": {"enabled": False}}
    options = {"runOnly": ["wcag2a", "wcag2aa"], "rules": rules}
    found = axe.run(page, options=options).response["violations"]
    assert {one["id"]: one["nodes"][0]["html"] for one in found} == {}
    page.close()
