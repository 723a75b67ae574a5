"""The commands that read a study: sensitivity and discover."""

import json
import shutil

import numpy as np
import pytest

import sim
from sim.sensitivities import sampled

UNIFORM = {"distribution": "uniform", "low": 0.3, "high": 2.0}
SAMPLED = {
    "strike.dead": {"distribution": "integer", "low": 0, "high": 12},
    "tempo.us": UNIFORM,
    "tempo.uk": UNIFORM,
}
LEVELS = {"strike.dead": [0, 12], "tempo.us": [0.5, 1.5]}
KEPT = ("open_war", "us_force_7d", "us_first_force")
DESIGNS = {
    "latin-hypercube": (SAMPLED, {"points": 200, "replicates": 60, "streams": "independent"}),
    "saltelli": (SAMPLED, {"points": 32, "replicates": 30}),
    "one-at-a-time": (LEVELS, {"replicates": 400}),
    "factorial": (LEVELS, {"replicates": 200, "streams": "independent"}),
}


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """A small study of each design, by the design's name."""
    folder = tmp_path_factory.mktemp("studies")
    for design, (factors, more) in DESIGNS.items():
        sim.sweep(
            "after-the-strike",
            factors,
            design=design,
            outcomes=KEPT,
            out=folder / design,
            workers=1,
            **more,
        )
    return folder


def args(studies, command, design, *more):
    return (command, str(studies / design), "--outcome", "us_force_7d", *more)


def test_too_few_points_for_partial_correlations_show_spearmans(told, tmp_path):
    near = {"distribution": "uniform", "low": 0.9, "high": 1.1}
    actors = ("us", "iran", "iraq", "uk")
    others = {f"{what}.{a}": near for a in actors for what in ("tempo", "precision")}
    factors = {"strike.dead": SAMPLED["strike.dead"], **others}
    factors |= {f"weights.actors.{actor}": near for actor in actors}
    sim.sweep(
        "after-the-strike",
        factors,
        design="latin-hypercube",
        points=20,
        replicates=300,
        outcomes=KEPT,
        out=tmp_path / "few",
        workers=1,
    )
    words = " ".join(told("sensitivity", "few", "--outcome", "us_force_7d").split())
    assert "too few for partial rank correlations" in words
    assert "Spearman PAWN strike.dead 1 " in words
    assert "Spearman's rank correlation, which says which way" in words
    assert "PRCC" not in words


def test_an_outcome_that_is_called_as_an_option_is_not_taken_for_one(refused, tmp_path):
    factors = {"tempo.us": UNIFORM, "tempo.uk": UNIFORM}
    more = {"points": 32, "replicates": 10, "outcomes": ("days",), "workers": 1}
    short = sim.load("after-the-strike").with_("horizon_days", 0.02)
    sim.sweep(short, factors, design="latin-hypercube", out=tmp_path / "s", **more)
    line = "escalation: days: is 0.02 at every design point: nothing moves it"
    assert refused("plot", "s", "--kind", "drivers", "--outcome", "days") == line
    assert refused("sensitivity", "s", "--outcome", "days") == line


@pytest.mark.parametrize("design", DESIGNS)
def test_what_matters_is_told_and_what_does_not_is_named(told, studies, design):
    text = told(*args(studies, "sensitivity", design))
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in text
    words = " ".join(text.split())
    assert "move us_force_7d, as far as" in words
    rows = [line for line in lines if line.startswith("strike.dead")]
    assert len(rows) == 1
    assert "Monte Carlo noise" in words
    assert "settled" in words or "too small to rank" in words
    if design in ("latin-hypercube", "saltelli"):
        assert "Indistinguishable from none (1): tempo.uk." in words


@pytest.mark.parametrize("design", DESIGNS)
def test_json_has_every_index_with_its_interval(told, studies, design):
    found = json.loads(told(*args(studies, "sensitivity", design, "--json")))
    names = list(DESIGNS[design][0])
    assert sorted(row["factor"] for row in found["factors"]) == sorted(names)
    assert found["factors"][0]["factor"] == "strike.dead"
    assert {row["factor"] for row in found["indices"]} == set(names)
    for row in found["indices"]:
        assert row["low"] <= row["mean"] <= row["high"]
    told_by_facade = sim.sensitivity(studies / design, "us_force_7d")
    assert found == json.loads(json.dumps(told_by_facade.to_dict()))


def test_swings_on_common_streams_are_paired(studies):
    study = sim.study(studies / "one-at-a-time")
    found = sim.sensitivity(study, "us_force_7d")
    dead = next(swing for swing in found.swings if swing.factor == "strike.dead")
    design = study.design
    ends = [design.index[design["strike.dead"] == level][0] for level in (0, 12)]
    assert dead.change == study.compare(*ends, "us_force_7d").estimate


