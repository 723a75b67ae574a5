"""Reports: what they say against what was simulated, whatever names and texts they are given."""

import re
import shlex
import shutil
import tempfile
import warnings
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

import sim
from sim.analysis.indices import Index
from sim.analysis.intervals import Estimate
from sim.analysis.path import summarise_path
from sim.analysis.report_drivers import driver_in_words, drivers_table
from sim.analysis.report_histories import among, chosen
from sim.analysis.report_scene import opening_of
from sim.analysis.sensitivity import Sensitivity
from sim.drawing_studies import studied
from sim.pages.report import SECTIONS
from tests.plots.reading import words

N = 300
#: What a browser would act on, a template or a comment would end with, if it were not escaped.
HOSTILE = (
    "<script>pwned=1</script>",
    "<img src=http://example.org/x onerror=pwned=1>",
    "</title></style></svg><h1>hello</h1>",
    '" onfocus="pwned=1" autofocus="',
    "{{ 7 * 7 }}{% break %}",
    "--> &lt;b&gt; ]]>",
    r"$\frac{1}{$ and $x_",
    "שלום <b>\u200f",
)
#: What no page and no picture can hold: it is refused where it is read.
NEVER = (r"\u0000", r"\u001b[31mred", r"\u0085", r"\u202Eder", r"\u2066", r"\uFFFE", r"\uFFFF")


