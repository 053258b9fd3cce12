"""An expression in, a function on arrays out: specialised for shapes, dtypes and layouts as they come.

`function` is what callers get, `backends` the table of targets it may run on, and each other module one of them.
"""

from .function import Compiled, compile_expression

__all__ = ["Compiled", "compile_expression"]
