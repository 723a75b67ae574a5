"""How many histories are played where nobody says, and what is few; light, for the help."""

from __future__ import annotations

__all__ = [
    "ADVICE_BUDGET",
    "ADVICE_REPLICATES",
    "ADVICE_WORLDS",
    "COUNTERFACTUAL_REPLICATES",
    "FEW_TREES",
    "REPORT_QUICK",
    "REPORT_REPLICATES",
    "REPORT_WITHOUT",
]

ADVICE_REPLICATES = 20_000  # of each option
ADVICE_BUDGET = 400_000  # futures of two steps
ADVICE_WORLDS = 100

COUNTERFACTUAL_REPLICATES = 10_000  # pairs of histories

REPORT_REPLICATES, REPORT_WITHOUT = 20_000, 5_000  # the numbers; each statement left out
REPORT_QUICK = 2_000, 500  # the same where it must go fast

FEW_TREES = 500  # below, intervals of rare ends may hold too seldom: docs/rare.md
