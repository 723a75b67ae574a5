"""A history of three moves and a promise, worked by hand.

Every half-life is ten days: after d days ``fade(d) = 2**(-d / 10)`` is left.  Harm counts
ln(1 + n) for n dead.  Day 0 is the start:

    -10  ann threatens bob, having nothing to avenge: a line, and no promise.
     -5  bob strikes ann at the camp on cal's soil; 3 of ann's and 1 of cal's die, 5 are claimed.
     -4  ann learns of its 3 (assessment of 1 day).
     -3  cal learns of its 1 (2 days).
     -2  ann strikes back at the base, with notice; nobody dies, 4 are claimed.
     -1.5  bob learns that nobody died (half a day).
     -1  ann threatens bob, with a grievance left over: the same line, and a promise.
"""

import math

import numpy as np
import pytest

from sim.kernel import layout as at

LN2, LN4, LN5 = math.log(2), math.log(4), math.log(5)


def fade(days: float) -> float:
    return 2.0 ** (-days / 10)


@pytest.fixture
def step(world):
    """Play the opening up to the n-th step, and give the world as it is then."""

    def play(n: int):
        here = world("worked")
        for _ in range(n):
            here.begin()
        return here

    return play


def is_(value):
    return pytest.approx(value, abs=1e-12)


def urgency(here, name):
    clock = here.state.clock[here.actor(name)]
    return float(clock[at.CLOCK_URGENCY] * fade(here.state.time[at.NOW] - clock[at.CLOCK_SINCE]))


def test_a_threat_without_a_grievance_draws_a_line_only(step):
    here = step(1)
    assert here.state.time[at.NOW] == -10
    assert here.see("bob", "warned", "ann") == is_(1.0)
    assert here.see("ann", "commitment", "bob") == 0.0
    # bob's belief goes 0.2 of the way from 0 to 1.
    assert here.see("bob", "hostile_intent", "ann") == is_(0.2)
    assert here.see("cal", "hostile_intent", "ann") == 0.0
    assert here.see("bob", "tension", "ann") == 0.0
    assert [urgency(here, name) for name in ("ann", "bob", "cal")] == [0.0, 0.0, 0.0]


def test_a_blow_harms_crosses_the_line_and_is_counted_later(step):
    here = step(2)
    assert here.state.time[at.NOW] == -5
    # A blow's own harm is 2; the dead are not known yet.
    assert here.see("ann", "grievance", "bob") == is_(2.0)
    assert [here.see(name, "tension", "ann") for name in ("bob", "cal")] == is_([2.0, 2.0])
    assert here.see("ann", "tension", "bob") == is_(2.0)
    # The line was drawn 5 days ago: 2**-0.5 of it is left, and so much has been crossed.
    assert here.see("ann", "line_crossed", "bob") == is_(math.sqrt(0.5))
    # From the prior of 0.2, half of the way to 1; nothing was priced in, as bob avenged nothing.
    assert here.see("ann", "hostile_intent", "bob") == is_(0.6)
    assert here.see("cal", "sovereignty", "bob") == 1.0
    assert here.see("ann", "sovereignty", "bob") == 0.0
    assert [here.see(name, "exposed", "bob") for name in ("ann", "cal")] == [1.0, 1.0]
    assert [here.see(name, "awaiting_assessment", "bob") for name in ("ann", "cal")] == [1.0, 1.0]
    assert here.see("ann", "dead", "bob") == 0.0
    assert list(here.state.dead[:3]) == [3, 0, 1]
    assert list(here.state.known[:3]) == [0, 0, 0]
    # Urgency: ann's own harm 0.5 * 2; cal looks on, 0.3 * 2; bob struck.
    assert urgency(here, "ann") == is_(1.0)
    assert urgency(here, "cal") == is_(0.6)
    assert urgency(here, "bob") == 0.0
    # bob had no account to settle.
    assert here.see("bob", "answered", "ann") == 0.0
    assert list(here.dead()) == [3, 0, 1]
    assert here.work.row[at.ROW_CLAIMED] == 5


