"""Dates, days, dead and values as text."""

from __future__ import annotations

from datetime import datetime

__all__ = ["Calendar", "days_in_words", "dead_in_words", "shown"]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
