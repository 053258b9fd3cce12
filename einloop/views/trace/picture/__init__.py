"""A step of a trace as a picture for a slide: code, arrays with their values, the sum, and why the step comes now.

In: traced loops and steps. Out: a Drawing, which any language and theme may be given.
"""

from .slides import draw_steps

__all__ = ["draw_steps"]
