"""How a crisis climbs, and what brings it down: an agent-based model with traceable reasons.

>>> import sim
>>> scenario = sim.load("after-the-strike").with_("strike.dead", 5)
>>> history = sim.run(scenario, seed=7)
>>> history.scenario.name
'after-the-strike'
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.advice import Advice, advise
    from sim.analysis.discovery import Discovery
    from sim.analysis.explanation import Explanation, OptionShare, RuleShare
    from sim.analysis.intervals import Estimate
    from sim.analysis.sensitivity import Sensitivity
    from sim.counterfactuals import Counterfactual, counterfactual
    from sim.crisis import Scenario, bundled, load
    from sim.crisis.pattern_reading import read_patterns
    from sim.debriefs import Debrief, debrief
    from sim.discoveries import discover
    from sim.engines.actors import StateActor, View
    from sim.engines.assemble import Option
    from sim.engines.model import CrisisModel
    from sim.ensembles import Ensemble, ensemble
    from sim.errors import InputError, SimError
    from sim.forks import Fork
    from sim.games import Game, Situation
    from sim.history import History, run
    from sim.influences import Influence, influence
    from sim.rare_ends import RareEstimate, rare
    from sim.reports import Report, report
    from sim.sensitivities import sensitivity
    from sim.studies import Study, read_experiment, study, sweep
    from sim.validation import Measured, patterns

try:
    __version__ = _version("escalation")
except PackageNotFoundError:  # a bare checkout
    __version__ = "0+unknown"

# Imported when first asked for: listing scenarios should not cost the import of Mesa and numba.
_HOMES = {
    "Advice": "sim.advice",
    "advise": "sim.advice",
    "Scenario": "sim.crisis",
    "bundled": "sim.crisis",
    "load": "sim.crisis",
    "InputError": "sim.errors",
    "SimError": "sim.errors",
    "Counterfactual": "sim.counterfactuals",
    "Ensemble": "sim.ensembles",
    "Fork": "sim.forks",
    "Debrief": "sim.debriefs",
    "Game": "sim.games",
    "Situation": "sim.games",
    "debrief": "sim.debriefs",
    "History": "sim.history",
    "counterfactual": "sim.counterfactuals",
    "ensemble": "sim.ensembles",
    "run": "sim.history",
    "Influence": "sim.influences",
    "influence": "sim.influences",
    "CrisisModel": "sim.engines.model",
    "StateActor": "sim.engines.actors",
    "View": "sim.engines.actors",
    "Option": "sim.engines.assemble",
    "Explanation": "sim.analysis.explanation",
    "OptionShare": "sim.analysis.explanation",
    "RuleShare": "sim.analysis.explanation",
    "Estimate": "sim.analysis.intervals",
    "Discovery": "sim.analysis.discovery",
    "Sensitivity": "sim.analysis.sensitivity",
    "discover": "sim.discoveries",
    "sensitivity": "sim.sensitivities",
    "Study": "sim.studies",
    "read_experiment": "sim.studies",
    "study": "sim.studies",
    "sweep": "sim.studies",
    "RareEstimate": "sim.rare_ends",
    "rare": "sim.rare_ends",
    "Report": "sim.reports",
    "report": "sim.reports",
    "Measured": "sim.validation",
    "patterns": "sim.validation",
    "read_patterns": "sim.crisis.pattern_reading",
    "is_compiled": "sim.kernel.compiled",
}

__all__ = [
    "Advice",
    "Counterfactual",
    "CrisisModel",
    "Debrief",
    "Discovery",
    "Ensemble",
    "Estimate",
    "Explanation",
    "Fork",
    "Game",
    "History",
    "Influence",
    "InputError",
    "Measured",
    "Option",
    "OptionShare",
    "RareEstimate",
    "Report",
    "RuleShare",
    "Scenario",
    "Sensitivity",
    "SimError",
    "Situation",
    "StateActor",
    "Study",
    "View",
    "__version__",
    "advise",
    "bundled",
    "counterfactual",
    "debrief",
    "discover",
    "ensemble",
    "influence",
    "is_compiled",
    "load",
    "patterns",
    "rare",
    "read_experiment",
    "read_patterns",
    "report",
    "run",
    "sensitivity",
    "study",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