def test_an_assessment_tells_the_victim_and_its_partners(step):
    here = step(3)
    assert here.state.time[at.NOW] == -4
    assert here.see("ann", "dead", "bob") == is_(LN4)
    assert here.see("cal", "partners_dead", "bob") == is_(LN4)
    assert here.see("bob", "dead", "ann") == 0.0
    assert here.see("ann", "no_dead", "bob") == 0.0
    assert here.see("ann", "awaiting_assessment", "bob") == 0.0
    assert here.see("cal", "awaiting_assessment", "bob") == 1.0
    assert list(here.state.known[:3]) == [3, 0, 0]
    # 2 * 0.93303 + 1.38629 = 3.25236
    assert here.see("ann", "grievance", "bob") == is_(2 * fade(1) + LN4)
    assert here.see("ann", "tension", "bob") == is_(2 * fade(1) + LN4)
    # The prompt of 1 and 0.5 for each unit of harm.
    assert urgency(here, "ann") == is_(fade(1) + 1 + 0.5 * LN4)
    assert urgency(here, "cal") == is_(0.6 * fade(1) + 0.3 * LN4)


def test_a_third_party_avenges_its_own_dead(step):
    here = step(4)
    assert here.state.time[at.NOW] == -3
    assert here.see("cal", "dead", "bob") == is_(LN2)
    assert here.see("cal", "grievance", "bob") == is_(LN2)
    # ann is no partner of cal's, though cal is one of ann's.
    assert here.see("ann", "partners_dead", "bob") == 0.0
    assert here.see("bob", "tension", "ann") == is_(2 * fade(2) + LN4 * fade(1) + LN2)


def test_an_answer_settles_what_was_claimed(step):
    here = step(5)
    assert here.state.time[at.NOW] == -2
    # (2 * 0.93303 + 1.38629) * 0.87055 = 2.83134, of which 1 + ln 5 = 2.60944 is discharged.
    before = (2 * fade(1) + LN4) * fade(2)
    relief = 1 + LN5
    share = relief / before
    assert (round(before, 5), round(share, 5)) == (2.83134, 0.92163)
    assert here.see("ann", "grievance", "bob") == is_(before - relief)
    assert here.see("ann", "answered", "bob") == is_(share)
    assert here.see("ann", "line_crossed", "bob") == is_((1 - share) * math.sqrt(0.5) * fade(3))
    # What it does to bob: one unit of harm; notice came, as the base is on bob's own soil.
    assert here.see("bob", "grievance", "ann") == is_(1.0)
    assert here.see("bob", "restraint", "ann") == is_(1.0)
    assert here.work.row[at.ROW_NOTICE] == 1.0
    assert here.see("bob", "line_crossed", "ann") == 0.0
    assert here.see("bob", "sovereignty", "ann") == 1.0
    # A notified strike alarms nobody: the belief of day -10 has faded for 8 days.
    assert here.see("bob", "hostile_intent", "ann") == is_(0.2 * fade(8))


def test_a_blow_that_killed_nobody_is_known_to(step):
    here = step(6)
    assert here.state.time[at.NOW] == -1.5
    assert here.see("bob", "no_dead", "ann") == 1.0
    assert here.see("bob", "dead", "ann") == 0.0
    assert here.see("bob", "awaiting_assessment", "ann") == 0.0
    # 0.25 for its unit of harm, and the prompt; of the harm that it did it takes no note.
    assert urgency(here, "bob") == is_(0.25 * fade(0.5) + 1.0)


def test_a_threat_with_a_grievance_is_a_promise(step):
    here = step(7)
    left = ((2 * fade(1) + LN4) * fade(2) - 1 - LN5) * fade(1)
    assert round(left, 5) == 0.20705
    assert here.see("ann", "commitment", "bob") == is_(left)
    assert here.see("bob", "warned", "ann") == is_(1.0)
    # bob had priced in nothing; 0.2 of the way again.
    faded = 0.2 * fade(9)
    assert here.see("bob", "hostile_intent", "ann") == is_(faded + 0.2 * (1 - faded))


