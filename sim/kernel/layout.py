"""The records that the transition rules work on, documented field by field.

`PARAMS` is what a scenario says and is never written by the kernel; `STATE` is everything that
changes while a crisis unfolds, so that copying one record is a complete snapshot; `WORK` is scratch
space that carries nothing from one event to the next.

Where injects change what the scenario says, there is one PARAMS record for each of its phases: they
differ in numbers, never in the order or the count of anything.

Each is one record of fixed shape (the limits below), whatever the crisis: the kernel is compiled
once for all crises, passes a single pointer from function to function, and knows every stride when
it is compiled.  Only the first ``n`` actors, ``n_options[i]`` options and so on are ever read.

Integer columns that live in a float table hold whole numbers; -1 stands for "none".
Numbers of rows are unsigned: an index read from a signed column might count from the end, which
compiled code would have to ask each time.
"""

import numpy as np

# --- limits: how large a crisis may be ------------------------------------------------------
MAX_ACTORS = 16
MAX_MOVES = 16
MAX_OPTIONS = 192  # of one actor, hold included
MAX_RULES = 512  # rows: a rule toward each of several actors takes one row each
MAX_TERMS = 4096
MAX_PLACES = 32
MAX_OPENING = 64
MAX_INJECTS = 32
MAX_EFFECTS = 256
MAX_MAJOR = 8
MAX_PHASES = 64

# --- covariates: the middle index of State.value --------------------------------------------
GRIEVANCE = 0
COMMITMENT = 1
LINE_CROSSED = 2
ANSWERED = 3
DEAD = 4
PARTNERS_DEAD = 5
NO_DEAD = 6
AWAITING = 7
HOSTILE_INTENT = 8  # stored as the distance from its prior
RESTRAINT = 9
TENSION = 10  # undirected: stored at [i, TENSION, i]
MEDIATION = 11  # undirected: stored at [i, MEDIATION, i]
SOVEREIGNTY = 12
HOST_USED = 13
EXPOSED = 14
LINE = 15  # the line that i has drawn against j; seen by j as WARNED
N_STORED = 16
WARNED = 16
CONSTANT = 17
URGENCY = 16  # column of Params.decay only

# --- columns of Params.move ------------------------------------------------------------------
MOVE_RUNG = 0
MOVE_DENIABLE = 1
MOVE_NOTICE = 2
MOVE_MAJOR = 3
MOVE_WAR = 4
MOVE_LETHALITY = 5
MOVE_SATISFACTION = 6
MOVE_RESTRAINT = 7
MOVE_MEDIATION = 8
MOVE_LINE = 9
MOVE_ALARM = 10
N_MOVE = 11
FORCE_RUNG = 6.0  # a move on this rung or above is kinetic

# --- columns of Params.blow and Params.opening_blow: what a move does when it lands ----------
BLOW_PLACE = 0  # -1: drawn
BLOW_DEAD = 1  # -1: drawn
BLOW_CLAIMED = 2  # -1: by the actor's habit
BLOW_PROVOCATION = 3
BLOW_MUNITIONS = 4
N_BLOW = 5

# --- columns of Params.actor -----------------------------------------------------------------
ACTOR_TEMPO = 0
ACTOR_PRECISION = 1
ACTOR_URGENCY = 2
ACTOR_ATTENTION = 3
ACTOR_ALERT = 4
ACTOR_CLAIMS = 5
ACTOR_ATTRIBUTION = 6
ACTOR_PASSES_WARNING = 7
ACTOR_ASSESSMENT = 8
N_ACTOR = 9

# --- layers of Params.pair -------------------------------------------------------------------
PAIR_EXPECTS = 0
PAIR_PRIOR = 1
PAIR_LAUNCH = 2  # cumulative probability of launching from host j
PAIR_PARTNER = 3
N_PAIR = 4

# --- entries of Params.world -----------------------------------------------------------------
WORLD_PER_LOG_DEAD = 0
WORLD_AVERTS = 1
WORLD_WAR_DAYS = 2
WORLD_QUIET_DAYS = 3
WORLD_FLOOR = 4
WORLD_BRAKE = 5
WORLD_BRAKE_DECAY = 6
WORLD_PROMPT = 7
WORLD_HORIZON = 8
WORLD_CEILING = 9
N_WORLD = 10

