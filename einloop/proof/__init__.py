"""Runs loops and np.einsum on inputs that can tell a wrong answer. Makes no loops; is given what it runs."""

from .verifier import Subject, verify

__all__ = ["Subject", "verify"]