def test_the_start_sees_what_has_faded(world):
    here = world("worked").start()
    assert here.state.time[at.NOW] == 0.0
    left = ((2 * fade(1) + LN4) * fade(2) - 1 - LN5) * fade(2)
    assert here.see("ann", "grievance", "bob") == is_(left)
    assert here.see("cal", "dead", "bob") == is_(math.log1p(fade(3)))
    assert here.see("ann", "hostile_intent", "bob") == is_(0.2 + 0.4 * fade(5))
    # Last hot move: the threat of day -1; bob's unit of harm reaches 0.5 ten days after day -2.
    assert here.state.time[at.SETTLES] == is_(9.0)


def test_what_is_priced_in_alarms_less(world):
    # ann expects an answer of bob's by half: bob avenges one unit, and moves 0.25 of the way.
    here = world("plain").start()
    here.force("ann", "notified_strike", "bob", 1.0)
    here.force("bob", "limited_strike", "ann", 1.0)
    assert here.see("ann", "hostile_intent", "bob") == is_(0.2 + 0.5 * (1 - 0.5) * 0.8)


def test_a_signal_of_restraint_calms(world):
    here = world("plain").start()
    here.force("bob", "conciliate", "ann", 2.0)
    assert here.see("ann", "hostile_intent", "bob") == is_(0.75 * 0.2)
    assert here.see("ann", "restraint", "bob") == 1.0
    # Below its prior, belief drifts back up to it.
    here.state.time[at.NOW] = 12.0
    assert here.see("ann", "hostile_intent", "bob") == is_(0.2 - 0.05 / 2)


def test_an_offer_to_mediate_reaches_everyone_else(world):
    here = world("plain").start()
    here.force("cal", "mediate", day=1.0)
    seen = [
        here.see(i, "mediation", j) for i, j in (("ann", "bob"), ("bob", "cal"), ("cal", "ann"))
    ]
    assert seen == [1.0, 1.0, 0.0]


def test_a_new_blow_undoes_the_answer(world):
    here = world("plain").start()
    here.force("bob", "limited_strike", "ann", 1.0)
    here.force("ann", "major_strike", "bob", 1.0)
    # Relief of 4 for a grievance of 2.
    assert here.see("ann", "answered", "bob") == 1.0
    assert here.see("ann", "grievance", "bob") == 0.0
    here.force("bob", "proxy_strike", "ann", 1.0)
    known = here.work.row[at.ROW_ATTRIBUTED] > 0
    assert here.see("ann", "answered", "bob") == (0.0 if known else 1.0)


def test_notice_through_a_host_is_a_signal_to_it_too(world):
    for seed in range(1, 20):
        here = world("plain", seed=seed).start()
        here.force("bob", "notified_strike", "ann", 1.0)
        arrived = here.work.row[at.ROW_NOTICE]
        assert here.see("ann", "restraint", "bob") == arrived
        assert here.see("cal", "restraint", "bob") == arrived


def test_a_launch_through_a_host_is_held_against_it(world):
    seen = set()
    for seed in range(1, 20):
        here = world("plain", seed=seed).start()
        here.force("bob", "limited_strike", "ann", 1.0)
        launched = int(here.work.row[at.ROW_LAUNCHED])
        assert launched in (-1, here.actor("cal"))
        assert here.see("ann", "host_used", "cal") == (launched >= 0)
        seen.add(launched)
    assert len(seen) == 2


def test_an_unattributed_blow_is_nobodys(world):
    for seed in range(1, 20):
        here = world("plain", {"actors.bob.attribution": 0.0}, seed=seed).start()
        here.force("bob", "proxy_strike", "ann", 1.0)
        for covariate in ("grievance", "exposed", "line_crossed", "awaiting_assessment"):
            assert here.see("ann", covariate, "bob") == 0.0
        assert here.see("cal", "sovereignty", "bob") == 0.0
        assert here.see("ann", "tension", "bob") == 0.5
        # The dead are counted all the same, by nobody known.
        deaths = here.dead()
        here.state.clock[:, at.CLOCK_DUE] = np.inf
        assert here.proceed() == at.ASSESSMENT
        assert here.work.row[at.ROW_TARGET] == -1
        assert here.state.known[0] == here.state.dead[0] == deaths[0]
        assert here.see("ann", "dead", "bob") == 0.0
