"""A game as widgets of a notebook: buttons in place of the prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets

from sim.analysis.wording import day_of
from sim.errors import SimError
from sim.game_advice import COLUMNS, rows_of, told_of
from sim.saved_games import free_file
from sim.written import percent

if TYPE_CHECKING:
    from sim.debriefs import Debrief
    from sim.games import Choice, Game, News

__all__ = ["Table", "table"]

LEAST_SHARE = 0.005


class Table:
    """A game's widgets, and what they do to it.

    Attributes
    ----------
    box : VBox
        All of them; a notebook shows it.
    options : RadioButtons
        What the player may do.
    take, wait, undo, save, advice : Button
    """

    def __init__(self, game: Game, advice: bool) -> None:
        self.game = game
        self.notes: dict[str, str] = {}
        self.file: Path | None = None
        self.text = ipywidgets.HTML()
        self.said = ipywidgets.HTML()
        self.options = ipywidgets.RadioButtons(layout={"width": "max-content"})
        self.take = self._button("Do it", lambda: game.choose(self.options.value), "primary")
        self.wait = self._button("Wait until something happens", game.wait)
        self.undo = self._button("Undo", self._undo)
        self.undo.tooltip = "Takes back your last turn, and whatever followed it"
        self.save = self._button("Save", self._save)
        self.advice = self._button("Advice", self._advise)
        buttons = [self.take, self.wait, self.undo, self.save]
        self.buttons = ipywidgets.HBox([*buttons, *([self.advice] if advice else [])])
        self.box = ipywidgets.VBox([self.text, self.options, self.buttons, self.said])
        self._show()

    def _button(self, label: str, act: Callable[[], object], style: str = "") -> Any:
        """Make a button whose click does something to the game, and shows what has become of it."""
        button = ipywidgets.Button(description=label, button_style=style, layout={"width": "auto"})

        def clicked(_: object) -> None:
            self.said.value = "Working ..."
            try:
                told = act()
                if not isinstance(told, str):
                    self._show()
            # A notebook drops what a callback raises: the player would see nothing at all.
            except Exception as error:
                told = _wrong(error)
            self.said.value = told if isinstance(told, str) else ""

        button.on_click(clicked)
        return button

    def _undo(self) -> None:
        self.notes |= self.game.undo()

    def _save(self) -> str:
        # Again into the same file, but over no other game.
        self.file = self.file or free_file(self.game, Path())
        return f"Saved: {escape(str(self.game.save(self.file)))}. sim.Game.load goes on with it."

    def _advise(self) -> str:
        found = self.game.advise()
        rows = [[str(row.bracket), self._label(row.option), *row.cells] for row in rows_of(found)]
        answer, notes = told_of(found, self._label, "by number")
        above = "".join(f"<p><b>{escape(text)}</b></p>" for text in answer)
        below = "".join(f"<p>{escape(text)}</p>" for text in notes)
        return f"{above}{_table(['bracket', 'option', *COLUMNS], rows)}{below}"

    def _label(self, option: str) -> str:
        """Write an option that is due in print."""
        choices = self.game.situation().options
        named = {" ".join(filter(None, (c.move, c.target))): _named(c) for c in choices}
        return named[option]

    def _show(self) -> None:
        """Show the decision that is due, or how it went."""
        if self.game.over:
            self._show_end()
            return
        said = self.game.situation()
        news = said.news if said.number > 1 else (*self._before(), *said.news)
        note = self.notes.pop(said.actor, None)
        scale = [self.game.scale] if any(o.score > said.floor for o in said.others) else []
        lines = [said.dead, *(f"{o.short}: {'; '.join(o.notes)}" for o in said.others if o.notes)]
        pulls = [
            f"{'towards' if pull.rule.logits > 0 else 'away from'} {_named(pull.choice)}: "
            f"{pull.rule.says}"
            for pull in said.pulls
        ]
        self.text.value = "".join(
            [
                "" if self.game.taken else _brief(self.game),
                f"<p><b>{escape(note)}</b></p>" if note else "",
                f"<h4>{escape(said.name)}, {_moment(said.date)}. Your decision {said.number}; "
                f"{said.days_left:.1f} days left</h4>",
                _listed("News", (f"{_moment(n.date)} {n.says}" for n in news)),
                _listed("How you see it", [*lines, said.quiet, *scale]),
                _listed("What was said at the time pulls", pulls),
            ]
        )
        # Emptied first: a choice that is still there would stay chosen.
        self.options.options = ()
        self.options.options = [(_labelled(choice), choice.number) for choice in said.options]
        self.options.value = 0
        self.box.children = [self.text, self.options, self.buttons, self.said]

    def _before(self) -> Iterable[News]:
        turn = str(self.game.turn)
        return (news for news in self.game.heard(turn) if news.day < 0)

    def _show_end(self) -> None:
        found = self.game.debrief()
        self.text.value = _told(found)
        picture = ipywidgets.Image(value=found.picture(), format="png", width=800)
        buttons = ipywidgets.HBox([self.undo, self.save])
        self.box.children = [self.text, picture, buttons, self.said]


def _wrong(error: Exception) -> str:
    """Say what went wrong: bad input and files in a sentence, anything else by its name."""
    if isinstance(error, OSError):
        text = f"{error.filename}: {(error.strerror or str(error)).lower()}"
    elif isinstance(error, SimError):
        text = str(error)[:1].upper() + str(error)[1:]
    else:
        text = f"Unexpected {type(error).__name__}: {error}"
    return f"<b>{escape(text)}</b>"


def table(game: Game, advice: bool) -> Any:
    """Return the widgets of a game as one."""
    return Table(game, advice).box


def _brief(game: Game) -> str:
    names = " and ".join(game.scenario.crisis.actor(player).name for player in game.players)
    return (
        f"<h3>{escape(game.scenario.title)}</h3><p>{escape(game.scenario.asks)}</p>"
        f"<p><b>You play: {escape(names)}.</b> The model decides for all others, by rules coded "
        "from what was said at the time. You see what your state would: the dead as they are "
        "reported, and who did what only where that is known.</p>"
        f"<p>{escape(' '.join(game.rules))}</p>"
    )


def _moment(date: datetime) -> str:
    return f"{day_of(date)} {date:%H:%M}"


def _named(choice: Choice) -> str:
    return f"{choice.label} → {choice.whom}" if choice.whom else choice.label


def _labelled(choice: Choice) -> str:
    """Write an option for a button: what it is, and how likely for the model."""
    chance = choice.probability
    likely = ""
    if chance is not None:
        likely = "; the model: " + ("<1%" if chance < LEAST_SHARE else f"{chance:.0%}")
    return f"{_named(choice)} (rung {choice.rung}: {choice.says}{likely})"


def _told(found: Debrief) -> str:
    """Write how a game went."""
    word, ended = found.verdict_told()
    rows = []
    for parting in found.partings:
        costs = found.costs(parting)
        unclear = "; ".join(cost.text for cost in costs if not cost.clear)
        clear = [cost.text for cost in costs if cost.clear]
        rows.append(
            [
                _moment(parting.date),
                f"{_option(found, parting.chosen)} ({percent(parting.probability).strip()})",
                _option(found, parting.model),
                "; ".join([*clear, *([f"no clear difference: {unclear}"] if unclear else [])]),
            ]
        )
    return "".join(
        [
            f"<h3>{escape(word)} {escape(ended)}</h3>",
            f"<p>{escape(found.model_told())}</p><p>{escape(found.standings_told())}</p>",
            _listed("What you could not know", found.secrets),
            "<h4>Where you parted from the model, and what it cost</h4>" if found.decisions else "",
            f"<p>{escape(found.agreed_told())} {escape(found.partings_told())}</p>",
            _table(["when", "you", "the model", "what it changed"], rows) if rows else "",
        ]
    )


def _option(found: Debrief, written: str) -> str:
    """Write an option in print."""
    crisis = found.history.scenario.crisis
    move, *target = written.split()
    label = crisis.move(move).label
    return f"{label} → {crisis.actor(target[0]).short}" if target else label


def _listed(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<b>{title}</b><ul>{items}</ul>" if items else ""


def _table(head: list[str], rows: list[list[str]]) -> str:
    cells = [f"<th>{escape(name)}</th>" for name in head]
    lines = ["".join(f"<td>{escape(cell)}&ensp;</td>" for cell in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in ("".join(cells), *lines))
    return f"<table>{body}</table>"
