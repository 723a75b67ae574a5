"""Dates, days and values, as the command line reads and writes them."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

from sim.errors import InputError
from sim.written import Calendar, days_in_words, dead_in_words, shown

__all__ = ["Calendar", "day_of", "days_in_words", "dead_in_words", "shown"]

NOON = time(12)


def day_of(text: str, start: datetime) -> float:
    """Read --at: a number of days from the start, or a date (its noon), or a date and time.

    Examples
    --------
    >>> day_of("2020-01-10", datetime(2020, 1, 8, 12))
    2.0
    >>> day_of("2.5", datetime(2020, 1, 8, 12))
    2.5
    """
    try:
        day = float(text)
    except ValueError:
        pass
    else:
        if math.isfinite(day):
            return day
    try:
        try:
            when = datetime.combine(date.fromisoformat(text), NOON)
        except ValueError:
            when = datetime.fromisoformat(text)
        if when.tzinfo is None:
            return (when - start) / timedelta(days=1)
    except ValueError:
        pass
    raise InputError(
        f"cannot read {text!r} as a day",
        file="--at",
        allowed="days from the start (2.5), a date (2020-01-11) or a local time (2020-01-11T18:00)",
    )
