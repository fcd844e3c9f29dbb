"""`python3 -m landau_nets`: the program of a sweep whose points a notebook asks for."""

from .serve import relay

relay()
