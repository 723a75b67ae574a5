"""Two steps: the answers are those of the ensemble, and the replies those of forks."""

import numpy as np
import pytest

import sim
from sim.analysis.futures import Futures
from sim.analysis.objectives import Objective
from sim.analysis.replies import NO_ANSWER, reply
from sim.engines.ensemble import event_rows, play_block
from sim.engines.nested import NONE, OVER, Step, play_step, sizes
from sim.kernel import layout as at

OUTER, INNER, DAY = 40, 3, 1.0


@pytest.fixture(scope="module")
def fork():
    return sim.run("eighty-dead", 7).at(DAY)


@pytest.fixture(scope="module")
def step(fork):
    forced = fork.force("us", "limited_strike", "iran", now=True)
    return play_step(
        fork.log.assembly,
        forced.state,
        "us",
        "iran",
        measure(fork),
        outer=OUTER,
        inner=INNER,
        seed=5,
    )


def measure(fork):
    actors, horizon = fork.log.assembly.actors, fork.scenario.horizon_days
    return lambda out: Objective().criteria(Futures.of(out, actors, fork.state, horizon))


def test_the_answers_are_the_first_moves_of_the_adversary_in_the_ensemble(fork, step):
    assembly = fork.log.assembly
    origin = fork.force("us", "limited_strike", "iran", now=True).state
    iran = assembly.actors.index("iran")
    for j in range(OUTER):
        rows = event_rows(assembly, 5, j, origin=origin)
        own = [r for r in rows if r[at.ROW_KIND] == at.MOVE and r[at.ROW_ACTOR] == iran]
        early = [r for r in own if r[at.ROW_TIME] <= DAY + 7]
        if early:
            option = assembly.options[iran][step.answers[j]]
            assert assembly.moves[int(early[0][at.ROW_MOVE])] == option.move
        else:
            over = rows[-1][at.ROW_TIME] <= DAY + 7
            assert step.answers[j] == (OVER if over else NONE)


def test_every_reply_to_the_likeliest_answers_was_played_and_no_other(step):
    assert step.likeliest
    for c in (0, 1):
        for j, answer in enumerate(step.answers):
            played = int(answer) in step.likeliest
            assert np.isfinite(step.replies[c][j]).all() == played
            assert np.isnan(step.as_model[c][j]) == played
    moved = sum(int(a) in step.likeliest for a in step.answers)
    rest = sum(int(a) not in step.likeliest and a != OVER for a in step.answers)
    assert step.inner == INNER * (moved * step.replies[0].shape[1] + rest)


def test_a_reply_that_starts_open_war_brings_it(fork, step):
    assembly = fork.log.assembly
    war = [str(o) for o in assembly.options[0]].index("open_war iran")
    played = np.isin(step.answers, step.likeliest)
    assert (step.replies[0][played, war] == 1.0).all()


def test_threads_change_nothing(fork, step):
    forced = fork.force("us", "limited_strike", "iran", now=True)
    again = play_step(
        fork.log.assembly,
        forced.state,
        "us",
        "iran",
        measure(fork),
        outer=OUTER,
        inner=INNER,
        seed=5,
        threads=1,
    )
    for c in (0, 1):
        assert again.replies[c].tobytes() == step.replies[c].tobytes()


def test_going_on_as_the_model_does_has_the_probabilities_of_one_step(fork):
    """With no adversary nobody answers, and nothing but the moment of new luck differs."""
    forced = fork.force("us", "limited_strike", "iran", now=True)
    step = play_step(
        fork.log.assembly, forced.state, "us", "", measure(fork), outer=150, inner=2, seed=5
    )
    # Nobody's silence is an answer too, and likely: leave the replies out of it.
    out = play_block(fork.log.assembly, 800, 9, 0, forced.state)
    dead = measure(fork)(out)[1]
    hold = step.replies[1][:, 0]
    values = np.where(np.isnan(step.as_model[1]), hold, step.as_model[1])
    error = np.sqrt(values.var() / len(values) + dead.var() / len(dead))
    # The US holds once at day 8, which the model would mostly do: four standard errors.
    assert abs(values.mean() - dead.mean()) < 4 * error


def made(values, answers=None):
    """A step in which every outer replicate was answered alike; values by reply."""
    outer = len(values)
    answers = np.zeros(outer, int) if answers is None else answers
    return Step(answers, (0,), [values], [np.full(outer, np.nan)], outer)


def test_the_best_reply_is_found_and_valued():
    rng = np.random.default_rng(1)
    values = rng.normal([3.0, 1.0, 2.0], 0.5, (200, 3))
    (found,) = reply([made(values)], ["dead"], ["a", "b", "c"], [["x"]])
    assert [(r.answer, r.reply, r.alike) for r in found.replies] == [("x", "b", ())]
    assert found.estimates["dead"].low < 1.0 < found.estimates["dead"].high
    assert found.replies[0].probability.mean == 1.0


def test_no_answer_is_an_answer():
    step = made(np.ones((20, 2)), np.full(20, NONE))
    step = Step(step.answers, (NONE,), step.replies, step.as_model, step.inner)
    (found,) = reply([step], ["dead"], ["a", "b"], [["x"]])
    assert found.replies[0].answer == NO_ANSWER


def test_the_best_of_like_replies_looks_no_better_than_it_is():
    rng = np.random.default_rng(2)
    found, naive = [], []
    for _ in range(200):
        values = rng.normal(0.0, 1.0, (40, 10))
        (told,) = reply([made(values)], ["dead"], list("abcdefghij"), [["x"]])
        found.append(told.estimates["dead"].mean)
        naive.append(values.mean(axis=0).min())
    # Each has a standard error of 0.16; 200 of them, 0.011: four of these.
    assert abs(np.mean(found)) < 0.045
    # Chosen and valued by the same futures, as it must not be.
    assert np.mean(naive) < -0.15


@pytest.mark.parametrize("budget", [1, 5_000, 400_000, 10**8])
def test_a_budget_is_shared_out(budget):
    outer, inner = sizes(budget, 10, 15)
    assert outer >= 20
    assert inner >= 2
    if budget >= 10 * 15 * 20 * 2:
        assert 10 * 15 * outer * inner <= budget
