"""The order of the stages: read, bind, name, lower, schedule, render, format, and what runs the result.

The only room that knows it. Takes and gives values of `core/`; parses no arguments and prints nothing.
"""

from .emission import generate
from .proving import check_arrays, verify
from .reading import bind, read_spec, read_whole
from .whole import check_whole

__all__ = ["bind", "check_arrays", "check_whole", "generate", "read_spec", "read_whole", "verify"]
