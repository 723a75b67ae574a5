/* The kernel's inner loop in plain C: the limit to compare the compiled Python with.
 *
 * The same rules in the same order of operations as sim/kernel, on the same records, so that with
 * contraction off (-ffp-contract=off) both give the same bits.  The records and the constants come
 * from layout.h, which inner.py writes from sim/kernel/layout.py.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "layout.h"

typedef struct params params;
typedef struct state state;
typedef struct work work;

static inline double smaller(double a, double b) { return b < a ? b : a; }
static inline double larger(double a, double b) { return b > a ? b : a; }

/* --- elementary ---------------------------------------------------------------------------- */

static const double LN2_HIGH = 6.93147180369123816490e-01;
static const double LN2_LOW = 1.90821492927058770002e-10;

static inline double as_float(int64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static inline int64_t as_bits(double number)
{
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static inline double exp_of(double x)
{
    const double shift = 6755399441055744.0; /* 1.5 * 2**52 */
    x = larger(x, -700.0);
    double shifted = x * 1.4426950408889634 + shift;
    double k = shifted - shift;
    double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    double r2 = r * r;
    double r4 = r2 * r2;
    double low = (0.5 + r * (1.0 / 6.0)) + r2 * (1.0 / 24.0 + r * (1.0 / 120.0));
    double middle = (1.0 / 720.0 + r * (1.0 / 5040.0)) + r2 * (1.0 / 40320.0 + r * (1.0 / 362880.0));
    double high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0))
                  + r2 * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0));
    double series = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)));
    int64_t exponent = as_bits(shifted) - 0x4338000000000000 + 1023;
    return series * as_float(exponent << 52);
}

static inline double log_of(double x)
{
    int64_t bits = as_bits(x);
    int64_t k = (bits >> 52) - 1023;
    double m = as_float((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        k += 1;
    }
    double f = m - 1.0;
    double s = f / (2.0 + f);
    double z = s * s;
    double w = z * z;
    double even = w * (3.999999999940941908e-01
                       + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    double odd = z * (6.666666666666735130e-01
                      + w * (2.857142874366239149e-01
                             + w * (1.818357216161805012e-01 + w * 1.479819860510518591e-01)));
    double half = 0.5 * f * f;
    return (double)k * LN2_HIGH
           - ((half - (s * (half + (even + odd)) + (double)k * LN2_LOW)) - f);
}

/* --- streams: Philox 4x64-10 ----------------------------------------------------------------- */

static inline uint64_t high_product(uint64_t a, uint64_t b)
{
    return (uint64_t)(((unsigned __int128)a * b) >> 64);
}

static inline double uniform(uint64_t word)
{
    return ((double)(int64_t)(word >> 12) + 0.5) * (1.0 / 4503599627370496.0);
}

typedef struct { double u[4]; } four;

static four draw(const uint64_t *key, uint64_t kind, uint64_t who, uint64_t count, uint64_t block)
{
    const uint64_t m0 = 0xD2E7470EE14C6C93u, m1 = 0xCA5A826395121157u;
    uint64_t c0 = count, c1 = who, c2 = block, c3 = kind | key[2] << 8, k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t high0 = high_product(m0, c0), low0 = m0 * c0;
        uint64_t high1 = high_product(m1, c2), low1 = m1 * c2;
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += 0x9E3779B97F4A7C15u;
        k1 += 0xBB67AE8584CAA73Bu;
    }
    return (four){{uniform(c0), uniform(c1), uniform(c2), uniform(c3)}};
}

static int64_t poisson(double mean, double u)
{
    double term = exp_of(-mean), below = term;
    int64_t count = 0;
    while (u > below && term > 0.0 && (term > 1e-18 || (double)count < mean)) {
        count += 1;
        term *= mean / (double)count;
        below += term;
    }
    return count;
}

/* --- covariates ------------------------------------------------------------------------------ */

static inline double amount(const params *p, const state *s, int64_t i, int64_t c, int64_t j)
{
    double value = s->value[i][c][j];
    if (value == 0.0)
        return 0.0;
    return value * exp_of(-p->decay[i][c] * (s->time[NOW] - s->since[i][c][j]));
}

static inline void put(state *s, int64_t i, int64_t c, int64_t j, double value)
{
    s->value[i][c][j] = value;
    s->since[i][c][j] = s->time[NOW];
}

static inline void add(const params *p, state *s, int64_t i, int64_t c, int64_t j, double more)
{
    if (more != 0.0)
        put(s, i, c, j, amount(p, s, i, c, j) + more);
}

static inline double observe(const params *p, const state *s, int64_t i, int64_t c, int64_t j)
{
    switch (c) {
    case CONSTANT: return 1.0;
    case WARNED: return amount(p, s, j, LINE, i);
    case TENSION:
    case MEDIATION: return amount(p, s, i, c, i);
    case DEAD:
    case PARTNERS_DEAD: return log_of(1.0 + amount(p, s, i, c, j));
    case HOSTILE_INTENT: return p->pair[PAIR_PRIOR][i][j] + amount(p, s, i, c, j);
    default: return amount(p, s, i, c, j);
    }
}

static void alarm_by(const params *p, state *s, int64_t i, int64_t j, double share)
{
    double belief = observe(p, s, i, HOSTILE_INTENT, j);
    belief += share * (share > 0.0 ? 1.0 - belief : belief);
    put(s, i, HOSTILE_INTENT, j, belief - p->pair[PAIR_PRIOR][i][j]);
}

/* --- clocks ---------------------------------------------------------------------------------- */

static inline double integral(double decay, double days, double fading)
{
    double x = decay * days;
    if (x < 1e-4)
        return days * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0))));
    return (1.0 - fading) / decay;
}

