"""One decision as a sum: from the base propensity over each rule to the utility of an option."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from sim.analysis import captions
from sim.analysis.captions import Words
from sim.analysis.explanation import Explanation, OptionShare, RuleShare
from sim.analysis.telling import UNLIKELY, chance
from sim.analysis.wording import day_of
from sim.crisis import Scenario

__all__ = ["Rival", "Step", "Waterfall", "summarise_waterfall"]

MOST_RULES = 8
MOST_RIVALS = 4
WEAKER = "weaker rules"
NEGLIGIBLE = 0.005  # logits: what is written with two digits as 0


@dataclass(frozen=True, slots=True)
class Step:
    """One term of the sum.

    Attributes
    ----------
    label : str
    statements : tuple of str
        Ids of the statements behind it; none behind a base propensity.
    start, end : float
        The sum before and after it, logits.
    """

    label: str
    statements: tuple[str, ...]
    start: float
    end: float

    @property
    def logits(self) -> float:
        """What it adds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rival:
    """An option that was weighed: name, utility in logits, probability, whether it was taken."""

    name: str
    utility: float
    probability: float
    taken: bool

    @property
    def chance(self) -> str:
        """The probability as text."""
        return chance(self.probability)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All that the picture of one decision draws.

    Attributes
    ----------
    words : Words
    option : str
        The option that is taken apart.
    steps : tuple of Step
        Base propensity first, then what adds most; those that round to 0 are left out.
    utility : float
        The sum of all, logits.
    rivals : tuple of Rival
        The options, the likeliest first; the one that is taken apart always among them.
    rest : tuple of (int, float)
        Number of further options, and their probability together.
    """

    words: Words
    option: str
    steps: tuple[Step, ...]
    utility: float
    rivals: tuple[Rival, ...]
    rest: tuple[int, float]


def summarise_waterfall(
    explanation: Explanation, scenario: Scenario, seed: int, replicate: int, option: int = -1
) -> Waterfall:
    """Take one option of a decision apart.

    Parameters
    ----------
    explanation : Explanation
    scenario : Scenario
    seed, replicate : int
        Of the history, for the caption.
    option : int, optional
        Index of the option; if not given, the one taken, or where the actor held, the most probable
        of the others.
    """
    if option < 0:
        option = _telling(explanation)
    shown = explanation.options[option]
    names = [_name(scenario, known) for known in explanation.options]
    rivals = _rivals(explanation, names, option)
    listed = {rival.name for rival in rivals}
    left = [o for o, name in zip(explanation.options, names, strict=True) if name not in listed]
    rest = len(left), sum(known.probability for known in left)
    words = _words(explanation, scenario, names, option, (seed, replicate))
    caption = f"{words.caption} {_rest(*rest)}".rstrip()
    return Waterfall(
        replace(words, caption=caption), names[option], _steps(shown), shown.utility, rivals, rest
    )


def _rest(options: int, probability: float) -> str:
    """Say of the options that are not drawn how many they are, and how probable."""
    if not options:
        return ""
    told = "1 more option has" if options == 1 else f"{options} more options have"
    return f"Not drawn: {told} {chance(probability)}{'' if options == 1 else ' together'}."


def _telling(explanation: Explanation) -> int:
    options = explanation.options
    if explanation.chosen != 0 or len(options) == 1:
        return explanation.chosen
    return max(range(1, len(options)), key=lambda k: (options[k].probability, -k))


def _name(scenario: Scenario, option: OptionShare) -> str:
    label = scenario.crisis.move(option.move).label
    if option.target is None:
        return label
    short = next(actor.short for actor in scenario.crisis.actors if actor.id == option.target)
    return f"{label} → {short}"


def _steps(option: OptionShare) -> tuple[Step, ...]:
    """Add the terms up, one by one; the weakest rules together where there are many."""
    terms: list[tuple[str, tuple[str, ...], float]] = [
        ("base propensity (judged, no statement)", (), option.propensity)
    ]
    if abs(option.repetition) >= NEGLIGIBLE:
        terms.append(("it has lately done the same", (), option.repetition))
    rules = _weighing(option)
    # A single rule that is left is told as the others are: it takes no more room than "1 rule".
    many = MOST_RULES if len(rules) > MOST_RULES + 1 else len(rules)
    told, rest = rules[:many], rules[many:]
    terms += [(share.says, share.statements, share.logits) for share in told]
    together = sum(share.logits for share in rest)
    if abs(together) >= NEGLIGIBLE:
        terms.append((f"{len(rest)} {WEAKER}", (), together))
    steps: list[Step] = []
    total = 0.0
    for label, statements, logits in terms:
        steps.append(Step(label, statements, total, total + logits))
        total += logits
    return tuple(steps)


def _weaker(explanation: Explanation, option: int) -> str:
    """Say that rules which are told together are grey as well, where there are any."""
    steps = _steps(explanation.options[option])
    together = any(step.label.endswith(WEAKER) for step in steps if not step.statements)
    return f" or adds up the {WEAKER}" if together else ""


def _weighing(option: OptionShare) -> list[RuleShare]:
    return [share for share in option.rules if abs(share.logits) >= NEGLIGIBLE]


def _rivals(explanation: Explanation, names: list[str], option: int) -> tuple[Rival, ...]:
    options = explanation.options
    likely = sorted(range(len(options)), key=lambda k: (-options[k].probability, k))
    kept = set(likely[:MOST_RIVALS]) | {option, explanation.chosen}
    return tuple(
        Rival(names[k], options[k].utility, options[k].probability, k == explanation.chosen)
        for k in likely
        if k in kept
    )


def _words(
    explanation: Explanation,
    scenario: Scenario,
    names: list[str],
    option: int,
    history: tuple[int, int],
) -> Words:
    actor = next(a.short for a in scenario.crisis.actors if a.id == explanation.actor)
    date = day_of(explanation.date, short=False)
    chosen = explanation.options[explanation.chosen]
    taken = chance(chosen.probability)
    forced = explanation.chosen != explanation.model
    if option != explanation.chosen:
        other = chance(explanation.options[option].probability)
        title = f"{actor} on {date}: it chose “{names[explanation.chosen]}” ({taken}) and not "
        title += f"“{names[option]}” ({other})"
    elif chosen.probability < UNLIKELY and not forced:
        title = f"{actor} on {date}: “{names[option]}” against the odds, its probability {taken}"
    else:
        title = f"{actor} on {date}: why “{names[option]}”, a choice with a probability of {taken}"
    subtitle = (
        f"What adds up to the utility of “{names[option]}”, in logits: red (+) pushes towards it, "
        f"blue (−) holds it back, grey rests on no statement{_weaker(explanation, option)}. Under "
        "each reason, in italics, the statements it was coded from."
    )
    factor = math.exp(explanation.precision)
    note = (
        "Exact, without an interval: these are the terms that the model added up. One logit more "
        f"multiplies the odds of an option against each of the {len(explanation.options) - 1} "
        f"others by {factor:.2g}."
    )
    shown = explanation.options[option]
    few = len(shown.rules) - len(_weighing(shown))
    slight = f"Rules of less than {NEGLIGIBLE:g} logits are left out: {few}." if few else ""
    caption = captions.source_of_history(
        scenario, *history, "The choice was not the model’s own." if forced else "", note, slight
    )
    return Words(title, subtitle, caption)
