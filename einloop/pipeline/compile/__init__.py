"""Functions on arrays made of an expression, specialised for shapes, dtypes and layouts as they come.

`function` makes them; it and what it imports need numpy. `backends` is the table of targets they may run on.
"""

from .compiled import Compiled

__all__ = ["Compiled"]
