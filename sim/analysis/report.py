"""What a report says, laid out by nobody yet: records of plain text, numbers written out."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Again",
    "Cell",
    "Fact",
    "Glance",
    "Happened",
    "Opening",
    "Passage",
    "Reason",
    "ReportSummary",
    "Said",
    "Shown",
    "Step",
    "Table",
    "Told",
    "Turn",
    "Voice",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands behind it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Glance:
    """A leading number: what it is, its estimate and interval, and what else is said of it."""

    label: str
    estimate: str
    interval: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: a value, what stands small below it, and statements it rests on."""

    text: str
    note: str = ""
    statements: tuple[str, ...] = ()
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes
    ----------
    caption : str
        What it shows.
    heads : tuple of str
        Of the columns; the first is of the labels.
    groups : tuple of (str, tuple of rows)
        Rows under a heading, which may be empty; a row is a cell a column.
    note : str
        How to read it.
    folded : bool
        Whether it is for those who ask for it.
    """

    caption: str
    heads: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[Cell, ...], ...]], ...]
    note: str = ""
    folded: bool = False

    def __len__(self) -> int:
        """Return the number of rows."""
        return sum(len(rows) for _, rows in self.groups)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the opening: when, what, what came of it, and who reports it."""

    when: str
    told: str
    detail: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of prose and the statements that it rests on: the id and the line of each."""

    text: str
    statements: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """A scenario in words.

    Attributes
    ----------
    background : tuple of Passage
        As its author tells it; empty where none does.
    story : tuple of str
        Sentences: which crisis, who takes part, from when to when.
    events : tuple of Happened
    changed : tuple of Fact
        By dotted path, the value that replaces the scenario's own, and that one.
    source : str
        Of the statements.
    """

    background: tuple[Passage, ...]
    story: tuple[str, ...]
    events: tuple[Happened, ...]
    changed: tuple[Fact, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture.

    Attributes
    ----------
    title, subtitle, caption : str
        As of `sim.analysis.captions.Words`: they are not in the drawing.
    alt : str
        What it shows, for those who cannot see it.
    svg : bytes
        The drawing, as a file.
    """

    title: str
    subtitle: str
    caption: str
    alt: str
    svg: bytes


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that spoke for a move: its gloss, its pull in logits, its statements."""

    says: str
    logits: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened in a history.

    Attributes
    ----------
    when, told, detail : str
        `detail` tells where a blow fell and whom it killed, else it is empty.
    number, rung : int or None
        Of a move; None of what is none.
    chance : str
        How probable the move was among all options; empty of what is no move.
    reasons : tuple of Reason
    note : str
        What is said in place of reasons, where there are none.
    """

    when: str
    told: str
    detail: str = ""
    number: int | None = None
    rung: int | None = None
    chance: str = ""
    reasons: tuple[Reason, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A telling move of a history.

    Attributes
    ----------
    when, told, detail : str
        As of `Step`.
    why : str
        What follows a comma: the reason, or that it was against the odds.
    statements : tuple of str
        Those behind the reason.
    """

    when: str
    told: str
    detail: str
    why: str
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A history that is told.

    Attributes
    ----------
    which : str
        A typical one, the worst, ...
    where : str
        Which replicate it is, and of what.
    headline, reason, peak, dead : str
        As of `sim.analysis.ending.Ending`.
    turns : tuple of Turn
        The moves that tell most about its course, in order of time.
    steps : tuple of Step
        All of it.
    pictures : tuple of Shown
    command : str
        What tells it again; empty where no command does.
    """

    which: str
    where: str
    headline: str
    reason: str
    peak: str
    dead: str
    turns: tuple[Turn, ...]
    steps: tuple[Step, ...]
    pictures: tuple[Shown, ...] = ()
    command: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement: id, speaker, line of the source, kind, strength, paraphrase, what it informs."""

    statement: str
    speaker: str
    line: int
    kind: str
    strength: str
    says: str
    informs: str


@dataclass(frozen=True, slots=True)
class Voice:
    """The statements of one actor."""

    name: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """How to have the very same again: commands, and what they rest on."""

    commands: tuple[str, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """All that a report says.

    Attributes
    ----------
    kind : str
        Scenario, ensemble, history or study: what it is a report of.
    title, asks : str
        Nothing is asked where values were changed: the scenario's own question may not fit them.
    answer : tuple of str
        What was found, in sentences.
    glance : tuple of Glance
        The leading numbers.
    driver, caveat : str
        What it hangs on most, as far as that can be told, and what to beware of.
    opening : Opening
    design : tuple of str
        Of a study: what was varied, and how.
    varied : tuple of Table
        Of a study: its factors.
    numbers, pictures, histories : tuples of Table, Shown and Told
    drives : tuple of str
        What drives the result, in sentences.
    driving : tuple of Shown
        The same as pictures.
    drivers : tuple of Table
    evidence : tuple of Voice
    assumptions, limits : tuple of str
    again : Again
    """

    kind: str
    title: str
    asks: str
    answer: tuple[str, ...]
    glance: tuple[Glance, ...]
    driver: str
    caveat: str
    opening: Opening
    design: tuple[str, ...]
    varied: tuple[Table, ...]
    numbers: tuple[Table, ...]
    pictures: tuple[Shown, ...]
    histories: tuple[Told, ...]
    drives: tuple[str, ...]
    driving: tuple[Shown, ...]
    drivers: tuple[Table, ...]
    evidence: tuple[Voice, ...]
    assumptions: tuple[str, ...]
    limits: tuple[str, ...]
    again: Again
