"""A trace's steps with what makes them understood: why this step comes now, what it completes, what the dtype does."""

from .difference import difference
from .reasons import ExplainedMachine

__all__ = ["ExplainedMachine", "difference"]
