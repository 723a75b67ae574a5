from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.crisis import load
from sim.engines.assemble import assemble
from sim.kernel import layout as at

STORY = """
extends = "{base}"
title = "With injects"
asks = "What comes from outside?"

[[injects]]
id = "dated"
says = "A dated one."
at = 2001-01-23T12:00:00
dead = {{ ann = 2, cal = 1 }}
blamed = "bob"
hypothetical = true

[[injects]]
id = "often"
says = "At a rate."
rate = 3.0
effects = [{{ covariate = "mediation", add = 1.0 }}]
hypothetical = true

[[injects]]
id = "again"
says = "At another rate."
rate = 1.0
effects = [{{ covariate = "{covariate}", of = "ann", toward = "bob", add = {add} }}]
hypothetical = true
"""


@pytest.fixture
def injected(tmp_path, world):
    """The plain scenario with three injects, of which the named ones are on, and nobody acts."""

    def make(*on, covariate="grievance", add=1.0, **key):
        base = (Path(__file__).parent / "plain.toml").as_posix()
        file = tmp_path / "injected.toml"
        file.write_text(STORY.format(base=base, covariate=covariate, add=add))
        scenario = load(file).with_({f"injects.{name}.on": True for name in on})
        here = world()
        here = type(here)(assemble(scenario), **key).start()
        here.state.clock[:, at.CLOCK_DUE] = np.inf
        return here

    return make


def days_of(here, inject, many):
    names = [inject.id for inject in here.assembly.injects]
    days = []
    here.params.world[at.WORLD_HORIZON] = np.inf
    here.params.world[at.WORLD_QUIET_DAYS] = np.inf
    here.state.time[at.SETTLES] = np.inf
    while len(days) < many:
        kind = here.proceed()
        here.state.clock[:, at.CLOCK_DUE] = np.inf
        if kind == at.INJECT and names[int(here.work.row[at.ROW_MOVE])] == inject:
            days.append(float(here.state.time[at.NOW]))
    return np.array(days)


def test_what_is_off_never_happens(injected):
    here = injected()
    assert here.proceed() == at.SETTLEMENT
    assert here.state.time[at.NOW] == 10.0


def test_a_dated_inject_happens_once_at_its_date(injected):
    here = injected("dated")
    assert here.proceed() == at.INJECT
    assert here.state.time[at.NOW] == 2.5
    assert list(here.dead()) == [2, 0, 1]
    assert here.work.row[at.ROW_TARGET] == here.actor("bob")
    assert here.see("ann", "awaiting_assessment", "bob") == 1.0
    kinds = []
    while here.state.end == at.RUNNING:
        kinds.append(here.proceed())
        here.state.clock[:, at.CLOCK_DUE] = np.inf
    assert kinds == [at.ASSESSMENT, at.ASSESSMENT, at.SETTLEMENT]
    assert list(here.state.known[:3]) == [2, 0, 1]


def test_an_inject_at_a_rate_is_a_poisson_process(injected, alpha):
    gaps = np.diff(days_of(injected("often"), "often", 1500), prepend=0.0)
    assert stats.kstest(gaps, "expon", (0, 1 / 3)).pvalue > alpha
    assert stats.kstest(gaps, "expon", (0, 1 / 2.6)).pvalue < alpha


def test_switching_one_on_changes_no_other_ones_luck(injected):
    alone = days_of(injected("again"), "again", 20)
    among = days_of(injected("dated", "often", "again"), "again", 20)
    assert (alone == among).all()
    assert (days_of(injected("again", seed=2), "again", 20) != alone).all()


def test_what_an_inject_adds_is_seen(injected):
    here = injected("again", covariate="grievance", add=1.5)
    assert here.proceed() == at.INJECT
    assert here.see("ann", "grievance", "bob") == 1.5
    assert here.see("cal", "grievance", "bob") == 0.0


@pytest.mark.parametrize("covariate", ["line_crossed", "answered", "no_dead", "warned"])
@pytest.mark.parametrize("add, seen", [(5.0, 1.0), (-5.0, 0.0), (0.5, 0.5)])
def test_what_is_a_share_stays_one(injected, covariate, add, seen):
    here = injected("again", covariate=covariate, add=add)
    assert here.proceed() == at.INJECT
    assert here.see("ann", covariate, "bob") == seen


@pytest.mark.parametrize("add, seen", [(5.0, 1.0), (-5.0, 0.0), (0.3, 0.5)])
def test_belief_stays_between_0_and_1(injected, add, seen):
    here = injected("again", covariate="hostile_intent", add=add)
    assert here.proceed() == at.INJECT
    assert here.see("ann", "hostile_intent", "bob") == pytest.approx(seen, abs=1e-12)


def test_being_warned_is_the_others_line_and_nothing_else(injected):
    here = injected("again", covariate="warned", add=0.5)
    before = here.state.value.copy()
    assert here.proceed() == at.INJECT
    changed = np.argwhere(here.state.value != before)
    assert changed.tolist() == [[here.actor("bob"), at.LINE, here.actor("ann")]]
