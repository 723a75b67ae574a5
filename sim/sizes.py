"""How many histories are played where nobody says; light, for the help tells of it too."""

from __future__ import annotations

__all__ = [
    "ADVICE_BUDGET",
    "ADVICE_REPLICATES",
    "ADVICE_WORLDS",
    "REPORT_QUICK",
    "REPORT_REPLICATES",
    "REPORT_WITHOUT",
]

ADVICE_REPLICATES = 20_000  # of each option
ADVICE_BUDGET = 400_000  # futures of two steps
ADVICE_WORLDS = 100

REPORT_REPLICATES, REPORT_WITHOUT = 20_000, 5_000  # the numbers; each statement left out
REPORT_QUICK = 2_000, 500  # the same where it must go fast