def test_a_method_that_does_not_serve_is_refused(refused, studies):
    line = refused(*args(studies, "sensitivity", "factorial", "--method", "sobol"))
    assert "a factorial design does not serve 'sobol'; allowed: factorial, given" in line


def test_medians_have_no_noise_to_tell(told, studies):
    folder = str(studies / "latin-hypercube")
    found = json.loads(told("sensitivity", folder, "--outcome", "us_first_force", "--json"))
    assert found["kind"] == "median"
    assert found["noise"]["mean"] is None


@pytest.mark.parametrize("design", ["saltelli", "factorial", "one-at-a-time"])
def test_one_replicate_a_point_does_not_tell_its_noise(tmp_path, design):
    """Where every point is one history, all may be noise: nothing says that there is none."""
    factors = SAMPLED if design == "saltelli" else LEVELS
    points = {"points": 32} if design == "saltelli" else {}
    study = sim.sweep(
        "after-the-strike",
        factors,
        design=design,
        outcomes=("us_force_7d",),
        replicates=1,
        streams="independent",
        seed=2,
        out=tmp_path / "one",
        workers=1,
        **points,
    )
    assert np.isnan(sampled(study, "us_force_7d")[0].variance).all()
    found = sim.sensitivity(study, "us_force_7d")
    assert np.isnan(found.noise.mean)
    assert "There is no Monte Carlo noise." not in found.says
    if design != "saltelli":
        assert found.told == ()
    if design == "one-at-a-time":
        assert {swing.change.method for swing in found.swings} == {"independent shares"}


@pytest.mark.parametrize("command", ["sensitivity", "discover"])
def test_a_wrong_folder_or_outcome_is_one_line(refused, studies, command):
    assert "no such file" in refused(command, "nowhere")
    line = refused(command, str(studies / "latin-hypercube"), "--outcome", "opn_war")
    assert "did you mean 'open_war'?" in line


def test_it_climbs_when_the_dead_are_many(told, studies):
    text = told(*args(studies, "discover", "latin-hypercube", "--threshold", "0.6"))
    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    assert words.startswith("us_force_7d climbs when strike.dead is at least ")
    assert "it reaches 60% at " in words
    for part in ("Box 1, ", "density ", "coverage ", " on average (", "resamples", "Tree, "):
        assert part in words


def test_in_a_pipe_it_says_that_it_seeks(cli, studies):
    found = cli(*args(studies, "discover", "latin-hypercube", "--method", "tree", "--top", "0.3"))
    assert found.stderr == "seeking levels at which us_force_7d climbs ...\n"


def test_discovery_in_json_is_the_facade_s(told, studies):
    more = ("--threshold", "0.6", "--method", "tree", "--seed", "4", "--json")
    found = json.loads(told(*args(studies, "discover", "latin-hypercube", *more)))
    same = sim.discover(
        studies / "latin-hypercube", "us_force_7d", threshold=0.6, methods=("tree",), seed=4
    )
    assert found == json.loads(json.dumps(same.to_dict()))
    assert found["boxes"] is None
    assert found["found"]


def test_one_factor_at_a_time_shows_no_boxes(refused, studies):
    line = refused(*args(studies, "discover", "one-at-a-time"))
    assert "shows no levels that act together" in line


def test_a_saltelli_study_lends_its_independent_points(told, studies):
    with pytest.raises(
        sim.InputError, match="of 160 Saltelli points the 64 drawn independently are too few"
    ):
        sim.discover(studies / "saltelli", "us_force_7d", methods=("tree",))


@pytest.fixture
def broken(studies, tmp_path):
    """Make a study that an interruption left without some of its design points."""

    def make(design):
        folder = tmp_path / design
        shutil.copytree(studies / design, folder)
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        manifest["status"] = "interrupted"
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        study = sim.study(folder)
        rows = study.summary
        rows.loc[rows["point"] < 3, ["estimate", "low", "high", "sd"]] = np.nan
        study.__dict__["summary"] = rows
        return study

    return make


def test_an_interrupted_study_is_read_with_a_caution(broken):
    found = sim.sensitivity(broken("latin-hypercube"), "us_force_7d")
    assert found.points == 197
    assert found.cautions[0].startswith(
        "the study is interrupted: 197 of 200 design points have estimates"
    )


@pytest.mark.parametrize("design", ["saltelli", "factorial", "one-at-a-time"])
def test_a_design_that_needs_all_its_points_is_refused_without(broken, design):
    with pytest.raises(sim.InputError, match="design needs them all"):
        sim.sensitivity(broken(design), "us_force_7d")
