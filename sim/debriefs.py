"""Looking back on a history in which people decided: what it cost, and what would have been."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.intervals import LEVEL, Difference, Estimate
from sim.analysis.played import (
    OUTCOMES,
    Parting,
    Standings,
    Verdict,
    dead_before,
    partings_of,
    ranked,
    secrets_of,
    verdict_of,
)
from sim.costs import Cost, costs_of
from sim.errors import InputError
from sim.written import days_in_words, share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.analysis.path_summary import PathSummary
    from sim.growth import Told
    from sim.history import History

__all__ = ["Cost", "Debrief", "Difference", "Parting", "Standings", "Verdict", "debrief"]

REPLICATES = 2_000
#: Partings whose cost is estimated: those that lie most rungs apart.
MOST_PARTINGS = 8
ENDS = {"settlement": "a settlement", "horizon": "no settlement in time", "open_war": "open war"}


@dataclass(frozen=True)
class Debrief:
    """What became of a game.

    Attributes
    ----------
    history : History
    players : tuple of str
    verdict, model : Verdict
        Of the game, and of the history that the same luck brings where the model decides for all.
    standings : Standings
        Where the game's verdict stands among the model's histories from the same start.
    decisions : int
        How many the players took.
    partings : tuple of Parting
        Where they took another option than the model with the same luck.
    level : float
        Coverage of each parting's intervals: together they cover with 95 %.
    secrets : tuple of str
        What the players could not know.
    """

    history: History
    players: tuple[str, ...]
    verdict: Verdict
    model: Verdict
    standings: Standings
    decisions: int
    partings: tuple[Parting, ...]
    level: float
    secrets: tuple[str, ...]

    @property
    def who(self) -> str:
        """The states that people decided for."""
        crisis = self.history.scenario.crisis
        return " and ".join(crisis.actor(player).short for player in self.players)

    def verdict_told(self) -> tuple[str, str]:
        """Say whether the game was won, and how it ended."""
        word = self.verdict.word
        told = f"{ended(self.verdict)}."
        return ("A draw:" if word == "drawn" else f"You have {word}:", told)

    def model_told(self) -> str:
        """Say what became of the model's own history with the same luck."""
        word = "a draw" if self.model.word == "drawn" else self.model.word
        return f"With the same luck, the model in place of {self.who}: {word}, {ended(self.model)}."

    def standings_told(self) -> str:
        """Say where the verdict stands among the model's histories."""
        found = self.standings
        won, lost, worse, better, level = (
            _share(estimate)
            for estimate in (found.won, found.lost, found.worse, found.better, found.level)
        )
        return (
            f"Of {found.won.n:,} other courses from the same start, all decided by the model, "
            f"{won} were won and {lost} lost. {worse} ended worse than yours, {better} better, "
            f"{level} just like it."
        )

    def agreed_told(self) -> str:
        """Say how many of the decisions were the model's own."""
        if not self.decisions:
            return f"{self.who} never came to a decision before the crisis ended."
        if not self.partings:
            return "You decided just what the model did."
        if self.decisions == 1:
            return "Your one decision was not the model's."
        agreed = self.decisions - len(self.partings)
        return f"{agreed} of your {self.decisions} decisions were the model's own."

    def partings_told(self) -> str:
        """Say how the partings are to be read; nothing where none was looked into."""
        looked = sum(parting.open_war is not None for parting in self.partings)
        if not looked:
            return ""
        some = f" This was done for the {looked} choices that lie most rungs apart."
        return (
            "Below: your choice, in brackets how likely it was for the model, and what the model "
            f"did with the same luck. Then what either led to, in {self.standings.won.n:,} futures "
            "each in which the model decides everything that follows (the dead are those since the "
            "start); the range is of the difference, and all of them together hold with "
            f"{LEVEL:.0%}. Where zero lies in it, chance may be all of it."
            f"{some if looked < len(self.partings) else ''}"
        )

    def costs(self, parting: Parting) -> tuple[Cost, ...]:
        """Say what a parting changed, outcome by outcome; nothing where it was not looked into."""
        crisis = self.history.scenario.crisis
        taken = (parting.chosen, parting.model)
        return costs_of(parting, any(crisis.move(option.split()[0]).war for option in taken))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the escalation path."""
        from sim.plots.path import plot_path

        return plot_path(self._path(), ax=ax)

    def picture(self) -> bytes:
        """Return the escalation path as a PNG; the same game gives the same bytes."""
        from sim.plots.path import render_png

        return render_png(self._path())

    def save_picture_beside(self, file: str | Path) -> Path:
        """Write the escalation path into a PNG file beside a saved game, and over no other file.

        Parameters
        ----------
        file : str or Path
            The game's own file; the picture has its name, and a number where something else has it.

        Returns
        -------
        Path
            Where the picture is; nothing is written where it was already.
        """
        from sim.saved_games import numbered
        from sim.saving import write_files

        picture, names = self.picture(), numbered(Path(file).with_suffix(".png"))
        path = next(path for path in names if not os.path.lexists(path) or _holds(path, picture))
        if not path.exists():
            write_files(path.parent, {path.name: picture})
        return path

    def _path(self) -> PathSummary:
        from sim.analysis.path import summarise_path

        summary = summarise_path(self.history.log, self.history.because)
        return replace(summary, caption=f"{summary.caption} {self.who} decided by a player.")

    def to_dict(self) -> dict[str, Any]:
        """Return what was found, for JSON."""
        return {
            "scenario": self.history.scenario.name,
            "overrides": dict(self.history.scenario.overrides),
            "digest": self.history.scenario.digest(),
            "seed": self.history.seed,
            "replicate": self.history.replicate,
            "players": list(self.players),
            "verdict": self.verdict.to_dict(),
            "model": self.model.to_dict(),
            "standings": self.standings.to_dict(),
            "decisions": self.decisions,
            "level": self.level,
            "partings": [parting.to_dict() for parting in self.partings],
            "secrets": list(self.secrets),
        }

    def to_json(self) -> str:
        """Return what was found as a JSON text, the same for the same game."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, default=str) + "\n"


