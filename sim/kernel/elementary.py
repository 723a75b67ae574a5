"""exp and log in plain IEEE arithmetic: the same bits on every machine, and open to vector code.

The C library's versions differ in the last bit from one system to the next, which would part two
histories that should be one.  Both are within one unit in the last place (see the tests).
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.kernel.compiled import compiled

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01  # 32 bits of ln 2, so that its product with k is exact
_LN2_LOW = 1.90821492927058770002e-10
_SHIFT = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest integer in the low bits
_SHIFT_BITS = np.int64(np.float64(_SHIFT).view(np.int64))
_LOWEST = -700.0
_MANTISSA = np.int64(0x000FFFFFFFFFFFFF)
_ONE = np.int64(0x3FF0000000000000)


@intrinsic
def _as_float(typingctx, bits):
    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), codegen


@intrinsic
def _as_bits(typingctx, number):
    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), codegen


@compiled
def exp(x):
    """Return e**x for x <= 0; from -700 down it stays at e**-700, some 1e-304.

    x = k ln 2 + r with abs(r) <= ln(2) / 2 (Cody & Waite 1980), and a Taylor series in r of degree
    13, summed in pairs to shorten the chain.
    """
    x = max(x, _LOWEST)
    shifted = x * _LOG2_E + _SHIFT
    k = shifted - _SHIFT
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = (0.5 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0))
    middle = (1.0 / 720.0 + r * (1.0 / 5040.0)) + r2 * (1.0 / 40320.0 + r * (1.0 / 362880.0))
    high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) + r2 * (
        1.0 / 479001600.0 + r * (1.0 / 6227020800.0)
    )
    series = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)))
    exponent = _as_bits(shifted) - _SHIFT_BITS + 1023
    return series * _as_float(exponent << 52)


@compiled
def log(x):
    """Return the natural logarithm of a normal number x > 0 (after fdlibm's e_log.c)."""
    bits = _as_bits(x)
    # The mantissa is brought to between sqrt(1/2) and sqrt(2).
    k = (bits >> 52) - 1023
    m = _as_float((bits & _MANTISSA) | _ONE)
    if m > 1.4142135623730951:
        m *= 0.5
        k += 1
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (
        3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01)
    )
    odd = z * (
        6.666666666666735130e-01
        + w
        * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    return k * _LN2_HIGH - ((half - (s * (half + (even + odd)) + k * _LN2_LOW)) - f)
