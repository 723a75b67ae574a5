import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from sim.kernel import clocks, loop
from sim.kernel import layout as at

TEMPO = st.floats(0.01, 20.0)
URGENCY = st.floats(0.0, 50.0)
HALF_LIFE = st.floats(0.05, 1e6)


def clock(tempo: float, half_life: float):
    params, state = at.new_record(at.PARAMS), at.new_state(1, 0)
    params.n = 1
    state.begun = 1
    params.actor[0, at.ACTOR_TEMPO] = tempo
    params.decay[0, at.URGENCY] = math.log(2) / half_life
    params.world[at.WORLD_CEILING] = 1e6
    return params, state


@given(st.floats(1e-9, 40.0), TEMPO, URGENCY, HALF_LIFE)
def test_the_rate_integrates_to_the_exponential(left, tempo, urgency, half_life):
    params, state = clock(tempo, half_life)
    clocks.restart(params, state, 0, left)
    clocks.quicken(params, state, 0, urgency)
    due = float(state.clock[0, at.CLOCK_DUE])
    decay = math.log(2) / half_life

    def rate(day):
        return tempo * (1 + urgency * math.exp(-decay * day))

    # In pieces, lest the quadrature overlook a short urgency in a long wait.
    edges = [min(due, k * half_life) for k in (0, 1, 3, 10, 40)] + [due]
    used = sum(integrate.quad(rate, a, b)[0] for a, b in itertools.pairwise(edges) if b > a)
    assert used == pytest.approx(left, rel=1e-9)


@given(st.floats(0.01, 20.0), TEMPO, HALF_LIFE, st.lists(st.floats(0.01, 0.99), max_size=4))
def test_a_jump_of_nothing_moves_no_date(left, tempo, half_life, fractions):
    params, state = clock(tempo, half_life)
    clocks.restart(params, state, 0, left)
    clocks.quicken(params, state, 0, 3.0)
    due = float(state.clock[0, at.CLOCK_DUE])
    for fraction in sorted(fractions):
        state.time[at.NOW] = fraction * due
        # So small that it moves nothing, but the clock is taken down and wound again.
        clocks.quicken(params, state, 0, 1e-300)
        assert state.clock[0, at.CLOCK_DUE] == pytest.approx(due, rel=1e-9)


@given(st.floats(0.01, 20.0), TEMPO, HALF_LIFE, st.floats(0.0, 5.0), st.floats(0.0, 5.0))
def test_quickening_twice_is_quickening_once(left, tempo, half_life, a, b):
    dues = []
    for jumps in ((a, b), (a + b,)):
        params, state = clock(tempo, half_life)
        clocks.restart(params, state, 0, left)
        state.time[at.NOW] = 0.3 * state.clock[0, at.CLOCK_DUE]
        for jump in jumps:
            clocks.quicken(params, state, 0, jump)
        dues.append(float(state.clock[0, at.CLOCK_DUE]))
    assert dues[0] == pytest.approx(dues[1], rel=1e-9)


@given(st.floats(0.01, 20.0), TEMPO, HALF_LIFE, st.floats(0.001, 5.0))
def test_urgency_hastens_and_never_turns_back_time(left, tempo, half_life, jump):
    params, state = clock(tempo, half_life)
    clocks.restart(params, state, 0, left)
    before = float(state.clock[0, at.CLOCK_DUE])
    state.time[at.NOW] = 0.5 * before
    clocks.quicken(params, state, 0, jump)
    assert state.time[at.NOW] <= state.clock[0, at.CLOCK_DUE] < before


def test_urgency_stops_at_its_ceiling():
    params, state = clock(1.0, 2.0)
    params.world[at.WORLD_CEILING] = 2.5
    clocks.restart(params, state, 0, 1.0)
    clocks.quicken(params, state, 0, 2.0)
    clocks.quicken(params, state, 0, 2.0)
    assert state.clock[0, at.CLOCK_URGENCY] == 2.5


def test_urgency_outlives_a_decision_and_fades():
    params, state = clock(1.0, 2.0)
    clocks.restart(params, state, 0, 1.0)
    clocks.quicken(params, state, 0, 4.0)
    state.time[at.NOW] = 2.0
    clocks.restart(params, state, 0, 1.0)
    assert state.clock[0, at.CLOCK_URGENCY] == pytest.approx(2.0, rel=1e-12)


