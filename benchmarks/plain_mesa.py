"""The same crisis as a good Mesa modeller would write it: agents, dictionaries and `math`.

An independent second implementation of every rule, for two ends: to measure the compiled kernel
against, and to test it (tests/benchmarks).  It shares the reading of scenario files with the
package and nothing else.  Clocks are drawn by thinning (Lewis & Shedler 1979) where the kernel
solves for the next decision; the laws are the same, the draws are not.  The agents are in
plain_state.py.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import mesa

from benchmarks.plain_setting import (
    AT_MOST_ONE,
    HOLD,
    UNDIRECTED,
    Blow,
    Event,
    Option,
    Setting,
)
from benchmarks.plain_state import State
from sim.crisis.ladder import Move
from sim.crisis.scenario import DRAWN, Inject, OpeningEvent


@dataclass
class Record:
    """What is counted of a history."""

    moves: Counter[tuple[str, str]] = field(default_factory=Counter)  # by actor and move
    first_force: dict[str, float] = field(default_factory=dict)
    peak: int = 1
    exchanges: int = 0
    widened: bool = False


class PlainCrisis(mesa.Model):
    """One history of a crisis.

    Parameters
    ----------
    setting : Setting
    rng : int
    """

    def __init__(self, setting: Setting, rng: int) -> None:
        super().__init__(rng=rng)
        self.setting = setting
        self.horizon = setting.scenario.horizon_days
        self.now = 0.0
        self.begun = False
        self.end: str | None = None
        self.decisions = 0
        self.record = Record()
        self.last_hot = -math.inf
        self.settles = math.inf
        self.queue: list = []
        self.order = itertools.count()
        self.states = {name: State(self, name) for name in setting.actors}
        for event in setting.scenario.opening:
            self.run_until(setting.day(event.date))
            self.play(event)
        self.run_until(0.0)
        if self.last_hot == -math.inf:
            self.last_hot = 0.0
        self.begun = True
        self.look_for_settlement()
        for state in self.states.values():
            state.schedule()
        for inject in setting.scenario.injects:
            if inject.on and inject.at is not None:
                self.schedule(setting.day(inject.at), self.intrude, inject)
            elif inject.on and inject.rate:
                self.schedule(self.random.expovariate(inject.rate), self.intrude, inject)

    # --- time -----------------------------------------------------------------------------

    def schedule(self, time: float, action: Callable[..., None], *arguments: object) -> None:
        """Put an action on the calendar."""
        heapq.heappush(self.queue, (time, next(self.order), action, arguments))

    def run_until(self, time: float) -> None:
        """Let what is due happen: in the opening, when only assessments are."""
        while self.queue and self.queue[0][0] <= time:
            self.now, _, action, arguments = heapq.heappop(self.queue)
            action(*arguments)
        self.now = time

    def step(self) -> None:
        """Let the next thing happen, or the crisis end."""
        time, _, action, arguments = heapq.heappop(self.queue)
        last = min(self.settles, self.horizon)
        if last < time:
            self.now = last
            self.end = "horizon" if self.horizon < self.settles else "settlement"
        else:
            self.now = time
            action(*arguments)
        self.running = self.end is None

    def run_model(self) -> None:
        """Go on to the end."""
        while self.end is None:
            self.step()

    def look_for_settlement(self) -> None:
        """Find when the crisis settles if nothing more happens."""
        if not self.begun:
            return
        settlement = self.setting.crisis.settlement
        date = self.last_hot + settlement.quiet_days
        for state in self.states.values():
            for other in self.states:
                trace = state.traces.get(("grievance", other))
                if trace is not None and trace.value > settlement.grievance_floor:
                    left = math.log(trace.value / settlement.grievance_floor) / trace.rate
                    date = max(date, trace.since + left)
        self.settles = max(date, self.now)

    # --- moves ----------------------------------------------------------------------------

    def play(self, event: OpeningEvent) -> None:
        """Let an opening event happen."""
        move = self.setting.moves[event.move]
        blow = Blow(move.provocation, move.munitions, event.place)
        if event.dead is not None and event.dead != DRAWN:
            blow.dead = {event.target: event.dead, **event.also_dead}
        if event.provocation is not None:
            blow.provocation = event.provocation
        if event.munitions is not None:
            blow.munitions = event.munitions
        if event.claimed is not None:
            blow.claimed = event.claimed
        actor = self.states[event.actor]
        self.carry_out(actor, move, self.states.get(event.target), blow)
        option = Option(event.move, event.target)
        if option != HOLD and option in self.setting.options[event.actor]:
            actor.last_made[option] = self.now

    def act(self, actor: State, option: Option) -> None:
        """Let an actor make a move."""
        move = self.setting.moves[option.move]
        target = None if option.target is None else self.states[option.target]
        answers = self.carry_out(actor, move, target, Blow(move.provocation, move.munitions))
        actor.last_made[option] = self.now
        record = self.record
        record.moves[actor.name, move.id] += 1
        record.peak = max(record.peak, move.rung)
        if move.kinetic and target is not None:
            record.first_force.setdefault(actor.name, self.now)
            record.exchanges += answers
            others = self.setting.actors.values()
            record.widened |= any(a.launches_from.get(target.name, 0.0) > 0.0 for a in others)
        self.look_for_settlement()

    def carry_out(self, actor: State, move: Move, target: State | None, blow: Blow) -> bool:
        """Take the consequences of a move; tell whether it answers a blow."""
        answers = False
        event = self.land(actor, move, target, blow) if move.kinetic and target else None
        culprit = None if event is not None and not event.attributed else actor.name
        grievance = actor.amount("grievance", target.name) if target else 0.0
        if target is not None:
            share = move.alarm
            if share != 0.0 and culprit is not None:
                if share > 0.0:
                    expected = target.record.expects.get(actor.name, 0.0)
                    share *= 1.0 - expected * min(1.0, grievance)
                target.take_alarm(actor.name, share)
            self.harm(target, culprit, actor.name, blow.provocation)
            if event is not None:
                answers = target.name in actor.owed
                actor.owed.discard(target.name)
                self.strike(actor, target, culprit, event)
            self.settle_account(actor, move, target, event.claimed if event else 0.0)
        self.signal(actor, move, target, event, grievance)
        if move.kinetic or move.line > 0.0:
            self.last_hot = self.now
        if move.war:
            self.end = "open_war"
        elif move.major and target is not None:
            self.book_major(actor, target)
        return answers

    def land(self, actor: State, move: Move, target: State, blow: Blow) -> Event:
        """Let chance decide where a blow lands, from where, and who dies."""
        random = self.random
        if blow.place is None:
            places = self.setting.crisis.places
            weights = [place.hit(target.name, move.id) for place in places]
            (place,) = random.choices(places, weights)
        else:
            place = self.setting.places[blow.place]
        noticed = move.notice and (
            place.soil == target.name
            or random.random() < self.setting.actors[place.soil].passes_warning
        )
        launched_from = None
        u = random.random()
        for host, chance in actor.record.launches_from.items():
            u -= chance
            if u < 0.0:
                launched_from = host
                break
        dead = blow.dead
        if dead is None:
            mean = blow.munitions * move.lethality * place.exposure * (1.0 - target.record.alert)
            if noticed:
                mean *= 1.0 - self.setting.crisis.notice.averts
            shares = self.setting.shares[place.id]
            counts = self.rng.multinomial(self.rng.poisson(mean), list(shares.values()))
            dead = dict(zip(shares, map(int, counts), strict=True))
        attributed = not move.deniable or random.random() < actor.record.attribution
        claimed = blow.claimed
        if claimed is None:
            claimed = 0.0
            if not move.deniable:
                habit = math.floor(actor.record.claims * blow.munitions + 0.5)
                claimed = max(sum(dead.values()), habit)
        return Event(place.id, launched_from, noticed, attributed, dead, claimed)

    def harm(self, victim: State, culprit: str | None, author: str | None, units: float) -> None:
        """Harm an actor: grievance, urgency, everyone's tension."""
        if units <= 0.0:
            return
        judged = self.setting.crisis.propensities
        if culprit is not None:
            victim.add("grievance", culprit, units)
        for state in self.states.values():
            state.add("tension", state.name, units)
            if state is victim:
                state.quicken(judged.urgency[state.name] * units)
            elif state.name != author:
                state.quicken(judged.attention[state.name] * units)

    def strike(self, actor: State, target: State, culprit: str | None, event: Event) -> None:
        """Let a blow strike: lines, hosts, people at the place, the count of the dead."""
        place = self.setting.places[event.place]
        if culprit is not None:
            name = actor.name
            crossed = max(target.amount("line_crossed", name), target.amount("line", name))
            target.put("line_crossed", name, crossed)
            target.put("answered", name, 0.0)
            target.owed.add(name)
            if place.soil != name:
                self.states[place.soil].add("sovereignty", name, 1.0)
            if event.launched_from is not None and event.launched_from != target.name:
                target.add("host_used", event.launched_from, 1.0)
        for state in self.states.values():
            deaths = event.dead.get(state.name, 0)
            state.dead += deaths
            present = state.name in place.forces
            if state is not actor and (present or deaths > 0 or state is target):
                if culprit is not None:
                    state.add("exposed", culprit, 1.0)
                state.await_assessment(culprit, deaths)

    def settle_account(self, actor: State, move: Move, target: State, claimed: float) -> None:
        """Discharge the actor's grievance, promise and crossed line by what it claims."""
        if move.satisfaction <= 0.0:
            return
        name = target.name
        grievance = actor.amount("grievance", name)
        relief = move.satisfaction + self.setting.crisis.harm.per_log_dead * math.log1p(claimed)
        share = min(1.0, relief / max(grievance, 1.0))
        actor.put("grievance", name, max(0.0, grievance - relief))
        for kept in ("commitment", "line_crossed"):
            actor.put(kept, name, (1.0 - share) * actor.amount(kept, name))
        if grievance > 0.0:
            answered = actor.amount("answered", name)
            actor.put("answered", name, answered + share * (1.0 - answered))

    def signal(
        self,
        actor: State,
        move: Move,
        target: State | None,
        event: Event | None,
        grievance: float,
    ) -> None:
        """Send signals: restraint, mediation, a line drawn, a promise made."""
        if move.restraint > 0.0 and target is not None and (event is None or event.noticed):
            target.add("restraint", actor.name, move.restraint)
            if event is not None:
                host = self.states[self.setting.places[event.place].soil]
                if host not in (target, actor):
                    host.add("restraint", actor.name, move.restraint)
        if move.mediation > 0.0:
            for state in self.states.values():
                if state is not actor:
                    state.add("mediation", state.name, move.mediation)
        if move.line > 0.0 and target is not None:
            actor.put("line", target.name, max(move.line, actor.amount("line", target.name)))
            actor.add("commitment", target.name, move.line * min(1.0, grievance))

    def book_major(self, actor: State, target: State) -> None:
        """Look whether two actors have struck each other so often and so fast that it is war."""
        war = self.setting.crisis.war
        actor.major[target.name].append(self.now)
        since = self.now - war.within_days
        pair = (actor.major[target.name], target.major[actor.name])
        if all(sum(day >= since for day in days) >= war.major_strikes for days in pair):
            self.end = "open_war"

    # --- injects --------------------------------------------------------------------------

    def intrude(self, inject: Inject) -> None:
        """Let an inject happen."""
        for effect in inject.effects:
            for name, other in itertools.product(self.states, self.states):
                undirected = effect.covariate in UNDIRECTED
                here = name == other if undirected else name != other
                if here and effect.of in (None, name) and effect.toward in (None, other):
                    self.nudge(name, effect.covariate, other, effect.add)
        for name, deaths in inject.dead.items():
            if deaths > 0:
                self.states[name].dead += deaths
                culprit = None if inject.blamed == name else inject.blamed
                self.states[name].await_assessment(culprit, deaths)
        if inject.rate:
            self.schedule(self.now + self.random.expovariate(inject.rate), self.intrude, inject)
        self.look_for_settlement()

    def nudge(self, name: str, covariate: str, other: str, more: float) -> None:
        """Add to a covariate, within its bounds."""
        if covariate == "warned":
            covariate, name, other = "line", other, name
        state = self.states[name]
        low, high = 0.0, 1.0 if covariate in AT_MOST_ONE else math.inf
        if covariate == "hostile_intent":
            prior = state.record.hostile_intent.get(other, 0.0)
            low, high = -prior, 1.0 - prior
        state.put(covariate, other, min(high, max(low, state.amount(covariate, other) + more)))


def play(setting: Setting, seed: int) -> PlainCrisis:
    """Play one history to its end."""
    model = PlainCrisis(setting, seed)
    model.run_model()
    return model
