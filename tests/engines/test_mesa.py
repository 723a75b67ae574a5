"""At home in Mesa: collector, batch runner, viewer, agents that somebody else decides for."""

import inspect
import os

import mesa
import numpy as np
import pytest

import sim
from sim import CrisisModel, InputError, Option, StateActor, run


def one_line(caught) -> str:
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_step_is_a_day(scenarios):
    model = CrisisModel(scenarios["after-the-strike"], 1)
    assert isinstance(model, mesa.Model)
    assert (model.day, model.steps, model.running) == (0.0, 0, True)
    for day in (1, 2, 3):
        model.step()
        assert (model.day, model.steps) == (day, day)


def test_a_model_runs_to_its_end(scenarios):
    model = CrisisModel(scenarios["after-the-strike"], 1)
    model.run_model()
    assert model.running is False
    assert model.end in ("open_war", "settlement", "horizon")
    day = model.day
    model.step()
    assert model.day == day


def test_agents_are_states(scenarios):
    model = CrisisModel(scenarios["after-the-strike"], 1, **{"strike.dead": 4})
    assert {agent.id for agent in model.agents} == set(model.assembly.actors)
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)
    us = model.actor["us"]
    assert us.dead == 4
    assert us.known_dead == 0
    assert us.rung == 1
    assert us.tension > 0.0
    assert us.urgency > 0.0
    model.step()
    assert us.known_dead == us.dead


def test_a_decision_is_taken_only_when_it_is_due(scenarios):
    model = CrisisModel(scenarios["after-the-strike"], 1)
    with pytest.raises(InputError) as caught:
        model.agents.do("step")
    assert "has no decision due" in one_line(caught)
    assert model.log.decisions == []


def test_the_collector_gives_frames(scenarios):
    model = CrisisModel(scenarios["after-the-strike"], 2)
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == ["day", "peak_rung", "total_dead", "end"]
    assert len(frame) == model.steps
    assert frame["day"].is_monotonic_increasing
    assert frame["peak_rung"].is_monotonic_increasing
    assert frame["total_dead"].is_monotonic_increasing
    assert frame["end"].iloc[-1] == model.end
    assert frame["peak_rung"].iloc[-1] == model.peak_rung
    agents = model.datacollector.get_agent_vars_dataframe()
    assert set(agents["actor"]) == set(model.assembly.actors)
    assert set(agents.index.names) == {"Step", "AgentID"}


def batch(**parameters):
    arguments = {"iterations": 1, "max_steps": 60, "display_progress": False}
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        # Mesa 3.5 takes the seeds beside the parameters.
        seeds = parameters.pop("rng")
        arguments = {**arguments, "rng": seeds, "iterations": None}
    return mesa.batch_run(CrisisModel, parameters, number_processes=1, **arguments)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_mesas_batch_runner_takes_dotted_paths():
    rows = batch(scenario="after-the-strike", rng=[1, 2], **{"strike.dead": [0, 5]})
    assert len({row["RunId"] for row in rows}) == 4
    assert {row["strike.dead"] for row in rows} == {0, 5}
    assert all(row["total_dead"] >= row["strike.dead"] for row in rows)
    assert {row["end"] for row in rows} <= {"open_war", "settlement", "horizon"}


def test_a_wrong_path_is_told_in_a_line():
    with pytest.raises(InputError) as caught:
        CrisisModel("after-the-strike", 1, **{"strike.daed": 5})
    assert "strike.dead" in one_line(caught)


@pytest.mark.parametrize(
    "rng", [None, 0, 7, np.int64(7), np.random.default_rng(7), np.random.SeedSequence(7)]
)
def test_what_mesa_takes_as_rng_is_taken(scenarios, rng):
    model = CrisisModel(scenarios["raid"], rng)
    assert 0 <= model.history_seed < 2**64
    if isinstance(rng, (int, np.integer)):
        assert model.history_seed == rng
    model.run_model()
    again = run(scenarios["raid"], model.history_seed)
    assert [row.tobytes() for row in again.log.rows] == [row.tobytes() for row in model.log.rows]


def test_no_rng_is_another_history_each_time(scenarios):
    seeds = {CrisisModel(scenarios["raid"]).history_seed for _ in range(5)}
    assert len(seeds) == 5


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_out_of_range_is_told_in_a_line(scenarios, seed):
    with pytest.raises(InputError) as caught:
        run(scenarios["raid"], seed)
    assert str(seed) in one_line(caught)


@pytest.mark.parametrize("replicate", [-1, 2**64])
def test_a_replicate_out_of_range_is_told_in_a_line(scenarios, replicate):
    with pytest.raises(InputError) as caught:
        run(scenarios["raid"], 1, replicate=replicate)
    assert str(replicate) in one_line(caught)


