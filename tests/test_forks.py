"""A fork is the whole state: left alone it goes on to the bit, and many futures start there."""

import json

import numpy as np
import pytest

import sim
from sim.engines.ensemble import event_rows
from sim.errors import InputError

SCENARIOS = ("eighty-dead", "from-the-killing")


@pytest.fixture(scope="module", params=SCENARIOS)
def history(request):
    """A history of some length."""
    histories = (sim.run(request.param, seed=seed) for seed in range(20))
    return next(history for history in histories if history.days > 12)


def bytes_of(history) -> bytes:
    return np.array(history.log.rows).tobytes()


@pytest.mark.parametrize("day", [0.0, 0.01, 0.5, 3.5, 7.0, 11.9])
def test_a_fork_left_alone_is_the_same_history(history, day):
    assert bytes_of(history.at(day).run()) == bytes_of(history)


def test_a_fork_on_the_last_day_is_the_whole_history(history):
    assert bytes_of(history.at(history.days).run()) == bytes_of(history)


def test_a_fork_of_a_fork_is_a_fork(history):
    again = history.at(3.5).run().at(7.0).run()
    assert bytes_of(again) == bytes_of(history)


@pytest.mark.parametrize("day", [-0.1, 1e6])
def test_a_day_outside_is_told_in_a_line(history, day):
    with pytest.raises(InputError, match="outside"):
        history.at(day)


@pytest.mark.parametrize("day", [0.0, 2.0, 6.0])
def test_forcing_what_happened_changes_nothing(history, day):
    assembly = history.log.assembly
    checked = 0
    for i, actor in enumerate(assembly.actors):
        later = [d for d in history.log.decisions if d.actor == actor and d.day > day]
        if later:
            option = assembly.options[i][later[0].option]
            fork = history.at(day).force(actor, option.move, option.target)
            assert bytes_of(fork.run()) == bytes_of(history)
            checked += 1
    assert checked >= 2


def test_forcing_another_move_makes_it_the_next(history):
    fork = history.at(2.0).force("us", "display", "iran")
    other = fork.run()
    decision = next(d for d in other.log.decisions if d.actor == "us" and d.day > 2.0)
    option = other.log.assembly.options[other.log.assembly.actors.index("us")][decision.option]
    assert (option.move, option.target) == ("display", "iran")
    before = [np.array([row for row in h.log.rows if row[0] <= 2.0]) for h in (history, other)]
    assert before[0].tobytes() == before[1].tobytes()
    # The fork that it came from is left alone.
    assert bytes_of(history.at(2.0).run()) == bytes_of(history)


@pytest.mark.parametrize(
    "forced, says",
    [
        (("usa", "display", "iran"), "did you mean 'us'"),
        (("us", "display", "iraq"), "cannot choose"),
        (("iraq", "open_war", "iran"), "cannot choose"),
    ],
)
def test_what_cannot_be_forced_is_told_in_a_line(history, forced, says):
    with pytest.raises(InputError, match=says):
        history.at(1.0).force(*forced)


@pytest.mark.parametrize("day", [0.0, 3.5])
def test_a_replicate_of_a_fork_is_told_by_the_mesa_face(history, day):
    fork = history.at(day)
    ensemble = fork.ensemble(40, seed=3)
    for k in range(40):
        rows = event_rows(history.log.assembly, 3, k, origin=fork.state)
        assert bytes_of(ensemble.history(k)) == rows.tobytes()
        assert ensemble.outcomes.day[k] == rows[-1, 0]
        assert (rows[:, 0] >= day).all()


def test_replicates_of_a_fork_differ_and_threads_do_not(history):
    fork = history.at(1.0)
    one, two = (fork.ensemble(200, seed=3, threads=n) for n in (1, 2))
    assert one.outcomes.day.tobytes() == two.outcomes.day.tobytes()
    assert len(set(one.outcomes.decisions.tolist())) > 5


def test_a_fork_at_the_start_has_the_probabilities_of_the_scenario():
    history = sim.run("eighty-dead", seed=1)
    fork = history.at(0.0).ensemble(4_000, seed=8).probability("us_force_7d")
    whole = sim.ensemble("eighty-dead", 4_000, seed=9).probability("us_force_7d")
    # Four standard errors of each: one false alarm in some ten thousand seeds.
    assert abs(fork.mean - whole.mean) < 2 * (fork.half_width + whole.half_width)


def test_forcing_moves_a_forks_probabilities():
    fork = sim.run("after-the-strike", seed=1).at(1.0)
    plain = fork.ensemble(2_000).probability("iran_force")
    struck = fork.force("us", "limited_strike", "iran").ensemble(2_000).probability("iran_force")
    assert struck.low > plain.high


def test_a_replicate_of_a_forks_ensemble_can_be_forked_again():
    fork = sim.run("after-the-strike", seed=7).at(3.5)
    told = fork.ensemble(20, seed=3).history(3)
    for day in (3.5, 5.0, told.days):
        again = told.at(day).run()
        assert np.array(again.log.rows).tobytes() == np.array(told.log.rows).tobytes()
    with pytest.raises(sim.InputError, match=r"day 1 lies outside this history; allowed: 3\.5 to"):
        told.at(1.0)


