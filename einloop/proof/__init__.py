"""Runs loops and np.einsum on inputs that can tell a wrong answer. Makes no loops; is given what it runs."""

from .source import fitting, verify_loops
from .subject import Subject
from .trial import Loops, Tries
from .verifier import verify

__all__ = ["Loops", "Subject", "Tries", "fitting", "verify", "verify_loops"]