static inline double faded(double decay, double days)
{
    return integral(decay, days, exp_of(-decay * days));
}

static double wait_for(double left, double tempo, double urgency, double decay)
{
    double need = left / tempo;
    if (urgency <= 0.0)
        return need;
    double days = need / (1.0 + urgency);
    for (int k = 0; k < 60; k++) {
        double fading = exp_of(-decay * days);
        double missing = need - days - urgency * integral(decay, days, fading);
        double step = missing / (1.0 + urgency * fading);
        days += step;
        if (step * step * urgency * decay <= 1e-15 * days)
            break;
    }
    return days;
}

static void restart(const params *p, state *s, int64_t i, double exponential)
{
    double now = s->time[NOW], decay = p->decay[i][URGENCY];
    double *clock = s->clock[i];
    double urgency = clock[CLOCK_URGENCY];
    if (urgency > 0.0) {
        urgency *= exp_of(-decay * (now - clock[CLOCK_SINCE]));
        urgency = urgency > 1e-12 ? urgency : 0.0;
    }
    clock[CLOCK_LEFT] = exponential;
    clock[CLOCK_URGENCY] = urgency;
    clock[CLOCK_SINCE] = now;
    clock[CLOCK_DUE] = now + wait_for(exponential, p->actor[i][ACTOR_TEMPO], urgency, decay);
}

/* What the clock has used up under `old` is taken off, and it runs on under `new`. */
static void run_on(const params *old, const params *new, state *s, int64_t i, double jump)
{
    double *clock = s->clock[i];
    double decay = old->decay[i][URGENCY], urgency = clock[CLOCK_URGENCY];
    double days = larger(s->time[NOW] - clock[CLOCK_SINCE], 0.0);
    double used = old->actor[i][ACTOR_TEMPO] * (days + urgency * faded(decay, days));
    urgency = urgency * exp_of(-decay * days) + jump;
    clock[CLOCK_URGENCY] = smaller(urgency, new->world[WORLD_CEILING]);
    clock[CLOCK_LEFT] = larger(clock[CLOCK_LEFT] - used, 0.0);
    clock[CLOCK_SINCE] = s->time[NOW];
    clock[CLOCK_DUE] = s->time[NOW] + wait_for(clock[CLOCK_LEFT], new->actor[i][ACTOR_TEMPO],
                                               clock[CLOCK_URGENCY], new->decay[i][URGENCY]);
}

static void quicken(const params *p, state *s, int64_t i, double jump)
{
    if (jump > 0.0)
        run_on(p, p, s, i, jump);
}

/* --- choice ---------------------------------------------------------------------------------- */

