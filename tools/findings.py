"""Print every number of docs/findings.md, heading by heading.

    for e in elicited us-dead notice-by-proportion resolve-by-restraint iran-tempo concluded; do
        python3 tools/start.py escalation sweep $e
    done
    python3 tools/start.py python tools/findings.py results

What `escalation sensitivity` and `escalation discover` print of the elicited study stands there.
"""

import sys
from pathlib import Path

import sim
from sim.analysis import intervals

ELICITED = ("open_war", "us_force_7d", "iran_force_7d", "settlement", "dead")
QUANTILES = (0.05, 0.5, 0.95)
MANY = (0.05, 0.1)


def told(what: str, found: intervals.Estimate) -> None:
    print(f"  {what}: {found.mean:.4g} ({found.low:.4g} to {found.high:.4g})")


def elicited(study: sim.Study) -> None:
    for outcome in ELICITED:
        table = study.table(outcome)
        told(f"{outcome}, mean over the worlds", intervals.mean(table["estimate"].to_numpy()))
        spread = table["estimate"].quantile(QUANTILES)
        print(f"    5 %, middle, 95 % of the worlds: {', '.join(f'{q:.3g}' for q in spread)}")
    chances = study.table("open_war")["estimate"]
    for limit in MANY:
        share = intervals.share(int((chances > limit).sum()), len(chances))
        told(f"worlds whose estimate of open_war exceeds {limit:g}", share)


def tables(study: sim.Study, *outcomes: str) -> None:
    for outcome in outcomes:
        print(f"  {outcome}")
        print(study.table(outcome).drop(columns=["se"]).round(4).to_string())


def pairs(study: sim.Study, outcome: str, *points: tuple[int, int]) -> None:
    for a, b in points:
        pair = study.compare(a, b, outcome)
        told(f"{outcome}, point {b} less point {a}", pair.estimate)
        print(f"    variance ratio {pair.variance_ratio:.1f}")


def main(results: Path) -> None:
    def opened(name: str) -> sim.Study:
        print(name)
        return sim.study(results / name)

    elicited(opened("elicited"))
    tables(opened("us-dead"), "open_war", "us_force_7d", "iran_force_7d", "settlement", "dead")
    notice = opened("notice-by-proportion")
    tables(notice, "open_war", "dead")
    pairs(notice, "open_war", *((k, k + 5) for k in range(5)))
    tables(opened("resolve-by-restraint"), "open_war")
    tables(opened("iran-tempo"), "open_war", "iran_first_force", "iran_force")
    concluded = opened("concluded")
    tables(concluded, "open_war", "iran_force_7d")
    pairs(concluded, "open_war", (8, 0))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results"))
