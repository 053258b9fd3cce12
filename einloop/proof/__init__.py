"""Runs loops and np.einsum on inputs that can tell a wrong answer. Makes no loops; is given what it runs."""

from .source import Loops, Tries, fitting, verify_loops
from .verifier import Subject, verify

__all__ = ["Loops", "Subject", "Tries", "fitting", "verify", "verify_loops"]