static int64_t choose(const params *restrict p, const state *restrict s, work *restrict w, int64_t i)
{
    double value = 0.0;
    int64_t before = -1, toward = -1;
    for (int64_t q = p->rule_first[i]; q < p->rule_first[i + 1]; q++) {
        if (p->rule[q][0] != before || p->rule[q][1] != toward) {
            before = p->rule[q][0];
            toward = p->rule[q][1];
            value = observe(p, s, i, before, toward);
        }
        w->ramp[q] = smaller(1.0, larger(0.0, value * p->rule_slope[q]));
    }
    double now = s->time[NOW], best = -INFINITY;
    int64_t options = p->n_options[i];
    for (int64_t o = 0; o < options; o++) {
        double brake = 0.0;
        if (s->made[i][o] > -INFINITY)
            brake = p->world[WORLD_BRAKE] * exp_of(-p->world[WORLD_BRAKE_DECAY] * (now - s->made[i][o]));
        double utility = p->propensity[i][o] + brake;
        for (int64_t t = p->term_first[i][o]; t < p->term_first[i][o + 1]; t++)
            utility += p->term_weight[t] * w->ramp[p->term_rule[t]];
        w->utility[o] = utility;
        best = larger(best, utility);
    }
    double precision = p->actor[i][ACTOR_PRECISION], total = 0.0;
    for (int64_t o = 0; o < options; o++)
        w->probability[o] = exp_of(precision * (w->utility[o] - best));
    for (int64_t o = 0; o < options; o++)
        total += w->probability[o];
    double norm = 1.0 / total, below = 0.0, u = s->clock[i][CLOCK_CHOICE];
    for (int64_t o = 0; o < options - 1; o++) {
        below += w->probability[o] * norm;
        if (u < below)
            return o;
    }
    return options - 1;
}

/* --- ends ------------------------------------------------------------------------------------ */

static void settlement_date(const params *p, state *s)
{
    double date = s->time[LAST_HOT] + p->world[WORLD_QUIET_DAYS], floor = p->world[WORLD_FLOOR];
    for (int64_t i = 0; i < p->n; i++)
        for (int64_t j = 0; j < p->n; j++) {
            double grievance = s->value[i][GRIEVANCE][j];
            if (grievance > floor) {
                double days = log_of(grievance / floor) / p->decay[i][GRIEVANCE];
                date = larger(date, s->since[i][GRIEVANCE][j] + days);
            }
        }
    s->time[SETTLES] = larger(date, s->time[NOW]);
}

static void book_major(const params *p, state *s, int64_t actor, int64_t target)
{
    int64_t last = p->war_major - 1;
    for (int64_t k = 0; k < last; k++)
        s->major[actor][target][k] = s->major[actor][target][k + 1];
    s->major[actor][target][last] = s->time[NOW];
    double oldest = smaller(s->major[actor][target][0], s->major[target][actor][0]);
    if (oldest >= s->time[NOW] - p->world[WORLD_WAR_DAYS])
        s->end = WAR;
}

/* --- consequences ---------------------------------------------------------------------------- */

static void harm(const params *p, state *s, int64_t i, int64_t culprit, int64_t author, double units)
{
    if (units <= 0.0)
        return;
    if (culprit < p->n)
        add(p, s, i, GRIEVANCE, culprit, units);
    for (int64_t k = 0; k < p->n; k++) {
        add(p, s, k, TENSION, k, units);
        if (k == i)
            quicken(p, s, k, p->actor[k][ACTOR_URGENCY] * units);
        else if (k != author)
            quicken(p, s, k, p->actor[k][ACTOR_ATTENTION] * units);
    }
}

static void find_next_assessment(const params *p, state *s)
{
    double earliest = INFINITY;
    for (int64_t i = 0; i < p->n; i++)
        for (int64_t j = 0; j <= p->n; j++)
            earliest = smaller(earliest, s->pending[i][j]);
    s->time[NEXT_ASSESSMENT] = earliest;
}

static void await_assessment(const params *p, state *s, int64_t i, int64_t culprit, int64_t deaths)
{
    if (s->pending[i][culprit] == INFINITY && culprit < p->n)
        put(s, i, AWAITING, culprit, 1.0);
    s->unknown[i][culprit] += deaths;
    s->pending[i][culprit] = s->time[NOW] + p->actor[i][ACTOR_ASSESSMENT];
    find_next_assessment(p, s);
}