class Page(HTMLParser):
    """Every element of a page with its attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.words = []
        self.feed(html)
        self.text = " ".join("".join(self.words).split())
        self.ids = [found["id"] for _, found in self.elements if "id" in found]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def of(self, tag):
        return [found for name, found in self.elements if name == tag]


@pytest.fixture(scope="module")
def made():
    return sim.report("after-the-strike", replicates=N, without=20, seed=5)


@pytest.fixture(scope="module")
def page(made):
    return Page(made.html)


@pytest.fixture(scope="module")
def raid(repository):
    """A scenario on a small crisis, soon reported."""
    return sim.load(repository / "tests" / "data" / "raid.toml")


@pytest.fixture(scope="module")
def ensemble():
    return sim.ensemble("after-the-strike", N, 5)


@pytest.fixture(scope="module")
def studies(tmp_path_factory, raid):
    """A small grid and a small sample, each with its report."""
    folder = tmp_path_factory.mktemp("studies")
    grid = {"raid.dead": [0, 5, 40], "weights.all": [0.5, 2.0]}
    made = (
        sim.sweep(raid, grid, replicates=100, out=folder / "grid"),
        sim.sweep(raid, design="elicited", points=40, replicates=50, out=folder / "sample"),
    )
    return [(study, sim.report(study)) for study in made]


def rows(table):
    return {
        cells[0].text or cells[0].statements[0]: cells[1:] for _, g in table.groups for cells in g
    }


# --- the page -------------------------------------------------------------------------------


def test_nothing_is_asked_of_the_network_and_nothing_runs(page):
    assert not {"script", "link", "iframe", "object", "img", "base", "form"} & {
        tag for tag, _ in page.elements
    }
    for tag, found in page.elements:
        for name, value in found.items():
            assert not name.startswith("on"), (tag, name)
            if name in ("href", "src", "xlink:href"):
                assert value.startswith("#"), (tag, value)
            assert "url(" not in (value or "") or "url(#" in value
    (policy,) = [m["content"] for m in page.of("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none'")


def test_every_name_is_there_once_and_every_link_leads_somewhere(page):
    assert Counter(page.ids).most_common(1)[0][1] == 1
    named = set(page.ids)
    used = re.compile(r"url\(#([^)]*)\)")
    links = [v[1:] for _, a in page.elements for k, v in a.items() if k == "href"]
    links += [name for _, a in page.elements for v in a.values() for name in used.findall(v or "")]
    assert len(links) > 100
    assert set(links) <= named


def test_every_section_is_there_and_said_where(page, made):
    anchors = [found["href"] for found in page.of("a")]
    for key, title in SECTIONS:
        if key == "design":
            assert key not in page.ids
            continue
        assert f"#{key}" in anchors
        assert title in page.text
    assert made.summary.asks in page.text


def test_every_picture_is_one_image_that_says_what_it_shows(page, made):
    summary = made.summary
    shown = [*summary.pictures, *summary.driving]
    for told in summary.histories:
        shown += told.pictures
    # Told in another order than here: the histories come before what drives the result.
    pictures = page.of("svg")
    assert sorted(p["aria-label"] for p in pictures) == sorted(one.alt for one in shown)
    assert {p["role"] for p in pictures} == {"img"}
    assert len(shown) >= 10


# --- what is said -----------------------------------------------------------------------------


def test_a_caption_says_all_that_it_says_on_the_picture(made, ensemble):
    more = 0
    for told in made.summary.histories:
        replicate = int(re.search(r"replicate (\d+)", told.where)[1])
        history = ensemble.history(replicate)
        whole = words(history.plot(), "caption").removesuffix(" …")
        caption = told.pictures[0].caption
        assert caption.startswith(whole)
        summary = summarise_path(history.log, history.because)
        more += caption != summary.words.caption
    assert more  # what only drawing can tell, as which labels say less than they could


def test_numbers_are_those_of_the_ensemble(made, ensemble):
    from sim.written import groups, outcome

    leading, rest = made.summary.numbers
    assert (leading.folded, rest.folded) == (False, True)
    told = [cells for table in (leading, rest) for _, group in table.groups for cells in group]
    named = [row for _, group in groups(ensemble.scenario) for row in group]
    assert len(told) == len(named) > 20
    for cells, row in zip(told, named, strict=True):
        found = ensemble.probability(row.outcome)
        written = outcome(row.kind, found.mean, found.low, found.high, found.n)
        assert tuple(c.text.removeprefix("day ") for c in cells[1:]) == written
    jargon = ("mean", "median", "exchange", "answers to a blow", "against a host")
    labels = [cells[0].text for cells in told]
    assert not [label for label in labels for word in jargon if word in label]


def test_the_head_gives_each_end_and_force_with_its_interval(made, ensemble, page):
    from sim.written import share

    found = [ensemble.probability(n) for n in ("open_war", "settlement", "horizon", "force")]
    shown = [share(one.mean, one.low, one.high) for one in found]
    assert [(one.estimate, one.interval) for one in made.summary.glance] == shown
    head = page.text.partition("The scenario")[0]
    for estimate, interval in shown:
        assert f"{estimate} {interval}" in head
    assert made.summary.driver in head
    assert "no forecast" in made.summary.caveat
    assert made.summary.caveat in head


def test_histories_are_the_typical_the_worst_and_another_end(made, ensemble):
    typical, worst, other = made.summary.histories
    assert f"replicate {ensemble.typical_replicate()}." in typical.where
    assert f"replicate {ensemble.worst_replicate()}." in worst.where
    found = chosen(ensemble.counted)
    ends = [ensemble.history(k).end for k in found]
    assert len(set(ends)) == 3
    counts = {end: ensemble.probability(end).mean for end in ("settlement", "horizon", "open_war")}
    assert counts[ends[2]] == max(v for end, v in counts.items() if end not in ends[:2])
    assert other.which.startswith("One that ends otherwise")


def test_a_history_that_is_told_already_is_not_told_again(ensemble):
    first = ensemble.typical_replicate()
    found = chosen(ensemble.counted, 2, first)
    assert first not in found
    assert len(found) == 2


def test_moves_are_those_of_the_history_with_their_chances_and_reasons(made, ensemble):
    for told, k in zip(made.summary.histories, chosen(ensemble.counted), strict=True):
        history = ensemble.history(k)
        moves = [step for step in told.steps if step.number is not None]
        assert [step.number for step in moves] == list(range(1, len(history.visible) + 1))
        for step, event in zip(moves, history.visible, strict=True):
            assert step.rung == event.rung
            because = [share.says for share in history.because(step.number) if share.logits > 0]
            assert [reason.says for reason in step.reasons] == because[: len(step.reasons)]
            assert bool(step.reasons) == bool(because)
            assert f"{event.date:%H:%M}" in step.when


def test_a_history_in_short_is_its_telling_moves_in_order_with_the_strongest_reason(made, ensemble):
    unlikely = 0
    for told, k in zip(made.summary.histories, chosen(ensemble.counted), strict=True):
        history = ensemble.history(k)
        moves = [step for step in told.steps if step.number is not None]
        assert 0 < len(told.turns) <= min(7, len(moves))
        left = iter(moves)
        found = [
            next(
                step for step in left if step.told == turn.told and turn.when.startswith(step.when)
            )
            for turn in told.turns
        ]
        assert max(step.rung for step in found) == max(step.rung for step in moves)
        for turn, step in zip(told.turns, found, strict=True):
            explanation = history.explain(step.number)
            option = explanation.options[explanation.chosen]
            strongest = max(option.rules, key=lambda share: share.logits, default=None)
            if strongest is not None and strongest.logits >= 0.1:
                assert turn.why.endswith(strongest.says)
                assert turn.statements == strongest.statements
            odd = option.probability < 0.05
            unlikely += odd
            assert odd == turn.why.startswith(f"against the odds ({step.chance})")
    assert unlikely


def test_a_changed_scenario_does_not_ask_what_may_no_longer_fit(made, raid):
    changed = sim.report(raid.with_("raid.dead", 9), replicates=20, without=2)
    assert changed.summary.asks == ""
    text = Page(changed.html).text
    assert raid.asks not in text
    assert "With other values than the scenario’s own: raid.dead = 9 (2 before)" in text
    assert raid.asks in Page(sim.report(raid, replicates=20, without=2).html).text


def test_the_background_is_told_with_the_lines_of_its_statements(page):
    statements = sim.load("after-the-strike").crisis.statements
    told = page.text.partition("The scenario On 3 January")[2].partition("4 states decide")[0]
    lines = {
        int(n) for found in re.findall(r"\(lines? ([\d, ]+)\)", told) for n in found.split(",")
    }
    assert {statements[name].line for name in ("ev-killing", "ev-strike", "iq-contain")} <= lines
    assert lines <= {statement.line for statement in statements.values()}
    assert "[" not in told


def test_a_checkout_that_was_never_installed_says_so(raid, monkeypatch):
    monkeypatch.setattr("sim.saving.__version__", "0+unknown")
    facts = sim.report(raid, replicates=20, without=2).summary.again.facts
    (versions,) = [fact.text for fact in facts if fact.label == "Versions"]
    assert versions.startswith("escalation from a checkout, no release, numpy ")


def test_the_opening_is_told_with_its_statements():
    scenario = sim.load("after-the-strike").with_("strike.dead", 7)
    told = opening_of(sim.run(scenario, 1).log)
    moves = [event for event in told.events if ": " in event.told and "learn" not in event.told]
    assert [event.statements for event in moves] == [e.because for e in scenario.opening]
    (strike,) = [event for event in told.events if "notified strike" in event.told]
    assert "7 US" in strike.detail
    (fact,) = told.changed
    assert (fact.label, fact.text) == ("strike.dead", "7 (0 before)")


def test_the_evidence_holds_every_statement_with_its_line(made, page):
    statements = sim.load("after-the-strike").crisis.statements
    said = {one.statement: one for voice in made.summary.evidence for one in voice.said}
    assert said.keys() == statements.keys()
    for name, statement in statements.items():
        assert (said[name].line, said[name].says) == (statement.line, statement.says)
        assert f"s-{name}" in page.ids


def test_what_drives_the_result_is_what_influence_finds(raid):
    made = sim.report(raid, replicates=4_000, without=3_000, seed=5)
    found = sim.influence(raid, replicates=3_000, seed=5).summary
    (table,) = made.summary.drivers
    marked = [e.statement.id for e in found.effects if any(e.distinct)]
    assert marked
    assert list(rows(table)) == marked
    for k, (label, outcome) in enumerate(zip(found.labels, found.outcomes, strict=True)):
        said = made.summary.drives[k]
        assert said.lower().startswith(label.lower())
        told = [e for e in found.ranked(outcome) if e.distinct[k]]
        assert bool(told) == ("can be told from none" not in said)
        if told:
            assert f"({told[0].statement.id}, line {told[0].statement.line})" in said
        # Most is said only where no other statement's interval reaches that of the first.
        if " hangs most on " in said:
            first = told[0].differences[k].estimate
            others = [e.differences[k].estimate for e in found.effects if e is not told[0]]
            least = min(abs(first.low), abs(first.high))
            assert all(max(abs(e.low), abs(e.high)) < least for e in others if e.low < e.high)


def test_commands_have_every_digit_of_what_was_changed(raid):
    made = sim.report(raid.with_({"weights.all": 1 / 3, "raid.dead": 4}), replicates=20, without=2)
    (told,) = made.summary.again.commands
    options = shlex.split(told)
    set_to = [value for flag, value in pairwise(options) if flag == "--set"]
    again = dict(pair.split("=") for pair in set_to)
    assert float(again["weights.all"]) == 1 / 3
    assert again["raid.dead"] == "4"


def test_commands_name_what_made_it(made):
    (command,) = made.summary.again.commands
    assert command == ("escalation report after-the-strike --seed 5 --replicates 300 --without 20")
    facts = {fact.label: fact.text for fact in made.summary.again.facts}
    assert facts["Digest of its content"] == sim.load("after-the-strike").digest()
    assert f"numpy {np.__version__}" in facts["Versions"]


# --- folders ------------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes_from_a_folder_too(raid, tmp_path):
    whole, again = (sim.report(raid, replicates=60, without=5, seed=7, threads=n) for n in (1, 2))
    assert whole.html == again.html
    sim.ensemble(raid, 60, 7).save(tmp_path / "saved")
    found = sim.report(tmp_path / "saved", scenario=raid, without=5).summary
    assert (found.kind, whole.summary.kind) == ("ensemble", "scenario")
    for part in ("title", "answer", "numbers", "pictures", "histories", "drives", "evidence"):
        assert getattr(found, part) == getattr(whole.summary, part)
    assert found.again.commands[0].endswith("--out saved")
    assert str(tmp_path) not in sim.report(tmp_path / "saved", scenario=raid, without=5).html
    with pytest.raises(sim.InputError, match="simulated already"):
        sim.report(tmp_path / "saved", scenario=raid, replicates=50)


def test_a_report_of_a_saved_history_tells_it_first(raid, tmp_path):
    history = sim.run(raid.with_("raid.dead", 3), 14, replicate=2)
    history.save(tmp_path / "saved")
    found = sim.report(tmp_path / "saved", scenario=raid, replicates=40, without=2).summary
    first = found.histories[0]
    assert first.which == "The saved history"
    assert found.answer[0] == f"{first.headline} {first.reason}"
    assert first.command == ("escalation run raid --seed 14 --replicate 2 --set raid.dead=3")
    assert "replicate 2." not in "".join(told.where for told in found.histories[1:])
    assert 2 <= len(found.histories) <= 3
    assert len([step for step in first.steps if step.number]) == len(history.visible)


def test_what_goes_on_from_a_fork_is_refused(raid, tmp_path):
    fork = sim.run(raid, 1).at(1.0)
    with pytest.raises(sim.InputError, match="fork"):
        sim.report(fork.ensemble(10))
    with pytest.raises(sim.InputError, match="no results"):
        sim.report(tmp_path)


# --- studies ------------------------------------------------------------------------------------


def test_a_grid_gives_its_points_and_no_mean_over_them(studies):
    (grid, report), _ = studies
    found = report.summary
    outcomes, points = found.numbers
    assert outcomes.heads == ("Outcome", "Least", "Greatest")
    assert len(points) == len(grid.design)
    war = grid.table("open_war")
    least, greatest = rows(outcomes)["Chance of open war"]
    for cell, value in ((least, war["estimate"].min()), (greatest, war["estimate"].max())):
        shown = float(re.sub("[<%]", "", cell.text)) / 100
        assert shown == pytest.approx(value, abs=0.005) or cell.text.startswith("<")
    assert len(found.histories) >= 2
    assert "Under which levels it climbs cannot be told: 6 design points are too few" in " ".join(
        found.drives
    )


def test_points_that_are_all_alike_are_not_told_as_two(raid):
    calm = raid.with_("horizon_days", 0.01)
    for varied, each in (({"raid.dead": [3]}, "the only"), ({"raid.dead": [3, 4]}, "each of 2")):
        report = sim.report(sim.sweep(calm, varied, replicates=20))
        points = "points" if "2" in each else "point"
        said = f"At {each} design {points} the chance of open war is <17% (0 to 17%)."
        assert report.summary.answer == (said,)
    assert report.summary.driver == (
        "Which factors matter cannot be told: the chance of open war is 0 at every design point: "
        "nothing moves it."
    )


def test_a_study_of_no_share_has_its_outcome_at_every_point(raid):
    study = sim.sweep(raid, {"raid.dead": [0, 40]}, replicates=20, outcomes=["dead"])
    _, points = sim.report(study).summary.numbers
    assert points.heads == ("Design point", "Mean number of dead")
    told = [float(cells[0].text) for cells in rows(points).values()]
    assert told == pytest.approx(study.table("dead")["estimate"].to_list(), abs=0.06)


def test_a_study_of_one_history_a_point_is_reported_without_pairs(raid):
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        report = sim.report(sim.sweep(raid, {"raid.dead": [0, 5, 40]}, replicates=1))
    assert [one.title[:18] for one in report.summary.pictures] == ["Chance of open war"]
    assert " nan" not in Page(report.html).text


def test_a_sample_gives_its_mean_and_its_quantiles(studies):
    _, (sample, report) = studies
    found = report.summary
    (table,) = found.numbers
    for label, outcome, unit, sign in (
        ("Mean number of dead", "dead", 1, ""),
        ("Chance of any force", "force", 100, "%"),
    ):
        values = unit * sample.table(outcome)["estimate"].to_numpy()
        mean, interval, middle, spread = (c.text for c in rows(table)[label])
        half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
        assert half > 0
        assert float(mean.removesuffix(sign)) == pytest.approx(values.mean(), abs=half / 2)
        low, high = (float(end) for end in interval.removesuffix(sign).split(" to "))
        assert high - low == pytest.approx(2 * half, rel=0.15)
        # Of 40 points the twentieth of them in order, the second, and the thirty-eighth.
        ordered = np.sort(values)
        for said, place in zip([middle, *spread.split(" to ")], (19, 1, 37), strict=True):
            assert float(said.removesuffix(sign)) == pytest.approx(ordered[place], rel=0.06)
    (factors,) = found.varied
    assert len(factors) == len(sample.names) > 2
    turned = sum(
        (sample.design[name].min() < 0 < sample.design[name].max()) for name in sample.names
    )
    assert turned > 0
    assert factors.note.startswith(f"The levels of {turned} weights go beyond 0, ")
    (of_grid,) = studies[0][1].summary.varied
    assert of_grid.note == ""


def test_a_report_and_the_picture_of_a_sample_give_the_same_quantiles():
    study = sim.sweep("after-the-strike", design="elicited", points=60, replicates=50)
    found = sim.report(study).summary
    (table,) = found.numbers
    *_, middle, spread = (cell.text for cell in rows(table)["Chance of open war"])
    (title,) = (shown.title for shown in found.pictures if "nine in ten" in shown.title)
    assert title.startswith(f"Chance of open war: {spread} at nine in ten points")
    assert title.endswith(f" {middle}")
    assert f"{middle} in the middle, and {spread} in nine of ten" in found.answer[0]
    # Of 50 histories a share is a whole number of fiftieths, and so is a quantile of such shares.
    for said in (middle, *spread.split(" to ")):
        assert float(said.removesuffix("%")) % 2 == 0


def test_a_factor_told_by_another_measure_than_the_one_that_ranks_is_said_to_be(studies):
    about = studied(studies[0][0])

    def index(factor, measure, mean, low, high, p):
        return Index(factor, measure, Estimate(mean, low, high, 128, "normal"), p, mean)

    def found(*indices):
        noise = Estimate(0.1, 0.05, 0.2, 128, "bootstrap")
        return Sensitivity("open_war", "share", "given", 128, indices, (), (), noise, False, (), 1)

    dead = index("raid.dead", "first_order", -0.004, -0.1, 0.088, 1.0)
    weights = index("weights.all", "first_order", 0.17, -0.02, 0.37, 0.6)
    pawn = index("raid.dead", "pawn", 0.25, 0.19, 0.31, 0.01)
    told = found(dead, weights, pawn)
    said = driver_in_words(about, told)
    assert "It is raid.dead, told by its PAWN index, 0.25 (0.19 to 0.31); " in said
    assert "its part by itself is -0.4% (-10.0 to 8.8%), which is not told from none, and" in said
    assert "its place among the factors 1 to 2, as far as the intervals tell." in said
    assert "largest" not in said
    assert "neighbours" not in told.says[1]
    assert [cells[-1].text for _, g in drivers_table(about, told).groups for cells in g] == [
        "PAWN index"
    ]
    both = found(dead, replace(weights, p=0.001), pawn)
    assert "The largest estimate of those that do is that of weights.all: its part by" in (
        driver_in_words(about, both)
    )


def test_a_study_says_at_its_head_what_matters_and_how_much(studies):
    for _, report in studies:
        assert report.summary.driver == report.summary.drives[0]
    grid = {"strike.dead": [0, 80], "weights.all": [0.5, 1.0, 2.0]}
    report = sim.report(sim.sweep("after-the-strike", grid, replicates=400))
    found = report.summary
    (table,) = found.drivers
    label, value, place = table.groups[0][1][0]
    assert found.driver == (
        f"{found.drives[0]} The largest estimate of those that do is that of {label.text}: its "
        f"part in the variance is {value.text}% ({value.note}%), and its place among the factors "
        f"{place.text}, as far as the intervals tell."
    )
    assert Page(report.html).text.partition("The scenario")[0].count(found.driver) == 1


def test_histories_of_a_study_are_simulated_as_they_were_counted(studies):
    for study, _ in studies:
        rows = study.dataset().to_table().to_pandas().sort_values(["point", "replicate"])
        rows = rows.reset_index(drop=True)
        for row, which in among(rows).items():
            history = study.history(int(rows["point"][row]), int(rows["replicate"][row]))
            assert history.days == rows["days"][row]
            assert (history.end == "open_war") == rows["open_war"][row]
            if which == "The worst history":
                assert rows["open_war"][row] == rows["open_war"].any()


def test_a_report_of_a_study_is_well_made(studies):
    study, report = studies[0]
    page = Page(report.html)
    assert Counter(page.ids).most_common(1)[0][1] == 1
    assert {"design", "numbers", "pictures", "histories", "drives", "again"} <= set(page.ids)
    named = sim.report(study.folder).html
    assert str(study.folder.parent) not in named
    for grid in ("&#39;{}&#39;", "report {}\n"):
        assert grid.format("grid") in named
        named = named.replace(grid.format("grid"), grid.format("FOLDER"))
    assert report.html == named


def test_the_call_of_a_study_made_in_python_makes_it(studies, repository, tmp_path, monkeypatch):
    data = repository / "tests" / "data"
    shutil.copy(data / "raid.toml", tmp_path)
    shutil.copytree(data / "border", tmp_path / "border")
    monkeypatch.chdir(tmp_path)
    kept = sim.sweep(
        sim.load("raid.toml").with_("raid.dead", 1),
        {
            "grim": {
                "paths": ["weights.all"],
                "name": "grim",
                "distribution": "uniform",
                "low": 0.5,
                "high": 1.5,
            }
        },
        design="latin-hypercube",
        points=8,
        seed=3,
        replicates=4,
        outcomes=("open_war", "days"),
    )
    for study in (*(study for study, _ in studies), kept):
        call, command = sim.report(study).summary.again.commands
        assert command == "escalation report FOLDER"
        shutil.rmtree(tmp_path / "FOLDER", ignore_errors=True)
        assert eval(call, {"sim": sim}).manifest["digest"] == study.manifest["digest"]
    assert "sim.load('raid.toml').with_({'raid.dead': 1})" in call


def test_no_report_says_where_anything_lies(made, studies, raid, repository):
    reports = [made, *(report for _, report in studies), sim.report(raid, replicates=20, without=2)]
    homes = [str(study.folder.parent) for study, _ in studies] + [
        str(repository),
        tempfile.gettempdir(),
    ]
    for report in reports:
        assert not [home for home in homes if home in report.html]
        # Of a path from the root, or from a drive, no beginning.
        text = Page(report.html).text
        assert not re.findall(r"(?<![\w.<])/(?:\w+/)+|\b[A-Z]:\\", text)


# --- hostile text -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(repository, tmp_path_factory):
    """A crisis of one's own, in which every text is an attempt to get out of the page."""
    folder = tmp_path_factory.mktemp("h") / "a <b>&'folder"
    shutil.copytree(repository / "tests" / "data" / "border", folder / "border")
    shutil.copy(repository / "tests" / "data" / "raid.toml", folder / "raid.toml")
    planted = iter(HOSTILE * 30)

    def plant(found):
        text = next(planted)
        return f"{found[1]} = '{text}'" if "'" not in text else found[0]

    keys = r"^(title|asks|background|says|speaker|name|source|clock|label)\s*=\s*\".*\"$"
    for path in (folder / "raid.toml", *(folder / "border").glob("*.toml")):
        text = path.read_text(encoding="utf-8").replace("asks =", 'background = "None."\nasks =')
        path.write_text(re.sub(keys, plant, text, flags=re.M), encoding="utf-8")
    return folder / "raid.toml"


