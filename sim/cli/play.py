"""The command ``escalation play``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

import sim
from sim.cli.completion import complete_actor, complete_scenario
from sim.cli.debriefing import Debriefing
from sim.cli.failures import INTERRUPTED
from sim.cli.keyboard import Keyboard
from sim.cli.options import (
    Place,
    days_option,
    examples,
    known_actor,
    loaded,
    replicate_option,
    seed_option,
    set_option,
)
from sim.cli.playing import shown_progress
from sim.cli.run import RESULTS, announced
from sim.cli.scene import Scene, play_screen
from sim.cli.screen import PLAIN
from sim.cli.seat import Left, Seat
from sim.errors import InputError

if TYPE_CHECKING:
    from sim import Game

__all__ = ["command"]

#: What the picture of a course ends in, and so no game.
PICTURE = ".png"
#: What a saved game says itself, so that nothing else may.
SETTLED = {
    "players": "--as",
    "seed": "--seed",
    "replicate": "--replicate",
    "values": "--set",
    "days": "--days",
    "blind": "--blind",
}


@click.command(
    "play",
    short_help="Take an actor's decisions yourself.",
    epilog=examples(
        "escalation play from-the-killing --as iran",
        "escalation play after-the-strike --as us --seed 7 --advice",
        "escalation play eighty-dead --as us --as iran --blind --save evening.json",
    ),
)
@click.argument("scenario", required=False, shell_complete=complete_scenario)
@click.option(
    "--as",
    "players",
    multiple=True,
    metavar="ACTOR",
    shell_complete=complete_actor,
    help="Whose decisions you take; may be repeated, for players in turn.",
)
@seed_option
@replicate_option
@set_option
@days_option
@click.option("--advice", is_flag=True, help="Let players ask what each option would lead to.")
@click.option("--blind", is_flag=True, help="Hide what the model would do in a player's place.")
@click.option(
    "--save",
    type=Place(folder=False),
    metavar="FILE",
    help="Where to keep the game; a new file in results/ where not given.",
)
@click.option(
    "--resume",
    type=Place(folder=False),
    metavar="FILE",
    help="Go on with a saved game, or look back on one that is over.",
)
@click.pass_context
def command(
    ctx: click.Context,
    scenario: str | None,
    players: tuple[str, ...],
    seed: int,
    replicate: int,
    values: tuple[str, ...],
    days: float | None,
    advice: bool,
    blind: bool,
    save: Path | None,
    resume: Path | None,
) -> None:
    """Play SCENARIO: take the decisions of an actor, against the model's others.

    You see the situation as your actor would, choose by number, and can undo. A settlement wins,
    open war loses. In the end you see the course as a picture, where you parted from the model and
    what it cost. The game is saved after every turn; Ctrl-C saves and leaves it (exit status 130),
    --resume goes on. The same seed and choices give the same history. Choices may also come line by
    line from a pipe.
    """
    if resume is not None:
        _settled(ctx)
    elif scenario is None:
        raise click.UsageError("name a scenario to play, or a game to go on with: --resume FILE")
    elif not players:
        raise click.UsageError("say whose decisions you take: --as ACTOR")
    keyboard, screen = Keyboard(), play_screen()
    with announced():
        if resume is not None:
            game = sim.Game.load(resume, scenario)
        else:
            chosen = loaded(str(scenario), values, days)
            for player in players:
                known_actor(chosen, player, option="--as")
            game = sim.Game(
                chosen, players, seed, replicate=replicate, blind=blind, source=str(scenario)
            )
    seat = Seat(game, Scene(game, screen, advice), _file(game, save, resume), keyboard)
    with keyboard:
        try:
            _played(seat, advice)
            keyboard.look()
        except KeyboardInterrupt:
            keyboard.leave()
            seat.keep()
            click.echo()
            seat.say(_farewell(seat, advice))
            ctx.exit(INTERRUPTED)


def _played(seat: Seat, advice: bool) -> None:
    """Play to the end and look back, or until the player leaves."""
    seat.keep()
    try:
        if not seat.game.taken:
            seat.brief()
        seat.play()
    except Left:
        seat.say(_farewell(seat, advice))
    else:
        _debrief(seat)


def _settled(ctx: click.Context) -> None:
    """Refuse options that a saved game settles itself."""
    for name, option in SETTLED.items():
        if ctx.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            raise click.UsageError(f"a saved game settles {option} itself: give --resume alone")


def _file(game: Game, save: Path | None, resume: Path | None) -> Path:
    """Choose where the game is kept, so that no other game is lost."""
    if save is not None and save.suffix.lower() == PICTURE:
        raise InputError(
            f"--save: {save} is a picture's name, and the game is no picture",
            allowed="another suffix, as in game.json",
        )
    if save is not None and save.exists() and save != resume:
        raise InputError(
            "is there already; --resume goes on with it, or choose another", file=str(save)
        )
    from sim.saved_games import free_file

    return save or resume or free_file(game, RESULTS)


def _farewell(seat: Seat, advice: bool) -> list[str]:
    """Say that the game is saved, and how to go on."""
    words = ["escalation play", f"--resume {shlex.quote(str(seat.file))}"]
    if advice:
        words.append("--advice")
    screen = seat.scene.screen
    return [*screen.flow("", "", ("The game is saved. To go on:", PLAIN)), *screen.command(words)]


def _debrief(seat: Seat) -> None:
    """Tell how the game went, and write its picture."""
    game, screen = seat.game, seat.scene.screen
    with shown_progress() as progress:
        found = game.debrief(progress=progress)
    # The file first: whoever reads only the head of what follows has it all the same.
    picture = found.save_picture_beside(seat.file)
    seat.say(Debriefing(found, seat.scene).lines())
    click.echo()
    for text, path in (
        ("The course as a picture:", picture),
        ("The game, to look back or to go on with another end:", seat.file),
    ):
        seat.say(screen.labelled(text, str(path)))