@pytest.mark.parametrize("day", [0.0, 2.0, 6.0])
def test_what_is_forced_at_once_happens_at_the_moment_of_the_fork(history, day):
    fork = history.at(day).force("us", "display", "iran", now=True)
    told = fork.run()
    decision = next(d for d in told.log.decisions if d.actor == "us" and d.day >= day)
    assert decision.day == day
    first = next(e for e in told.events if e.day >= day and e.kind == "move")
    assert (first.day, first.actor, first.move) == (day, "us", "display")
    # It takes the place of the decision that would have come next: nobody else's count moves.
    before = [[d for d in h.log.decisions if d.day < day] for h in (history, told)]
    assert [len(own) for own in before] == [len(before[0])] * 2
    assert bytes_of(history.at(day).run()) == bytes_of(history)


def test_forced_at_once_means_the_same_in_every_engine(history):
    fork = history.at(3.5).force("us", "limited_strike", "iran", now=True)
    ensemble = fork.ensemble(40, seed=3)
    for k in range(40):
        rows = event_rows(history.log.assembly, 3, k, origin=fork.state)
        assert rows[0, 0] == 3.5
        assert bytes_of(ensemble.history(k)) == rows.tobytes()
    assert (ensemble.outcomes.first_force[:, 0] == 3.5).all()


def test_two_can_be_forced_at_once_and_the_first_blow_does_not_put_the_second_off(history):
    fork = history.at(3.5).force("us", "limited_strike", "iran", now=True)
    both = fork.force("iran", "limited_strike", "us", now=True)
    for told in (both.run(), *(both.ensemble(20).history(k) for k in range(20))):
        first, second = [e for e in told.events if e.day >= 3.5 and e.kind == "move"][:2]
        assert [first.day, second.day] == [3.5, 3.5]
        assert [first.actor, second.actor] == ["us", "iran"]


@pytest.mark.parametrize("now", [False, True])
def test_a_history_with_something_forced_can_be_forked_at_any_moment(history, now):
    told = history.at(2.0).force("us", "display", "iran", now=now).run()
    day = next(d.day for d in told.log.decisions if d.actor == "us" and d.day >= 2.0)
    # Before what is forced has come, at it, and after it.
    for moment in (2.0, (2.0 + day) / 2, day, 5.0):
        assert bytes_of(told.at(moment).run()) == bytes_of(told)


def test_forced_without_a_hurry_waits_for_the_actors_own_time(history):
    plain, told = (history.at(3.5).force("us", "display", "iran", now=n).run() for n in (0, 1))
    days = [
        next(d.day for d in h.log.decisions if d.actor == "us" and d.day >= 3.5)
        for h in (plain, told)
    ]
    assert days[0] > days[1] == 3.5


def test_a_forced_move_is_not_told_as_the_models_own():
    fork = sim.run("after-the-strike", seed=7).at(3.5)
    history = fork.force("us", "display", "iran").run()
    number = next(
        k for k, e in enumerate(history.visible, 1) if e.actor == "us" and e.day > fork.day
    )
    explanation = history.explain(number)
    assert history.visible[number - 1].move == "display"
    assert explanation.chosen != explanation.model
    assert history.because(number) == ()
    assert history.to_dict()["moves"][number - 1]["by_model"] is False


def test_what_is_forced_goes_before_whoever_decides():
    fork = sim.run("after-the-strike", seed=7).at(3.5).force("us", "display", "iran")
    history = fork.run(decide={"us": lambda view: "hold"})
    assert [e.move for e in history.visible if e.actor == "us" and e.day > 3.5] == ["display"]


def test_the_manifest_says_what_was_forced_and_who_decided(tmp_path):
    plain = sim.run("after-the-strike", seed=7)
    forced = plain.at(3.5).force("us", "display", "iran", now=True).run()
    decided = sim.run("after-the-strike", seed=7, decide={"uk": lambda view: view.choice})
    replicate = plain.at(3.5).ensemble(5, seed=3).history(2)
    written = []
    for n, history in enumerate((plain, forced, decided, replicate)):
        folder = history.save(tmp_path / str(n))
        written.append(json.loads((folder / "manifest.json").read_text()))
    assert [w["forced"] for w in written] == [[], [[3.5, "us", "display iran", True]], [], []]
    assert [w["decided_by_others"] for w in written] == [[], [], ["uk"], []]
    assert [w["fork"] and w["fork"]["day"] for w in written] == [None, None, None, 3.5]


def test_a_forks_ensemble_pairs_with_no_whole_one():
    fork = sim.run("after-the-strike", seed=7).at(3.5)
    with pytest.raises(sim.InputError, match="moment of a fork"):
        fork.ensemble(20).compare(sim.ensemble("after-the-strike", 20))


def test_a_resumed_model_knows_what_was_reached_and_goes_on_by_days():
    history = sim.run("after-the-strike", seed=7)
    model = sim.CrisisModel("after-the-strike", resume=history.at(3.5).log)
    reached = max(event.rung for event in history.visible if event.day <= 3.5)
    assert model.peak_rung == reached
    model.step()
    assert model.day == 4.5
    with pytest.raises(sim.InputError, match="own scenario"):
        sim.CrisisModel("after-the-strike", resume=history.at(1).log, **{"strike.dead": 5})


@pytest.mark.parametrize("bad", [{"seed": 1.5}, {"threads": 1.5}, {"replicates": "10"}])
def test_what_is_no_whole_number_is_refused(bad):
    with pytest.raises(sim.InputError, match="whole number"):
        sim.ensemble("after-the-strike", **{"replicates": 10, **bad})