def test_an_opening_that_is_war_is_over_before_it_starts(tmp_path):
    (tmp_path / "war.toml").write_text(
        """
        extends = "after-the-strike"
        title = "War already"
        asks = "And then?"
        [[opening]]
        id = "declared"
        date = 2020-01-08T05:57:00
        actor = "us"
        move = "open_war"
        target = "iran"
        """
    )
    history = run(tmp_path / "war.toml", 1)
    assert (history.end, history.days, len(history.moves)) == ("open_war", 0.0, 0)
    model = CrisisModel(str(tmp_path / "war.toml"), 1)
    assert not model.running
    model.step()
    assert model.day == 0.0


# --- who decides ----------------------------------------------------------------------------


def test_a_callable_decides(scenarios):
    seen = []

    def hawk(view):
        seen.append(view)
        return view.option("limited_strike", "south")

    history = run(scenarios["raid"], 3, decide={"north": hawk})
    strikes = [event for event in history.visible if event.actor == "north"]
    assert strikes
    assert len(strikes) == len(seen)
    assert {event.move for event in strikes} == {"limited_strike"}
    view = seen[0]
    assert view.actor == "north"
    assert view.options[0] == Option("hold", None)
    assert view.probabilities.sum() == pytest.approx(1.0)
    assert view.choice in view.options
    assert set(view.covariates["grievance"]) == {"south"}
    assert view.date.date().isoformat().startswith("2001-03")


def test_a_view_shows_what_is_known_and_not_the_truth(scenarios):
    seen = []
    raid = scenarios["raid"].with_({"actors.north.assessment_days": 3.0, "raid.dead": 7})

    def watch(view):
        seen.append((view.day, view.known_dead, view.covariates["dead"]["south"]))
        return view.choice

    run(raid.with_({"tempo.north": 5.0}), 1, decide={"north": watch})
    assert any(known == 0 for day, known, _ in seen if day < 2.0)
    assert all(known == 0 and dead == 0.0 for day, known, dead in seen if day < 2.0)
    assert any(known >= 7 for _, known, _ in seen)


def test_a_view_stays_as_it_was(scenarios):
    seen = []
    run(scenarios["raid"], 1, decide={"north": lambda view: seen.append(view) or view.choice})
    at_once = []
    run(
        scenarios["raid"],
        1,
        decide={"north": lambda view: at_once.append(dict(view.covariates)) or view.choice},
    )
    assert [dict(view.covariates) for view in seen] == at_once


class Dove(StateActor):
    """Never does anything."""

    def decide(self, view):
        return "hold"


def test_a_subclass_decides(scenarios):
    history = run(scenarios["raid"], 3, decide={"north": Dove})
    assert not [event for event in history.visible if event.actor == "north"]
    model = CrisisModel(scenarios["raid"], 3, decide={"north": Dove})
    assert isinstance(model.actor["north"], Dove)
    assert model.actor["north"].replaced
    assert not model.actor["south"].replaced


def test_the_others_luck_is_left_alone(scenarios, told):
    """Asking somebody who does as the model does changes nothing; a dove, only what it does."""
    scenario = scenarios["from-the-killing"]
    for seed in range(5):
        plain = run(scenario, seed)
        asked = run(scenario, seed, decide={"iran": lambda view: view.choice})
        assert told(plain.log) == told(asked.log)
        dove = run(scenario, seed, decide={"iran": lambda view: view.options[0]})
        first = min((e.day for e in plain.visible if e.actor == "iran"), default=np.inf)
        before = [d for d in told(plain.log, first)[1] if d[1] != "iran"]
        assert before == [d for d in told(dove.log, first)[1] if d[1] != "iran"]


def test_a_wrong_actor_is_told_in_a_line(scenarios):
    with pytest.raises(InputError) as caught:
        run(scenarios["raid"], 1, decide={"nroth": Dove})
    text = one_line(caught)
    assert "nroth" in text
    assert "did you mean 'north'" in text


@pytest.mark.parametrize("wrong", ["mediate", Option("protest", "north"), Option("open_war", "x")])
def test_an_option_outside_the_repertoire_is_told_in_a_line(scenarios, wrong):
    with pytest.raises(InputError) as caught:
        run(scenarios["raid"], 1, decide={"north": lambda view: wrong})
    assert "north cannot choose" in one_line(caught)
    with pytest.raises(InputError):
        run(scenarios["raid"], 1, decide={"north": lambda view: view.option("meditate")})


def test_a_models_parts_are_public():
    for name in ("CrisisModel", "StateActor", "View", "Option", "History", "run", "load"):
        assert getattr(sim, name) is not None


def test_solara_draws_it(scenarios):
    pytest.importorskip("solara")
    os.environ.setdefault("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "false")
    import solara
    from mesa.visualization import SolaraViz, make_plot_component

    model = CrisisModel(scenarios["after-the-strike"], 1)
    page = SolaraViz(model, components=[make_plot_component("peak_rung")], name="Escalation")
    box, context = solara.render(page, handle_error=False)
    try:
        assert box.children
    finally:
        context.close()
