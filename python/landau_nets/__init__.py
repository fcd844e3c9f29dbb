"""Landau from Python: programs as models (`serve`)."""

from .serve import (  # noqa: F401
    Answer, Chain, Open, Point, Question, Refused, Stopped, choice, decode, derivative, encode, flag, free_energy, integer,
    load, observable, real, save, serve, text, warn,
)

__version__ = "0.2.0"