static void assess(const params *p, state *s)
{
    int64_t n = p->n, i = -1, culprit = -1;
    double due = s->time[NEXT_ASSESSMENT];
    for (int64_t a = 0; a < n && i < 0; a++)
        for (int64_t b = 0; b <= n && i < 0; b++)
            if (s->pending[a][b] == due) {
                i = a;
                culprit = b;
            }
    int64_t deaths = s->unknown[i][culprit];
    s->pending[i][culprit] = INFINITY;
    s->unknown[i][culprit] = 0;
    s->known[i] += deaths;
    find_next_assessment(p, s);
    quicken(p, s, i, p->world[WORLD_PROMPT]);
    if (culprit < n) {
        put(s, i, AWAITING, culprit, 0.0);
        put(s, i, NO_DEAD, culprit, deaths == 0 ? 1.0 : 0.0);
        if (deaths > 0) {
            add(p, s, i, DEAD, culprit, (double)deaths);
            for (int64_t k = 0; k < n; k++)
                if (k != culprit && p->pair[PAIR_PARTNER][k][i] > 0.0)
                    add(p, s, k, PARTNERS_DEAD, culprit, (double)deaths);
        }
    }
    if (deaths > 0)
        harm(p, s, i, culprit, culprit,
             p->world[WORLD_PER_LOG_DEAD] * log_of(1.0 + (double)deaths));
}

static void land(const params *p, const state *s, double *row, int64_t actor, int64_t move,
                 int64_t target, const double *blow, uint64_t kind, uint64_t who, uint64_t count)
{
    four decide = draw(s->key, kind, who, count, DECIDE), lands = draw(s->key, kind, who, count, LAND);
    int64_t n = p->n, place = 0;
    if (blow[BLOW_PLACE] >= 0.0)
        place = (int64_t)blow[BLOW_PLACE];
    else
        while (place < p->n_places - 1 && decide.u[LANE_PLACE] >= p->falls[target][move][place])
            place += 1;
    int64_t host = p->soil[place];
    int noticed = p->move[move][MOVE_NOTICE] != 0.0
                  && (host == target || lands.u[LANE_NOTICE] < p->actor[host][ACTOR_PASSES_WARNING]);
    int64_t launched = -1;
    for (int64_t h = 0; h < n && launched < 0; h++)
        if (lands.u[LANE_LAUNCH] < p->pair[PAIR_LAUNCH][actor][h])
            launched = h;
    if (blow[BLOW_DEAD] < 0.0) {
        double mean = blow[BLOW_MUNITIONS] * p->move[move][MOVE_LETHALITY] * p->exposure[place];
        mean *= 1.0 - p->actor[target][ACTOR_ALERT];
        if (noticed)
            mean *= 1.0 - p->world[WORLD_AVERTS];
        int64_t deaths = poisson(mean, lands.u[LANE_DEAD]);
        for (int64_t first = 0; first < deaths; first += 4) {
            four victims = draw(s->key, kind, who, count, (uint64_t)(VICTIMS + first / 4));
            for (int64_t k = 0; k < 4 && k < deaths - first; k++) {
                int64_t i = 0;
                while (i < n - 1 && victims.u[k] >= p->forces[place][i])
                    i += 1;
                row[N_ROW + i] += 1.0;
            }
        }
    }
    int attributed = p->move[move][MOVE_DENIABLE] == 0.0
                     || decide.u[LANE_ATTRIBUTION] < p->actor[actor][ACTOR_ATTRIBUTION];
    double total = 0.0, claimed = blow[BLOW_CLAIMED];
    for (int64_t k = 0; k < n; k++)
        total += row[N_ROW + k];
    if (claimed < 0.0) {
        claimed = 0.0;
        if (p->move[move][MOVE_DENIABLE] == 0.0)
            claimed = larger(
                total, floor(p->actor[actor][ACTOR_CLAIMS] * blow[BLOW_MUNITIONS] + 0.5));
    }
    row[ROW_PLACE] = (double)place;
    row[ROW_LAUNCHED] = (double)launched;
    row[ROW_NOTICE] = noticed;
    row[ROW_ATTRIBUTED] = attributed;
    row[ROW_CLAIMED] = claimed;
}

