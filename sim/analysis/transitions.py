"""How many histories a change changes, and how: what becomes of each end, and whose decision parts.

Of pairs of replicates that share their luck.  Shares carry Wilson's interval.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.intervals import LEVEL, Estimate, quantile, share
from sim.engines.assemble import Assembly, Option
from sim.engines.measures import ENDS
from sim.engines.pairs import KINDS, Pairs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Part", "Transitions", "transitions"]

MOST_TURNS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A part of all pairs.

    Attributes
    ----------
    count : int
    share : Estimate
        Of all pairs.
    replicate : int or None
        The first that is one of them.
    """

    count: int
    share: Estimate
    replicate: int | None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, for JSON."""
        return {"count": self.count, "replicate": self.replicate, **self.share.to_dict()}


@dataclass(frozen=True)
class Transitions:
    """What a change does to an ensemble, history by history.

    Attributes
    ----------
    pairs : int
    seed : int
    changed : Part
        Pairs that differ in anything from the start on, to the bit.
    kinds : mapping of str to Part
        same; marks: every decision the same, but dates, dead or what is learnt of them; length:
        one of the two goes on to other moves; decision: a decision takes another option.
    ends : mapping of (str, str) to Part
        From the baseline's end to the counterfactual's.
    actors : mapping of str to Part
        Whose decision parts them.
    turns : tuple of (str, Option, Option, Part)
        The most frequent partings: who takes what in the baseline, and what in the counterfactual.
    day : Estimate
        Median day on which they part, where a decision does it: of the earlier of the two.
    """

    pairs: int
    seed: int
    changed: Part
    kinds: dict[str, Part]
    ends: dict[tuple[str, str], Part]
    actors: dict[str, Part]
    turns: tuple[tuple[str, Option, Option, Part], ...]
    day: Estimate

    def parters(self) -> list[tuple[str, Part]]:
        """List whose decision parts them, the most frequent first; empty where nobody's does."""
        found = sorted(self.actors.items(), key=lambda pair: -pair[1].count)
        return found if found and found[0][1].count else []

    def frame(self) -> pd.DataFrame:
        """Return the table from end to end, tidy: a row a pair of ends.

        Columns: count, share, low, high, replicate (the first such, or missing).
        """
        import pandas as pd

        rows = [
            {
                "baseline": a,
                "counterfactual": b,
                "count": part.count,
                "share": part.share.mean,
                "low": part.share.low,
                "high": part.share.high,
                "replicate": part.replicate,
            }
            for (a, b), part in self.ends.items()
        ]
        table = pd.DataFrame(rows).astype({"replicate": "Int64"})
        return table.set_index(["baseline", "counterfactual"])

    def table(self) -> pd.DataFrame:
        """Return how many histories go from each end of the baseline to each other one."""
        names = list(ENDS)
        return self.frame()["count"].unstack().reindex(index=names, columns=names)

    def to_dict(self) -> dict[str, Any]:
        """Return what was found, for JSON."""
        return {
            "replicates": self.pairs,
            "seed": self.seed,
            "changed": self.changed.to_dict(),
            "kinds": {name: part.to_dict() for name, part in self.kinds.items()},
            "ends": [
                {"baseline": a, "counterfactual": b, **part.to_dict()}
                for (a, b), part in self.ends.items()
            ],
            "actors": {name: part.to_dict() for name, part in self.actors.items()},
            "turns": [
                {
                    "actor": actor,
                    "baseline": [option.move, option.target],
                    "counterfactual": [other.move, other.target],
                    **part.to_dict(),
                }
                for actor, option, other, part in self.turns
            ],
            "day": self.day.to_dict(),
        }


def transitions(
    found: Pairs, assembly: Assembly, seed: int, first: int = 0, level: float = LEVEL
) -> Transitions:
    """Count pairs of histories.

    Parameters
    ----------
    found : Pairs
    assembly : Assembly
        Of either scenario: for the names.
    seed, first : int
        Which replicates they are of which seed.
    level : float, 0..1
        Coverage of the intervals.
    """

    def part(mask: np.ndarray) -> Part:
        count = int(mask.sum())
        number = first + int(np.argmax(mask)) if count else None
        return Part(count, share(count, len(mask), level), number)

    kinds = {name: part(found.kind == number) for number, name in KINDS.items()}
    ends = {
        (a, b): part((found.end == i) & (found.other_end == j))
        for a, i in ENDS.items()
        for b, j in ENDS.items()
    }
    actors = {name: part(found.actor == i) for i, name in enumerate(assembly.actors)}
    parted = found.actor >= 0
    turns = Counter(
        zip(
            *(column[parted].tolist() for column in (found.actor, found.option, found.other)),
            strict=True,
        )
    )
    return Transitions(
        len(found),
        seed,
        part(found.kind != _SAME),
        kinds,
        ends,
        actors,
        tuple(
            (
                assembly.actors[i],
                assembly.options[i][a],
                assembly.options[i][b],
                part((found.actor == i) & (found.option == a) & (found.other == b)),
            )
            for (i, a, b), _ in turns.most_common(MOST_TURNS)
        ),
        quantile(found.day[parted].min(axis=1), 0.5, level),
    )


_SAME = next(number for number, name in KINDS.items() if name == "same")
