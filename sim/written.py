"""Estimates, dates, events and ends as text, for commands and reports."""

from sim.analysis.brief import apart, signed, span
from sim.analysis.dates import Calendar, days_in_words, dead_in_words, shown
from sim.analysis.ending import Ending, ending
from sim.analysis.figures import Figures, measured
from sim.analysis.outcome_names import Group, Named, groups, unforced
from sim.analysis.telling import UNLIKELY, Teller, percent, together, weighty
from sim.analysis.written import digits, number, odds, outcome, share

__all__ = [
    "UNLIKELY",
    "Calendar",
    "Ending",
    "Figures",
    "Group",
    "Named",
    "Teller",
    "apart",
    "days_in_words",
    "dead_in_words",
    "digits",
    "ending",
    "groups",
    "measured",
    "number",
    "odds",
    "outcome",
    "percent",
    "share",
    "shown",
    "signed",
    "span",
    "together",
    "unforced",
    "weighty",
]