static void struck(const params *p, state *s, const double *row, int64_t actor, int64_t target,
                   int64_t culprit)
{
    int64_t n = p->n, place = (int64_t)row[ROW_PLACE], launched = (int64_t)row[ROW_LAUNCHED];
    int64_t host = p->soil[place];
    if (culprit < n) {
        double crossed = larger(amount(p, s, target, LINE_CROSSED, actor),
                                amount(p, s, target, LINE, actor));
        put(s, target, LINE_CROSSED, actor, crossed);
        put(s, target, ANSWERED, actor, 0.0);
        s->owed[target][actor] = 1;
        if (host != actor)
            add(p, s, host, SOVEREIGNTY, actor, 1.0);
        if (launched >= 0 && launched != target)
            add(p, s, target, HOST_USED, launched, 1.0);
    }
    double below = 0.0;
    for (int64_t k = 0; k < n; k++) {
        int present = p->forces[place][k] > below;
        below = p->forces[place][k];
        int64_t deaths = (int64_t)row[N_ROW + k];
        s->dead[k] += deaths;
        if (k == actor)
            s->known[k] += deaths;
        else if (present || deaths > 0 || k == target) {
            if (culprit < n)
                add(p, s, k, EXPOSED, actor, 1.0);
            await_assessment(p, s, k, culprit, deaths);
        }
    }
}

static void settle_account(const params *p, state *s, int64_t actor, int64_t move, int64_t target,
                           double claimed)
{
    static const int kept[] = {COMMITMENT, LINE_CROSSED};
    double satisfaction = p->move[move][MOVE_SATISFACTION];
    if (satisfaction <= 0.0)
        return;
    double grievance = amount(p, s, actor, GRIEVANCE, target);
    double relief = satisfaction + p->world[WORLD_PER_LOG_DEAD] * log_of(1.0 + claimed);
    double share = smaller(1.0, relief / larger(grievance, 1.0)), keep = 1.0 - share;
    put(s, actor, GRIEVANCE, target, larger(0.0, grievance - relief));
    for (int k = 0; k < 2; k++)
        put(s, actor, kept[k], target, keep * amount(p, s, actor, kept[k], target));
    if (grievance > 0.0) {
        double answered = amount(p, s, actor, ANSWERED, target);
        put(s, actor, ANSWERED, target, answered + share * (1.0 - answered));
    }
}

static void signal_to(const params *p, state *s, const double *row, int64_t actor, int64_t move,
                      int64_t target, double grievance)
{
    double restraint = p->move[move][MOVE_RESTRAINT], offers = p->move[move][MOVE_MEDIATION];
    double line = p->move[move][MOVE_LINE];
    int kinetic = p->move[move][MOVE_RUNG] >= FORCE_RUNG;
    if (restraint > 0.0 && (!kinetic || row[ROW_NOTICE] > 0.0)) {
        add(p, s, target, RESTRAINT, actor, restraint);
        if (kinetic) {
            int64_t host = p->soil[(int64_t)row[ROW_PLACE]];
            if (host != target && host != actor)
                add(p, s, host, RESTRAINT, actor, restraint);
        }
    }
    if (offers > 0.0)
        for (int64_t k = 0; k < p->n; k++)
            if (k != actor)
                add(p, s, k, MEDIATION, k, offers);
    if (line > 0.0) {
        put(s, actor, LINE, target, larger(line, amount(p, s, actor, LINE, target)));
        add(p, s, actor, COMMITMENT, target, line * smaller(1.0, grievance));
    }
}

static void carry_out(const params *p, state *s, double *row, int64_t actor, int64_t move,
                      int64_t target, const double *blow, uint64_t kind, uint64_t who,
                      uint64_t count)
{
    int64_t n = p->n;
    double now = s->time[NOW], grievance = amount(p, s, actor, GRIEVANCE, target);
    int kinetic = p->move[move][MOVE_RUNG] >= FORCE_RUNG;
    row[ROW_TIME] = now;
    row[ROW_KIND] = MOVE;
    row[ROW_ACTOR] = (double)actor;
    row[ROW_MOVE] = (double)move;
    row[ROW_TARGET] = (double)target;
    row[ROW_PLACE] = -1.0;
    row[ROW_LAUNCHED] = -1.0;
    row[ROW_ATTRIBUTED] = 1.0;
    if (kinetic)
        land(p, s, row, actor, move, target, blow, kind, who, count);
    int64_t culprit = row[ROW_ATTRIBUTED] > 0.0 ? actor : n;
    if (target != actor) {
        double share = p->move[move][MOVE_ALARM];
        if (share != 0.0 && culprit < n) {
            if (share > 0.0)
                share *= 1.0 - p->pair[PAIR_EXPECTS][target][actor] * smaller(1.0, grievance);
            alarm_by(p, s, target, actor, share);
        }
        harm(p, s, target, culprit, actor, blow[BLOW_PROVOCATION]);
        if (kinetic) {
            row[ROW_ANSWERS] = (double)s->owed[actor][target];
            s->owed[actor][target] = 0;
            struck(p, s, row, actor, target, culprit);
        }
        settle_account(p, s, actor, move, target, row[ROW_CLAIMED]);
    }
    signal_to(p, s, row, actor, move, target, grievance);
    if (kinetic || p->move[move][MOVE_LINE] > 0.0)
        s->time[LAST_HOT] = now;
    if (p->move[move][MOVE_WAR] > 0.0)
        s->end = WAR;
    else if (p->move[move][MOVE_MAJOR] > 0.0)
        book_major(p, s, actor, target);
}

