"""Runs loops and np.einsum on inputs that can tell a wrong answer. Makes no loops; is given what it runs."""

from .source import arrays_by_name, fitting, verify_loops
from .trial import Loops, Tries
from .verifier import Subject, verify

__all__ = ["Loops", "Subject", "Tries", "arrays_by_name", "fitting", "verify", "verify_loops"]
