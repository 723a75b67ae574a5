"""``escalation plot``: what it draws, writes, says and refuses."""

import pytest

QUICK = ("--kind", "outcomes", "--replicates", "60")


@pytest.fixture
def written(told, tmp_path):
    """The files in a folder that a call wrote."""

    def call(folder, *args):
        told("plot", *args)
        return sorted(path.name for path in (tmp_path / folder).iterdir())

    return call


def test_a_scenario_is_played_and_drawn(told, tmp_path):
    said = told("plot", "after-the-strike", *QUICK, "--kind", "path", "--seed", "4")
    folder = tmp_path / "results" / "after-the-strike-pictures"
    assert sorted(path.name for path in folder.iterdir()) == ["outcomes.png", "path.png"]
    assert said.splitlines()[0] == "Written: results/after-the-strike-pictures"
    assert all(len(line) <= 80 for line in said.splitlines())
    assert "of histories end in open war" in said


def test_other_values_go_elsewhere(told):
    said = told("plot", "after-the-strike", *QUICK, "--set", "strike.dead=3")
    assert said.startswith("Written: results/after-the-strike-pictures-")


def test_results_are_drawn_beside_themselves(told, written):
    told("ensemble", "after-the-strike", "--replicates", "60", "--out", "e")
    found = written("e", "e", "--kind", "matrix", "--format", "svg")
    assert "matrix.svg" in found
    told("run", "after-the-strike", "--out", "h")
    assert {"decision.png", "path.png"} <= set(written("h", "h"))


def test_the_same_call_writes_the_same_bytes(told, tmp_path):
    for out in ("a", "b"):
        told("plot", "after-the-strike", *QUICK, "--format", "pdf", "--out", out)
    assert (tmp_path / "a/outcomes.pdf").read_bytes() == (tmp_path / "b/outcomes.pdf").read_bytes()


@pytest.mark.parametrize("against", [("--against", "eighty-dead"), ("--set-b", "strike.dead=80")])
def test_two_scenarios_are_compared(told, against):
    size = ("--replicates", "60")
    said = told("plot", "after-the-strike", "--kind", "difference", *size, *against)
    assert "difference.png" in said


@pytest.mark.parametrize(
    "args,said",
    [
        (("--kind", "fam"), "kind: no such kind of picture: 'fam'"),
        (("--kind", "fam"), "did you mean 'fan'?"),
        (("--kind", "difference"), "--against names the other"),
        (("--format", "svgg"), "allowed: png, svg, pdf; did you mean 'svg'?"),
        (("--kind", "fan", "--move", "2"), "'move' means nothing to fan"),
        (("--kind", "decision", "--move", "999"), "there is no move 999"),
    ],
)
def test_what_cannot_be_drawn_is_refused(refused, args, said):
    assert said in refused("plot", "after-the-strike", *args)


def test_no_such_results(refused, tmp_path):
    assert "no bundled scenario has this name" in refused("plot", "nowhere")
    (tmp_path / "empty").mkdir()
    assert "no bundled scenario" in refused("plot", "empty")


def test_saved_results_are_drawn_as_they_are(told, refused):
    told("ensemble", "after-the-strike", "--replicates", "60", "--out", "e")
    for more in (("--seed", "2"), ("--set", "strike.dead=2"), ("--replicates", "9")):
        assert "results are drawn as they are" in refused("plot", "e", *more)
    assert "--against names it" in refused("plot", "e", "--set-b", "strike.dead=2")
    assert "is a picture of a history" in refused("plot", "e", "--kind", "path")


def test_a_study_shows_an_outcome_and_says_what_it_has_too_little_for(told, refused, tmp_path):
    told("sweep", "us-dead", "--replicates", "40", "--out", "s")
    said = told("plot", "s")
    assert said.splitlines()[0] == "Written: s"
    assert "response.png Chance of open war" in said
    assert "of US force in 7 days" in told("plot", "s", "--outcome", "us_force_7d")
    found = {path.name for path in (tmp_path / "s").glob("*.png")}
    assert found == {"response.png", "response-us_force_7d.png"}
    assert "did you mean 'us_force_7d'?" in refused("plot", "s", "--outcome", "us_force_7")
    assert "has nothing that 'drivers' could show" in refused("plot", "s", "--kind", "drivers")
    # Pictures beside a study do not keep it from being taken up again.
    told("sweep", "us-dead", "--replicates", "40", "--out", "s", "--resume")


def test_what_statements_carry_is_drawn_from_its_folder(told, written):
    told("influence", "after-the-strike", "--replicates", "40", "--out", "i")
    assert "influence.png" in written("i", "i")
