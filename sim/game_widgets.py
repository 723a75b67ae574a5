"""A game as widgets of a notebook: buttons in place of the prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from sim.analysis.wording import day_of
from sim.errors import SimError
from sim.written import number, share

if TYPE_CHECKING:
    from sim.debriefs import Debrief, Difference
    from sim.games import Choice, Game, News

__all__ = ["Table", "table"]

FUTURES = 1_000
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
        self.text = ipywidgets.HTML()
        self.said = ipywidgets.HTML()
        self.options = ipywidgets.RadioButtons(layout={"width": "max-content"})
        self.take = self._button("Do it", lambda: game.choose(self.options.value), "primary")
        self.wait = self._button("Wait until something happens", game.wait)
        self.undo = self._button("Undo", game.undo)
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
            self.said.value = ""
            try:
                told = act()
            except (SimError, OSError) as error:
                self.said.value = escape(str(error))
                return
            if isinstance(told, str):
                self.said.value = told
            else:
                self._show()

        button.on_click(clicked)
        return button

    def _save(self) -> str:
        game = self.game
        name = "-".join(["play", game.scenario.name, *game.players, f"seed{game.seed}.json"])
        return f"Saved: {escape(str(game.save(name)))}. sim.Game.load goes on with it."

    def _advise(self) -> str:
        found = self.game.advise(FUTURES)
        rows = []
        for course in found.courses:
            war, settled, dead = (course.estimates[n] for n in ("open_war", "settlement", "dead"))
            rows.append(
                [
                    course.option.replace("_", " "),
                    share(war.mean, war.low, war.high)[1],
                    share(settled.mean, settled.low, settled.high)[1],
                    number(dead.mean, dead.low, dead.high)[1],
                ]
            )
        head = ["option", "open war", "settled", "dead from now on"]
        return (
            f"<p>From {found.replicates:,} futures each, in which the model decides for everybody "
            "afterwards; the best first, a win against a loss.</p>" + _table(head, rows)
        )

    def _show(self) -> None:
        """Show the decision that is due, or how it went."""
        if self.game.over:
            self._show_end()
            return
        said = self.game.situation()
        news = said.news if self.game.taken else (*self._before(), *said.news)
        lines = [said.dead, *(f"{o.short}: {'; '.join(o.notes)}" for o in said.others if o.notes)]
        pulls = [
            f"{'towards' if pull.rule.logits > 0 else 'away from'} {_named(pull.choice)}: "
            f"{pull.rule.says}"
            for pull in said.pulls
        ]
        self.text.value = "".join(
            [
                "" if self.game.taken else _brief(self.game),
                f"<h4>{escape(said.name)}, {_moment(said.date)}. Your decision {said.number}; "
                f"{said.days_left:.1f} days left</h4>",
                _listed("News", (f"{_moment(n.date)} {n.says}" for n in news)),
                _listed("How you see it", [*lines, said.quiet]),
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


def table(game: Game, advice: bool) -> Any:
    """Return the widgets of a game as one."""
    return Table(game, advice).box


def _brief(game: Game) -> str:
    names = " and ".join(game.scenario.crisis.actor(player).name for player in game.players)
    return (
        f"<h3>{escape(game.scenario.title)}</h3><p>{escape(game.scenario.asks)}</p>"
        f"<p><b>You are {escape(names)}.</b> The model decides for all others.</p>"
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
    verdict, model, standings = found.verdict, found.model, found.standings
    better, worse = standings.better, standings.worse
    rows = [
        [
            _moment(parting.date),
            parting.chosen.replace("_", " "),
            parting.model.replace("_", " "),
            *(_change(pair) for pair in parting.costs().values()),
        ]
        for parting in found.partings
    ]
    head = ["when", "you", "the model", "P(settled)", "P(open war)", "dead"]
    return "".join(
        [
            f"<h3>{verdict.word.capitalize()}</h3>",
            f"<p>{verdict.end.replace('_', ' ')} on day {verdict.days:.1f}, {verdict.dead} dead "
            f"since the start, those of a war itself not counted. "
            f"With the same luck, the model: {model.word}, {model.dead} dead.</p>",
            f"<p>Of {worse.n:,} courses from the same start, all decided by the model, "
            f"{share(worse.mean, worse.low, worse.high)[0]} ended worse and "
            f"{share(better.mean, better.low, better.high)[0]} better.</p>",
            _listed("What you could not know", found.secrets),
            f"<p>Where you parted from the model in {found.decisions} decisions, and what it "
            "changed, with intervals that hold together with 95%:</p>"
            if rows
            else "",
            _table(head, rows) if rows else "",
        ]
    )


def _change(pair: Difference | None) -> str:
    if pair is None:
        return ""
    found = pair.estimate
    return f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f})"


def _listed(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<b>{title}</b><ul>{items}</ul>" if items else ""


def _table(head: list[str], rows: list[list[str]]) -> str:
    cells = [f"<th>{escape(name)}</th>" for name in head]
    lines = ["".join(f"<td>{escape(cell)}&ensp;</td>" for cell in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in ("".join(cells), *lines))
    return f"<table>{body}</table>"
