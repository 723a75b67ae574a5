"""What results can show: opened from their folders, drawn by kind, the same bytes every time."""

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest

import sim
from sim.drawing import FORMATS, Kind, draw, kinds, kinds_of, plot, source_of
from sim.drawing_kinds import Source
from sim.errors import InputError
from tests.plots.reading import gids

OF_HISTORY = ["path", "decision"]
OF_ENSEMBLE = ["outcomes", "fan", "paths", "tree", "incidence", "matrix"]
#: Those that take no time to draw.
QUICK = "outcomes"


@pytest.fixture(scope="module")
def history():
    return sim.run(sim.load("eighty-dead").with_("strike.dead", 70), seed=5)


@pytest.fixture(scope="module")
def ensemble():
    return sim.ensemble(sim.load("eighty-dead").with_("strike.dead", 70), 100, 5)


@pytest.fixture(scope="module")
def saved(history, ensemble, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    return history.save(folder / "history"), ensemble.save(folder / "ensemble")


def names(source):
    return [kind.name for kind in kinds_of(source)]


def test_what_results_can_show(history, ensemble, saved):
    assert names(source_of(history)) == names(source_of(saved[0])) == OF_HISTORY
    assert names(source_of(ensemble)) == names(source_of(saved[1])) == OF_ENSEMBLE
    pair = source_of(ensemble, against="eighty-dead")
    assert names(pair) == [*OF_ENSEMBLE, "difference"]
    assert names(source_of("eighty-dead")) == OF_HISTORY + OF_ENSEMBLE


def test_a_history_without_moves_has_no_decision():
    history = sim.run(sim.load("after-the-strike").with_("horizon_days", 0.01), seed=1)
    assert not history.visible
    assert names(source_of(history)) == ["path"]
    with pytest.raises(InputError, match="nothing that 'decision' could show"):
        draw(history, ["decision"])


def test_a_saved_history_gives_the_picture_that_it_was_saved_with(saved):
    (picture,) = draw(saved[0], ["path"])
    assert picture.render() == (saved[0] / "path.png").read_bytes()


def test_a_saved_ensemble_gives_the_pictures_of_the_ensemble(ensemble, saved):
    for name in (QUICK, "matrix"):
        ((now,), (then,)) = (draw(of, [name]) for of in (ensemble, saved[1]))
        assert now.alt == then.alt
        assert now.render() == then.render()


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_input_gives_the_same_bytes(ensemble, form):
    first, second = (draw(ensemble, [QUICK])[0].render(form) for _ in range(2))
    assert first == second
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[form]
    assert first.startswith(start)
    assert not re.search(rb"20\d\d-\d\d-\d\dT|CreationDate|Matplotlib v", first)


def test_an_svg_says_what_it_shows(ensemble):
    (picture,) = draw(ensemble, [QUICK])
    text = picture.render("svg").decode()
    ElementTree.fromstring(text)
    assert picture.alt.split(":")[0] in text


def test_plot_takes_an_axes(history, ensemble):
    ax = ensemble.plot("outcomes")
    assert ensemble.plot("outcomes", ax) is ax
    assert len(gids(history.plot(kind="decision", move=2), "step")) > 0
    assert len(gids(history.plot(), "move")) > 3
    assert len(gids(plot("eighty-dead", "outcomes", replicates=50), "bar")) == 11


def test_the_highest_move_is_taken_apart_unless_another_is_asked_for(history):
    top = max(event.rung for event in history.visible)
    label = next(move.label for move in history.scenario.crisis.moves if move.rung == top)
    (picture,) = draw(history, ["decision"])
    assert label in picture.title
    (other,) = draw(history, ["decision"], move=1)
    first = history.visible[0]
    assert history.scenario.crisis.move(first.move).label in other.title


@pytest.mark.parametrize(
    "asked,how,said",
    [
        (["fam"], {}, "no such kind of picture: 'fam'; allowed: outcomes, fan, .*mean 'fan'"),
        (["path"], {}, "'path' is a picture of a history"),
        (["difference"], {}, "--against names the other"),
        (["fan"], {"move": 3}, "'move' means nothing to fan"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_line(ensemble, asked, how, said):
    with pytest.raises(InputError, match=said) as refused:
        draw(ensemble, asked, **how)
    assert "\n" not in str(refused.value)


def test_a_history_has_nothing_to_compare_with(history):
    with pytest.raises(InputError, match="no ensemble to compare with"):
        source_of(history, against="eighty-dead")


def test_folders_without_results_are_refused(tmp_path, saved):
    with pytest.raises(InputError, match=r"has no manifest\.json: no results"):
        draw(tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match="no manifest of a history, an ensemble or a study"):
        draw(tmp_path)
    (tmp_path / "manifest.json").write_text("[")
    with pytest.raises(InputError, match="is no JSON"):
        draw(tmp_path)
    said = json.loads((saved[1] / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(said | {"digest": "0"}))
    with pytest.raises(InputError, match="another version of the scenario"):
        draw(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps(said | {"fork": {"day": 2}}))
    with pytest.raises(InputError, match="goes on from a fork"):
        draw(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps(said))
    with pytest.raises(InputError, match=r"outcomes\.npz: cannot be read"):
        draw(tmp_path)


def test_an_ensemble_of_another_model_is_found_out(ensemble):
    from sim.drawing_ensembles import courses_of

    changed = sim.ensemble(ensemble.scenario, 20, 5)
    changed.outcomes.day[3] += 0.25
    with pytest.raises(InputError, match="another version of the model"):
        courses_of(changed)


def test_pictures_rest_on_the_first_of_very_many(ensemble):
    from sim.drawing_ensembles import courses_of

    found = courses_of(ensemble, most=30)
    assert len(found) == found.moves.replicates == 30
    assert np.array_equal(found.end, ensemble.outcomes.end[:30])


def test_every_kind_has_a_name_of_its_own_and_a_line():
    listed = [kind.name for kind in kinds()]
    assert len(set(listed)) == len(listed)
    assert all(0 < len(kind.says) < 66 and "\n" not in kind.says for kind in kinds())


def test_a_kind_of_ones_own_is_drawn_like_the_others(ensemble, monkeypatch):
    import sim.drawing_ensembles as table

    (outcomes,) = (kind for kind in kinds() if kind.name == QUICK)
    mine = Kind("mine", "study", "mine", outcomes.summarise, outcomes.plots, outcomes.noun)
    monkeypatch.setattr(table, "KINDS", (*table.KINDS, mine))
    source = Source("x", {"study": lambda: None, "ensemble": lambda: ensemble})
    (picture,) = draw(source, ["mine"])
    assert picture.kind is mine
    assert len(gids(picture.figure.axes[0], "bar")) == 11