def debrief(
    history: History,
    players: Sequence[str],
    replicates: int = REPLICATES,
    *,
    progress: Told | None = None,
) -> Debrief:
    """Compare a history in which people decided with the model's own.

    Parameters
    ----------
    history : History
        One that has ended.
    players : sequence of str
        Actors that people decided for.
    replicates : int, >= 2
        How many histories to play from the start, and from each parting for either option.
    progress : callable, optional
        Called with the replicates finished and asked for, all ensembles together.

    Raises
    ------
    InputError
        Where the history has not ended.
    """
    from sim.history import run

    if history.end is None:
        raise InputError("the crisis is not over yet", key="debrief")
    if replicates < 2:
        raise InputError(f"{replicates} are too few", key="replicates", allowed="2 or more")
    partings = partings_of(history.log, players)
    chosen = _telling(partings)
    telling = _together(progress, replicates, 1 + 2 * len(chosen))
    start = history.at(0.0).ensemble(replicates, history.seed, progress=next(telling))
    verdict = verdict_of(history.log)
    model = run(history.scenario, history.seed, replicate=history.replicate)
    level = 1.0 - (1.0 - LEVEL) / max(len(chosen) * len(OUTCOMES), 1)
    return Debrief(
        history,
        tuple(players),
        verdict,
        verdict_of(model.log),
        ranked(verdict, start.counted, dead_before(history.log)),
        sum(decision.actor in players for decision in history.log.decisions),
        tuple(
            _costed(history, parting, replicates, level, telling) if n in chosen else parting
            for n, parting in enumerate(partings)
        ),
        level,
        secrets_of(history.log, players),
    )


def ended(verdict: Verdict) -> str:
    """Say how a history ended, when and with how many dead."""
    dead = f"{verdict.dead or 'no'} dead since the start"
    if verdict.end == "open_war":
        dead += " and before the war itself"
    return f"{ENDS[verdict.end]} after {days_in_words(verdict.days)}, {dead}"


def _holds(path: Path, content: bytes) -> bool:
    """Say whether a file has just this content; what cannot be read has another."""
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _share(found: Estimate) -> str:
    told, interval = share(found.mean, found.low, found.high)
    return f"{told} ({interval})"


def _together(progress: Told | None, replicates: int, ensembles: int) -> Iterator[Told]:
    """Give what each ensemble in turn is to call, so that they add up for `progress`."""
    for before in range(0, replicates * ensembles, replicates):

        def tell(finished: int, _: int, before: int = before) -> None:
            # None finished says that compiling is to begin, which happens once.
            if progress is not None and (finished or not before):
                progress(before + finished, replicates * ensembles)

        yield tell


def _telling(partings: Sequence[Parting]) -> set[int]:
    """Choose the partings that lie most rungs apart, without a look at what they led to."""
    order = sorted(range(len(partings)), key=lambda n: (-abs(partings[n].step), n))
    return set(order[:MOST_PARTINGS])


def _costed(
    history: History, parting: Parting, replicates: int, level: float, telling: Iterator[Told]
) -> Parting:
    """Estimate what the player's option changed against the model's, on common luck."""
    moment = history.at(max(0.0, math.nextafter(parting.day, -math.inf)))
    counted = []
    for option in (parting.model, parting.chosen):
        move, *target = option.split()
        fork = moment.force(parting.actor, move, *target, now=True)
        counted.append(fork.ensemble(replicates, history.seed, progress=next(telling)).counted)
    model, own = counted
    pairs: dict[str, Any] = {name: model.difference(own, name, level) for name in OUTCOMES}
    # As a verdict counts them: those before the start were nobody's choice.
    before, dead = dead_before(history.log), pairs["dead"]
    pairs["dead"] = replace(dead, base=dead.base - before, other=dead.other - before)
    return replace(parting, **pairs)
