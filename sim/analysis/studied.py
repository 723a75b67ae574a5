"""What pictures of a study say of it: what outcomes and factors are called, what it rests on."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.analysis import written
from sim.analysis.captions import DIGITS
from sim.crisis import Scenario

__all__ = [
    "Factor",
    "Measure",
    "Studied",
    "are_numbers",
    "capital",
    "level",
    "listed_levels",
    "measure_of",
]

_WHOLE = {
    "open_war": "chance of open war",
    "settlement": "chance of a settlement",
    "horizon": "chance that neither war nor a settlement comes",
    "force": "chance of any force",
    "widened": "chance of force against a host of others’ forces",
    "days": "mean length in days",
    "peak_rung": "mean highest rung",
    "moves": "mean number of moves",
    "force_moves": "mean number of moves of force",
    "exchanges": "mean number of exchanges of force",
    "dead": "mean number of dead",
}
_OF_ACTOR = {
    r"force_(\d+)d": "chance of {short} force in {days} days",
    r"force": "chance of {short} force",
    r"first_force": "median day of the first {short} force, where it comes",
    r"dead": "mean number of {short} dead",
}
_RULE = re.compile(r"rules\.(?P<rule>[^.]+\.[^.]+)\.moves\.(?P<move>[^.]+)")


@dataclass(frozen=True, slots=True)
class Measure:
    """An outcome of a study: its name, its kind (share, mean, median), what a reader calls it."""

    name: str
    kind: str
    label: str

    def written(
        self, mean: float, low: float, high: float, n: float | None = None
    ) -> tuple[str, str]:
        """Write an estimate and its interval; of too few histories, how many they were."""
        return written.outcome(self.kind, mean, low, high, n)

    def change(self, mean: float, low: float, high: float) -> tuple[str, str]:
        """Write a difference of two estimates and its interval, shares in percentage points."""
        many = 100.0 if self.kind == "share" else 1.0
        if math.isnan(low):
            value = "-" if math.isnan(mean) else f"{many * mean:+.3g}".replace("-", "−")
            return value, "no interval"
        ends = [many * x for x in (mean, low, high)]
        least = written.digits((ends[2] - ends[1]) / 2.0)
        # Up to two digits more, so that what is not 0 is not written as that.
        more = (p for p in range(least, least + 3) if all(not x or round(x, p) for x in ends))
        places = next(more, least)
        told = [_signed(x, places) for x in ends]
        return told[0], f"{told[1]} to {told[2]}"


def _signed(value: float, places: int) -> str:
    """Write a difference with its sign; what is written as 0 has none."""
    text = f"{value:+.{places}f}"
    return (text if float(text) else text[1:]).replace("-", "−")


def measure_of(scenario: Scenario, name: str, kind: str) -> Measure:
    """Name an outcome in words; by its own name where there are none."""
    if name in _WHOLE:
        return Measure(name, kind, _WHOLE[name])
    for actor in scenario.crisis.actors:
        for pattern, words in _OF_ACTOR.items():
            if found := re.fullmatch(rf"{re.escape(actor.id)}_{pattern}", name):
                days = found.group(1) if found.groups() else ""
                return Measure(name, kind, words.format(short=actor.short, days=days))
    return Measure(name, kind, name)


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor as a reader meets it.

    Attributes
    ----------
    name : str
        As the study calls it.
    label : str
        In print: of a rule's weight, the rule and the move.
    gloss : str
        What the rule says; empty for any other factor.
    coded : object
        The scenario's own level; None where its targets have several.
    sets : str
        The dotted paths that it sets; empty where its name is the only one.
    says : str
        Of a rule's weight, whose move it weighs and what for.
    """

    name: str
    label: str
    gloss: str
    coded: Any
    sets: str = ""
    says: str = ""

    @property
    def row(self) -> tuple[str, str]:
        """What it is called in a row, and what stands under that: words above, names below."""
        if self.says:
            return self.says, self.label
        return self.label, self.gloss or (f"sets {self.sets}" if self.sets else "")


