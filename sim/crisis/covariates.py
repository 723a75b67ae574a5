"""What an actor's rules can turn on: the covariates, and which of their traces fade."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["COVARIATES", "HALF_LIVES", "Covariate", "covariate"]


class Covariate(NamedTuple):
    """One covariate of actor i toward actor j.

    Parameters
    ----------
    name : str
    unit : str
    says : str
        Meaning in one line.
    undirected : bool
        Whether it is the same toward every other actor.
    """

    name: str
    unit: str
    says: str
    undirected: bool = False


TABLE = (
    Covariate("grievance", "harm", "harm that j has done to i and that i has not answered"),
    Covariate("commitment", "promises", "promises to act against j that i has made in public"),
    Covariate("line_crossed", "0..1", "j has done what i had threatened to answer"),
    Covariate("answered", "0..1", "i's own blow has discharged its grievance against j"),
    Covariate("dead", "ln(1+n)", "i's own dead by j, as far as i knows"),
    Covariate("partners_dead", "ln(1+n)", "dead of i's partners by j, as far as i knows"),
    Covariate("no_dead", "0..1", "a blow by j has been assessed and killed nobody"),
    Covariate("awaiting_assessment", "0/1", "i was struck by j and does not know its dead yet"),
    Covariate("hostile_intent", "0..1", "i's belief that j means to climb"),
    Covariate("restraint", "signals", "signals of restraint from j"),
    Covariate("tension", "harm", "harm anyone has lately done to anyone", undirected=True),
    Covariate("mediation", "offers", "offers to mediate, whoever made them", undirected=True),
    Covariate("sovereignty", "uses", "times that j used force on i's soil"),
    Covariate("host_used", "uses", "blows on i that were launched from j's soil"),
    Covariate("exposed", "uses", "times that j struck a place where i's forces stand"),
    Covariate("warned", "0..1", "strength of the line that j has drawn against i"),
    Covariate("constant", "1", "always 1", undirected=True),
)

COVARIATES: tuple[str, ...] = tuple(row.name for row in TABLE)

HALF_LIVES: tuple[str, ...] = (
    "grievance",
    "commitment",
    "line",
    "line_crossed",
    "answered",
    "dead",
    "partners_dead",
    "no_dead",
    "hostile_intent",
    "restraint",
    "tension",
    "mediation",
    "sovereignty",
    "host_used",
    "exposed",
    "urgency",
)


def covariate(name: str) -> Covariate:
    """Give the covariate of that name.

    Raises
    ------
    KeyError
        Where there is none.

    Examples
    --------
    >>> covariate("tension").undirected
    True
    """
    return {row.name: row for row in TABLE}[name]