# --- columns of State.clock ------------------------------------------------------------------
CLOCK_DUE = 0
CLOCK_LEFT = 1
CLOCK_SINCE = 2
CLOCK_URGENCY = 3
CLOCK_CHOICE = 4  # the uniform that will pick the option: drawn with the exponential
N_CLOCK = 5

# --- entries of State.time -------------------------------------------------------------------
NOW = 0
LAST_HOT = 1
SETTLES = 2
NEXT_ASSESSMENT = 3
N_TIME = 4

# --- columns of Params.inject, Params.effect -------------------------------------------------
INJECT_AT = 0  # day, or -1 where it comes at a rate
INJECT_RATE = 1
INJECT_BLAMED = 2  # actor or -1
INJECT_ADDRESS = 3  # of its random numbers
N_INJECT = 4
EFFECT_INJECT = 0
EFFECT_COVARIATE = 1
EFFECT_OF = 2
EFFECT_TOWARD = 3
N_EFFECT = 4

# --- kinds of event and columns of Work.row --------------------------------------------------
PAUSED = 0  # nothing happened before the time asked for
DECISION = 1
MOVE = 2
ASSESSMENT = 3
INJECT = 4
WAR = 5
SETTLEMENT = 6
HORIZON = 7
HELD = 8
RUNNING = 0  # State.end, besides WAR, SETTLEMENT and HORIZON

ROW_TIME = 0
ROW_KIND = 1
ROW_ACTOR = 2
ROW_MOVE = 3
ROW_TARGET = 4
ROW_PLACE = 5
ROW_LAUNCHED = 6
ROW_NOTICE = 7
ROW_ATTRIBUTED = 8
ROW_CLAIMED = 9
ROW_ANSWERS = 10
N_ROW = 11  # followed by the dead of each actor

_A, _M, _O, _R = MAX_ACTORS, MAX_MOVES, MAX_OPTIONS, MAX_RULES


def _record(*fields: tuple[str, type, tuple[int, ...]]) -> np.dtype[np.void]:
    return np.dtype([field if field[2] else field[:2] for field in fields], align=True)


PARAMS = _record(
    # numbers of each kind
    ("n", np.int64, ()),  # actors
    ("n_opening", np.int64, ()),
    ("n_injects", np.int64, ()),
    ("n_effects", np.int64, ()),
    ("n_places", np.int64, ()),
    ("war_major", np.int64, ()),  # major strikes that each of two actors must make for war
    ("world", np.float64, (N_WORLD,)),  # of the whole crisis: days, harm units, logits, 1/day
    # moves, by the order of the ladder
    ("move", np.float64, (_M, N_MOVE)),  # rung, flags, lethality, satisfaction, signals
    ("blow", np.float64, (_M, N_BLOW)),  # what it does when it lands
    # actors
    ("actor", np.float64, (_A, N_ACTOR)),  # tempo 1/day, precision, urgency 1/harm, alert, ...
    ("pair", np.float64, (N_PAIR, _A, _A)),  # of i toward j
    ("decay", np.float64, (_A, N_STORED + 1)),  # rates 1/day, by covariate; last: urgency
    ("n_options", np.int64, (_A,)),
    ("option", np.int64, (_A, _O, 2)),  # move, target (itself if undirected); option 0 holds
    ("propensity", np.float64, (_A, _O)),  # base propensities, logits
    # rules: rows rule_first[i] to rule_first[i + 1] - 1 are those of actor i
    ("rule_first", np.uint32, (_A + 1,)),
    ("rule", np.uint32, (_R, 2)),  # covariate, toward whom; rows of one actor sorted by both
    ("rule_slope", np.float64, (_R,)),  # 1 / value of the covariate at full strength
    # terms term_first[i, o] to term_first[i, o + 1] - 1 are what option o of actor i adds up
    ("term_first", np.uint32, (_A, _O + 1)),
    ("term_rule", np.uint32, (MAX_TERMS,)),  # row
    ("term_weight", np.float64, (MAX_TERMS,)),  # logits at full strength
    # places
    ("soil", np.int64, (MAX_PLACES,)),  # whose soil it is
    ("exposure", np.float64, (MAX_PLACES,)),  # factor on the dead there
    ("forces", np.float64, (MAX_PLACES, _A)),  # cumulative shares of the people there
    ("falls", np.float64, (_A, _M, MAX_PLACES)),  # cumulative: where move m at target i lands
    # opening events, in order of time
    ("opening", np.float64, (MAX_OPENING, 6)),  # day, actor, move, target, option or -1, address
    ("opening_blow", np.float64, (MAX_OPENING, N_BLOW)),
    ("opening_dead", np.int64, (MAX_OPENING, _A)),  # where BLOW_DEAD says that they are given
    # injects
    ("inject", np.float64, (MAX_INJECTS, N_INJECT)),
    ("inject_dead", np.int64, (MAX_INJECTS, _A)),
    ("inject_phase", np.int64, (MAX_INJECTS,)),  # that each begins; this one if it sets nothing
    ("effect", np.int64, (MAX_EFFECTS, N_EFFECT)),
    ("effect_add", np.float64, (MAX_EFFECTS,)),
)