def test_hostile_text_stays_text(hostile):
    scenario = sim.load(hostile)
    said = {scenario.title, scenario.asks, scenario.background, scenario.crisis.source}
    said |= {statement.says for statement in scenario.crisis.statements.values()}
    assert said <= set(HOSTILE)
    assert len(said) >= 3
    made = sim.report(hostile, replicates=40, without=2)
    page = Page(made.html)
    for text in said:
        assert " ".join(text.split()) in page.text
    tags = {tag for tag, _ in page.elements}
    assert not {"script", "img", "b"} & tags
    assert len(page.of("h1")) == 1
    assert not [name for _, found in page.elements for name in found if name.startswith("on")]
    assert "49" not in made.summary.title
    assert "report raid.toml " in made.summary.again.commands[0]
    (style,) = re.findall(r"<style>(.*?)</style>", made.html, re.DOTALL)
    assert "@top-left { content: " in style
    assert not [text for text in said if text in style]
    assert re.search(r'content: "([\\0-9a-zA-Z ]+)"; }', style)


@pytest.mark.parametrize("text", NEVER)
def test_text_that_no_page_can_hold_is_refused_before_anything_is_simulated(
    repository, tmp_path, monkeypatch, text
):
    monkeypatch.setattr("sim.reports.ensemble", None)
    shutil.copytree(repository / "tests" / "data" / "border", tmp_path / "border")
    raid = (repository / "tests" / "data" / "raid.toml").read_text(encoding="utf-8")
    planted = raid.replace('title = "', f'title = "A {text}', 1)
    (tmp_path / "raid.toml").write_text(planted, encoding="utf-8")
    with pytest.raises(sim.InputError, match=rf"raid.toml: title: holds U\+{text[2:6].upper()}, "):
        sim.report(tmp_path / "raid.toml", replicates=40, without=2)


