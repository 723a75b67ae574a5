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
    "Bar",
    "Bars",
    "Shift",
    "Shifts",
    "shares_of",
    "summarise_bars",
    "summarise_shifts",
]


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
        What the two are called: base, other.
    shifts : tuple of Shift
    """

    words: Words
    names: tuple[str, str]
    shifts: tuple[Shift, ...]


def shares_of(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Give outcome, label and heading of every share, those that cannot be left out."""
    for heading, rows in groups(scenario):
        yield from ((row.outcome, row.label, heading) for row in rows if row.kind == "share")


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
    caption = captions.source(
        scenario,
        len(counted.outcomes),
        seed,
        captions.forked(first),
        "Whiskers: 95% intervals (Wilson).",
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
    """Call the two by their names, or by what was changed where these are the same."""
    base, other = scenarios
    if base.name != other.name:
        return base.name, other.name
    old = base.overrides
    new = [
        f"{path} = {shown(value)}"
        for path, value in other.overrides.items()
        if old.get(path) != value
    ]
    return base.name, f"with {', '.join(new)}" if new else other.name


def _words(
    shifts: list[Shift],
    names: tuple[str, str],
    scenarios: tuple[Scenario, Scenario],
    n: int,
    seed: int,
) -> Words:
    war = shifts[0].figures
    moved = war.difference.replace("-", "−")
    if war.same:
        title = f"With “{names[1]}” open war comes in the very same histories"
    elif war.marked:
        title = f"“{names[1]}” changes the chance of open war by {moved} percentage points"
    else:
        title = f"Whether “{names[1]}” changes the chance of open war, these pairs cannot tell"
    subtitle = (
        f"Difference in the share of histories, in percentage points: “{names[1]}” minus "
        f"“{names[0]}”, history by history on the same luck. Then the two shares."
    )
    caption = captions.source(
        scenarios[0],
        n,
        seed,
        f"The other: {names[1]}, digest {scenarios[1].digest()[: captions.DIGITS]}.",
        "Whiskers: 95% intervals for pairs; hollow where they hold 0.",
    )
    return Words(title, subtitle, caption)
