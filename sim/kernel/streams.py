"""Random numbers as pure functions of an address: Philox 4x64-10 (Salmon et al. 2011).

Every number is fixed by (seed, replicate, branch; kind, who, count, block, lane), whoever asks for
it and when, so a replicate is the same crisis in any engine, worker or batch, and two variants of a
scenario meet the same luck wherever they meet the same question.
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.kernel.compiled import compiled
from sim.kernel.elementary import exp

# kind of address
OF_ACTOR = 0  # who: actor, count: its decisions so far
OF_OPENING = 1  # who: number of the opening event's id, count: 0
OF_INJECT = 2  # who: number of the inject's id, count: its occurrences so far

# blocks of four numbers each, and their lanes
DECIDE = 0
LANE_CLOCK, LANE_CHOICE, LANE_PLACE, LANE_ATTRIBUTION = 0, 1, 2, 3
LAND = 1
LANE_DEAD, LANE_NOTICE, LANE_LAUNCH = 0, 1, 2
VICTIMS = 2  # and the blocks after it: one number per dead

_MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
_MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
_WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
_WEYL_1 = np.uint64(0xBB67AE8584CAA73B)


@intrinsic
def _high_product(typingctx, a, b):
    """Upper 64 bits of the 128-bit product of two uint64."""

    def codegen(context, builder, signature, args):
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), codegen


@compiled
def philox(c0, c1, c2, c3, k0, k1):
    """Return the four uint64 words of Philox 4x64-10 at counter (c0..c3) and key (k0, k1)."""
    for _ in range(10):
        high0 = _high_product(_MULTIPLIER_0, c0)
        low0 = _MULTIPLIER_0 * c0
        high1 = _high_product(_MULTIPLIER_1, c2)
        low1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0 = k0 + _WEYL_0
        k1 = k1 + _WEYL_1
    return c0, c1, c2, c3


@compiled
def uniform(word):
    """Map a uint64 onto the open interval (0, 1), in steps of 2**-52.

    With one more bit the half would be rounded away, and the largest word would give 1.
    """
    return (np.float64(word >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)


@compiled
def draw(key, kind, who, count, block):
    """Return the four uniforms at an address.

    Parameters
    ----------
    key : uint64 array, shape (3,)
        Seed, replicate, and how many times the luck has been drawn anew (forks).
    kind, who, count, block : int64, >= 0
    """
    a, b, c, d = philox(
        np.uint64(count),
        np.uint64(who),
        np.uint64(block),
        np.uint64(kind) | (key[2] << np.uint64(8)),
        key[0],
        key[1],
    )
    return uniform(a), uniform(b), uniform(c), uniform(d)


@compiled
def poisson(mean, u):
    """Poisson count by inversion, so that it rises with `mean` at a given `u`; mean <= 500."""
    term = exp(-mean)
    below = term
    count = 0
    while u > below and (term > 0.0 and (term > 1e-18 or count < mean)):
        count += 1
        term *= mean / count
        below += term
    return count