class Directions(HTMLParser):
    """Where a text stands on a page: whether its direction is its own, each time that it does."""

    def __init__(self, html, text):
        super().__init__()
        self.open = []
        self.text = text
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        own = "auto" if tag == "bdi" else dict(attrs).get("dir")
        if tag not in ("meta", "br", "path", "use"):
            self.open.append((tag, own))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = [tag for tag, _ in self.open]
        if self.text in data and "svg" not in tags and tags[-1] not in ("title", "style"):
            told = [own for _, own in self.open if own]
            self.found.append((tags[-1], told[-1:] == ["auto"]))


def test_text_of_any_script_runs_its_own_way(repository, tmp_path):
    shutil.copytree(repository / "tests" / "data" / "border", tmp_path / "border")
    shutil.copy(repository / "tests" / "data" / "raid.toml", tmp_path)
    hebrew = "שלום"
    for path in (tmp_path / "raid.toml", *(tmp_path / "border").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        keys = r"^(title|asks|says|speaker|name|source|label)\s*=\s*\""
        path.write_text(re.sub(keys, rf"\g<0>{hebrew} ", text, flags=re.M), encoding="utf-8")
    found = Directions(sim.report(tmp_path / "raid.toml", replicates=40, without=2).html, hebrew)
    assert len(found.found) > 20
    assert [tag for tag, own in found.found if not own] == []
    assert Directions(f"<p>{hebrew}</p>", hebrew).found == [("p", False)]


def test_text_that_is_not_escaped_would_be_found():
    page = Page(f"<p>{HOSTILE[0]}{HOSTILE[1]}</p>")
    assert {"script", "img"} <= {tag for tag, _ in page.elements}
    assert [name for _, found in page.elements for name in found if name.startswith("on")]


def test_the_wheel_carries_the_templates(repository):
    wheel = pytest.importorskip("hatchling.builders.wheel")
    carried = {
        found.distribution_path
        for found in wheel.WheelBuilder(str(repository)).recurse_included_files()
    }
    templates = list((repository / "sim" / "pages" / "templates").iterdir())
    assert len(templates) > 5
    assert {f"sim/pages/templates/{path.name}" for path in templates} <= carried
