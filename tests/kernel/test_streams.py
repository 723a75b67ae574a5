import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.kernel import layout as at
from sim.kernel import streams

WORD = st.integers(0, 2**64 - 1)
ONES = 2**64 - 1

# philox4x64 10 in tests/kat_vectors of Random123 (Salmon et al. 2011).
PUBLISHED = {
    "zeros": (
        (0, 0, 0, 0, 0, 0),
        (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
    ),
    "ones": (
        (ONES, ONES, ONES, ONES, ONES, ONES),
        (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
    ),
    "pi": (
        (
            0x243F6A8885A308D3,
            0x13198A2E03707344,
            0xA4093822299F31D0,
            0x082EFA98EC4E6C89,
            0x452821E638D01377,
            0xBE5466CF34E90C6C,
        ),
        (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
    ),
}


def philox(*words: int) -> tuple[int, ...]:
    return tuple(int(word) for word in streams.philox(*(np.uint64(word) for word in words)))


def numpys(counter: tuple[int, ...], key: tuple[int, int]) -> tuple[int, ...]:
    """NumPy's block at a counter: it counts up before it makes its first block."""
    number = sum(word << (64 * k) for k, word in enumerate(counter))
    before = (number - 1) % 2**256
    generator = np.random.Philox(counter=before, key=key[0] + (key[1] << 64))
    return tuple(int(word) for word in generator.random_raw(4))


@pytest.mark.parametrize("name", PUBLISHED)
def test_philox_gives_the_published_vectors(name):
    words, expected = PUBLISHED[name]
    assert philox(*words) == expected


def test_philox_minds_every_word():
    for place in range(6):
        words = [0] * 6
        words[place] = 1
        assert philox(*words) != PUBLISHED["zeros"][1]


@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_philox_is_numpys(counter, key):
    assert philox(*counter, *key) == numpys(counter, key)


@given(WORD, WORD, st.integers(0, 2), st.integers(0, 15), st.integers(0, 10**6), st.integers(0, 99))
def test_an_address_is_a_counter(seed, replicate, kind, who, count, block):
    key = at.new_state(seed, replicate).key
    words = numpys((count, who, block, kind), (seed, replicate))
    drawn = streams.draw(key, kind, who, count, block)
    assert drawn == tuple(((word >> 12) + 0.5) / 2**52 for word in words)


def test_no_two_addresses_share_a_number():
    key = at.new_state(3, 4).key
    addresses = list(itertools.product(range(3), range(4), range(20), range(2)))
    drawn = {u for address in addresses for u in streams.draw(key, *address)}
    assert len(drawn) == 4 * len(addresses)


def test_uniform_lies_strictly_between_0_and_1():
    assert streams.uniform(np.uint64(0)) == 2.0**-53
    assert streams.uniform(np.uint64(ONES)) == 1.0 - 2.0**-53
    assert -math.log(streams.uniform(np.uint64(ONES))) > 0.0


@given(WORD)
def test_uniform_steps_by_2_to_the_minus_52(word):
    u = float(streams.uniform(np.uint64(word)))
    assert 0.0 < u < 1.0
    assert u * 2**52 - 0.5 == word >> 12


@pytest.fixture(scope="module")
def uniforms() -> np.ndarray:
    key = at.new_state(11, 0).key
    return np.array([streams.draw(key, 0, 0, k, 0) for k in range(5000)])


@pytest.mark.parametrize("lane", range(4))
def test_lanes_are_uniform(uniforms, lane, alpha):
    assert stats.kstest(uniforms[:, lane], "uniform").pvalue > alpha / 4


def test_lanes_are_uncorrelated(uniforms, alpha):
    spread = np.corrcoef(uniforms, rowvar=False)[np.triu_indices(4, 1)] * math.sqrt(len(uniforms))
    assert np.abs(spread).max() < stats.norm.isf(alpha / 12)


def poisson_fit(counts: np.ndarray, mean: float) -> float:
    """P-value of the chi-square test of counts against a Poisson, in cells of equal chance."""
    edges = np.unique(stats.poisson.ppf(np.linspace(0, 1, 13)[1:-1], mean))
    cells = np.searchsorted(edges, counts, side="left")
    chances = np.diff(np.concatenate([[0.0], stats.poisson.cdf(edges, mean), [1.0]]))
    observed = np.bincount(cells, minlength=len(chances))
    return float(stats.chisquare(observed, len(counts) * chances).pvalue)


@pytest.mark.parametrize("mean", [0.3, 5.0, 60.0, 400.0])
def test_poisson_counts_are_poisson(uniforms, mean, alpha):
    counts = np.array([streams.poisson(mean, u) for u in uniforms.ravel()])
    assert poisson_fit(counts, mean) > alpha / 4


@pytest.mark.parametrize("mean", [0.3, 5.0, 60.0, 400.0])
def test_the_poisson_test_has_teeth(uniforms, mean, alpha):
    counts = np.array([streams.poisson(mean, u) for u in uniforms.ravel()])
    assert poisson_fit(counts, mean + 0.1 * math.sqrt(mean)) < alpha / 4


@given(st.floats(0.0, 500.0), st.floats(2.0**-53, 1.0 - 2.0**-53))
def test_poisson_inverts_the_distribution(mean, u):
    count = int(streams.poisson(mean, u))
    slack = 1e-12
    assert stats.poisson.cdf(count, mean) >= u - slack
    assert count == 0 or stats.poisson.cdf(count - 1, mean) <= u + slack


@given(st.floats(0.0, 500.0), st.floats(0.0, 500.0), st.floats(2.0**-53, 1.0 - 2.0**-53))
def test_poisson_rises_with_its_mean(a, b, u):
    low, high = sorted((a, b))
    assert streams.poisson(low, u) <= streams.poisson(high, u)


def test_no_mean_no_dead():
    assert streams.poisson(0.0, 1.0 - 2.0**-53) == 0
