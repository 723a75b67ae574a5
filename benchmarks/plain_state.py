"""The states of the plain Mesa version as agents: what they suffer and see, and how they decide."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import mesa

from benchmarks.plain_setting import HOLD, UNDIRECTED, Option

if TYPE_CHECKING:
    from benchmarks.plain_mesa import PlainCrisis


class Trace:
    """An amount that decays exponentially."""

    __slots__ = ("rate", "since", "value")

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.value = 0.0
        self.since = 0.0

    def at(self, now: float) -> float:
        """Give the amount that is left."""
        if self.value == 0.0:
            return 0.0
        return self.value * math.exp(-self.rate * (now - self.since))

    def put(self, value: float, now: float) -> None:
        """Set the amount."""
        self.value = value
        self.since = now


class State(mesa.Agent):
    """A state: what it has suffered and seen, and how it decides."""

    def __init__(self, model: PlainCrisis, name: str) -> None:
        super().__init__(model)
        judged = model.setting.crisis.propensities
        self.name = name
        self.record = model.setting.actors[name]
        self.tempo = judged.tempo[name]
        self.precision = judged.precision[name]
        self.base = judged.base[name]
        self.traces: dict[tuple[str, str], Trace] = {}
        self.urgency = self.new_trace("urgency")
        self.last_made: dict[Option, float] = {}
        self.pending: dict[str | None, float] = {}
        self.unknown: Counter[str | None] = Counter()
        self.owed: set[str] = set()
        self.major: defaultdict[str, list[float]] = defaultdict(list)
        self.dead = 0
        self.ticket = 0

    # --- traces ---------------------------------------------------------------------------

    def new_trace(self, name: str) -> Trace:
        """Make a trace with this actor's half-life; what is awaited does not fade."""
        if name == "awaiting_assessment":
            return Trace(0.0)
        half_life = self.model.setting.crisis.propensities.half_life(self.name, name)
        return Trace(math.log(2.0) / half_life)

    def trace(self, name: str, toward: str) -> Trace:
        """Give a stored covariate toward another."""
        key = name, toward
        if key not in self.traces:
            self.traces[key] = self.new_trace(name)
        return self.traces[key]

    def amount(self, name: str, toward: str) -> float:
        """Give what is left of a stored covariate."""
        return self.trace(name, toward).at(self.model.now)

    def put(self, name: str, toward: str, value: float) -> None:
        """Set a stored covariate."""
        self.trace(name, toward).put(value, self.model.now)

    def add(self, name: str, toward: str, more: float) -> None:
        """Add to a stored covariate."""
        self.put(name, toward, self.amount(name, toward) + more)

    def see(self, name: str, toward: str) -> float:
        """Give a covariate in the unit of the rules."""
        if name == "constant":
            return 1.0
        if name == "warned":
            return self.model.states[toward].amount("line", self.name)
        if name in UNDIRECTED:
            return self.amount(name, self.name)
        if name in ("dead", "partners_dead"):
            return math.log1p(self.amount(name, toward))
        if name == "hostile_intent":
            return self.record.hostile_intent.get(toward, 0.0) + self.amount(name, toward)
        return self.amount(name, toward)

    def take_alarm(self, toward: str, share: float) -> None:
        """Move the belief in another's hostile intent toward 1, or toward 0."""
        belief = self.see("hostile_intent", toward)
        belief += share * (1.0 - belief if share > 0.0 else belief)
        prior = self.record.hostile_intent.get(toward, 0.0)
        self.put("hostile_intent", toward, belief - prior)

    # --- decisions ------------------------------------------------------------------------

    def quicken(self, jump: float) -> None:
        """Raise the urgency, and look anew when to decide."""
        if jump > 0.0:
            now = self.model.now
            ceiling = self.model.setting.crisis.propensities.urgency_ceiling
            self.urgency.put(min(self.urgency.at(now) + jump, ceiling), now)
            if self.model.begun:
                self.schedule()

    def schedule(self) -> None:
        """Draw the next decision by thinning: the rate only falls until something happens."""
        random = self.random
        time = self.model.now
        rate = self.tempo * (1.0 + self.urgency.at(time))
        while True:
            ceiling = rate
            time += random.expovariate(ceiling)
            rate = self.tempo * (1.0 + self.urgency.at(time))
            if random.random() * ceiling <= rate:
                break
        self.ticket += 1
        self.model.schedule(time, self.decide, self.ticket)

    def utilities(self) -> dict[Option, float]:
        """Weigh the options."""
        now = self.model.now
        setting = self.model.setting
        brake = setting.crisis.propensities.repetition
        seen: dict[tuple[str, str], float] = {}
        utilities = {}
        for option in setting.options[self.name]:
            utility = 0.0 if option == HOLD else self.base[option.move]
            if option in self.last_made:
                utility += brake.brake * 0.5 ** ((now - self.last_made[option]) / brake.half_life)
            utilities[option] = utility
        for rule in setting.rules[self.name]:
            key = rule.covariate, rule.toward
            if key not in seen:
                seen[key] = self.see(*key)
            ramp = min(1.0, max(0.0, seen[key] / rule.scale))
            if ramp > 0.0:
                for option, weight in rule.pulls:
                    utilities[option] += weight * ramp
        return utilities

    def decide(self, ticket: int) -> None:
        """Choose an option by multinomial logit and carry it out."""
        if ticket != self.ticket:
            return
        utilities = self.utilities()
        best = max(utilities.values())
        weights = [math.exp(self.precision * (value - best)) for value in utilities.values()]
        (option,) = self.random.choices(list(utilities), weights)
        self.model.decisions += 1
        if option != HOLD:
            self.model.act(self, option)
        self.schedule()

    # --- counting the dead ----------------------------------------------------------------

    def await_assessment(self, culprit: str | None, deaths: int) -> None:
        """Begin to count the dead of a blow, anew if one is being counted."""
        if culprit is not None and culprit not in self.pending:
            self.put("awaiting_assessment", culprit, 1.0)
        self.unknown[culprit] += deaths
        due = self.model.now + self.record.assessment_days
        self.pending[culprit] = due
        self.model.schedule(due, self.assess, culprit)

    def assess(self, culprit: str | None) -> None:
        """Learn of one's dead."""
        model = self.model
        if self.pending.get(culprit) != model.now:
            return
        del self.pending[culprit]
        deaths = self.unknown.pop(culprit)
        self.quicken(model.setting.crisis.propensities.prompt)
        if culprit is not None:
            self.put("awaiting_assessment", culprit, 0.0)
            self.put("no_dead", culprit, float(deaths == 0))
            if deaths:
                self.add("dead", culprit, deaths)
                for state in model.states.values():
                    if state.name != culprit and self.name in state.record.partners:
                        state.add("partners_dead", culprit, deaths)
        if deaths:
            per_log_dead = model.setting.crisis.harm.per_log_dead
            model.harm(self, culprit, culprit, per_log_dead * math.log1p(deaths))
        model.look_for_settlement()
