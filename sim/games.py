"""A crisis to play: people take the decisions of one actor or several, the model all others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.hearing import Ears, News
from sim.analysis.played import COUNTS, rungs, settles
from sim.analysis.situation import Choice, Situation, Standing, situation_of
from sim.crisis import Scenario, load
from sim.engines.asking import Asking
from sim.engines.assemble import assemble
from sim.errors import InputError, nearest_name, not_installed
from sim.kernel.layout import NOW
from sim.turns import Taken, check_players, check_turns, last_turn, lost, waits_for

if TYPE_CHECKING:
    from ipywidgets import VBox

    from sim.advice import Advice
    from sim.debriefs import Debrief
    from sim.engines.actors import View
    from sim.engines.assemble import Option
    from sim.forks import Fork
    from sim.growth import Told
    from sim.history import History

__all__ = ["Choice", "Game", "News", "Situation", "Standing", "Taken"]

HOLD = 0


class Game:
    """One history of a scenario, some of whose decisions are taken from outside.

    The same seed and choices give the same history, to the bit: a saved game holds the choices.

    Parameters
    ----------
    scenario : Scenario, str or Path
    players : str or sequence of str
        Ids of the actors that people decide for, in turn.
    seed, replicate : int
        Which luck: that of ``run(scenario, seed, replicate=replicate)``.
    blind : bool
        Whether to hide what the model would do in a player's place.
    source : str, optional
        The name or path by which a saved game finds the scenario again.
    taken : sequence of Taken
        Decisions to take again, those of a game that goes on.

    Attributes
    ----------
    taken : tuple of Taken
        What the players have decided so far.

    Raises
    ------
    InputError
        Where there is no such scenario or actor, or `taken` does not fit the course of the crisis.

    Examples
    --------
    >>> import sim
    >>> game = sim.Game("from-the-killing", "iran", seed=3)
    >>> game.choose("notified_strike us")
    >>> game.taken[0].option
    'notified_strike us'
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        players: str | Sequence[str],
        seed: int = 1,
        *,
        replicate: int = 0,
        blind: bool = False,
        source: str | None = None,
        taken: Sequence[Taken] = (),
    ) -> None:
        self.scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        self.source = source or (
            self.scenario.name if isinstance(scenario, Scenario) else str(scenario)
        )
        self.players = (players,) if isinstance(players, str) else tuple(dict.fromkeys(players))
        check_players(self.players, self.scenario)
        self.seed = seed
        self.replicate = replicate
        self.blind = blind
        self._assembly = assemble(self.scenario)
        self.taken: tuple[Taken, ...] = ()
        self._engine: Asking
        self._replay(taken)

    def __repr__(self) -> str:
        """Say who plays what, and how far it has come."""
        who = " and ".join(self.players)
        stands = "over" if self.over else f"day {self.day:.1f}"
        return f"<Game of {self.scenario.name} as {who}, seed {self.seed}: {stands}>"

    @property
    def rules(self) -> tuple[str, str, str]:
        """What counts, what a settlement takes, and what a rung is, in sentences."""
        return COUNTS, settles(self.scenario), rungs(self.scenario)

    @property
    def scale(self) -> str:
        """What the number of a score means, in a sentence."""
        floor = self.scenario.crisis.settlement.grievance_floor
        return f"A score of {floor:g} or less is closed; a strike that kills nobody makes it 1."

    @property
    def over(self) -> bool:
        """Whether the crisis has ended."""
        return self._engine.view is None

    @property
    def turn(self) -> str | None:
        """Id of the actor whose player has to decide; None where the crisis is over."""
        return None if self._engine.view is None else self._engine.view.actor

    @property
    def day(self) -> float:
        """Days from the scenario's start."""
        return float(self._engine.log.state.time[NOW])

    @property
    def history(self) -> History:
        """The history so far, the truth of it included."""
        from sim.history import History

        return History(self._engine.so_far())

    def heard(self, actor: str) -> tuple[News, ...]:
        """Tell what an actor has heard so far; what came before the start has a day below 0."""
        log = self._engine.log
        return Ears(self.scenario, actor).hear((*log.opening, *log.events))

    def situation(self) -> Situation:
        """Describe the decision that is due as its actor sees it; InputError where none is."""
        view = self._due()
        own = [taken for taken in self.taken if taken.actor == view.actor]
        since = min((taken.day for taken in own if taken.turn == own[-1].turn), default=0.0)
        return situation_of(self._engine.log, view, since, self.blind)

    def choose(self, option: int | str) -> None:
        """Take the decision that is due, and go on to the next one or to the end.

        Parameters
        ----------
        option : int or str
            Number of the option, or the option as it is written: "threaten us".

        Raises
        ------
        InputError
            Where there is no such option, or the crisis is over; nothing has changed then.
        """
        self._take(_option(option, self._due()), self._turns + 1)
        self._hold_on()

    def wait(self, days: float = math.inf) -> None:
        """Hold until news is pressing (see `News`), or for some days at most."""
        view = self._due()
        if not days > 0.0:
            raise InputError(f"{days:g} days are none to wait", key="wait", allowed="above 0")
        until = min(view.day + days, self.scenario.horizon_days)
        self._take(view.options[HOLD], self._turns + 1, until)
        self._hold_on()

    def undo(self) -> dict[str, str]:
        """Take back the last turn of the player who is to decide, and all that followed it.

        A wait is taken back as a whole. After the end it is the last turn of any player.

        Returns
        -------
        dict of str
            What to tell players, by id, where somebody else's turns have gone with it.

        Raises
        ------
        InputError
            Where there is no such turn.
        """
        first = last_turn(self.taken, self.turn)
        gone = self.taken[first:]
        self._replay(self.taken[:first])
        return lost(gone, self.scenario)

    def fork(self) -> Fork:
        """Return the moment of the decision that is due, from which other histories can go on."""
        from sim.forks import Fork

        return Fork(self._engine.so_far(), self._due().day)

    def advise(self, replicates: int = 1_000, *, progress: Told | None = None) -> Advice:
        """Return what each option leads to, with the model deciding for everybody after it.

        Ranked as the game counts: a loss against a win, then the expected deaths, in brackets.  It
        starts from how things are, which may not be what the actor believes.  1,000 futures take
        seconds and tell a few per cent apart.
        """
        from sim.game_advice import game_advice

        return game_advice(self.fork(), self._due().actor, self.seed, replicates, progress)

    def debrief(self, replicates: int | None = None, *, progress: Told | None = None) -> Debrief:
        """Look back on the history that has ended (`sim.debrief`)."""
        from sim.debriefs import REPLICATES, debrief

        return debrief(self.history, self.players, replicates or REPLICATES, progress=progress)

    def save(self, path: str | Path) -> Path:
        """Write the game into a file, complete or not at all; `load` goes on with it."""
        from sim.saved_games import save_game

        return save_game(self, Path(path))

    @classmethod
    def load(cls, path: str | Path, scenario: str | None = None) -> Game:
        """Go on with a saved game.

        Parameters
        ----------
        path : str or Path
        scenario : str, optional
            Name or path of the scenario where it is no longer where it was.

        Raises
        ------
        InputError
            Where the file is no saved game, or the scenario is no longer the same.
        """
        from sim.saved_games import load_game

        return load_game(Path(path), scenario)

    def widget(self, advice: bool = False) -> VBox:
        """Return the game as widgets of a notebook; InputError where ipywidgets is missing."""
        try:
            from sim.game_widgets import table
        except ModuleNotFoundError as error:
            raise not_installed(error.name or "ipywidgets", "notebook", "widget") from None

        return table(self, advice)

    @property
    def _turns(self) -> int:
        return max((taken.turn for taken in self.taken), default=0)

    def _due(self) -> View:
        if self._engine.view is None:
            raise InputError("the crisis is over: nothing is left to decide")
        return self._engine.view

    def _take(self, option: Option, turn: int, until: float | None = None) -> None:
        view = self._due()
        try:
            self._engine.take(option)
            now = Taken(turn, view.actor, view.day, str(option), until)
            self.taken = (*self.taken, now)
        except BaseException:
            # An interruption may have left the engine on the way to the next decision.
            self._replay(self.taken)
            raise

    def _hold_on(self) -> None:
        """Hold for every actor that waits, as long as nothing has happened."""
        try:
            while (view := self._engine.view) is not None:
                wait = waits_for(self.taken, view.actor)
                if wait is None or view.day >= wait[1] or self._disturbed(view.actor, wait[0]):
                    return
                self._take(view.options[HOLD], wait[2], wait[1])
        except BaseException:
            # Whoever interrupts a wait wants to be asked again.
            self.taken = tuple(replace(taken, until=None) for taken in self.taken)
            raise

    def _disturbed(self, actor: str, since: float) -> bool:
        heard = Ears(self.scenario, actor).hear(e for e in self._engine.log.events if e.day > since)
        return any(news.pressing for news in heard)

    def _replay(self, taken: Sequence[Taken]) -> None:
        """Begin anew and take the same decisions; InputError where they are no longer due."""
        check_turns(taken)
        engine = Asking(self._assembly, self.seed, self.replicate, self.players)
        for n, known in enumerate(taken):
            view = engine.view
            if view is None or (view.actor, view.day) != (known.actor, known.day):
                problem = "the crisis no longer takes the course that it took in this game"
                raise InputError(f"{problem} (day {known.day:.2f})", key=f"taken[{n}]")
            engine.take(_option(known.option, view, f"taken[{n}].option"))
        # All at once: an interruption leaves the game as it was.
        self._engine, self.taken = engine, tuple(taken)


def _option(option: int | str, view: View, key: str | None = None) -> Option:
    """Find an option by its number or its name; `key` says where it stands in a file."""
    written = {str(known): known for known in view.options}
    numbered = isinstance(option, int) and not isinstance(option, bool)
    if numbered and 0 <= int(option) < len(view.options):
        return view.options[int(option)]
    if isinstance(option, str) and option in written:
        return written[option]
    raise InputError(
        f"no option {option!r}",
        key=key,
        allowed=f"a number from 0 to {len(view.options) - 1}, or its name",
        nearest=nearest_name(option, written),
    )
