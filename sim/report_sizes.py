"""How many histories a report rests on; light, for the help tells of it too."""

from __future__ import annotations

__all__ = ["QUICK", "REPLICATES", "WITHOUT"]

#: Histories that the numbers rest on, and those for each statement that is left out.
REPLICATES, WITHOUT = 20_000, 5_000
#: The same where it must go fast.
QUICK = 2_000, 500
