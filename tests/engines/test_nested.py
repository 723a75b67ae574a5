"""Two steps: the answers are those of the ensemble, and the replies those of forks."""

import numpy as np
import pytest

import sim
from sim.analysis.futures import Futures
from sim.analysis.objectives import Objective
from sim.analysis.replies import NO_ANSWER, reply
from sim.engines.ensemble import event_rows, play_block
from sim.engines.nested import NONE, OVER, Option, Step, answered, joined, outer_of, play_steps
from sim.errors import InputError
from sim.kernel import layout as at

DAY, SEED, REPLIES = 1.0, 5, 10
BUDGET = 40 * (1 + 3 * REPLIES)


@pytest.fixture(scope="module")
def fork():
    return sim.run("eighty-dead", 7).at(DAY)


def option_of(fork, adversary="iran"):
    forced = fork.force("us", "limited_strike", "iran", now=True)
    return Option(fork.log.assembly, forced.state, adversary, measure(fork))


def played(fork, adversary="iran", **how):
    how = {"budget": BUDGET, "seed": SEED} | how
    (step,) = play_steps([option_of(fork, adversary)], "us", **how)
    return step


@pytest.fixture(scope="module")
def step(fork):
    return played(fork)


def measure(fork):
    actors, horizon = fork.log.assembly.actors, fork.scenario.horizon_days
    return lambda out: Objective().criteria(Futures.of(out, actors, fork.state, horizon))


def test_the_answers_are_the_first_moves_of_the_adversary_in_the_ensemble(fork, step):
    assembly = fork.log.assembly
    origin = fork.force("us", "limited_strike", "iran", now=True).state
    iran = assembly.actors.index("iran")
    for j in range(len(step.answers)):
        rows = event_rows(assembly, SEED, j, origin=origin)
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
    assert step.replies[0].shape[1] == REPLIES
    inner, over = divmod(step.futures - len(step.answers), moved * REPLIES + rest)
    assert inner >= 2
    assert over == 0


def test_a_reply_that_starts_open_war_brings_it(fork, step):
    assembly = fork.log.assembly
    war = [str(o) for o in assembly.options[0]].index("open_war iran")
    played = np.isin(step.answers, step.likeliest)
    assert (step.replies[0][played, war] == 1.0).all()


def test_threads_change_nothing(fork, step):
    again = played(fork, threads=1)
    for c in (0, 1):
        assert again.replies[c].tobytes() == step.replies[c].tobytes()


def test_going_on_as_the_model_does_has_the_probabilities_of_one_step(fork):
    """With no adversary nobody answers, and nothing but the moment of new luck differs."""
    step = played(fork, "", budget=150 * (1 + 3 * REPLIES))
    # Nobody's silence is an answer too, and likely: leave the replies out of it.
    out = play_block(fork.log.assembly, 800, 9, 0, option_of(fork).origin)
    dead = measure(fork)(out)[1]
    hold = step.replies[1][:, 0]
    values = np.where(np.isnan(step.as_model[1]), hold, step.as_model[1])
    error = np.sqrt(values.var() / len(values) + dead.var() / len(dead))
    # The US holds once at day 8, which the model would mostly do: four standard errors.
    assert abs(values.mean() - dead.mean()) < 4 * error


def counted(assembly, rows):
    """Count the moves in events, from nothing but what the events say."""
    moves = rows[rows[:, at.ROW_KIND] == at.MOVE]
    rung = assembly.params.move[moves[:, at.ROW_MOVE].astype(int), at.MOVE_RUNG]
    force = moves[rung >= at.FORCE_RUNG]
    first = [
        force[force[:, at.ROW_ACTOR] == i][:, at.ROW_TIME].min(initial=np.inf)
        for i in range(len(assembly.actors))
    ]
    answers = int(force[:, at.ROW_ANSWERS].sum())
    return len(moves), max([1, *rung]), len(force), answers, first


@pytest.mark.parametrize("seed", range(25))
def test_outer_and_inner_together_are_counted_as_one_history(fork, seed):
    option = option_of(fork)
    assembly = option.assembly
    whole = event_rows(assembly, seed, 3, option.origin)
    found = answered(option, seed, 3)
    now = float(found.state.time[at.NOW])
    outer = whole[whole[:, at.ROW_TIME] <= now]
    assert np.isin(outer[:, at.ROW_KIND], (at.SETTLEMENT, at.HORIZON)).any() == (
        found.answer == OVER and found.state.end != at.WAR
    )
    one = found.before
    if found.answer != OVER:
        inner = play_block(assembly, 1, seed, 8, found.state)
        rows = event_rows(assembly, seed, 8, found.state)
        one = joined(found.before, inner)
        assert one.decisions[0] == found.before.decisions[0] + inner.decisions[0]
        assert one.day[0] == rows[-1, at.ROW_TIME]
        outer = np.concatenate([outer, rows])
    told = one.moves[0], one.peak[0], one.force_moves[0], one.exchanges[0], list(one.first_force[0])
    assert told == counted(assembly, outer)


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
    step = Step(step.answers, (NONE,), step.replies, step.as_model, step.futures)
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


@pytest.mark.parametrize("budget", [20 * 21, 21 * 21 - 1, 3_000, 20_000])
def test_what_is_played_keeps_within_the_budget(fork, monkeypatch, budget):
    import sim.engines.nested as nested

    inner = []
    monkeypatch.setattr(
        nested, "play_block", lambda a, n, *rest: inner.append(n) or play_block(a, n, *rest)
    )
    told = []
    step = played(fork, budget=budget, progress=told.append)
    assert len(step.answers) >= 20
    assert step.futures == len(step.answers) + sum(inner) <= budget
    # What is left is less than one future more for each reply.
    assert step.futures > budget - len(inner)
    assert sum(told) == budget


def test_no_budget_is_larger_than_memory(fork, monkeypatch):
    monkeypatch.setattr("sim.engines.nested.MOST_INNER", 2)
    told = []
    step = played(fork, budget=10**12, progress=told.append)
    often = np.isin(step.answers, step.likeliest)
    paths = often.sum() * REPLIES + (~often & (step.answers != OVER)).sum()
    assert step.futures == len(step.answers) + 2 * paths
    # The meter ends all the same.
    assert sum(told) == 10**12


@pytest.mark.parametrize("options, replies", [(1, 10), (14, 10), (15, 15)])
def test_a_budget_that_is_too_small_names_the_least(options, replies):
    least = options * 20 * (1 + 2 * replies)
    with pytest.raises(InputError, match=f"allowed: {least:,} or more"):
        outer_of(least - 1, options, replies)
    for budget in (least, 2 * least, 400_000, 10**8):
        outer = outer_of(budget, options, replies)
        assert 20 <= outer <= 500
        assert options * outer * (1 + 2 * replies) <= budget


def test_an_interrupt_stops_what_has_not_begun(fork):
    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        played(fork, progress=interrupted)
