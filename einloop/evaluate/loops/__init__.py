"""Emitted loops, step by step, in plain Python: a program and arrays in, any of its steps out."""

from .machine import LoopMachine
from .reading import LoopTree, read_program
from .tree import writes_in

__all__ = ["LoopMachine", "LoopTree", "read_program", "writes_in"]
