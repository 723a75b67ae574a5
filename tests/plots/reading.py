"""What a reader of a picture stumbles over."""

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


def complaints(ax):
    """Texts that overlap one another, cover a marker, or are cut off by the figure's edge."""
    boxes = [(text.get_text(), text_box(text)) for text in texts(ax)]
    for marker in gids(ax, "move"):
        (x, y), r = ax.transData.transform(marker.get_xydata())[0], marker.get_markersize() * 0.9
        inner = Box(x - r, y - r, x + r, y + r)
        for text, box in boxes:
            if box.meets(inner, -1.0):
                yield f"{text!r} covers a marker"
    for i, j in overlapping([box for _, box in boxes]):
        yield f"{boxes[i][0]!r} overlaps {boxes[j][0]!r}"
    page = Box(*ax.figure.bbox.extents)
    yield from (f"{text!r} is cut off" for text, box in boxes if not box.within(page))
