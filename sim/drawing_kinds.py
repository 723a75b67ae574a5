"""What a kind of picture is: its name, what it is drawn from, and the functions that draw it.

A module of kinds has a tuple ``KINDS``; `sim.drawing` lists the modules.  A kind names a function
from a `Source` to a summary, which a module of `sim.analysis` makes, and a module of `sim.plots`
that has ``plot_NOUN(summary, *, ax=None) -> Axes`` and ``alt_NOUN(summary) -> str``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from sim.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.advice import Advice
    from sim.advice_folder import SavedAdvice
    from sim.analysis.captions import Words
    from sim.analysis.courses import Courses
    from sim.ensembles import Ensemble
    from sim.history import History
    from sim.influences import Influence
    from sim.studies import Study

__all__ = [
    "ADVICE",
    "ENSEMBLE",
    "FORMATS",
    "HISTORY",
    "INFLUENCE",
    "MANIFEST",
    "PAIR",
    "REPLICATES",
    "STUDY",
    "Kind",
    "Picture",
    "Source",
    "kinds",
]

T = TypeVar("T")

#: What a kind may be drawn from, and what an error calls it.
HISTORY, ENSEMBLE, PAIR, STUDY = "history", "ensemble", "pair", "study"
INFLUENCE, ADVICE = "influence", "advice"
#: The file by which a folder of results is known.
MANIFEST = "manifest.json"
FORMATS = ("png", "svg", "pdf")
#: Histories that a scenario's own pictures rest on.
REPLICATES = 5_000
#: The modules of kinds, in the order in which pictures are drawn.
TABLES = (
    "sim.drawing_histories",
    "sim.drawing_ensembles",
    "sim.drawing_studies",
    "sim.drawing_advice",
)
CALLED = {
    HISTORY: "a history",
    ENSEMBLE: "an ensemble",
    PAIR: "two scenarios: --against names the other",
    STUDY: "a study",
    INFLUENCE: "what `escalation influence` found",
    ADVICE: "what `escalation advise` told",
}


@dataclass
class Source:
    """What pictures can be drawn from; each part is made when it is first asked for.

    Attributes
    ----------
    name : str
        What it is called, for folders.
    parts : dict of str to callable
        By HISTORY, ENSEMBLE, STUDY, INFLUENCE and ADVICE, what makes each that there is; PAIR makes
        the ensemble that the other one is compared with.
    options : mapping of str to object
        What the caller asked of single kinds, such as which move.
    """

    name: str
    parts: dict[str, Callable[[], Any]]
    options: Mapping[str, Any] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self.parts

    @cached_property
    def history(self) -> History:
        """The history."""
        return self.parts[HISTORY]()  # type: ignore[no-any-return]

    @cached_property
    def ensemble(self) -> Ensemble:
        """The ensemble."""
        return self.parts[ENSEMBLE]()  # type: ignore[no-any-return]

    @cached_property
    def against(self) -> Ensemble:
        """The ensemble that the other one is compared with."""
        return self.parts[PAIR]()  # type: ignore[no-any-return]

    @cached_property
    def study(self) -> Study:
        """The study."""
        return self.parts[STUDY]()  # type: ignore[no-any-return]

    @cached_property
    def influence(self) -> Influence:
        """What the statements carry."""
        return self.parts[INFLUENCE]()  # type: ignore[no-any-return]

    @cached_property
    def advice(self) -> Advice | SavedAdvice:
        """What the options of an actor lead to."""
        return self.parts[ADVICE]()  # type: ignore[no-any-return]

    def make(self, part: str) -> None:
        """Make a part now, so that what is wrong with it is raised."""
        getattr(self, "against" if part == PAIR else part)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Make what several kinds are drawn from, the first time that it is asked for."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]  # type: ignore[no-any-return]

    @cached_property
    def courses(self) -> Courses:
        """Every move of the ensemble's replicates."""
        from sim.drawing_ensembles import courses_of

        return courses_of(self.ensemble)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture.

    Attributes
    ----------
    name : str
        As ``--kind`` takes it; the name of the file, too.
    of : str
        HISTORY, ENSEMBLE, PAIR, STUDY, INFLUENCE or ADVICE.
    says : str
        What it shows, in a line.
    summarise : callable of Source
        Makes the summary.
    plots, noun : str
        The module that draws it and what its functions are called by: ``sim.plots.fan``, ``fans``.
    fits : callable of Source, optional
        Whether this source, which has the part, can show it. Without it every one can.
    options : tuple of str
        Names of the options that it heeds.
    """

    name: str
    of: str
    says: str
    summarise: Callable[[Source], Any]
    plots: str
    noun: str
    fits: Callable[[Source], bool] | None = None
    options: tuple[str, ...] = ()

    def shows(self, source: Source) -> bool:
        """Whether the source can show it."""
        return source.has(self.of) and (self.fits is None or self.fits(source))

    def plot(self, summary: Any, ax: Axes | None = None) -> Axes:
        """Draw a summary of this kind."""
        return getattr(import_module(self.plots), f"plot_{self.noun}")(summary, ax=ax)  # type: ignore[no-any-return]

    def alt(self, summary: Any) -> str:
        """Say in a sentence what the picture of a summary shows."""
        return str(getattr(import_module(self.plots), f"alt_{self.noun}")(summary))

    def refuse(self, source: Source) -> InputError:
        """Return the error for a source that cannot show it."""
        if not source.has(self.of):
            return InputError(f"{self.name!r} is a picture of {CALLED[self.of]}", key="kind")
        return InputError(f"{source.name} has nothing that {self.name!r} could show", key="kind")


@dataclass(frozen=True)
class Picture:
    """A picture that is drawn.

    Attributes
    ----------
    kind : Kind
    summary : object
        What it was drawn from.
    figure : Figure
    alt : str
        What it shows, in a sentence, for those who cannot see it.
    words : Words
        Those around it, with what only drawing can tell, such as what found no room.
    """

    kind: Kind
    summary: Any
    figure: Figure
    alt: str
    words: Words

    @property
    def title(self) -> str:
        """What is seen, as a sentence."""
        return self.words.title

    def render(self, form: str = "png", *, words: bool = True) -> bytes:
        """Return it as the bytes of a png, svg or pdf file, the same for the same input.

        Without `words` title, subtitle and caption are left out, for a page that has them in text.
        """
        from sim.plots.page import render

        return render(self.figure, form, self.alt, words=words)


def kinds() -> tuple[Kind, ...]:
    """List every kind of picture."""
    return tuple(kind for table in TABLES for kind in import_module(table).KINDS)
