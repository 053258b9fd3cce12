"""A trace's steps with what makes them understood: why this step comes now, what it completes, what the dtype does."""

from .reasons import ExplainedMachine
from .search import first_difference, first_nan

__all__ = ["ExplainedMachine", "first_difference", "first_nan"]
