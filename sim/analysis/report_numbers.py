"""The numbers of an ensemble as a report gives them, and what they rest on."""

from __future__ import annotations

from sim.analysis.dates import days_in_words
from sim.analysis.figures import Figures
from sim.analysis.influence import Effect, InfluenceSummary
from sim.analysis.intervals import Difference, Estimate
from sim.analysis.outcome_names import groups, unforced
from sim.analysis.outcomes import Counted
from sim.analysis.report import Cell, Table
from sim.analysis.written import odds, outcome, share
from sim.crisis import Scenario

__all__ = ["answer", "influence_in_words", "influence_table", "numbers"]

#: Statements that get a row.
MOST = 12
SHARES = ("wilson", "paired shares")


def answer(scenario: Scenario, counted: Counted) -> tuple[str, ...]:
    """Say how histories end, and how sure that is."""
    found = {end: counted.estimate(end) for end in ("open_war", "settlement", "horizon")}
    told = {end: share(e.mean, e.low, e.high) for end, e in found.items()}
    seldom = odds(found["open_war"].mean)
    war, interval = told["open_war"]
    within = days_in_words(scenario.horizon_days)
    return (
        f"Within {within}, {war} of histories end in open war"
        f"{f', {seldom}' if seldom else ''}; {told['settlement'][0]} in a settlement, and "
        f"{told['horizon'][0]} in neither.",
        f"The chance of open war lies at {interval} with 95% confidence: that is how sure "
        f"{len(counted.outcomes):,} histories make it, not how right the rules are.",
    )


def numbers(scenario: Scenario, counted: Counted) -> Table:
    """Give every outcome with its interval, in the order of reading."""
    rows = tuple(
        (
            title,
            tuple(
                (Cell(row.label), *map(Cell, _written(counted.estimate(row.outcome), row.kind)))
                for row in named
            ),
        )
        for title, named in groups(scenario)
    )
    note = "Shares with Wilson’s interval, means with that of normal theory, medians with ranks’."
    if never := unforced(scenario):
        note += f" No move of force to choose from: {', '.join(never.values())}."
    return Table(
        f"Outcomes of {len(counted.outcomes):,} histories",
        ("Outcome", "Estimate", "95% interval"),
        rows,
        note,
    )


def _written(found: Estimate, kind: str) -> tuple[str, str]:
    return outcome(kind, found.mean, found.low, found.high, found.n)


def influence_in_words(found: InfluenceSummary) -> tuple[str, ...]:
    """Say which statement carries most, how many carry something, and what that rests on."""
    marked = [effect for effect in found.effects if any(effect.distinct)]
    same = sum(effect.identical for effect in found.effects)
    rest = len(found.effects) - len(marked) - same
    how = (
        f"Each statement was left out in turn, in {found.replicates:,} histories that meet the "
        "same luck with and without it."
    )
    if not marked:
        return (how, "No statement’s part in the result can be told from none.")
    first = marked[0]
    words = [
        f"{label} {figures.b}{sign} instead of {figures.a}{sign}"
        for label, pair, distinct in zip(
            found.labels, first.differences, first.distinct, strict=True
        )
        if distinct
        for figures, sign in [(Figures(pair, _kind(pair)), "%" if _kind(pair) == "share" else "")]
    ]
    counts = [f"{len(marked)} {'is' if len(marked) == 1 else 'are'} told from making no difference"]
    if rest:
        counts.append(f"{rest} {'is' if rest == 1 else 'are'} not")
    if same:
        counts.append(f"{same} {'changes' if same == 1 else 'change'} not a single move")
    return (
        f"{found.largest} Without it: {'; '.join(words)}.",
        f"{how} Of {len(found.effects)} statements that rules cite, {', '.join(counts)}. "
        f"{len(found.silent)} more inform no rule.",
    )


def influence_table(found: InfluenceSummary) -> Table | None:
    """Give the statements told from making no difference, the largest change first."""
    marked = [effect for effect in found.effects if any(effect.distinct)]
    if not marked:
        return None
    left = len(marked) - MOST
    return Table(
        "What changes when a statement is left out",
        ("Statement", *found.labels),
        (("", tuple(_effect(effect) for effect in marked[:MOST])),),
        f"Shares change by percentage points; below, the interval. All {found.comparisons} "
        f"intervals hold at once with {found.level:.0%} confidence; bold leaves 0 out."
        + (f" {left} more statements make a difference that can be told." if left > 0 else ""),
    )


def _effect(effect: Effect) -> tuple[Cell, ...]:
    said = effect.statement
    label = Cell("", f"{said.says} (line {said.line})", (said.id,))
    return (label, *(_change(pair) for pair in effect.differences))


def _change(pair: Difference) -> Cell:
    figures = Figures(pair, _kind(pair))
    if figures.same:
        return Cell("same")
    return Cell(figures.difference, figures.interval, marked=figures.marked)


def _kind(pair: Difference) -> str:
    return "share" if pair.estimate.method in SHARES else "mean"
