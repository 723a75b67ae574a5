"""The statements that carry a result, as rows: what leaving each out changes."""

from __future__ import annotations

from dataclasses import dataclass

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.influence import Effect, InfluenceSummary
from sim.analysis.intervals import Estimate
from sim.analysis.studied import Measure
from sim.crisis import Scenario

__all__ = ["Carriers", "summarise_carriers"]

#: Statements that are drawn: of those told from none at most so many, of all at least so many.
MOST, LEAST = 12, 5
LONG = 120  # letters of a title


@dataclass(frozen=True)
class Carriers:
    """All that the picture of the statements draws.

    Attributes
    ----------
    words : Words
    measures : tuple of Measure
        What the changes are measured in.
    baseline : tuple of Estimate
        Of each, with all statements.
    effects : tuple of Effect
        The largest first.
    """

    words: Words
    measures: tuple[Measure, ...]
    baseline: tuple[Estimate, ...]
    effects: tuple[Effect, ...]


def summarise_carriers(found: InfluenceSummary, scenario: Scenario) -> Carriers:
    """Choose the statements worth a row, and say how many there are besides.

    Parameters
    ----------
    found : InfluenceSummary
    scenario : Scenario
    """
    marked = sum(any(effect.distinct) for effect in found.effects)
    # Those that are told apart need not be the first: the ranking is by size alone.
    ordered = sorted(found.effects, key=lambda effect: not any(effect.distinct))
    effects = tuple(ordered[: max(min(marked, MOST), min(LEAST, len(ordered)))])
    measures = tuple(
        Measure(name, "share" if estimate.method == "wilson" else "mean", label)
        for name, label, estimate in zip(found.outcomes, found.labels, found.baseline, strict=True)
    )
    words = _words(found, scenario, effects, measures, marked)
    return Carriers(words, measures, found.baseline, effects)


def _words(
    found: InfluenceSummary,
    scenario: Scenario,
    effects: tuple[Effect, ...],
    measures: tuple[Measure, ...],
    marked: int,
) -> Words:
    title = "No statement’s part in the result is told from none"
    if marked:
        title = _title(effects[0], measures)
    subtitle = (
        "What changes when a statement is left out of every rule that cites it, history by history "
        "on the same luck. Shares in percentage points. Ranked by the largest change told from "
        "none, in standard deviations of its outcome."
    )
    more = marked - sum(any(effect.distinct) for effect in effects)
    none = len(found.effects) - marked - (len(effects) - marked + more)
    left = [f"{more} that change less"] if more else []
    left += [f"{none} not told from none"] if none > 0 else []
    left += [f"{len(found.silent)} that no rule cites"] if found.silent else []
    caption = captions.source(
        scenario,
        found.replicates,
        found.seed,
        f"Whiskers: {found.level:.0%} intervals that hold for all {found.comparisons} changes at "
        "once; grey and hollow where they hold 0.",
        f"Not drawn: {', '.join(left)}." if left else "",
    )
    return Words(title, subtitle, caption)


def _title(first: Effect, measures: tuple[Measure, ...]) -> str:
    """Name the largest estimate, the outcome in which it is so, and others as a title holds them.

    Of the changes told from none alone.
    """
    title = f"Without {first.statement.id}:"
    told = [k for k, distinct in enumerate(first.distinct) if distinct]
    parts = []
    for k in sorted(told, key=lambda k: -first.sizes[k]):
        found = first.differences[k].estimate
        change, interval = measures[k].change(found.mean, found.low, found.high)
        unit = " points" if measures[k].kind == "share" else ""
        parts.append(f"{measures[k].label} {change}{unit} ({interval})")
    while len(parts) > 1 and len(f"{title} {', '.join(parts)}") > LONG:
        parts.pop()
    return f"{title} {', '.join(parts)}"
