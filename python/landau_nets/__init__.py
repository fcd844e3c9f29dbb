"""Landau from Python: sweeps with their verdicts (`sweep`), tables of one's own (`judge`, `collapse`), exact theory
(`predict`), and programs as models (`serve`). Standard library alone; frames and plots use what is installed."""

import os as _os

from .command import Interrupted, LandauError, NotInstalled, executable, version  # noqa: F401
from .questions import collapse, judge, models, predict, reproduce, schema  # noqa: F401
from .results import Collapse, Estimate, Transition, Transitions  # noqa: F401
from .serve import *  # noqa: F401,F403
from .serve import load as _load_state
from .sweeps import Curve, Figure, Net, Results, Sweep, sweep  # noqa: F401
from .sweeps import load as _load_results

__version__ = "0.2.0"


def load(path):
    """A results folder (`Results`), or a state that `save` wrote."""
    return _load_results(path) if _os.path.isdir(path) else _load_state(path)
