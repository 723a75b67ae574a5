"""The records that a picture of one history is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sim.analysis.captions import Words
from sim.kernel.layout import FORCE_RUNG

__all__ = ["FORCE", "Inject", "Lane", "MoveKind", "Note", "PathSummary", "Point", "Tick"]

READING = "Each lane is a state; the higher a marker stands in it, the graver the move."

#: The rung at which force begins.
FORCE = int(FORCE_RUNG)


@dataclass(frozen=True, slots=True)
class MoveKind:
    """A move of the ladder: id, label, rung 0..10."""

    move: str
    label: str
    rung: int


@dataclass(frozen=True, slots=True)
class Lane:
    """An actor's lane.

    Attributes
    ----------
    short : str
        What the actor is called.
    usual : str or None
        Short name of the actor that most of its moves are at; None where it aims at nobody.
    peak : int
        Highest rung that is drawn in the lane; 1, the rung of holding, where nothing is.
    """

    short: str
    usual: str | None
    peak: int


@dataclass(frozen=True, slots=True)
class Point:
    """A move.

    Attributes
    ----------
    day : float
        Days from the start; negative in the opening.
    date : datetime
    lane : int
        Index into the lanes.
    rung : int, 0..10
    move, label : str
        Id and label of the move.
    target : str or None
        Short name of the target.
    dead : tuple of (str, int)
        True dead by short name of the actor, without zeros.
    claimed : int
        Dead that the actor claims; 0 where it claims none.
    opening : bool
        Whether it came before the start.
    event : str or None
        Id of the opening event.
    """

    day: float
    date: datetime
    lane: int
    rung: int
    move: str
    label: str
    target: str | None
    dead: tuple[tuple[str, int], ...]
    claimed: int
    opening: bool
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """An assessment: the date when the actor of a lane learns how many of its own are dead."""

    date: datetime
    lane: int


@dataclass(frozen=True, slots=True)
class Inject:
    """An event from outside: date, id, and the dead by short name."""

    date: datetime
    label: str
    dead: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Why a move was made.

    Attributes
    ----------
    point : int
        Index into the points.
    why : str
        The strongest rule, as what follows the name of the move and a comma.
    statements : tuple of str
        Those behind the rule.
    unlikely : bool
        Whether it was rather chance that made it.
    """

    point: int
    why: str
    statements: tuple[str, ...]
    unlikely: bool = False


@dataclass(frozen=True, slots=True)
class PathSummary:
    """All that the picture of one history draws.

    Attributes
    ----------
    title : str
        What is seen: how high, by whom, and how it ended.
    question : str
        What the scenario asks; what was changed, where that is no longer the question.
    caption : str
        Scenario, seed, replicate, digest.
    opened, start, end : datetime
        First date drawn; start of the simulation; its end.
    end_kind : str
        open_war, settlement or horizon; running while the history goes on.
    end_label : str
        The same for a reader.
    ladder : tuple of MoveKind
        Every move but hold, from the mildest.
    lanes : tuple of Lane
    points : tuple of Point
        In order of time; `earlier` opening moves before `opened` are left out.
    steps : tuple of tuple of (datetime, int)
        By lane, the date and rung of each move.
    assessments : tuple of Tick
        Of blows on the actor itself, from the start on.
    injects : tuple of Inject
    notes : tuple of Note
        Reasons of the most telling moves, the most telling first.
    earlier : int
    """

    title: str
    question: str
    caption: str
    opened: datetime
    start: datetime
    end: datetime
    end_kind: str
    end_label: str
    ladder: tuple[MoveKind, ...]
    lanes: tuple[Lane, ...]
    points: tuple[Point, ...]
    steps: tuple[tuple[tuple[datetime, int], ...], ...]
    assessments: tuple[Tick, ...]
    injects: tuple[Inject, ...]
    notes: tuple[Note, ...]
    earlier: int = 0

    @property
    def words(self) -> Words:
        """The words around the picture."""
        older = f" {self.earlier} older moves of the opening are not drawn." if self.earlier else ""
        return Words(self.title, f"{self.question} {READING}", self.caption + older)
