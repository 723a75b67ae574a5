"""What is written beside the markers of a path: targets, dead, and the reasons of a few moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim.analysis.path_summary import Note, PathSummary
from sim.analysis.studied import capital
from sim.plots import style
from sim.plots.lanes import Lanes, number_of
from sim.plots.phrases import (
    balanced,
    dead_of,
    inject_text,
    label_of,
    remarks,
    sources,
)
from sim.plots.placing import Box, Room, text_box

__all__ = ["Labels"]

GLOSS_WIDTHS = (33, 24)  # characters; the narrow one where the wide one finds no room
MOST_NOTES = 4
MOST_DETAILS = 2  # blows of the history that say whose the dead were, and what was claimed
NEAR, FAR_RINGS = 2, 14  # rings: how far off a long label may stand, and a short one
NOTE_PAD = 3.5  # points
FAR = 110.0  # points from a marker to its note
INDENT = 2.5  # points above which a label gets a line to its marker

_GLOSS: dict[str, Any] = {"size": style.TEXT, "color": style.INK, "linespacing": 1.15}
_IDS: dict[str, Any] = {
    "size": style.SMALL,
    "color": style.SOFT_INK,
    "style": "italic",
    "linespacing": 1.15,
}


@dataclass(frozen=True)
class _Placed:
    """A text that has found its place, and the marker that it belongs to, in pixels."""

    text: str
    look: dict[str, Any]
    box: Box
    x: float
    y: float
    radius: float
    gid: str


class Labels:
    """Finds places for all labels of a path, then draws them.

    Attributes
    ----------
    homeless : tuple of int
        Lanes of the notes that found no room; spare notes stand in for them.
    lack : tuple of (bool, int)
        Whether the first note found no room, and how many notes did not: the less, the better.
    unsaid : int
        Small labels that found none.
    detailed : set of int
        Points whose label tells more than how many died.
    """

    def __init__(
        self,
        summary: PathSummary,
        ax: Axes,
        lanes: Lanes,
        marks: Mapping[str, tuple[Any, float]],
        crowded: bool = False,
    ) -> None:
        self.ax, self.lanes, self.summary, self.crowded = ax, lanes, summary, crowded
        self.point = ax.figure.dpi / 72.0
        ax.set_xlim(lanes.left, lanes.right)
        ax.set_ylim(0.0, lanes.height)
        self.radii = [0.5 * marks[p.move][1] * self.point for p in summary.points]
        self.centres = [self._at(p.date, lanes.y(p.lane, p.rung)) for p in summary.points]
        corners = ax.transData.transform([(lanes.left, 0.0), (lanes.right, lanes.height)])
        inset = 2.0 * self.point
        self.bounds = Box(*(corners[0] + inset), *(corners[1] - inset))
        self.room = Room(self.bounds, 1.5 * self.point)
        self._take_what_stands()
        self.small: dict[int, _Placed] = {}
        self.injects: list[_Placed] = []
        self.notes: list[tuple[Box, _Placed, _Placed]] = []
        self.told: list[Note] = []
        self.unsaid = 0
        self.detailed: set[int] = set()
        self._place_small(lambda text: "†" in text or "→" not in text)
        # What the whole history answers: before the reasons take the room.
        opening, later = self._worst()
        self._place_details(opening)
        self._place_injects()
        told, spare = summary.notes[:MOST_NOTES], summary.notes[MOST_NOTES:]
        homeless = [summary.points[n.point].lane for n in told if not self._place_note(n)]
        for note in spare:
            if len(self.notes) < MOST_NOTES:
                self._place_note(note)
        self._place_small(lambda text: "†" not in text and "→" in text)
        self._place_details(later)
        self.homeless = tuple(homeless)
        # The most telling reason counts for more than all the others.
        self.lack = bool(told) and told[0] not in self.told, len(homeless)

    def _at(self, date: Any, y: float) -> tuple[float, float]:
        x, y = self.ax.transData.transform((number_of(date), y))
        return float(x), float(y)

    def _size(self, text: str, look: dict[str, Any]) -> tuple[float, float]:
        artist = self.ax.text(0.0, 0.0, text, **look)
        box = text_box(artist)
        artist.remove()
        return box.right - box.left, box.top - box.bottom

    def _take_what_stands(self) -> None:
        """Enter markers as taken, and lines as better not covered."""
        for (x, y), r in zip(self.centres, self.radii, strict=True):
            self.room.taken.append(Box(x - r, y - r, x + r, y + r))
            if not self.crowded:
                self.room.markers.append((x, y))
        for tick in self.summary.assessments:
            x, y = self._at(tick.date, self.lanes.bottom(tick.lane))
            self.room.taken.append(Box(x - 1, y, x + 1, y + 6.0 * self.point))
        for lane, steps in enumerate(self.summary.steps):
            places = [self._at(date, self.lanes.y(lane, rung)) for date, rung in steps]
            for (x0, y0), (x1, y1) in pairwise(places):
                self.room.lines.append(Box(x0, y0 - 1, x1, y0 + 1))
                self.room.lines.append(Box(x1 - 1, min(y0, y1), x1 + 1, max(y0, y1)))
        dates = [self.summary.start, self.summary.end, *(i.date for i in self.summary.injects)]
        for x, _ in (self._at(date, 0.0) for date in dates):
            self.room.bars.append(Box(x - 3, self.bounds.bottom, x + 3, self.bounds.top))

    def _home(self, lane: int) -> Box:
        """Return a lane's box in pixels."""
        edge = 2.0 * self.point
        _, low = self._at(self.summary.start, self.lanes.bottom(lane))
        _, high = self._at(self.summary.start, self.lanes.top[lane])
        return Box(self.bounds.left, low + edge, self.bounds.right, high - edge)

    def _text(self, number: int, *, brief: bool) -> str:
        point = self.summary.points[number]
        return label_of(point, self.summary.lanes[point.lane].usual, brief=brief)

    def _says_more(self, number: int) -> bool:
        return self._text(number, brief=True) != self._text(number, brief=False)

    def _worst(self) -> tuple[list[int], list[int]]:
        """Give the blows that say more than how many died: the opening's and the worst after it."""
        points = self.summary.points
        told = [k for k in range(len(points)) if self._says_more(k)]
        later = [k for k in told if not points[k].opening]
        later.sort(key=lambda k: (-dead_of(points[k]), -points[k].claimed, k))
        return [k for k in told if points[k].opening], later[:MOST_DETAILS]

    def _place_small(self, wanted: Callable[[str], bool]) -> None:
        """Place the labels that are wanted in brief, those of the most dead first."""
        points = self.summary.points
        for number in sorted(range(len(points)), key=lambda k: -dead_of(points[k])):
            text = self._text(number, brief=True)
            if text and wanted(text) and not self._place_beside(text, number):
                self.unsaid += 1

    def _place_details(self, blows: list[int]) -> None:
        """Let the worst blows say more, where there is room for it close to them."""
        for number in blows:
            x, y = self.centres[number]
            brief = self.small.pop(number, None)
            if brief is not None:
                self.room.release(x, y, brief.box)
            if self._place_beside(self._text(number, brief=False), number, NEAR):
                self.detailed.add(number)
            elif brief is not None:
                self.room.claim(x, y, brief.box)
                self.small[number] = brief

    def _place_injects(self) -> None:
        for inject in self.summary.injects:
            text = inject_text(inject)
            look = {"size": style.SMALL, "color": style.INK, "style": "italic"}
            x, y = self._at(inject.date, self.lanes.height)
            size = self._size(text, look)
            box = self.room.beside(x, y - 9.0 * self.point, 2.0, *size, self._home(0))
            if box is None:
                self.unsaid += 1
            else:
                self.injects.append(_Placed(text, look, box, x, y, 2.0, "inject"))

    def _place_beside(self, text: str, number: int, rings: int = FAR_RINGS) -> bool:
        """Place a small label at a marker in its lane; say whether there was room."""
        bold = "†" in text
        look = {
            "size": style.SMALL,
            "color": style.ALARM if bold else style.SOFT_INK,
            "weight": "bold" if bold else "normal",
        }
        spot = (*self.centres[number], self.radii[number])
        home = self._home(self.summary.points[number].lane)
        box = self.room.beside(*spot, *self._size(text, look), home, rings)
        if box is not None:
            self.small[number] = _Placed(text, look, box, *spot, "label")
        return box is not None

    @property
    def topping(self) -> set[int]:
        """Lanes in which a note stands above the moves, in room made for it."""
        lanes = self.lanes
        peaks = [self._at(self.summary.start, peak)[1] for peak in lanes.peak]
        own = (self.summary.points[note.point].lane for note in self.told)
        pairs = zip(own, self.notes, strict=True)
        return {lane for lane, (box, _, _) in pairs if box.top > peaks[lane]}

    @property
    def remarks(self) -> list[str]:
        """What the caption has to say of the labels, in sentences."""
        points = self.summary.points
        hidden = [k for k in range(len(points)) if k not in self.detailed and self._says_more(k)]
        worst = any(not points[k].opening for k in self.detailed)
        odds = any(note.unlikely for note in self.told)
        return remarks(odds, bool(hidden), worst, self.unsaid)

    def _place_note(self, note: Note) -> bool:
        """Place a reason: the gloss, and its statements underneath."""
        return any(self._place_wrapped(note, width) for width in GLOSS_WIDTHS)

    def _place_wrapped(self, note: Note, letters: int) -> bool:
        pad = NOTE_PAD * self.point
        point = self.summary.points[note.point]
        gloss = balanced(f"{capital(point.label)}, {note.why}", letters)
        ids = sources(note.statements, letters + 3)
        gloss_width, gloss_height = self._size(gloss, _GLOSS)
        ids_width, ids_height = self._size(ids, _IDS) if ids else (0.0, -pad)
        width = max(gloss_width, ids_width) + 2.0 * pad
        height = gloss_height + ids_height + 3.0 * pad
        spot = (*self.centres[note.point], self.radii[note.point])
        far = FAR * self.point
        box = self.room.anywhere(*spot, width, height, self._home(point.lane), far)
        if box is None:
            return False
        self.told.append(note)
        left, top = box.left + pad, box.top - pad
        upper = Box(left, top - gloss_height, left + gloss_width, top)
        under = upper.bottom - pad
        lower = Box(left, under - ids_height, left + ids_width, under)
        self.notes.append(
            (
                box,
                _Placed(gloss, _GLOSS, upper, *spot, "note"),
                _Placed(ids, _IDS, lower, *spot, "statements"),
            )
        )
        return True

    def draw(self) -> None:
        """Draw every label at its place, with a line to its marker where it stands apart."""
        for placed in self.small.values():
            self._leader(placed.box, placed, least=INDENT * self.point)
        for placed in (*self.small.values(), *self.injects):
            self._write(placed).set_path_effects([style.HALO])
        for box, gloss, ids in self.notes:
            self._leader(box, gloss, least=0.0)
            left, bottom = self._data(box.left, box.bottom)
            right, top = self._data(box.right, box.top)
            self.ax.add_patch(
                Rectangle(
                    (left, bottom),
                    right - left,
                    top - bottom,
                    facecolor="white",
                    edgecolor=style.FAINT_INK,
                    linewidth=0.7,
                    zorder=6,
                    gid="note-box",
                )
            )
            self._write(gloss)
            if ids.text:
                self._write(ids)

    def _data(self, x: float, y: float) -> tuple[float, float]:
        x, y = self.ax.transData.inverted().transform((x, y))
        return float(x), float(y)

    def _write(self, placed: _Placed) -> Text:
        x, y = self._data(placed.box.left, placed.box.top)
        return self.ax.text(
            x, y, placed.text, ha="left", va="top", zorder=7, gid=placed.gid, **placed.look
        )

    def _leader(self, box: Box, placed: _Placed, least: float) -> None:
        end_x, end_y = box.nearest(placed.x, placed.y)
        length = ((end_x - placed.x) ** 2 + (end_y - placed.y) ** 2) ** 0.5
        if length <= placed.radius + least + 1.0:
            return
        share = placed.radius / length
        start = self._data(
            placed.x + share * (end_x - placed.x), placed.y + share * (end_y - placed.y)
        )
        end = self._data(end_x, end_y)
        self.ax.plot(
            [start[0], end[0]],
            [start[1], end[1]],
            color=style.INK if placed.gid == "note" else style.FAINT_INK,
            lw=0.8,
            zorder=5,
            gid="leader",
        )
