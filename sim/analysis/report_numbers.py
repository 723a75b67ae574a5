"""The numbers of an ensemble as a report gives them, and what they rest on."""

from __future__ import annotations

from sim.analysis.dates import days_in_words
from sim.analysis.figures import Figures
from sim.analysis.indices import size_of
from sim.analysis.influence import Effect, InfluenceSummary
from sim.analysis.intervals import Difference, Estimate
from sim.analysis.outcome_names import Group, Named, groups, unforced
from sim.analysis.outcomes import Counted
from sim.analysis.report import Cell, Glance, Table
from sim.analysis.written import odds, outcome, share
from sim.crisis import Scenario

__all__ = ["answer", "glance", "influence_in_words", "influence_table", "numbers"]

#: Statements that get a row.
MOST = 12
SHARES = ("wilson", "paired shares")
#: Groups of outcomes that everybody reads; those of single states are for who asks.
LEADING = 2
#: What a reader who knows none of the terms calls an outcome.
PLAIN = {
    "settlement": "a settlement",
    "days": "days until it ends or is broken off, on average",
    "widened": "force against a state from whose soil others can strike",
    "force_moves": "uses of force in a history, on average",
    "exchanges": "of these, in answer to a blow, on average",
    "moves": "visible moves of any kind in a history, on average",
    "peak_rung": "highest rung reached, of 0 to 10, on average",
}
DEAD, FIRST = "_dead", "_first_force"


def answer(scenario: Scenario, counted: Counted) -> tuple[str, ...]:
    """Say what the leading numbers are of."""
    return (
        f"How {len(counted.outcomes):,} simulated histories of at most "
        f"{days_in_words(scenario.horizon_days)} go, each share with its 95% interval:",
    )


def glance(scenario: Scenario, counted: Counted) -> tuple[Glance, ...]:
    """Give the shares that a reader asks for first: the ends, and force."""
    labels = {
        "open_war": "Open war",
        "settlement": "Settlement",
        "horizon": f"Neither by day {scenario.horizon_days:g}",
        "force": "Any use of force",
    }
    found = {name: counted.estimate(name) for name in labels}
    return tuple(
        Glance(
            label,
            *share(found[name].mean, found[name].low, found[name].high),
            odds(found[name].mean),
        )
        for name, label in labels.items()
    )


def numbers(scenario: Scenario, counted: Counted) -> tuple[Table, ...]:
    """Give every outcome with its interval, in the order of reading: the leading ones, the rest."""
    rows = [_rows(group, counted) for group in groups(scenario)]
    note = "Shares with Wilson’s interval, means with that of normal theory, medians with ranks’."
    if never := unforced(scenario):
        note += f" No move of force to choose from: {', '.join(never.values())}."
    many = f"{len(counted.outcomes):,} histories"
    heads = ("Outcome", "Estimate", "95% interval")
    return (
        Table(f"Outcomes of {many}", heads, tuple(rows[:LEADING])),
        Table(
            f"The dead, and each state’s force, in {many}", heads, tuple(rows[LEADING:]), note, True
        ),
    )


def _rows(group: Group, counted: Counted) -> tuple[str, tuple[tuple[Cell, ...], ...]]:
    title, named = group
    if all(row.outcome == "dead" or row.outcome.endswith(DEAD) for row in named):
        title = "People killed in a history, on average; those before the start included"
    return title, tuple(_row(row, counted.estimate(row.outcome)) for row in named)


def _row(row: Named, found: Estimate) -> tuple[Cell, ...]:
    """Write an outcome in plain words, and its numbers."""
    label = PLAIN.get(row.outcome, row.label)
    parts: tuple[str, ...] = outcome(row.kind, found.mean, found.low, found.high, found.n)
    if row.outcome.endswith(FIRST):
        label = "first use, in the middle one of the histories that have any"
        # What has no number has no unit.
        parts = tuple(f"day {text}" if text[:1].isdigit() else text for text in parts)
    return (Cell(f"{label[:1].upper()}{label[1:]}"), *map(Cell, parts))


def influence_in_words(found: InfluenceSummary) -> tuple[str, ...]:
    """Say of each outcome what carries most, how many carry something, and what that rests on.

    Most is said of a statement whose interval lies apart from those of all others; else its
    estimate is called the largest, and how many others may carry as much is told.
    """
    marked = [effect for effect in found.effects if any(effect.distinct)]
    same = sum(effect.identical for effect in found.effects)
    rest = len(found.effects) - len(marked) - same
    counts = [f"{len(marked)} {'is' if len(marked) == 1 else 'are'} told from making no difference"]
    if rest:
        counts.append(f"{rest} {'is' if rest == 1 else 'are'} not")
    if same:
        counts.append(f"{same} {'changes' if same == 1 else 'change'} not a single move")
    return (
        *(_carried(found, k) for k in range(len(found.outcomes))),
        f"Each statement was left out in turn, in {found.replicates:,} histories that meet the "
        f"same luck with and without it; all {found.comparisons} intervals hold at once with "
        f"{found.level:.0%} confidence. Of {len(found.effects)} statements that rules cite, "
        f"{', '.join(counts)}. {len(found.silent)} more "
        f"{'informs' if len(found.silent) == 1 else 'inform'} no rule.",
    )


def _carried(found: InfluenceSummary, k: int) -> str:
    """Say what one outcome hangs on, and how surely."""
    label = f"{found.labels[k][:1].upper()}{found.labels[k][1:]}"
    told = [effect for effect in found.ranked(found.outcomes[k]) if effect.distinct[k]]
    if not told:
        return f"{label}: no statement’s part in it can be told from none."
    first = told[0]
    pair = first.differences[k]
    figures = Figures(pair, _kind(pair))
    sign, unit, of = "", "", ""
    if _kind(pair) == "share":
        sign, unit, of = "%", " points", f" of {found.replicates:,} histories"
    least = size_of(pair.estimate)[1]
    rivals = sum(
        size_of(other.differences[k].estimate)[2] >= least
        for other in found.effects
        if other is not first and not other.identical
    )
    change = (
        f"without it {figures.b}{sign} instead of {figures.a}{sign}{of}, a change of "
        f"{figures.difference}{unit} ({figures.interval})"
    )
    statement = first.statement
    said = f"“{statement.says.rstrip('.')}” ({statement.id}, line {statement.line})"
    if not rivals:
        return f"{label} hangs most on {said}: {change}."
    return (
        f"{label}: the largest estimate is that of {said}, {change}; {rivals} other "
        f"{'statement' if rivals == 1 else 'statements'} may carry as much."
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
        "Shares change by percentage points; below, the interval. Rows are sorted by the largest "
        "change told from none that a statement makes, measured by how much the outcome varies "
        f"from history to history. All {found.comparisons} intervals hold at once with "
        f"{found.level:.0%} confidence; bold leaves 0 out."
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
