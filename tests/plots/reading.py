"""What a reader of a picture stumbles over."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim.plots.placing import Box, overlapping, text_box


def gids(ax, gid):
    """The artists of a picture that are called so."""
    parts = (ax, *ax.child_axes)
    return [artist for p in parts for artist in p.get_children() if artist.get_gid() == gid]


def words(ax, gid):
    """A text of the picture, its lines put together."""
    return gids(ax, gid)[0].get_text().replace("\n", " ")


def texts(ax):
    """Every text of the picture that says something: labels, ticks, key."""
    ax.figure.draw_without_rendering()
    found = []
    for part in (ax, *ax.child_axes):
        found += [*part.texts, part.xaxis.label, part.yaxis.label]
        found += _within(part.get_xticklabels(), part.get_xlim(), 0)
        found += _within(part.get_yticklabels(), part.get_ylim(), 1)
        if part.get_legend() is not None:
            found += part.get_legend().findobj(Text)
    return [text for text in found if text.get_text() and text.get_visible()]


def _within(labels, limits, k):
    """The labels of ticks that are drawn: matplotlib keeps some beyond the limits as well."""
    low, high = sorted(limits)
    slack = 1e-9 * (high - low)
    return [text for text in labels if low - slack <= text.get_position()[k] <= high + slack]


#: What a text may not cover: markers, bars, intervals; and the lines of a path at their markers.
DRAWN = ("move", "rival", "mark", "change", "swing", "bar", "step", "total", "interval", "shift")


def drawn(ax):
    """What the picture shows by its place or length, as (id, box): markers, bars, whiskers."""
    for part in (ax, *ax.child_axes):
        for artist in part.get_children():
            if artist.get_gid() not in DRAWN:
                continue
            if isinstance(artist, Rectangle):
                yield artist.get_gid(), Box(*artist.get_window_extent().extents)
            elif isinstance(artist, Line2D) and len(artist.get_xdata()) <= 2:
                places = artist.get_transform().transform(artist.get_xydata())
                if np.isfinite(places).all():
                    shape = artist.get_marker() not in ("", " ", "None", None)
                    r = artist.get_markersize() * 0.9 if shape else 0.6
                    low, high = places.min(axis=0) - r, places.max(axis=0) + r
                    yield artist.get_gid(), Box(*low, *high)


def complaints(ax):
    """Texts that overlap one another, cover what is drawn, or are cut off by the figure's edge."""
    boxes = [(text.get_text(), text_box(text)) for text in texts(ax)]
    for what, inner in drawn(ax):
        for text, box in boxes:
            if box.meets(inner, -1.0):
                yield f"{text!r} covers a {'marker' if what == 'move' else what}"
    for i, j in overlapping([box for _, box in boxes]):
        yield f"{boxes[i][0]!r} overlaps {boxes[j][0]!r}"
    page = Box(*ax.figure.bbox.extents)
    yield from (f"{text!r} is cut off" for text, box in boxes if not box.within(page))