STATE = _record(
    ("key", np.uint64, (3,)),  # seed, replicate, branch: the key of every random number
    ("time", np.float64, (N_TIME,)),  # now; last hot move; date of settlement; next assessment
    ("begun", np.int64, ()),  # 1 once the opening is over
    ("end", np.int64, ()),  # RUNNING, WAR, SETTLEMENT or HORIZON
    ("phase", np.int64, ()),  # which PARAMS record holds
    ("value", np.float64, (_A, N_STORED, _A)),  # covariate c of i toward j, as of `since`
    ("since", np.float64, (_A, N_STORED, _A)),  # day when `value` was last written
    ("made", np.float64, (_A, _O)),  # day when i last chose option o; -inf for never
    ("forced", np.int64, (_A,)),  # option that the next decision must take, or -1
    ("clock", np.float64, (_A, N_CLOCK)),  # next decision; exponential left, urgency; its choice
    ("count", np.int64, (_A,)),  # decisions taken
    ("occurred", np.int64, (MAX_INJECTS,)),  # occurrences of each inject
    ("inject_due", np.float64, (MAX_INJECTS,)),  # when it comes next; inf for never
    # the dead of i by j; column n stands for a culprit whom nobody knows
    ("pending", np.float64, (_A, _A + 1)),  # when i learns of them; inf for nothing pending
    ("unknown", np.int64, (_A, _A + 1)),  # those that i does not know of yet
    ("dead", np.int64, (_A,)),  # true dead
    ("known", np.int64, (_A,)),  # of these, the dead that the actor itself knows of
    ("owed", np.int64, (_A, _A)),  # 1 where j has struck i and i has not struck back
    ("major", np.float64, (_A, _A, MAX_MAJOR)),  # days of i's last k major strikes on j
)

WORK = _record(
    ("ramp", np.float64, (_R,)),  # ramps of the deciding actor's rules, 0..1
    ("repetition", np.float64, (_O,)),  # logits of the brake on repetition
    ("utility", np.float64, (_O,)),
    ("probability", np.float64, (_O,)),
    ("actor", np.int64, ()),  # who decides
    ("model", np.int64, ()),  # the option that the model picks
    ("pick", np.int64, ()),  # the option to take: the model's, or the one that a fork forces
    ("row", np.float64, (N_ROW + _A,)),  # the last event; after N_ROW the dead by actor
)


def new_record(dtype: np.dtype[np.void]) -> np.record:
    """Return one zeroed record, its fields readable as attributes."""
    return np.zeros(1, dtype).view(np.recarray)[0]  # type: ignore[no-any-return]


def copied(record: np.record) -> np.record:
    """Return a record with the same content and memory of its own."""
    twin = np.zeros(1, record.dtype).view(np.recarray)
    twin[0] = record
    return twin[0]  # type: ignore[no-any-return]


def new_state(seed: int, replicate: int) -> np.record:
    """Return a STATE in which nothing has happened yet, not even the opening.

    Parameters
    ----------
    seed, replicate : int, 0 <= value < 2**64
    """
    state = new_record(STATE)
    state.key[:] = seed, replicate, 0
    state.time[:] = 0.0, -np.inf, np.inf, np.inf
    state.made[:] = -np.inf
    state.forced[:] = -1
    state.pending[:] = np.inf
    state.major[:] = -np.inf
    state.inject_due[:] = np.inf
    return state