static void intrude(const params *p, state *s, int64_t x)
{
    int64_t n = p->n, blamed = (int64_t)p->inject[x][INJECT_BLAMED];
    int64_t culprit = blamed >= 0 ? blamed : n;
    for (int64_t f = 0; f < p->n_effects; f++) {
        if (p->effect[f][EFFECT_INJECT] != x)
            continue;
        int64_t i = p->effect[f][EFFECT_OF], c = p->effect[f][EFFECT_COVARIATE];
        int64_t j = p->effect[f][EFFECT_TOWARD];
        double changed = amount(p, s, i, c, j) + p->effect_add[f];
        double prior = p->pair[PAIR_PRIOR][i][j], lowest = 0.0, highest = INFINITY;
        if (c == HOSTILE_INTENT) {
            lowest = -prior;
            highest = 1.0 - prior;
        } else if (c == LINE || c == LINE_CROSSED || c == ANSWERED || c == NO_DEAD || c == AWAITING)
            highest = 1.0;
        put(s, i, c, j, smaller(highest, larger(lowest, changed)));
    }
    for (int64_t i = 0; i < n; i++) {
        int64_t deaths = p->inject_dead[x][i];
        if (deaths > 0) {
            s->dead[i] += deaths;
            await_assessment(p, s, i, culprit != i ? culprit : n, deaths);
        }
    }
}

/* --- loop ------------------------------------------------------------------------------------ */

static void wind(const params *p, state *s, int64_t i)
{
    four draws = draw(s->key, OF_ACTOR, (uint64_t)i, (uint64_t)s->count[i], DECIDE);
    s->clock[i][CLOCK_CHOICE] = draws.u[LANE_CHOICE];
    restart(p, s, i, -log_of(draws.u[LANE_CLOCK]));
}

static void wind_inject(const params *p, state *s, int64_t x)
{
    int64_t occurred = s->occurred[x];
    if (p->inject[x][INJECT_RATE] > 0.0) {
        uint64_t who = (uint64_t)p->inject[x][INJECT_ADDRESS];
        four draws = draw(s->key, OF_INJECT, who, (uint64_t)occurred, DECIDE);
        double gap = -log_of(draws.u[LANE_CLOCK]) / p->inject[x][INJECT_RATE];
        s->inject_due[x] = s->time[NOW] + gap;
    } else if (occurred == 0 && p->inject[x][INJECT_AT] >= 0.0)
        s->inject_due[x] = p->inject[x][INJECT_AT];
    else
        s->inject_due[x] = INFINITY;
}

/* As sim/kernel/phases.py. */
static void change_over(const params *old, const params *new, state *s)
{
    double now = s->time[NOW];
    for (int64_t i = 0; i < new->n; i++) {
        for (int64_t c = 0; c < N_STORED; c++)
            for (int64_t j = 0; j < new->n; j++) {
                int same = old->decay[i][c] == new->decay[i][c];
                if (c == HOSTILE_INTENT) {
                    double prior = new->pair[PAIR_PRIOR][i][j];
                    if (!same || old->pair[PAIR_PRIOR][i][j] != prior)
                        put(s, i, c, j, observe(old, s, i, c, j) - prior);
                } else if (!same && s->value[i][c][j] != 0.0)
                    put(s, i, c, j, amount(old, s, i, c, j));
            }
        if (old->actor[i][ACTOR_TEMPO] != new->actor[i][ACTOR_TEMPO] ||
            old->decay[i][URGENCY] != new->decay[i][URGENCY] ||
            old->world[WORLD_CEILING] != new->world[WORLD_CEILING])
            run_on(old, new, s, i, 0.0);
        double before = old->actor[i][ACTOR_ASSESSMENT], after = new->actor[i][ACTOR_ASSESSMENT];
        if (before != after && before > 0.0)
            for (int64_t j = 0; j <= new->n; j++)
                if (s->pending[i][j] < INFINITY)
                    s->pending[i][j] = now + (s->pending[i][j] - now) * (after / before);
    }
    find_next_assessment(new, s);
    settlement_date(new, s);
}

