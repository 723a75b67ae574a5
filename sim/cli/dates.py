"""Dates, days and values, as the command line reads and writes them."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

from sim.errors import InputError

__all__ = ["Calendar", "day_of", "days_in_words", "dead_in_words", "shown"]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOON = time(12)


class Calendar:
    """Writes dates, with the year where there is more than one.

    Parameters
    ----------
    first, last : datetime
        From when to when dates are written.
    """

    def __init__(self, first: datetime, last: datetime) -> None:
        self.year = first.year != last.year

    def moment(self, when: datetime) -> str:
        """Write a date and time, always equally long."""
        year = f" {when.year}" if self.year else ""
        return f"{when.day:>2} {MONTHS[when.month - 1]}{year} {when:%H:%M}"

    def day(self, when: datetime) -> str:
        """Write a date."""
        year = f" {when.year}" if self.year else ""
        return f"{when.day} {MONTHS[when.month - 1]}{year}"

    @staticmethod
    def full(when: datetime) -> str:
        """Write a date and time with the year."""
        return f"{when.day} {MONTHS[when.month - 1]} {when.year} {when:%H:%M}"


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


def days_in_words(days: float) -> str:
    """Write a number of days, in hours where it is less than two.

    Examples
    --------
    >>> days_in_words(0.5), days_in_words(10.0)
    ('12 hours', '10 days')
    """
    if abs(days) < 2 and days != 1:
        hours = round(days * 24)
        return f"{hours} hour" + "s" * (hours != 1)
    return f"{round(days, 1):g} day" + "s" * (days != 1)


def dead_in_words(dead: dict[str, int], shorts: dict[str, str]) -> str:
    """Write a count of dead by actor, nothing for nobody.

    Examples
    --------
    >>> dead_in_words({"us": 3, "uk": 1}, {"us": "US", "uk": "UK"})
    '3 US, 1 UK'
    """
    return ", ".join(f"{count} {shorts[actor]}" for actor, count in dead.items() if count)


def shown(value: object) -> str:
    """Write a value of a scenario as its file would."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, datetime):
        return value.isoformat()
    return "absent" if value is None else str(value)
