"""How an actor chooses: a multinomial logit over the options of its repertoire.

``U(o) = base(o) + brake * repeated(o) + sum over rules of weight(o) * ramp(covariate)`` and
``P = softmax(precision * U)`` (McFadden 1974; McKelvey & Palfrey 1995).
"""

import math

from sim.kernel import layout as at
from sim.kernel.compiled import compiled
from sim.kernel.covariates import observe
from sim.kernel.elementary import exp


@compiled
def weigh(params, state, work, i):
    """Weigh every option of actor i now.

    Writes work.ramp (rows of i's rules), work.repetition, work.utility and work.probability
    (the first ``n_options[i]`` entries).  Draws no random number.
    """
    value = 0.0
    before, toward = -1, -1
    for q in range(params.rule_first[i], params.rule_first[i + 1]):
        # Rows lie in the order of what they read, so that each amount decays only once.
        if params.rule[q, 0] != before or params.rule[q, 1] != toward:
            before, toward = params.rule[q, 0], params.rule[q, 1]
            value = observe(params, state, i, before, toward)
        work.ramp[q] = min(1.0, max(0.0, value * params.rule_slope[q]))
    now = state.time[at.NOW]
    options = params.n_options[i]
    best = -math.inf
    for o in range(options):
        brake = 0.0
        if state.made[i, o] > -math.inf:
            fading = exp(-params.world[at.WORLD_BRAKE_DECAY] * (now - state.made[i, o]))
            brake = params.world[at.WORLD_BRAKE] * fading
        utility = params.propensity[i, o] + brake
        for t in range(params.term_first[i, o], params.term_first[i, o + 1]):
            utility += params.term_weight[t] * work.ramp[params.term_rule[t]]
        work.repetition[o] = brake
        work.utility[o] = utility
        best = max(best, utility)
    precision = params.actor[i, at.ACTOR_PRECISION]
    for o in range(options):
        work.probability[o] = exp(precision * (work.utility[o] - best))
    total = 0.0
    for o in range(options):
        total += work.probability[o]
    norm = 1.0 / total
    for o in range(options):
        work.probability[o] *= norm


@compiled
def pick(probability, options, u):
    """Return the option whose stretch of the unit interval holds `u`.

    Options lie in the order of the ladder, so that in paired histories a uniform falls on a
    neighbouring rung when probabilities shift a little.
    """
    below = 0.0
    for o in range(options - 1):
        below += probability[o]
        if u < below:
            return o
    return options - 1
