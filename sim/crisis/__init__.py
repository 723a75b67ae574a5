"""Crises and scenarios: read from TOML, validated, frozen."""

from sim.crisis.actors import Actor, Place
from sim.crisis.bundled import bundled
from sim.crisis.citations import citations
from sim.crisis.covariates import COVARIATES, HALF_LIVES, Covariate, covariate
from sim.crisis.crisis import Crisis
from sim.crisis.ladder import Ladder, Move
from sim.crisis.loading import load
from sim.crisis.overrides import parsed
from sim.crisis.propensities import Propensities
from sim.crisis.record import Map
from sim.crisis.rules import Rule
from sim.crisis.scenario import Inject, InjectEffect, OpeningEvent, Scenario
from sim.crisis.statements import Statement
from sim.errors import InputError, SimError

__all__ = [
    "COVARIATES",
    "HALF_LIVES",
    "Actor",
    "Covariate",
    "Crisis",
    "Inject",
    "InjectEffect",
    "InputError",
    "Ladder",
    "Map",
    "Move",
    "OpeningEvent",
    "Place",
    "Propensities",
    "Rule",
    "Scenario",
    "SimError",
    "Statement",
    "bundled",
    "citations",
    "covariate",
    "load",
    "parsed",
]