@dataclass(frozen=True)
class Studied:
    """What a study says of itself.

    Attributes
    ----------
    name, asks : str
    scenario : Scenario
        In which the factors are set.
    targets : dict of str to tuple of str
        By factor, the dotted paths that it sets.
    design : str
        Its kind.
    points, replicates, seed : int
    common : bool
        Whether the points share their luck.
    digest, status : str
    held : tuple of int and int, optional
        Of a study that is not complete: its histories, and those of the design point with the
        fewest.
    """

    name: str
    asks: str
    scenario: Scenario
    targets: dict[str, tuple[str, ...]]
    design: str
    points: int
    replicates: int
    seed: int
    common: bool
    digest: str
    status: str
    held: tuple[int, int] | None = None

    @property
    def unfinished(self) -> str:
        """How much of it is there, in a sentence; empty where it is complete."""
        if self.held is None:
            return ""
        asked = self.points * self.replicates
        return f"{capital(self.status)}: {self.held[0]:,} of {asked:,} histories."

    def subtitle(self, text: str) -> str:
        """Write what stands under a title, after how much of an unfinished study is there."""
        return " ".join(part for part in (self.unfinished, text) if part)

    def factor(self, name: str) -> Factor:
        """Return a factor in words."""
        values = [self.scenario.parameter(path) for path in self.targets[name]]
        coded = values[0] if all(value == values[0] for value in values) else None
        paths = self.targets[name]
        sets = "" if paths == (name,) else ", ".join(paths)
        if not (found := _RULE.fullmatch(name)):
            return Factor(name, name, "", coded, sets)
        crisis = self.scenario.crisis
        labels = {kind.id: kind.label for kind in crisis.moves}
        move = labels.get(found["move"], found["move"].replace("_", " "))
        label = f"{found['rule']} → {move}"
        rule = next((rule for rule in crisis.rules if rule.id == found["rule"]), None)
        if rule is None:
            return Factor(name, label, "", coded, sets)
        short = next((actor.short for actor in crisis.actors if actor.id == rule.actor), rule.actor)
        return Factor(name, label, rule.says, coded, sets, f"{short}, {move}: {rule.says}")

    def sets(self, *factors: Factor | None) -> str:
        """Say which parameters factors set, where their names do not."""
        told = [f"{one.label} sets {one.sets}" for one in factors if one is not None and one.sets]
        return f"{capital('; '.join(told))}." if told else ""

    def caption(self, *notes: str) -> str:
        """Write what a picture rests on, and the notes that are not empty."""
        left = "" if self.status == "complete" else f", {self.status}"
        luck = "the same luck at each" if self.common else "independent luck"
        many = f"{self.replicates:,}"
        if self.held is not None:
            many = f"at least {self.held[1]:,} of {many}"
        first = (
            f"Study {self.name} of {self.scenario.name}: {self.points:,} design points × {many} "
            f"replicates of seed {self.seed}, {luck}{left}, digest {self.digest[:DIGITS]}."
        )
        return " ".join([first, *(note for note in notes if note)])


def capital(text: str) -> str:
    """Begin a sentence with a text."""
    return text[:1].upper() + text[1:]


def level(value: Any) -> str:
    """Write a level of a factor.

    Examples
    --------
    >>> level(0.122718), level(20_000), level(True), level("drawn")
    ('0.123', '20,000', 'true', 'drawn')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
        return text.replace("-", "−")
    return str(value).replace("_", " ")


def are_numbers(levels: Iterable[Any]) -> bool:
    """Tell whether levels have an order and distances: numbers, no flags, no texts."""
    return all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in levels)


def listed_levels(values: Sequence[Any]) -> str:
    """Write several levels, the last after "or"."""
    told = [level(value) for value in values]
    return " or ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
