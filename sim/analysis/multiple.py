"""Many tests at once: what is told by all of them errs as seldom as one would."""

from __future__ import annotations

import numpy as np

#: How often what does nothing is told from nothing, over all tests of a question together.
ALPHA = 0.05


def holm(p: np.ndarray) -> np.ndarray:
    """Adjust p-values so that all tests together err with the stated chance [@holm1979].

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty_like(scaled)
    adjusted[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return adjusted