def test_urgency_that_hardly_fades_is_a_faster_tempo():
    # A naive 1 - exp(-decay * t) would lose five digits here.
    params, state = clock(0.5, 1e6)
    clocks.restart(params, state, 0, 1e-3)
    clocks.quicken(params, state, 0, 3.0)
    assert state.clock[0, at.CLOCK_DUE] == pytest.approx(1e-3 / (0.5 * 4), rel=1e-9)


def thinned(tempo, urgency, decay, seed, many):
    """First decisions by brute force: propose at the highest rate, keep in proportion."""
    luck = np.random.default_rng(seed)
    highest = tempo * (1 + urgency)
    first = np.full(many, np.nan)
    day = np.zeros(many)
    while (open_ := np.isnan(first)).any():
        day[open_] += luck.exponential(1 / highest, open_.sum())
        keep = luck.random(many) * highest < tempo * (1 + urgency * np.exp(-decay * day))
        first[open_ & keep] = day[open_ & keep]
    return first


@pytest.mark.parametrize("factor, same", [(1.0, True), (1.25, False)])
def test_first_decisions_are_those_of_thinning(factor, same, alpha):
    many, tempo, urgency, half_life = 3000, 0.4, 5.0, 0.7
    decay = math.log(2) / half_life
    luck = np.random.default_rng(5)
    first = []
    for left in luck.exponential(size=many):
        params, state = clock(tempo, half_life)
        clocks.restart(params, state, 0, left)
        clocks.quicken(params, state, 0, urgency)
        first.append(float(state.clock[0, at.CLOCK_DUE]))
    brute = thinned(tempo, urgency * factor, decay, 6, many)
    assert bool(stats.ks_2samp(first, brute).pvalue > alpha) is same


@pytest.fixture
def decisions(bare):
    """Days of the decisions of an actor at rest, whose tempo is two a day."""
    bare.params.actor[0, at.ACTOR_TEMPO] = 2.0
    bare.state.time[at.LAST_HOT] = 0.0
    loop.begin(bare.params, bare.state, bare.work, 0)
    days = []
    for _ in range(8000):
        assert loop.proceed(bare.params, bare.state, bare.work, math.inf) == at.DECISION
        days.append(float(bare.state.time[at.NOW]))
        assert loop.perform(bare.params, bare.state, bare.work, 0) == at.HELD
    return np.array(days)


def counts_fit(days: np.ndarray, rate: float) -> float:
    """P-value of the counts in windows of five days as Poisson."""
    width = 5.0
    counts = np.bincount((days / width).astype(int))[:-1]
    edges = np.unique(stats.poisson.ppf(np.linspace(0, 1, 9)[1:-1], rate * width))
    chances = np.diff(np.concatenate([[0.0], stats.poisson.cdf(edges, rate * width), [1.0]]))
    observed = np.bincount(np.searchsorted(edges, counts), minlength=len(chances))
    return float(stats.chisquare(observed, len(counts) * chances).pvalue)


def test_an_actor_at_rest_is_a_poisson_process(decisions, alpha):
    gaps = np.diff(decisions, prepend=0.0)
    assert stats.kstest(gaps, "expon", (0, 0.5)).pvalue > alpha
    assert counts_fit(decisions, 2.0) > alpha
    neighbours = np.corrcoef(gaps[:-1], gaps[1:])[0, 1] * math.sqrt(len(gaps))
    assert abs(neighbours) < stats.norm.isf(alpha / 2)


def test_another_rate_would_be_found_out(decisions, alpha):
    gaps = np.diff(decisions, prepend=0.0)
    assert stats.kstest(gaps, "expon", (0, 0.5 * 1.1)).pvalue < alpha
    assert counts_fit(decisions, 2.2) < alpha
    # As many in all, but evenly spaced.
    assert counts_fit(np.arange(1, 8001) / 2.0, 2.0) < alpha


def test_going_on_to_a_day_gone_by_does_not_turn_back_time(bare):
    bare.params.actor[0, at.ACTOR_TEMPO] = 1e-9
    bare.state.time[at.LAST_HOT] = 0.0
    loop.begin(bare.params, bare.state, bare.work, 0)
    for until, now in ((5.0, 5.0), (3.0, 5.0), (7.0, 7.0)):
        assert loop.proceed(bare.params, bare.state, bare.work, until) == at.PAUSED
        assert bare.state.time[at.NOW] == now
