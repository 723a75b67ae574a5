"""The shares of an ensemble's outcomes, and how two scenarios differ in them, under their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.dates import shown
from sim.analysis.figures import Figures
from sim.analysis.intervals import Difference, Estimate
from sim.analysis.outcome_names import groups
from sim.analysis.outcomes import Counted
from sim.analysis.written import odds, share
from sim.crisis import Scenario

__all__ = [
    "RARE",
    "Bar",
    "Bars",
    "Shift",
    "Shifts",
    "shares_of",
    "summarise_bars",
    "summarise_shifts",
]

#: Below this in both scenarios an outcome is rare.
RARE = 0.1
ENDS = "How it ends"
#: Labels that say more beside a heading.
PLAIN = {"force": "by anybody", "widened": "against a host"}


@dataclass(frozen=True)
class Bar:
    """The share of one outcome: its name, what it is called, under which heading."""

    outcome: str
    label: str
    group: str
    estimate: Estimate


@dataclass(frozen=True)
class Bars:
    """All that the picture of an ensemble's outcomes draws."""

    words: Words
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Shift:
    """How the share of one outcome differs between two scenarios."""

    outcome: str
    label: str
    group: str
    difference: Difference

    @property
    def name(self) -> str:
        """What it is called without its heading."""
        name = self.label if self.group == ENDS else f"{self.group} {self.label}"
        return name[:1].upper() + name[1:]

    @property
    def rare(self) -> bool:
        """Whether it is rare in both scenarios."""
        return max(self.difference.base, self.difference.other) < RARE

    @property
    def figures(self) -> Figures:
        """Its numbers as text: shares in percent, their difference in points."""
        return Figures(self.difference, "share")


@dataclass(frozen=True)
class Shifts:
    """All that the picture of two scenarios draws.

    Attributes
    ----------
    words : Words
    names : tuple of str
        What the two are called: base, other; by their titles, or by what was changed.
    shifts : tuple of Shift
    """

    words: Words
    names: tuple[str, str]
    shifts: tuple[Shift, ...]


def shares_of(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Give outcome, label and heading of every share, those that cannot be left out."""
    for heading, rows in groups(scenario):
        for row in rows:
            if row.kind == "share":
                yield row.outcome, PLAIN.get(row.outcome, row.label), heading


def _force(scenario: Scenario) -> str:
    """Say what counts as force, and what a host is."""
    kinetic = [move for move in scenario.crisis.moves if move.kinetic]
    if not kinetic:
        return ""
    least = min(move.rung for move in kinetic)
    labels = " or ".join(move.label for move in kinetic if move.rung == least)
    return (
        f"Force: rung {least} ({labels}) and up. A host: a state from whose soil another one "
        "strikes."
    )


def summarise_bars(counted: Counted, scenario: Scenario, seed: int, first: float = 0.0) -> Bars:
    """Estimate every share of an ensemble, with Wilson's interval.

    Parameters
    ----------
    counted : Counted
    scenario : Scenario
    seed : int
    first : float
        Day from which the replicates go their own ways.
    """
    bars = tuple(
        Bar(name, label, group, counted.estimate(name))
        for name, label, group in shares_of(scenario)
    )
    war, settled = (bar.estimate for bar in bars[:2])
    chance, _ = share(war.mean, war.low, war.high)
    calm, _ = share(settled.mean, settled.low, settled.high)
    seldom = f" ({odds(war.mean)})" if odds(war.mean) else ""
    title = f"{chance} of histories end in open war{seldom}, {calm} in a settlement"
    subtitle = f"Share of histories within {scenario.horizon_days:g} days of the start."
    subtitle = f"{subtitle} {_force(scenario)}".strip()
    caption = captions.source(
        scenario,
        len(counted.outcomes),
        seed,
        captions.forked(first),
        "Whiskers: 95% intervals (Wilson), each by itself.",
    )
    return Bars(Words(title, subtitle, caption), bars)


def summarise_shifts(
    found: Mapping[str, Difference], scenarios: tuple[Scenario, Scenario], n: int, seed: int
) -> Shifts:
    """Name the paired differences between the shares of two scenarios.

    Parameters
    ----------
    found : mapping of str to Difference
        As ``Ensemble.compare`` returns it, with Agresti and Min's intervals [@agresti2005].
    scenarios : tuple of Scenario
        The base, and the other one.
    n, seed : int
        Of both ensembles.
    """
    shifts = [
        Shift(name, label, group, found[name]) for name, label, group in shares_of(scenarios[0])
    ]
    names = _names(scenarios)
    return Shifts(_words(shifts, names, scenarios, n, seed), names, tuple(shifts))


def _names(scenarios: tuple[Scenario, Scenario]) -> tuple[str, str]:
    """Call the two by their titles, or by what was changed where they are the same otherwise."""
    base, other = scenarios
    if base.name != other.name:
        return f"“{base.title}”", f"“{other.title}”"
    paths = _changed(base, other)
    if not 0 < len(paths) <= captions.MOST_CHANGES:
        return f"“{base.title}”", f"“{other.title}” {'as changed' if paths else 'again'}"
    first, second = (
        ", ".join(f"{path} = {shown(scenario.parameter(path))}" for path in paths)
        for scenario in scenarios
    )
    return first, second


def _changed(base: Scenario, other: Scenario) -> list[str]:
    paths = {**base.overrides, **other.overrides}
    return [path for path in paths if base.parameter(path) != other.parameter(path)]


def _instead(scenarios: tuple[Scenario, Scenario], names: tuple[str, str]) -> str:
    """Say what stands in the place of what: “1 dead instead of 0”, or the titles."""
    base, other = scenarios
    paths = _changed(base, other) if base.name == other.name else []
    if len(paths) != 1:
        return f"{names[1]} instead of {names[0]}"
    old, new = (shown(scenario.parameter(paths[0])) for scenario in scenarios)
    dead = paths[0].endswith(".dead")
    return f"{new} dead instead of {old}" if dead else f"{paths[0]} = {new} instead of {old}"


def _words(
    shifts: list[Shift],
    names: tuple[str, str],
    scenarios: tuple[Scenario, Scenario],
    n: int,
    seed: int,
) -> Words:
    war = shifts[0].figures
    instead = _instead(scenarios, names)
    if war.same and not shifts[0].difference.base:
        either = f"neither with {names[0]} nor with {names[1]}"
        title = f"Open war comes in none of these histories, {either}"
    elif war.same:
        title = f"With {instead}, open war comes in the very same histories"
    elif war.marked:
        low, high = (part.strip("+-") for part in war.interval.split(" to "))
        up = war.difference.startswith("+")
        points = f"{war.difference.strip('+-')} points ({low if up else high} to "
        points += f"{high if up else low})"
        title = f"With {instead}, open war is {'likelier' if up else 'less likely'} by {points}"
    else:
        between = war.interval.replace("-", "−")
        title = f"Whether {instead} changes the chance of open war, these pairs cannot tell "
        title += f"({between} points)"
    subtitle = (
        f"Difference in the share of histories, in percentage points: {names[1]} minus "
        f"{names[0]}, history by history on the same luck. {_force(scenarios[0])}"
    )
    other = scenarios[1]
    caption = captions.source(
        scenarios[0],
        n,
        seed,
        f"The other: {other.name}, digest {other.digest()[: captions.DIGITS]}"
        + (f", {captions.changes(other)}." if other.overrides else "."),
        "Bars: 95% intervals for pairs, each by itself; hollow where they hold 0.",
    )
    return Words(title, subtitle.strip(), caption)
