"""Reports in a real browser: accessible, within the page, quiet. Skipped where there is none."""

import pytest

import sim

#: Width of the window and what the reader prefers: at a desk, and on the smallest of telephones.
VIEWS = {"desk": (1200, "light"), "telephone": (320, "dark")}
NARROWER = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, repository):
    """A report of a scenario and one of a study, on a crisis that is soon told."""
    folder = tmp_path_factory.mktemp("reports")
    scenario = sim.load(repository / "tests" / "data" / "raid.toml").with_("raid.dead", 5)
    sim.report(scenario, replicates=100, without=2).save(folder / "scenario.html")
    study = sim.sweep(scenario, {"weights.all": [0.5, 1.0, 2.0]}, replicates=50)
    sim.report(study).save(folder / "study.html")
    return folder


@pytest.fixture
def opened(browser, folder):
    pages = []

    def call(name, view):
        width, scheme = VIEWS[view]
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        pages.append(page)
        page.set_default_timeout(120_000)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / f"{name}.html").as_uri())
        return page, asked

    yield call
    for page in pages:
        page.close()


def violations(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # What is drawn within an image is no text of the page; there is a lot of it.
    found = axe.run(page, context={"exclude": [["svg > *"]]}).response
    assert len(found["passes"]) > 15
    return [(v["id"], node["html"]) for v in found["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("name, view", [("scenario", "telephone"), ("study", "desk")])
def test_nothing_is_out_of_reach_and_nothing_out_of_the_page(opened, name, view):
    page, asked = opened(name, view)
    assert violations(page) == []
    assert page.evaluate(NARROWER) <= 0
    assert len(asked) == 1


def test_a_fault_would_be_found(opened):
    page, _ = opened("study", "telephone")
    page.evaluate(
        """() => {
            document.querySelector('svg').removeAttribute('aria-label');
            document.querySelector('svg > title').remove();
            document.querySelector('.note').style.color = 'var(--line)';
            document.querySelector('h1').style.width = '900px';
        }"""
    )
    assert {"svg-img-alt", "color-contrast"} <= {rule for rule, _ in violations(page)}
    assert page.evaluate(NARROWER) > 0


WIDTHS = (
    "() => [...document.querySelectorAll('.picture')].map(p => p.getBoundingClientRect().width)"
)
FOLDED = (
    "() => [...document.querySelectorAll('details > :not(summary)')].map(e => e.checkVisibility())"
)


def test_every_picture_fits_a_telephone_and_one_that_is_asked_for_grows(opened):
    page, _ = opened("study", "telephone")
    widths = page.evaluate(WIDTHS)
    assert len(widths) > 3
    assert max(widths) <= VIEWS["telephone"][0]
    page.click("figure .larger")
    grown = page.evaluate(WIDTHS)
    assert grown[0] > 2 * VIEWS["telephone"][0]
    assert grown[1:] == widths[1:]
    # It scrolls in its own place, and the page does not.
    assert page.evaluate(NARROWER) <= 0
    page.click("figure .smaller")
    assert page.evaluate(WIDTHS) == widths


def test_no_word_of_a_table_is_cut_on_a_telephone(opened):
    page, _ = opened("scenario", "telephone")
    cut = """() => [...document.querySelectorAll('table, pre')].filter(
        e => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth
    ).length"""
    page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("() => document.querySelectorAll('table, pre').length") >= 3
    assert page.evaluate(cut) == 0


def test_what_is_folded_is_there_on_paper(opened):
    page, _ = opened("scenario", "desk")
    if not page.evaluate("() => CSS.supports('selector(::details-content)')"):
        pytest.skip("this Chromium prints what is folded as it stands")
    shown = page.evaluate(FOLDED)
    assert len(shown) > 5
    assert not any(shown)
    page.emulate_media(media="print")
    assert all(page.evaluate(FOLDED))


def test_it_prints(opened):
    page, _ = opened("study", "desk")
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate("() => getComputedStyle(document.querySelector('nav')).display") == "none"
