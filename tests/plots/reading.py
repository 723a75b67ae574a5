"""What a reader of a picture stumbles over."""

from matplotlib.text import Text

from sim.plots.placing import Box, overlapping, text_box


def gids(ax, gid):
    """The artists of a picture that are called so."""
    return [artist for artist in ax.get_children() if artist.get_gid() == gid]


def words(ax, gid):
    """A text of the picture, its lines put together."""
    return gids(ax, gid)[0].get_text().replace("\n", " ")


def texts(ax):
    """Every text of the picture that says something: labels, ticks, key."""
    ax.figure.draw_without_rendering()
    found = [*ax.texts, ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels()]
    found += ax.get_yticklabels()
    if ax.get_legend() is not None:
        found += ax.get_legend().findobj(Text)
    return [text for text in found if text.get_text() and text.get_visible()]


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
