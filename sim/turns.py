"""What players of a game have decided, turn by turn: waits, and what an undo takes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.crisis import Scenario
from sim.errors import InputError, nearest_name

__all__ = ["Taken", "check_players", "check_turns", "last_turn", "lost", "waits_for"]

HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that a player took.

    Attributes
    ----------
    turn : int, from 1
        A wait takes several decisions in one.
    actor : str
    day : float
        Days from the scenario's start.
    option : str
    until : float or None
        Of a wait, the day at which it ends if nothing pressing is heard before; None of any other
        turn, and of a wait that was broken off.
    """

    turn: int
    actor: str
    day: float
    option: str
    until: float | None = None


def check_players(players: Sequence[str], scenario: Scenario) -> None:
    """Raise InputError where nobody plays, or somebody whom the scenario does not know."""
    actors = [actor.id for actor in scenario.crisis.actors]
    if not players:
        raise InputError("nobody plays", key="players", allowed=", ".join(actors))
    for player in players:
        if player not in actors:
            raise InputError(
                f"no such actor {player!r}",
                key="players",
                allowed=", ".join(actors),
                nearest=nearest_name(player, actors),
            )


def check_turns(taken: Sequence[Taken]) -> None:
    """Raise InputError where turns are not numbered as a game numbers them.

    Each has the number after the highest one, unless it goes on with its actor's own wait.
    """
    last: dict[str, Taken] = {}
    for n, known in enumerate(taken):
        new = 1 + max((earlier.turn for earlier in last.values()), default=0)
        before = last.get(known.actor)
        waited = before is not None and HOLD == before.option == known.option
        allowed = [new, *([before.turn] if before is not None and waited else [])]
        if known.turn not in allowed:
            raise InputError(
                f"turn {known.turn} is out of order",
                key=f"taken[{n}].turn",
                allowed=" or ".join(map(str, allowed)),
            )
        if known.until is not None and known.option != HOLD:
            raise InputError("only who holds can wait", key=f"taken[{n}].until", allowed="none")
        last[known.actor] = known


def last_turn(taken: Sequence[Taken], actor: str | None) -> int:
    """Find where the last turn of an actor begins, or with None that of any.

    Raises
    ------
    InputError
        Where there is none.
    """
    own = [n for n, known in enumerate(taken) if actor in (None, known.actor)]
    if not own:
        who = "this player" if taken else None
        raise InputError(
            f"{who} has decided nothing yet" if who else "nothing has been decided yet"
        )
    turn = max(taken[n].turn for n in own)
    return next(n for n in own if taken[n].turn == turn)


def waits_for(taken: Sequence[Taken], actor: str) -> tuple[float, float, int] | None:
    """Give the days from which and until which an actor's last turn waits, and its number.

    None where the last turn is no wait, or one that was broken off.
    """
    own = [known for known in taken if known.actor == actor]
    if not own or own[-1].until is None:
        return None
    since = min(known.day for known in own if known.turn == own[-1].turn)
    return since, own[-1].until, own[-1].turn


def lost(gone: Sequence[Taken], scenario: Scenario) -> dict[str, str]:
    """Say to each player concerned that an undo has taken back what somebody else decided.

    Parameters
    ----------
    gone : sequence of Taken
        From the first decision of the turn that was taken back to the last decision of all.
    scenario : Scenario

    Returns
    -------
    dict of str
        A sentence for each, by the actor's id; none where nobody else has lost a turn.
    """
    first = gone[0]
    # A wait that had begun before goes on.
    others = dict.fromkeys(k.actor for k in gone if k.turn > first.turn and k.actor != first.actor)
    if not others:
        return {}
    short = {actor.id: actor.short for actor in scenario.crisis.actors}
    names = " and ".join(short[actor] for actor in others)
    told = f"{short[first.actor]} has taken a turn back: what you decided after it is undone too."
    return {
        first.actor: f"Your last turn is undone, and so is what {names} decided after it.",
        **dict.fromkeys(others, told),
    }
