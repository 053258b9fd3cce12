"""A trace on the whole screen of a terminal: code, arrays and total, stepped through with keys."""

from .loop import show_trace

__all__ = ["show_trace"]