static void play_opening(const params *p, state *s, work *w)
{
    for (int64_t e = 0;;) {
        double date = e < p->n_opening ? p->opening[e][0] : 0.0;
        if (s->time[NEXT_ASSESSMENT] <= date) {
            s->time[NOW] = s->time[NEXT_ASSESSMENT];
            assess(p, s);
            continue;
        }
        if (e == p->n_opening)
            break;
        s->time[NOW] = date;
        memset(w->row, 0, sizeof w->row);
        for (int64_t k = 0; k < p->n; k++)
            w->row[N_ROW + k] = (double)p->opening_dead[e][k];
        int64_t actor = (int64_t)p->opening[e][1], option = (int64_t)p->opening[e][4];
        carry_out(p, s, w->row, actor, (int64_t)p->opening[e][2], (int64_t)p->opening[e][3],
                  p->opening_blow[e], OF_OPENING, (uint64_t)p->opening[e][5], 0);
        if (option > 0)
            s->made[actor][option] = date;
        e += 1;
    }
    s->time[NOW] = 0.0;
    if (s->time[LAST_HOT] == -INFINITY)
        s->time[LAST_HOT] = 0.0;
    settlement_date(p, s);
    s->begun = 1;
}

static void restore(const params *p, const state *origin, state *s, uint64_t seed, uint64_t replicate)
{
    int64_t n = p->n;
    s->key[0] = seed;
    s->key[1] = replicate;
    s->key[2] = origin->key[2];
    memcpy(s->time, origin->time, sizeof s->time);
    s->begun = origin->begun;
    s->end = origin->end;
    s->phase = origin->phase;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t c = 0; c < N_STORED; c++) {
            memcpy(s->value[i][c], origin->value[i][c], (size_t)n * sizeof(double));
            memcpy(s->since[i][c], origin->since[i][c], (size_t)n * sizeof(double));
        }
        memcpy(s->made[i], origin->made[i], (size_t)p->n_options[i] * sizeof(double));
        memcpy(s->clock[i], origin->clock[i], sizeof s->clock[i]);
        memcpy(s->pending[i], origin->pending[i], (size_t)(n + 1) * sizeof(double));
        memcpy(s->unknown[i], origin->unknown[i], (size_t)(n + 1) * sizeof(int64_t));
        memcpy(s->owed[i], origin->owed[i], (size_t)n * sizeof(int64_t));
        for (int64_t j = 0; j < n; j++)
            memcpy(s->major[i][j], origin->major[i][j], (size_t)p->war_major * sizeof(double));
        s->forced[i] = origin->forced[i];
        s->count[i] = origin->count[i];
        s->dead[i] = origin->dead[i];
        s->known[i] = origin->known[i];
    }
    for (int64_t x = 0; x < p->n_injects; x++) {
        s->occurred[x] = origin->occurred[x];
        s->inject_due[x] = origin->inject_due[x];
    }
}

/* --- ensemble -------------------------------------------------------------------------------- */

static void book(const params *p, const double *row, int32_t *tally, double *first, int8_t *path,
                 int64_t days)
{
    int64_t n = p->n, actor = (int64_t)row[ROW_ACTOR], target = (int64_t)row[ROW_TARGET];
    double rung = p->move[(int64_t)row[ROW_MOVE]][MOVE_RUNG], day = row[ROW_TIME];
    tally[TALLY_MOVES] += 1;
    if ((int32_t)rung > tally[TALLY_PEAK])
        tally[TALLY_PEAK] = (int32_t)rung;
    if (days > 0) {
        int64_t today = (int64_t)day < days - 1 ? (int64_t)day : days - 1;
        int8_t *highest = &path[today * n + actor];
        if ((int8_t)rung > *highest)
            *highest = (int8_t)rung;
    }
    if (rung < FORCE_RUNG)
        return;
    tally[TALLY_FORCE] += 1;
    tally[TALLY_EXCHANGES] += (int32_t)row[ROW_ANSWERS];
    first[actor] = smaller(first[actor], day);
    for (int64_t k = 0; k < n; k++) {
        double before = target > 0 ? p->pair[PAIR_LAUNCH][k][target - 1] : 0.0;
        if (p->pair[PAIR_LAUNCH][k][target] > before)
            tally[TALLY_WIDENED] = 1;
    }
}

