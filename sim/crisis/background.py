"""A scenario's background: prose, with the statements that it rests on in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["passages"]

_CITES = re.compile(r"\s*\[\s*([^\[\]]*?)\s*\]")


def passages(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the runs of a background, each with the ids of the statements that it rests on.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> list(passages("Missiles fell [ev-strike, iq-impacts].  Nobody died."))
    [('Missiles fell', ('ev-strike', 'iq-impacts')), ('. Nobody died.', ())]
    """
    parts = _CITES.split(text)
    for said, names in zip(parts[::2], [*parts[1::2], ""], strict=True):
        cited = tuple(name.strip() for name in names.split(",")) if names else ()
        if said or cited:
            # A space before the next run stays: what follows a bracket may be a full stop.
            yield re.sub(r"\s+", " ", said), cited