static void play(const params *phases, const state *origin, state *s, work *w, uint64_t seed,
                 uint64_t replicate, int32_t *tally, double *first, int8_t *path, int64_t days)
{
    const params *p = &phases[origin->phase];
    int64_t n = p->n;
    restore(p, origin, s, seed, replicate);
    memset(tally, 0, N_TALLY * sizeof *tally);
    tally[TALLY_PEAK] = 1;
    for (int64_t i = 0; i < n; i++)
        first[i] = INFINITY;
    memset(path, NOTHING, (size_t)(days * n));
    if (s->begun == 0)
        play_opening(p, s, w);
    else
        s->key[2] += 1;
    for (int64_t i = 0; i < n; i++)
        wind(p, s, i);
    for (int64_t x = 0; x < p->n_injects; x++)
        wind_inject(p, s, x);
    while (s->end == RUNNING) {
        int64_t kind = ASSESSMENT, index = 0;
        double due = s->time[NEXT_ASSESSMENT];
        for (int64_t x = 0; x < p->n_injects; x++)
            if (s->inject_due[x] < due) {
                kind = INJECT;
                index = x;
                due = s->inject_due[x];
            }
        for (int64_t i = 0; i < n; i++)
            if (s->clock[i][CLOCK_DUE] < due) {
                kind = DECISION;
                index = i;
                due = s->clock[i][CLOCK_DUE];
            }
        if (s->time[SETTLES] < due) {
            kind = SETTLEMENT;
            due = s->time[SETTLES];
        }
        if (p->world[WORLD_HORIZON] < due) {
            kind = HORIZON;
            due = p->world[WORLD_HORIZON];
        }
        s->time[NOW] = due;
        if (kind == DECISION) {
            int64_t option = choose(p, s, w, index);
            if (s->forced[index] >= 0)
                option = s->forced[index];
            tally[TALLY_DECISIONS] += 1;
            if (option > 0) {
                int64_t move = p->option[index][option][0], target = p->option[index][option][1];
                memset(w->row, 0, sizeof w->row);
                carry_out(p, s, w->row, index, move, target, p->blow[move], OF_ACTOR,
                          (uint64_t)index, (uint64_t)s->count[index]);
                s->made[index][option] = s->time[NOW];
                settlement_date(p, s);
                book(p, w->row, tally, first, path, days);
            }
            s->forced[index] = -1;
            s->count[index] += 1;
            wind(p, s, index);
        } else if (kind == ASSESSMENT) {
            assess(p, s);
            settlement_date(p, s);
        } else if (kind == INJECT) {
            intrude(p, s, index);
            s->occurred[index] += 1;
            wind_inject(p, s, index);
            settlement_date(p, s);
            if (p->inject_phase[index] != s->phase) {
                s->phase = p->inject_phase[index];
                change_over(p, &phases[s->phase], s);
                p = &phases[s->phase];
            }
        } else
            s->end = kind;
    }
    tally[TALLY_END] = (int32_t)s->end;
}

/* Replicates `start`, `start` + 1, ... of a seed: as play_many of sim/kernel/ensemble.py. */
void play_many(const params *phases, const state *origin, state *s, work *w, uint64_t seed,
               uint64_t start, int64_t replicates, int64_t days, int32_t *tally, double *first,
               int8_t *path, int32_t *dead, double *day)
{
    int64_t n = phases->n;
    for (int64_t r = 0; r < replicates; r++) {
        play(phases, origin, s, w, seed, start + (uint64_t)r, tally + r * N_TALLY, first + r * n,
             path + r * days * n, days);
        for (int64_t i = 0; i < n; i++)
            dead[r * n + i] = (int32_t)s->dead[i];
        day[r] = s->time[NOW];
    }
}
